# SPDX-License-Identifier: Apache-2.0
"""Runs packet_router on capture files: good ones of all kinds, broken ones, and nowhere to write."""

import os
import random
import resource
import signal
import struct
import subprocess
import threading
import time

import frames
from frames import AH, DESTINATION, ETHERNET, FRAGMENT, HOP_BY_HOP, ICMP, IPV4, IPV6, QINQ, QINQ_OLD, ROUTING, TCP, UDP, \
    VLAN
from router_test import IS, ROUTES, RouterTest, tshark
from support import PATIENCE, in_own_network, main

NAME = {TCP: "tcp", UDP: "udp", ICMP: "other"}


def random_frame(rng):
    """A frame that is as it should be, and where it must go."""
    protocol = rng.choice([TCP, UDP, ICMP])
    payload = rng.randbytes(rng.choice([0, 1, 10, 100, 1400]))
    inside = frames.transport(protocol, payload)
    tags = [rng.choice([VLAN, QINQ, QINQ_OLD]) for _ in range(rng.choice([0, 0, 1, 2, 3]))]
    if rng.random() < 0.1:
        return frames.ethernet(rng.choice([0x0806, 0x88cc]), rng.randbytes(46), tags), "other"
    if rng.random() < 0.5:
        later = rng.random() < 0.2
        fragment = rng.randrange(1, 0x1000) if later else rng.choice([0, 0, 0x4000, 0x2000])
        if not later and rng.random() < 0.2:
            inside = frames.extension(AH, protocol, inside)
            packet = frames.ipv4(AH, inside, fragment)
        else:
            packet = frames.ipv4(protocol, inside, fragment, b"\1" * (4 * rng.choice([0, 0, 1, 10])))
        return frames.ethernet(IPV4, packet, tags), NAME[protocol]
    following = protocol
    # From the inside out; behind a fragment header that is not the first only the protocol counts.
    if rng.random() < 0.2:
        inside = frames.extension(FRAGMENT, following, inside, rng.randrange(1, 0x1000) << 3)
        following = FRAGMENT
    elif rng.random() < 0.2:  # a first one
        inside = frames.extension(DESTINATION, following, inside)
        inside = frames.extension(FRAGMENT, DESTINATION, inside, 1)
        following = FRAGMENT
    for _ in range(rng.choice([0, 0, 1, 2])):
        kind = rng.choice([AH, DESTINATION, ROUTING])
        inside = frames.extension(kind, following, inside, size=rng.choice([0, 1, 5]))
        following = kind
    if rng.random() < 0.3:
        inside = frames.extension(HOP_BY_HOP, following, inside, size=rng.choice([0, 3]))
        following = HOP_BY_HOP
    return frames.ethernet(IPV6, frames.ipv6(following, inside), tags), NAME[protocol]


