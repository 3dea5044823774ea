#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A program that was compiled for another configuration than the library must not link.

Options that change a structure, or the meaning of a number, are part of the name of a symbol that
every user of the headers refers to. For each of them this links a program that differs in that
option alone, and looks for the name in what the linker says. The same program, compiled for the
library's configuration, must link and run.

With --every-option, all options that public headers ask for are tried as well: one that changes a
structure, and none of those names, is missing in them.
"""

import argparse
import concurrent.futures
import glob
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


def expanded(args, folder, configuration, headers):
    """All public headers, preprocessed: what each structure consists of, and the names; None if they cannot be."""
    os.makedirs(os.path.join(folder, "zephyr"), exist_ok=True)
    with open(os.path.join(folder, "zephyr", "autoconf.h"), "w", encoding="utf-8") as file:
        file.write(configuration)
    done = subprocess.run([args.compiler[0], f"-I{folder}", *args.compiler[1:], "-std=gnu11", "-x", "c", "-E", "-P", "-"],
                          input="".join(f"#include <{name}>\n" for name in headers), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    if done.returncode:
        return None
    text = " ".join(done.stdout.split())
    structures = {}
    for found in re.finditer(r"\b(?:struct|union) (\w+) \{", text):
        end, depth = found.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        structures[found[1]] = text[found.end():end]
    return structures, set(re.findall(r"\b\w+_built_with_\w+", text))


def every_option(args, scratch):
    """Yields the options that change a structure and no name."""
    folders = [word[2:] for word in args.compiler if word.startswith("-I")]
    paths = [(path, os.path.relpath(path, folder)) for folder in folders
             for path in sorted(glob.glob(os.path.join(glob.escape(folder), "**", "*.h"), recursive=True))]
    texts = {name: open(path, encoding="utf-8").read() for path, name in paths}
    configuration = texts.pop("zephyr/autoconf.h")
    headers = [name for name in texts if "/" in name]  # the others are what <port/port.h> includes
    ours = expanded(args, os.path.join(scratch, "ours"), configuration, headers)

    def differs(option, other):
        theirs = expanded(args, os.path.join(scratch, option), other, headers)
        if theirs is None or theirs[1] != ours[1]:
            return []
        return sorted(name for name in ours[0].keys() & theirs[0].keys() if ours[0][name] != theirs[0][name])

    def look(option):
        line = re.search(rf"^#define {option} (.*)\n", configuration, re.MULTILINE)
        if line is None:
            return differs(option, configuration + f"#define {option} 1\n")
        if not line[1].isdigit() or line[1] == "1":
            other = configuration.replace(line[0], "")
        else:
            other = configuration.replace(line[0], f"#define {option} {int(line[1]) * 2}\n")
        if not differs(option, other):
            return []
        # Others may follow from it.
        fragment = os.path.join(scratch, option + ".conf")
        with open(fragment, "w", encoding="utf-8") as file:
            file.write(f"{option}={'n' if line[1] == '1' else int(line[1]) * 2}\n")
        folder = os.path.join(scratch, option)
        code, output = run(sys.executable, "-B", os.path.join(args.root, "tools", "kconfig", "genconfig.py"),
                           "--root", args.root, "--out", folder, "--", args.conf, fragment)
        if code:
            return [output]
        with open(os.path.join(folder, "include", "zephyr", "autoconf.h"), encoding="utf-8") as file:
            return differs(option, file.read())

    options = sorted({option for text in texts.values() for option in re.findall(r"\bCONFIG_\w+", text)})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = dict(zip(options, pool.map(look, options)))
    if ours is None or len(ours[0]) < 50 or len(options) < 50:
        yield "the headers are not those expected"
    for option in options:
        if found[option]:
            yield f"{option} changes {', '.join(found[option])}, and none of the names"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, help="the repository")
    parser.add_argument("--library", required=True, help="the static library")
    parser.add_argument("--conf", required=True, help="the fragment that the library was configured with")
    parser.add_argument("--every-option", action="store_true", help="look for options that are missing in the names")
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
        if args.every_option:
            faults += every_option(args, os.path.join(scratch, "every"))
    for fault in faults:
        print(f"error: {fault}")
    print(f"{len(cases)} configurations, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
