#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh BUILD [--update]: count instructions, measure everything, print it, and leave in BUILD results.json,
# comparison.svg and curves.svg. With --update the table of BASELINE.md is replaced.

set -eu

build=$1
here=$(dirname -- "$0")
python="/usr/bin/python3 -B"
$python "$here/instructions.py" --out "$build/instructions.tsv" "$build/bench/bench"
"$build/bench/bench" --instructions "$build/instructions.tsv" --json "$build/results.json"
if [ "${2:-}" = --update ]; then
	$python "$here/baseline.py" "$build/results.json" "$here/BASELINE.md"
fi
$python "$here/plot.py" "$build/results.json" "$build"
echo
echo "Also in $build: results.json, comparison.svg, curves.svg"
