# SPDX-License-Identifier: Apache-2.0
"""Reads configuration fragments strictly.

kconfiglib itself only warns when an assignment is unknown, ill-typed, out of
range or without effect. Here each of these is an error that names the option,
the place of the assignment and what would be allowed.
"""

import difflib
import os
import re
import sys

try:
    import kconfiglib
    from kconfiglib import AND, BOOL, HEX, INT, STRING
except ImportError:
    sys.exit(
        f"error: {sys.executable} has no kconfiglib; install Debian's package python3-kconfiglib:\n"
        "       apt-get install -y --no-install-recommends python3-kconfiglib"
    )

_UNSET = re.compile(r"#\s*CONFIG_(\w+) is not set")
_ASSIGN = re.compile(r"CONFIG_(\w+)=(.*)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?')
_COMMENT = re.compile(r"\s+#.*")


class ConfigError(Exception):
    """One or more errors in the configuration; its text has a line for each."""


class Assignment:
    """One line of a fragment that gives an option a value; text is the value as written there."""

    def __init__(self, place, name, text):
        self.place = place
        self.name = name
        self.text = text

    @property
    def value(self):
        """The value as kconfiglib takes it: strings without their quotes."""
        return kconfiglib.unescape(self.text[1:-1]) if self.text.startswith('"') else self.text

    def error(self, why):
        return f"{self.place}: error: CONFIG_{self.name}={self.text}: {why}"


def load_kconfig(root):
    """Parses the tree of Kconfig files under root; what kconfiglib warns of there is an error."""
    os.environ["srctree"] = root
    os.environ["CONFIG_"] = "CONFIG_"
    try:
        kconf = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)
    except (kconfiglib.KconfigError, OSError) as err:
        raise ConfigError(f"error: {str(err).strip()}") from err
    _check_warnings(kconf)
    return kconf


def apply_fragments(kconf, paths):
    """Merges fragments, a later one overriding an earlier one, and checks that all of it holds."""
    errors = []
    merged = {}
    for path in paths:
        for assignment in _parse(path, errors):
            merged.pop(assignment.name, None)
            merged[assignment.name] = assignment

    accepted = []
    for assignment in merged.values():
        sym = kconf.syms.get(assignment.name)
        if sym is None or not sym.nodes:
            errors.append(assignment.error(_unknown(kconf, assignment.name)))
            continue
        why = _type_error(sym, assignment)
        if why:
            errors.append(assignment.error(why))
            continue
        if any(node.prompt for node in sym.nodes):
            sym.set_value(assignment.value)
        accepted.append((sym, assignment))

    for sym, assignment in accepted:
        why = _effect_error(sym, assignment, merged)
        if why:
            errors.append(assignment.error(why))
    if errors:
        raise ConfigError("\n".join(errors))
    _check_warnings(kconf)


def _check_warnings(kconf):
    """Evaluates every option; what kconfiglib then still warns of is a fault of the Kconfig files."""
    for sym in kconf.unique_defined_syms:
        sym.str_value  # pylint: disable=pointless-statement
    if kconf.warnings:
        raise ConfigError("\n".join(f"error: {text}" for text in kconf.warnings))


