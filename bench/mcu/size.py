#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tells what the library costs in bytes on the core of a board, and compares with the table in size/.

    size.py --board BOARD --programs TSV --compiler GCC --objdump OBJDUMP [--update]

TSV has a line for each way in which src/size.c was built: name, what the table calls it, the program,
its own object file, the library's object files. From the linker's map comes what is in the program,
by the source file; from the compiler's call graphs, how deep calls go on the stack.
"""

import argparse
import collections
import os
import re
import subprocess
import sys

import tables

HERE = os.path.dirname(os.path.abspath(__file__))
CORES = {
    "mps2_an385": "Cortex-M3",
    "microbit": "Cortex-M0",
    "qemu_riscv32": "RV32IMAC",
    "qemu_riscv32_imc": "RV32IMC",
}

QUEUE = "message queue"
# The first pattern that the path of a source file has says which part it is of.
PARTS = [
    ("net_buf", r"/net_buf/src/"),
    ("packet_io", r"/packet_io/src/"),
    ("mpsc_pbuf", r"/mpsc_pbuf/src/"),
    ("iob", r"/iob/src/"),
    ("rtio", r"/rtio/src/"),
    (QUEUE, r"/kernel/src/msgq\."),
    ("k_poll()", r"/kernel/src/poll\."),
    ("text: printk(), logging, asserts", r"/kernel/src/(format|log|log_ctrl|printk|print_buf|assert)\."),
    ("waiting, time, start-up", r"/kernel/src/"),
    ("port", r"/port/"),
    ("compiler's library", r"/libgcc\.a"),
]
COUNTED = ("net_buf", "packet_io", QUEUE)
AT_MOST, AIM = 4096, 3000
# What the application has of a part that it can do without, in the program of that name.
ALONE = {"mpsc_pbuf": (1660, 1500), "iob": (2300, 2000), "rtio": (3000, 2000)}

KINDS = [
    ("code", r"\.text|\.vectors"),
    ("constants", r"\.rodata|\.srodata|\.init_array|z_area_|\.ARM\.ex"),
    ("RAM", r"\.data|\.sdata|\.bss|\.sbss|\.noinit|COMMON"),
]

CALLS = {
    "net_buf_alloc_fixed": "net_buf_alloc()",
    "net_buf_ref": "net_buf_ref()",
    "net_buf_unref": "net_buf_unref()",
    "packet_source_send": "packet_source_send()",
    "packet_source_send_consume": "packet_source_send_consume()",
    "packet_event_queue_process": "packet_event_process()",
    "k_msgq_put": "k_msgq_put()",
    "k_msgq_get": "k_msgq_get()",
    "packet_connection_add": "packet_connection_add()",
    "packet_connection_remove": "packet_connection_remove()",
}
# With logging of buffers these stand for the calls of the same name.
LOGGED = {"net_buf_alloc_fixed": "net_buf_alloc_fixed_debug", "net_buf_unref": "net_buf_unref_debug"}

# What prints, on the deepest way only where something is reported.
PRINTS = re.compile(r"(^|:)(v?printk|z_log\w*|z_assert\w*|net_buf_report)$")

OBJECTS = ["source", "sink", "queue", "entry", "connection", "buffer", "pool", "wire"]
OBJECT_HEADER = ["RAM of one, with", "source", "sink", "event queue", "its entry", "runtime connection", "buffer",
                 "pool", "wire, in flash"]

TEXT = """\
# Size on {core}

Written by `make size UPDATE=1`, compared with what is measured by `make size` and by `make test`.

Compiled with {compiler}.

-Os. Bytes that the linker keeps (--gc-sections) of the application in bench/mcu/src/size.c, by the source file they
come from; the application itself, the board's start-up code and the C library are not counted. All functions: what
the part has when everything in it is used. Stack: the deepest that calls go, from the compiler's frames and call
graph, all in the worst case; handlers and other functions of the user are not counted, and what prints a report of
misuse, a log message or a failed assert is counted apart.

