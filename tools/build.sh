#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Configures one build tree and builds the targets named in it, by default all.
#
#     tools/build.sh <tree> [target...]
#
# Trees: plain (BUILD itself), and below it asan, tsan, clang, lint, coverage, bench, and each board in boards/.
# From the environment: BUILD (build), JOBS (all processors), WERROR (0).
set -euo pipefail

tree=$1
shift
root=$(cd "$(dirname "$0")/.." && pwd -P)
build=${BUILD:-build}
jobs=${JOBS:-$(nproc)}
options=(-DPACKET_IO_WERROR="${WERROR:-0}")

case $tree in
plain) dir=$build ;;
*) dir=$build/$tree ;;
esac

# Every test runs in the plain tree in all its configurations; the other trees look for other faults.
fewer() {
	options+=("-DPACKET_IO_TEST_CONFIGURATIONS=$1" -DPACKET_IO_TEST_PREFIX="$tree." -DPACKET_IO_HOUSE_TESTS=OFF
		-DPACKET_IO_INSTALL=OFF)
}
clang=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++)
case $tree in
plain) ;;
asan) fewer debug && options+=(-DPACKET_IO_SANITIZE=address) ;;
tsan) fewer default && options+=(-DPACKET_IO_SANITIZE=thread) ;;
clang) fewer default && options+=("${clang[@]}" -DPACKET_IO_BENCH=ON) ;;
lint) fewer debug && options+=("${clang[@]}" -DPACKET_IO_BENCH=ON) ;;
mps2_an385) fewer "default;debug;minimal;hardened" && options+=(-DPACKET_IO_BOARD="$tree") ;;
microbit) fewer "default;debug" && options+=(-DPACKET_IO_BOARD="$tree") ;;
qemu_riscv32) fewer "default;minimal" && options+=(-DPACKET_IO_BOARD="$tree") ;;
qemu_riscv32_imc) fewer "default;hardened" && options+=(-DPACKET_IO_BOARD="$tree") ;;
coverage) fewer "default;debug;minimal;hardened" && options+=(-DPACKET_IO_COVERAGE=ON) ;;
bench) options+=(-DPACKET_IO_BENCH=ON -DPACKET_IO_TESTS=OFF -DPACKET_IO_SAMPLES=OFF) ;;
*)
	boards=("$root"/boards/*/board.json)
	boards=("${boards[@]%/board.json}")
	echo "build: there is no tree '$tree'; there are plain asan tsan clang lint coverage bench, and the boards" \
		"${boards[*]##*/}" >&2
	exit 2
	;;
esac

# A tree that was made for a copy of this folder elsewhere is of no use here.
home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/CMakeCache.txt" 2> /dev/null || true)
if [ -n "$home" ] && [ "$(cd "$home" 2> /dev/null && pwd -P)" != "$root" ]; then
	echo "build: $dir was made for $home; starting it again"
	rm -rf -- "$dir/CMakeCache.txt" "$dir/CMakeFiles"
fi

cmake -S "$root" -B "$dir" -G Ninja "${options[@]}" > /dev/null
if [ "$tree" = lint ]; then
	exit 0 # clang-tidy and cppcheck read the compile commands only
fi
# Everything that can be built, whatever fails.
ninja=(-k 0)
if [ ! -t 1 ]; then
	ninja+=(--quiet)
fi
cmake --build "$dir" --parallel "$jobs" ${1:+--target "$@"} -- "${ninja[@]}"
