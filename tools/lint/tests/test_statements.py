# SPDX-License-Identifier: Apache-2.0
"""Tests statements.py: a header that says all has no findings, and each missing statement is found."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import statements

HEAD = "/* SPDX */\n/** @file Things.\n * Context: any.   Cost: constant. */\n#include <a.h>\n"
WHOLE = """/**
 * Send @p buf, whose first @p len bytes matter.
 *
 * Ownership: takes @p buf.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout.   Cost: O(sinks).
 * @return 0; -EINVAL if @p buf is NULL.
 */
int send(struct net_buf *buf, size_t len, k_timeout_t timeout);
"""
CODE = "int send(struct net_buf *buf, size_t len, k_timeout_t timeout)\n{\n\treturn buf == NULL ? -EINVAL : 0;\n}\n"


class Statements(unittest.TestCase):
    def findings(self, header, code=CODE):
        with tempfile.TemporaryDirectory(prefix="statements test ") as root:
            for name, text in (("part/include/zephyr/a.h", header), ("part/src/a.c", code)):
                path = os.path.join(root, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            self.count, findings = statements.check(root)
        self.assertEqual({"part/include/zephyr/a.h"} if findings else set(), {path for path, *_ in findings})
        return [f"{line}: {name}: {what}" for _, line, name, what in findings]

    def complete(self, header):
        self.assertEqual([], self.findings(header))
        self.assertGreater(self.count, 0)

    def lacks(self, header, *starts):
        findings = self.findings(header)
        self.assertEqual(len(starts), len(findings), findings)
        for start, finding in zip(starts, findings):
            self.assertTrue(finding.startswith(start), findings)

    def test_all_is_said(self):
        self.complete(WHOLE)
        self.complete('#ifdef __cplusplus\nextern "C" {\n#endif\n\n' + WHOLE + "\n#ifdef __cplusplus\n}\n#endif\n")

    def test_each_statement(self):
        for statement, start in ((" * Ownership: takes @p buf.\n", "Ownership: who has struct net_buf *buf"),
                                 ("Context: thread; ISR with K_NO_WAIT.", "Context:"),
                                 ("Blocks: up to @p timeout.", "Blocks:"),
                                 ("Cost: O(sinks).", "Cost:"),
                                 (" bytes", "the unit of len"),
                                 ("; -EINVAL if @p buf is NULL", "the error -EINVAL")):
            line = 7 if statement.startswith(" *") else 8
            with self.subTest(start):
                self.assertIn(statement, WHOLE)
                self.lacks(WHOLE.replace(statement, ""), f"{line}: send: {start}")
        self.lacks(WHOLE.replace("@return 0;", "0;"), "8: send: @return")

    def test_no_comment(self):
        self.lacks(HEAD + "\nvoid stop(void);\n", "6: stop: a description")
        self.lacks(HEAD + "\n/* Ends it. */\nvoid stop(void);\n", "7: stop: a description")
        self.lacks(HEAD + "\n/** Ends it. */\nvoid stop(void);\n\nvoid start(void);\n", "9: start: a description")
        self.complete(HEAD + "\n/** Ends it, or begins it. */\nvoid stop(void);\nvoid start(void);\n")

    def test_what_blocks(self):
        self.complete("/** Ends it. Context: any. Cost: constant. */\nvoid stop(void);\n")
        self.lacks("/** Ends it. Context: thread. Cost: constant. */\nvoid stop(void);\n", "2: stop: Blocks")
        self.lacks(HEAD + "\n/** Ends it. */\nvoid stop(k_timeout_t timeout);\n", "7: stop: Blocks")

    def test_inline_functions(self):
        body = "static inline int get(const struct s *s)\n{\n\tif (s) {\n\t\treturn 1;\n\t}\n\treturn 0;\n}\n"
        self.complete(HEAD + "\n/** @return it. */\n" + body + "\n/** @return it. */\n" + body.replace("get", "get2"))
        self.lacks(HEAD + "\n/** Gets it. */\n" + body, "7: get: @return")
        self.lacks(HEAD + "\n/** @return it. */\n" + body + "\n" + body.replace("get", "get2"), "15: get2: a description")

    def test_shared_statements(self):
        self.complete("/** @file All: Context: any. Cost: constant. */\n\n/** Ends it. */\nvoid stop(void);\n")
        group = "/**\n * @name Ends\n * Context: any. Cost: constant.\n * @{\n */\n\nvoid stop(void);\n\nvoid end(void);\n\n/** @} */\n"
        self.complete(group)
        self.lacks(group + "\n/** Goes on. */\nvoid go(void);\n", "14: go: Context", "14: go: Cost")

    def test_references(self):
        self.complete(WHOLE + "\n/** As send(), to all. */\nint send_all(struct net_buf *b, size_t len, k_timeout_t t);\n")
        self.complete(WHOLE + "\n/** The same, to all. */\nint send_all(struct net_buf *b, size_t len, k_timeout_t t);\n")
        self.complete(WHOLE + "\n/** send() to all. */\nint send_all(struct net_buf *b, size_t len, k_timeout_t t);\n")
        self.lacks(WHOLE + "\n/** As sent(). */\nvoid other(void);\n", "11: other: Context", "11: other: Cost")
        self.lacks("/** As b(). */\nvoid a(void);\n\n/** As a(). */\nvoid b(void);\n",
                   "2: a: Context", "2: a: Cost", "5: b: Context", "5: b: Cost")

    def test_a_function_that_two_headers_declare(self):
        self.complete(HEAD + "\n/** Ends it. */\nvoid stop(void);\n\n#ifdef X\n\nvoid stop(void);\n#endif\n")

    def test_macros_that_define(self):
        self.complete("/** Define a thing. RAM: the thing. */\n#define THING_DEFINE(name) \\\n\tstruct thing name\n")
        self.lacks("/** Define a thing. */\n#define THING_DEFINE(name) struct thing name\n", "2: THING_DEFINE: where it lives")
        self.lacks("#define THING_DEFINE(name) struct thing name\n", "1: THING_DEFINE: a description")

    def test_what_is_nobody_elses(self):
        self.complete(WHOLE + "\nvoid z_inner(void);\n#define Z_THING_DEFINE(x) int x\nstruct s {\n\tint (*f)(int);\n};\n"
                      "typedef void (*callback_t)(int);\nextern int x;\nBUILD_ASSERT(sizeof(int) == 4);\nenum e {\n\tA,\n};\n")


if __name__ == "__main__":
    unittest.main()
