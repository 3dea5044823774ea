#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts faults into rtio_shm, one at a time, and expects a test to fail for each.

Each test program first runs without a fault, and must pass. Then the file that a fault of faults.py
is in is compiled with it, linked before all others, and the program that must notice it is run.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

from faults import FAULTS, PROGRAMS, SUPPORT

# How often a program runs before a fault counts as not noticed: some need two processes at one place.
TRIES = 5


def run(command, timeout=None):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, timeout=timeout)


def must(command):
    result = run(command)
    if result.returncode:
        sys.exit(result.stdout)


class Builder:
    """Compiles and links in a folder of its own."""

    def __init__(self, args, tests, folder):
        self.compiler = args.compiler + ["-w"]
        self.library = args.library
        self.tests = tests
        self.folder = folder
        self.own = {path.name: self.compile(path, "own") for path in sorted(args.sources.glob("*.c"))}
        self.objects = {}

    def compile(self, source, kind, include=None):
        target = self.folder / f"{kind}_{source.parent.name}_{source.stem}.o"
        must(self.compiler + ([f"-I{include}"] if include else []) + ["-c", source, "-o", target])
        return target

    def program(self, name):
        """The objects of a test program."""
        if name not in self.objects:
            sources = [path for pattern in PROGRAMS[name] + SUPPORT for path in sorted(self.tests.glob(pattern))]
            self.objects[name] = [self.compile(path, "test") for path in sources]
        return self.objects[name]

    def link(self, name, replaced=None):
        """Links a program, with one of the sources replaced by an object."""
        own = dict(self.own, **(replaced or {}))
        program = self.folder / "program"
        must(self.compiler + ["-Wl,--gc-sections"] + self.program(name) + list(own.values())
             + [self.library, "-o", program])
        return program


def passes(program):
    try:
        return run([program, f"-timeout={PATIENCE}"], timeout=300).returncode == 0
    except subprocess.TimeoutExpired:
        return False


# Seconds for one test of a program with a fault: many faults make it wait for ever.
PATIENCE = 30


def put_in(fault, source, target):
    """Copies a source file, with the fault in it."""
    text = source.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        sys.exit(f"{fault.name}: its place in {fault.file} is there {text.count(fault.old)} times")
    target.write_text(text.replace(fault.old, fault.new), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=pathlib.Path, required=True, help="folder of the sources of rtio_shm")
    parser.add_argument("--library", type=pathlib.Path, required=True, help="the library without faults")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the first faults")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("compiler", nargs="+", help="with all options that library and tests are built with")
    args = parser.parse_args()

    faults = [fault for fault in FAULTS[args.skip:] if args.only in fault.name]
    tests = pathlib.Path(__file__).resolve().parent.parent
    survivors = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        builder = Builder(args, tests, folder)
        for program in sorted({fault.program for fault in faults}):
            if not passes(builder.link(program)):
                sys.exit(f"{program} fails without a fault")
        for fault in faults:
            copy = folder / fault.file
            put_in(fault, args.sources / fault.file, copy)
            program = builder.link(fault.program, {fault.file: builder.compile(copy, "faulty", args.sources)})
            survived = all(passes(program) for _ in range(TRIES))
            survivors += survived
            print(f"{'SURVIVED' if survived else 'found'}: {fault.name} ({fault.program})", flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
