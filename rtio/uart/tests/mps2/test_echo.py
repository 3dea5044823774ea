# SPDX-License-Identifier: Apache-2.0
"""Talks to a program on a board that sends back what it is sent on UART 1.

    test_echo.py PROGRAM [unittest arguments]

It runs in QEMU. Within what it can hold every byte comes back; when nobody takes what it sends, it may drop
some, which it counts, and what comes back is then what was sent with those left out.
"""

import os
import random
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
RUN = os.path.join(HERE, "..", "..", "..", "..", "tools", "qemu", "run.py")
PATIENCE = 60  # seconds without any progress


class Board:
    """The program, running; this end of its UART 1."""

    def __init__(self, test):
        self.test = test
        self.sent = b""
        self.got = b""
        scratch = tempfile.TemporaryDirectory(dir="/tmp")  # the path of a socket has 107 bytes at most
        test.addCleanup(scratch.cleanup)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.join(scratch.name, "uart1"))
            listener.listen()
            listener.settimeout(PATIENCE)
            self.process = subprocess.Popen(
                [sys.executable, "-B", RUN, "mps2_an385", test.program, "--timeout", str(4 * PATIENCE), "--",
                 "-serial", f"unix:{listener.getsockname()}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
            test.addCleanup(self._end)
            self.line = listener.accept()[0]
        self.line.setblocking(False)
        test.addCleanup(self.line.close)

    def _end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def pump(self, done, to_send=b""):
        """Send these bytes, and take what comes, until all is sent and done()."""
        moved = time.monotonic()
        while to_send or not done():
            if time.monotonic() - moved > PATIENCE:
                self.test.fail(f"nothing moved for {PATIENCE} s; {len(self.sent)} bytes sent, {len(self.got)} came back")
            readable, writable, _ = select.select([self.line], [self.line] if to_send else [], [], 0.002)
            if readable:
                data = self.line.recv(4096)
                self.test.assertTrue(data, "the program has ended")
                self.got += data
                moved = time.monotonic()
            if writable:
                count = self.line.send(to_send[:32])
                self.sent += to_send[:count]
                to_send = to_send[count:]
                moved = time.monotonic()

    def echo(self, data):
        """Send, and await the echo of all."""
        self.pump(lambda: len(self.got) >= len(self.sent), data)
        self.test.assertEqual(self.sent, self.got)

    def finish(self):
        """Say "quit" and take the report. Returns its numbers."""
        self.pump(lambda: self.got.endswith(b"quit\n"), b"quit\n")
        out, err = self.process.communicate(timeout=PATIENCE)
        self.test.assertEqual(0, self.process.returncode, out + err)
        self.test.assertIn(b"everything is home", out)
        return {name.decode(): int(value) for name, value in re.findall(rb"(\w+) (\d+)", out)}


class EchoTest(unittest.TestCase):
    program = None

    def setUp(self):
        self.random = random.Random(self.id())
        self.board = Board(self)

    def text(self, length):
        """A line of this many bytes, of any value but that of its end."""
        return bytes(self.random.choice([b for b in range(256) if b != 10]) for _ in range(length - 1)) + b"\n"

    def expect_all(self):
        numbers = self.board.finish()
        self.assertEqual(self.board.sent, self.board.got)
        self.assertEqual((len(self.board.sent), 0, 0, 0), tuple(
            numbers[name] for name in ("received", "dropped", "overruns", "starved")))
        self.assertEqual(len(self.board.sent), numbers["echoed"])
        return numbers

    def test_lines(self):
        for length in [1, 2, 3, 63, 64, 65, 128, 200] + [self.random.randint(1, 100) for _ in range(60)]:
            self.board.echo(self.text(length))
        self.expect_all()

    def test_long_without_end(self):
        """Reads end when they are full, too."""
        for _ in range(20):
            self.board.echo(self.text(257)[:-1])
        self.expect_all()

    def test_bursts(self):
        for _ in range(20):
            self.board.echo(b"".join(self.text(self.random.randint(1, 60)) for _ in range(6)))
        self.expect_all()

    def test_nobody_listens(self):
        """What it has no memory for is dropped and counted; what comes back is in order; then it works again."""
        rest = b"".join(b"%05d %s\n" % (n, b"." * (n % 50)) for n in range(1000))
        while rest:
            # It takes everything, as nobody waits for what it drops; on a busy machine not at once.
            _, writable, _ = select.select([], [self.board.line], [], PATIENCE)
            self.assertTrue(writable, f"nothing was taken for {PATIENCE} s; {len(self.board.sent)} bytes sent")
            count = self.board.line.send(rest[:256])
            self.board.sent += rest[:count]
            rest = rest[count:]
        self._listen_until_it_answers()
        sent, got = self.board.sent, self.board.got
        numbers = self.board.finish()
        self.assertGreater(numbers["starved"], 0)
        self.assertGreater(numbers["dropped"], 0)
        self.assertEqual(0, numbers["overruns"])
        self.assertEqual(len(self.board.sent), numbers["received"])
        self.assertEqual(len(self.board.got), numbers["echoed"])
        self.assertEqual(len(self.board.sent) - len(self.board.got), numbers["dropped"])
        self._expect_in_order(sent, got)

    def _listen_until_it_answers(self):
        """Until a line that was sent last comes back: then there is no other one, and room again."""
        give_up = time.monotonic() + PATIENCE
        answer = None
        while answer is None or not self.board.got.endswith(answer):
            self.assertLess(time.monotonic(), give_up, "it does not work again")
            answer = b"there? %.3f\n" % time.monotonic()
            enough = time.monotonic() + 1
            self.board.pump(lambda: self.board.got.endswith(answer) or time.monotonic() > enough,  # noqa: B023
                            b"\n" + answer)

    def _expect_in_order(self, sent, got):
        """All bytes that came back were sent, in this order."""
        place = 0
        for byte in got:
            place = sent.index(byte, place) + 1


if __name__ == "__main__":
    EchoTest.program = sys.argv.pop(1)
    unittest.main()
