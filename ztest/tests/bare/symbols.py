#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Check that object files need nothing that a platform without a C library has not.

    symbols.py NM OBJECT...
"""

import subprocess
import sys

# What DESIGN lets shared code use, the kernel's few functions, the port's, and the test program's.
ALLOWED = {
    "memcmp", "memcpy", "memmove", "memset", "strcmp", "strlen",
    "k_current_get", "k_is_in_isr", "k_uptime_get_32", "printk", "vprintk",
    "port_fatal", "port_irq_lock", "port_irq_unlock", "port_print",
    "_GLOBAL_OFFSET_TABLE_",
}
SECTIONS = ("__start_", "__stop_")


def names(nm, option, objects):
    output = subprocess.run([nm, option, "-P", *objects], stdout=subprocess.PIPE,
                            check=True, text=True).stdout
    lines = (line.split() for line in output.splitlines())
    return {fields[0] for fields in lines if len(fields) > 1}


def main():
    nm, *objects = sys.argv[1:]
    needed = names(nm, "-u", objects) - names(nm, "--defined-only", objects) - ALLOWED
    surplus = sorted(name for name in needed if not name.startswith(SECTIONS))
    for name in surplus:
        print(f"needs {name}")
    return 1 if surplus else 0


if __name__ == "__main__":
    sys.exit(main())
