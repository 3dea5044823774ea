#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts faults into the library, one at a time, and expects the interrupt sweep to find each.

The sweep has passed without a fault, as a test of its own. Each fault of faults.py is put into a copy of
the file that it is for; what includes that is compiled and linked with the objects of the sweep, before
the library. Found is a fault whose run ends as one of failed tests and says what is out of balance: a
program that crashes or hangs says nothing of the kind.
"""

import argparse
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from faults import FAULTS, FEW

PARTS = ["port/include", "port/bare/include", "port/cortex_m/include", "port/riscv/include", "kernel/include",
         "kernel/src", "net_buf/include", "net_buf/src", "packet_io/include", "packet_io/src", "mpsc_pbuf/include",
         "mpsc_pbuf/src", "iob/include", "iob/src", "rtio/include", "rtio/src"]
FAILED = 1  # exit status of a program with failed tests
TIMEOUT = 600

# What port_mask() returned when nothing was masked.
UNMASKED = {"cortex_m": "0U", "riscv": "8U"}


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **options)


def words(command):
    """The words of a command of CMake, without its own mark and without a map, which is the build's."""
    return [word for word in shlex.split(command.replace("SHELL:", "")) if word and not word.startswith("-Wl,-Map=")]


def put_in(fault, root, copy):
    """Puts a fault into the file below copy that has its place."""
    places = []
    for name in fault.files:
        path = copy / name
        if path.is_file():
            text = (root / name).read_text(encoding="utf-8")
            places += [(path, text)] * len(re.findall(fault.old, text))
    if len(places) != 1:
        sys.exit(f"{fault.name}: its place is there {len(places)} times in {' '.join(fault.files)}")
    path, text = places[0]
    path.write_text(re.sub(fault.old, fault.new, text), encoding="utf-8")
    return path


def build(fault, copy, folder, args):
    """Compiles what the fault is in, and links. Returns the program."""
    compiler = words(args.compile)
    for part in PARTS:
        compiler = [f"-I{copy / part}" if option == f"-I{args.root / part}" else option for option in compiler]
    objects = []
    for source in fault.sources:
        objects.append(folder / (source.replace("/", "_") + ".o"))
        result = run([*compiler, "-w", f"-DUNMASKED={UNMASKED[args.core]}", "-c", copy / source, "-o", objects[-1]])
        if result.returncode:
            sys.exit(f"{fault.name}: {result.stdout}")
    program = folder / "program.elf"
    result = run([*words(args.link), *args.objects, *objects, *words(args.libraries), "-o", program])
    if result.returncode:
        sys.exit(f"{fault.name}: {result.stdout}")
    return program


def verdict(program, args):
    """Runs a program. Returns what the sweep says of the fault; None if that is nothing."""
    runner = args.root / "tools" / "qemu" / "run.py"
    result = run([sys.executable, "-B", runner, args.board, program, "--icount", "7", "--timeout", str(TIMEOUT)])
    found = re.search(r"^\s*(imbalance: .*)$", result.stdout, re.M)
    if result.returncode == FAILED and found:
        return found[1], True
    return f"status {result.returncode}; {(result.stdout.strip().splitlines() or ['nothing'])[-1]}", False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board", required=True)
    parser.add_argument("--core", required=True, choices=UNMASKED)
    parser.add_argument("--atomics", required=True, choices=["native", "masked"])
    parser.add_argument("--image", required=True, help="the faults that are for it")
    parser.add_argument("--root", type=pathlib.Path, required=True, help="folder of the sources")
    parser.add_argument("--compile", required=True, help="compiler, with all options")
    parser.add_argument("--link", required=True, help="linker, with the options that come first")
    parser.add_argument("--libraries", required=True, help="what comes last: the library without faults")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("--few", action="store_true", help="only one of each kind")
    parser.add_argument("objects", nargs="+", help="of the sweep and of the board")
    args = parser.parse_args()

    faults = [fault for fault in FAULTS
              if fault.image == args.image and args.atomics in fault.cores and args.only in fault.name
              and (fault.name in FEW or not args.few)]
    survivors = 0
    with tempfile.TemporaryDirectory() as name:
        copy = pathlib.Path(name) / "copy"
        for part in PARTS:
            shutil.copytree(args.root / part, copy / part)
        for fault in faults:
            path = put_in(fault, args.root, copy)
            begin = time.monotonic()
            what, found = verdict(build(fault, copy, pathlib.Path(name), args), args)
            survivors += not found
            print(f"{'found' if found else 'SURVIVED'}: {fault.name}: {what} ({time.monotonic() - begin:.0f} s)",
                  flush=True)
            shutil.copy(args.root / path.relative_to(copy), path)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
