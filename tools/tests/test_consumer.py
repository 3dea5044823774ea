# SPDX-License-Identifier: Apache-2.0
"""Builds somebody else's project with this library as a subfolder, all of it in a path with spaces."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tools", "lint"))

from rules import repository_files  # noqa: E402  pylint: disable=wrong-import-position


class Consumer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="a consumer ")
        cls.addClassCleanup(scratch.cleanup)
        cls.build = os.path.join(scratch.name, "its build")
        cls.library = os.path.join(scratch.name, "packet io")
        cls.project = os.path.join(scratch.name, "its source")
        shutil.copytree(os.path.join(HERE, "consumer"), cls.project)
        for name in repository_files(ROOT):
            target = os.path.join(cls.library, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), target)

    def run_ok(self, *command):
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(0, result.returncode, result.stdout)
        return result.stdout

    def configure(self, *options):
        return self.run_ok("cmake", "-S", self.project, "-B", self.build, f"-DPACKET_IO_FOLDER={self.library}",
                           "-DPACKET_IO_CONF_FILE=app.conf", *options)

    def targets(self):
        return self.run_ok("cmake", "--build", self.build, "--target", "help")

    def test_as_a_subfolder(self):
        self.configure("-G", "Ninja")
        targets = self.targets()
        self.assertIn("packet_io: phony", targets)
        for word in ("check-programs", "menuconfig", "packet_io_default", "packet_io_debug", "basic_packet_routing"):
            self.assertNotIn(word, targets)
        self.run_ok("cmake", "--build", self.build, "--target", "static")
        self.run_ok(os.path.join(self.build, "static"))
        self.assertFalse(any("libpacket_io.so" in name for _, _, names in os.walk(self.build) for name in names),
                         "what nobody links is built")
        self.run_ok("cmake", "--build", self.build)
        self.run_ok(os.path.join(self.build, "shared"))
        self.assertNotIn("Test  #", self.run_ok("ctest", "--test-dir", self.build, "-N"))

    def test_fetched(self):
        self.build += " fetched"
        self.configure("-G", "Unix Makefiles", "-DFETCH=ON")
        self.assertNotIn("check-programs", self.targets())

    def test_a_mistake_in_the_users_fragment_names_it(self):
        self.build += " wrong"
        fragment = os.path.join(self.project, "wrong.conf")
        with open(fragment, "w", encoding="utf-8") as file:
            file.write("\nCONFIG_PACKET_IO_STAT=y\n")
        result = subprocess.run(
            ["cmake", "-S", self.project, "-B", self.build, f"-DPACKET_IO_FOLDER={self.library}",
             "-DPACKET_IO_CONF_FILE=wrong.conf"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertNotEqual(0, result.returncode)
        self.assertIn(f"{fragment}:2: error: CONFIG_PACKET_IO_STAT=y: there is no such option", result.stdout)


if __name__ == "__main__":
    unittest.main()
