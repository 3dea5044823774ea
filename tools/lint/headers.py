#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles every public header by itself: it includes what it needs and gives no warning.

Each is included twice, so that one without a guard shows.
"""

import argparse
import concurrent.futures
import glob
import os
import subprocess
import sys

WARNINGS = ["-Wall", "-Wextra", "-Wpointer-arith", "-Wvla", "-Werror", "-fsyntax-only"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("compiler", nargs="+", help="the compiler with its arguments")
    args = parser.parse_args()

    folders = [arg[2:] for arg in args.compiler if arg.startswith("-I")]
    headers = sorted(os.path.relpath(path, folder) for folder in folders
                     for path in glob.glob(os.path.join(glob.escape(folder), "**", "*.h"), recursive=True))
    if not headers:
        print("error: there are no public headers")
        return 1
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda header: _compile(args.compiler, header), headers))
    for header, output in zip(headers, results):
        if output is not None:
            print(f"{header}: error: does not compile alone\n{output}")
    print(f"{len(headers)} headers, {sum(output is not None for output in results)} with faults")
    return 1 if any(output is not None for output in results) else 0


def _compile(compiler, header):
    """The compiler's output if it refuses the header, else None."""
    source = f"#include <{header}>\n#include <{header}>\nint packet_io_header_is_complete;\n"
    result = subprocess.run([*compiler, *WARNINGS, "-"], input=source, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False)
    return result.stdout if result.returncode else None


if __name__ == "__main__":
    sys.exit(main())
