#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Opens the configuration menu.

The menu starts from the fragments given and the choices of earlier runs. What
then differs from the fragments alone is kept in the --user file, which the
build applies after every other fragment.
"""

import argparse
import contextlib
import io
import os
import sys
import tempfile

import fragments
import kconfiglib
import menuconfig
from genconfig import write_if_changed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, help="folder of the top Kconfig file")
    parser.add_argument("--user", required=True, metavar="FILE", help="fragment that keeps the choices made")
    parser.add_argument("fragments", nargs="*", help="configuration fragments (*.conf)")
    args = parser.parse_args()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("error: the menu needs a terminal", file=sys.stderr)
        return 1

    root = os.path.abspath(args.root)
    earlier = [args.user] if os.path.exists(args.user) else []
    try:
        base = _load(root, args.fragments)
        chosen = _choose(root, args.fragments + earlier)
    except fragments.ConfigError as err:
        print(err, file=sys.stderr)
        return 1

    lines = [sym.config_string for sym in chosen.unique_defined_syms
             if sym.visibility and sym.str_value != base.syms[sym.name].str_value]
    header = "# Chosen in the menu; applied after every other fragment.\n"
    write_if_changed(args.user, header + "".join(lines))
    print(f"{len(lines)} option(s) differ from the default; the next build uses {args.user}")
    return 0


def _load(root, paths):
    kconf = fragments.load_kconfig(root)
    fragments.apply_fragments(kconf, paths)
    return kconf


def _choose(root, paths):
    """Runs the menu on a scratch file and returns the configuration that was saved in it."""
    with tempfile.TemporaryDirectory() as scratch:
        saved = os.path.join(scratch, ".config")
        kconf = _load(root, paths)
        kconf.write_config(saved)
        os.environ["KCONFIG_CONFIG"] = saved
        with contextlib.redirect_stdout(io.StringIO()):  # it would name the scratch file
            menuconfig.menuconfig(kconf)
        chosen = fragments.load_kconfig(root)
        chosen.load_config(saved)
        return chosen


if __name__ == "__main__":
    sys.exit(main())