{parts}
Code of net_buf, packet_io and queue, no option on: {counted}{limit}.
{alone}

What each option adds, used by the application as it is meant:

{options}
{calls}
{objects}
A wire takes 4 more bytes of RAM. A buffer has its data and its user data on top of it.
"""

REFERENCE = """
Others, code on Cortex-M at -Os: Zephyr net_buf 2720 and queue 606; the original Packet I/O with statistics 1411 and
runtime wiring 716; QP/C events, pools, queues and publish-subscribe 2850; Mynewt mbuf and mempool 3050; lwIP pbuf,
mem and memp 3200; NuttX iob 2300.
"""

Program = collections.namedtuple("Program", "name label elf own objects")


def read_programs(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, label, elf, own, objects = line.rstrip("\n").split("\t")
            yield Program(name, label, elf, own, objects.split("|"))


def first_match(patterns, text):
    return next((name for name, pattern in patterns if re.search(pattern, text)), None)


def sections_of(objdump, objects):
    """Yields (object file, section, size) of all object files."""
    done = subprocess.run([objdump, "-h", "-w", *objects], check=True, capture_output=True, text=True)
    path = None
    for line in done.stdout.splitlines():
        header = re.match(r"(.+):\s+file format", line)
        section = re.match(r"\s*\d+ (\S+)\s+([0-9a-f]{8}) ", line)
        if header:
            path = header[1]
        elif section:
            yield path, section[1], int(section[2], 16)


def kept(elf):
    """Yields (file or archive member, section, size) of what the linker's map says is in the program."""
    with open(elf + ".map", encoding="utf-8") as file:
        text = file.read().split("Linker script and memory map", 1)[1]
    # A long name stands on a line of its own.
    text = re.sub(r"(?m)^( \S+)\n +0x", r"\1 0x", text)
    for section, size, path in re.findall(r"(?m)^ (\S+) +0x[0-9a-f]+ +0x([0-9a-f]+) (.+)$", text):
        if not section.startswith("*") and int(size, 16) > 0:
            yield path, section, int(size, 16)


def sizes(program, objdump):
    """Bytes as {part: {kind: bytes}}: what is kept, and all there is."""
    has = collections.defaultdict(list)  # (name of the object file, section): paths
    whole = collections.defaultdict(collections.Counter)
    for path, section, size in sections_of(objdump, program.objects):
        has[os.path.basename(path), section].append(path)
        kind = first_match(KINDS, section)
        if kind:
            whole[first_match(PARTS, path)][kind] += size

    linked = collections.defaultdict(collections.Counter)
    for path, section, size in kept(program.elf):
        member = re.search(r"libpacket_io_size_\w+\.a\((.*)\)$", path)
        if member:
            # Files of one name are told apart by their sections; strings of two such files are not.
            path = has[member[1], section][0]
        elif "libgcc" not in path:
            continue
        kind = first_match(KINDS, section)
        if kind:
            linked[first_match(PARTS, path)][kind] += size
    return linked, whole


class CallGraph:
    """Frames and calls, from the .ci files beside the object files."""

    def __init__(self, objects):
        self.frame = {}
        self.calls = collections.defaultdict(set)
        for path in objects:
            with open(os.path.splitext(path)[0] + ".ci", encoding="utf-8") as file:
                text = file.read()
            for title, size in re.findall(r'node: { title: "([^"]+)" label: "[^"]*\\n(\d+) bytes', text):
                self.frame[title] = int(size)
            for caller, callee in re.findall(r'edge: { sourcename: "([^"]+)" targetname: "([^"]+)"', text):
                self.calls[caller].add(callee)

    def depth(self, function, prints, above=()):
        """Bytes from the call on; a function that calls itself in the end is counted once."""
        if function in above or function not in self.frame or not prints and PRINTS.search(function):
            return 0
        above = above + (function,)
        return self.frame[function] + max((self.depth(callee, prints, above) for callee in self.calls[function]),
                                          default=0)


