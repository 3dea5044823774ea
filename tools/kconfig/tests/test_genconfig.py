# SPDX-License-Identifier: Apache-2.0
"""Tests genconfig.py: what it writes, and that every mistake in a fragment is an error that names it."""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(os.path.dirname(HERE), "genconfig.py")
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
sys.path.insert(0, os.path.dirname(HERE))

import fragments  # noqa: E402  pylint: disable=wrong-import-position

KCONFIG = """
    mainmenu "Example"

    choice COLOUR
    \tprompt "Colour"
    \tdefault RED
    config RED
    \tbool "Red"
    config BLUE
    \tbool "Blue"
    endchoice

    config LOG
    \tbool "Logging"

    config LOG_LEVEL
    \tint "Level"
    \tdepends on LOG
    \tdefault 3
    \trange 0 4

    config SIZE
    \tint "Size"
    \tdefault 64
    \trange 1 255

    config ADDRESS
    \thex "Address"
    \tdefault 0x10
    \trange 0x10 0xff

    config TITLE
    \tstring "Title"
    \tdefault "none"

    config STATS
    \tbool "Statistics"
    \tdefault y
    \tdepends on LOG || RED

    config FORCED
    \tbool "Forced"

    config FORCING
    \tbool "Forcing"
    \tselect FORCED

    config FOLLOWS
    \tdef_bool RED
"""


