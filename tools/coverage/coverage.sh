#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Counts the branches that the tests of net_buf and packet_io take, and compares what is left with
# tools/coverage/named.txt. With "list", prints all that is left.
#
# Left out are tests that do not run the library, and those whose programs meet each other by chance.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$root"
build=${BUILD:-build}
tree=$build/coverage
tools/build.sh coverage net_buf/tests/all packet_io/tests/all
find "$tree" -name '*.gcda' -delete
ctest --test-dir "$tree" -R '^coverage[.](net_buf|packet_io)' \
	-E 'must-not-compile|headers-|configuration-mismatch|guide[.](extract|names)|zephyr|stress_' \
	--no-tests=error --output-on-failure --no-label-summary --parallel "${JOBS:-$(nproc)}"
/usr/bin/python3 -B tools/coverage/coverage.py ${1:+--list} "$tree" tools/coverage/named.txt
