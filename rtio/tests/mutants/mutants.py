#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts faults into RTIO, one at a time, and expects a test to fail for each.

Each fault of faults.py is put into a copy of the sources. The programs that should notice are linked
with that copy and run; without a fault they must pass.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

from faults import FAULTS, PROGRAMS

SUPPORT = ["support/crew.c", "support/device.c"]
TRIES = 5  # some faults need two threads at one place
TIMEOUT_S = 60


def run(command, timeout=None):
    """Runs a command. Returns its status and output; a status of None says that it took too long."""
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                errors="replace", check=False, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None, ""
    return result.returncode, result.stdout


def compile_all(compiler, sources, folder):
    """Compiles sources to objects in a folder. Returns the objects by the name of the source."""
    folder.mkdir(parents=True, exist_ok=True)
    objects = {}
    for source in sources:
        objects[source.stem] = folder / (source.stem + ".o")
        status, output = run([*compiler, "-c", str(source), "-o", str(objects[source.stem])])
        if status != 0:
            sys.exit(output)
    return objects


class Builder:
    """Compiles each thing once."""

    def __init__(self, compiler, library, sources, scratch):
        tests = pathlib.Path(__file__).resolve().parent.parent
        self.compiler, self.library, self.sources, self.scratch = compiler, library, sources, scratch
        self.tests = {name: [*files, *SUPPORT] for name, files in PROGRAMS.items()}
        self.tests = {name: [tests / file for file in files] for name, files in self.tests.items()}
        # The library itself is at hand without a fault; its sources go before it.
        self.own = compile_all(compiler, sorted(path for path in sources.glob("*.c") if path.stem != "no_mempool"),
                               scratch / "own")
        self.programs = {}

    def objects(self, name):
        if name not in self.programs:
            self.programs[name] = compile_all(self.compiler, self.tests[name], self.scratch / "tests" / name)
        return self.programs[name].values()

    def with_fault(self, number, fault):
        """Compiles the sources with a fault. Returns the objects."""
        folder = self.scratch / f"fault{number}"
        shutil.copytree(self.sources, folder)
        path = folder / fault.file
        text = path.read_text(encoding="utf-8")
        if text.count(fault.old) != 1:
            sys.exit(f"{fault.name}: its place in {fault.file} is there {text.count(fault.old)} times")
        path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
        changed = [path] if path.suffix == ".c" else [folder / f"{stem}.c" for stem in self.own]
        return {**self.own, **compile_all(self.compiler, changed, folder / "objects")}

    def passes(self, name, own, times):
        """Whether a test program with these objects passes that many times."""
        program = self.scratch / "program"
        status, output = run([*self.compiler, "-Wl,--gc-sections", *map(str, self.objects(name)),
                              *map(str, own.values()), str(self.library), "-o", str(program)])
        if status != 0:
            sys.exit(output)
        return all(run([str(program), "-timeout=20"], TIMEOUT_S)[0] == 0 for _ in range(times))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=pathlib.Path, required=True, help="folder of the sources of rtio")
    parser.add_argument("--library", type=pathlib.Path, required=True, help="the library without faults")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("compiler", nargs="+", help="with all options that library and tests are built with")
    args = parser.parse_args()

    faults = [fault for fault in FAULTS if args.only in fault.name]
    survivors = 0
    with tempfile.TemporaryDirectory() as scratch:
        builder = Builder([*args.compiler, "-w"], args.library, args.sources,
                          pathlib.Path(scratch))
        for name in sorted({fault.program for fault in faults}):
            if not builder.passes(name, builder.own, 1):
                sys.exit(f"{name} fails without a fault")
        for number, fault in enumerate(faults):
            survived = builder.passes(fault.program, builder.with_fault(number, fault), TRIES)
            survivors += survived
            print(f"{'SURVIVED' if survived else 'found'}: {fault.name} ({fault.program})", flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
