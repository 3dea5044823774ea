#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The two files of tools/amalgamate.py compile alone, and programs of them run.

    test_amalgamation.py [--microcontroller COMMAND]... [COMPILER...]

Each COMPILER is one of C for this machine; each COMMAND compiles for a microcontroller without a C library.
"""

import argparse
import concurrent.futures
import os
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WARNINGS = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]

# Wires in one file, traffic in another; every part, and something that blocks.
WIRES = """
#include "packet_io.h"

int seen;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	(void)sink;
	seen += buf->len;
}

PACKET_SOURCE_DEFINE(source);
PACKET_EVENT_QUEUE_DEFINE(queue, 4);
PACKET_SINK_DEFINE_IMMEDIATE(now, handler);
PACKET_SINK_DEFINE_QUEUED(later, handler, queue);
PACKET_CONNECT(&source, &now);
PACKET_CONNECT(&source, &later);
"""
MAIN = """
#include "packet_io.h"

NET_BUF_POOL_DEFINE(pool, 2, 16, 4, NULL);
extern struct packet_source source;
extern struct packet_event_queue queue;
extern int seen;

static struct k_work work;
static struct k_work_sync sync;

static void count(struct k_work *item)
{
	(void)item;
	seen++;
}

int main(void)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);
	struct iob_s *iob = iob_tryalloc(false);

	net_buf_add_u8(buf, 1);
	if (packet_source_send_consume(&source, buf, K_NO_WAIT) != 2 || seen != 1) {
		return 1;
	}
	if (packet_event_process(&queue, K_MSEC(1)) != 0 || seen != 2) {
		return 2;
	}
	if (packet_event_process(&queue, K_MSEC(1)) != -EAGAIN || iob == NULL) {
		return 3;
	}
	(void)iob_free(iob);
	k_work_init(&work, count);
	(void)k_work_submit(&work);
	(void)k_work_flush(&work, &sync);
	return seen == 3 ? 0 : 4;
}
"""


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0 or done.stdout:
        return f"{shlex.join(command)}: status {done.returncode}\n{done.stdout}"
    return ""


def native(compiler, folder):
    """A program of both files; yields what is wrong."""
    name = os.path.basename(compiler)
    yield run(compiler, *WARNINGS, "-O1", "-c", "packet_io.c", "-o", f"{name}.o", cwd=folder)
    yield run(compiler, *WARNINGS, "-O1", "main.c", "wires.c", f"{name}.o", "-pthread", "-o", name, cwd=folder)
    yield run(os.path.join(folder, name), cwd=folder)


def microcontroller(command, number, folder):
    yield run(*shlex.split(command), *WARNINGS, "-ffreestanding", "-Os", "-c", "packet_io.c", "-o", f"{number}.o",
              cwd=folder)


def configured(compiler, folder):
    """Both files with other options."""
    folder = os.path.join(folder, "configured")
    os.mkdir(folder)
    yield run(sys.executable, "-B", os.path.join(ROOT, "tools", "amalgamate.py"), "--out", folder,
              *(os.path.join(ROOT, "configs", name) for name in ("hardened.conf", "minimal.conf")), cwd=folder)
    yield run(compiler, *WARNINGS, "-fsyntax-only", "packet_io.c", cwd=folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--microcontroller", action="append", default=[], metavar="COMMAND")
    parser.add_argument("compilers", nargs="*", metavar="COMPILER")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        made = run(sys.executable, "-B", os.path.join(ROOT, "tools", "amalgamate.py"), "--out", folder, cwd=folder)
        for name, text in (("main.c", MAIN), ("wires.c", WIRES)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        jobs = [native(compiler, folder) for compiler in args.compilers]
        # Static names of all files meet in one, and what some options leave unused.
        jobs += [configured(compiler, folder) for compiler in args.compilers[-1:]]
        jobs += [microcontroller(command, i, folder) for i, command in enumerate(args.microcontroller)]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            faults = [made] + list(pool.map(lambda job: next(filter(None, job), ""), jobs))
    print("\n".join(filter(None, faults)) or "alone, it compiles and runs")
    return 1 if any(faults) else 0


if __name__ == "__main__":
    sys.exit(main())
