# SPDX-License-Identifier: Apache-2.0
"""Tests what the build says of a board, or a compiler for one, that is not there."""

import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BOARDS = ["microbit", "mps2_an385", "qemu_riscv32", "qemu_riscv32_imc"]


class Boards(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="boards test ")
        self.addCleanup(scratch.cleanup)
        self.scratch = scratch.name

    def configure(self, board, path=None):
        result = subprocess.run([shutil.which("cmake"), "-S", ROOT, "-B", os.path.join(self.scratch, "build"), "-G",
                                 "Ninja", f"-DPACKET_IO_BOARD={board}"],
                                env={**os.environ, "PATH": path or os.environ["PATH"]},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return result.returncode, " ".join(result.stdout.split())

    def test_every_folder_is_a_board(self):
        found = sorted(name for name in os.listdir(os.path.join(ROOT, "boards"))
                       if os.path.exists(os.path.join(ROOT, "boards", name, "board.json")))
        self.assertEqual(BOARDS, found)

    def test_unknown_board(self):
        code, output = self.configure("abacus")
        self.assertNotEqual(0, code)
        self.assertIn(f"PACKET_IO_BOARD=abacus: there is no such board; there are {' '.join(BOARDS)}", output)

    def test_no_compiler(self):
        tools = os.path.join(self.scratch, "bin")
        os.mkdir(tools)
        for name in ("ninja", "python3"):
            os.symlink(shutil.which(name), os.path.join(tools, name))
        for board, package in (("microbit", "gcc-arm-none-eabi"), ("qemu_riscv32", "gcc-riscv64-unknown-elf")):
            code, output = self.configure(board, path=tools)
            self.assertNotEqual(0, code)
            self.assertIn(f"apt-get install {package}", output)
            shutil.rmtree(os.path.join(self.scratch, "build"), ignore_errors=True)

    def test_tree_of_an_unknown_board(self):
        result = subprocess.run([os.path.join(ROOT, "tools", "build.sh"), "abacus"], stdout=subprocess.PIPE,
                                env={**os.environ, "BUILD": os.path.join(self.scratch, "build")},
                                stderr=subprocess.STDOUT, text=True, check=False)
        self.assertNotEqual(0, result.returncode)
        self.assertIn(f"the boards {' '.join(BOARDS)}", result.stdout)


if __name__ == "__main__":
    unittest.main()
