# SPDX-License-Identifier: Apache-2.0
"""Runs packet_router on a loopback interface while there is traffic, beside another capture."""

import os
import signal
import socket
import struct
import subprocess
import threading
import time

import frames
from frames import AH, DESTINATION, FRAGMENT, HOP_BY_HOP, ICMP, IPV4, IPV6, QINQ, TCP, UDP, VLAN
from router_test import IS, QUOTES, ROUTES, RouterTest, tshark
from support import PATIENCE, in_own_network, main

MARKER_PORT = 9  # nothing listens there, but the frame passes


def wait_until(what, true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {PATIENCE} s")
        time.sleep(0.05)


def send_udp(family, host, count, size=100, port=MARKER_PORT):
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        for i in range(count):
            sender.sendto(bytes([i & 0xff]) * size, (host, port))


def talk_tcp(family, host, size):
    """A whole connection: handshake, data both ways, end."""
    with socket.socket(family) as listener:
        listener.bind((host, 0))
        listener.listen(1)

        def serve():
            connection, _ = listener.accept()
            with connection:
                while data := connection.recv(65536):
                    connection.sendall(data[:10])

        server = threading.Thread(target=serve)
        server.start()
        with socket.create_connection(listener.getsockname()[:2]) as connection:
            connection.sendall(b"t" * size)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        server.join()


def send_raw(content):
    """Put frames on the loopback interface as they are."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind(("lo", 0))
        for frame in content:
            sender.send(frame)


def ping():
    """Echo requests of both versions, which the system answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sender:
        header = struct.pack("!BBHHH", 8, 0, 0, 7, 1)
        sender.sendto(header[:2] + struct.pack("!H", frames.checksum(header)) + header[4:], ("127.0.0.1", 0))
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as sender:
        sender.sendto(struct.pack("!BBHHH", 128, 0, 0, 7, 1), ("::1", 0))


def crafted():
    """Tags and extension headers, which sockets do not send by themselves."""
    content = []
    for protocol in (TCP, UDP, ICMP):
        inside = frames.transport(protocol, b"crafted")
        for tags in ([VLAN], [QINQ, VLAN]):
            content.append(frames.ethernet(IPV4, frames.ipv4(protocol, inside), tags))
            content.append(frames.ethernet(IPV6, frames.ipv6(protocol, inside), tags))
        packet, following = inside, protocol
        for kind in (DESTINATION, AH, FRAGMENT, HOP_BY_HOP):
            packet, following = frames.extension(kind, following, packet), kind
        content.append(frames.ethernet(IPV6, frames.ipv6(following, packet)))
    return content


class LiveTest(RouterTest):
    def capture(self, *args, interface="lo"):
        """The program, capturing."""
        process = self.start("-i", interface, "-o", self.dir, *args)
        line = process.stderr.readline()
        self.assertRegex(line, f"^packet_router: capturing on {interface}, link type ", line + process.stderr.read()
                         if process.poll() is not None else line)
        return process

    def await_frames(self, route, count):
        wait_until(f"{count} frames in {route}.pcap", lambda: frames.whole_frames(self.written(route)) >= count)

    def await_all(self, protocol=UDP, path=None):
        """Wait until a frame of this protocol that is sent last has arrived: so has all that was sent before."""
        route = path or self.written({TCP: "tcp", UDP: "udp"}[protocol])
        self.last += 1
        mark = b"last frame %d " % self.last
        inside = struct.pack("!HH", MARKER_PORT, 40002) + frames.transport(protocol, mark)[4:]
        frame = frames.ethernet(IPV4, frames.ipv4(protocol, inside))
        sent = 0

        def arrived():
            nonlocal sent
            if time.monotonic() > sent + 1:  # again: the one before may be dropped
                sent = time.monotonic()
                send_raw([frame])
            with open(route, "rb") as file:
                return mark in file.read()

        wait_until(f"the frame that was sent last, in {route}", arrived)

    def setUp(self):
        super().setUp()
        self.last = 0

    def end_capture(self, process, number=signal.SIGINT):
        """End it, after what was sent has arrived."""
        self.await_all()
        return self.interrupt(process, number)


def conversation(data):
    """What tells one direction of a conversation from others: addresses and ports of an IP frame."""
    kind = data[12:14]
    return {b"\x08\x00": data[26:38], b"\x86\xdd": data[22:58]}.get(kind, kind)


def is_tcp(data):
    """Whether it is a frame of TCP: two processors send one direction of it, the other one upon acknowledgements."""
    return data[12:14] == b"\x08\x00" and data[23] == 6 or data[12:14] == b"\x86\xdd" and data[20] == 6


class Traffic(LiveTest):
    def reference(self):
        """dumpcap, capturing the same interface into ref.pcap."""
        path = self.path("ref.pcap")
        process = subprocess.Popen(["dumpcap", "-q", "-P", "-B", "16", "-i", "lo", "-w", path],
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(self._end, process)

        def seen():
            send_udp(socket.AF_INET, "127.0.0.1", 1)
            return os.path.exists(path) and os.path.getsize(path) > 24

        wait_until("dumpcap captures", seen)
        return process, path

    def test_agrees_with_another_capture_and_with_tshark(self):
        subprocess.run(["ip", "link", "set", "lo", "mtu", "1500"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "set", "lo", "mtu", "65536"], check=False)
        process = self.capture()
        dumpcap, reference = self.reference()
        # What comes before both capture, or while one does, is told apart by its port, and its answers.
        marker = f"(udp.port == {MARKER_PORT} && frame.len < 200)"

        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            talk_tcp(family, host, 300000)
            with socket.socket(family, socket.SOCK_DGRAM) as receiver:
                receiver.bind((host, 0))
                port = receiver.getsockname()[1]
                send_udp(family, host, 50, 200, port)
                send_udp(family, host, 20, 5000, port)  # in fragments
        ping()
        send_raw(crafted())

        # The other one first: what it has is then in these files, too.
        self.await_all(path=reference)
        dumpcap.send_signal(signal.SIGINT)
        dumpcap.wait(PATIENCE)
        result = self.expect(0, self.end_capture(process))
        self.expect_balance(result)
        self.assertEqual(0, result.number(r"(\d+) by the kernel"))

        words = {route: f"({IS[route]}) && !{marker} && !({QUOTES})" for route in ("tcp", "udp")}
        words["other"] = f"!({IS['tcp']}) && !({IS['udp']})"
        seen = tshark(reference, *words.values())
        for position, route in enumerate(ROUTES):
            expected = [0, 0, 0]
            expected[position] = seen[position]
            self.assertEqual(expected, tshark(self.written(route), *words.values()), route)
        self.assertGreater(seen[0], 40)
        self.assertGreater(seen[1], 2 * (50 + 20 * 4))
        self.assertEqual(4 + 5, seen[2])  # echoes, and what was crafted

        # And frame by frame: each is in a file, and in each direction of each conversation, but of TCP, the
        # order is that of the other capture. Between them it may not be: two processors send at once.
        routed = {}
        for route in ROUTES:
            for data in frames.bytes_of(self.written(route)):
                routed.setdefault(conversation(data), []).append(data)
        after = dict.fromkeys(routed, 0)
        matched = 0
        for data in frames.bytes_of(reference):
            key = conversation(data)
            first = 0 if is_tcp(data) else after.get(key, 0)
            self.assertIn(data, routed.get(key, [])[first:], "a frame is in no file, or not in order")
            after[key] = routed[key].index(data, first) + 1
            matched += 1
        self.assertGreater(matched, 300)

    def test_vlan_tags(self):
        process = self.capture()
        content = crafted()
        send_raw(content)
        result = self.expect(0, self.end_capture(process))
        self.expect_balance(result)
        for route, protocol in (("tcp", TCP), ("udp", UDP), ("other", ICMP)):
            mine = content[5 * (TCP, UDP, ICMP).index(protocol):][:5]
            captured = [data for data in frames.bytes_of(self.written(route)) if data in content]
            self.assertEqual(mine, captured, route)
            if route != "other":
                self.assertEqual(4, tshark(self.written(route), f"{route} && (vlan || ieee8021ad)"))

    def test_frames_of_64_kilobytes(self):
        process = self.capture()
        talk_tcp(socket.AF_INET, "127.0.0.1", 3000000)
        send_udp(socket.AF_INET6, "::1", 10, 65000)
        result = self.expect(0, self.end_capture(process))
        self.expect_balance(result, dropped=True)
        self.assertGreater(result.number(r"the longest (\d+)"), 60000)
        self.assertGreater(tshark(self.written("tcp") if result.table("sink")["tcp_file"][1] == 0
                                  else self.written("udp"), "frame.len > 30000"), 5)

    def test_count(self):
        process = self.capture("-c", "25")
        send_udp(socket.AF_INET, "127.0.0.1", 100)
        result = self.expect(0, self.finish(process))
        self.assertEqual(25, self.expect_balance(result))

    def test_filter(self):
        process = self.capture("-f", f"ip6 and udp port {MARKER_PORT}")
        send_udp(socket.AF_INET, "127.0.0.1", 20)
        send_udp(socket.AF_INET6, "::1", 30)
        self.await_frames("udp", 30)
        result = self.expect(0, self.interrupt(process, signal.SIGTERM))
        self.assertEqual(30, self.expect_balance(result))
        self.assertEqual(30, tshark(self.written("udp"), "udp && ipv6"))

    def test_all_interfaces(self):
        process = self.capture(interface="any")
        send_udp(socket.AF_INET, "127.0.0.1", 20)
        talk_tcp(socket.AF_INET6, "::1", 1000)
        result = self.expect(0, self.end_capture(process))
        self.expect_balance(result)
        self.assertEqual(20, tshark(self.written("udp"), f"udp.dstport == {MARKER_PORT}"))
        self.assertGreater(tshark(self.written("tcp"), "tcp && sll"), 5)

    def test_nothing_to_capture(self):
        result = self.expect(0, self.interrupt(self.capture()))
        self.assertEqual(0, self.expect_balance(result))

    def test_interface_goes_down_and_comes_back(self):
        process = self.capture()
        send_udp(socket.AF_INET, "127.0.0.1", 10)
        for state in ("down", "up"):
            time.sleep(0.3)
            subprocess.run(["ip", "link", "set", "lo", state], check=True)
        send_udp(socket.AF_INET, "127.0.0.1", 20)
        self.expect_balance(self.expect(0, self.end_capture(process)))
        self.assertEqual(30, tshark(self.written("udp"), f"udp.dstport == {MARKER_PORT}"))

    def test_interface_disappears(self):
        subprocess.run(["ip", "link", "add", "left0", "type", "veth", "peer", "name", "right0"], check=True)
        for name in ("left0", "right0"):
            subprocess.run(["ip", "link", "set", name, "up"], check=True)
        process = self.capture(interface="left0")
        subprocess.run(["ip", "link", "del", "left0"], check=True)
        result = self.expect(1, self.finish(process))
        self.assertRegex(result.err, "(?m)^packet_router: left0: .*disappeared")
        self.expect_balance(result)


class Drops(LiveTest):
    def test_by_queues(self):
        """A file that takes nothing: its queue fills, the others do not suffer, all is counted."""
        os.mkdir(self.dir)
        os.mkfifo(self.written("udp"))
        process = self.start("-i", "lo", "-o", self.dir)
        with open(self.written("udp"), "rb") as pipe:
            self.assertIn("capturing", process.stderr.readline())
            sent = 0
            for _ in range(6):
                send_udp(socket.AF_INET, "127.0.0.1", 1000, 10)
                sent += 1000
                self.await_all(TCP)  # so that it is this queue that is full, not the one before it
            talk_tcp(socket.AF_INET, "127.0.0.1", 1000)
            self.await_all(TCP)
            process.send_signal(signal.SIGINT)
            data = pipe.read()
        result = self.expect(0, self.finish(process))
        self.expect_balance(result, dropped=True)
        handled, dropped = result.table("sink")["udp_file"]
        self.assertGreater(dropped, 0)
        self.assertEqual(handled, len(frames.parse_pcap(data)[1]))
        kernel = result.number(r"(\d+) by the kernel")
        if kernel + result.table("sink")["router_in"][1] + result.number(r"(\d+) without a buffer") == 0:
            self.assertEqual(sent, handled + dropped)
            self.assertGreater(tshark(self.written("tcp"), "tcp"), 5)

    def test_without_a_buffer(self):
        """Long frames, and a file that takes none: the pool runs out before the queue is full."""
        os.mkdir(self.dir)
        os.mkfifo(self.written("udp"))
        process = self.start("-i", "lo", "-f", "udp or tcp", "-o", self.dir)
        with open(self.written("udp"), "rb") as pipe:
            self.assertIn("capturing", process.stderr.readline())
            for _ in range(7):
                send_udp(socket.AF_INET, "127.0.0.1", 50, 60000)  # no more than the system keeps
                self.await_all(TCP)  # for which a buffer is left when there are too few for a long one
            process.send_signal(signal.SIGINT)
            data = pipe.read()
        result = self.expect(0, self.finish(process))
        self.expect_balance(result, dropped=True)
        self.assertGreater(result.number(r"(\d+) without a buffer"), 0)
        self.assertEqual(result.table("sink")["udp_file"][0], len(frames.parse_pcap(data)[1]))
        self.assertLess(result.table("pool")["frame_pool"][2], 64)

    def test_by_the_kernel(self):
        process = self.capture()
        process.send_signal(signal.SIGSTOP)
        send_udp(socket.AF_INET, "127.0.0.1", 400, 60000)  # more than the system keeps
        process.send_signal(signal.SIGCONT)
        result = self.expect(0, self.end_capture(process))
        self.assertGreater(result.number(r"(\d+) by the kernel"), 0)
        self.expect_balance(result, dropped=True)


class Refused(LiveTest):
    def test_no_such_interface(self):
        result = self.expect(1, self.run_program("-i", "nosuch0", "-o", self.dir))
        self.assertEqual("packet_router: nosuch0: no such interface\n", result.err)
        self.assertFalse(os.path.exists(self.dir))

    def test_interface_is_down(self):
        subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "set", "lo", "up"], check=True)
        result = self.expect(1, self.run_program("-i", "lo", "-o", self.dir))
        self.assertEqual("packet_router: lo: the interface is not up\n", result.err)

    def test_no_permission(self):
        without = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
        process = subprocess.run([*without, self.program, "-i", "lo", "-o", self.dir], text=True, timeout=PATIENCE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual(1, process.returncode, process.stderr)
        self.assertEqual("packet_router: lo: no permission to capture; it takes root or CAP_NET_RAW\n",
                         process.stderr)
        self.assertFalse(os.path.exists(self.dir))

    def test_bad_filter(self):
        result = self.expect(2, self.run_program("-i", "lo", "-o", self.dir, "-f", "porto 5"))
        self.assertIn("packet_router: filter 'porto 5': ", result.err)

    def test_full_disk_ends_the_capture(self):
        os.mkdir(self.dir)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", self.dir], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.dir], check=False)
        process = self.capture()
        send_udp(socket.AF_INET, "127.0.0.1", 200, 1000)
        result = self.expect(1, self.finish(process))
        self.assertRegex(result.err, r"(?m)^packet_router: .*out/\w+.pcap: No space left on device$")
        self.assertTrue(result.table("pool"))
        for route in ROUTES:
            frames.read_pcap(self.written(route))  # whole records only


if __name__ == "__main__":
    in_own_network()
    main()
