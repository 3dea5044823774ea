#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing for the groups named: build demo mcu test soak bench format lint doc.
# Debian only; does nothing, and asks nothing of the network, when all is there.
set -euo pipefail

build="gcc g++ libc6-dev liburing-dev cmake ninja-build pkg-config python3 python3-kconfiglib"
mcu="gcc-arm-none-eabi qemu-system-arm gcc-riscv64-unknown-elf qemu-system-misc"

# Those of the packages that the system can install: a peer that is missing is named by the benchmark.
known() {
	if command -v apt-cache > /dev/null; then
		{ apt-cache show --no-all-versions "$@" 2> /dev/null || true; } | while read -r key value; do
			if [ "$key" = Package: ]; then
				echo "$value"
			fi
		done
	fi
}

packages_of() {
	case $1 in
	build) echo "$build" ;;
	demo) echo "$build libpcap-dev" ;;
	mcu) echo "$build $mcu" ;;
	test) echo "$build $mcu libpcap-dev clang tshark iproute2 util-linux mount git lld doxygen" ;;
	soak) known libclang-rt-14-dev ;;
	bench) echo "$build valgrind python3-matplotlib $(known libdpdk-dev libck-dev liblwip-dev)" ;;
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

# Puts into missing what the groups need and is not installed.
find_missing() {
	local wanted=() packages installed
	for group in "$@"; do
		packages=$(packages_of "$group")
		read -d '' -ra packages <<< "$packages" || true
		wanted+=("${packages[@]}")
	done
	installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2> /dev/null || true)
	missing=()
	for package in "${wanted[@]}"; do
		if [[ $'\n'$installed$'\n' != *$'\n'"installed $package"$'\n'* && " ${missing[*]} " != *" $package "* ]]; then
			missing+=("$package")
		fi
	done
}

if [ $# -eq 0 ]; then
	set -- build
fi
if ! command -v apt-get > /dev/null || ! command -v dpkg-query > /dev/null; then
	for group in "$@"; do
		packages_of "$group" > /dev/null
	done
	without_apt
	exit
fi
find_missing "$@"
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

apt() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}
apt update
find_missing "$@" # a system whose lists were empty knows more packages now
echo "setup: installing ${missing[*]}"
apt install -y --no-install-recommends "${missing[@]}"
