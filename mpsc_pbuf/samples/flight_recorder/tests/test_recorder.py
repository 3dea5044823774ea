# SPDX-License-Identifier: Apache-2.0
"""Runs flight_recorder, kills it, damages its files, and reads back."""

import os
import pathlib
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "packet_io" / "samples" / "tests"))

from support import PATIENCE, SampleTest, main  # noqa: E402

FOUND = re.compile(r"^found (\d+) records of (\d+) runs in (\d+) files, (\d+) overwritten$", re.M)
TORN = re.compile(r"^found (\d+) torn records at the end of files, (\d+) bytes$", re.M)
DAMAGED = re.compile(r"^found (\d+) damaged places, (\d+) bytes$", re.M)
RAN = re.compile(r"^run (\d+): made (\d+) records, (\d+) are in files, (\d+) were overwritten", re.M)
RECORD = re.compile(r"^(\d+) (\d+) (\d+) (\d+) ([a-z]*)$")
HEADER, OVERHEAD = 28, 32


def records(text):
    """(run, source, number) of each line that is a record, its text checked."""
    found = []
    for line in text.splitlines():
        match = RECORD.match(line)
        if match:
            run, source, number = (int(match[i]) for i in (1, 2, 3))
            mixed = (number * 31 + source * 17) * 2654435761 % 2**32
            length = mixed >> 28 if source == 0 else (mixed >> 16) % 241
            expected = "".join(chr(ord("a") + (source + number + i) % 26) for i in range(length))
            assert match[5] == expected, line
            found.append((run, source, number))
    return found


def frames(data):
    """Where each record of a file begins, and its end. The file is whole."""
    places = []
    at = 0
    while at < len(data):
        assert data[at:at + 4] == b"FLTR"
        size = OVERHEAD + int.from_bytes(data[at + 4:at + 8], "little")
        assert zlib.crc32(data[at:at + size - 4]) == int.from_bytes(data[at + size - 4:at + size], "little")
        places.append((at, at + size))
        at += size
    return places


class RecorderTest(SampleTest):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.dir = pathlib.Path(folder) / "flight"

    def files(self):
        return sorted(self.dir.glob("flight.*"))

    def record(self, *args, status=0, **options):
        return self.expect(status, self.run_program(*args, str(self.dir), **options))

    def read(self, status=0):
        """What -r finds: the records, and the numbers of the line about them."""
        result = self.expect(status, self.run_program("-r", "-v", str(self.dir)))
        found = FOUND.search(result.out)
        self.assertIsNotNone(found, result.out)
        self.result = result
        return records(result.out), [int(number) for number in found.groups()]

    def check_order(self, found):
        """Those of one source and run come in order, each once."""
        last = {}
        for run, source, number in found:
            self.assertGreater(number, last.get((run, source), -1))
            last[run, source] = number


