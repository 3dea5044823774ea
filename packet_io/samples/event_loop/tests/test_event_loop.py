# SPDX-License-Identifier: Apache-2.0
"""Runs event_loop with clients that listen, leave, talk and sleep."""

import pathlib
import re
import signal
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests"))

from support import PATIENCE, SampleTest, main  # noqa: E402


class Loop(SampleTest):
    def begin(self, *args):
        self.process = self.start(*args)
        self.port = int(re.fullmatch(r"listening on port (\d+)\n", self.process.stdout.readline())[1])
        self.lines = {}  # what was read of a client's stream, and is not used yet, stays there
        self.gaps = 0  # readings that a client did not get, of those who did without most

    def client(self):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.addCleanup(client.close)
        return client

    def end(self):
        self.process.send_signal(signal.SIGINT)
        result = self.finish(self.process)
        self.assertEqual(0, result.status, result.err)
        self.assertIn("every buffer is home", result.out)
        # None, if the program is never without a processor for as long as the queue can do without it.
        self.assertLessEqual(self.gaps, result.number(r"(\d+) lost, "))
        return result

    def readings(self, client, count):
        """The numbers of the next readings, in their order; what is not among them must have been lost."""
        if client not in self.lines:
            self.lines[client] = client.makefile()
            self.addCleanup(self.lines[client].close)
        lines = self.lines[client]
        numbers = [int(re.fullmatch(r"reading (\d+)\n", lines.readline())[1]) for _ in range(count)]
        self.assertEqual(sorted(set(numbers)), numbers)
        self.gaps = max(self.gaps, numbers[-1] + 1 - numbers[0] - count)
        return numbers

    def test_clients_get_every_reading(self):
        self.begin("-i", "2")
        clients = [self.client() for _ in range(3)]
        for client in clients:
            self.readings(client, 50)
        self.assertGreaterEqual(self.end().number(r"(\d+) readings"), 50)

    def test_clients_come_and_go(self):
        self.begin("-i", "1")
        stays = self.client()
        for _ in range(20):
            passing = self.client()
            passing.sendall(b"what is said here, nobody hears\n")
            self.readings(passing, 2)
            self.lines[passing].close()
            passing.close()
        self.readings(stays, 30)
        self.end()

    def test_one_that_sleeps_holds_up_nobody(self):
        self.begin("-i", "1")
        asleep = socket.socket()
        self.addCleanup(asleep.close)
        asleep.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        asleep.connect(("127.0.0.1", self.port))
        self.readings(self.client(), 300)
        self.end()

    def test_one_client_too_many(self):
        self.begin("-i", "5")
        clients = [self.client() for _ in range(16)]
        for client in clients:
            self.readings(client, 1)
        self.assertEqual(b"", self.client().recv(1))
        self.readings(clients[0], 5)
        self.end()

    def test_the_timer_ends_it(self):
        result = self.finish(self.start("-t", "1", "-i", "10"))
        self.assertEqual(0, result.status, result.err)
        # More than one if it could not run meanwhile.
        self.assertRegex(result.out, r"\n[1-9]\d* s: 0 clients, 0 missed packets\n")

    def test_an_idle_loop_sleeps(self):
        self.begin("-i", "10000")
        time.sleep(0.2)
        ticks = [int(word) for word in pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().split()[13:15]]
        time.sleep(1)
        later = [int(word) for word in pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().split()[13:15]]
        self.assertLess(sum(later) - sum(ticks), 20, "hundredths of a second of work in one of sleep")
        self.end()


class Options(SampleTest):
    def test_help(self):
        result = self.finish(self.start("--help"))
        self.assertEqual(0, result.status)
        self.assertIn("Usage: event_loop", result.out)

    def test_wrong_ones(self):
        for args, said in ((["-p", "65536"], "'65536' is not a whole number from 0 to 65535"),
                           (["-i", "0"], "'0' is not a whole number from 1 to 10000"),
                           (["-t", "x"], "'x' is not a whole number from 1 to 1000000"),
                           (["-q"], "invalid option"), (["more"], "'more' is one argument too many")):
            with self.subTest(args):
                result = self.finish(self.start(*args))
                self.assertEqual(2, result.status)
                self.assertIn(said, result.err)
                self.assertIn("--help", result.err)

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            result = self.finish(self.start("-p", str(port)))
        self.assertEqual(1, result.status)
        self.assertIn(f"event_loop: port {port}: Address already in use", result.err)


if __name__ == "__main__":
    main()
