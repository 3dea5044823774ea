#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Lays out every C and C++ file that git knows with clang-format, but for the macro definitions.

With --check nothing is changed: each place that differs is printed, and the exit status is 1.
"""

import argparse
import concurrent.futures
import difflib
import os
import subprocess
import sys

from rules import repository_files


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print what differs and change nothing")
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    args = parser.parse_args()

    root = os.path.abspath(args.root)
    names = [name for name in repository_files(root) if name.endswith((".c", ".h", ".cpp"))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pairs = list(pool.map(lambda name: _format(os.path.join(root, name)), names))
    differ = 0
    for name, (text, laid_out) in zip(names, pairs):
        if text == laid_out:
            continue
        differ += 1
        if args.check:
            _report(name, text, laid_out)
        else:
            with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                file.write(laid_out)
    print(f"{len(names)} files, {differ} {'to lay out' if args.check else 'changed'}")
    return 1 if args.check and differ else 0


def _format(path):
    """The text of a file, and what it should be."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    ranges = [f"--lines={first}:{last}" for first, last in outside_macros(text.splitlines())]
    if not ranges:
        return text, text
    result = subprocess.run(["clang-format", "--style=file", f"--assume-filename={path}", *ranges], input=text,
                            stdout=subprocess.PIPE, text=True, check=True)
    return text, result.stdout


def outside_macros(lines):
    """The ranges of lines, counted from 1, without those of macro definitions."""
    ranges = []
    inside = False
    for number, line in enumerate(lines, 1):
        macro = inside or line.lstrip().startswith("#") and line.lstrip("# \t").startswith("define")
        inside = macro and line.endswith("\\")
        if macro:
            continue
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def _report(name, text, laid_out):
    """file:line for each place, with what is there and what should be."""
    old, new = text.splitlines(), laid_out.splitlines()
    for what, first, last, new_first, new_last in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if what != "equal":
            print(f"{name}:{first + 1}: layout")
            print("".join(f"-{line}\n" for line in old[first:last])
                  + "".join(f"+{line}\n" for line in new[new_first:new_last]), end="")


if __name__ == "__main__":
    sys.exit(main())
