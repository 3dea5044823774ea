# SPDX-License-Identifier: Apache-2.0
"""Runs basic_packet_routing with its own receiver and with peers of every kind."""

import os
import pty
import signal
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests"))

from support import PATIENCE, SampleTest, main  # noqa: E402  pylint: disable=wrong-import-position

MAGIC = 0x12345678
ALL_IS_WELL = "Every packet arrived whole and in order; all buffers are home."
PEER_IS_WELL = "The peer took every packet; all buffers are home."
PROGRESS = r"^ *[\d.]+ s  sensor1 \d+  sensor2 \d+  sent to peer \d+  queued \d+$"


def packet(sensor, sequence, payload_len):
    """One packet as it must be on the wire."""
    payload = bytes((sensor * 101 + sequence * 31 + (sequence >> 8) + i * 7) & 0xff for i in range(payload_len))
    record = struct.pack("<B3xI", sensor, sequence) + payload
    return struct.pack("<II", MAGIC, len(record)) + record


def check_stream(data):
    """Packets of each sensor in a stream; an error if a byte is not as it must be."""
    counts = [0, 0]
    while data:
        _, length, sensor = struct.unpack_from("<IIB", data)
        must = packet(sensor, counts[sensor], length - 8)
        if data[:len(must)] != must:
            raise ValueError(f"packet {counts} differs: {data[:len(must)].hex()}")
        counts[sensor] += 1
        data = data[len(must):]
    return counts


class BasicTest(SampleTest):
    def expect_balance(self, result):
        """What left the sensors went through every sink, and every buffer is home."""
        sources = result.table("source")
        sent = sources["sensor1"][0] + sources["sensor2"][0]
        self.assertEqual([sent, 2 * sent], sources["processor_out"])
        sinks = result.table("sink")
        self.assertEqual({"processor_in", "tcp_sink", "validator_in"}, set(sinks))
        for name, counters in sinks.items():
            self.assertEqual([sent, 0], counters, name)
        self.expect_home(result)
        return sent

    def expect_home(self, result):
        pools = result.table("pool")
        self.assertEqual({"sensor1_pool", "sensor2_pool", "header_pool"}, set(pools))
        for name, (size, free, low) in pools.items():
            self.assertEqual(size, free, name)
            self.assertLessEqual(low, free, name)


