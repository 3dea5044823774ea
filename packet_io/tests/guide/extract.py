#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Takes the code blocks out of documents, so that they are compiled and run as they are printed.

A block of C has a name, and a file <name>.c of that name in the folder of surroundings: what the
block needs around it to be a program, and the test that it works. In reStructuredText the name is
the option `:name:` of the directive `code-block`, in Markdown it follows the language of the fence,
as in ```c name=sending. In the comments of a header, where it is what stands between @code and
@endcode, the name is that of the header, from the second one on with a number. A prefix, which makes
such names unique in a larger document, is left out (--prefix), and dashes become underscores.

What is indented, in a document or a comment, is a sketch or a command, and stays where it is.

Written to DIR/<name>/:

    definitions.inc   what may stand at file scope
    step_1.inc ...    statements, to include in a function; a blank line in the block ends a step

The surroundings include each of them. What they leave out is an error, and so are a block without a
name or without surroundings, surroundings without a block, and C that does not say it is C.
Fragments of configuration (kconfig) have names too and are written to DIR/<name>.conf.

DIR/blocks.cmake has the lists `blocks` and `fragments`.
"""

import argparse
import os
import re
import sys

C_LANGUAGES = ("c", "h", "cpp", "c++")


class Fault(Exception):
    """Something in a document or in the surroundings that must be put right."""


class Block:
    """The text of one code block, where it stands, and what it is called."""

    def __init__(self, document, line, language, name, text):
        self.document, self.line, self.language, self.name, self.text = document, line, language, name, text

    def where(self):
        return f"{self.document}:{self.line}"


# ---- documents -----------------------------------------------------------------------------------


def blocks_of_rst(path, text):
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        directive = re.match(r"(\s*)\.\. (?:code-block|code|sourcecode)::\s*(\S*)\s*$", lines[number])
        number += 1
        if not directive:
            literal = re.match(r"(\s*)(?!\.\.).*::$", lines[number - 1])
            if not literal:
                continue
        indent = (directive or literal)[1]
        name = None
        while number < len(lines) and re.match(r"\s+:[\w-]+:", lines[number]):
            option = re.match(r"\s+:name:\s*(\S+)", lines[number])
            name = option[1] if option else name
            number += 1
        body, first = [], None
        while number < len(lines):
            line = lines[number]
            if line.strip() and len(line) - len(line.lstrip()) <= len(indent):
                break
            if line.strip() and first is None:
                first = number + 1
            if first is not None:
                body.append(line)
            number += 1
        if not body:
            raise Fault(f"{path}:{number}: an empty code block")
        margin = min(len(line) - len(line.lstrip()) for line in body if line.strip())
        body = "\n".join(line[margin:] for line in body).rstrip() + "\n"
        yield Block(path, first, directive[2] if directive else "", name, body)


def blocks_of_markdown(path, text):
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        fence = re.match(r"(```+|~~~+)\s*(\S*)\s*(.*)$", lines[number])
        number += 1
        if not fence:
            continue
        first, body = number + 1, []
        while number < len(lines) and lines[number].rstrip() != fence[1]:
            body.append(lines[number])
            number += 1
        if number == len(lines):
            raise Fault(f"{path}:{first - 1}: this fence is never closed")
        number += 1
        name = re.search(r"\bname=(\S+)", fence[3])
        yield Block(path, first, fence[2], name and name[1], "\n".join(body) + "\n")


def blocks_of_header(path, text):
    stem = os.path.splitext(os.path.basename(path))[0]
    for number, code in enumerate(re.finditer(r"^ \* @code *\n(.*?)^ \* @endcode *$", text, re.MULTILINE | re.DOTALL), 1):
        body = re.sub(r"^ \* ?", "", code[1], flags=re.MULTILINE)
        yield Block(path, text.count("\n", 0, code.start(1)) + 1, "c", f"{stem}_{number}" if number > 1 else stem, body)


