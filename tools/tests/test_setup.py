# SPDX-License-Identifier: Apache-2.0
"""Tests setup.sh on machines that are not this one: its commands are replaced through PATH."""

import os
import shutil
import stat
import subprocess
import tempfile
import unittest

TOOL = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "setup.sh"))


class Setup(unittest.TestCase):
    """A PATH with bash, env and nothing else but what a test puts there; calls are written to a log."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="setup test ")
        self.addCleanup(scratch.cleanup)
        self.bin = os.path.join(scratch.name, "bin")
        self.log = os.path.join(scratch.name, "log")
        os.mkdir(self.bin)
        for name in ("bash", "env"):
            os.symlink(shutil.which(name), os.path.join(self.bin, name))

    def command(self, name, body):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'#!{shutil.which("bash")}\nshopt -s extglob\n{body}\n')
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def debian(self, uid, absent):
        """A Debian system, seen by this user, without these packages."""
        names = "|".join(absent) or "none"
        self.command("dpkg-query", f'for p in "$@"; do case $p in -*|*\\$*) ;; @({names})) ;; '
                                   f'*) echo "installed $p" ;; esac; done')
        self.command("apt-get", f'echo "apt-get $DEBIAN_FRONTEND $*" >> "{self.log}"')
        self.command("id", f"echo {uid}")

    def sudo(self, works):
        self.command("sudo", f'[ "$1" = -n ] && shift; echo "sudo $*" >> "{self.log}"; '
                             + ('exec "$@"' if works else "exit 1"))
        self.command("true", "")

    def run_tool(self, *groups):
        result = subprocess.run([TOOL, *groups], env={"PATH": self.bin}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return result.returncode, result.stdout

    def calls(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as file:
            return file.read().splitlines()

    def test_nothing_is_missing(self):
        self.debian(0, [])
        self.assertEqual((0, ""), self.run_tool("build", "demo", "mcu", "test", "bench", "format", "lint", "doc"))
        self.assertEqual([], self.calls())

    def test_root_installs_what_is_missing(self):
        self.debian(0, ["cmake", "tshark"])
        code, output = self.run_tool("test")
        self.assertEqual(0, code, output)
        update, install = self.calls()
        self.assertIn("apt-get noninteractive", update)
        self.assertTrue(update.endswith(" update"))
        self.assertTrue(install.endswith(" install -y --no-install-recommends cmake tshark"), install)

    def test_boards_need_cross_compilers_and_emulators(self):
        packages = ["gcc-arm-none-eabi", "qemu-system-arm", "gcc-riscv64-unknown-elf", "qemu-system-misc"]
        for group in ("mcu", "test"):
            self.debian(0, packages)
            self.assertEqual(0, self.run_tool(group)[0])
            self.assertTrue(self.calls()[-1].endswith(f" --no-install-recommends {' '.join(packages)}"), self.calls())

    def test_peers_that_are_known_only_after_an_update(self):
        self.debian(0, ["valgrind", "libck-dev", "libdpdk-dev"])
        self.command("apt-cache", f'if [ -e "{self.log}" ]; then echo "Package: libck-dev"; fi')
        self.assertEqual(0, self.run_tool("bench")[0])
        self.assertTrue(self.calls()[-1].endswith(" --no-install-recommends valgrind libck-dev"), self.calls())

    def test_sudo_without_a_password(self):
        self.debian(1000, ["cmake"])
        self.sudo(works=True)
        code, output = self.run_tool("build")
        self.assertEqual(0, code, output)
        self.assertIn("install -y --no-install-recommends cmake", self.calls()[-1])
        self.assertTrue(any(call.startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get") for call in self.calls()))

    def refused(self):
        """Not allowed to install: one apt line is printed, and nothing is called that would change anything."""
        code, output = self.run_tool("demo")
        self.assertEqual(1, code)
        lines = [line for line in output.splitlines() if "apt-get" in line]
        self.assertEqual(["apt-get update && apt-get install -y --no-install-recommends cmake libpcap-dev"], lines)
        self.assertFalse([call for call in self.calls() if "apt-get" in call])

    def test_neither_root_nor_sudo(self):
        self.debian(1000, ["cmake", "libpcap-dev"])
        self.refused()

    def test_sudo_that_wants_a_password(self):
        self.debian(1000, ["cmake", "libpcap-dev"])
        self.sudo(works=False)
        self.refused()

    def test_a_failing_installation_is_an_error(self):
        self.debian(0, ["cmake"])
        self.command("apt-get", "exit 100")
        self.assertEqual(100, self.run_tool("build")[0])

    def test_not_debian(self):
        for name in ("gcc", "cmake", "git"):
            self.command(name, "")
        code, output = self.run_tool("build")
        self.assertEqual(1, code)
        self.assertIn("not a Debian system", output)
        for name in ("g++", "ninja", "pkg-config", "python3"):
            self.assertIn(f"\n  {name}\n", output)
        self.assertNotIn("\n  cmake\n", output)

    def test_unknown_group(self):
        self.debian(0, [])
        code, output = self.run_tool("everything")
        self.assertEqual(1, code)
        self.assertIn("no group 'everything'", output)


if __name__ == "__main__":
    unittest.main()