class Run(BasicTest):
    """Without arguments, and with those that say how much."""

    def test_default(self):
        begin = time.monotonic()
        result = self.expect(0, self.run_program())
        self.assertGreaterEqual(time.monotonic() - begin, 2)
        sent = self.expect_balance(result)
        self.assertGreater(sent, 0)
        self.assertEqual(sent, result.number(r"(\d+) packets sent to the peer"))
        self.assertTrue(result.out.endswith(ALL_IS_WELL + "\n"), result.out)
        progress = result.err.splitlines()
        self.assertGreaterEqual(len(progress), 1)
        for line in progress:
            self.assertRegex(line, PROGRESS)

    def test_progress_every_second(self):
        process = self.start("--duration", "1000")
        for _ in range(2):
            self.assertRegex(process.stderr.readline(), PROGRESS)
        self.expect_balance(self.expect(0, self.interrupt(process)))

    def test_count_is_exact(self):
        result = self.expect(0, self.run_program("--count", "777", "--rate", "2000", "--quiet"))
        self.assertEqual(777, self.expect_balance(result))
        self.assertEqual("", result.err)

    def test_one_packet(self):
        result = self.expect(0, self.run_program("--count", "1", "--quiet"))
        self.assertEqual(1, self.expect_balance(result))

    def test_as_fast_as_it_goes_nothing_is_dropped(self):
        result = self.expect(0, self.run_program("--count", "20000", "--rate", "1000000", "--quiet"))
        self.assertEqual(20000, self.expect_balance(result))

    def test_rates(self):
        for duration in (2, 8, 32):
            result = self.expect(0, self.run_program("--rate", "40.5", "--duration", str(duration), "--quiet"))
            first, second = (result.table("source")[name][0] / (40.5 * duration) for name in ("sensor1", "sensor2"))
            if abs(first - 1) < 0.25 and abs(second - 0.25) < 0.06:
                return
            # A thread that could not run at the end of it for long: the longer all takes, the less that matters.
        self.fail(f"of what is due the sensors send {first} and {second}")

    def test_slow_sensor_does_not_delay_the_end(self):
        begin = time.monotonic()
        self.expect(0, self.run_program("--rate", "0.01", "--duration", "0.2", "--quiet"))
        self.assertLess(time.monotonic() - begin, PATIENCE / 2)

    def _interrupted(self, number):
        process = self.start("--duration", "1000", start_new_session=True)
        process.stderr.readline()  # it runs
        os.killpg(process.pid, number)  # as a terminal does: to all of them
        result = self.expect(0, self.finish(process))
        self.assertGreater(self.expect_balance(result), 0)
        self.assertIn(ALL_IS_WELL, result.out)

    def test_ctrl_c(self):
        self._interrupted(signal.SIGINT)

    def test_sigterm(self):
        self._interrupted(signal.SIGTERM)

    def test_progress_on_a_terminal_is_one_line(self):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        process = self.start("--duration", "1000", stderr=slave)
        os.close(slave)
        text = b""
        while text.count(b"\r") < 4:
            text += os.read(master, 65536)
        self.assertNotIn(b"\n", text)
        self.expect_balance(self.expect(0, self.interrupt(process)))
        try:
            while part := os.read(master, 65536):
                text += part
        except OSError:  # nobody has the other end any more
            pass
        self.assertEqual((1, 1), (text.count(b"\n"), text.count(b"\r\n")))
        self.assertTrue(text.endswith(b"\n"))

    def test_without_standard_streams(self):
        process = self.start("--count", "20", stdin=None, preexec_fn=lambda: os.close(0))
        self.expect_balance(self.expect(0, self.finish(process)))

    def test_nowhere_for_the_table(self):
        result = self.expect(1, self.run_program("--count", "5", "--quiet", preexec_fn=lambda: os.close(1)))
        self.assertIn("cannot write the table", result.err)

    def test_table_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = self.run_program("--count", "5", "--quiet", stdout=full)
        self.assertEqual(1, result.status)
        self.assertIn("cannot write the table", result.err)

    def test_nobody_reads_the_table(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        result = self.run_program("--count", "5", "--quiet", stdout=write_end)
        os.close(write_end)
        self.assertEqual(1, result.status)
        self.assertIn("cannot write the table", result.err)


class Listener:
    """A peer: serves one connection in a thread with what serve(connection) does."""

    def __init__(self, test, serve, family=socket.AF_INET, host="127.0.0.1", receive_buffer=None):
        self.socket = socket.socket(family)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.bind((host, 0))
        self.socket.listen(1)
        self.socket.settimeout(PATIENCE)
        self.port = self.socket.getsockname()[1]
        self.result = None
        self._serve = serve
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        test.addCleanup(self.socket.close)

    def _run(self):
        connection, _ = self.socket.accept()
        with connection:
            connection.settimeout(PATIENCE)
            try:
                self.result = self._serve(connection)
            except OSError as error:
                self.result = error

    def wait(self):
        self._thread.join(PATIENCE)
        return self.result


def read_all(connection):
    data = bytearray()
    while piece := connection.recv(65536):
        data += piece
    return bytes(data)


class Peers(BasicTest):
    """Somebody else's receiver, well or not."""

    def expect_error(self, result, pattern):
        """An error that says this, buffers home all the same, and no claim that all is well."""
        self.expect(1, result)
        self.assertRegex(result.err, r"(?m)^basic_packet_routing: .*" + pattern)
        self.assertNotIn(PEER_IS_WELL, result.out)
        self.assertNotIn("did not come home", result.err)
        self.expect_home(result)

    def _every_byte(self, name, **listener):
        peer = Listener(self, read_all, **listener)
        result = self.expect(0, self.run_program("--connect", f"{name}:{peer.port}", "--count", "500", "--rate",
                                                 "3000", "--quiet"))
        counts = check_stream(peer.wait())
        self.assertEqual(500, self.expect_balance(result))
        self.assertEqual([result.table("source")[name][0] for name in ("sensor1", "sensor2")], counts)
        self.assertTrue(result.out.endswith(PEER_IS_WELL + "\n"), result.out)

    def test_every_byte_by_address(self):
        self._every_byte("127.0.0.1")

    def test_every_byte_by_name(self):
        self._every_byte("localhost")

    def test_every_byte_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6) as there:
                there.bind(("::1", 0))
        except OSError:  # it is off here: that is said
            result = self.expect(1, self.run_program("--connect", "[::1]:9"))
            self.assertIn("cannot connect to ::1 port 9: ", result.err)
            return
        self._every_byte("[::1]", family=socket.AF_INET6, host="::1")

    def test_a_slow_peer_gets_everything(self):
        def serve(connection):
            data = bytearray()
            while piece := connection.recv(2000):
                data += piece
                time.sleep(0.002)
            return bytes(data)

        # With less, TCP drops what finds no room, and says nothing for seconds when that happens again and again.
        peer = Listener(self, serve, receive_buffer=32768)
        result = self.expect(0, self.run_program("--connect", f"127.0.0.1:{peer.port}", "--count", "15000",
                                                 "--rate", "1000000", "--quiet", "--timeout", str(PATIENCE)))
        self.assertEqual(15000, sum(check_stream(peer.wait())))
        self.assertRegex(result.out, r"sensors waited \d+ times for a buffer")
        self.assertEqual(0, result.table("pool")["sensor1_pool"][2])

    def test_a_peer_that_talks(self):
        def serve(connection):
            connection.sendall(b"hello\n" * 1000)
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

        peer = Listener(self, serve)
        self.expect(0, self.run_program("--connect", f"127.0.0.1:{peer.port}", "--count", "200", "--rate", "2000"))
        self.assertEqual(200, sum(check_stream(peer.wait())))

    def test_refused(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # and does not listen
            port = unused.getsockname()[1]
            result = self.run_program("--connect", f"127.0.0.1:{port}")
        self.expect(1, result)
        self.assertIn(f"cannot connect to 127.0.0.1 port {port}: Connection refused", result.err)
        self.assertEqual("", result.out)

    def test_no_such_host(self):
        result = self.expect(1, self.run_program("--connect", "no-such-host.invalid:5000"))
        self.assertIn("no-such-host.invalid: ", result.err)

    def test_goes_away_midway(self):
        def serve(connection):
            return connection.recv(3000, socket.MSG_WAITALL)

        peer = Listener(self, serve)
        result = self.run_program("--connect", f"127.0.0.1:{peer.port}", "--duration", "1000", "--rate", "500")
        self.expect_error(result, "the peer, 127.0.0.1 port .* went away")
        self.assertRegex(result.err, r"\d+ of \d+ packets did not reach the peer")

    def test_resets_midway(self):
        def serve(connection):
            connection.recv(3000, socket.MSG_WAITALL)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        peer = Listener(self, serve)
        result = self.run_program("--connect", f"127.0.0.1:{peer.port}", "--duration", "1000", "--rate", "500")
        self.expect_error(result, "the peer, 127.0.0.1 port .* went away")

    def test_goes_away_without_reading_the_last_packets(self):
        accepted = threading.Event()

        def serve(connection):
            connection.recv(128, socket.MSG_WAITALL)
            accepted.wait(PATIENCE)
            time.sleep(0.5)  # all has been sent, and waits here

        peer = Listener(self, serve)
        process = self.start("--connect", f"127.0.0.1:{peer.port}", "--count", "10", "--rate", "1000", "--quiet")
        accepted.set()
        self.expect_error(self.finish(process), "the peer, 127.0.0.1 port .* went away")

    def _stalls(self, timeout, *args):
        stop = threading.Event()
        self.addCleanup(stop.set)
        peer = Listener(self, lambda connection: stop.wait(PATIENCE), receive_buffer=2048)
        return self.start("--connect", f"127.0.0.1:{peer.port}", "--timeout", timeout, *args)

    def test_stalls_with_much_to_send(self):
        begin = time.monotonic()
        process = self._stalls("0.5", "--rate", "1000000", "--duration", "1000")
        self.expect_error(self.finish(process), "the peer, 127.0.0.1 port .* did nothing for 0.5 s")
        self.assertLess(time.monotonic() - begin, PATIENCE / 2)

    def test_stalls_at_the_end(self):
        process = self._stalls("0.5", "--count", "10")
        self.expect_error(self.finish(process), "the peer, 127.0.0.1 port .* did nothing for 0.5 s")

    def test_stalls_at_the_end_after_it_closed_its_side(self):
        """It has said that it will send nothing, and reads nothing: its silence tells nothing."""
        stop = threading.Event()
        self.addCleanup(stop.set)

        def serve(connection):
            connection.shutdown(socket.SHUT_WR)
            stop.wait(PATIENCE)

        peer = Listener(self, serve, receive_buffer=2048)
        result = self.run_program("--connect", f"127.0.0.1:{peer.port}", "--timeout", "0.5", "--count", "200",
                                  "--rate", "10000")
        self.expect_error(result, "the peer, 127.0.0.1 port .* did nothing for 0.5 s")

    def test_ctrl_c_while_it_stalls(self):
        process = self._stalls("3", "--rate", "1000000", "--duration", "1000")
        process.stderr.readline()  # it runs
        self.expect_error(self.interrupt(process), "the peer, 127.0.0.1 port .* did nothing for 3 s")

    def test_never_accepts(self):
        """A full backlog: the connection is never made."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            port = listener.getsockname()[1]
            others = []
            for _ in range(3):  # what the backlog holds, and more
                other = socket.socket()
                other.setblocking(False)
                other.connect_ex(("127.0.0.1", port))
                others.append(other)
            result = self.run_program("--connect", f"127.0.0.1:{port}", "--timeout", "0.5")
            for other in others:
                other.close()
        self.expect(1, result)
        self.assertIn(f"cannot connect to 127.0.0.1 port {port}: Connection timed out", result.err)


class Options(BasicTest):
    def test_help(self):
        result = self.expect(0, self.run_program("--help"))
        for option in ("--connect", "--count", "--rate", "--duration", "--timeout", "--quiet", "--help"):
            self.assertIn(option, result.out)
        self.assertEqual("", result.err)

    def test_wrong_ones_are_named(self):
        wrong = {
            "--count": ["", "0", "-1", "1.5", "5x", "99999999999999999999999"],
            "--rate": ["", "0", "-1", "abc", "1e3", "nan", "inf", "0x10", "2000000", "1.2.3", "."],
            "--duration": ["", "0", "-5", "1s", "99999999999"],
            "--timeout": ["0", "x"],
            "--connect": ["", "localhost", "localhost:", ":5000", "localhost:0", "localhost:65536", "localhost:5x",
                          "localhost:http", "::1:5000", "[::1]", "[::1]5000", "[]:5000", "x" * 300 + ":1"],
        }
        for option, values in wrong.items():
            for value in values:
                with self.subTest(option=option, value=value):
                    result = self.expect(2, self.run_program(option, value))
                    self.assertIn(f"{option}: '{value}'", result.err)
                    self.assertIn("--help", result.err)
                    self.assertEqual("", result.out)

    def test_unknown_ones(self):
        for args in (["--nonsense"], ["-x"], ["extra"], ["--count"], ["--receiver", "x"]):
            with self.subTest(args=args):
                result = self.expect(2, self.run_program(*args))
                self.assertIn("basic_packet_routing", result.err)


class Receiver(BasicTest):
    """The receiver itself: that it finds what is wrong with a stream."""

    def receive(self, data, close_early=False):
        """Its report (counts, bytes, fault) and its exit status."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(1)
            process = self.start("--receiver", stdin=listener)
            if close_early:
                process.stdout.close()
                process.stdout = None
            else:
                with socket.create_connection(listener.getsockname()) as connection:
                    connection.sendall(data)
                    try:
                        connection.shutdown(socket.SHUT_WR)
                    except OSError:  # it has found a fault and gone, with data that it has not read
                        pass
                    report = process.stdout.buffer.read()
        status = process.wait(PATIENCE)
        if close_early:
            return status
        first, second, size, fault = struct.unpack("=IIQ128s", report)
        return status, [first, second], size, fault.split(b"\0")[0].decode()

    def expect_fault(self, data, pattern):
        status, _, _, fault = self.receive(data)
        self.assertEqual(1, status)
        self.assertRegex(fault, pattern)

    def test_good(self):
        packets = [packet(0, 0, 96), packet(0, 1, 96), packet(1, 0, 0), packet(0, 2, 248)]
        data = b"".join(packets)
        self.assertEqual((0, [3, 1], len(data), ""), self.receive(data))

    def test_nothing(self):
        self.assertEqual((0, [0, 0], 0, ""), self.receive(b""))

    def test_every_damaged_byte(self):
        good = packet(0, 0, 24)
        for i in range(len(good)):
            with self.subTest(byte=i):
                data = bytearray(good + packet(1, 0, 24))
                data[i] ^= 0x10
                self.expect_fault(bytes(data), "^packet 1, at byte 0: ")

    def test_missing(self):
        self.expect_fault(packet(0, 0, 8) + packet(0, 2, 8), "^packet 2, at byte 24: it is not the next")

    def test_doubled(self):
        self.expect_fault(packet(0, 0, 8) + packet(0, 0, 8), "it is not the next")

    def test_swapped(self):
        self.expect_fault(packet(0, 1, 8) + packet(0, 0, 8), "it is not the next")

    def test_of_the_wrong_sensor(self):
        self.expect_fault(packet(2, 0, 8), "a sensor that there is not")

    def test_cut_short(self):
        for missing in (1, 8, 23):
            self.expect_fault(packet(0, 0, 8) + packet(0, 1, 8)[:-missing], "^packet 2.*ends in the middle")

    def test_no_header(self):
        self.expect_fault(packet(0, 0, 8)[8:], "magic")

    def test_impossible_lengths(self):
        for length in (0, 7, 257, 0xffffffff):
            self.expect_fault(struct.pack("<II", MAGIC, length) + bytes(300), "its length is impossible")

    def test_ends_with_its_parent(self):
        self.assertEqual(1, self.receive(b"", close_early=True))


if __name__ == "__main__":
    main()