class Case(unittest.TestCase):
    """A scratch tree with a space in its path, a Kconfig file and a way to run the tool on it."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="kconfig test ")
        self.addCleanup(scratch.cleanup)
        self.dir = scratch.name
        self.out = os.path.join(self.dir, "out put")
        self.file("Kconfig", KCONFIG)

    def file(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))
        return path

    def run_tool(self, *paths, root=None):
        return subprocess.run(
            [sys.executable, "-B", TOOL, "--root", root or self.dir, "--out", self.out, *paths],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

    def header(self, *texts):
        """The generated defines for fragments with these texts."""
        paths = [self.file(f"{number}.conf", text) for number, text in enumerate(texts)]
        result = self.run_tool(*paths)
        self.assertEqual((0, ""), (result.returncode, result.stdout))
        with open(os.path.join(self.out, "include", "zephyr", "autoconf.h"), encoding="utf-8") as file:
            return dict(line.split(" ", 2)[1:] for line in file if line.startswith("#define"))

    def refused(self, text, *expected):
        """The fragment is refused, by file and line and with all the words expected; nothing is written."""
        path = self.file("bad.conf", text)
        result = self.run_tool(path)
        self.assertEqual(1, result.returncode, result.stdout)
        for words in expected:
            self.assertIn(words, result.stdout)
        self.assertIn(path, result.stdout)
        self.assertNotIn("Traceback", result.stdout)
        self.assertFalse(os.path.exists(self.out))
        return result.stdout


class Output(Case):
    def test_defaults(self):
        self.assertEqual({
            "CONFIG_RED": "1\n", "CONFIG_SIZE": "64\n", "CONFIG_ADDRESS": "0x10\n", "CONFIG_TITLE": '"none"\n',
            "CONFIG_STATS": "1\n", "CONFIG_FOLLOWS": "1\n"}, self.header())

    def test_values_of_every_type(self):
        defines = self.header('CONFIG_SIZE=7\nCONFIG_ADDRESS=ab\nCONFIG_TITLE="a \\"b\\" # c"\nCONFIG_STATS=n\n')
        self.assertEqual("7\n", defines["CONFIG_SIZE"])
        self.assertEqual("0xab\n", defines["CONFIG_ADDRESS"])
        self.assertEqual('"a \\"b\\" # c"\n', defines["CONFIG_TITLE"])
        self.assertNotIn("CONFIG_STATS", defines)

    def test_comments_blanks_and_line_ends(self):
        defines = self.header("# a comment\n\n  CONFIG_SIZE=7  # why\r\n# CONFIG_STATS is not set\nCONFIG_LOG=y\t# c\n"
                              'CONFIG_TITLE="x" # y\n')
        self.assertEqual(("7\n", '"x"\n'), (defines["CONFIG_SIZE"], defines["CONFIG_TITLE"]))
        self.assertIn("CONFIG_LOG", defines)
        self.assertNotIn("CONFIG_STATS", defines)

    def test_later_fragment_wins(self):
        defines = self.header("CONFIG_SIZE=7\nCONFIG_LOG=y\nCONFIG_BLUE=y\n",
                              "CONFIG_SIZE=8\nCONFIG_LOG=n\nCONFIG_RED=y\n")
        self.assertEqual("8\n", defines["CONFIG_SIZE"])
        self.assertNotIn("CONFIG_LOG", defines)
        self.assertNotIn("CONFIG_BLUE", defines)

    def test_order_within_a_fragment_does_not_matter_to_dependencies(self):
        self.assertEqual("4\n", self.header("CONFIG_LOG_LEVEL=4\nCONFIG_LOG=y\n")["CONFIG_LOG_LEVEL"])

    def test_off_may_be_said_of_what_is_off_anyway(self):
        self.header("CONFIG_BLUE=y\nCONFIG_STATS=n\n")

    def test_its_own_result_is_a_fragment(self):
        first = self.header("CONFIG_LOG=y\nCONFIG_BLUE=y\nCONFIG_FORCING=y\n")
        with open(os.path.join(self.out, ".config"), encoding="utf-8") as file:
            self.assertEqual(first, self.header(file.read()))

    def test_unchanged_files_are_left_alone(self):
        self.header("CONFIG_SIZE=7\n")
        path = os.path.join(self.out, "include", "zephyr", "autoconf.h")
        os.utime(path, (1, 1))
        self.header("CONFIG_SIZE=7\n")
        self.assertEqual(1, os.stat(path).st_mtime)
        self.header("CONFIG_SIZE=8\n")
        self.assertNotEqual(1, os.stat(path).st_mtime)
        self.assertEqual(["autoconf.h"], os.listdir(os.path.dirname(path)))

    def test_build_variables(self):
        fragment = self.file("a.conf", "CONFIG_SIZE=7\n")
        self.run_tool(fragment)
        with open(os.path.join(self.out, "config.cmake"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("set(CONFIG_SIZE [==[7]==])", text)
        self.assertIn("set(CONFIG_RED [==[y]==])", text)
        self.assertNotIn("CONFIG_BLUE", text)
        self.assertIn(f"[==[{fragment}]==]", text)
        self.assertIn(f"[==[{os.path.join(self.dir, 'Kconfig')}]==]", text)


class Mistakes(Case):
    def test_unknown_option(self):
        self.refused("\nCONFIG_STAT=y\n", ":2: error: CONFIG_STAT=y", "no such option", "CONFIG_STATS?")

    def test_unknown_option_set_to_off(self):
        self.refused("# CONFIG_NOWHERE is not set\n", ":1: error: CONFIG_NOWHERE", "no such option")

    def test_bool_ill_typed(self):
        for value in ("maybe", "m", "Y", "yes", "1", '"y"'):
            self.refused(f"CONFIG_STATS={value}\n", f":1: error: CONFIG_STATS={value}", "allowed are y and n")

    def test_int_ill_typed(self):
        for value in ("many", "0x10", "010", "1.5", "1_0", "--1", '"7"', "y"):
            self.refused(f"CONFIG_SIZE={value}\n", f":1: error: CONFIG_SIZE={value}", "decimal", "from 1 to 255")

    def test_hex_ill_typed(self):
        for value in ("0xgg", "-1", '"0x10"'):
            self.refused(f"CONFIG_ADDRESS={value}\n", f"CONFIG_ADDRESS={value}", "hexadecimal", "0x10 to 0xff")

    def test_string_ill_typed(self):
        self.refused("CONFIG_TITLE=text\n", ":1: error: CONFIG_TITLE=text", '"text in double quotes"')

    def test_out_of_range(self):
        for value in ("0", "256", "-1", "99999999999999999999"):
            self.refused(f"CONFIG_SIZE={value}\n", f":1: error: CONFIG_SIZE={value}", "allowed is 1 to 255")
        self.refused("CONFIG_ADDRESS=0x100\n", "CONFIG_ADDRESS=0x100", "allowed is 0x10 to 0xff")

    def test_dependency_off(self):
        self.refused("CONFIG_LOG_LEVEL=3\n", ":1: error: CONFIG_LOG_LEVEL=3", "CONFIG_LOG (which is n)")
        self.refused("CONFIG_BLUE=y\nCONFIG_STATS=y\n", ":2: error: CONFIG_STATS=y", "CONFIG_LOG (which is n)",
                     "CONFIG_RED (which is n)")

    def test_selected_option(self):
        self.refused("CONFIG_FORCING=y\nCONFIG_FORCED=n\n", ":2: error: CONFIG_FORCED=n", "selected by CONFIG_FORCING")

    def test_option_without_prompt(self):
        self.refused("CONFIG_FOLLOWS=n\n", ":1: error: CONFIG_FOLLOWS=n", "cannot be assigned", "it is y")

    def test_choice(self):
        self.refused("CONFIG_RED=n\n", ":1: error: CONFIG_RED=n", '"Colour" has CONFIG_RED=y')

    def test_malformed_lines(self):
        for line in ("hello", "CONFIG_SIZE", "CONFIG_SIZE = 7", "CONFIG_SIZE=", "SIZE=7", "CONFIG_SIZE=7 8",
                     'CONFIG_TITLE="open', 'CONFIG_TITLE="a" b', "config_SIZE=7"):
            self.refused(f"CONFIG_LOG=y\n{line}\n", f":2: error: {line}", "malformed")

    def test_missing_file(self):
        path = os.path.join(self.dir, "nowhere.conf")
        result = self.run_tool(path)
        self.assertEqual((1, f"{path}: error: No such file or directory\n"), (result.returncode, result.stdout))

    def test_not_text(self):
        path = os.path.join(self.dir, "binary.conf")
        with open(path, "wb") as file:
            file.write(b"CONFIG_SIZE=\xff\xfe\n")
        result = self.run_tool(path)
        self.assertEqual(1, result.returncode)
        self.assertIn("not UTF-8", result.stdout)

    def test_all_mistakes_are_told_at_once(self):
        told = self.refused("CONFIG_STAT=y\nCONFIG_SIZE=0\nhello\n", ":1:", ":2:", ":3:")
        self.assertEqual(3, told.count("error:"))

    def test_a_mistake_leaves_the_earlier_result(self):
        before = self.header("CONFIG_SIZE=7\n")
        self.assertEqual(1, self.run_tool(self.file("bad.conf", "CONFIG_SIZE=0\n")).returncode)
        self.assertEqual(before, self.header("CONFIG_SIZE=7\n"))

    def test_mistakes_in_kconfig_files(self):
        for text in ('config A\n\tint "A"\n\tdefault 9\n\trange 1 4\n', 'config A\n\tbool "A"\n\tselect B\nconfig B\n\tint "B"\n',
                     "config A\n\tbol\n", 'source "nowhere"\n'):
            self.file("Kconfig", text)
            result = self.run_tool()
            self.assertEqual(1, result.returncode, text)
            self.assertIn("error:", result.stdout)
            self.assertNotIn("Traceback", result.stdout)

    def test_python_without_kconfiglib(self):
        hidden = self.file("kconfiglib.py", "raise ImportError\n")
        result = subprocess.run(
            [sys.executable, "-B", "-c", f"import sys; sys.path[:0] = [{os.path.dirname(hidden)!r}, "
                                   f"{os.path.dirname(TOOL)!r}]; import genconfig"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(1, result.returncode)
        self.assertIn("python3-kconfiglib", result.stdout)
        self.assertNotIn("Traceback", result.stdout)


class ProjectOptions(Case):
    """The Kconfig files of this project."""

    GUIDE = """
        # Enable Packet I/O with statistics
        CONFIG_PACKET_IO=y
        CONFIG_PACKET_IO_STATS=y
        CONFIG_PACKET_IO_LOG_LEVEL=2

        # Required dependencies
        CONFIG_NET_BUF=y

        # Recommended for debugging
        CONFIG_LOG=y
        CONFIG_ASSERT=y
        CONFIG_PACKET_IO_NAMES=y  # Debug names
    """

    def setUp(self):
        super().setUp()
        self.kconf = fragments.load_kconfig(ROOT)

    def test_linux_defaults(self):
        for name in ("PORT_POSIX", "MULTITHREADING", "SMP", "POLL", "NET_BUF", "PACKET_IO", "PACKET_IO_STATS",
                     "PACKET_IO_NAMES", "PACKET_IO_RUNTIME_OBSERVERS"):
            self.assertEqual("y", self.kconf.syms[name].str_value, name)
        for name in ("ASSERT", "LOG", "ZTEST"):
            self.assertEqual("n", self.kconf.syms[name].str_value, name)
        self.assertEqual("99", self.kconf.syms["PACKET_IO_PRIORITY"].str_value)

    def test_the_guides_fragment(self):
        result = self.run_tool(self.file("prj.conf", self.GUIDE), root=ROOT)
        self.assertEqual((0, ""), (result.returncode, result.stdout))

    def test_packet_io_needs_net_buf(self):
        result = self.run_tool(self.file("prj.conf", "CONFIG_PACKET_IO=y\nCONFIG_NET_BUF=n\n"), root=ROOT)
        self.assertEqual(1, result.returncode)
        self.assertIn("CONFIG_PACKET_IO=y", result.stdout)
        self.assertIn("CONFIG_NET_BUF (which is n)", result.stdout)

    def test_every_option_says_what_it_costs_and_every_number_has_a_range(self):
        for sym in self.kconf.unique_defined_syms:
            for node in sym.nodes:
                self.assertTrue(node.help, f"{sym.name} has no help text")
            if sym.orig_type in (fragments.INT, fragments.HEX):
                self.assertTrue(sym.ranges, f"{sym.name} has no range")


if __name__ == "__main__":
    unittest.main()
