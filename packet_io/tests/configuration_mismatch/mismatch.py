#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A program that was compiled for another configuration than the library must not link.

Options that change a structure, or the meaning of a number, are part of the name of a symbol that
every user of the headers refers to. For each of them this links a program that differs in that
option alone, and looks for the name in what the linker says. The same program, compiled for the
library's configuration, must link and run.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

# A line of configuration, and what of the symbol's name the user must see.
DIFFERENCES = [
    ("CONFIG_PACKET_IO_STATS=n", r"packet_io_built_with_\w*STATS_0"),
    ("CONFIG_PACKET_IO_NAMES=n", r"packet_io_built_with_\w*NAMES_0"),
    ("CONFIG_PACKET_IO_RUNTIME_OBSERVERS=n", r"packet_io_built_with_\w*RUNTIME_OBSERVERS_0"),
    ("CONFIG_NET_BUF_POOL_USAGE=y", r"net_buf_built_with_\w*NET_BUF_POOL_USAGE_1"),
    ("CONFIG_NET_BUF_ALIGNMENT=64", r"net_buf_built_with_\w*NET_BUF_ALIGNMENT_64"),
    ("CONFIG_IOB_BUFSIZE=128", r"iob_built_with_\w*IOB_BUFSIZE_128"),
    ("CONFIG_IOB_ALIGNMENT=32", r"iob_built_with_\w*IOB_ALIGNMENT_32"),
    ("CONFIG_IOB_ALLOC=y", r"iob_built_with_\w*IOB_ALLOC_1"),
    ("CONFIG_MSGQ_FD=n", r"kernel_built_with_\w*MSGQ_FD_0"),
    ("CONFIG_MPSC_PBUF_HIGH_WATER=n", r"mpsc_pbuf_built_with_\w*HIGH_WATER_0"),
    ("CONFIG_RTIO_SYS_MEM_BLOCKS=n", r"rtio_built_with_\w*SYS_MEM_BLOCKS_0"),
    ("CONFIG_RTIO_DEADLINE=n", r"rtio_built_with_\w*DEADLINE_0"),
    ("CONFIG_POLL=n", r"kernel_built_with_\w*POLL_0"),
    ("CONFIG_THREAD_MAX_NAME_LEN=16", r"kernel_built_with_\w*THREAD_NAME_16"),
    ("CONFIG_PORT_VIRTUAL_CLOCK=n", r"kernel_built_with_\w*VIRTUAL_CLOCK_0"),
    ("CONFIG_SYS_CLOCK_TICKS_PER_SEC=10000", r"kernel_built_with_\w*TICKS_PER_SEC_10000"),
]
# The linker may leave out what nothing refers to: with it and without.
LINKING = ["-Wl,--no-gc-sections", "-Wl,--gc-sections"]

PROGRAM = """
#include <nuttx/mm/iob.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/sys/mpsc_pbuf.h>
#include <zephyr/rtio/rtio.h>

PACKET_SOURCE_DEFINE(source);
RTIO_DEFINE(requests, 1, 1);

int main(void)
{
	return packet_source_send(&source, NULL, K_MSEC(1)) == -EINVAL && iob_navail(false) > 0 &&
		       rtio_submit(&requests, 0) == 0 ? 0 : 1;
}
"""


def run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                            env=dict(os.environ, LC_ALL="C"))
    return result.returncode, result.stdout


def check(args, source, setting, expected):
    """Links the program, compiled for the library's configuration plus one line. Yields what is wrong."""
    folder = os.path.join(os.path.dirname(source), setting or "same")
    fragment = folder + ".conf"
    with open(fragment, "w", encoding="utf-8") as file:
        file.write(setting + "\n")
    code, output = run(sys.executable, "-B", os.path.join(args.root, "tools", "kconfig", "genconfig.py"),
                       "--root", args.root, "--out", folder, "--", args.conf, fragment)
    program = os.path.join(folder, "program")
    if code == 0:
        code, output = run(args.compiler[0], f"-I{folder}/include", *args.compiler[1:], "-std=gnu11", "-O2",
                           "-ffunction-sections", "-fdata-sections", "-imacros", "zephyr/autoconf.h",
                           "-c", source, "-o", program + ".o")
    if code:
        return [f"{setting}: cannot be tested\n{output}"]
    return [f"{setting} {option}: {fault}" for option in LINKING
            for fault in link(args, program, option, expected)]


def link(args, program, option, expected):
    code, output = run(args.compiler[0], program + ".o", args.library, "-o", program, "-pthread", option)
    if expected is None:
        if code or run(program)[0]:
            yield f"does not link, or does not run\n{output}"
    elif code == 0:
        yield "links"
    elif not re.search(expected, output):
        yield f"the linker does not say {expected}\n{output}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, help="the repository")
    parser.add_argument("--library", required=True, help="the static library")
    parser.add_argument("--conf", required=True, help="the fragment that the library was configured with")
    parser.add_argument("compiler", nargs="+", help="the C compiler with the public include folders")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="mismatch ") as scratch:
        source = os.path.join(scratch, "program.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(PROGRAM)
        cases = [("", None), *DIFFERENCES]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda case: check(args, source, *case), cases))
    faults = [fault for faults in results for fault in faults]
    for fault in faults:
        print(f"error: {fault}")
    print(f"{len(cases)} configurations, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
