#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reduces compile_commands.json to one command per source file, that of the debug configuration if it has one.

What the build wrote itself is left out: files that only include others, each of which has a command of its own.

Writes OUT/compile_commands.json and prints the files in it, each with a NUL after it.
"""

import json
import os
import sys


def main():
    source, out = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        commands = json.load(file)
    chosen = {}
    tree = os.path.dirname(os.path.realpath(source))
    for command in commands:
        if os.path.realpath(command["file"]).startswith(tree + os.sep):
            continue
        if command["file"] not in chosen or "/packet_io_debug/" in command["command"]:
            chosen[command["file"]] = command
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(list(chosen.values()), file, indent=1)
    sys.stdout.write("".join(name + "\0" for name in sorted(chosen)))


if __name__ == "__main__":
    main()
