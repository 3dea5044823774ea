# SPDX-License-Identifier: Apache-2.0
"""Plays the sensors of basic_packet_routing on a board, and checks its frames.

The program runs in QEMU. Bytes go into its UART 0, frames come out of UART 1, and at the end it reports
on UART 0. Each frame must be a record that was sent, byte for byte, behind its header, in the order in
which they were sent; as many must come as were sent and are not reported as dropped.
"""

import array
import binascii
import fcntl
import os
import random
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tests"))

from support import Result, SampleTest, main  # noqa: E402  pylint: disable=wrong-import-position

RUN = os.path.join(HERE, "..", "..", "..", "..", "tools", "qemu", "run.py")
PATIENCE = 60  # seconds without any progress
MAGIC = 0x12345678
END, ESC, ESC_END, ESC_ESC = b"\xc0", b"\xdb", b"\xdb\xdc", b"\xdb\xdd"
STOP = b"\xff"
QUEUE = 8          # places for frames in the program
BUFFERS = (12, 4)  # of its sensors
HEADERS = 64


def with_crc(data):
    return data + struct.pack(">H", binascii.crc_hqx(data, 0xffff))


def on_line(data):
    """A record as it travels."""
    return END + with_crc(data).replace(ESC, ESC_ESC).replace(END, ESC_END) + END


def is_whole(run):
    """Whether these bytes, which came between two ENDs, are a record, or STOP."""
    if re.search(rb"\xdb(?![\xdc\xdd])", run):
        return False
    data = run.replace(ESC_END, END).replace(ESC_ESC, ESC)
    if data != with_crc(data[:-2]):
        return False
    return data[:-2] == STOP or 8 <= len(data) - 2 <= 256 and data[0] < 2


