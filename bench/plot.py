#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the results of the benchmark: comparison.svg and curves.svg, in the folder named."""

import argparse
import json
import os
import sys

try:
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
except ImportError:
    sys.exit("plot.py: matplotlib is missing, so nothing is drawn; on Debian: apt-get install python3-matplotlib")

# Told apart also without colours: dark, light, and in between.
OURS = "#1b4f8a"
PEERS = ["#d98b2b", "#6aa06a"]
HELD = "#4c86c0"
MISSED = "#b03a2e"
PLAIN = "#b8c4d0"


def bar_colour(row):
    """By whether a target is held, missed, or not there."""
    if row["target"] is None:
        return PLAIN
    return HELD if row["ratio"] <= row["target"] else MISSED


def comparison(rows, path):
    """A bar for each peer: how much longer, or shorter, ours takes; marks for target and aim."""
    rows = [row for row in rows if row["peer"] is not None]
    figure, axes = pyplot.subplots(figsize=(11, 1.4 + 0.21 * len(rows)), layout="constrained")
    labels = []
    for y, row in enumerate(rows):
        here = row["ratio"] is not None
        labels.append(f'{row["work"]}  |  {row["peer"]}' + ("" if here else " (not here)"))
        if here:
            axes.plot([1, row["ratio"]], [y, y], color=bar_colour(row), linewidth=7, solid_capstyle="butt")
        axes.annotate(f'{row["ratio"]:.2f}' if here else "-", (1, y), xycoords=("axes fraction", "data"),
                      fontsize=7, va="center", xytext=(4, 0), textcoords="offset points")
        for key, marker in (("target", "|"), ("aim", ".")):
            if row[key] is not None:
                axes.plot([row[key]], [y], color="black", marker=marker, markersize=9, linestyle="none")
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), labels, fontsize=7)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    axes.margins(x=0.12)
    axes.grid(axis="x", alpha=0.3)
    axes.set_title("Time of ours divided by the peer's (left of 1: ours is faster)\n"
                   "bar: at most, point: and then; red: missed, grey: no target", fontsize=9)
    save(figure, path)


def curves(results, path):
    """A diagram for each curve."""
    columns = 2
    lines = (len(results) + columns - 1) // columns
    figure, grid = pyplot.subplots(lines, columns, figsize=(11, 3.6 * lines), layout="constrained", squeeze=False)
    for axes in grid.flat[len(results):]:
        axes.set_visible(False)
    for curve, axes in zip(results, grid.flat):
        for side, name in enumerate(curve["sides"]):
            points = [(p["x"], p["ns"][side]) for p in curve["points"] if p["ns"][side] is not None]
            label = name if points else f"{name} (not here)"
            axes.plot([x for x, _ in points], [ns for _, ns in points], label=label, markersize=4,
                      marker="o" if side == 0 else "s", color=OURS if side == 0 else PEERS[(side - 1) % len(PEERS)])
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks([p["x"] for p in curve["points"]], [f'{p["x"]:,}' for p in curve["points"]], minor=False)
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
        low, high = axes.get_ylim()
        axes.set_ylim(low / 2, high * 3)
        axes.set_title(curve["work"], fontsize=9)
        axes.set_xlabel(curve["x_name"], fontsize=8)
        axes.set_ylabel("ns of one", fontsize=8)
        axes.tick_params(labelsize=7)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7, loc="upper left")
    save(figure, path)


def save(figure, path):
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", help="the file that the benchmark wrote with --json")
    parser.add_argument("folder", help="where the drawings go")
    args = parser.parse_args()
    with open(args.results, encoding="utf-8") as file:
        results = json.load(file)
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bench"})
    if results["rows"]:
        comparison(results["rows"], os.path.join(args.folder, "comparison.svg"))
    if results["curves"]:
        curves(results["curves"], os.path.join(args.folder, "curves.svg"))


if __name__ == "__main__":
    main()