class Routes(RouterTest):
    def test_random_frames_agree_with_tshark(self):
        rng = random.Random(20)
        content, expected = zip(*(random_frame(rng) for _ in range(3000)))
        wrong = [(must, went, frame.hex()) for must, went, frame
                 in zip(expected, self.route_frames(ETHERNET, content), content) if must != went]
        self.assertEqual([], wrong[:3])
        tcp, udp = expected.count("tcp"), expected.count("udp")
        for path, counts in ((self.path("in.pcap"), [tcp, udp]), (self.written("tcp"), [tcp, 0]),
                             (self.written("udp"), [0, udp]), (self.written("other"), [0, 0])):
            self.assertEqual(counts, tshark(path, IS["tcp"], IS["udp"]), path)

    def test_vlan_and_qinq(self):
        content, expected = [], []
        for tags in ([], [VLAN], [QINQ, VLAN], [QINQ, QINQ], [QINQ_OLD, VLAN], [VLAN] * 8):
            for protocol in (TCP, UDP, ICMP):
                content.append(frames.ethernet(IPV4, frames.ipv4(protocol, frames.transport(protocol)), tags))
                content.append(frames.ethernet(IPV6, frames.ipv6(protocol, frames.transport(protocol)), tags))
                expected += [NAME[protocol]] * 2
        self.assertEqual(expected, self.route_frames(ETHERNET, content))
        for route in ("tcp", "udp"):
            self.assertEqual([expected.count(route), expected.count(route) - 2],
                             tshark(self.written(route), route, "vlan || ieee8021ad"))

    def test_link_types(self):
        v4 = [(IPV4, frames.ipv4(protocol, frames.transport(protocol)), NAME[protocol]) for protocol in NAME]
        v6 = [(IPV6, frames.ipv6(protocol, frames.transport(protocol)), NAME[protocol]) for protocol in NAME]
        cooked = struct.pack("!HHH8s", 0, 1, 6, b"\2\0\0\0\0\1")
        cooked_v2 = struct.pack("!HIHBB8s", 0, 1, 1, 0, 6, b"\2\0\0\0\0\1")
        for link_type, wrap in (
                (frames.COOKED, lambda kind, packet: cooked + struct.pack("!H", kind) + packet),
                (frames.COOKED_V2, lambda kind, packet: struct.pack("!H", kind) + cooked_v2 + packet),
                (frames.RAW, lambda kind, packet: packet),
                (frames.NULL, lambda kind, packet: struct.pack("<I", 2 if kind == IPV4 else 30) + packet),
                (frames.NULL, lambda kind, packet: struct.pack(">I", 2 if kind == IPV4 else 24) + packet),
                (frames.LOOP, lambda kind, packet: struct.pack(">I", 2 if kind == IPV4 else 24) + packet)):
            with self.subTest(link_type=link_type):
                content = [wrap(kind, packet) for kind, packet, _ in v4 + v6]
                expected = [route for _, _, route in v4 + v6]
                self.assertEqual(expected, self.route_frames(link_type, content))
                for route in ("tcp", "udp"):
                    self.assertEqual(link_type, frames.read_pcap(self.written(route))[0])
                self.assertEqual([2, 0], tshark(self.written("tcp"), "tcp", "udp"))

    def test_other_link_types_are_refused(self):
        for link_type, name in ((105, "802.11"), (220, "USB"), (9, "PPP")):
            frames.write_pcap(self.path("in.pcap"), link_type, [b"\0" * 60])
            result = self.expect(1, self.route_file(self.path("in.pcap")))
            self.assertRegex(result.err, f"in.pcap: frames of link type \".*{name}.*\" cannot be routed")
            self.assertFalse(os.path.exists(self.dir))

    def test_byte_orders_and_precisions(self):
        content = [frames.ethernet(IPV4, frames.ipv4(UDP, frames.transport(UDP)))] * 3
        for order in "<>":
            for nanoseconds in (False, True):
                path = self.path("in.pcap")
                frames.write_pcap(path, ETHERNET, content, order, nanoseconds)
                self.expect(0, self.route_file(path))
                records = frames.read_pcap(self.written("udp"))[1]
                unit = 1 if nanoseconds else 1000
                self.assertEqual([(1000 + i, i * unit) for i in range(3)], [record[:2] for record in records])

    def test_pcapng(self):
        content = [frames.ethernet(IPV4, frames.ipv4(protocol, frames.transport(protocol))) for protocol in NAME]
        frames.write_pcap(self.path("in.pcap"), ETHERNET, content)
        subprocess.run(["tshark", "-n", "-r", self.path("in.pcap"), "-F", "pcapng", "-w", self.path("in.pcapng")],
                       check=True, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self.scratch})
        self.expect(0, self.route_file(self.path("in.pcapng")))
        for route, frame in zip(ROUTES, content):
            self.assertEqual([frame], frames.bytes_of(self.written(route)))

    def test_lengths(self):
        """Nothing, one byte, around the size of a buffer, and as much as libpcap takes."""
        content = [b"\0" * size for size in (0, 1, 13, 14)]
        expected = ["other"] * 4
        for size in (2048 - 34, 2048 - 33, 4096 - 34, 65535, 262144 - 34):
            packet = frames.ipv4(TCP, frames.transport(TCP))
            content.append(frames.ethernet(IPV4, packet) + random.Random(size).randbytes(size - 20))
            expected.append("tcp")
        self.assertEqual(expected, self.route_frames(ETHERNET, content))

    def test_cut_off_by_the_one_who_captured(self):
        frame = frames.ethernet(IPV4, frames.ipv4(UDP, frames.transport(UDP, b"x" * 1000)))
        with open(self.path("in.pcap"), "wb") as file:
            file.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 64, ETHERNET))
            file.write(struct.pack("<IIII", 5, 6, 64, len(frame)) + frame[:64])
        self.expect(0, self.route_file(self.path("in.pcap")))
        self.assertEqual([(5, 6000, len(frame), frame[:64])], frames.read_pcap(self.written("udp"))[1])

    def test_filter_and_count(self):
        content = [frames.ethernet(IPV4, frames.ipv4(protocol, frames.transport(protocol)))
                   for protocol in (TCP, UDP, ICMP) * 10]
        frames.write_pcap(self.path("in.pcap"), ETHERNET, content)
        result = self.expect(0, self.route_file(self.path("in.pcap"), "-f", "udp or icmp", "-c", "15"))
        self.assertEqual(15, self.expect_balance(result))
        self.assertEqual([0, 8, 7], [len(frames.bytes_of(self.written(route))) for route in ROUTES])

    def test_from_standard_input(self):
        frames.write_pcap(self.path("in.pcap"), ETHERNET, [b"\0" * 60] * 7)
        with open(self.path("in.pcap"), "rb") as file:
            result = self.expect(0, self.route_file("-", stdin=file))
        self.assertEqual(7, self.expect_balance(result))

    def test_nothing_is_dropped_however_slow_the_disk(self):
        """One output is a pipe that is read slowly: the queues fill, and everything waits."""
        content = [frames.ethernet(IPV4, frames.ipv4(TCP, frames.transport(TCP, struct.pack("<I", i) * 200)))
                   for i in range(20000)]
        frames.write_pcap(self.path("in.pcap"), ETHERNET, content)
        os.mkdir(self.dir)
        os.mkfifo(self.written("tcp"))
        process = self.start("-r", "-", "-o", self.dir, stdin=subprocess.PIPE)
        enough = threading.Event()

        def feed():
            with open(self.path("in.pcap"), "rb") as file, process.stdin.buffer as into:
                into.write(file.read(6000 * (16 + len(content[0]))))
                into.flush()
                enough.set()  # it has taken more than the pipe and a queue hold
                into.write(file.read())

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        with open(self.written("tcp"), "rb") as pipe:
            self.assertTrue(enough.wait(PATIENCE), "it does not take what the queues can hold")
            data = pipe.read()
        feeder.join(PATIENCE)
        process.stdin = None
        result = self.expect(0, self.finish(process))
        self.assertEqual(len(content), self.expect_balance(result))
        self.assertTrue(content == [record[3] for record in frames.parse_pcap(data)[1]])
        self.assertLess(result.table("pool")["frame_pool"][2], 4000, "the pool never got low: nothing was shown")


