#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that public headers say of each function and defining macro what a caller must know.

    description   what it does
    Ownership     of functions that take or return what is counted or handed over (OWNED)
    Context       which contexts may call
    Blocks        of functions with a timeout, and of those that not every context may call: how long
    Cost          how it grows
    @return       of functions that return something
    units         of lengths, sizes and offsets: bytes, words, bits
    errors        each error that the function's own code returns, by name
    memory        of macros ..._DEFINE: where it lives, in RAM, in flash, on the stack

A statement stands in the declaration's own comment, in that of a group (@{ to @}), or at the head of
the file, for all that is in there. A comment that says "as name()" has the statements of that
function, too; one that begins with "The same", those of the function before. Declarations that
follow one another without a blank line share the comment above the first. A function that several
headers declare is described by one of them. Names with a prefix of z_ or _ are nobody else's.

Prints file:line: name: what is missing, and exits with 1 if there is anything to print.
"""

import argparse
import glob
import os
import re
import sys

# What a platform has behind port.h, which says what its functions do.
OF_PLATFORMS = ("port_platform.h", "port_mask.h", "port_sleep.h")

# What has owners.
OWNED = r"struct net_buf \*|struct iob_s \*|union mpsc_pbuf_generic \*|struct rtio_cqe \*|struct packet_connection \*"
OWNERSHIP = re.compile(r"caller's|caller owns|\bborrow|\btakes\b|belongs? to|\bOwnership\b|NULL and changes")
DEFINES = re.compile(r"_DEFINE(?:_|$)")
LENGTH = re.compile(r"(?:^|_)(?:len|length|size|bytes|offset|wlen)$")
UNIT = re.compile(r"\b(?:bytes?|words?|bits?|characters|elements)\b|-bit\b")
INTEGER = re.compile(r"^(?:const )?(?:u?int(?:8|16|32|64)?(?:_t)?|unsigned(?: int)?|size_t|ssize_t|off_t|long)\b[^*]*$")
MEMORY = re.compile(r"\b(?:RAM|flash|stack|constants?)\b")
REFERENCE = re.compile(r"(?:\b[Aa]s|\band|name of|^) ?(\w+)\(\)")

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)|(?P<linkage>extern\s+"C(?:\+\+)?"\s*\{)|(?P<other>.)""",
    re.DOTALL | re.MULTILINE)


class Declaration:
    """A function or a macro, where it stands, and the comments that tell of it."""

    def __init__(self, path, line, name, text, own, shared, head):
        self.path, self.line, self.name, self.text = path, line, name, text
        self.own, self.shared, self.head = own, shared, head
        self.before = None  # the function that stands before it
        self.is_macro = text.startswith("#")

    def parameters(self):
        inside = self.text[self.text.index("("):]
        return [part.strip() for part in re.sub(r"\([^()]*\)", "", inside.strip()[1:].rsplit(")", 1)[0]).split(",")]

    def returns(self):
        lead = re.sub(r"__attribute__\s*\(\(.*?\)\)", " ", self.text[:self.text.index(self.name)])
        lead = re.sub(r"\b(?:static|inline|extern|ALWAYS_INLINE|FAR|const|__\w+(?:\([^)]*\))?|FUNC_\w+|Z_\w+_API)(?!\w)", " ", lead)
        return " ".join(lead.replace("*", " *").split())


def declarations_of(path, text):
    """The functions and macros of a header."""
    head, groups, comment, last = "", [], "", ""
    start, depth, code, before_brace = None, 0, "", None
    gap = False                     # a blank line since the last declaration
    found = []

    def finish(end):
        nonlocal start, code, before_brace, comment, last, gap
        own = comment or ("" if gap else last)
        item = _function(code)
        if item:
            found.append(Declaration(path, text.count("\n", 0, start) + 1, item, " ".join(code.split()), own,
                                     list(reversed(groups)), ""))
        last, comment, gap = own, "", False
        start, code, before_brace = None, "", None
        return end

    for token in TOKEN.finditer(text):
        what = token[0]
        if token["comment"]:
            if depth or start is not None or not what.startswith("/**") or what.startswith("/**<"):
                continue
            plain = re.sub(r"^\s*\*+ ?|^/\*+ ?|\*+/$", "", what, flags=re.MULTILINE)
            if "@file" in what:
                head = plain
            elif "@}" in what:
                groups and groups.pop()
            elif "@{" in what:
                groups.append(comment + plain)
                comment = ""
            else:
                comment = plain
            continue
        if token["linkage"] and depth == 0:
            continue
        if token["directive"]:
            macro = re.match(r"\s*#\s*define\s+(\w+)(\(?)", what)
            if macro and depth == 0 and start is None:
                own = comment or ("" if gap else last)
                if macro[2] and DEFINES.search(macro[1]) and not re.match(r"_|Z_|z_", macro[1]):
                    found.append(Declaration(path, text.count("\n", 0, token.start()) + 1, macro[1],
                                             "#" + " ".join(what.split()), own, list(reversed(groups)), ""))
                last, comment, gap = own, "", False
            continue
        if start is None:
            if what == "\n":
                gap = gap or text[token.end():token.end() + 1] == "\n"
                continue
            if what.isspace() or what == ";":
                continue
            if what == "}":
                continue            # of extern "C"
            start = token.start()
        code += what
        if what in "({[":
            if what == "{" and depth == 0:
                before_brace = code[:-1]
            depth += 1
        elif what in ")}]":
            depth -= 1
            if what == "}" and depth == 0 and before_brace.rstrip().endswith(")"):
                code = before_brace
                finish(token.end())
        elif what == ";" and depth == 0:
            finish(token.end())
    for declaration in found:
        declaration.head = head
    for before, declaration in zip(found, found[1:]):
        declaration.before = before
    return found


