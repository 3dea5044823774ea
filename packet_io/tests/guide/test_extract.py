# SPDX-License-Identifier: Apache-2.0
"""Tests extract.py: what it takes out of documents, how it cuts, and what it refuses."""

import os
import tempfile
import unittest

import extract


class Documents(unittest.TestCase):
    def blocks(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return [(block.line, block.language, block.name, block.text) for block in extract.blocks_of(path)]

    def test_restructured_text(self):
        text = (".. note::\n   Text\n\n   .. code-block:: c\n      :name: first\n      :linenos:\n\n"
                "      int a;\n\n      int b;\n\n   More\n\n.. code-block:: kconfig\n\n   CONFIG_A=y\n\nEnd::\n\n  art\n")
        self.assertEqual([(8, "c", "first", "int a;\n\nint b;\n"), (16, "kconfig", None, "CONFIG_A=y\n"),
                          (20, "", None, "art\n")], self.blocks("a.rst", text))

    def test_markdown(self):
        text = "# A\n\n```c name=first\nint a;\n```\n\n~~~sh\n```\n~~~\n"
        self.assertEqual([(4, "c", "first", "int a;\n"), (8, "sh", None, "```\n")], self.blocks("a.md", text))
        with self.assertRaisesRegex(extract.Fault, "a.md:1: this fence is never closed"):
            self.blocks("a.md", "```c\nint a;\n")

    def test_headers(self):
        text = ("/**\n * A\n *\n * @code\n * int a;\n *\n *     f(1);\n * @endcode\n *\n *     indented\n */\nint b;\n"
                "/**\n * @code\n * g();\n * @endcode\n */\n")
        self.assertEqual([(5, "c", "a", "int a;\n\n    f(1);\n"), (15, "c", "a_2", "g();\n")], self.blocks("a.h", text))


class Parts(unittest.TestCase):
    def parts(self, text):
        return extract.parts_of(extract.Block("d", 10, "c", "b", text))

    def test_definitions_only(self):
        text = ('#include <a.h>\n\nstatic int a[2] = {1, 2}; /* tail */\nstruct s {\n\tint x;\n};\n'
                'MACRO_DEFINE(a, "};", \'{\');\nint f(void)\n{\n\tg();\n\treturn 0;\n}\nvoid g(void);\n')
        parts = self.parts(text)
        self.assertEqual(["definitions.inc"], list(parts))
        lines = [line for line in parts["definitions.inc"].split("\n") if not line.startswith("#line")]
        self.assertEqual([line for line in text.split("\n") if line], [line for line in lines if line])

    def test_statements_in_steps(self):
        parts = self.parts("static int a;\n\n/* first */\na = 1;\ns.x->y[2] = 3;\n\ng(a); /* tail */\nint f(void);\nh();\n")
        self.assertEqual('#line 10 "d"\nstatic int a;\n#line 17 "d"\nint f(void);\n', parts["definitions.inc"])
        self.assertEqual('#line 12 "d"\n/* first */\na = 1;\n#line 14 "d"\ns.x->y[2] = 3;\n', parts["step_1.inc"])
        self.assertEqual('#line 16 "d"\ng(a); /* tail */\n', parts["step_2.inc"])
        self.assertEqual('#line 18 "d"\nh();\n', parts["step_3.inc"])

    def test_unbalanced(self):
        for text in ("int f(void)\n{\n", "int a\n", "}\n"):
            with self.assertRaises(extract.Fault):
                self.parts(text)


class Extraction(unittest.TestCase):
    def extract(self, document, **surroundings):
        with tempfile.TemporaryDirectory() as folder:
            self.out = os.path.join(folder, "out")
            around = os.path.join(folder, "around")
            os.mkdir(around)
            for name, text in surroundings.items():
                with open(os.path.join(around, name + ".c"), "w", encoding="utf-8") as file:
                    file.write(text)
            path = os.path.join(folder, "a.md")
            with open(path, "w", encoding="utf-8") as file:
                file.write(document)
            result = extract.extract([path], around, self.out, "pre-")
            return result, sorted(os.listdir(self.out))

    def test_names(self):
        document = "```c name=pre-two-words\nint a;\n```\n```kconfig name=options\nCONFIG_A=y\n```\n```bash\nls\n```\n"
        result, files = self.extract(document, two_words='#include "definitions.inc"\n')
        self.assertEqual((["two_words"], ["options"]), result)
        self.assertEqual(["options.conf", "two_words"], files)

    def test_faults(self):
        around = '#include "definitions.inc"\n'
        block = "```c name=a\nint a;\n```\n"
        for document, surroundings, fault in (
                ("```c\nint a;\n```\n", {}, "a.md:2: the block has no name"),
                ("```\nf(a);\n```\n", {}, "a.md:2: this looks like C"),
                (block, {}, "a.md:2: the block a has no surroundings"),
                (block + block, {"a": around}, "there is another block called a"),
                (block, {"a": ""}, 'does not include "definitions.inc"'),
                (block, {"a": around + '#include "step_1.inc"\n'}, 'includes "step_1.inc", which'),
                (block, {"a": around, "b": around}, "b.c:1: surroundings of no block")):
            with self.subTest(fault), self.assertRaisesRegex(extract.Fault, fault):
                self.extract(document, **surroundings)


if __name__ == "__main__":
    unittest.main()
