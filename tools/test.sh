#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds every tree and runs all their tests in one go:
#
#     plain   gcc, every configuration, and the tests of the build itself
#     asan    address and undefined-behaviour sanitizers
#     tsan    thread sanitizer
#     clang   the default configuration with the other compiler
#     mps2_an385 microbit qemu_riscv32 qemu_riscv32_imc
#             boards without an operating system, in QEMU
#
# With "soak", runs the tests that take long instead. The trees can be narrowed: TREES="plain tsan".
# From the environment: BUILD, JOBS and WERROR as in build.sh.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
build=${BUILD:-build}
jobs=${JOBS:-$(nproc)}
boards="mps2_an385 microbit qemu_riscv32 qemu_riscv32_imc"
select=()
if [ "${1:-}" = soak ]; then
	boards= # those tests are about threads
	select=(-C soak -L soak)
fi
read -ra trees <<< "${TREES:-plain asan tsan clang $boards}"

# Two trees at a time, so that no processor waits for the configuration or the last link of one. A tree
# that does not build leaves a file.
mkdir -p "$build/all"
rm -f "$build/all/"*.failed
printf '%s\0' "${trees[@]}" | xargs -0 -P 2 -n 1 bash -c '
	echo "== building: $3"
	"$1/tools/build.sh" "$3" || touch "$2/all/$3.failed"' build "$root" "$build"

# One list of tests over all trees, so that ctest's closing line counts them all. A tree that does
# not build is a failed test.
list=$build/all/CTestTestfile.cmake
: > "$list"
for tree in "${trees[@]}"; do
	if [ -e "$build/all/$tree.failed" ]; then
		echo "add_test([=[$tree builds]=] false)" >> "$list"
	fi
	dir=..
	if [ "$tree" != plain ]; then
		dir=../$tree
	fi
	if [ -f "$build/all/$dir/CTestTestfile.cmake" ]; then
		echo "subdirs([=[$dir]=])" >> "$list"
	fi
done

# Some tests sleep most of their time: half as many again as there are processors.
echo "== testing"
jobs=$((jobs + (jobs + 1) / 2))
ctest --test-dir "$build/all" --no-tests=error --output-on-failure --no-label-summary --parallel "$jobs" "${select[@]}"
