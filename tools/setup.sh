#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing for the groups named: build demo mcu test soak bench format lint doc.
# Debian only; does nothing, and asks nothing of the network, when all is there.
set -euo pipefail

build="gcc g++ libc6-dev liburing-dev cmake ninja-build pkg-config python3 python3-kconfiglib"
mcu="gcc-arm-none-eabi qemu-system-arm gcc-riscv64-unknown-elf qemu-system-misc"

# A package that the system can install, or nothing: a peer that is missing is named by the benchmark.
known() {
	if command -v apt-cache > /dev/null && apt-cache show --no-all-versions "$1" > /dev/null 2>&1; then
		echo "$1"
	fi
}

packages_of() {
	case $1 in
	build) echo "$build" ;;
	demo) echo "$build libpcap-dev" ;;
	mcu) echo "$build $mcu" ;;
	test) echo "$build $mcu libpcap-dev clang tshark iproute2 util-linux mount git lld doxygen" ;;
	soak) known libclang-rt-14-dev ;;
	bench) echo "$build valgrind $(known liblwip-dev)" ;;
	format) echo "clang-format git" ;;
	lint) echo "$build libpcap-dev clang clang-format clang-tidy cppcheck git" ;;
	doc) echo doxygen ;;
	*)
		echo "setup: there is no group '$1'; there are build demo mcu test soak bench format lint doc" >&2
		return 1
		;;
	esac
}

# Says on a system without Debian's tools which commands are missing.
without_apt() {
	local lacking=()
	for tool in gcc g++ cmake ninja pkg-config python3 git; do
		command -v "$tool" > /dev/null || lacking+=("$tool")
	done
	/usr/bin/python3 -c 'import kconfiglib' 2> /dev/null || lacking+=("kconfiglib for /usr/bin/python3")
	if [ ${#lacking[@]} -eq 0 ]; then
		return 0
	fi
	echo "setup: this is not a Debian system, so nothing can be installed from here. Missing:" >&2
	printf '  %s\n' "${lacking[@]}" >&2
	return 1
}

wanted=()
for group in "${@:-build}"; do
	packages=$(packages_of "$group")
	read -ra packages <<< "$packages"
	wanted+=("${packages[@]}")
done

if ! command -v apt-get > /dev/null || ! command -v dpkg-query > /dev/null; then
	without_apt
	exit
fi

installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2> /dev/null || true)
missing=()
for package in "${wanted[@]}"; do
	if [[ $'\n'$installed$'\n' != *$'\n'"installed $package"$'\n'* && " ${missing[*]} " != *" $package "* ]]; then
		missing+=("$package")
	fi
done
if [ ${#missing[@]} -eq 0 ]; then
	exit 0
fi

as_root=()
if [ "$(id -u)" != 0 ]; then
	if ! sudo -n true 2> /dev/null; then
		echo "setup: packages are missing, and installing them needs root. As root, run:" >&2
		echo "apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
		exit 1
	fi
	as_root=(sudo -n)
fi

echo "setup: installing ${missing[*]}"
apt() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}
apt update
apt install -y --no-install-recommends "${missing[@]}"
