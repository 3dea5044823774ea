#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The faults that the tests of mpsc_pbuf must find; tools/mutation.py says how."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))

from faults import FAULTS  # noqa: E402
from mutation import Program, main  # noqa: E402

SOURCES = {
    "contract": ["contract/*.c"],
    "faults": ["faults/*.c"],
    "model": ["model/*.c"],
    "waiting": ["threads/room.c", "threads/packet.c", "support/crew.c"],
    "stress": ["threads/stress.c", "support/crew.c"],
}
LINK = {"faults": ["-Wl,--wrap=mpsc_pbuf_alloc", "-Wl,--wrap=waiter_park"]}
PROGRAMS = {name: Program(sources, link=LINK.get(name, ()), arguments=["-timeout=10"])
            for name, sources in SOURCES.items()}
SUPPORT = ["support/packets.c"]

# What --quick takes of the faults: some that an assertion notices, so that no test has to time out.
QUICK = (
    "a pointer is stored as one word",
    "a put that found no room says it has stored",
    "drops are not counted",
    "the consumer does not wrap",
    "somebody else's packet is committed",
)

if __name__ == "__main__":
    sys.exit(main(FAULTS, PROGRAMS, SUPPORT, QUICK, timeout=60))
