#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Which options the code of each part looks at, itself or in a header that it includes.

    parts.py --root ROOT --out FILE.cmake PART...

PART is a folder of ROOT. Writes PACKET_IO_OPTIONS_<part> for the build, which compiles a part once for
all configurations in which these are the same, and PACKET_IO_PARTS_INPUTS, the files that say it.
A header counts whole, and with it all headers of its part: rather an option too many.
"""

import argparse
import os
import re
import sys

from genconfig import write_if_changed

OPTION = re.compile(r"\bCONFIG_[A-Z0-9_]+\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
NO_PART_OF_IT = {"tests", "samples", "bench", "doc"}


class Part:
    """The files of a folder: the options and includes of its headers, and of all of it."""

    def __init__(self, folder):
        self.files = []
        self.headers = set()
        self.options = {"include": set(), "src": set()}
        self.includes = {"include": set(), "src": set()}
        for where, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name not in NO_PART_OF_IT)
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    self._read(os.path.join(where, name), os.path.relpath(os.path.join(where, name), folder))

    def _read(self, path, name):
        self.files.append(path)
        public = re.search(r"(?:^|/)include/(.+)", name)
        if public:
            self.headers.add(public[1])
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for kind in ("include", "src") if public else ("src",):
            self.options[kind].update(OPTION.findall(text))
            self.includes[kind].update(INCLUDE.findall(text))


def options_of(name, parts):
    """The options that the objects of a part depend on."""
    found = set(parts[name].options["src"])
    seen = {name}
    wanted = set(parts[name].includes["src"])
    while True:
        more = {other for other, part in parts.items() if other not in seen and part.headers & wanted}
        if not more:
            return found
        seen |= more
        for other in more:
            found |= parts[other].options["include"]
            wanted |= parts[other].includes["include"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True)
    parser.add_argument("--out", required=True, metavar="FILE")
    parser.add_argument("parts", nargs="+", metavar="PART")
    args = parser.parse_args()

    parts = {name: Part(os.path.join(args.root, name)) for name in args.parts}
    lines = []
    for name in parts:
        lines += [f"set(PACKET_IO_OPTIONS_{name}"] + [f"\t{option}" for option in sorted(options_of(name, parts))] + [")"]
    lines += ["set(PACKET_IO_PARTS_INPUTS"]
    lines += [f"\t[==[{path}]==]" for part in parts.values() for path in part.files] + [")"]
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    write_if_changed(args.out, "\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
