# SPDX-License-Identifier: Apache-2.0
"""Tests coverage.py: what it makes of gcov's output, and which differences it finds."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import coverage

SOURCE = "int f(int a)\n{\n\tif (a > 0 && a < 9) {\n\t\treturn 1;\n\t}\n\twhile (a++ < 0) {\n\t}\n\treturn 0;\n}\n"


def document(root, *lines, file="part/src/a.c", function="f"):
    """gcov's output for one object: (number, counts of its branches) of each line."""
    return {"current_working_directory": root, "files": [{"file": file, "lines": [
        {"line_number": number, "function_name": function, "branches": [{"count": count} for count in counts]}
        for number, counts in lines]}]}


class Coverage(unittest.TestCase):
    def missed(self, *objects, **options):
        with tempfile.TemporaryDirectory(prefix="coverage test ") as root:
            os.makedirs(os.path.join(root, "part/src"))
            with open(os.path.join(root, "part/src/a.c"), "w", encoding="utf-8") as file:
                file.write(SOURCE)
            documents = [document(root, *lines, **options) for lines in objects]
            return {coverage.written(line, count) for line, count in
                    coverage.merge(documents, root, ("part/src/",)).items() if count}

    def differences(self, named, missed):
        with tempfile.TemporaryDirectory(prefix="coverage test ") as folder:
            path = os.path.join(folder, "named.txt")
            with open(path, "w", encoding="utf-8") as file:
                file.write(named)
            lines = {coverage.Line("a.c", "f", 2, text): count for text, count in missed.items()}
            return [text.replace(path, "N") for text in coverage.compare(lines, coverage.read_named(path), path)]

    def test_what_is_not_taken(self):
        self.assertEqual({"part/src/a.c f: 2 of 4: if (a > 0 && a < 9) {"},
                         self.missed([(3, (1, 0, 0, 5)), (6, (1, 1)), (8, ())]))
        self.assertEqual(set(), self.missed([(3, (0, 0))], file="other/src/a.c"))

    def test_configurations_are_put_together(self):
        self.assertEqual(set(), self.missed([(6, (1, 0))], [(6, (0, 2))]))
        self.assertEqual({"part/src/a.c f: 1 of 2: while (a++ < 0) {"}, self.missed([(6, (1, 0))], [(6, (2, 0))]))
        # With assertions a line may have others: those are not taken by the ones without.
        self.assertEqual({"part/src/a.c f: 4 of 4: while (a++ < 0) {"}, self.missed([(6, (1, 1))], [(6, (0, 0, 0, 0))]))

    def test_names_without_options(self):
        self.assertEqual({"part/src/a.c part_go: 1 of 2: while (a++ < 0) {"},
                         self.missed([(6, (1, 0))], function="part_built_with_THIS_0_THAT_1_go"))
        self.assertEqual({"part/src/a.c part_built_with: 1 of 2: while (a++ < 0) {"},
                         self.missed([(6, (1, 0))], function="part_built_with"))

    def test_lines_alike_are_one_entry(self):
        self.assertEqual({"part/src/a.c f: 3 of 4: }"}, self.missed([(5, (1, 0)), (7, (0, 0))]))

    def test_all_is_named(self):
        self.assertEqual([], self.differences("", {"x": 0}))
        self.assertEqual([], self.differences("# Why\n\na.c f: 1 of 2: x\n    never: because\n    of that\n", {"x": 1}))

    def test_not_named(self):
        self.assertEqual(["not taken: a.c f: 1 of 2: x"], self.differences("", {"x": 1}))
        self.assertEqual(["not taken: a.c f: 2 of 2: x  (N:1 names 1)"],
                         self.differences("a.c f: 1 of 2: x\n    never: because\n", {"x": 2}))

    def test_taken_now(self):
        self.assertEqual(["N:1: taken now, 0 of them left: a.c f: 1 of 2: x"],
                         self.differences("a.c f: 1 of 2: x\n    never: because\n", {"x": 0}))
        self.assertEqual([], self.differences("a.c f: 1 of 2: x\n    race: because\n", {"x": 0}))
        self.assertEqual([], self.differences("a.c f: 1 of 2: x\n    race: because\n", {"x": 1}))
        self.assertEqual(["not taken: a.c f: 2 of 2: x  (N:1 names 1)"],
                         self.differences("a.c f: 1 of 2: x\n    race: because\n", {"x": 2}))

    def test_not_there(self):
        self.assertEqual(["N:1: no such line: a.c f: 1 of 2: y"],
                         self.differences("a.c f: 1 of 2: y\n    race: because\n", {"x": 0}))

    def test_faults_of_the_file(self):
        for named, fault in (("what?\n", "N:1: this is no entry"),
                             ("a.c f: 1 of 2: x\n", "N:1: an entry without a reason"),
                             ("a.c f: 1 of 2: x\na.c f: 1 of 2: y\n", "N:2: an entry without a reason"),
                             ("a.c f: 1 of 2: x\n    because\n", "N:2: a reason begins with"),
                             ("    never: because\n", "N:1: a reason without an entry"),
                             ("a.c f: 1 of 2: x\n    never: b\na.c f: 1 of 2: x\n", "N:3: named twice")):
            with self.subTest(fault), self.assertRaisesRegex(coverage.Fault, fault.replace("N:", ".*:")):
                self.differences(named, {})


if __name__ == "__main__":
    unittest.main()
