#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Preprocesses every file of a compile_commands.json with its own compiler.

cppcheck's preprocessor does not know __VA_OPT__; of what this writes into OUT it sees what the
compiler sees, comments and line numbers included.
"""

import json
import os
import re
import shlex
import subprocess
import sys

# cppcheck takes no flags behind the file name of a line marker.
_LINE_FLAGS = re.compile(r'^(# \d+ "[^"\n]*")[ \d]+$', re.M)


def main():
    database, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    for name in os.listdir(out):
        os.unlink(os.path.join(out, name))
    with open(database, encoding="utf-8") as file:
        commands = json.load(file)
    for number, command in enumerate(commands):
        words = shlex.split(command["command"])
        words[words.index("-o") + 1] = "-"
        words[words.index("-c")] = "-E"
        text = subprocess.run([*words, "-C"], cwd=command["directory"], check=True, stdout=subprocess.PIPE,
                              text=True).stdout
        with open(os.path.join(out, f"{number}-{os.path.basename(command['file'])}"), "w", encoding="utf-8") as file:
            file.write(_LINE_FLAGS.sub(r"\1", text))


if __name__ == "__main__":
    main()