class Broken(RouterTest):
    def content(self):
        return [frames.ethernet(IPV4, frames.ipv4(UDP, frames.transport(UDP, bytes([i] * 50)))) for i in range(10)]

    def expect_written(self, number):
        self.assertEqual(self.content()[:number], frames.bytes_of(self.written("udp")))

    def test_cut_short_anywhere(self):
        whole = self.path("whole.pcap")
        frames.write_pcap(whole, ETHERNET, self.content())
        with open(whole, "rb") as file:
            data = file.read()
        record = 16 + len(self.content()[0])
        for missing in (1, record - 17, record - 16, record - 1):
            with self.subTest(missing=missing):
                with open(self.path("in.pcap"), "wb") as file:
                    file.write(data[:-missing])
                result = self.expect(1, self.route_file(self.path("in.pcap")))
                self.assertRegex(result.err, "^packet_router: .*in.pcap: truncated dump file")
                self.assertEqual(9, self.expect_balance(result))
                self.expect_written(9)
        self.assertEqual(9, tshark(self.written("udp"), "udp"))

    def test_damaged_in_the_middle(self):
        frames.write_pcap(self.path("in.pcap"), ETHERNET, self.content())
        with open(self.path("in.pcap"), "r+b") as file:
            file.seek(24 + 4 * (16 + len(self.content()[0])) + 8)
            file.write(b"\xff\xff\xff\x7f")
        result = self.expect(1, self.route_file(self.path("in.pcap")))
        self.assertRegex(result.err, "^packet_router: .*in.pcap: ")
        self.expect_written(4)

    def test_not_a_capture_file(self):
        for content in (b"", b"x", b"hello, world\n" * 100, b"\xd4\xc3\xb2\xa1\2\0\4\0"):
            with self.subTest(content=content[:8]):
                with open(self.path("in.pcap"), "wb") as file:
                    file.write(content)
                result = self.expect(1, self.route_file(self.path("in.pcap")))
                self.assertRegex(result.err, "^packet_router: .*in.pcap: ")
                self.assertEqual("", result.out)
                self.assertFalse(os.path.exists(self.dir))

    def test_no_file(self):
        result = self.expect(1, self.route_file(self.path("nowhere.pcap")))
        self.assertRegex(result.err, "^packet_router: .*nowhere.pcap: No such file or directory$")

    def test_a_folder(self):
        result = self.expect(1, self.route_file(self.scratch))
        self.assertIn(self.scratch, result.err)

    def test_pipe_that_stands_still_ends_with_ctrl_c(self):
        frames.write_pcap(self.path("in.pcap"), ETHERNET, self.content())
        read_end, write_end = os.pipe()
        process = self.start("-r", "-", "-o", self.dir, stdin=read_end)
        os.close(read_end)
        with open(self.path("in.pcap"), "rb") as file:
            os.write(write_end, file.read())
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(self.written("other")) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.5)
        result = self.expect(0, self.interrupt(process))
        os.close(write_end)
        self.expect_balance(result)

    def test_fuzzed_files_end_well(self):
        """Bytes changed at random: an error or none, but no crash, no hang, no buffer lost."""
        rng = random.Random(3)
        path = self.path("in.pcap")
        for _ in range(25):
            frames.write_pcap(path, rng.choice([0, 1, 101, 108, 113, 276]),
                              [random_frame(rng)[0] for _ in range(40)])
            with open(path, "r+b") as file:
                data = bytearray(file.read())
                for _ in range(rng.choice([1, 5, 50])):
                    data[rng.randrange(24, len(data))] = rng.randrange(256)
                file.seek(0)
                file.write(data)
            result = self.route_file(path)
            self.assertIn(result.status, (0, 1), result.err)
            self.expect_balance(result)


