"""Typed readers for single values: texts, words in every language, numbers, names and choices."""

import re
from types import MappingProxyType

from yaml.nodes import MappingNode, Node, ScalarNode

from msf.instruments.fields import MAX_NAME, NAME, Reader, Sheet, kind_of, line_of, pairs, said, shown
from msf.instruments.reading import UNSEEN
from msf.instruments.shapes import Words

_MARKUP = re.compile(r"<|\{\{|\{%|\{#|&#?\w+;")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,8})")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?")


def text(most: int) -> Reader:
    """One paragraph of plain text of at most `most` characters; runs of white space become one space."""

    def read(sheet: Sheet, node: Node, what: str) -> str | None:
        if not isinstance(node, ScalarNode) or not node.tag.endswith(":str"):
            _not_text(sheet, node, what)
            return None
        plain = " ".join(node.value.split())
        for message, remedy in _text_faults(node.value, plain, most):
            sheet.note(line_of(node), f"{what} {message}", remedy)
            return None
        return plain

    return read


def _text_faults(raw: str, plain: str, most: int) -> list[tuple[str, str]]:
    """What is wrong with a text, the gravest first."""
    faults = []
    if hidden := UNSEEN.search(raw.replace("\n", " ")):
        faults.append((f"holds a character that cannot be seen (U+{ord(hidden.group()):04X})", "take it out"))
    if not plain:
        faults.append(("is empty", "write the text"))
    if markup := _MARKUP.search(plain):
        faults.append((f"holds markup ({markup.group()[:20]})", "write plain text only"))
    if len(plain) > most:
        faults.append((f"has {len(plain)} characters", f"shorten it to at most {most}"))
    return faults


def _not_text(sheet: Sheet, node: Node, what: str) -> None:
    kind = kind_of(node)
    if kind == "nothing":
        sheet.note(line_of(node), f"{what} is empty", "write the text")
    elif isinstance(node, ScalarNode):
        sheet.note(line_of(node), f"{what} must be text, but {said(node)} reads as {kind}", "put it in quotes")
    else:
        sheet.note(line_of(node), f"{what} must be one text, not {kind}", "write one text, in quotes if it is long")


def in_every_language(most: int) -> Reader:
    """One text of at most `most` characters in each language of the questionnaire, and in no other."""
    read_text = text(most)

    def read(sheet: Sheet, node: Node, what: str) -> Words | None:
        if not isinstance(node, MappingNode):
            message = f"{what} must give the text in each language, not {kind_of(node)}"
            sheet.note(line_of(node), message, f'write {_last(what)}: {{{(sheet.languages or ("en",))[0]}: "…"}}')
            return None
        found = {language: (key, value) for language, key, value in pairs(sheet, node, what)}
        _compare_languages(sheet, node, what, {language: line_of(key) for language, (key, _) in found.items()})
        wanted = [language for language in sheet.languages or found if language in found]
        texts = {language: read_text(sheet, found[language][1], f"{what} › {language}") for language in wanted}
        return MappingProxyType(texts) if texts and None not in texts.values() else None

    return read


def _compare_languages(sheet: Sheet, node: Node, what: str, lines: dict[str, int]) -> None:
    if not sheet.languages:
        return
    for language, line in lines.items():
        if language not in sheet.languages:
            message = f"{what} is in {shown(language)}, which is not one of the `languages`"
            sheet.note(line, message, "name the language there, or take the text out")
    for language in sheet.languages:
        if language not in lines:
            sheet.note(line_of(node), f"{what} has no text in `{language}`", f'add {language}: "…"')


def _last(what: str) -> str:
    return what.rpartition(" › ")[2]


def whole(least: int, most: int) -> Reader:
    """A whole number within limits."""

    def read(sheet: Sheet, node: Node, what: str) -> int | None:
        plain = node.value if isinstance(node, ScalarNode) and node.tag.endswith(":int") else ""
        if _WHOLE.fullmatch(plain) and least <= int(plain) <= most:
            return int(plain)
        remedy = f"give a whole number from {least} to {most}, without quotes"
        sheet.note(line_of(node), f"{what} is {said(node)}", remedy)
        return None

    return read


def number(above: float, most: float) -> Reader:
    """A number above one limit and up to another."""

    def read(sheet: Sheet, node: Node, what: str) -> float | None:
        plain = node.value if isinstance(node, ScalarNode) and node.tag.endswith((":int", ":float")) else ""
        if _NUMBER.fullmatch(plain) and above < float(plain) <= most:
            return float(plain)
        remedy = f"give a number above {above:g}, up to {most:g}, such as 0.6, without quotes"
        sheet.note(line_of(node), f"{what} is {said(node)}", remedy)
        return None

    return read


def yes_or_no(sheet: Sheet, node: Node, what: str) -> bool | None:
    """True or false, as those words."""
    if isinstance(node, ScalarNode) and node.tag.endswith(":bool") and node.value in ("true", "false"):
        return bool(node.value == "true")
    sheet.note(line_of(node), f"{what} is {said(node)}", "write true or false, without quotes")
    return None


def one_of(*options: str) -> Reader:
    """One of a few words."""

    def read(sheet: Sheet, node: Node, what: str) -> str | None:
        if isinstance(node, ScalarNode) and node.value in options:
            return str(node.value)
        sheet.note(line_of(node), f"{what} is {said(node)}", f"give one of {', '.join(options)}")
        return None

    return read


def plain_name(*, reserved: tuple[str, ...] = ()) -> Reader:
    """A short name for machines: lower-case letters, digits, single hyphens or underscores, a letter first."""

    def read(sheet: Sheet, node: Node, what: str) -> str | None:
        name = node.value if isinstance(node, ScalarNode) else ""
        if not isinstance(node, ScalarNode) or not NAME.fullmatch(name) or len(name) > MAX_NAME:
            remedy = f"use a to z, 0 to 9 and single hyphens, a letter first, at most {MAX_NAME} characters"
            sheet.note(line_of(node), f"{what} is {said(node)}, which is not a plain name", remedy)
        elif not node.tag.endswith(":str"):
            sheet.note(line_of(node), f"{what} is {shown(name)}, which reads as {kind_of(node)}", "choose another name")
        elif name in reserved:
            sheet.note(line_of(node), f"{what} is {shown(name)}, which has a meaning of its own", "choose another name")
        else:
            return str(name)
        return None

    return read


def matching(pattern: str, remedy: str, *, is_text: bool = False) -> Reader:
    """A word of one form; with `is_text` YAML must take it for text too (`no` is the answer, "no" is Norwegian)."""
    form = re.compile(pattern)

    def read(sheet: Sheet, node: Node, what: str) -> str | None:
        if isinstance(node, ScalarNode) and form.fullmatch(node.value) and (not is_text or node.tag.endswith(":str")):
            return str(node.value)
        sheet.note(line_of(node), f"{what} is {said(node)}", remedy)
        return None

    return read
