#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts faults into mpsc_pbuf, one at a time, and expects a test to fail for each.

Every test program first runs without a fault, and must pass. Then each fault of faults.py is put
into a copy of the sources; the program that must notice it is linked with that copy and run.
"""

import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from faults import FAULTS

PROGRAMS = {
    "contract": ["contract/*.c"],
    "faults": ["faults/*.c"],
    "model": ["model/*.c"],
    "waiting": ["threads/room.c", "threads/packet.c", "support/crew.c"],
    "stress": ["threads/stress.c", "support/crew.c"],
}
SUPPORT = ["support/packets.c"]
LINK = {"faults": ["-Wl,--wrap=mpsc_pbuf_alloc", "-Wl,--wrap=waiter_park"]}

# What --quick takes of the faults: some that an assertion notices, so that no test has to time out.
QUICK = (
    "a pointer is stored as one word",
    "a put that found no room says it has stored",
    "drops are not counted",
    "the consumer does not wrap",
    "somebody else's packet is committed",
)

Build = collections.namedtuple("Build", "compiler library tests folder")


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **options)


def compile_all(build, sources, folder):
    """Compiles sources to objects in a folder. Returns the objects."""
    folder.mkdir(parents=True)
    objects = []
    for source in sources:
        objects.append(folder / (source.parent.name + "_" + source.stem + ".o"))
        result = run(build.compiler + ["-c", source, "-o", objects[-1]])
        if result.returncode:
            sys.exit(result.stdout)
    return objects


# How often a program runs before a fault counts as not noticed: some need two threads at one place.
TRIES = 10


def link(build, name, objects):
    """Links the test program of that name, its objects before the library's. Returns the program."""
    program = build.folder / "program"
    result = run(build.compiler + ["-Wl,--gc-sections"] + LINK.get(name, []) + objects + [build.library, "-o", program])
    if result.returncode:
        sys.exit(result.stdout)
    return program


def passes(program):
    """Runs a test program. Returns whether it passed."""
    try:
        return run([program, "-timeout=10"], timeout=60, env=dict(os.environ, TSAN_OPTIONS="halt_on_error=1")).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def put_in(fault, sources, folder):
    """Copies the sources to a folder, with the fault in them. Returns the copies."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources, folder)
    path = folder / fault.file
    text = path.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        sys.exit(f"{fault.name}: its place in {fault.file} is there {text.count(fault.old)} times")
    path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return sorted(folder.glob("*.c"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=pathlib.Path, required=True, help="folder of the sources of mpsc_pbuf")
    parser.add_argument("--library", type=pathlib.Path, required=True, help="the library without faults")
    parser.add_argument("--tsan", action="store_true", help="the compiler has the thread sanitizer on")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("--quick", action="store_true", help="only a few")
    parser.add_argument("compiler", nargs="+", help="with all options that library and tests are built with")
    args = parser.parse_args()

    faults = [fault for fault in FAULTS if fault.tsan == args.tsan and args.only in fault.name]
    if args.quick:
        faults = [fault for fault in faults if fault.name in QUICK]
    tests = pathlib.Path(__file__).resolve().parent.parent
    survivors = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        build = Build(args.compiler + ["-w"], args.library, tests, folder)
        programs = {}
        for program in sorted({fault.program for fault in faults}):
            sources = [path for pattern in PROGRAMS[program] + SUPPORT for path in sorted(tests.glob(pattern))]
            programs[program] = compile_all(build, sources, folder / program)
            if not passes(link(build, program, programs[program])):
                sys.exit(f"{program} fails without a fault")
        for number, fault in enumerate(faults):
            copies = put_in(fault, args.sources, folder / "faulty")
            objects = compile_all(build, copies, folder / f"objects{number}")
            program = link(build, fault.program, programs[fault.program] + objects)
            survived = all(passes(program) for _ in range(TRIES))
            survivors += survived
            print(f"{'SURVIVED' if survived else 'found'}: {fault.name} ({fault.program})", flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
