#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts faults into the bridges, one at a time, and expects the tests to fail for each.

The test program of a configuration first runs without a fault, and must pass. Then each fault of
faults.py that this configuration compiles is put into a copy of its source, linked before the
library, and the program must fail.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

from faults import FAULTS, PROGRAMS

# How often a program runs before a fault counts as not noticed: some need two threads at one place.
TRIES = 10


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **options)


def build(command, what):
    """Runs a compiler. Ends the program if it refuses."""
    result = run(command)
    if result.returncode:
        sys.exit(f"{what}: {result.stdout}")


def passes(program):
    """Runs a test program. Returns whether it passed."""
    try:
        return run([program], timeout=60, env=os.environ).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, required=True, help="folder of the repository")
    parser.add_argument("--configuration", required=True, help="which of PROGRAMS")
    parser.add_argument("--library", type=pathlib.Path, required=True, help="the library without faults")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("compiler", nargs="+", help="with all options that library and tests are built with")
    args = parser.parse_args()

    compiler = args.compiler + ["-w"]
    tests = args.root / "bridge" / "tests"
    faults = [fault for fault in FAULTS if args.configuration in fault.where and args.only in fault.name]
    survivors = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        objects = []
        for source in PROGRAMS[args.configuration]:
            objects.append(folder / (source.replace("/", "_") + ".o"))
            build(compiler + ["-c", tests / source, "-o", objects[-1]], source)

        def link(first):
            build(compiler + ["-Wl,--gc-sections"] + objects + first + [args.library, "-o", folder / "program"], "link")
            return folder / "program"

        if not passes(link([])):
            sys.exit("the tests fail without a fault")
        for fault in faults:
            text = (args.root / fault.file).read_text(encoding="utf-8")
            if text.count(fault.old) != 1:
                sys.exit(f"{fault.name}: its place in {fault.file} is there {text.count(fault.old)} times")
            copy = folder / "faulty.c"
            copy.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
            faulty = folder / "faulty.o"
            # Private headers stand beside the source.
            build(compiler + ["-I", (args.root / fault.file).parent, "-c", copy, "-o", faulty], fault.name)
            program = link([faulty])
            survived = all(passes(program) for _ in range(TRIES))
            survivors += survived
            print(f"{'SURVIVED' if survived else 'found'}: {fault.name}", flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
