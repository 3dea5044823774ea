#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The faults that the tests of rtio_shm must find; tools/mutation.py says how.

Every program is linked with all sources of rtio_shm, one of them faulty.
"""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tools"))

import mutation  # noqa: E402
from faults import FAULTS, PROGRAMS, SUPPORT  # noqa: E402

# Seconds for one test of a program with a fault: many faults make it wait for ever. Without a fault the longest
# test takes about one, and may take more on a busy machine.
PATIENCE = 5
PATIENCE_WITHOUT_FAULT = 60


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
        mutation.checked(self.compiler + ([f"-I{include}"] if include else []) + ["-c", source, "-o", target])
        return target

    def program(self, name):
        """The objects of a test program."""
        if name not in self.objects:
            sources = [path for pattern in PROGRAMS[name] + SUPPORT for path in sorted(self.tests.glob(pattern))]
            self.objects[name] = [self.compile(path, "test") for path in sources]
        return self.objects[name]

    def link(self, name, patience, replaced=None):
        """Links a program, with one of the sources replaced by an object. Returns the command that runs it."""
        own = dict(self.own, **(replaced or {}))
        program = self.folder / "program"
        mutation.checked(self.compiler + ["-Wl,--gc-sections"] + self.program(name) + list(own.values())
                         + [self.library, "-o", program])
        return [program, f"-timeout={patience}"]


def main():
    parser = mutation.parser_of(__doc__)
    parser.add_argument("--sources", type=pathlib.Path, required=True, help="folder of the sources of rtio_shm")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the first faults")
    args = parser.parse_args()

    faults = [fault for fault in FAULTS[args.skip:] if args.only in fault.name]
    tests = pathlib.Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        builder = Builder(args, tests, folder)
        for program in sorted({fault.program for fault in faults}):
            if not mutation.passes(builder.link(program, PATIENCE_WITHOUT_FAULT), 300):
                sys.exit(f"{program} fails without a fault")

        def survives(fault):
            copy = folder / fault.file
            source = args.sources / fault.file
            copy.write_text(mutation.replaced(fault, source.read_text(encoding="utf-8")), encoding="utf-8")
            command = builder.link(fault.program, PATIENCE, {fault.file: builder.compile(copy, "faulty", args.sources)})
            return all(mutation.passes(command, 300) for _ in range(mutation.TRIES))

        return mutation.report(faults, survives)


if __name__ == "__main__":
    sys.exit(main())