def stacks(program):
    """Bytes of stack by the call: without printing and with it."""
    graph = CallGraph(program.objects)
    found = {}
    for function in CALLS:
        names = [name for name in (function, LOGGED.get(function)) if name in graph.frame]
        if names:
            found[function] = [max(graph.depth(name, prints) for name in names) for prints in (False, True)]
    return found


def deepest(found):
    return [max(both[i] for both in found.values()) for i in range(2)]


def object_sizes(program, objdump):
    """Bytes of each of OBJECTS."""
    found = {section.split(".size_of_")[1]: size
             for _, section, size in sections_of(objdump, [program.own]) if ".size_of_" in section}
    return [found[name] for name in OBJECTS]


def signed(number):
    return f"{number:+d}" if number else "0"


def describe(args):
    """The text of the table, and what code is too large: on a Cortex-M there are limits."""
    programs = list(read_programs(args.programs))
    measured = {program.name: sizes(program, args.objdump) for program in programs}
    deep = {program.name: stacks(program) for program in programs}
    objects = {program.name: object_sizes(program, args.objdump) for program in programs}
    kinds = [kind for kind, _ in KINDS]

    linked, whole = measured["base"]
    rows = [[part] + [linked[part][kind] for kind in kinds] + [whole[part]["code"] if part in whole else "-"]
            for part, _ in PARTS if sum(linked[part].values()) > 0]
    totals = {name: {kind: sum(part[kind] for part in sizes_[0].values()) for kind in kinds}
              for name, sizes_ in measured.items()}
    rows.append(["all"] + [totals["base"][kind] for kind in kinds] + ["-"])
    parts = tables.layout(["part"] + kinds + ["code, all functions"], rows)
    counted = sum(linked[part]["code"] for part in COUNTED)

    base = deepest(deep["base"])
    rows = [[program.label] + [signed(totals[program.name][kind] - totals["base"][kind]) for kind in kinds]
            + [signed(now - before) for now, before in zip(deepest(deep[program.name]), base)]
            for program in programs if program.name != "base"]
    options = tables.layout(["option"] + kinds + ["stack", "printing"], rows)

    both = {**deep["runtime"], **deep["base"]}
    calls = tables.layout(["call", "stack", "printing"],
                          [[label, *both[function]] for function, label in CALLS.items()])

    rows = [[program.label] + objects[program.name] for program in programs
            if program.name == "base" or objects[program.name] != objects["base"]]
    alone = {part: [sizes_[part]["code"] for sizes_ in measured[part]] for part in ALONE}
    cortex = CORES[args.board].startswith("Cortex")
    limit = f"; at most {AT_MOST}, aim {AIM}" if cortex else ""
    sentences = [f"Code of {part}, with that option: {alone[part][0]}"
                 f"{f'; at most {most}, aim {aim}' if cortex else ''}. "
                 f"All functions: {alone[part][1]}." for part, (most, aim) in ALONE.items()]
    text = TEXT.format(core=CORES[args.board], compiler=tables.compiler_name(args.compiler), parts=parts,
                       counted=counted, limit=limit, alone="\n".join(sentences), options=options, calls=calls,
                       objects=tables.layout(OBJECT_HEADER, rows))
    over = [] if not cortex else [f"{part}: {alone[part][0]} bytes of code, more than {most}"
                                  for part, (most, _) in ALONE.items() if alone[part][0] > most]
    if cortex and counted > AT_MOST:
        over.append(f"net_buf, packet_io and queue: {counted} bytes of code, more than {AT_MOST}")
    return text + (REFERENCE if cortex else ""), over


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("board", "programs", "compiler", "objdump"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--update", action="store_true", default=bool(os.environ.get("UPDATE")),
                        help="write the table instead of comparing with it; so does UPDATE=1 in the environment")
    args = parser.parse_args()

    text, over = describe(args)
    print(text)
    if over:
        print("\n".join(over))
        return 1
    path = os.path.join(HERE, "size", f"{args.board}.md")
    if args.update:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    return 0 if tables.compare(path, text, "make size UPDATE=1") else 1


if __name__ == "__main__":
    sys.exit(main())
