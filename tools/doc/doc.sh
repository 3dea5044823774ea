#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the API reference in BUILD/doc/html. A warning of Doxygen fails.
set -euo pipefail

cd "$(dirname "$0")/../.."
out=${BUILD:-build}/doc
mkdir -p "$out"
DOC_OUT=$(realpath "$out")
export DOC_OUT

# Every option that a public header asks for is on, but those that choose a platform.
options=$(grep -rhoE --include='*.h' 'CONFIG_\w+' ./*/include | sort -u \
	| grep -vE '^CONFIG_(PORT_\w+|\w*_BARE|LEGACY_\w+|MPSC_\w*NOTHING)$')
parts=(*/include port/*/include)
DOC_PARTS="${parts[*]%/include} port"
DOC_OPTIONS=$(tr '\n' ' ' <<< "$options")
export DOC_OPTIONS DOC_PARTS

# Doxygen does not find what a link names where there is a space in the path.
if [[ $PWD = *[[:space:]]* ]]; then
	folder=$(mktemp -d)
	trap 'rm -r -- "$folder"' EXIT
	cp -r --parents ./*.md doc bench tools/doc "${parts[@]%/include}" "$folder"
	cd "$folder"
fi

doxygen tools/doc/Doxyfile
echo "$out/html/index.html"
