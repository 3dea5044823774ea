#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The faults that the tests of the I/O buffers must find; tools/mutation.py says how."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))

from faults import FAULTS, PROGRAMS, SUPPORT  # noqa: E402
from mutation import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(FAULTS, PROGRAMS, SUPPORT))
