#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Replaces the tables of BASELINE.md with those of a run of the benchmark: ratios and instructions, no times."""

import argparse
import datetime
import json
import sys

BEGIN = "<!-- tables: begin -->\n"
END = "<!-- tables: end -->\n"


def number(value, digits):
    """A number, or nothing if there is none."""
    return "" if value is None else f"{value:.{digits}f}"


def ratio(row):
    """Ours divided by the peer's, and whether that is too much."""
    if row["peer"] is None:
        return ""
    if row["ratio"] is None:
        return "not here"
    missed = row["target"] is not None and row["ratio"] > row["target"]
    return f'**{row["ratio"]:.2f}**' if missed else f'{row["ratio"]:.2f}'


def instructions(row):
    """Instructions of one operation, and whether they are too many."""
    missed = row["i"] is not None and row["i_target"] is not None and row["i"] > row["i_target"]
    return f'**{row["i"]:.0f}**' if missed else number(row["i"], 0)


def rows_table(rows):
    lines = ["| work | i | at most | and then | peer | ours / peer | at most | and then |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    before = None
    for row in rows:
        again = row["work"] == before
        ours = [""] * 4 if again else [row["work"], instructions(row), number(row["i_target"], 0),
                                       number(row["i_aim"], 0)]
        target, aim = (number(row.get(key), 2) for key in ("target", "aim"))
        lines.append("| " + " | ".join(ours + [row["peer"] or "", ratio(row), target, aim]) + " |")
        before = row["work"]
    return lines


def curve_table(curve):
    """Each size: by how much ours grew since the smallest, and ours divided by each peer's."""
    peers = curve["sides"][1:]
    lines = [f'**{curve["work"]}**', "",
             "| " + " | ".join([curve["x_name"], "ours / ours at the smallest"] + [f"ours / {p}" for p in peers]) + " |",
             "| " + " | ".join(["---"] * (2 + len(peers))) + " |"]
    smallest = curve["points"][0]["ns"][0]
    for point in curve["points"]:
        ours, *theirs = point["ns"]
        cells = [f'{point["x"]:,}', f"{ours / smallest:.2f}"]
        cells += ["not here" if ns is None else f"{ours / ns:.2f}" for ns in theirs]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", help="the file that the benchmark wrote with --json")
    parser.add_argument("baseline", help="the file whose tables to replace")
    args = parser.parse_args()
    with open(args.results, encoding="utf-8") as file:
        results = json.load(file)
    with open(args.baseline, encoding="utf-8") as file:
        text = file.read()
    if BEGIN not in text or END not in text:
        sys.exit(f"baseline.py: {args.baseline} has no lines {BEGIN.strip()} and {END.strip()}")
    lines = [f"Measured on {datetime.date.today().isoformat()}.", ""] + rows_table(results["rows"])
    for curve in results["curves"]:
        lines += [""] + curve_table(curve)
    before, rest = text.split(BEGIN, 1)
    with open(args.baseline, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + rest.split(END, 1)[1])


if __name__ == "__main__":
    main()
