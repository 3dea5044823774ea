# SPDX-License-Identifier: Apache-2.0
"""Tests the front door: `make help` lists every target, and the targets it promises are there."""

import os
import re
import subprocess
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


class Makefile(unittest.TestCase):
    @staticmethod
    def make(*args):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(["make", "-C", ROOT, "--no-print-directory", *args], env=environment, check=True,
                              stdout=subprocess.PIPE, text=True).stdout

    def test_help_lists_every_target(self):
        with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as file:
            makefile = file.read()
        phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split()
        defined = re.findall(r"^([a-z-]+):", makefile, re.M)
        listed = re.findall(r"^  make ([a-z-]+) +\S", self.make("help"), re.M)
        self.assertEqual(sorted(phony), sorted(defined))
        self.assertEqual(sorted(phony), sorted(listed))
        for name in ("demo", "test", "check", "soak", "bench", "format", "lint", "clean", "menuconfig", "help"):
            self.assertIn(name, listed)

    def test_help_is_the_default(self):
        self.assertEqual(self.make("help"), self.make())

    def test_ci_runs_nothing_of_its_own(self):
        path = os.path.join(ROOT, ".ci", "run")
        self.assertTrue(os.access(path, os.X_OK))
        with open(path, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"(?m)^export WERROR=1$(.|\n)*^make test$")


if __name__ == "__main__":
    unittest.main()
