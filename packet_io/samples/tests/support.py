# SPDX-License-Identifier: Apache-2.0
"""What the tests of the samples share: running the program, its tables, a network of its own."""

import os
import re
import signal
import subprocess
import sys
import unittest

# Sanitizers and a loaded machine make everything slower; nothing here waits that long when it works.
PATIENCE = 60


class Result:
    """How a program ended, and the tables it printed."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    def table(self, first_word):
        """{name: [numbers]} of the table whose heading begins with first_word."""
        rows = {}
        for block in self.out.split("\n\n"):
            lines = block.splitlines()
            if lines and lines[0].split()[:1] == [first_word]:
                for line in lines[1:]:
                    words = line.split()
                    rows[words[0]] = [int(word) for word in words[1:] if word.isdigit()]
        return rows

    def number(self, pattern):
        """The number that the only group of pattern matches in the output."""
        return int(re.search(pattern, self.out)[1])


class SampleTest(unittest.TestCase):
    """A test of the program named on the command line."""

    program = None

    # Where names cannot be looked up, that is known soon.
    os.environ["RES_OPTIONS"] = "timeout:2 attempts:1"

    def start(self, *args, **options):
        """The program, running, with pipes for what it prints."""
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen([self.program, *args], text=True, **options)
        self.addCleanup(self._end, process)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def finish(self, process):
        """The result of a program that ends by itself; failing if it does not."""
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            self.fail(f"{process.args} hangs\n{out}\n{err}")
        self.assertNotRegex(err or "", "Sanitizer|runtime error")
        return Result(process.returncode, out, err)

    def run_program(self, *args, **options):
        return self.finish(self.start(*args, **options))

    def expect(self, status, result):
        """Fail unless the program ended with this status, showing what it printed."""
        self.assertEqual(status, result.status, f"\n{result.out}\n{result.err}")
        return result

    def interrupt(self, process, number=signal.SIGINT):
        process.send_signal(number)
        return self.finish(process)


def in_own_network():
    """Go on in a network namespace of our own, in which the loopback interface is up."""
    if "SAMPLE_TEST_NETWORK" not in os.environ:
        os.environ["SAMPLE_TEST_NETWORK"] = "1"
        try:
            os.execvp("unshare", ["unshare", *_namespaces(), sys.executable, "-B", *sys.argv])
        except OSError as error:
            sys.exit(f"unshare: {error.strerror}; on Debian: apt-get install util-linux")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def _namespaces():
    """Options of unshare for namespaces of network and mounts, with one of users if it takes that."""
    for options in (["-nm"], ["-Urnm"]):
        tried = subprocess.run(["unshare", *options, "true"], stderr=subprocess.PIPE, text=True, check=False)
        if tried.returncode == 0:
            return options
    sys.exit(f"these tests need a network of their own: {tried.stderr}")


def main():
    """unittest's main(), with the program under test as the first argument."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} PROGRAM [TEST...]")
    SampleTest.program = os.path.abspath(sys.argv.pop(1))
    unittest.main(module="__main__", verbosity=2)
