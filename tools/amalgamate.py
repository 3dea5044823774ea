#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes packet_io.c and packet_io.h: the whole library in two files.

    tools/amalgamate.py --out DIR [FRAGMENT...]
    cc -c packet_io.c                                 for Linux; link with -pthread; with
                                                      -DCONFIG_PACKET_IO_LIBURING and -luring for io_uring
    arm-none-eabi-gcc -mcpu=... -ffreestanding -Os -ffunction-sections -c packet_io.c

They compile for Linux, and without an operating system for Cortex-M and 32-bit RISC-V; the options of each are
in packet_io.h: the Kconfig defaults, for a microcontroller with CONFIG_NET_BUF and CONFIG_PACKET_IO and without
CONFIG_SYSTEM_WORKQUEUE, then the fragments, of which those named NAME.linux.conf, NAME.cortex_m.conf and
NAME.riscv.conf are for one platform.
"""

import argparse
import os
import re
import sys
import tempfile

TOOLS = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(TOOLS, "kconfig"))

import fragments  # noqa: E402
import genconfig  # noqa: E402

# What the compiler defines, and what the configuration begins with.
SMALL = "CONFIG_NET_BUF=y\nCONFIG_PACKET_IO=y\nCONFIG_SYSTEM_WORKQUEUE=n\n"
PLATFORMS = {
    "linux": ("defined(__linux__)", ""),
    "cortex_m": ("defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'", "CONFIG_PORT_CORTEX_M=y\n" + SMALL),
    "riscv": ("defined(__riscv)", "CONFIG_PORT_RISCV=y\n" + SMALL),
}
# Tests are no part of it, nor is what only Zephyr's own build compiles.
LEFT_OUT = {"ztest", "compat_zephyr.h"}
# The two headers of a C library; without one, what little the library needs of them.
LIBC = ("errno.h", "string.h")

KEYWORDS = ("IF", "INCLUDE", "SOURCES", "APART", "MODULE", "OPTIONS", "LIBRARIES")
# Whether CMake has found a library, and what says so to the compiler: who has it links with it.
FOUND = {"URING_LIBRARY AND URING_INCLUDE_DIR": "CONFIG_PACKET_IO_LIBURING"}
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
GUARD = re.compile(r"(?:\s|/\*.*?\*/|//[^\n]*)*#ifndef (\w+)\n#define \1\n", re.DOTALL)


class Piece:
    """One packet_io_sources() of a part."""

    def __init__(self, folder, arguments):
        words = {key: [] for key in KEYWORDS}
        for word in arguments:
            if word in words:
                key = word
            else:
                words[key].append(word)
        self.condition = condition(" ".join(words["IF"]))
        self.include = [os.path.join(folder, name) for name in words["INCLUDE"]]
        self.sources = [os.path.join(folder, name)
                        for key in ("SOURCES", "APART", "MODULE") for name in words[key]]


def condition(text):
    """A CMake condition over options as one of C; nothing stays nothing."""
    for old, new in FOUND.items():
        text = text.replace(old, new)
    text = re.sub(r"(CONFIG_\w+) (GREATER|LESS|EQUAL) (\d+)",
                  lambda m: f"({m[1]} {dict(GREATER='>', LESS='<', EQUAL='==')[m[2]]} {m[3]})", text)
    text = re.sub(r"(?<!\()\bCONFIG_\w+\b(?! [<>=])", r"defined(\g<0>)", text)
    for old, new in (("AND", "&&"), ("OR", "||"), ("NOT ", "!")):
        text = re.sub(rf"\b{old}", new, text)
    return text


def pieces_of(folder):
    """What each part adds to the library, from the CMakeLists.txt of each and of the folders below that they name."""
    with open(os.path.join(folder, "CMakeLists.txt"), encoding="utf-8") as file:
        text = re.sub(r"#.*", "", file.read())
    for call in re.finditer(r"(?m)^(packet_io_sources|add_subdirectory)\(((?:\"[^\"]*\"|[^\")])*)\)", text):
        words = [a or b for a, b in re.findall(r"\"([^\"]*)\"|(\S+)", call[2])]
        if call[1] == "packet_io_sources":
            yield Piece(folder, words)
        elif len(words) == 1 and words[0] not in LEFT_OUT:
            yield from pieces_of(os.path.join(folder, words[0]))


class Writer:
    """Puts files into one another, each where it is included first."""

    def __init__(self, root, pieces, configuration):
        self.root = root
        self.configuration = configuration
        self.found = {}  # name of a public header: (condition, path) of each that has it
        self.done = {}  # path: the conditions that it has been written under
        for piece in pieces:
            for path, name in self.headers(piece):
                self.found.setdefault(name, []).append((piece.condition, path))

    @staticmethod
    def headers(piece):
        """Yields (path, name) of the public headers of a piece."""
        for folder in piece.include:
            for where, folders, names in os.walk(folder):
                folders.sort()
                for name in sorted(names):
                    path = os.path.join(where, name)
                    yield path, os.path.relpath(path, folder)

    def text_of(self, path, when):
        """A file, with those that it includes, as far as they are new where @p when holds."""
        if {"", when} & self.done.get(path, set()):
            return ""
        self.done.setdefault(path, set()).add(when)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"\A/\* SPDX-License-Identifier: [^*]*\*/\n", "", text)

        # A public header that is included under a condition comes ahead of it all, so that others have it, too.
        ahead = []
        depth = -1 if GUARD.match(text) else 0
        lines = []
        for line in text.splitlines(keepends=True):
            if re.match(r"\s*#\s*if", line):
                depth += 1
            elif re.match(r"\s*#\s*endif", line):
                depth -= 1
            included = INCLUDE.match(line)
            if depth > 0 and included and included[2] in self.found:
                ahead.append(self.included(path, included, line, when))
            elif not line.startswith("#define _GNU_SOURCE"):
                lines.append((line, included, depth > 0))
        name = "the options" if path == self.configuration else os.path.relpath(path, self.root)
        out = [f"\n/* ==== {name} ==== */\n"]
        for line, included, conditional in lines:
            before = {path: set(conditions) for path, conditions in self.done.items()}
            out.append(self.included(path, included, line, when) if included else line)
            if conditional:
                self.done = before
        return "".join(ahead + out)

    def included(self, path, match, line, when):
        """What an #include becomes."""
        name = match[2]
        beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
        if name == "zephyr/autoconf.h":
            return self.text_of(self.configuration, "")
        if name in LIBC:
            return self.of_libc(name)
        if match[1] == '"' and os.path.exists(beside):
            return "" if name in LEFT_OUT else self.text_of(beside, when)
        if name not in self.found:
            return line
        choices = self.found[name]
        if len(choices) > 1:  # one for each platform
            return "".join(guarded(other, self.text_of(file, other)) for other, file in choices)
        # Once is enough: a part includes its own, and those that come before it.
        return "" if choices[0][1] in self.done else self.text_of(choices[0][1], when)

    def of_libc(self, name):
        """A header of the C library, or what stands in for it."""
        path = os.path.join(self.root, "boards", "common", "libc", "include", name)
        text = self.text_of(path, "")
        return f"#if __has_include(<{name}>)\n#include <{name}>\n#else\n{text}#endif\n" if text else ""


