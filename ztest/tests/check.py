#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Run a test program and compare what it prints and how it ends with a transcript.

A transcript is a text file:

    args: -test=suite::test
    status: 1
    ----
    the output, standard error included

The status is a number, or the name of the signal that ends the program. In the output a line of
three dots stands for any number of lines, <> for any text in a line. Durations count as 0.000,
line numbers as 0, and of a path the last part is looked at.

With --write the output becomes the transcript; the first lines are kept.
"""

import argparse
import difflib
import pathlib
import re
import signal
import subprocess
import sys

TIMEOUT_S = 60

# Where the sources are: the part of a path that may have anything in it, spaces as well.
ROOT = str(pathlib.Path(__file__).resolve().parents[2]) + "/"


def normal(text):
    """The output without what differs from run to run."""
    text = text.replace(ROOT, "")
    text = re.sub(r"\d+\.\d{3} seconds", "0.000 seconds", text)
    text = re.sub(r"(?<=[ \[])[^ \n]*?([\w.]+\.(?:c|cpp)):\d+", r"\1:0", text)
    text = re.sub(r"at line \d+", "at line 0", text)
    return [line.rstrip() for line in text.splitlines()]


def line_matches(wanted, line):
    pattern = ".*".join(re.escape(part) for part in wanted.split("<>"))
    return re.fullmatch(pattern, line) is not None


def match(wanted, lines):
    """Whether the lines fit; dots take as few lines as they can, which is always enough."""
    blocks, block = [], []
    for line in wanted:
        if line == "...":
            blocks.append(block)
            block = []
        else:
            block.append(line)
    blocks.append(block)

    def fits(block, at):
        return at >= 0 and len(lines) - at >= len(block) and all(
            line_matches(w, line) for w, line in zip(block, lines[at:]))

    if not fits(blocks[0], 0):
        return False
    at = len(blocks[0])
    if len(blocks) == 1:
        return at == len(lines)
    for block in blocks[1:-1]:
        while at < len(lines) and not fits(block, at):
            at += 1
        if not fits(block, at):
            return False
        at += len(block)
    last = len(lines) - len(blocks[-1])
    return last >= at and fits(blocks[-1], last)


def read_transcript(path):
    head, _, body = path.read_text(encoding="utf-8").partition("----\n")
    fields = dict(line.split(":", 1) for line in head.splitlines())
    return head, fields["args"].split(), fields["status"].strip(), normal(body)


def status_matches(wanted, status, sanitized):
    if not wanted.startswith("SIG"):
        return status == int(wanted)
    # A sanitizer catches some signals and exits with a status of its own.
    return status == -signal.Signals[wanted] or (sanitized and status != 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sanitized", action="store_true", help="a sanitizer may end the program")
    parser.add_argument("--write", action="store_true", help="write the transcript")
    parser.add_argument("transcript", type=pathlib.Path)
    parser.add_argument("program")
    options = parser.parse_args()

    head, args, wanted_status, wanted = read_transcript(options.transcript)
    run = subprocess.run([options.program, *args], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, timeout=TIMEOUT_S, check=False)
    text = run.stdout.decode("utf-8", "replace").replace(options.program, "PROGRAM")
    lines = normal(text)

    if options.write:
        options.transcript.write_text(head + "----\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return 0
    if options.sanitized and wanted_status.startswith("SIG"):
        wanted.append("...")  # the sanitizer's report
    if not match(wanted, lines):
        sys.stdout.writelines(f"{line}\n" for line in difflib.unified_diff(
            wanted, lines, "wanted", "got", lineterm=""))
        print(f"{options.transcript.name}: the output differs")
        return 1
    if not status_matches(wanted_status, run.returncode, options.sanitized):
        print(f"{options.transcript.name}: status {run.returncode}, wanted {wanted_status}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
