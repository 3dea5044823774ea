#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a compiler on a program that it must refuse, and looks for the reason it gives.

With --control NAME the program must also compile once NAME is defined, which shows
that nothing but the fault meant is in the way.
"""

import argparse
import re
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--expect", required=True, metavar="REGEX", help="what the compiler's output has")
    parser.add_argument("--control", default="", metavar="NAME", help="macro that takes the fault away")
    parser.add_argument("compiler", nargs="+", help="the compiler with its arguments")
    args = parser.parse_args()

    refused = _run(args.compiler)
    print(refused.stdout, end="")
    if refused.returncode == 0:
        print("error: the program compiles")
        return 1
    if not re.search(args.expect, refused.stdout):
        print(f"error: the compiler's reasons do not match: {args.expect}")
        return 1
    if args.control:
        accepted = _run([args.compiler[0], f"-D{args.control}", *args.compiler[1:]])
        if accepted.returncode != 0:
            print(f"{accepted.stdout}error: with {args.control} defined the program does not compile either")
            return 1
    return 0


def _run(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
