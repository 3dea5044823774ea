# SPDX-License-Identifier: Apache-2.0
"""Tables of figures that are files in the repository: laying them out, and comparing with them."""

import re
import subprocess

TOLERANCE = 0.05  # of the figure in the file; and a difference of 1 is never too much
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?![\w.]*\w)")
COMPILER = re.compile(r"^Compiled with (.*)\.$", re.M)


def compiler_name(compiler):
    """What the first line of --version says, without the path."""
    done = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[0].split("/")[-1]


def layout(header, rows):
    """A Markdown table with columns of even width; the first is text, the others are figures."""
    lines = [header] + [["--"] + ["--:"] * (len(header) - 1)] + rows
    widths = [max(len(str(line[i])) for line in lines) for i in range(len(header))]
    return "".join("| " + " | ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                                     for i, (cell, width) in enumerate(zip(line, widths))) + " |\n"
                   for line in lines)


def _split(line):
    """A line's words without its figures, and the figures."""
    words = re.sub(r"[\s-]+", " ", NUMBER.sub("#", line)).strip()
    return words, [float(number.replace(",", "")) for number in NUMBER.findall(line)]


def differences(kept, measured):
    """What is not the same in both texts, figures within TOLERANCE being the same; a list of lines."""
    before = [line for line in kept.splitlines() if not COMPILER.match(line)]
    now = [line for line in measured.splitlines() if not COMPILER.match(line)]
    found = []
    if len(before) != len(now):
        found.append(f"the file has {len(before)} lines, and what was measured {len(now)}")
    for old, new in zip(before, now):
        old_words, old_numbers = _split(old)
        new_words, new_numbers = _split(new)
        near = len(old_numbers) == len(new_numbers) and all(
            abs(b - a) <= max(TOLERANCE * abs(a), 1) for a, b in zip(old_numbers, new_numbers))
        if old_words != new_words or not near:
            found += [f"- {old}", f"+ {new}"]
    return found


def compare(path, measured, command):
    """Compares with the file; says what differs. Returns whether it is the same."""
    with open(path, encoding="utf-8") as file:
        kept = file.read()
    found = differences(kept, measured)
    if not found:
        return True
    print(f"{path}: not what was measured, or not within {TOLERANCE:.0%}:")
    print("\n".join(found))
    compilers = [COMPILER.search(text)[1] for text in (kept, measured)]
    if compilers[0] != compilers[1]:
        print(f"The compilers differ: the file is of {compilers[0]}, and this is {compilers[1]}.")
    print(f"If the change is meant, and worth it: {command}")
    return False
