#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of this repository that no other tool knows.

    spdx      a source file says its licence in its first lines
    layout    no blanks at line ends, no carriage returns, one newline at the end
    marks     nothing is left unfinished
    arrows    a part includes only public headers, its own and those of parts below it
    options   every CONFIG_ option that code names exists (but CONFIG_..._OF_NOBODY, for tests), and
              every option is named by code
    built     every C and C++ file is named by a CMakeLists.txt of its part, or by a board.json

Prints file:line: rule: what, and exits with 1 if there is anything to print.
"""

import argparse
import fnmatch
import os
import re
import subprocess
import sys

# Each part, with those whose public headers it may include besides its own.
PARTS = {
    "port": [],
    "kernel": ["port"],
    "ztest": ["port", "kernel"],
    "net_buf": ["port", "kernel"],
    "mpsc_pbuf": ["port", "kernel"],
    "iob": ["port", "kernel"],
    "packet_io": ["port", "kernel", "net_buf", "mpsc_pbuf", "iob"],
    "rtio": ["port", "kernel", "net_buf", "mpsc_pbuf", "iob"],
    "bridge": ["port", "kernel", "net_buf", "mpsc_pbuf", "iob", "packet_io", "rtio"],
}
# Folders whose code stands on top of all parts.
FREE_ROOMS = {"tests", "samples", "bench", "tools", "doc"}

# Options that no code looks at: programs pass them to SYS_INIT(), or fragments for Zephyr set them.
FOR_OTHERS = {
    "APPLICATION_INIT_PRIORITY", "KERNEL_INIT_PRIORITY_DEFAULT", "KERNEL_INIT_PRIORITY_DEVICE",
    "KERNEL_INIT_PRIORITY_OBJECTS", "MAIN_STACK_SIZE", "THREAD_STACK_INFO", "ZTEST_STACK_SIZE",
}
# Options of Zephyr that code for Zephyr looks at.
OF_ZEPHYR = {"ATOMIC_OPERATIONS_BUILTIN", "OBJ_CORE_SEM"}

CODE = (".c", ".h", ".cpp", ".S", ".ld")
COMMENTED = CODE + (".py", ".sh", ".cmake", ".conf", ".yml", ".yaml")
NAMED = ("Makefile", "CMakeLists.txt", "Kconfig", "run", ".editorconfig", ".gitignore", ".clang-format", ".clang-tidy")
BINARY = (".png", ".pcap", ".pcapng", ".bin", ".jpg", ".pdf")

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
OPTION = re.compile(r"\bCONFIG_([A-Z0-9_]+)\b")
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    root = os.path.abspath(parser.parse_args().root)

    files = repository_files(root)
    texts = {}
    findings = []
    for name in files:
        with open(os.path.join(root, name), "rb") as file:
            texts[name] = file.read().decode("utf-8", errors="replace")
        findings += _layout(name, texts[name])
    findings += _arrows(texts)
    findings += _options(texts)
    findings += _built(texts)
    for name, line, rule, what in sorted(findings):
        print(f"{name}:{line}: {rule}: {what}")
    return 1 if findings else 0


def repository_files(root):
    """The repository's files: what git knows or would add, or without git everything but builds."""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.split("\0")[:-1]
    else:
        names = [os.path.relpath(os.path.join(folder, name), root)
                 for folder, _, entries in os.walk(root) for name in entries
                 if not os.path.relpath(folder, root).startswith(("build", ".git"))]
    return [name for name in sorted(names) if not name.endswith(BINARY) and os.path.isfile(os.path.join(root, name))]


def _layout(name, text):
    base = os.path.basename(name)
    if base.endswith(COMMENTED) or base in NAMED:
        if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.splitlines()[:3]):
            yield name, 1, "spdx", "the first lines have no SPDX-License-Identifier: Apache-2.0"
        for number, line in enumerate(text.splitlines(), 1):
            if UNFINISHED.search(line):
                yield name, number, "marks", "an unfinished mark"
    if base == "LICENSE" or "/expected/" in name:  # what others wrote, and what programs print
        return
    for number, line in enumerate(text.split("\n"), 1):
        if "\r" in line:
            yield name, number, "layout", "a carriage return"
        elif line != line.rstrip():
            yield name, number, "layout", "blanks at the end of the line"
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield name, text.count("\n") + 1, "layout", "the file does not end with one newline"


def _part(name):
    part = name.split("/")[0]
    return part if part in PARTS else None


def _arrows(texts):
    public = {}  # how a header is written in an include -> its part
    for name in texts:
        room = re.match(r"(\w+)/(?:\w+/)?include/(.+)", name)
        if room and room[1] in PARTS and not FREE_ROOMS & set(name.split("/")[:-1]):
            public[room[2]] = room[1]

    for name, text in texts.items():
        if not name.endswith(CODE):
            continue
        part = _part(name)
        free = part is None or FREE_ROOMS & set(name.split("/")[1:-1])
        for number, line in enumerate(text.splitlines(), 1):
            include = INCLUDE.match(line)
            if not include:
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(name), include[2]))
            if include[1] == '"' and target in texts:
                if _part(target) != part and _part(target) and "/include/" not in target:
                    yield name, number, "arrows", f"{include[2]} is a private header of {_part(target)}"
                continue
            other = public.get(include[2])
            if other and not free and other != part and other not in PARTS[part]:
                yield name, number, "arrows", f"{part} includes {include[2]}, which {other} above or beside it has"


def _options(texts):
    declared = {}
    for name, text in texts.items():
        if os.path.basename(name) != "Kconfig":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            option = re.match(r"(?:menu)?config ([A-Z0-9_]+)$", line)
            if option:
                declared[option[1]] = (name, number)

    named = set()
    for name, text in texts.items():
        fragment = name.endswith(".conf")
        if not fragment and not name.endswith(CODE) and os.path.basename(name) != "CMakeLists.txt":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for option in OPTION.findall(line):
                if not fragment:
                    named.add(option)
                if name.endswith(CODE) and _part(name) and option not in declared and option not in OF_ZEPHYR \
                        and not option.endswith(("_", "OF_NOBODY")):
                    yield name, number, "options", f"no Kconfig file has CONFIG_{option}"
    for option in declared.keys() - named - FOR_OTHERS:
        yield *declared[option], "options", f"no code looks at CONFIG_{option}"


def _built(texts):
    """A file whose stem no CMakeLists.txt of its part has, and that none collects by a pattern."""
    lists = {name: text for name, text in texts.items()
             if os.path.basename(name) == "CMakeLists.txt" or os.path.basename(name) == "board.json"}
    collected = [os.path.join(os.path.dirname(name), pattern) for name, text in lists.items()
                 for call in re.findall(r"GLOB([^)]*)", text) for pattern in call.split()]
    for name in texts:
        if not name.endswith((".c", ".cpp")) or any(fnmatch.fnmatch(name, pattern) for pattern in collected):
            continue
        top = name.split("/")[0] + "/"
        stem = re.compile(r"(?<![\w-])" + re.escape(os.path.splitext(os.path.basename(name))[0]) + r"(?![\w-])")
        if not any(other.startswith(top) and stem.search(text) for other, text in lists.items()):
            yield name, 1, "built", f"no CMakeLists.txt in {top} names this file"


if __name__ == "__main__":
    sys.exit(main())
