#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Searches for programs that the server does not survive:
#
#     search.sh <fuzzer> <folder of seeds> <folder for what is found> <seconds>
#
# A program that is worth keeping goes, with the extension .bin, to the seeds.
set -euo pipefail

mkdir -p "$3"
# The address sanitizer of clang 14 cannot place its shadow where addresses are very random.
exec setarch --addr-no-randomize "$1" -max_total_time="$4" -max_len=1024 -timeout=20 -print_final_stats=1 -artifact_prefix="$3/" "$3" "$2"
