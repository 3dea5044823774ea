#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Proves from a linked program, its ELF file and its map, that static wiring and names are in flash.

    in_flash.py READELF IMAGE...

For each image that has wires: every table of constants (z_area_*) is a section that is not writable,
lies between board_flash_start and board_flash_end, and is in the map there; so does every object in
them; and each name that a source, sink or event queue points to is in flash, too.
"""

import re
import subprocess
import sys


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Image:
    """What readelf and the map say of a program."""

    def __init__(self, readelf, path):
        self.path = path
        self.sections = {}  # name: (address, offset, size, flags)
        for line in run(readelf, "-SW", path).splitlines():
            match = re.match(r"\s*\[ *\d+\] (\S+)\s+(\S+)\s+([0-9a-f]{8}) ([0-9a-f]{6}) ([0-9a-f]{6}) \S\S +([A-Za-z]*)", line)
            if match:
                self.sections[match[1]] = (int(match[3], 16), int(match[4], 16), int(match[5], 16), match[6])
        self.symbols = []  # (name, address, size, section number)
        for line in run(readelf, "-sW", path).splitlines():
            fields = line.split()
            if len(fields) >= 8 and fields[0].endswith(":") and fields[0][:-1].isdigit():
                self.symbols.append((fields[7], int(fields[1], 16), int(fields[2], 0), fields[6]))
        addresses = {name: address for name, address, _, _ in self.symbols}
        self.flash = range(addresses["board_flash_start"], addresses["board_flash_end"])
        with open(path + ".map", encoding="utf-8") as file:
            self.map = file.read()
        with open(path, "rb") as file:
            self.bytes = file.read()

    def tables(self):
        return {name: section for name, section in self.sections.items() if name.startswith("z_area_")}

    def word(self, address):
        """The initial value of a word of RAM or flash."""
        for start, offset, size, _ in self.sections.values():
            if start <= address < start + size:
                at = offset + address - start
                return int.from_bytes(self.bytes[at:at + 4], "little")
        return None


def faults(image):
    """Yields what is not where it should be."""
    # Of the types of the library: a program's own objects may be variables.
    own = ("packet_wire", "packet_source", "packet_sink", "init_entry")
    for name, (address, _, size, flags) in image.tables().items():
        if name.removeprefix("z_area_") not in own:
            continue
        if "W" in flags:
            yield f"{name} is writable"
        if address not in image.flash or size > 0 and address + size - 1 not in image.flash:
            yield f"{name} is at {address:#x}, not in flash"
        if not re.search(rf"^{name}\s+0x0*{address:x}\s+0x{size:x}\b", image.map, re.M):
            yield f"{name} is not at {address:#x} in the map"
    named = {"packet_source": [], "packet_sink": []}
    for kind, found in named.items():
        start, _, size, _ = image.tables().get(f"z_area_{kind}", (0, 0, 0, ""))
        found += [image.word(start + i) for i in range(0, size, 4)]
    for name, address, size, _ in image.symbols:
        if re.match(r"z_packet_wire_\d+|z_packet_(source|sink)_|__init_", name) and address not in image.flash:
            yield f"{name} is at {address:#x}, not in flash"
    for address in named["packet_source"] + named["packet_sink"]:
        if address in image.flash:
            yield f"a source or sink is in flash at {address:#x}, where nothing can be counted"
        text = image.word(address)
        if NAMES and text not in image.flash:
            yield f"the name of the object at {address:#x} is at {text:#x}, not in flash"


NAMES = True  # whether the first field of sources and sinks is a name


def main():
    global NAMES  # pylint: disable=global-statement
    readelf, *images = sys.argv[1:]
    status = 0
    wires = 0
    for path in images:
        if path in ("--names", "--no-names"):
            NAMES = path == "--names"
            continue
        image = Image(readelf, path)
        here = image.tables().get("z_area_packet_wire", (0, 0, 0, ""))[2] // 8
        if not re.search(r"^z_area_packet_wire", image.map, re.M):
            here = 0
        wires += here
        for fault in faults(image):
            print(f"{path}: {fault}")
            status = 1
    print(f"{wires} wires in {len(images)} programs")
    return status if wires > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
