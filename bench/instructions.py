#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of one operation of each piece of work, with callgrind.

Each is done n times and 2n times; the difference, divided by n, leaves out start-up exactly.
Writes one line for each piece of work: its name, a tab, the count.
"""

import argparse
import re
import shutil
import subprocess
import sys

TIMES = 1000


def total(program, work, times):
    """The instructions of a whole run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
               program, "--run", work, "--times", str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"instructions.py: valgrind failed on {work!r}:\n{done.stderr}")
    return int(found.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="the benchmark")
    parser.add_argument("--out", required=True, help="file to write")
    args = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("instructions.py: valgrind is missing; on Debian: apt-get install valgrind")
    listing = subprocess.run([args.program, "--list"], capture_output=True, text=True, check=True)
    with open(args.out, "w", encoding="utf-8") as out:
        for line in listing.stdout.splitlines():
            work, per_op = line.split("\t")
            print(f"counting instructions: {work}", file=sys.stderr)
            count = (total(args.program, work, 2 * TIMES) - total(args.program, work, TIMES)) / TIMES
            out.write(f"{work}\t{count / int(per_op):.2f}\n")


if __name__ == "__main__":
    main()
