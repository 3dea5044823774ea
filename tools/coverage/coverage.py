#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the branches that the tests did not take with those that are named, with their reason.

    coverage.py TREE NAMED          a build tree with PACKET_IO_COVERAGE, in which the tests have run
    coverage.py --list TREE NAMED   prints all that is not taken, in the form of NAMED

A function that has the options of its configuration in its linked name (PART_built_with_OPTIONS_NAME) is
one in all of them: PART_NAME.

A branch is what gcov counts: the two ways out of each condition, of each part of && and ||, and of a
loop; the cases of a switch. It is taken if it was in one of the configurations that the tree builds.
An assertion has its branches only where assertions are on.

NAMED has an entry for each line of the sources with branches that are not taken:

    net_buf/src/pool.c net_buf_pool_get: 1 of 4: if (id < 0 || id >= count) {
        never: what it is about, and why no test takes it

The entry is the file, the function, how many of the branches of the line are not taken, and the line's
text, so that it does not change with lines elsewhere. The reason is one of

    never:     ... no test takes it; if one does, the entry is out of date
    race:      ... only when two contexts meet in a few instructions: taken or not, as it happens;
                   at most as many as the entry says

Exits with 1 if something is not taken and not named, or named and taken, or named and not there.
"""

import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
MEASURED = ("net_buf/src/", "packet_io/src/")
ENTRY = re.compile(r"(\S+) ([\w-]+): (\d+) of (\d+): (.*)$")
KINDS = ("never", "race")
CONFIGURED = re.compile(r"_built_with_[A-Z0-9_]+_(?=[a-z])")

Line = collections.namedtuple("Line", "file function branches text")


class Fault(Exception):
    """NAMED cannot be read, or nothing was measured."""


# ---- what was taken ------------------------------------------------------------------------------


def measure(tree, root=ROOT, measured=MEASURED):
    """Line -> how many of its branches no configuration took, for all lines with branches."""
    stems = {os.path.basename(path) for folder in measured for path in glob.glob(os.path.join(root, folder, "*.c"))}
    # unity_*: the sources of a part that are compiled as one.
    notes = [path for path in glob.glob(os.path.join(glob.escape(tree), "**", "packet_io[_.]*.dir", "**", "*.gcno"),
                                        recursive=True)
             if os.path.basename(path)[:-len(".gcno")] in stems or os.path.basename(path).startswith("unity_")]
    if not notes:
        raise Fault(f"{tree}: nothing in it was built to be measured")
    result = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *sorted(notes)],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return merge([json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")], root, measured)


def merge(documents, root, measured):
    """What gcov says of each object, put together."""
    taken = {}                    # (file, function, number of the line, branches) -> whether, of each
    for document in documents:
        for file in document["files"]:
            name = os.path.relpath(os.path.join(document["current_working_directory"], file["file"]), root)
            if not name.startswith(measured):
                continue
            for line in file["lines"]:
                if line["branches"]:
                    function = CONFIGURED.sub("_", line.get("function_name", "-"))
                    key = (name, function, line["line_number"], len(line["branches"]))
                    counts = [branch["count"] > 0 for branch in line["branches"]]
                    taken[key] = [any(pair) for pair in zip(counts, taken.get(key, counts))]
    alike = {}                    # two lines of a function with the same text are one entry
    sources = {}
    for (name, function, number, branches), which in sorted(taken.items()):
        if name not in sources:
            with open(os.path.join(root, name), encoding="utf-8") as file:
                sources[name] = file.read().splitlines()
        alike.setdefault((name, function, branches, sources[name][number - 1].strip()), []).extend(which)
    return {Line(name, function, len(which), text): which.count(False)
            for (name, function, _, text), which in alike.items()}


# ---- what is named -------------------------------------------------------------------------------


def read_named(path):
    """Line -> (how many are not taken, never or race, number of the line in the file)."""
    named = {}
    line = None
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file.read().splitlines(), 1):
            if not text.strip() or text.startswith("#"):
                continue
            if text.startswith(" "):
                reason = re.match(r" +(\w+): \S", text)
                if line is not None:
                    if not reason or reason[1] not in KINDS:
                        raise Fault(f"{path}:{number}: a reason begins with one of {', '.join(KINDS)} and a colon")
                    named[line] = (named[line][0], reason[1], named[line][2])
                    line = None
                elif not named:
                    raise Fault(f"{path}:{number}: a reason without an entry")
                continue
            entry = ENTRY.match(text)
            if not entry or line is not None:
                raise Fault(f"{path}:{number}: {'an entry without a reason' if entry else 'this is no entry'}")
            line = Line(entry[1], entry[2], int(entry[4]), entry[5])
            if line in named:
                raise Fault(f"{path}:{number}: named twice")
            named[line] = (int(entry[3]), None, number)
    if line is not None:
        raise Fault(f"{path}:{named[line][2]}: an entry without a reason")
    return named


def written(line, count):
    return f"{line.file} {line.function}: {count} of {line.branches}: {line.text}"


def compare(missed, named, path):
    """The differences, as lines of text."""
    for line, count in sorted(missed.items()):
        allowed, kind, number = named.get(line, (0, None, 0))
        if count > allowed:
            yield f"not taken: {written(line, count)}" + (f"  ({path}:{number} names {allowed})" if kind else "")
        elif count < allowed and kind == "never":
            yield f"{path}:{number}: taken now, {count} of them left: {written(line, allowed)}"
    for line, (count, _, number) in named.items():
        if line not in missed:
            yield f"{path}:{number}: no such line: {written(line, count)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print what is not taken, whatever is named")
    parser.add_argument("tree", metavar="TREE")
    parser.add_argument("named", metavar="NAMED")
    args = parser.parse_args()
    try:
        missed = measure(args.tree)
        if args.list:
            for line, count in sorted(missed.items()):
                if count:
                    print(written(line, count))
            return 0
        named = read_named(args.named)
    except Fault as fault:
        print(f"error: {fault}")
        return 1
    differences = list(compare(missed, named, args.named))
    for difference in differences:
        print(difference)
    count = sum(line.branches for line in missed)
    print(f"{len(missed)} lines with {count} branches, of which {sum(missed.values())} are not taken; "
          f"{len(named)} lines are named; {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
