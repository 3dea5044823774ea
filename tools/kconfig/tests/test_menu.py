# SPDX-License-Identifier: Apache-2.0
"""Drives the configuration menu through a terminal, key by key."""

import os
import pty
import select
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(os.path.dirname(HERE), "menu.py")

PATIENCE = 60  # seconds

KCONFIG = """mainmenu "Example"

config ALPHA
\tbool "Alpha"

config BETA
\tbool "Beta"
\tdepends on ALPHA
\tdefault y
"""


class Menu(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="menu test ")
        self.addCleanup(scratch.cleanup)
        self.user = os.path.join(scratch.name, "user.conf")
        self.root = scratch.name
        with open(os.path.join(self.root, "Kconfig"), "w", encoding="utf-8") as file:
            file.write(KCONFIG)

    def press(self, keys):
        """Opens the menu, presses each key once the screen is still, and returns all that was shown."""
        terminal, slave = pty.openpty()
        menu = subprocess.Popen([sys.executable, "-B", TOOL, "--root", self.root, "--user", self.user],
                                stdin=slave, stdout=slave, stderr=slave, close_fds=True,
                                env={**os.environ, "TERM": "xterm", "LINES": "24", "COLUMNS": "80"})
        os.close(slave)
        try:
            shown = self._read(terminal, first=True)
            for key in keys:
                os.write(terminal, key.encode())
                shown += self._read(terminal)
            self.assertEqual(0, menu.wait(timeout=PATIENCE), shown)
        finally:
            menu.kill()
            menu.wait()
            os.close(terminal)
        return shown

    @staticmethod
    def _read(terminal, first=False):
        shown = b""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            ready, _, _ = select.select([terminal], [], [], PATIENCE if first and not shown else 0.2)
            if not ready:
                break
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # the program has closed its side
                break
        return shown.decode(errors="replace")

    def chosen(self):
        with open(self.user, encoding="utf-8") as file:
            return [line for line in file.read().splitlines() if not line.startswith("# Chosen")]

    def test_a_choice_is_kept_and_taken_back(self):
        shown = self.press([" ", "q", "y"])
        self.assertIn("Alpha", shown)
        self.assertEqual(["CONFIG_ALPHA=y", "CONFIG_BETA=y"], self.chosen())
        self.press([" ", "q", "y"])
        self.assertEqual([], self.chosen())

    def test_leaving_without_a_change(self):
        self.press(["q"])
        self.assertEqual([], self.chosen())
        self.press([" ", "q", "n"])
        self.assertEqual([], self.chosen())

    def test_without_a_terminal(self):
        result = subprocess.run([sys.executable, "-B", TOOL, "--root", self.root, "--user", self.user],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, check=False)
        self.assertEqual((1, "error: the menu needs a terminal\n"), (result.returncode, result.stdout))


if __name__ == "__main__":
    unittest.main()
