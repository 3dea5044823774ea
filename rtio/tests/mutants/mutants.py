#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The faults that the tests of requests must find; tools/mutation.py says how.

Every program is linked with all sources of rtio, one of them faulty.
"""

import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))

import mutation  # noqa: E402
from faults import FAULTS, PROGRAMS  # noqa: E402

SUPPORT = ["support/crew.c", "support/device.c"]
TIMEOUT_S = 60


def compile_all(compiler, sources, folder):
    """Compiles sources to objects in a folder. Returns the objects by the name of the source."""
    folder.mkdir(parents=True, exist_ok=True)
    objects = {}
    for source in sources:
        objects[source.stem] = folder / (source.stem + ".o")
        mutation.checked([*compiler, "-c", source, "-o", objects[source.stem]])
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
        path.write_text(mutation.replaced(fault, path.read_text(encoding="utf-8")), encoding="utf-8")
        changed = [path] if path.suffix == ".c" else [folder / f"{stem}.c" for stem in self.own]
        return {**self.own, **compile_all(self.compiler, changed, folder / "objects")}

    def passes(self, name, own, times):
        """Whether a test program with these objects passes that many times."""
        program = self.scratch / "program"
        mutation.checked([*self.compiler, "-Wl,--gc-sections", *self.objects(name), *own.values(), self.library,
                          "-o", program])
        return all(mutation.passes([program, "-timeout=20"], TIMEOUT_S) for _ in range(times))


def main():
    parser = mutation.parser_of(__doc__)
    parser.add_argument("--sources", type=pathlib.Path, required=True, help="folder of the sources of rtio")
    args = parser.parse_args()

    faults = [fault for fault in FAULTS if args.only in fault.name]
    with tempfile.TemporaryDirectory() as scratch:
        builder = Builder([*args.compiler, "-w"], args.library, args.sources, pathlib.Path(scratch))
        for name in sorted({fault.program for fault in faults}):
            if not builder.passes(name, builder.own, 1):
                sys.exit(f"{name} fails without a fault")
        return mutation.report(faults, lambda fault: builder.passes(
            fault.program, builder.with_fault(FAULTS.index(fault), fault), mutation.TRIES))


if __name__ == "__main__":
    sys.exit(main())
