# SPDX-License-Identifier: Apache-2.0
"""What the tests of packet_router share: its output files, tshark's opinion of them."""

import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests"))

from support import SampleTest  # noqa: E402  pylint: disable=wrong-import-position

import frames  # noqa: E402  pylint: disable=wrong-import-position

ROUTES = ("tcp", "udp", "other")

# tshark's words for what is routed: the outermost protocol, as the protocol field has it.
IS = {
    "tcp": "tcp || ip.proto == 6 || ipv6.fraghdr.nxt == 6",
    "udp": "udp || ip.proto == 17 || ipv6.fraghdr.nxt == 17",
}
# What an ICMP error quotes is not what the frame is.
QUOTES = "icmp.type == 3 || icmpv6.type == 1"


def tshark(path, *filters):
    """How many frames of a file each filter matches, for tshark, without putting fragments together."""
    result = subprocess.run(
        ["tshark", "-n", "-q", "-r", path, "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE",
         "-z", "io,stat,0," + ",".join(filters)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
        env={**os.environ, "HOME": os.path.dirname(os.path.abspath(path)), "XDG_CONFIG_HOME": "", "XDG_RUNTIME_DIR": ""})
    if result.returncode != 0:
        raise AssertionError(f"tshark {path}: {result.stderr}")
    counts = [0] * len(filters)  # a file without frames has no line
    for line in result.stdout.splitlines():
        if "<>" in line:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            counts = [int(cell) for cell in cells[1:1 + 2 * len(filters):2]]
    return counts if len(filters) > 1 else counts[0]


class RouterTest(SampleTest):
    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="packet router ")
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.dir = self.path("out")

    def path(self, name):
        return os.path.join(self.scratch, name)

    def written(self, route):
        return os.path.join(self.dir, route + ".pcap")

    def route_file(self, path, *args, **options):
        return self.run_program("-r", path, "-o", self.dir, *args, **options)

    def route_frames(self, link_type, content, *args):
        """Where each of these frames went, by its number."""
        frames.write_pcap(self.path("in.pcap"), link_type, content)
        self.expect(0, self.route_file(self.path("in.pcap"), *args))
        went = {}
        for route in ROUTES:
            for seconds, fraction, wire, data in frames.read_pcap(self.written(route))[1]:
                number = seconds - 1000
                self.assertEqual((number * 1000, len(content[number]), content[number]), (fraction, wire, data))
                went[number] = route
        self.assertEqual(list(range(len(content))), sorted(went))
        return [went[number] for number in range(len(content))]

    def expect_balance(self, result, dropped=False):
        """The table adds up: captured = routed + dropped, source by source, and all buffers are home."""
        sources = result.table("source")
        sinks = result.table("sink")
        captured = result.number(r"captured: (\d+) frames")
        routed = result.number(r"routed: (\d+) frames")
        no_buffer = result.number(r"dropped: (\d+) without a buffer")
        self.assertEqual(captured, sources["capture_out"][0] + no_buffer)
        self.assertEqual(sources["capture_out"][0], sum(sinks["router_in"]))
        self.assertEqual([routed, 0], sinks["counter"])
        self.assertEqual(routed, sinks["router_in"][0])
        files = result.table("file")
        for route in ROUTES:
            sent = sources[route + "_output"][0]
            self.assertEqual(sent, sum(sinks[route + "_file"]))
            if self.written(route) in files and " " not in self.dir:
                self.assertEqual(sinks[route + "_file"][0], files[self.written(route)][0])
        size, free, _ = result.table("pool")["frame_pool"]
        self.assertEqual(size, free)
        if not dropped:
            self.assertEqual(captured, routed)
            self.assertEqual(0, sum(counters[1] for counters in sinks.values()))
        return captured