def _function(code):
    """The name of the function that is declared here, if it is one for others."""
    code = re.sub(r"__attribute__\s*\(\(.*?\)\)|__\w+_like\([^)]*\)|__asm__\s*\([^)]*\)", "", code, flags=re.DOTALL)
    if re.match(r"\s*(?:typedef|template|using|struct \w+ \{|union \w+ \{|enum \w* ?\{|BUILD_ASSERT|extern const)\b", code):
        return None
    name = re.search(r"[\w*]\s+\**(\w+)\s*\(", code)
    if not name or "=" in code[:name.start(1)] or re.match(r"_|z_|Z_", name[1]) or name[1].isupper():
        return None
    return name[1]


class Headers:
    """All declarations, and what is known of each name."""

    def __init__(self, root):
        self.root = root
        self.all = []
        for pattern in ("*/include/**/*.h", "port/*/include/**/*.h"):
            for path in sorted(glob.glob(os.path.join(glob.escape(root), pattern), recursive=True)):
                if os.path.basename(path) in OF_PLATFORMS:
                    continue
                with open(path, encoding="utf-8") as file:
                    self.all += declarations_of(os.path.relpath(path, root), file.read())
        self.named = {}
        for declaration in self.all:
            self.named.setdefault(declaration.name, []).append(declaration)
        self.errors = _errors_of_sources(root)

    def texts(self, declaration, seen=None):
        """What is said of it, the nearest first: its own, of functions referred to, of groups, of the file."""
        seen = seen if seen is not None else set()
        if id(declaration) in seen:
            return
        seen.add(id(declaration))
        own = declaration.own
        if own:
            yield own
        for name in REFERENCE.findall(own.strip()):
            for other in self.named.get(name, []):
                if id(other) not in seen:
                    yield from self.texts(other, seen)
        if re.match(r"\s*(?:The|the) same\b|\s*Its counterpart", own) and declaration.before:
            yield from self.texts(declaration.before, seen)
        yield from declaration.shared
        if declaration.head:
            yield declaration.head

    def missing(self, name):
        """What nobody says of the function or macro @name."""
        declarations = self.named[name]
        texts = [text for declaration in declarations for text in self.texts(declaration)]
        everything = "\n".join(texts)
        first = declarations[0]
        if not any(declaration.own or declaration.shared for declaration in declarations):
            yield "a description"
            return
        if first.is_macro:
            if not MEMORY.search(everything):
                yield "where it lives (RAM, flash, stack)"
            return
        for what in self._function_misses(first, texts, everything):
            yield what

    def _function_misses(self, first, texts, everything):
        context = _statement("Context", texts)
        if context is None:
            yield "Context: which contexts may call it"
        waits = any("k_timeout_t" in parameter for parameter in first.parameters())
        if _statement("Blocks", texts) is None and (waits or not re.match(r"\s*any\b", context or "any")):
            yield "Blocks: whether, and for how long at most"
        if _statement("Cost", texts) is None:
            yield "Cost: how it grows"
        handed = [part for part in [first.returns(), *first.parameters()] if re.search(OWNED, part)
                  and not part.startswith("const struct")]
        if handed and not OWNERSHIP.search(everything):
            yield f"Ownership: who has {handed[0]} afterwards"
        if first.returns() not in ("void", "") and "@return" not in everything and "@retval" not in everything:
            yield "@return: what it returns"
        for parameter in first.parameters():
            words = parameter.split()
            if len(words) > 1 and LENGTH.search(words[-1]) and INTEGER.match(parameter) and not UNIT.search(everything):
                yield f"the unit of {words[-1]}"
        for error in sorted(self.errors.get(first.name, set())):
            if error not in everything:
                yield f"the error -{error}, which it returns"


def _statement(label, texts):
    """What the first text with this label says behind it, or None."""
    for text in texts:
        said = re.search(r"\b" + label + r"\b(?:[, ]+\w+){0,3}:(.*)", text, re.IGNORECASE | re.DOTALL)
        if said:
            return said[1]
    return None


def _errors_of_sources(root):
    """Name of a function -> the errors that its own code returns by name."""
    errors = {}
    for path in glob.glob(os.path.join(glob.escape(root), "*", "src", "**", "*.c"), recursive=True):
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
        for function in re.finditer(r"^[A-Za-z_][^;{}#=]*?\b(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL):
            found = set(re.findall(r"return[^;]*-(E[A-Z0-9]+)\b", function[2]))
            if found:
                errors.setdefault(function[1], set()).update(found)
    return errors


def check(root):
    """How many functions and macros there are, and what is missing: (path, line, name, what), sorted."""
    headers = Headers(root)
    return len(headers.named), sorted((headers.named[name][0].path, headers.named[name][0].line, name, what)
                                      for name in headers.named for what in headers.missing(name))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    count, findings = check(os.path.abspath(parser.parse_args().root))
    for path, line, name, what in findings:
        print(f"{path}:{line}: {name}: {what}")
    print(f"{count} functions and macros, {len(findings)} statements are missing")
    return 1 if findings or not count else 0


if __name__ == "__main__":
    sys.exit(main())