def blocks_of(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    kinds = {".md": blocks_of_markdown, ".h": blocks_of_header}
    return list(kinds.get(os.path.splitext(path)[1], blocks_of_rst)(path, text))


# ---- C -------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)|(?P<other>.)""", re.DOTALL | re.MULTILINE)
STATEMENT = re.compile(r"(?:if|while|for|do|switch|return)\b|(?!_[A-Z])[a-z_]\w*(?:(?:\.|->)\w+|\[[^]]*\])*\s*(?:[-+|&^]?=(?!=)|\(|\+\+|--)")


class Chunk:
    """A definition, a statement or a directive with the comments before it."""

    def __init__(self, line, text, code):
        self.line = line          # of its first character, from 0 in the block
        self.text = text
        self.is_statement = bool(STATEMENT.match(code.strip()))


def chunks_of(block):
    """Cuts a block at the ends of definitions and statements that are in no brackets."""
    start = depth = 0
    code = ""                     # of the chunk so far, without comments
    before_brace = ""             # the code before the outermost { of the chunk
    tokens = list(TOKEN.finditer(block.text))
    for index, token in enumerate(tokens):
        what = token[0]
        ends = False
        if token["comment"]:
            continue
        if token["directive"] and depth == 0 and not code.strip():
            ends, code = True, "#"
        elif token["other"]:
            code += what
            if what in "({[":
                if what == "{" and depth == 0:
                    before_brace = code[:-1]
                depth += 1
            elif what in ")}]":
                depth -= 1
                # The body of a function or of a loop; an initialiser goes on to its semicolon.
                ends = what == "}" and depth == 0 and before_brace.rstrip().endswith((")", "do", "else"))
            elif what == ";" and depth == 0:
                ends = True
        else:
            code += what
        if depth < 0:
            raise Fault(f"{block.where()}: brackets that were never opened")
        if ends:
            end = _end_of_line(block.text, tokens, index)
            yield Chunk(block.text.count("\n", 0, start), block.text[start:end], code)
            start, code, before_brace = end, "", ""
    if depth or code.strip():
        raise Fault(f"{block.where()}: the block ends in the middle of something")


def _end_of_line(text, tokens, index):
    """Where a chunk ends that has its last token at index: a comment behind it belongs to it."""
    end = tokens[index].end()
    for token in tokens[index + 1:]:
        if token["comment"]:
            end = token.end()
        elif token[0] not in " \t":
            break
    return end + 1 if text[end:end + 1] == "\n" else end


def parts_of(block):
    """The files of a block of C: name -> text."""
    definitions, steps = [], []
    goes_on = False               # whether a statement would still belong to the last step
    for chunk in chunks_of(block):
        lead = len(chunk.text) - len(chunk.text.lstrip("\n"))
        line = f'#line {block.line + chunk.line + lead} "{block.document}"\n'
        text = line + chunk.text.lstrip("\n").rstrip() + "\n"
        if not chunk.is_statement:
            definitions.append(text)
            goes_on = False
        else:
            if not goes_on or lead > 0:
                steps.append("")
            steps[-1] += text
            goes_on = True
    parts = {"definitions.inc": "".join(definitions)} if definitions else {}
    parts.update((f"step_{number}.inc", text) for number, text in enumerate(steps, 1))
    return parts


# ---- output --------------------------------------------------------------------------------------


def write_if_changed(path, text):
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    except FileNotFoundError:
        pass
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def check_surroundings(block, parts, path):
    if not os.path.exists(path):
        raise Fault(f"{block.where()}: the block {block.name} has no surroundings: {path} is missing")
    with open(path, encoding="utf-8") as file:
        included = set(re.findall(r'^\s*#\s*include\s+"([^"]+\.inc)"', file.read(), re.MULTILINE))
    for part in sorted(parts.keys() - included):
        raise Fault(f'{path}:1: does not include "{part}" of the block at {block.where()}')
    for part in sorted(included - parts.keys()):
        raise Fault(f'{path}:1: includes "{part}", which the block at {block.where()} does not have')


def extract(documents, surroundings, out, prefix=""):
    """Writes all blocks. Returns the names of those in C, and those of fragments."""
    names = {"c": [], "kconfig": []}
    for document in documents:
        for block in blocks_of(document):
            language = block.language.lower()
            if not language and re.search(r";\s*$|^\s*#\s*include", block.text, re.MULTILINE):
                raise Fault(f"{block.where()}: this looks like C, but does not say so")
            kind = "c" if language in C_LANGUAGES else language
            if kind not in names:
                continue
            if not block.name:
                raise Fault(f"{block.where()}: the block has no name, so nothing compiles it")
            block.name = block.name.removeprefix(prefix).replace("-", "_")
            if block.name in names["c"] + names["kconfig"]:
                raise Fault(f"{block.where()}: there is another block called {block.name}")
            names[kind].append(block.name)
            if kind == "kconfig":
                write_if_changed(os.path.join(out, block.name + ".conf"), block.text)
                continue
            parts = parts_of(block)
            check_surroundings(block, parts, os.path.join(surroundings, block.name + ".c"))
            for part, text in parts.items():
                write_if_changed(os.path.join(out, block.name, part), text)
    for name in sorted(os.listdir(surroundings)):
        if name.endswith(".c") and name[:-2] not in names["c"]:
            raise Fault(f"{os.path.join(surroundings, name)}:1: surroundings of no block")
    return names["c"], names["kconfig"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, metavar="DIR", help="where to write")
    parser.add_argument("--surroundings", required=True, metavar="DIR", help="folder of <name>.c")
    parser.add_argument("--prefix", default="", help="what names of blocks begin with")
    parser.add_argument("documents", nargs="+")
    args = parser.parse_args()

    try:
        blocks, fragments = extract(args.documents, args.surroundings, args.out, args.prefix)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    write_if_changed(os.path.join(args.out, "blocks.cmake"),
                     f"set(blocks {' '.join(blocks)})\nset(fragments {' '.join(fragments)})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
