#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs clang-format with the options given on every C and C++ file that git knows.
set -euo pipefail

cd "$(dirname "$0")/../.."
git ls-files -z --cached --others --exclude-standard '*.c' '*.h' '*.cpp' \
	| xargs -0 --no-run-if-empty clang-format --style=file "$@"