class Output(RouterTest):
    def setUp(self):
        super().setUp()
        self.input = self.path("in.pcap")
        frames.write_pcap(self.input, ETHERNET, [
            frames.ethernet(IPV4, frames.ipv4(protocol, frames.transport(protocol, b"x" * 500)))
            for protocol in (TCP, UDP, ICMP) * 400])

    def mount(self, options):
        """self.dir becomes a file system of its own."""
        os.mkdir(self.dir)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", self.dir], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.dir], check=False)

    def expect_error(self, result, pattern):
        self.expect(1, result)
        self.assertRegex(result.err, "(?m)^packet_router: " + pattern)

    def test_full_disk(self):
        self.mount("size=128k")
        result = self.route_file(self.input)
        self.expect_error(result, r".*out/\w+.pcap: No space left on device$")
        size, free, _ = result.table("pool")["frame_pool"]
        self.assertEqual(size, free)
        for route in ROUTES:  # what fitted is there, and readable
            records = frames.read_pcap(self.written(route))[1]
            self.assertLess(len(records), 400)
            self.assertEqual(len(records), tshark(self.written(route), "frame"))

    def test_disk_full_from_the_start(self):
        self.mount("size=64k")
        with open(os.path.join(self.dir, "filler"), "wb") as file:
            try:
                file.write(bytes(1 << 20))
            except OSError:
                pass
        result = self.route_file(self.input)
        self.expect_error(result, r".*out/tcp.pcap: .*No space left on device$")

    def test_largest_file_reached(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))

        result = self.route_file(self.input, preexec_fn=limit)
        self.expect_error(result, r".*out/\w+.pcap: File too large$")
        for route in ROUTES:
            self.assertGreater(len(frames.bytes_of(self.written(route))), 50)

    def test_nobody_reads_the_pipe(self):
        os.mkdir(self.dir)
        os.mkfifo(self.written("udp"))
        process = self.start("-r", self.input, "-o", self.dir)
        with open(self.written("udp"), "rb") as pipe:
            pipe.read(24)
        self.expect_error(self.finish(process), ".*out/udp.pcap: Broken pipe$")

    def test_folder_is_a_file(self):
        with open(self.dir, "wb"):
            pass
        self.expect_error(self.route_file(self.input), ".*out/tcp.pcap: Not a directory$")

    def test_folder_cannot_be_made(self):
        result = self.run_program("-r", self.input, "-o", self.path("no/such/folder"))
        self.expect_error(result, ".*no/such/folder: No such file or directory$")

    def test_read_only(self):
        self.mount("ro")
        self.expect_error(self.route_file(self.input), ".*out/tcp.pcap: Read-only file system$")

    def test_file_is_a_folder(self):
        os.makedirs(self.written("udp"))
        self.expect_error(self.route_file(self.input), ".*out/udp.pcap: Is a directory$")

    def test_never_overwrites_what_it_reads(self):
        self.expect(0, self.route_file(self.input))
        before = frames.bytes_of(self.written("tcp"))
        self.assertEqual(400, len(before))
        os.symlink(self.written("tcp"), self.path("link.pcap"))
        for name in (self.written("tcp"), self.path("link.pcap")):
            self.expect_error(self.route_file(name), ".*out/tcp.pcap: it is the file being read$")
            self.assertEqual(before, frames.bytes_of(self.written("tcp")))

    def test_older_files_are_replaced(self):
        for _ in range(2):
            self.expect(0, self.route_file(self.input))
            self.assertEqual([400] * 3, [len(frames.bytes_of(self.written(route))) for route in ROUTES])

    def test_current_folder_is_the_default(self):
        os.mkdir(self.dir)
        self.expect(0, self.run_program("-r", self.input, cwd=self.dir))
        self.assertEqual(["other.pcap", "tcp.pcap", "udp.pcap"], sorted(os.listdir(self.dir)))

    def test_table_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            self.expect_error(self.route_file(self.input, stdout=full), "cannot write the table$")

    def test_ctrl_c_while_a_pipe_is_full(self):
        """The writer is stuck until the reader goes on; then everything ends, and the table is right."""
        frames.write_pcap(self.input, ETHERNET, [
            frames.ethernet(IPV4, frames.ipv4(TCP, frames.transport(TCP, b"x" * 1000)))] * 30000)
        os.mkdir(self.dir)
        os.mkfifo(self.written("tcp"))
        process = self.start("-r", self.input, "-o", self.dir)
        with open(self.written("tcp"), "rb") as pipe:
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            data = []
            reader = threading.Thread(target=lambda: data.append(pipe.read()))
            reader.start()
            result = self.expect(0, self.finish(process))
            reader.join()
        captured = self.expect_balance(result)
        self.assertLess(captured, 30000)
        self.assertEqual(captured, len(frames.parse_pcap(data[0])[1]))


