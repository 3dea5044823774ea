#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts instructions on a Cortex-M3, in QEMU, and compares with the table in INSTRUCTIONS.md.

    instructions.py --clocked ELF --stepped ELF --compiler GCC --objdump OBJDUMP [--update]

ELF is src/instructions.c twice, with many repetitions and with few. The first runs against the clock:
an instruction takes 2^SHIFT ns of virtual time, of which SysTick counts the cycles, so that what n
more repetitions take is exact. The second is followed instruction by instruction, for the stretches
with interrupts masked: from the one behind `cpsid i` up to the one that lets interrupts in.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

import tables

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "INSTRUCTIONS.md")
RUN = [sys.executable, "-B", os.path.join(HERE, "..", "..", "tools", "qemu", "run.py")]
BOARD = "mps2_an385"
SHIFT = 7
NS_PER_CYCLE = 40  # the board's clock is 25 MHz
TIMES = 1000
MEASURE = "ten instructions"

# name of the work: (at most, aim)
LIMITS = {
    "net_buf alloc + unref": (70, 55),
    "net_buf ref + unref": (32, 28),
    "send to 1 immediate sink": (55, 45),
    "send to 4 immediate sinks": (120, 100),
    "send to 1 queued sink + process": (180, 140),
    "send to 4 queued sinks + process": (640, 480),
    "msgq put + get of an event": (80, 60),
    "mpsc_pbuf alloc, fill 16 bytes, commit, claim, free": (140, 110),
    "the same in overwrite mode": (140, 110),
    "iob tryalloc + free, without the loop": (40, 40),
    "request that does nothing": (150, 130),
    "8 requests together": (960, 800),
    "longest stretch with interrupts masked": (40, 30),
    "in mpsc_pbuf, to get 32 packets back": (600, 500),
}
# The loop around those two calls: it sets the argument, calls twice, counts, and starts again.
LOOP = {"iob tryalloc + free, without the loop": 5}

# The functions of mpsc_pbuf that mask interrupts.
RING = re.compile(r"mpsc_pbuf_|ring_|alloc_|wait_for_")

TEXT = """\
# Instructions on a Cortex-M3

Written by `make bench-mcu UPDATE=1`, compared with what is measured by `make bench-mcu` and by `make test`.

Compiled with {compiler}.

-O2; asserts, statistics and names off, runtime wiring on. Counted in QEMU, exactly: (T(2n) - T(n)) / n, with the
loop around the calls, their arguments, handlers of 5 instructions and get_wlen() of 3. A packet of mpsc_pbuf is a
header word and 16 bytes, in a buffer of 1 KiB. Masked is what runs after the instruction that masks, up to and with
the one that unmasks; the longest such stretch, in {masked}(), is one of all the work above, of an exhausted pool, a
full and an empty queue, and of connecting and disconnecting. mpsc_pbuf, whose allocations take back at once what up
to 32 packets left, is counted apart.

{table}"""


def count(image):
    """Instructions by the name of the work."""
    done = subprocess.run(RUN + ["--icount", str(SHIFT), BOARD, image], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"instructions: {image} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    counts = {}
    for line in done.stdout.splitlines():
        name, cycles = line.split("\t")
        counts[name] = int(cycles) * NS_PER_CYCLE / 2 ** SHIFT / TIMES - LOOP.get(name, 0)
    if round(counts.pop(MEASURE), 1) != 10:
        sys.exit(f"instructions: ten instructions were not ten:\n{done.stdout}")
    return counts


def masks(image, objdump):
    """The addresses of the instructions that mask, and of those that unmask."""
    done = subprocess.run([objdump, "-d", "--no-show-raw-insn", image], capture_output=True, text=True, check=True)
    mask, unmask = set(), set()
    for line in done.stdout.splitlines():
        match = re.match(r"\s*([0-9a-f]+):\s+(cpsid\s+i|msr\s+PRIMASK)", line)
        if match:
            (mask if match[2].startswith("cpsid") else unmask).add(int(match[1], 16))
    return mask, unmask


def longest_masked(image, objdump):
    """The longest stretches with interrupts masked, elsewhere and in mpsc_pbuf, each with the function it began in.

    Start-up, up to main(), does not count.
    """
    mask, unmask = masks(image, objdump)
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        subprocess.run(RUN + ["--icount", str(SHIFT), BOARD, image, "--", "-singlestep", "-d", "exec,nochain",
                              "-D", trace], stdout=subprocess.DEVNULL, check=True)
        depth = length = 0
        started = False
        longest = {True: (0, "nothing"), False: (0, "nothing")}
        where = None
        with open(trace, encoding="utf-8") as file:
            for line in file:
                match = re.match(r"Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/\S+\] (\S*)", line)
                started = started or match is not None and match[2] == "main"
                if not match or not started:
                    continue
                address = int(match[1], 16)
                length += 1
                if address in mask:
                    if depth == 0:
                        length, where = 0, match[2]
                    depth += 1
                elif address in unmask and depth > 0:
                    depth -= 1
                    if depth == 0:
                        ring = bool(RING.match(where))
                        longest[ring] = max(longest[ring], (length, where))
    return longest[False], longest[True]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("clocked", "stepped", "compiler", "objdump"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--update", action="store_true", default=bool(os.environ.get("UPDATE")),
                        help="write the table instead of comparing with it; so does UPDATE=1 in the environment")
    args = parser.parse_args()

    counts = count(args.clocked)
    (length, where), (ring_length, _) = longest_masked(args.stepped, args.objdump)
    counts["longest stretch with interrupts masked"] = length
    counts["in mpsc_pbuf, to get 32 packets back"] = ring_length
    rows = [[name, f"{round(counts[name], 1):g}", *limits] for name, limits in LIMITS.items()]
    measured = TEXT.format(compiler=tables.compiler_name(args.compiler), masked=where.split(".")[0],
                           table=tables.layout(["work", "instructions", "at most", "aim"], rows))
    print(measured)
    over = [f"{name}: {counts[name]:g} instructions, more than {most}" for name, (most, _) in LIMITS.items()
            if counts[name] > most]
    if over:
        print("\n".join(over))
        return 1
    if args.update:
        with open(TABLE, "w", encoding="utf-8") as file:
            file.write(measured)
        return 0
    return 0 if tables.compare(TABLE, measured, "make bench-mcu UPDATE=1") else 1


if __name__ == "__main__":
    sys.exit(main())
