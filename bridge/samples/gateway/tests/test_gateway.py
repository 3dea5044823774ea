#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway end to end: every frame is delivered, dropped at a queue that has a name, or rejected."""

import array
import binascii
import fcntl
import os
import pathlib
import pty
import random
import re
import select
import signal
import socket
import sys
import tempfile
import termios
import threading
import time
import tty
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "packet_io" / "samples" / "tests"))
from support import PATIENCE, SampleTest, main  # noqa: E402


def cobs(data):
    out = bytearray()
    parts = data.split(b"\0")
    for number, part in enumerate(parts):
        while len(part) >= 254:
            out += b"\xff" + part[:254]
            part = part[254:]
            if not part and number == len(parts) - 1:
                return bytes(out)
        out += bytes([len(part) + 1]) + part
    return bytes(out)


def frame(payload):
    return cobs(payload + binascii.crc_hqx(payload, 0xFFFF).to_bytes(2, "big")) + b"\0"


def numbered(count, size=20):
    """Frames of one length, whose payloads say which they are."""
    return [frame((b"%010d" % number).ljust(size, b"x")) for number in range(count)]


def split(data):
    """The frames in a stream; what is behind the last zero as well, if anything."""
    parts = data.split(b"\0")
    return [part + b"\0" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def unread(end):
    """Bytes that wait at an end of a terminal, a pipe or a connection."""
    count = array.array("i", [0])
    fcntl.ioctl(end, termios.FIONREAD, count)
    return count[0]


def all_taken(end):
    """Whether nothing that was written to the other end of a terminal has yet to be read at this one."""
    # poll() awaits what is still on its way inside the kernel, FIONREAD does not.
    return not select.select([end], [], [], 0)[0]


def has_handler(process, number):
    """Whether a signal would be handled: the gateway gives that up when the first one has come."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^SigCgt:\s*(\w+)$", status, re.M)[1], 16) >> (number - 1) & 1 == 1


class Collector(threading.Thread):
    """A TCP peer: accepts one connection after the other and keeps what comes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.data = []
        self.start()

    def run(self):
        try:
            while True:
                connection, _ = self.listener.accept()
                self.data.append(bytearray())
                while received := connection.recv(65536):
                    self.data[-1] += received
                connection.close()
        except OSError:
            pass

    def close(self):
        self.listener.close()


class GatewayTest(SampleTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir="/tmp")  # no blanks, which a table does not show
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "out"

    def wait_for(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, f"{what} did not come")
            time.sleep(0.01)

    def collector(self):
        collector = Collector()
        self.addCleanup(collector.close)
        return collector

    def begin(self, source, *outs, **options):
        args = ["--in", source, "--counters", "0"]
        for out in outs:
            args += ["--out", out]
        return self.start(*args, **options)

    def begin_udp(self, *outs):
        """The program, and a socket that is connected to it."""
        process = self.begin("udp:0", *outs)
        port = int(re.search(r"UDP port (\d+)", process.stdout.readline())[1])
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(sender.close)
        sender.connect(("127.0.0.1", port))
        return process, sender, port

    def file_has(self, size):
        self.wait_for(lambda: self.file.exists() and self.file.stat().st_size >= size, f"{size} bytes in the file")

    def account(self, result):
        """(input counters, {output: counters}), which agree."""
        result.out = result.out.lstrip()
        inputs = result.table("input")
        outs = result.table("output")
        self.assertEqual(len(inputs), 1)
        self.assertIn("every frame is accounted for, every buffer is home", result.out)
        counters = dict(zip(("frames", "crc", "cut", "long", "reads", "pauses", "socket", "skipped", "opens"),
                            next(iter(inputs.values()))))
        for out in outs.values():
            self.assertEqual(sum(out[:3]), out[5])
        return counters, outs


class Paths(GatewayTest):
    def test_file_to_file(self):
        rng = random.Random(1)
        frames = [frame(rng.randbytes(rng.choice((1, 5, 253, 254, 300, 1024)))) for _ in range(3000)]
        source = self.folder / "in"
        source.write_bytes(b"".join(frames))
        copy = self.folder / "copy"
        collector = self.collector()
        result = self.expect(0, self.run_program("--in", f"file:{source}", "--out", f"file:{self.file}",
                                                 "--out", f"file:{copy}", "--out", f"tcp:127.0.0.1:{collector.port}"))
        self.assertEqual(self.file.read_bytes(), b"".join(frames))
        self.assertEqual(copy.read_bytes(), b"".join(frames))
        counters, outs = self.account(result)
        self.assertEqual(counters["frames"], 3000)
        self.assertEqual(outs[f"file:{self.file}"][:3], [3000, 0, 0])
        # What went out by TCP is what was not dropped, whole and in order.
        written, _, lost = outs[f"tcp:127.0.0.1:{collector.port}"][:3]
        self.wait_for(lambda: collector.data and len(split(bytes(collector.data[0]))) >= written, "TCP")
        received = split(bytes(collector.data[0]))
        if lost > 0 and not received[-1].endswith(b"\0"):
            received.pop()  # it was given up at the end, while nobody read
        rest = iter(frames)
        for data in received:
            self.assertIn(data, rest)
        # A second run goes on behind the first.
        self.expect(0, self.run_program("--in", f"file:{source}", "--out", f"file:{self.file}"))
        self.assertEqual(self.file.read_bytes(), 2 * b"".join(frames))

    def test_rejected(self):
        good = numbered(6)
        damaged = bytearray(good[5])
        damaged[7] ^= 4
        stream = (b"noise\0" + good[0] + b"\0\0" + good[1] + bytes(damaged) + good[2] + b"\x01" * 3000 + b"\0" +
                  good[3] + good[4][5:] + good[4][:9])
        source = self.folder / "in"
        source.write_bytes(stream)
        result = self.expect(0, self.run_program("--in", f"file:{source}", "--out", f"file:{self.file}"))
        self.assertEqual(self.file.read_bytes(), b"".join(good[:4]))
        counters, _ = self.account(result)
        self.assertEqual(counters["frames"], 4)
        self.assertEqual(counters["long"], 1)
        self.assertEqual(counters["crc"] + counters["cut"], 4)

    def test_routed(self):
        """By the first byte of the payload, a zero as well, wherever the frame is cut by reads."""
        rng = random.Random(3)
        payloads = [bytes([rng.choice((0, 1, 2, 9, 254, 255))]) + rng.randbytes(rng.choice((0, 1, 30, 400)))
                    for _ in range(4000)]
        source = self.folder / "in"
        source.write_bytes(b"".join(map(frame, payloads)))
        routes = {"none": (3, 8), "zero": (0, 0), "some": (1, 9), "last": (255, 255), "all": (0, 255)}
        args = ["--out", f"file:{self.file}"]
        for name, (first, last) in routes.items():
            args += ["--out", f"file:{self.folder / name}", "--only", f"{first}-{last}" if first < last else f"{first}"]
        result = self.expect(0, self.run_program("--in", f"file:{source}", *args))
        counters, outs = self.account(result)
        self.assertEqual(self.file.read_bytes(), source.read_bytes())
        for name, (first, last) in routes.items():
            mine = [payload for payload in payloads if first <= payload[0] <= last]
            self.assertEqual((self.folder / name).read_bytes(), b"".join(map(frame, mine)), name)
            self.assertEqual(outs[f"file:{self.folder / name}"], [len(mine), 0, 0, 1, 0, len(mine)])
        self.assertEqual(counters["frames"], 4000)

    def test_serial(self):
        """Bytes that come in pieces of any size; a port that goes away and comes back."""
        main_end, port_end = pty.openpty()
        tty.setraw(port_end)
        link = self.folder / "port"
        link.symlink_to(os.ttyname(port_end))
        frames = numbered(400, 200)
        rng = random.Random(2)

        def feed(descriptor, data):
            while data:
                data = data[os.write(descriptor, data[:rng.choice((1, 2, 7, 100, 700))]):]

        first = b"".join(frames[:200])
        # The program drops what came before it opened the port; when that is gone, it reads.
        feed(main_end, frames[0])
        self.wait_for(lambda: unread(port_end) == len(frames[0]), "what came before")
        process = self.begin(f"serial:{link}", f"file:{self.file}")
        self.wait_for(lambda: unread(port_end) == 0, "the port")
        feed(main_end, first + frames[0][:50])
        self.file_has(len(first))
        # What nobody has read when the port goes away is lost, and the frame that is cut with it.
        self.wait_for(lambda: all_taken(port_end), "the beginning of a frame")
        os.close(port_end)
        os.close(main_end)
        self.assertIn("trying again", process.stderr.readline())
        main_end, port_end = pty.openpty()
        tty.setraw(port_end)
        self.addCleanup(os.close, main_end)
        self.addCleanup(os.close, port_end)
        link.unlink()
        link.symlink_to(os.ttyname(port_end))
        while "it is back" not in process.stderr.readline():
            pass
        feed(main_end, b"".join(frames[200:]))
        self.file_has(len(first) * 2)
        result = self.expect(0, self.interrupt(process))
        self.assertEqual(self.file.read_bytes(), b"".join(frames))
        counters, outs = self.account(result)
        self.assertEqual((counters["frames"], counters["cut"], counters["opens"]), (400, 1, 2))
        self.assertEqual(outs[f"file:{self.file}"][:3], [400, 0, 0])

    def test_udp_to_udp(self):
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(PATIENCE)
        process, sender, _ = self.begin_udp(f"udp:127.0.0.1:{receiver.getsockname()[1]}")
        frames = numbered(30)
        for at in range(0, 30, 3):  # several in a datagram, the last one without its end
            sender.send(b"".join(frames[at:at + 2]) + frames[at + 2][:-1])
            for expected in frames[at:at + 2]:
                self.assertEqual(receiver.recv(2000), expected)
        sender.send(b"")
        sender.send(b"x" * 3000)
        sender.send(frames[0])
        self.assertEqual(receiver.recv(2000), frames[0])
        counters, _ = self.account(self.expect(0, self.interrupt(process)))
        self.assertEqual((counters["frames"], counters["cut"], counters["skipped"]), (21, 10, 1))


class Overload(GatewayTest):
    def test_more_than_the_queues_hold(self):
        """Datagrams as fast as they go, a TCP peer that reads nothing: drops have names, the file has all."""
        peer = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(peer.close)
        name = f"tcp:127.0.0.1:{peer.getsockname()[1]}"
        process, sender, _ = self.begin_udp(name, f"file:{self.file}")
        connection, _ = peer.accept()
        self.addCleanup(connection.close)
        frames = numbered(8000, 900)
        sent = []
        last = 0
        # If it does not run meanwhile, the socket drops nearly all: until more came in than TCP and the queue take.
        while not sent or self.file.stat().st_size < 1500 * len(frames[0]):
            self.assertLess(len(sent), 100 * len(frames), "it takes next to nothing")
            for number, data in enumerate(frames):
                sent.append(data)
                if number % 10 == 9:
                    data = data[:50] + bytes([data[50] ^ 1 or 2]) + data[51:]
                sender.send(data)
            last = self._flush(sender, last, sent, lambda end: self.file.read_bytes().endswith(b"\0" + end))
        received = bytearray()
        reader = threading.Thread(target=lambda: self._drain(connection, received))
        reader.start()
        # What is under way at the end may take a second, which is not long here.
        self._flush(sender, last, sent, received.endswith)
        result = self.expect(0, self.interrupt(process))
        reader.join(PATIENCE)
        counters, outs = self.account(result)
        written, full, lost, _, unacked, _ = outs[name]
        kept, file_full, file_lost = outs[f"file:{self.file}"][:3]
        # Sent: accepted, rejected, or dropped in the socket.
        self.assertEqual(counters["frames"] + counters["crc"] + counters["socket"], len(sent))
        self.assertGreater(counters["crc"], 0)
        # The file has all that was accepted.
        self.assertEqual((kept, file_full, file_lost), (counters["frames"], 0, 0))
        rest = iter(sent)
        for data in split(self.file.read_bytes()):
            self.assertIn(data, rest)
        self.assertEqual(len(split(self.file.read_bytes())), kept)
        # The peer has all that was written.
        self.assertGreater(full, 0, "the queue never overflowed")
        self.assertEqual((lost, unacked), (0, 0))
        self.assertEqual(len(split(bytes(received))), written)

    def test_told_to_end_meanwhile(self):
        """The file stalls and datagrams wait in the socket when it is told to end: they are read, none is forgotten."""
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        process, sender, _ = self.begin_udp(f"file:{pipe}")
        frames = numbered(8000, 900)
        for data in frames:
            sender.send(data)
        process.send_signal(signal.SIGINT)
        self.wait_for(lambda: not has_handler(process, signal.SIGINT), "the signal")
        received = bytearray()
        os.set_blocking(reader, True)
        while data := os.read(reader, 1 << 16):
            received += data
        os.close(reader)
        counters, _ = self.account(self.expect(0, self.finish(process)))
        self.assertEqual(counters["frames"] + counters["socket"], len(frames))
        self.assertGreater(counters["socket"], 0)
        self.assertEqual(len(split(bytes(received))), counters["frames"])

    def _flush(self, sender, number, sent, is_there):
        """Send frames, with numbers from this one on, until one that was sent last is there: then all before it
        has passed. Returns the number for the next."""
        give_up = time.monotonic() + PATIENCE
        while True:
            last = frame(b"last %d" % number)
            sender.send(last)
            sent.append(last)
            number += 1
            end = time.monotonic() + 2
            while time.monotonic() < end:
                if is_there(last):
                    return number
                time.sleep(0.02)
            self.assertLess(time.monotonic(), give_up, "a frame that was sent last does not come")

    @staticmethod
    def _drain(connection, received):
        while data := connection.recv(1 << 20):
            received += data


class Peers(GatewayTest):
    def test_stalls_and_dies(self):
        """A peer reads some, then nothing, then dies; another comes: each byte is somewhere."""
        peer = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(peer.close)
        peer.settimeout(PATIENCE)
        name = f"tcp:127.0.0.1:{peer.getsockname()[1]}"
        process, sender, _ = self.begin_udp(name, f"file:{self.file}")
        frames = numbered(6000, 500)
        size = len(frames[0])
        first, _ = peer.accept()
        first.settimeout(PATIENCE)
        total = 0

        def feed(part):
            nonlocal total
            for at in range(0, len(part), 20):
                for data in part[at:at + 20]:
                    sender.send(data)
                total += len(part[at:at + 20]) * size
                self.file_has(total)

        feed(frames[:1000])
        got = b""
        while len(got) < 50 * size:
            got += first.recv(50 * size - len(got))
        feed(frames[1000:3000])  # the peer stalls
        waiting = unread(first)
        first.close()  # with what it has not read: a reset
        self.assertRegex(process.stderr.readline(), f"--out {name}: .*trying again in 100 ms")
        second, _ = peer.accept()
        self.addCleanup(second.close)
        second.settimeout(PATIENCE)
        more = bytearray()
        reader = threading.Thread(target=lambda: Overload._drain(second, more))
        reader.start()
        feed(frames[3000:])
        result = self.expect(0, self.interrupt(process))
        reader.join(PATIENCE)
        counters, outs = self.account(result)
        written, full, lost, connects, unacked, _ = outs[name]
        self.assertEqual(counters["frames"], 6000)
        self.assertEqual(self.file.read_bytes(), b"".join(frames))
        self.assertEqual(connects, 2)
        self.assertGreater(full, 0)
        self.assertGreater(lost, 0)
        # Whole frames at the second one, all from the file, in order.
        rest = iter(frames)
        for data in split(bytes(more)):
            self.assertIn(data, rest)
        # Bytes: read by a peer, in the queue of the one that died, or known as not delivered. Of the frame
        # that was being written when it died a part may have gone out.
        accounted = len(got) + waiting + len(more) + unacked
        self.assertTrue(written * size <= accounted < (written + 1) * size,
                        f"{written} frames of {size}: {len(got)} + {waiting} + {len(more)} + {unacked}")

    def test_not_there_yet(self):
        """Nobody listens: it tries again, less and less often, and drops meanwhile."""
        peer = socket.socket()
        self.addCleanup(peer.close)
        peer.bind(("127.0.0.1", 0))  # and does not listen; nobody else gets the port meanwhile
        port = peer.getsockname()[1]
        process, sender, _ = self.begin_udp(f"tcp:127.0.0.1:{port}", f"file:{self.file}")
        waits = []
        while len(waits) < 3:
            waits.append(int(re.search(r"trying again in (\d+) ms: Connection refused", process.stderr.readline())[1]))
        self.assertEqual(waits, [100, 200, 400])
        frames = numbered(2)
        sender.send(frames[0])
        self.file_has(len(frames[0]))
        peer.listen()
        peer.settimeout(PATIENCE)
        connection, _ = peer.accept()
        self.addCleanup(connection.close)
        # The connection may be known here before it is there.
        connection.settimeout(0.3)
        got = b""
        end = time.monotonic() + PATIENCE
        while not got and time.monotonic() < end:
            sender.send(frames[1])
            try:
                got = connection.recv(1000)
            except TimeoutError:
                pass
        self.assertEqual(got[:len(frames[1])], frames[1])
        _, outs = self.account(self.expect(0, self.interrupt(process)))
        self.assertGreaterEqual(outs[f"tcp:127.0.0.1:{port}"][0], 1)

    def test_by_name(self):
        """A name has several addresses, and the peer listens at one of them."""
        collector = self.collector()
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(0.1)
        process, sender, _ = self.begin_udp(f"tcp:localhost:{collector.port}",
                                            f"udp:localhost:{receiver.getsockname()[1]}")
        self.wait_for(lambda: collector.data, "the connection")
        data = frame(b"hello")
        got = b""
        end = time.monotonic() + PATIENCE
        while not got and time.monotonic() < end:
            sender.send(data)
            try:
                got = receiver.recv(100)
            except TimeoutError:
                pass
        self.assertEqual(got, data)
        self.wait_for(lambda: data in bytes(collector.data[0]), "TCP")
        self.account(self.expect(0, self.interrupt(process)))

    def test_a_file_fails_at_the_end(self):
        """What is under way when it is told to end counts for the exit status, too."""
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        source = self.folder / "in"
        source.write_bytes(b"".join(numbered(20000)))
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        process = self.begin(f"file:{source}", f"file:{pipe}")
        self.wait_for(lambda: unread(reader) > 60000, "a full pipe")
        process.send_signal(signal.SIGINT)
        self.wait_for(lambda: not has_handler(process, signal.SIGINT), "the signal")
        os.close(reader)
        result = self.expect(1, self.finish(process))
        self.assertRegex(result.err, f"^gateway: --out file:{pipe}: it cannot be written: Broken pipe\\n$")
        _, outs = self.account(result)
        self.assertGreater(outs[f"file:{pipe}"][2], 0)

    def test_no_room_on_the_disk(self):
        """It is said once, and what else there is gets all that was read."""
        frames = numbered(20000)
        source = self.folder / "in"
        source.write_bytes(b"".join(frames))
        result = self.expect(1, self.run_program("--in", f"file:{source}", "--out", "file:/dev/full",
                                                 "--out", f"file:{self.file}"))
        self.assertRegex(result.err, "^gateway: --out file:/dev/full: it cannot be written: No space left[^\n]*\n$")
        counters, outs = self.account(result)
        self.assertEqual(outs["file:/dev/full"][:3], [0, 0, counters["frames"]])
        self.assertEqual(self.file.read_bytes(), b"".join(frames[:counters["frames"]]))


class Streams(GatewayTest):
    def test_into_itself(self):
        """Else it would not end."""
        data = b"".join(numbered(20000))
        self.file.write_bytes(data)
        link = self.folder / "link"
        link.symlink_to(self.file)
        process = self.begin(f"file:{self.file}", f"file:{self.folder / 'other'}", f"file:{link}")
        self.wait_for(lambda: process.poll() is not None, "the end")
        result = self.expect(1, self.finish(process))
        self.assertEqual(result.err, f"gateway: --out file:{link}: it is the file that is read\n")
        self.assertEqual(self.file.read_bytes(), data)

    def test_closed_output(self):
        """Lines for an output that is not there do not land in a file of frames."""
        process = self.begin("udp:0", f"file:{self.file}", preexec_fn=lambda: os.close(1))
        self.wait_for(self.file.exists, "the file")
        self.expect(1, self.interrupt(process))
        self.assertEqual(self.file.read_bytes(), b"")


class Options(GatewayTest):
    def test_help(self):
        result = self.expect(0, self.run_program("--help"))
        self.assertTrue(result.out.startswith("Usage: gateway"))
        self.assertEqual(result.err, "")

    def test_wrong(self):
        out = ["--out", "file:x"]
        for args, named in (([], "--in"), (["--in", "udp:1"], "--out"), (["--in", "nfs:1", *out], "'nfs:1': allowed are serial"),
                            (["--in", "tcp:h:1", *out], "allowed are serial:PATH, udp:PORT and file:PATH"),
                            (["--in", "udp:1", "--out", "serial:/x"], "allowed are tcp:HOST:PORT"),
                            (["--in", "udp:65536", *out], "'udp:65536': the port must be 0 to 65535"),
                            (["--in", "udp:", *out], "the port must be"), (["--in", "file:", *out], "the path is missing"),
                            (["--in", "udp:1", "--out", "tcp:host"], "must end with :PORT"),
                            (["--in", "udp:1", "--out", "tcp:host:0"], "must end with :PORT"),
                            (["--in", "udp:1", "--out", "udp::5"], "a host before"),
                            (["--in", "udp:1", "--out", "udp:::1:5"], "brackets"),
                            (["--in", "udp:1", "--in", "udp:2", *out], "there is one input"),
                            (["--in", "udp:1", *out * 9], "8 outputs at most"),
                            (["--in", "udp:1", "--only", "1", *out], "must stand behind an --out"),
                            (["--in", "udp:1", *out, "--only", "1", "--only", "2"], "the output before it has one"),
                            *((["--in", "udp:1", *out, "--only", wrong], f"'{wrong}': must be BYTE or BYTE-BYTE")
                              for wrong in ("", "x", "256", "1-", "-1", "3-2", "1-2-3", "0x1", "1-256", " 1", "1 ")),
                            (["--in", "udp:1", *out, "--baud", "1x"], "--baud '1x'"),
                            (["--in", "udp:1", *out, "--counters", "9999"], "0 to 3600"),
                            (["--in", "udp:1", *out, "more"], "'more'"), (["--nothing"], "nothing")):
            result = self.expect(2, self.run_program(*args, cwd=self.folder))
            self.assertEqual(result.out, "")
            self.assertIn("Try gateway --help.", result.err)
            self.assertIn(named, result.err)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_not_there(self):
        good = f"file:{self.file}"
        with self.any_address() as taken:
            port = taken.getsockname()[1]
            for source, out, named in (("file:/nowhere", good, "--in file:/nowhere: it cannot be opened: No such file"),
                                       ("serial:/dev/nowhere", good, "--in serial:/dev/nowhere: .*No such file"),
                                       ("serial:/dev/null", good, "--in serial:/dev/null: .*Inappropriate ioctl"),
                                       (f"udp:{port}", good, f"--in udp:{port}: .*Address already in use"),
                                       ("udp:0", "file:/nowhere/x", "--out file:/nowhere/x: .*No such file"),
                                       ("udp:0", "tcp:host.invalid:5", "--out tcp:host.invalid:5: ")):
                result = self.expect(1, self.run_program("--in", source, "--out", out))
                self.assertRegex(result.err, "gateway: " + named)

    @staticmethod
    def any_address():
        """A socket bound as the gateway binds its own, where there is no IPv6 as well."""
        try:
            taken = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        except OSError:
            taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        taken.bind(("", 0))
        return taken

    def test_input_fails(self):
        """A file that can be opened, and cannot be read."""
        result = self.expect(1, self.run_program("--in", "file:/proc/self/mem", "--out", f"file:{self.file}"))
        self.assertIn("gateway: --in file:/proc/self/mem: it cannot be read: ", result.err)
        self.account(result)

    def test_counters(self):
        process = self.start("--in", "udp:0", "--out", f"file:{self.file}")
        port = int(re.search(r"UDP port (\d+)", process.stdout.readline())[1])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(frame(b"one") + b"bad\0", ("127.0.0.1", port))
        line = ""
        while not line.endswith(f" s: 1 frames, 1 rejected; file:{self.file} 1 written 0 dropped 0 lost\n"):
            line = process.stdout.readline()
            # They come after a second or more, until then they are of what has come by then.
            self.assertRegex(line, rf"^[1-9]\d* s: [01] frames, [01] rejected; file:{self.file} [01] written 0 dropped")
            self.assertLess(int(line.split()[0]), PATIENCE)
        self.expect(0, self.interrupt(process))


if __name__ == "__main__":
    main()
