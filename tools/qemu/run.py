#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program of a board in QEMU and ends as the program did.

    run.py BOARD IMAGE [--timeout SECONDS] [--icount SHIFT] [--stdin] [-- QEMU-OPTION...]

What the program prints goes to stdout; with --stdin, the UART it prints on receives what comes here
on stdin. The exit status is that of the program, 0 to 123; else
    124  it ran longer than the timeout, and was stopped
    125  it called port_fatal()
    126  a fault nobody expected; or QEMU ended without the program having done so
    127  it could not be run: no such board, no such image, no QEMU
"""

import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import threading

BOARDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "boards")
PACKAGES = {"qemu-system-arm": "qemu-system-arm", "qemu-system-riscv32": "qemu-system-misc"}
TIMEOUT, FATAL, BROKEN, CANNOT = 124, 125, 126, 127
TAIL = 20  # lines shown of a program that hangs


class CannotRun(Exception):
    """Why nothing was run."""


def boards():
    return sorted(os.path.basename(os.path.dirname(path)) for path in glob.glob(os.path.join(BOARDS, "*", "board.json")))


def command(board, image, icount, extra):
    """The command line of QEMU."""
    if board not in boards():
        raise CannotRun(f"there is no board '{board}'; there are {' '.join(boards())}")
    with open(os.path.join(BOARDS, board, "board.json"), encoding="utf-8") as file:
        description = json.load(file)
    emulator = description["emulator"]
    if shutil.which(emulator) is None:
        raise CannotRun(f"{board} needs {emulator}, which is missing; on Debian: apt-get install {PACKAGES[emulator]}")
    if not os.path.isfile(image):
        raise CannotRun(f"there is no file {image}")
    machine = description["machine"]
    # Virtual time advances by instructions, and jumps where the core sleeps: the same in every run.
    machine = machine + ["-icount", f"shift={icount},sleep=off"]
    return [emulator, *machine, "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot",
            *extra, "-kernel", image]


def run(line, timeout, stdin):
    """Runs QEMU, copying its output. Returns the exit status and the lines printed last."""
    # Unless asked to, it leaves stdin alone: a test must not take what is typed for somebody else.
    stdin = None if stdin else subprocess.DEVNULL
    with subprocess.Popen(line, stdin=stdin, stdout=subprocess.PIPE) as qemu:
        output = Output(qemu.stdout)
        try:
            status = output.copy_until_end(qemu, timeout)
        except subprocess.TimeoutExpired:
            qemu.kill()
            qemu.wait()
            output.join()
            return TIMEOUT, output.tail()
        return status, output.tail()


class Output:
    """Copies a pipe to stdout in the background and remembers its end."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.text = b""
        self.thread = threading.Thread(target=self._copy, daemon=True)
        self.thread.start()

    def _copy(self):
        while True:
            part = os.read(self.pipe.fileno(), 65536)
            if not part:
                return
            self.text = (self.text + part)[-65536:]
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()

    def join(self):
        self.thread.join(timeout=5)

    def copy_until_end(self, process, timeout):
        status = process.wait(timeout=timeout)
        self.join()
        return status

    def tail(self):
        return self.text.decode("utf-8", "replace").splitlines()[-TAIL:]


def report(status, tail, args):
    """Says what happened where the status alone would not."""
    if status == TIMEOUT:
        print(f"\nrun: {args.image} on {args.board}: stopped after {args.timeout:g} s; it printed last:",
              file=sys.stderr)
        for line in tail or ["(nothing)"]:
            print(f"    {line}", file=sys.stderr)
    elif status == FATAL:
        print(f"\nrun: {args.image} on {args.board}: port_fatal()", file=sys.stderr)
    elif status == BROKEN:
        print(f"\nrun: {args.image} on {args.board}: ended by a fault", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("board")
    parser.add_argument("image")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS")
    parser.add_argument("--icount", type=int, default=5, metavar="SHIFT",
                        help="an instruction takes 2^SHIFT ns of virtual time; default 5")
    parser.add_argument("--stdin", action="store_true", help="feed the UART of the console from stdin")
    own, extra = sys.argv[1:], []
    if "--" in own:
        extra = own[own.index("--") + 1:]
        own = own[:own.index("--")]
    args = parser.parse_args(own)
    try:
        line = command(args.board, args.image, args.icount, extra)
    except CannotRun as why:
        print(f"run: {why}", file=sys.stderr)
        return CANNOT
    status, tail = run(line, args.timeout, args.stdin)
    if status < 0:
        print(f"\nrun: QEMU was ended by signal {-status}", file=sys.stderr)
        status = BROKEN
    report(status, tail, args)
    return status


if __name__ == "__main__":
    sys.exit(main())
