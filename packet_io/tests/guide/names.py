#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The guide names every function, macro and option there is, and none that there is not.

    names.py FOLDER     of packet_io, with include/, doc/index.rst, doc/extensions.md and Kconfig
"""

import glob
import os
import re
import sys


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def names_in_headers(folder, pattern):
    """Functions and macros for applications, from the public headers of that name."""
    names = set()
    for path in glob.glob(os.path.join(folder, "include", "zephyr", "packet_io", pattern)):
        code = re.sub(r"/\*.*?\*/", "", read(path), flags=re.DOTALL)
        names.update(re.findall(r"^#define (PACKET_\w+|packet_\w+)\(", code, re.MULTILINE))
        names.update(re.findall(r"^(?:int |void |const char \*)(packet_\w+)\(", code, re.MULTILINE))
    return names


def names_in_text(text):
    return set(re.findall(r"`(packet_\w+|PACKET_\w+)\(\)`", text))


def main():
    folder = sys.argv[1]
    guide = read(folder, "doc", "index.rst")
    extensions = read(folder, "doc", "extensions.md")
    options = set(re.findall(r"^(?:menu)?config (PACKET_IO\w*)$", read(folder, "Kconfig"), re.MULTILINE))
    named_options = set(re.findall(r"``CONFIG_(PACKET_IO\w*)``", guide))
    names = names_in_headers(folder, "*.h")

    faults = [f"doc/index.rst does not name {name}()" for name in sorted(names - names_in_text(guide))]
    faults += [f"doc/index.rst does not name CONFIG_{name}" for name in sorted(options - named_options)]
    faults += [f"doc/index.rst names CONFIG_{name}, which Kconfig does not have"
               for name in sorted(named_options - options)]
    for document, text in (("index.rst", guide), ("extensions.md", extensions)):
        faults += [f"doc/{document} names {name}(), which no header has" for name in sorted(names_in_text(text) - names)]
    for header in ("batch.h", "connection.h", "deliver.h", "inspect.h"):
        own = names_in_headers(folder, header)
        faults += [f"doc/extensions.md does not name {name}()" for name in sorted(own - names_in_text(extensions))]
    for fault in faults:
        print(f"error: {fault}")
    print(f"{len(names)} functions and macros, {len(options)} options, {len(faults)} faults")
    return 1 if faults or not names or not options else 0


if __name__ == "__main__":
    sys.exit(main())
