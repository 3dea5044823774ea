# SPDX-License-Identifier: Apache-2.0
"""Tests rules.py on a small repository: a clean one has no findings, and each fault is found where it is."""

import os
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "rules.py")
C = "/* SPDX-License-Identifier: Apache-2.0 */\n"
HASH = "# SPDX-License-Identifier: Apache-2.0\n"

CLEAN = {
    "port/include/port/port.h": C,
    "port/posix/include/platform.h": C,
    "port/posix/src/park.c": C + "#include <port/port.h>\n#include <platform.h>\n#include <stdio.h>\n",
    "kernel/Kconfig": HASH + "\nconfig POLL\n\tbool\n",
    "kernel/include/zephyr/kernel.h": C + "#include <port/port.h>\n#include <zephyr/autoconf.h>\n",
    "kernel/src/inner.h": C,
    "kernel/src/poll.c": C + '#include <zephyr/kernel.h>\n#include "inner.h"\n#ifdef CONFIG_POLL\n#endif\n',
    "kernel/tests/test_poll.c": C + '#include <zephyr/net_buf.h>\n#include "../src/inner.h"\n',
    "net_buf/include/zephyr/net_buf.h": C + "#include <zephyr/kernel.h>\n",
    "packet_io/src/send.c": C + "#include <zephyr/net_buf.h>\n",
    "packet_io/samples/one/main.c": C + "#include <zephyr/net_buf.h>\n",
    "port/CMakeLists.txt": HASH + "f(posix/src/park.c) g(up a)\n",
    "kernel/CMakeLists.txt": HASH + "f(src/poll.c src/up.c) add_subdirectory(tests)\n",
    "kernel/tests/CMakeLists.txt": HASH + "test(test_poll)\n",
    "packet_io/CMakeLists.txt": HASH + "file(GLOB x\n src/*.c samples/one/main.c)\n",
    "net_buf/CMakeLists.txt": HASH + "f(src/a.c)\n",
    "tools/a.py": HASH,
    "README.md": "text\n",
}


class Rules(unittest.TestCase):
    def findings(self, **changes):
        """What rules.py says of the clean repository with these files changed."""
        files = dict(CLEAN)
        files.update(changes)
        with tempfile.TemporaryDirectory(prefix="rules test ") as root:
            for name, text in files.items():
                path = os.path.join(root, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8", newline="") as file:
                    file.write(text)
            result = subprocess.run([sys.executable, "-B", TOOL, root], stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(1 if result.stdout else 0, result.returncode, result.stdout)
        return result.stdout.splitlines()

    def found(self, name, text, *starts):
        findings = self.findings(**{name: text})
        self.assertEqual(len(starts), len(findings), findings)
        for start, finding in zip(starts, findings):
            self.assertTrue(finding.startswith(f"{name}:{start}"), findings)

    def test_clean(self):
        self.assertEqual([], self.findings())

    def test_licence(self):
        for name in ("net_buf/src/a.c", "tools/b.py", "tools/c.sh", "configs/d.conf", "cmake/e.cmake", "x/CMakeLists.txt"):
            self.found(name, "\n\n\n" + HASH, "1: spdx:")

    def test_layout(self):
        self.found("README.md", "one \ntwo\t\nthree\r\n", "1: layout:", "2: layout:", "3: layout:")
        self.found("README.md", "one", "1: layout:")
        self.found("README.md", "one\n\n", "3: layout:")
        self.assertEqual([], self.findings(**{"ztest/tests/expected/out.txt": "one \n"}))

    def test_unfinished_marks(self):
        for mark in ("TO" + "DO", "FIX" + "ME", "XX" + "X"):
            self.found("net_buf/src/a.c", C + f"/* {mark} later */\n", "2: marks:")

    def test_an_arrow_up(self):
        self.found("kernel/src/up.c", C + "#include <zephyr/net_buf.h>\n", "2: arrows: kernel includes zephyr/net_buf.h")
        self.found("port/include/port/up.h", C + "\n#include <zephyr/kernel.h>\n", "3: arrows: port includes")
        self.found("port/posix/src/up.c", C + '# include "zephyr/kernel.h"\n', "2: arrows: port includes")

    def test_a_private_header_of_another_part(self):
        self.found("net_buf/src/a.c", C + '#include "../../kernel/src/inner.h"\n', "2: arrows:")

    def test_options(self):
        self.found("net_buf/src/a.c", C + "#if defined(CONFIG_POL)\n#endif\n", "2: options: no Kconfig file has CONFIG_POL")
        self.found("net_buf/Kconfig", HASH + "config UNUSED\n\tbool\n", "2: options: no code looks at CONFIG_UNUSED")

    def test_a_file_that_nothing_builds(self):
        self.found("kernel/src/lost.c", C, "1: built:")
        self.found("kernel/tests/poll.cpp", C)
        self.found("kernel/tests/test_poll-2.c", C, "1: built:")
        self.found("packet_io/src/collected.c", C)
        self.found("packet_io/tests/lost.c", C, "1: built:")


if __name__ == "__main__":
    unittest.main()