class Run(RecorderTest):
    def test_all_is_read_back(self):
        result = self.record("-n", "2000", "-v", "-b", "1048576", "-s", "1000000", "-k", "100")
        run, made, stored, lost = (int(number) for number in RAN.search(result.out).groups())
        self.assertEqual(run, 1)
        self.assertEqual(made, stored + lost)
        found, (count, runs, files, overwritten) = self.read()
        self.assertEqual(count, stored)
        self.assertEqual(found, records(result.out))
        self.assertEqual((runs, files), (1, len(self.files())))
        self.assertLessEqual(overwritten, lost)
        self.check_order(found)

    def test_a_slow_disk_overwrites_the_oldest(self):
        result = self.record("-t", "1", "-w", "50", "-b", "8192", "-k", "100")
        _, made, stored, lost = (int(number) for number in RAN.search(result.out).groups())
        self.assertGreater(lost, 0)
        self.assertEqual(made, stored + lost)
        found, (count, _, _, overwritten) = self.read()
        self.assertEqual(count, stored)
        self.check_order(found)
        highest = {}
        for _, source, number in found:
            highest[source] = max(number, highest.get(source, -1))
        missing = sum(highest.values()) + len(highest) - count
        self.assertLessEqual(missing, overwritten)
        self.assertGreater(overwritten, 0)

    def test_a_signal_ends_it_well(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("-v", str(self.dir))
            process.stdout.readline()
            time.sleep(0.2)
            result = self.expect(0, self.interrupt(process, number))
            self.assertRegex(result.out, RAN)

    def test_runs_are_told_apart(self):
        for run in (1, 2, 3):
            result = self.record("-n", "10", "-y")
            self.assertEqual(int(RAN.search(result.out)[1]), run)
        found, (_, runs, files, _) = self.read()
        self.assertEqual((runs, files), (3, 3))
        self.assertEqual({run for run, _, _ in found}, {1, 2, 3})


class Kill(RecorderTest):
    def test_killed_at_any_moment(self):
        rng = random.Random(os.getpid())
        promised = set()
        for attempt in range(6):
            with tempfile.TemporaryFile("w+") as out:
                process = self.start("-v", "-w", "1", "-b", "8192", "-s", "200000", "-k", "1000000", str(self.dir), stdout=out)
                # Twice whenever it may be; else not before it is at work, which can take long.
                until = time.monotonic() + PATIENCE
                while attempt > 1 and os.fstat(out.fileno()).st_size < 100000 and time.monotonic() < until:
                    time.sleep(0.01)
                time.sleep(rng.choice([0.02, 0.05, 0.1]) + rng.random() * 0.2)
                process.kill()
                process.wait()
                out.seek(0)
                lines = out.read().splitlines(keepends=True)
            # What was said to be in the file; the last line may be torn as well.
            promised.update(records("".join(line for line in lines if line.endswith("\n"))))
            if not self.files():
                continue
            found, (count, runs, files, _) = self.read()
            self.assertEqual(count, len(found))
            self.assertEqual(len(found), len(set(found)))
            self.assertLessEqual(promised, set(found), f"attempt {attempt}")
            self.assertEqual(files, len(self.files()))
            self.check_order(found)
        self.assertGreater(len(promised), 1000)
        # The next run says what they left, and leaves it as it is.
        result = self.record("-n", "10", "-k", "1000000")
        self.assertEqual(int(FOUND.search(result.out)[1]), count)
        self.assertLessEqual(promised, set(self.read()[0]))


class Damage(RecorderTest):
    def setUp(self):
        super().setUp()
        self.record("-n", "50", "-p", "2", "-k", "100")
        self.file = self.files()[-1]
        self.data = self.file.read_bytes()
        self.frames = frames(self.data)
        self.all = self.read()[0]
        self.assertEqual(len(self.all), len(self.frames))

    def test_torn_at_every_byte(self):
        start, end = self.frames[-1]
        for size in range(start, end + 1):
            self.file.write_bytes(self.data[:size])
            found, _ = self.read()
            torn = TORN.search(self.result.out)
            self.assertIsNone(DAMAGED.search(self.result.out))
            if size in (start, end):
                self.assertIsNone(torn)
            else:
                self.assertEqual([int(number) for number in torn.groups()], [1, size - start])
            self.assertEqual(found, self.all if size == end else self.all[:-1])

    def test_a_run_goes_on_behind_a_torn_record(self):
        self.file.write_bytes(self.data[:-3])
        result = self.record("-n", "5")
        self.assertRegex(result.out, TORN)
        found, (_, runs, files, _) = self.read()
        self.assertEqual((runs, files), (2, 2))
        self.assertEqual(found[:len(self.all) - 1], self.all[:-1])

    def test_damage_in_the_middle(self):
        rng = random.Random(1)
        for _ in range(40):
            victim = rng.randrange(len(self.frames) - 1)
            start, end = self.frames[victim]
            data = bytearray(self.data)
            place = rng.randrange(start, end)
            data[place] ^= 1 << rng.randrange(8)
            self.file.write_bytes(data)
            found, _ = self.read()
            self.assertEqual(found, self.all[:victim] + self.all[victim + 1:])
            self.assertEqual([int(number) for number in DAMAGED.search(self.result.out).groups()], [1, end - start])

    def test_garbage(self):
        rng = random.Random(2)
        for _ in range(20):
            self.file.write_bytes(rng.randbytes(rng.randrange(1, 3000)))
            found, _ = self.read()
            self.assertEqual(found, [])
        for size in (0, 4, 27):
            self.file.write_bytes(b"FLTR"[:size] + bytes(max(0, size - 4)))
            self.assertEqual(self.read()[0], [])


class Rotation(RecorderTest):
    def test_sizes_and_count(self):
        result = self.record("-n", "3000", "-v", "-s", "5000", "-k", "4")
        files = self.files()
        self.assertEqual(len(files), 4)
        numbers = [int(path.suffix[1:]) for path in files]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))
        self.assertGreater(numbers[0], 10)
        for path in files:
            self.assertLessEqual(path.stat().st_size, 5000)
            frames(path.read_bytes())
        # What is left is the end of what was written.
        found, _ = self.read()
        self.assertEqual(found, records(result.out)[-len(found):])

    def test_smallest_files(self):
        self.record("-n", "100", "-s", "1024", "-k", "1")
        self.assertEqual(len(self.files()), 1)
        self.assertLessEqual(self.files()[0].stat().st_size, 1024)

    def test_other_files_stay(self):
        self.dir.mkdir()
        others = [self.dir / name for name in ("flight.1", "flight.0000000x", "flight.000000011", "notes")]
        for path in others:
            path.write_text("kept")
        self.record("-n", "200", "-s", "1024", "-k", "1")
        for path in others:
            self.assertEqual(path.read_text(), "kept")

    def test_no_room_for_more(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))  # noqa: E731
        with (self.dir.parent / "out").open("w") as out:
            result = self.record("-n", "2000", status=1, preexec_fn=limit, stdout=out)
        self.assertIn("write: File too large", result.err)
        self.assertEqual(len(self.files()), 1)
        frames(self.files()[0].read_bytes())


