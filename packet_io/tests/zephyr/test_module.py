# SPDX-License-Identifier: Apache-2.0
"""What Zephyr's tools read of packet_io/ names files, options and texts that there are."""

import os
import re
import unittest

MODULE = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
# Sources that stand for each other: the first elsewhere, the second on Zephyr.
NOT_THERE = {"event_fd", "restart"}  # need descriptors, and the end of static threads
INSTEAD = {"slots_posix": "slots_zephyr", "slots_bare": "slots_zephyr"}


def read(*path):
    with open(os.path.join(MODULE, *path), encoding="utf-8") as file:
        return file.read()


def folders_with(name):
    return sorted(os.path.relpath(folder, MODULE)
                  for folder, _, files in os.walk(MODULE) if name in files)


def options():
    return set(re.findall(r"^(?:menu)?config (PACKET_IO\w*)$", read("Kconfig"), re.MULTILINE))


def sources(text):
    return set(re.findall(r"src/(\w+)\.c", text))


class Module(unittest.TestCase):
    def test_module_yml(self):
        text = read("zephyr", "module.yml")
        cmake = re.search(r"^  cmake: (\S+)$", text, re.MULTILINE)[1]
        kconfig = re.search(r"^  kconfig: (\S+)$", text, re.MULTILINE)[1]
        self.assertTrue(os.path.isfile(os.path.join(MODULE, cmake, "CMakeLists.txt")))
        self.assertTrue(os.path.isfile(os.path.join(MODULE, kconfig)))
        for folder in re.findall(r"^  - (\S+)$", text, re.MULTILINE):
            self.assertTrue(os.path.isdir(os.path.join(MODULE, folder)), folder)

    def test_sources(self):
        here = {INSTEAD.get(name, name) for name in sources(read("CMakeLists.txt"))}
        there = sources(read("zephyr", "CMakeLists.txt"))
        only_there = set(INSTEAD.values())
        self.assertEqual(here - there, NOT_THERE, "not built on Zephyr")
        self.assertEqual(there - here - only_there, set(), "built on Zephyr only")
        for name in there:
            self.assertTrue(os.path.isfile(os.path.join(MODULE, "src", name + ".c")), name)

    def test_linker_fragments(self):
        text = read("zephyr", "CMakeLists.txt")
        for location, name in re.findall(r"zephyr_linker_sources\((\w+) (\S+)\)", text):
            fragment = read("zephyr", name)
            for section in re.findall(r"\*\(\._(\w+)\.static\.\*\)", fragment):
                self.assertIn(f"_{section}_list_start = .;", fragment)
                self.assertIn(f"_{section}_list_end = .;", fragment)
                self.assertEqual(location == "NOINIT", section == "packet_slot", section)
        fragments = read("zephyr", "rodata.ld") + read("zephyr", "noinit.ld")
        for section in ("packet_wire", "packet_source", "packet_sink", "packet_slot"):
            self.assertIn(f"._{section}.static.", fragments)


class Applications(unittest.TestCase):
    def test_all_are_there(self):
        self.assertEqual(folders_with("testcase.yaml"),
                         [f"tests/subsys/packet_io/{name}" for name in ("integration", "runtime_test", "unit_test")])
        self.assertIn("samples/basic_packet_routing", folders_with("sample.yaml"))

    def test_files(self):
        for folder in folders_with("testcase.yaml") + folders_with("sample.yaml"):
            text = read(folder, "CMakeLists.txt")
            self.assertIn("find_package(Zephyr", text, folder)
            for name in re.findall(r"include\((\S+)\)|^\t(\S+\.c)$", text, re.MULTILINE):
                name = name[0] or name[1]
                self.assertTrue(os.path.isfile(os.path.join(MODULE, folder, name)), f"{folder}: {name}")

    def test_options(self):
        known = options()
        for folder in folders_with("testcase.yaml") + folders_with("sample.yaml"):
            yaml = read(folder, "testcase.yaml" if folder.startswith("tests") else "sample.yaml")
            named = re.findall(r"CONFIG_(PACKET_IO\w*)=[yn0-9]+$", yaml + read(folder, "prj.conf"), re.MULTILINE)
            self.assertIn("PACKET_IO", named, folder)
            self.assertEqual(set(named) - known, set(), folder)

    def test_yaml(self):
        """The little of YAML that they need: keys and lists, two blanks a level, no tabs, no key twice."""
        for folder in folders_with("testcase.yaml") + folders_with("sample.yaml"):
            yaml = read(folder, "testcase.yaml" if folder.startswith("tests") else "sample.yaml")
            names = re.findall(r"^  ([\w.]+):", yaml[yaml.index("\ntests:\n"):], re.MULTILINE)
            self.assertEqual(len(names), len(set(names)), folder)
            for line in yaml.splitlines():
                self.assertRegex(line, r"^(#.*|( {2})*([\w.]+:( \S.*)?|- \S.*))$", folder)

    def test_console_text(self):
        for folder in folders_with("sample.yaml"):
            text = "".join(read(folder, "zephyr", name) for name in os.listdir(os.path.join(MODULE, folder, "zephyr")))
            for expected in re.findall(r'^      - "(.*)"$', read(folder, "sample.yaml"), re.MULTILINE):
                self.assertRegex(text, expected)


if __name__ == "__main__":
    unittest.main()
