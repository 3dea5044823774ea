#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The faults that the tests of net_buf must find; tools/mutation.py says how."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))

from faults import FAULTS  # noqa: E402
from mutation import Program, main  # noqa: E402

PROGRAMS = {name: Program([f"{name}/*.c"]) for name in ("simple", "buf", "pool", "irq", "threads")}
PROGRAMS["cached"] = Program(["cached/cached.c"],
                             options=["-DCONFIG_NET_BUF_POOL_CACHE=1", "-DCONFIG_NET_BUF_POOL_CACHE_SIZE=8",
                                      "-DCONFIG_NET_BUF_POOL_CACHE_THREADS=8"],
                             arguments=["-timeout=20"])
PROGRAMS["ends"] = Program(["threads/ends.c", "threads/together.c"])
SUPPORT = ["support/misuse.c", "support/pools_home.c"]

if __name__ == "__main__":
    sys.exit(main(FAULTS, PROGRAMS, SUPPORT, optional={"cache.c": "cached"}))