class Options(RecorderTest):
    def test_help(self):
        result = self.expect(0, self.run_program("--help"))
        self.assertTrue(result.out.startswith("Usage: flight_recorder"))
        self.assertEqual(result.err, "")

    def test_wrong(self):
        folder = str(self.dir)
        for args in ([], ["a", "b"], ["-x", folder], ["-t", "0", folder], ["-t", "1x", folder], ["-t", "", folder],
                     ["-p", "33", folder], ["-p", "-1", folder], ["-b", "1023", folder], ["-s", "1", folder],
                     ["-k", "0", folder], ["-w", "10001", folder], ["-n", "99999999999999999999", folder], ["-t"]):
            result = self.expect(2, self.run_program(*args))
            self.assertEqual(result.out, "")
            self.assertIn("Try flight_recorder --help.", result.err)
            self.assertFalse(self.dir.exists())

    def test_nowhere(self):
        file = self.dir.parent / "file"
        file.write_text("")
        for args in ([str(file)], [str(file / "below")], ["-r", str(self.dir)], ["-r", str(file)],
                     ["/proc/flight_recorder"], ["x" * 5000]):
            result = self.expect(1, self.run_program("-n", "1", *args))
            self.assertRegex(result.err, "^flight_recorder: ")

    def test_full_output(self):
        with open("/dev/full", "w") as full:
            self.expect(1, self.run_program("-n", "5", str(self.dir), stdout=full))

    def test_closed_output(self):
        """Lines for an output that is not there do not land in a file of records."""
        self.record("-v", "-n", "50", status=1, preexec_fn=lambda: os.close(1))
        self.read()
        self.assertIsNone(DAMAGED.search(self.result.out))


if __name__ == "__main__":
    main()
