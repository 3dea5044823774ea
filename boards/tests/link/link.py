#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Links an application with linker scripts and start-up code that know nothing of this library, and
runs it; and links it in ways that would lose something, each of which must fail.

    link.py --application FILE --board BOARD --library FILE --libgcc FILE -- COMPILER ARG...
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
MEMORY = {
    "arm": "MEMORY\n{\n\tFLASH (rx) : ORIGIN = 0x00000000, LENGTH = 128K\n"
           "\tRAM (xrw) : ORIGIN = 0x20000000, LENGTH = 16K\n}\n",
    "riscv": "MEMORY\n{\n\tFLASH (rx) : ORIGIN = 0x80000000, LENGTH = 128K\n"
             "\tRAM (rwx) : ORIGIN = 0x80400000, LENGTH = 16K\n}\n",
}

# Name, script, definitions, linker options; what is in the script is replaced as told.
WORK = [
    ("vendor", "vendor.ld", [], [], ()),
    ("vendor without gc", "vendor.ld", [], ["-Wl,--no-gc-sections"], ()),
    ("table", "table.ld", [], [], ()),
    ("plain", "plain.ld", [], [], ()),
    ("unsorted constructors", "plain.ld", [], [], ("SORT(.init_array.*) .init_array", ".init_array .init_array.*")),
    ("no constructors, kernel_start() called", "plain.ld", ["NO_CONSTRUCTORS", "CALLS_START"], [], ()),
    ("constructors and kernel_start()", "plain.ld", ["CALLS_START"], [], ()),
    ("nobody starts the library: the first send does", "plain.ld", ["NO_CONSTRUCTORS"], [], ()),
    ("slots without an image", "plain.ld", [], [],
     ("\tend = .;", "\tz_packet_slots (NOLOAD) : { *(z_packet_slots) } > RAM\n\tend = .;")),
]
DISCARD = "*(.discarded)"
FAIL = [
    ("wires discarded", "vendor.ld", [], [], (DISCARD, "*(z_area_packet_wire)"), r"__start_z_area_packet_wire"),
    ("all tables discarded", "vendor.ld", [], [], (DISCARD, "*(z_area_*)"), r"__start_z_area_packet_wire"),
    ("sources discarded", "vendor.ld", [], [], (DISCARD, "*(z_area_packet_source)"), r"__start_z_area_packet_source"),
    ("start-up functions discarded", "vendor.ld", [], [], (DISCARD, "*(z_area_init_entry)"),
     r"__start_z_area_init_entry"),
    ("slots discarded", "vendor.ld", [], [], (DISCARD, "*(z_packet_slots)"), r"__start_z_packet_slots"),
    ("tables swallowed by another section", "vendor.ld", [], [], ("*(.rodata*)", "*(.rodata*) *(z_area_*)"),
     r"__start_z_area_packet_wire"),
    ("orphans discarded", "vendor.ld", [], ["-Wl,--orphan-handling=discard"], (), r"__start_z_area_packet_wire"),
    ("tables collected as garbage", "vendor.ld", [], ["-Wl,-z,start-stop-gc"], (), r"__start_z_area_"),
    ("promised a section for memory that is not cleared", "vendor.ld", ["CONFIG_LINKER_NOINIT"], [], (),
     r"packet_io_noinit"),
    ("built against another configuration", "vendor.ld", ["OTHER_CONFIGURATION"], [], (),
     r"packet_io_built_with_STATS_0"),
]


class Linker:
    def __init__(self, args, scratch):
        self.args = args
        self.scratch = scratch
        self.machine = "riscv" if "riscv" in os.path.basename(args.compiler[0]) else "arm"

    def link(self, script, definitions, options, change):
        """Compiles and links; returns the image and None, or None and what the linker says."""
        with open(os.path.join(HERE, script), encoding="utf-8") as file:
            text = file.read()
        if change:
            assert change[0] in text, change
            text = text.replace(change[0], change[1])
        path = os.path.join(self.scratch, "script.ld")
        with open(path, "w", encoding="utf-8") as file:
            file.write(MEMORY[self.machine] + text)
        image = os.path.join(self.scratch, "app.elf")
        definitions = [f"-D{name}" for name in definitions]
        command = [self.args.compiler[0], *self.other(definitions), *self.args.compiler[1:], "-std=gnu11", "-Os", "-ffunction-sections", "-fdata-sections", "-Wall",
                   "-Wextra", "-imacros", "zephyr/autoconf.h", *definitions,
                   f"-I{ROOT}/boards/common/include", "-nostdlib", "-Wl,-e,Reset_Handler", "-Wl,--gc-sections",
                   *options, f"-T{path}", self.args.application, f"{ROOT}/boards/common/libc/src/string.c",
                   self.args.library, self.args.libgcc, f"-Wl,-Map={image}.map", "-o", image]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return (image, None) if result.returncode == 0 else (None, result.stdout)

    def other(self, definitions):
        """For another configuration: a header that differs by an option, found before the right one."""
        if "-DOTHER_CONFIGURATION" not in definitions:
            return []
        folder = next(arg[2:] for arg in self.args.compiler
                      if arg.startswith("-I") and os.path.exists(os.path.join(arg[2:], "zephyr", "autoconf.h")))
        with open(os.path.join(folder, "zephyr", "autoconf.h"), encoding="utf-8") as file:
            text = file.read()
        os.makedirs(os.path.join(self.scratch, "zephyr"), exist_ok=True)
        with open(os.path.join(self.scratch, "zephyr", "autoconf.h"), "w", encoding="utf-8") as file:
            file.write(text.replace("#define CONFIG_PACKET_IO_STATS 1\n", ""))
        return [f"-I{self.scratch}"]

    def run(self, image):
        return subprocess.run([sys.executable, "-B", os.path.join(ROOT, "tools", "qemu", "run.py"), self.args.board,
                               image, "--timeout", "120"], check=False).returncode

    def addresses(self, image):
        """The tables of a program and where they are, from its map."""
        with open(image + ".map", encoding="utf-8") as file:
            text = file.read()
        return {match[1]: int(match[2], 16)
                for match in re.finditer(r"^(z_[a-z_]+)\s+0x0*([0-9a-f]+)\s+0x[0-9a-f]+", text, re.M)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--application", required=True)
    parser.add_argument("--board", required=True)
    parser.add_argument("--library", required=True)
    parser.add_argument("--libgcc", required=True)
    parser.add_argument("compiler", nargs="+")
    args = parser.parse_args()
    faults = 0

    def report(ok, name, what):
        nonlocal faults
        faults += not ok
        print(f"{'ok' if ok else 'FAILED'}: {name}{': ' + what if what else ''}", flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        linker = Linker(args, scratch)
        ram = 0x20000000 if linker.machine == "arm" else 0x80400000
        for name, script, definitions, options, change in WORK:
            image, output = linker.link(script, definitions, options, change)
            if image is None:
                report(False, name, f"does not link:\n{output}")
                continue
            status = linker.run(image)
            report(status == 0, name, "" if status == 0 else f"status {status}")
            for table, address in linker.addresses(image).items():
                if (address >= ram) != (table == "z_packet_slots"):
                    report(False, name, f"{table} is at {address:#x}")
        for name, script, definitions, options, change, expect in FAIL:
            image, output = linker.link(script, definitions, options, change)
            if image is not None:
                report(False, name, "links")
            else:
                named = re.search(rf"undefined reference to .*{expect}", output) is not None
                report(named, name, "" if named else f"fails for another reason:\n{output}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
