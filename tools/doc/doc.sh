#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the API reference in BUILD/doc/html. A warning of Doxygen fails.
set -euo pipefail

cd "$(dirname "$0")/../.."
export DOC_OUT=${BUILD:-build}/doc
mkdir -p "$DOC_OUT"

# Every option that a public header asks for is on, but those that choose a platform.
options=$(grep -rhoE --include='*.h' 'CONFIG_\w+' ./*/include | sort -u \
	| grep -vE '^CONFIG_(PORT_\w+|\w*_BARE|LEGACY_\w+|MPSC_\w*NOTHING)$')
parts=(*/include port/*/include)
DOC_PARTS="${parts[*]%/include} port"
DOC_OPTIONS=$(tr '\n' ' ' <<< "$options")
export DOC_OPTIONS DOC_PARTS

doxygen tools/doc/Doxyfile
echo "$DOC_OUT/html/index.html"
