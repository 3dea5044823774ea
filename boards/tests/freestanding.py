#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the library needs nothing that a microcontroller without a C library has not.

    freestanding.py NM LIBGCC LIBRARY...

Six functions of <string.h>, what the compiler's own library has, and what linker scripts say are all;
above all no atomic operation that would be a call.
"""

import subprocess
import sys

ALLOWED = {"memcmp", "memcpy", "memmove", "memset", "strcmp", "strlen"}
SECTIONS = ("__start_", "__stop_", "packet_io_noinit")
ATOMIC = ("__atomic_", "__sync_")


def names(nm, option, *files):
    output = subprocess.run([nm, option, "-P", *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            check=True, text=True).stdout
    lines = (line.split() for line in output.splitlines())
    return {fields[0] for fields in lines if len(fields) > 1}


def main():
    nm, libgcc, *libraries = sys.argv[1:]
    compilers = {name for name in names(nm, "--defined-only", libgcc) if not name.startswith(ATOMIC)}
    status = 0
    for library in libraries:
        needed = names(nm, "-u", library) - names(nm, "--defined-only", library)
        for name in sorted(needed - ALLOWED - compilers):
            if not name.startswith(SECTIONS):
                print(f"{library}: needs {name}")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
