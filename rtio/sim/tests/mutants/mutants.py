#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts faults into buses, sensors and UARTs, one at a time, and expects a test to fail for each.

Every test program first runs without a fault, and must pass. Then each fault of faults.py is put
into a copy of its source; the program that must notice it is linked with that copy and run.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

from faults import FAULTS

RTIO = pathlib.Path(__file__).resolve().parents[3]
BENCH = ["sim/tests/support/bench.c", "tests/support/device.c"]
PROGRAMS = {
    "buses": ["sim/tests/buses/*.c"] + BENCH,
    "devices": ["sim/tests/devices/*.c"] + BENCH,
    "sensor": ["sensor/tests/decoder.c", "sensor/tests/imu6*.c", "sensor/tests/stream.c"] + BENCH,
    "uart": ["uart/tests/*.c", "tests/support/device.c"],
}
TRIES = 3  # runs before a fault counts as not noticed: some need two threads at one place


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **options)


def build(command):
    result = run(command)
    if result.returncode:
        sys.exit(result.stdout)


def passes(program):
    try:
        return run([program, "-timeout=5"], timeout=60).returncode == 0
    except subprocess.TimeoutExpired:
        return False


class Builder:
    """Compiles and links in a folder of its own."""

    def __init__(self, compiler, library, folder):
        self.compiler = compiler + ["-w"]
        self.library = library
        self.folder = folder
        self.objects = {}

    def tests(self, program):
        """The objects of a test program, compiled once."""
        if program not in self.objects:
            objects = []
            for source in [path for pattern in PROGRAMS[program] for path in sorted(RTIO.glob(pattern))]:
                objects.append(self.folder / f"{program}_{source.stem}.o")
                build(self.compiler + ["-c", source, "-o", objects[-1]])
            self.objects[program] = objects
        return self.objects[program]

    def link(self, program, faulty):
        """The program, with these objects in place of the library's."""
        path = self.folder / "program"
        build(self.compiler + ["-Wl,--gc-sections", *self.tests(program), *faulty, self.library, "-o", path])
        return path

    def with_fault(self, fault):
        """The program that must notice this fault, with it."""
        source = RTIO / fault.file
        text = source.read_text(encoding="utf-8")
        if text.count(fault.old) != 1:
            sys.exit(f"{fault.name}: its place in {fault.file} is there {text.count(fault.old)} times")
        copy = self.folder / source.name
        copy.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
        faulty = self.folder / "faulty.o"
        build(self.compiler + [f"-I{source.parent}", "-c", copy, "-o", faulty])
        return self.link(fault.program, [faulty])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=pathlib.Path, required=True, help="the library without faults")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("compiler", nargs="+", help="with all options that library and tests are built with")
    args = parser.parse_args()

    faults = [fault for fault in FAULTS if args.only in fault.name]
    survivors = 0
    with tempfile.TemporaryDirectory() as name:
        builder = Builder(args.compiler, args.library, pathlib.Path(name))
        for program in sorted({fault.program for fault in faults}):
            if not passes(builder.link(program, [])):
                sys.exit(f"{program} fails without a fault")
        for fault in faults:
            program = builder.with_fault(fault)
            survived = all(passes(program) for _ in range(TRIES))
            survivors += survived
            print(f"{'SURVIVED' if survived else 'found'}: {fault.name} ({fault.program})", flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