class Options(RouterTest):
    def test_help(self):
        result = self.expect(0, self.run_program("--help"))
        for option in ("-i IFACE", "-r FILE", "-f FILTER", "-c COUNT", "-o DIR", "--help"):
            self.assertIn(option, result.out)
        self.assertEqual("", result.err)

    def test_wrong_ones(self):
        path = self.path("in.pcap")
        frames.write_pcap(path, ETHERNET, [])
        for args, message in (
                ([], "-i IFACE"), (["-r", path, "-i", "lo"], "-i IFACE"), (["-r"], "requires an argument"),
                (["-r", path, "-c", "0"], "-c: '0'"), (["-r", path, "-c", "5x"], "-c: '5x'"),
                (["-r", path, "-c", "-3"], "-c: '-3'"), (["-r", path, "-c", "9999999999"], "-c: '9999999999'"),
                (["-r", path, "port", "53"], "'port'"), (["-x"], "invalid option"), (["--nonsense"], "--nonsense")):
            with self.subTest(args=args):
                result = self.expect(2, self.run_program("-o", self.dir, *args))
                self.assertIn(message, result.err)
                self.assertIn("--help", result.err)
                self.assertFalse(os.path.exists(self.dir))

    def test_bad_filter(self):
        path = self.path("in.pcap")
        frames.write_pcap(path, ETHERNET, [])
        for text in ("port port", "tcp and", "host 300.1.1.1"):
            result = self.expect(2, self.route_file(path, "-f", text))
            self.assertIn(f"packet_router: filter '{text}': ", result.err)
            self.assertFalse(os.path.exists(self.dir))


if __name__ == "__main__":
    in_own_network()
    main()
