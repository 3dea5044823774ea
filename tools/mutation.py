# SPDX-License-Identifier: Apache-2.0
"""Puts faults into copies of sources, one at a time, and expects a test program to fail for each.

Every test program first runs without a fault, and must pass. A fault is put into a copy of the
sources; what it changes is compiled and linked before the library, and the program that must notice
it is run. For the mutants.py of each part.
"""

import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

# What a fault replaces, once, in which file of the sources or headers, and the program that must notice. With
# tsan, only the thread sanitizer can be relied on to see it.
Fault = collections.namedtuple("Fault", "name file old new program tsan", defaults=[False])

# A test program: patterns of its sources below the tests, options for it and for the sources of the part,
# which it then has all of its own, options of its linker, and arguments.
Program = collections.namedtuple("Program", "sources options link arguments", defaults=[(), (), ()])

# How often a program runs before a fault counts as not noticed: some need two threads at one place.
TRIES = 10


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **options)


def checked(command, **options):
    """Runs a compiler. Ends all if it refuses."""
    result = run(command, **options)
    if result.returncode:
        sys.exit(result.stdout)


def passes(command, timeout):
    """Runs a test program. Returns whether it passed."""
    try:
        return run(command, timeout=timeout, env=dict(os.environ, TSAN_OPTIONS="halt_on_error=1")).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def replaced(fault, text):
    """Returns a text with the fault in it."""
    if text.count(fault.old) != 1:
        sys.exit(f"{fault.name}: its place in {fault.file} is there {text.count(fault.old)} times")
    return text.replace(fault.old, fault.new)


def report(faults, survives):
    """Says of each fault whether survives(fault). Returns the exit status."""
    survivors = 0
    for fault in faults:
        survived = survives(fault)
        survivors += survived
        print(f"{'SURVIVED' if survived else 'found'}: {fault.name} ({fault.program})", flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors or not faults else 0


class Part:
    """The tests of a part, its sources, and the folder of all that is compiled."""

    def __init__(self, args, tests, programs, support, optional, timeout, folder):
        self.compiler = args.compiler + ["-w"]
        self.library = args.library
        self.sources = args.sources
        self.tests = tests
        self.programs = programs
        self.support = support
        self.optional = optional
        self.timeout = timeout
        self.folder = folder
        self.objects = {}

    def compile(self, program, sources, folder, *options):
        """Compiles sources for a program to a folder. Returns {source's name: object}, those of one folder."""
        folder.mkdir(parents=True)
        objects = {}
        for source in sources:
            target = folder / (source.parent.name + "_" + source.stem + ".o")
            checked([self.compiler[0], *options, *self.compiler[1:], *program.options, "-c", source, "-o", target],
                    cwd=self.tests)
            objects[source if source.parent.is_relative_to(self.tests) else source.name] = target
        return objects

    def link(self, program, objects):
        """Links a test program, its objects before the library's. Returns the command that runs it."""
        target = self.folder / "program"
        checked(self.compiler + ["-Wl,--gc-sections", *program.link, *objects, self.library, "-o", target])
        return [target, *program.arguments]

    def sources_of(self, name, folder):
        """Returns the sources of the part, in a folder, that a test program has."""
        return [path for path in sorted(folder.glob("*.c")) if self.optional.get(path.name, name) == name]

    def prepare(self, name):
        """Compiles a test program, which must pass without a fault."""
        program = self.programs[name]
        sources = [path for pattern in [*program.sources, *self.support] for path in sorted(self.tests.glob(pattern))]
        tested = self.compile(program, sources, self.folder / name)
        own = {}
        if program.options:
            own = self.compile(program, self.sources_of(name, self.sources), self.folder / (name + "_own"))
        self.objects[name] = (tested.values(), own)
        if not passes(self.link(program, [*tested.values(), *own.values()]), self.timeout):
            sys.exit(f"{name} fails without a fault")

    def survives(self, fault):
        copy = self.folder / "faulty"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.sources, copy)
        shutil.copytree(self.sources.parent / "include", copy / "include")
        path = next(copy.rglob(fault.file))
        path.write_text(replaced(fault, path.read_text(encoding="utf-8")), encoding="utf-8")
        program = self.programs[fault.program]
        changed = [path]
        if path.suffix != ".c":
            changed = self.sources_of(fault.program, copy)
        shutil.rmtree(self.folder / "objects", ignore_errors=True)
        # The tests keep the headers as they are: what is inline in them is not to be faulty.
        faulty = self.compile(program, changed, self.folder / "objects", f"-I{copy / 'include'}")
        tested, own = self.objects[fault.program]
        command = self.link(program, [*tested, *{**own, **faulty}.values()])
        return all(passes(command, self.timeout) for _ in range(TRIES))


def parser_of(description):
    """Returns a parser of what every mutants.py is told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--library", type=pathlib.Path, required=True, help="the library without faults")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("compiler", nargs="+", help="with all options that library and tests are built with")
    return parser


def main(faults, programs, support, quick=(), optional=None, timeout=120):
    """Looks for the faults that the command line selects. Returns the exit status.

    optional: sources that one program alone has, and which.
    """
    parser = parser_of(__doc__)
    parser.add_argument("--sources", type=pathlib.Path, required=True, help="folder of the sources of the part")
    parser.add_argument("--tsan", action="store_true", help="the compiler has the thread sanitizer on")
    parser.add_argument("--programs", type=lambda names: names.split(","), default=list(programs),
                        help="only faults that these test programs must notice, of " + ",".join(programs))
    if quick:
        parser.add_argument("--quick", action="store_true", help="only a few")
    args = parser.parse_args()

    faults = [fault for fault in faults
              if fault.tsan == args.tsan and fault.program in args.programs and args.only in fault.name]
    if quick and args.quick:
        faults = [fault for fault in faults if fault.name in quick]
    tests = pathlib.Path(sys.argv[0]).resolve().parent.parent
    with tempfile.TemporaryDirectory() as name:
        part = Part(args, tests, programs, support, optional or {}, timeout, pathlib.Path(name))
        for program in sorted({fault.program for fault in faults}):
            part.prepare(program)
        return report(faults, part.survives)