class Pipeline:
    """The program, running; this end of its UARTs."""

    def __init__(self, test):
        self.test = test
        self.records = []     # all that were sent: (sensor, record)
        self.numbers = [0, 0]
        self.line = b""       # all bytes that were sent
        self.arrived = []     # places in records of those that came in frames
        self.rest = b""       # of a frame
        self.listening = True
        self.said = {"stdout": b"", "stderr": b""}
        scratch = tempfile.TemporaryDirectory(dir="/tmp")  # the path of a socket has 107 bytes at most
        test.addCleanup(scratch.cleanup)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.join(scratch.name, "uart1"))
            listener.listen()
            self.process = subprocess.Popen(
                [sys.executable, "-B", RUN, "mps2_an385", test.program, "--timeout", str(4 * PATIENCE), "--stdin",
                 "--", "-serial", f"unix:{listener.getsockname()}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                start_new_session=True)
            test.addCleanup(self._end)
            self.streams = {self.process.stdout: "stdout", self.process.stderr: "stderr"}
            self.pump(lambda: select.select([listener], [], [], 0)[0], "QEMU does not connect UART 1")
            self.uart1 = listener.accept()[0]
        test.addCleanup(self.uart1.close)
        self.streams[self.uart1] = "uart1"
        # A short way in, so that little is between what was written and what was received.
        fcntl.fcntl(self.process.stdin, fcntl.F_SETPIPE_SZ, 4096)
        os.set_blocking(self.process.stdin.fileno(), False)

    def _end(self):
        """Also of the emulator, when a test has failed."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()

    def fail(self, why):
        said = "\n".join(text.decode("utf-8", "replace") for text in self.said.values())
        self.test.fail(f"{why}; of {len(self.records)} records sent {len(self.arrived)} have arrived; "
                       f"the program said:\n{said}")

    def pump(self, done, why, to_send=b""):
        """Send these bytes and take what comes until done(). Fails, saying why, when nothing moves any more."""
        moved = time.monotonic()
        while to_send or not done():
            if time.monotonic() - moved > PATIENCE:
                self.fail(f"nothing moved for {PATIENCE} s: {why}")
            if not self.streams:
                self.fail(f"the program has ended: {why}")
            sources = [stream for stream, name in self.streams.items() if name != "uart1" or self.listening]
            readable, writable, _ = select.select(sources, [self.process.stdin] if to_send else [], [], 0.002)
            for stream in readable:
                moved = time.monotonic()
                self._take(stream)
            if writable:
                try:
                    count = os.write(self.process.stdin.fileno(), to_send)
                except BrokenPipeError:
                    self.fail(f"the program has ended: {why}")
                self.line += to_send[:count]
                to_send = to_send[count:]
                moved = time.monotonic()

    def _take(self, stream):
        data = os.read(stream.fileno(), 65536)
        name = self.streams[stream]
        if not data:
            del self.streams[stream]
        elif name == "uart1":
            self.rest += data
            self._take_frames()
        else:
            self.said[name] += data

    def _take_frames(self):
        while len(self.rest) >= 8:
            magic, length = struct.unpack_from("<II", self.rest)
            if magic != MAGIC or not 8 <= length <= 256:
                self.fail(f"frame {len(self.arrived)} has a bad header: {self.rest[:16].hex()}")
            if len(self.rest) < 8 + length:
                return
            self._check_record(self.rest[8:8 + length])
            self.rest = self.rest[8 + length:]

    def _check_record(self, got):
        """It must be one of those sent after the one that arrived last."""
        for place in range(self.arrived[-1] + 1 if self.arrived else 0, len(self.records)):
            if self.records[place][1] == got:
                self.arrived.append(place)
                return
        self.fail(f"frame {len(self.arrived)} has none of the records that can come now: {got.hex()}")

    # ---- what tests do

    def next_record(self, sensor, payload_len):
        number = self.numbers[sensor]
        self.numbers[sensor] += 1
        payload = bytes((sensor * 101 + number * 31 + (number >> 8) + i * 7) & 0xff for i in range(payload_len))
        self.records.append((sensor, struct.pack("<B3xI", sensor, number) + payload))
        return on_line(self.records[-1][1])

    def send(self, data):
        """Send bytes, without waiting for frames."""
        self.pump(lambda: True, "it does not take what it is sent", data)

    def await_last(self):
        """Wait for the frame of the last record that was sent."""
        last = len(self.records) - 1
        self.pump(lambda: self.arrived and self.arrived[-1] == last, "the last record sent has not arrived")

    def await_taken(self):
        """Wait until it has received all bytes."""
        left = array.array("i", [0])

        def none_left():
            fcntl.ioctl(self.process.stdin, termios.FIONREAD, left)
            return left[0] == 0

        self.pump(none_left, "it does not receive what was sent")

    def finish(self):
        """Say that nothing comes any more, and check the report. Returns it."""
        self.send(END + with_crc(STOP) + END)
        self.pump(lambda: not self.streams or set(self.streams.values()) == {"uart1"} and not self.listening,
                  "it does not end")
        self.process.wait(PATIENCE)
        result = Result(self.process.returncode, self.said["stdout"].decode(), self.said["stderr"].decode())
        self.test.expect(0, result)
        self.test.assertEqual("", result.err)
        self.test.assertEqual(b"", self.rest, "the last frame is not complete")
        self._check_report(result)
        return result

    def _check_report(self, result):
        test = self.test
        taken, records, no_buffer, damaged, overruns = result.table("line")["uart0"]
        runs = [run for run in self.line.split(END) if run]
        test.assertEqual([len(self.line), len(self.records), len([run for run in runs if not is_whole(run)]), 0],
                         [taken, records, damaged, overruns])

        sources = result.table("source")
        packets = records - no_buffer
        test.assertEqual(packets, sources["sensor1"][0] + sources["sensor2"][0])
        test.assertEqual([packets, 0], result.table("sink")["processor_in"])
        test.assertEqual(packets, sources["processor_out"][0])
        test.assertEqual([packets, 0], result.table("sink")["validator_in"])
        handled, dropped = result.table("sink")["frames"]
        test.assertEqual(len(self.arrived), handled)
        test.assertEqual(len(self.records) - no_buffer - dropped, len(self.arrived))

        good1, good2, bad = result.table("validator")["records"]
        test.assertEqual(packets, good1 + good2 + bad)
        test.assertLessEqual(bad, no_buffer)  # it sees a gap, wherever records are missing before it
        if no_buffer == 0:
            test.assertEqual([*self.numbers, 0], [good1, good2, bad])

        pools = result.table("pool")
        test.assertEqual({"sensor1_pool": BUFFERS[0], "sensor2_pool": BUFFERS[1], "header_pool": HEADERS},
                         {name: size for name, (size, _, _) in pools.items()})
        for name, (size, free, _) in pools.items():
            test.assertEqual(size, free, f"not all of {name} came home")


class UartTest(SampleTest):
    def setUp(self):
        self.random = random.Random(self.id())
        self.pipeline = Pipeline(self)

    def one(self, sensor=None):
        """The bytes of a new record of any length."""
        if sensor is None:
            sensor = self.random.randrange(2)
        return self.pipeline.next_record(sensor, self.random.choice((0, 1, 24, 96, 247, 248)))

    def expect_drops(self, no_buffer, dropped):
        """Ends; fails unless some (True) or none (False) are reported lost in each way."""
        result = self.pipeline.finish()
        numbers = (result.table("line")["uart0"][2], result.table("sink")["frames"][1])
        self.assertEqual((no_buffer, dropped), tuple(number > 0 for number in numbers), numbers)
        return result

    def expect_all(self):
        result = self.expect_drops(False, False)
        self.assertEqual(list(range(len(self.pipeline.records))), self.pipeline.arrived)
        return result


class Whole(UartTest):
    """Within what it can take, nothing is lost."""

    def test_nothing_at_all(self):
        self.expect_all()

    def test_one_after_the_other(self):
        for _ in range(150):
            self.pipeline.send(self.one())
            self.pipeline.await_last()
        self.expect_all()

    def test_bursts(self):
        for _ in range(30):
            sensors = [0] * QUEUE if self.random.randrange(2) else [0, 1, 0, 1, 0, 1, 0, 0]
            self.pipeline.send(b"".join(self.one(sensor) for sensor in sensors))
            self.pipeline.await_last()
        result = self.expect_all()
        self.assertGreater(result.table("pool")["sensor1_pool"][2], 1)

    def test_split_anywhere(self):
        for payload_len in range(40):
            data = self.pipeline.next_record(payload_len % 2, payload_len)
            while data:
                size = self.random.randint(1, 11)
                self.pipeline.send(data[:size])
                self.pipeline.await_taken()
                data = data[size:]
            self.pipeline.await_last()
        self.expect_all()


class Noise(UartTest):
    """What is no record is counted and costs none of those around it."""

    def noise(self):
        whole = bytearray(on_line(struct.pack("<B3xI", self.random.randrange(2), 7) + bytes(range(200)))[1:-1])
        kind = self.random.randrange(7)
        if kind == 0:
            return self.random.randbytes(self.random.randint(1, 40))
        if kind == 1:  # one wrong bit
            whole[self.random.randrange(len(whole))] ^= 1 << self.random.randrange(8)
        elif kind == 2:  # cut off
            del whole[self.random.randrange(1, len(whole)):]
        elif kind == 3:  # too long
            whole[9:9] = self.random.randbytes(self.random.randint(60, 2000))
        elif kind == 4:  # an escape of nothing
            whole[9:9] = ESC + b"A"
        elif kind == 5:
            whole[:] = ESC
        else:  # all is right but that there is no such sensor, or no room for a number
            whole[:] = on_line(self.random.choice((bytes([2]) * 20, bytes(7), STOP * 2)))[1:-1]
        return bytes(whole)

    def test_between_records(self):
        for _ in range(100):
            self.pipeline.send(b"".join(END + self.noise() for _ in range(self.random.randrange(4))) + self.one())
            self.pipeline.await_last()
        result = self.expect_all()
        self.assertGreater(result.table("line")["uart0"][3], 100)

    def test_before_the_first_and_after_the_last(self):
        self.pipeline.send(b"boot: noise" + self.one())
        self.pipeline.await_last()
        self.pipeline.send(on_line(bytes(100))[:60])
        self.expect_all()

    def test_a_line_at_rest(self):
        self.pipeline.send(END * 300 + self.one() + END * 300)
        self.pipeline.await_last()
        self.assertEqual(0, self.expect_all().table("line")["uart0"][3])


class Overload(UartTest):
    """UART 1 stands still while records come: they are dropped and counted, and then it goes on."""

    def overload(self, *sensors):
        self.pipeline.listening = False
        for sensor in sensors:
            self.pipeline.send(self.one(sensor))
        self.pipeline.await_taken()
        self.pipeline.listening = True
        self.recover()
        for _ in range(20):
            self.pipeline.send(self.one())
            self.pipeline.await_last()

    def recover(self):
        """Until a record arrives that was sent last: then the queue is empty."""
        def arrived():
            return self.pipeline.arrived[-1:] == [len(self.pipeline.records) - 1] or time.monotonic() > enough

        while self.pipeline.arrived[-1:] != [len(self.pipeline.records) - 1]:
            enough = time.monotonic() + 0.2
            self.pipeline.send(self.one(0))
            self.pipeline.pump(arrived, "it does not recover")

    def test_no_place_in_the_queue(self):
        for _ in range(2):
            self.overload(*[0] * 80)
        result = self.expect_drops(False, True)
        self.assertLess(result.table("pool")["sensor1_pool"][2], BUFFERS[0])

    def test_no_buffer(self):
        for _ in range(2):
            self.overload(*[1] * 80)
        result = self.expect_drops(True, False)
        self.assertEqual(BUFFERS[1], result.table("pool")["sensor2_pool"][2])

    def test_both(self):
        # All buffers of the one are in the queue before the other takes the rest of its places.
        self.overload(*[1] * 40, *[0, 1] * 30)
        self.expect_drops(True, True)

    def test_end_in_the_middle_of_it(self):
        self.pipeline.listening = False
        self.pipeline.send(b"".join(self.one(sensor) for sensor in [1] * 40 + [0] * 40) + on_line(bytes(100))[:60])
        self.pipeline.await_taken()
        self.pipeline.listening = True
        self.expect_drops(True, True)


if __name__ == "__main__":
    main()
