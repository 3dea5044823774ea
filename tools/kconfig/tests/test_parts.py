#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of parts.py."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from parts import Part, options_of  # noqa: E402


class Parts(unittest.TestCase):
    """Three parts, each on top of the one before."""

    FILES = {
        "low/include/low.h": "#ifdef CONFIG_LOW\n",
        "low/include/deep/deeper.h": "CONFIG_DEEP\n",
        "low/src/low.c": '#include "own.h"\n#if CONFIG_LOW_INSIDE > 2\n',
        "low/tests/test.c": "CONFIG_OF_TESTS\n",
        "middle/posix/include/middle.h": "# include <low.h>\nCONFIG_MIDDLE\n",
        "middle/src/middle.c": "int x; /* CONFIG_MIDDLE_INSIDE */\n",
        "high/src/high.c": "#include <middle.h>\nIS_ENABLED(CONFIG_HIGH)\n",
        "alone/src/alone.c": "#include <stdint.h>\n",
    }

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, text in self.FILES.items():
            path = os.path.join(folder.name, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        names = {name.split("/")[0] for name in self.FILES}
        self.parts = {name: Part(os.path.join(folder.name, name)) for name in names}

    def check(self, part, *options):
        self.assertEqual(options_of(part, self.parts), {"CONFIG_" + option for option in options})

    def test_own_options_but_for_tests(self):
        self.check("low", "LOW", "DEEP", "LOW_INSIDE")

    def test_headers_of_others_and_no_sources(self):
        self.check("middle", "MIDDLE", "MIDDLE_INSIDE", "LOW", "DEEP")

    def test_headers_that_headers_include(self):
        self.check("high", "HIGH", "MIDDLE", "LOW", "DEEP")

    def test_nothing(self):
        self.check("alone")


if __name__ == "__main__":
    unittest.main()