def guarded(when, text):
    return f"#if {when}\n{text}#endif\n" if when and text else text


def configuration_of(root, paths):
    """The options of all platforms as text for the compiler."""
    out = []
    for number, (name, (when, first)) in enumerate(PLATFORMS.items()):
        others = [f".{other}.conf" for other in PLATFORMS if other != name]
        kconf = fragments.load_kconfig(root)
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as begin:
            begin.write(first)
            begin.flush()
            fragments.apply_fragments(kconf, [begin.name] + [p for p in paths if not p.endswith(tuple(others))])
        out.append(f"#{'el' if number else ''}if {when}\n{genconfig.autoconf(kconf)}")
    out.append('#else\n#error "Packet I/O: this is neither Linux, nor a Cortex-M, nor RISC-V"\n#endif\n')
    return "".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, metavar="DIR", help="where to write")
    parser.add_argument("fragments", nargs="*", metavar="FRAGMENT", help="configuration fragments (*.conf)")
    args = parser.parse_args()
    root = os.path.dirname(TOOLS)

    pieces = list(pieces_of(root))
    os.makedirs(args.out, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        configuration = os.path.join(folder, "autoconf.h")
        try:
            with open(configuration, "w", encoding="utf-8") as file:
                file.write(configuration_of(root, args.fragments))
        except fragments.ConfigError as err:
            print(err, file=sys.stderr)
            return 1
        writer = Writer(root, pieces, configuration)
        top = "/* SPDX-License-Identifier: Apache-2.0 */\n/** @file Packet I/O as one %s. Made by a script: changes here are lost. */\n"
        header = [top % "header", "#ifndef PACKET_IO_AMALGAMATION_H_\n#define PACKET_IO_AMALGAMATION_H_\n",
                  writer.text_of(configuration, "")] + [writer.of_libc(name) for name in LIBC]
        for piece in pieces:
            for path, name in writer.headers(piece):
                if "/" in name:  # the others are what <port/port.h> includes
                    header.append(guarded(piece.condition, writer.text_of(path, piece.condition)))
        header.append("\n#endif /* PACKET_IO_AMALGAMATION_H_ */\n")

        for conditions in writer.done.values():
            conditions.add("")
        source = [top % "source file", "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif\n",
                  "/* Of what files share, not every configuration uses all. */\n"
                  "#pragma GCC diagnostic ignored \"-Wunused-function\"\n",
                  "#define PACKET_IO_LIBRARY\n#define PACKET_IO_AMALGAMATION\n#define Z_LOG_FILE 0\n",
                  '#include "packet_io.h"\n']
        number = 0
        for piece in pieces:
            for path in piece.sources:
                number += 1
                text = writer.text_of(path, piece.condition)
                source.append(guarded(piece.condition, f"#undef Z_LOG_FILE\n#define Z_LOG_FILE {number}\n{text}"))
    for name, text in (("packet_io.h", header), ("packet_io.c", source)):
        genconfig.write_if_changed(os.path.join(args.out, name), "".join(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
