#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The faults that the tests of buses, sensors and UARTs must find; tools/mutation.py says how.

They are in the sources of several folders of rtio.
"""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tools"))

import mutation  # noqa: E402
from faults import FAULTS  # noqa: E402

RTIO = pathlib.Path(__file__).resolve().parents[3]
BENCH = ["sim/tests/support/bench.c", "tests/support/device.c"]
PROGRAMS = {
    "buses": ["sim/tests/buses/*.c"] + BENCH,
    "devices": ["sim/tests/devices/*.c"] + BENCH,
    "sensor": ["sensor/tests/decoder.c", "sensor/tests/imu6*.c", "sensor/tests/stream.c"] + BENCH,
    "uart": ["uart/tests/*.c", "tests/support/device.c"],
}


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
                mutation.checked(self.compiler + ["-c", source, "-o", objects[-1]])
            self.objects[program] = objects
        return self.objects[program]

    def link(self, program, faulty):
        """Links the program with these objects in place of the library's. Returns the command that runs it."""
        path = self.folder / "program"
        mutation.checked(self.compiler + ["-Wl,--gc-sections", *self.tests(program), *faulty, self.library, "-o", path])
        return [path, "-timeout=5"]

    def with_fault(self, fault):
        """The program that must notice this fault, with it."""
        source = RTIO / fault.file
        copy = self.folder / source.name
        copy.write_text(mutation.replaced(fault, source.read_text(encoding="utf-8")), encoding="utf-8")
        faulty = self.folder / "faulty.o"
        mutation.checked(self.compiler + [f"-I{source.parent}", "-c", copy, "-o", faulty])
        return self.link(fault.program, [faulty])


def main():
    args = mutation.parser_of(__doc__).parse_args()
    faults = [fault for fault in FAULTS if args.only in fault.name]
    with tempfile.TemporaryDirectory() as name:
        builder = Builder(args.compiler, args.library, pathlib.Path(name))
        for program in sorted({fault.program for fault in faults}):
            if not mutation.passes(builder.link(program, []), 60):
                sys.exit(f"{program} fails without a fault")

        def survives(fault):
            command = builder.with_fault(fault)
            return all(mutation.passes(command, 60) for _ in range(mutation.TRIES))

        return mutation.report(faults, survives)


if __name__ == "__main__":
    sys.exit(main())
