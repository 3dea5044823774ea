#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every check that does not run the code: rules statements format tidy cppcheck, or those named. Each
# prints file:line for what it finds; all of them run, whatever the others find.
set -euo pipefail

cd "$(dirname "$0")/../.."
build=${BUILD:-build}
jobs=${JOBS:-$(nproc)}
one=$build/lint/one

rules() {
	/usr/bin/python3 -B tools/lint/rules.py
}

statements() {
	/usr/bin/python3 -B tools/lint/statements.py
}

format() {
	/usr/bin/python3 -B tools/lint/format.py --check
}

# One compile command per source file; it would take too long for every configuration.
commands() {
	tools/build.sh lint > /dev/null
	/usr/bin/python3 -B tools/lint/one_command.py "$build/lint/compile_commands.json" "$one" > "$one.files"
}

tidy() {
	commands && xargs -0 -n 4 -P "$jobs" clang-tidy --quiet -p "$one" < "$one.files"
}

cppcheck() {
	commands && /usr/bin/python3 -B tools/lint/preprocess.py "$one/compile_commands.json" "$one.preprocessed" \
		&& command cppcheck "$one.preprocessed" -j "$jobs" --quiet --error-exitcode=1 --inline-suppr \
			--enable=warning,portability,performance --suppressions-list=tools/lint/cppcheck.txt \
			--template='{file}:{line}: {severity}: {message} [{id}]'
}

if [ $# -eq 0 ]; then
	set -- rules statements format tidy cppcheck
fi
failed=()
for check in "$@"; do
	case $check in
	rules | statements | format | tidy | cppcheck) ;;
	*)
		echo "lint: there is no check '$check'; there are rules statements format tidy cppcheck" >&2
		exit 2
		;;
	esac
	echo "== $check"
	"$check" || failed+=("$check")
done
if [ ${#failed[@]} -gt 0 ]; then
	echo "lint: findings from: ${failed[*]}"
	exit 1
fi
echo "lint: no findings"
