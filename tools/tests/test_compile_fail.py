# SPDX-License-Identifier: Apache-2.0
"""Tests compile_fail.py: a program that compiles, and one refused for another reason, fail the test."""

import os
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "compile_fail.py")

BAD = '_Static_assert(0, "no such thing");\n'
CURED = '#ifndef CURED\n_Static_assert(0, "no such thing");\n#endif\nint x;\n'


class CompileFail(unittest.TestCase):
    def run_tool(self, program, expect, control=""):
        with tempfile.TemporaryDirectory(prefix="compile fail ") as scratch:
            source = os.path.join(scratch, "program.c")
            with open(source, "w", encoding="utf-8") as file:
                file.write(program)
            result = subprocess.run(
                [sys.executable, "-B", TOOL, f"--expect={expect}", f"--control={control}", "--",
                 "cc", "-fsyntax-only", source],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return result.returncode, result.stdout

    def test_refused_for_the_reason_expected(self):
        self.assertEqual(0, self.run_tool(BAD, "no such [a-z]+")[0])
        self.assertEqual(0, self.run_tool(CURED, "no such thing", "CURED")[0])

    def test_a_program_that_compiles(self):
        code, output = self.run_tool("int x;\n", "")
        self.assertEqual(1, code)
        self.assertIn("the program compiles", output)

    def test_another_reason(self):
        code, output = self.run_tool("int x\n", "no such thing")
        self.assertEqual(1, code)
        self.assertIn("do not match", output)

    def test_a_control_that_does_not_cure(self):
        code, output = self.run_tool(BAD, "no such thing", "CURED")
        self.assertEqual(1, code)
        self.assertIn("with CURED defined", output)


if __name__ == "__main__":
    unittest.main()
