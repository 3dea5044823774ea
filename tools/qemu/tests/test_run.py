# SPDX-License-Identifier: Apache-2.0
"""Tests run.py with an emulator that is none."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

TOOL = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "run.py"))


class Run(unittest.TestCase):
    """A PATH with a shell, sleep, and the emulators that a test puts there."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="run test ")
        self.addCleanup(scratch.cleanup)
        self.bin = os.path.join(scratch.name, "bin")
        os.mkdir(self.bin)
        for name in ("sh", "sleep"):
            os.symlink(shutil.which(name), os.path.join(self.bin, name))
        self.image = os.path.join(scratch.name, "image.elf")
        with open(self.image, "w", encoding="utf-8"):
            pass

    def emulator(self, name, body):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'#!{shutil.which("sh")}\n{body}\n')
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def run_tool(self, *args, given=""):
        result = subprocess.run([sys.executable, "-B", TOOL, *args], env={"PATH": self.bin}, check=False,
                                input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return result.returncode, result.stdout, result.stderr

    def run_stopped(self, last):
        """Stopped after a second; after more if by then the emulator has not printed the last that it has to say."""
        for seconds in ("1", "8", "64"):
            begin = time.monotonic()
            status, output, errors = self.run_tool("mps2_an385", self.image, "--timeout", seconds)
            self.assertEqual(124, status)
            self.assertGreaterEqual(time.monotonic() - begin, int(seconds))
            self.assertIn(f"stopped after {seconds} s", errors)
            if last in output:
                break
        return output, errors

    def test_status_and_output_are_the_programs(self):
        for status in (0, 1, 7, 123):
            self.emulator("qemu-system-arm", f"echo said; exit {status}")
            self.assertEqual((status, "said\n", ""), self.run_tool("microbit", self.image))

    def test_command_line(self):
        self.emulator("qemu-system-riscv32", 'printf "%s\\n" "$@"')
        _, output, _ = self.run_tool("qemu_riscv32_imc", self.image, "--icount", "7", "--", "-serial", "null")
        arguments = output.splitlines()
        for pair in (["-M", "virt"], ["-cpu", "rv32,a=false"], ["-icount", "shift=7,sleep=off"], ["-serial", "null"],
                     ["-kernel", self.image]):
            at = [i for i in range(len(arguments)) if arguments[i:i + 2] == pair]
            self.assertEqual(1, len(at), f"{pair} in {arguments}")

    def test_stdin_is_the_consoles_only_when_asked_for(self):
        self.emulator("qemu-system-arm", 'read line; echo "it got $line"')
        for options, got in (((), ""), (("--stdin",), "these words")):
            _, output, _ = self.run_tool("microbit", self.image, *options, given="these words\n")
            self.assertEqual(f"it got {got}\n", output)

    def test_hang_is_stopped_and_reported(self):
        self.emulator("qemu-system-arm", "for i in 1 2 3; do echo line $i; done; exec sleep 600")
        output, errors = self.run_stopped("line 3\n")
        self.assertEqual("line 1\nline 2\nline 3\n", output)
        self.assertIn("    line 3\n", errors)

    def test_hang_without_a_word(self):
        self.emulator("qemu-system-arm", "exec sleep 600")
        status, _, errors = self.run_tool("mps2_an385", self.image, "--timeout", "0.5")
        self.assertEqual(124, status)
        self.assertIn("(nothing)", errors)

    def test_only_the_end_of_much_output_is_repeated(self):
        self.emulator("qemu-system-arm", "i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; exec sleep 600")
        output, errors = self.run_stopped("line 499\n")
        self.assertIn("line 0\n", output)
        self.assertIn("    line 499\n", errors)
        self.assertNotIn("    line 470\n", errors)

    def test_fatal_and_fault_are_named(self):
        for status, word in ((125, "port_fatal()"), (126, "a fault")):
            self.emulator("qemu-system-arm", f"exit {status}")
            got, _, errors = self.run_tool("microbit", self.image)
            self.assertEqual(status, got)
            self.assertIn(word, errors)

    def test_emulator_that_crashes(self):
        self.emulator("qemu-system-arm", "kill -SEGV $$")
        status, _, errors = self.run_tool("microbit", self.image)
        self.assertEqual(126, status)
        self.assertIn(f"signal {int(signal.SIGSEGV)}", errors)

    def test_no_emulator(self):
        for board, package in (("microbit", "qemu-system-arm"), ("qemu_riscv32", "qemu-system-misc")):
            status, _, errors = self.run_tool(board, self.image)
            self.assertEqual(127, status)
            self.assertIn(f"apt-get install {package}", errors)

    def test_unknown_board(self):
        status, _, errors = self.run_tool("abacus", self.image)
        self.assertEqual(127, status)
        self.assertIn("no board 'abacus'; there are microbit mps2_an385 qemu_riscv32 qemu_riscv32_imc", errors)

    def test_no_image(self):
        self.emulator("qemu-system-arm", "exit 0")
        status, _, errors = self.run_tool("microbit", self.image + "x")
        self.assertEqual(127, status)
        self.assertIn("there is no file", errors)


if __name__ == "__main__":
    unittest.main()
