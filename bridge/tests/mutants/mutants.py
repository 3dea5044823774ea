#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The faults that the tests of the bridges must find; tools/mutation.py says how.

They are in the sources of several parts, and all tests of a configuration are one program.
"""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))

import mutation  # noqa: E402
from faults import FAULTS, PROGRAMS  # noqa: E402


def main():
    parser = mutation.parser_of(__doc__)
    parser.add_argument("--root", type=pathlib.Path, required=True, help="folder of the repository")
    parser.add_argument("--configuration", required=True, help="of the library")
    parser.add_argument("--program", help="which of PROGRAMS, if not that of the configuration")
    args = parser.parse_args()

    compiler = args.compiler + ["-w"]
    chosen = args.program or args.configuration
    tests = args.root / "bridge" / "tests"
    faults = [fault._replace(program=chosen) for fault in FAULTS
              if chosen in fault.program and args.only in fault.name]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        objects = []
        for source in PROGRAMS[chosen]:
            objects.append(folder / (source.replace("/", "_") + ".o"))
            mutation.checked(compiler + ["-c", tests / source, "-o", objects[-1]])

        def link(first):
            target = folder / "program"
            mutation.checked(compiler + ["-Wl,--gc-sections", *objects, *first, args.library, "-o", target])
            return [target]

        def survives(fault):
            source = args.root / fault.file
            copy = folder / "faulty.c"
            copy.write_text(mutation.replaced(fault, source.read_text(encoding="utf-8")), encoding="utf-8")
            faulty = folder / "faulty.o"
            # Private headers stand beside the source.
            mutation.checked(compiler + ["-I", source.parent, "-c", copy, "-o", faulty])
            command = link([faulty])
            return all(mutation.passes(command, 60) for _ in range(mutation.TRIES))

        if not mutation.passes(link([]), 60):
            sys.exit("the tests fail without a fault")
        return mutation.report(faults, survives)


if __name__ == "__main__":
    sys.exit(main())
