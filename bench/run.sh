#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh BUILD [--json FILE]: count instructions, then measure, and print the comparison.

set -eu

build=$1
shift
here=$(dirname -- "$0")
/usr/bin/python3 -B "$here/instructions.py" --out "$build/instructions.tsv" "$build/bench/bench"
exec "$build/bench/bench" --instructions "$build/instructions.tsv" "$@"