def _parse(path, errors):
    """Yields the assignments of one fragment in their order."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError as err:
        errors.append(f"{path}: error: {err.strerror}")
        return
    except UnicodeDecodeError:
        errors.append(f"{path}: error: this is not UTF-8 text")
        return

    for number, line in enumerate(lines, 1):
        line = line.strip()
        place = f"{path}:{number}"
        unset = _UNSET.fullmatch(line)
        if unset:
            yield Assignment(place, unset[1], "n")
            continue
        if not line or line.startswith("#"):
            continue
        assign = _ASSIGN.fullmatch(line)
        value = _value(assign[2]) if assign else None
        if value is None:
            errors.append(
                f"{place}: error: {line}: malformed line; allowed are CONFIG_NAME=value without "
                "spaces around the '=', '# CONFIG_NAME is not set', and comments that start with '#'"
            )
            continue
        yield Assignment(place, assign[1], value)


def _value(text):
    """The value in text without its comment, strings still in quotes; None if there is none."""
    if text.startswith('"'):
        string = _STRING.fullmatch(text)
        return f'"{string[1]}"' if string else None
    text = _COMMENT.sub("", text, count=1)
    return text if text and not re.search(r'[\s"]', text) else None


def _unknown(kconf, name):
    known = [sym.name for sym in kconf.unique_defined_syms if any(node.prompt for node in sym.nodes)]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.7)
    hint = "; did you mean " + " or ".join(f"CONFIG_{other}" for other in close) + "?" if close else ""
    return f"there is no such option{hint}"


def _type_error(sym, assignment):
    """Says why the text is no value of this option's type, or None."""
    text = assignment.text
    if sym.orig_type == STRING:
        return None if text.startswith('"') else 'the option is a string; allowed is "text in double quotes"'
    if sym.orig_type == BOOL:
        return None if text in ("y", "n") else "the option is a bool; allowed are y and n"
    if sym.orig_type == INT:
        if re.fullmatch(r"0|-?[1-9][0-9]*", text):
            return None
        return f"the option is a number; allowed is a decimal integer without leading zeros{_span(sym)}"
    if sym.orig_type == HEX:
        if re.fullmatch(r"(0[xX])?[0-9a-fA-F]+", text):
            return None
        return f"the option is a hexadecimal number; allowed is 0x and digits{_span(sym)}"
    return "this type of option is not supported"


def _range(sym):
    for low, high, condition in sym.ranges:
        if kconfiglib.expr_value(condition):
            return low.str_value, high.str_value
    return None


def _span(sym):
    span = _range(sym)
    return f" from {span[0]} to {span[1]}" if span else ""


def _effect_error(sym, assignment, merged):
    """Says why the option's final value is not the one assigned, or None."""
    base = {INT: 10, HEX: 16}.get(sym.orig_type)
    if base:
        span = _range(sym)
        wanted = int(assignment.value, base)
        if span and sym.visibility and not int(span[0], base) <= wanted <= int(span[1], base):
            return f"out of range; allowed is {span[0]} to {span[1]}"
        if sym.str_value and int(sym.str_value, base) == wanted:
            return None
    elif sym.str_value == assignment.value:
        return None

    if not sym.visibility:
        return _hidden(sym)
    if sym.choice:
        chosen = sym.choice.selection.name
        if chosen != sym.name and chosen in merged:
            return None
        return f'the choice "{_choice_prompt(sym.choice)}" has CONFIG_{chosen}=y; allowed is one of its options'
    selecting = [_names(term) for term in kconfiglib.split_expr(sym.rev_dep, kconfiglib.OR)
                 if kconfiglib.expr_value(term)]
    if selecting:
        return f"it does not take effect: selected by {', '.join(selecting)}"
    return f"it does not take effect: the value is {sym.str_value}"


def _hidden(sym):
    """Why an option cannot be set at the moment: it never can, or a dependency is off."""
    prompts = [node.prompt[1] for node in sym.nodes if node.prompt]
    if not prompts:
        return f"this option follows from others and cannot be assigned; it is {sym.str_value or 'off'}"
    off = [_names(term) for term in kconfiglib.split_expr(prompts[0], AND) if not kconfiglib.expr_value(term)]
    return f"it does not take effect: it depends on {' and '.join(off)}"


def _names(expr):
    """An expression of options, each with its full name and value."""

    def name(item):
        if isinstance(item, kconfiglib.Choice):
            return f'the choice "{_choice_prompt(item)}"'
        if item.is_constant:
            return item.name
        return f"CONFIG_{item.name} (which is {item.str_value or 'off'})"

    return kconfiglib.expr_str(expr, name)


def _choice_prompt(choice):
    return next((node.prompt[0] for node in choice.nodes if node.prompt), choice.name)
