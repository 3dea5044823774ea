#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes one configuration: Kconfig defaults, then fragments in the order given.

Writes DIR/include/zephyr/autoconf.h for the compiler, DIR/.config to read, and
DIR/config.cmake for the build. A file whose content stays the same is left
alone, so that nothing is compiled again for it.
"""

import argparse
import os
import sys
import tempfile

import fragments
from kconfiglib import BOOL, HEX, STRING, escape

_BANNER = "Generated from Kconfig and configuration fragments; changes here are lost."


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, help="folder of the top Kconfig file")
    parser.add_argument("--out", required=True, metavar="DIR", help="where to write")
    parser.add_argument("fragments", nargs="*", help="configuration fragments (*.conf)")
    args = parser.parse_args()

    try:
        kconf = fragments.load_kconfig(os.path.abspath(args.root))
        fragments.apply_fragments(kconf, args.fragments)
    except fragments.ConfigError as err:
        print(err, file=sys.stderr)
        return 1

    write_outputs(kconf, args.out, args.fragments)
    return 0


def write_outputs(kconf, out, paths):
    """Writes the three files of a configuration."""
    include = os.path.join(out, "include", "zephyr")
    os.makedirs(include, exist_ok=True)
    write_if_changed(os.path.join(include, "autoconf.h"), autoconf(kconf))
    write_if_changed(os.path.join(out, ".config"), _dotconfig(kconf))
    write_if_changed(os.path.join(out, "config.cmake"), _cmake(kconf, paths))


def autoconf(kconf):
    """The header: options that are off stay undefined."""
    lines = [f"/* {_BANNER} */"]
    for sym, value in _settings(kconf):
        if sym.orig_type == BOOL:
            value = "1"
        elif sym.orig_type == STRING:
            value = f'"{escape(value)}"'
        lines.append(f"#define CONFIG_{sym.name} {value}")
    return "\n".join(lines) + "\n"


def _dotconfig(kconf):
    lines = [f"# {_BANNER}\n"]
    lines += [sym.config_string for sym in kconf.unique_defined_syms]
    return "".join(lines)


def _cmake(kconf, paths):
    """CMake variables: each option that is set, and the files the configuration was made from."""
    files = [os.path.join(kconf.srctree, name) for name in kconf.kconfig_filenames]
    files += [os.path.abspath(name) for name in paths]
    lines = [f"# {_BANNER}"]
    lines += [f"set(CONFIG_{sym.name} [==[{value}]==])" for sym, value in _settings(kconf)]
    lines += ["set(PACKET_IO_CONFIG_INPUTS"]
    lines += [f"\t[==[{name}]==]" for name in files]
    return "\n".join(lines + [")"]) + "\n"


def _settings(kconf):
    """Each option that has a value, with it; hexadecimal numbers always begin with 0x."""
    for sym in kconf.unique_defined_syms:
        value = sym.str_value
        if sym.orig_type == BOOL and value == "n" or not sym.config_string:
            continue
        if sym.orig_type == HEX and not value.lower().startswith("0x"):
            value = "0x" + value
        yield sym, value


def write_if_changed(path, content):
    """Replaces a file in one step, and leaves it alone when it has this content already."""
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == content:
                return
    except FileNotFoundError:
        pass
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(path) or ".", delete=False) as new:
        new.write(content)
    os.chmod(new.name, 0o644)
    os.replace(new.name, path)


if __name__ == "__main__":
    sys.exit(main())
