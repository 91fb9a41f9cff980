"""The text of a letter with its variables: what is wrong with it, and its plain and its drawn form.

One text makes both. `# ` begins the heading, an empty line parts paragraphs, a line of nothing but
`{link}` is drawn as a button, lines such as `Use it by: {until}` as a small table. A line whose variable
has nothing to say is left out. What a variable says is never read as text of ours: a name such as
`{link}` or `<b>` stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000
ADDRESSES = frozenset({"link", "page"})  # variables that are addresses of ours
_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_ROW = re.compile(r"([^{}:]{1,40}): (\{.+)")
Piece = TypeVar("Piece", str, Markup)


@dataclass(frozen=True)
class Variable:
    """What stands for it, in words and as an example. `optional`: it may have nothing to say."""

    says: LazyString | str
    example: LazyString | str
    optional: bool = False


@dataclass(frozen=True)
class Block:
    """A piece of the drawn form: heading, act (its text is an address), rows or paragraph."""

    kind: str
    text: Markup
    rows: tuple[tuple[str, Markup], ...] = ()


def faults(
    subject: str, body: str, *, variables: Mapping[str, Variable], needed: Collection[str]
) -> tuple[list[str], list[str]]:
    """What is wrong with a subject and with a body, as sentences that name the line."""
    return _faults_above(subject, variables), _faults_below(body, variables, needed)


def _faults_above(subject: str, variables: Mapping[str, Variable]) -> list[str]:
    if not subject.strip():
        return [_("A letter without a subject is taken for junk. Write one.")]
    if len(subject) > LONGEST_SUBJECT:
        return [_("At most %(most)s characters fit.", most=LONGEST_SUBJECT)]
    above = [told for __, told in _faults_of_lines(subject, variables)]
    if "{link}" in subject:
        above.append(_("A link belongs into the letter; in a subject nobody can press it."))
    return above


def _faults_below(
    body: str, variables: Mapping[str, Variable], needed: Collection[str]
) -> list[str]:
    if (
        len(body) > LONGEST_BODY
    ):  # before its lines: each unknown word is compared with every variable
        return [_("At most %(most)s characters fit.", most=f"{LONGEST_BODY:,}")]
    below = [
        _("Line %(number)s: %(told)s", number=number, told=told)
        for number, told in _faults_of_lines(body, variables)
    ]
    return below + list(_missing(body, variables, needed))


def _faults_of_lines(text: str, variables: Mapping[str, Variable]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if set(_VARIABLE.sub("", line)) & set("{}"):
            yield (
                number,
                _("a brace { or } stands alone. Braces go around a variable, as in {title}."),
            )
        for name in _VARIABLE.findall(line):
            if name not in variables:
                yield number, _unknown(name, variables)


def _unknown(name: str, variables: Mapping[str, Variable]) -> str:
    meant = get_close_matches(name, variables, n=1)
    there_is_none = _("there is no variable {%(name)s}.", name=name[:40])
    return there_is_none + (" " + _("Is it {%(name)s}?", name=meant[0]) if meant else "")


def _missing(
    body: str, variables: Mapping[str, Variable], needed: Collection[str]
) -> Iterator[str]:
    for name in needed:
        lines = [line for line in body.split("\n") if name in _VARIABLE.findall(line)]
        if not lines:
            yield _("{%(name)s} is missing: nobody could use a letter without it.", name=name)
        elif all(_may_go(line, variables) for line in lines):
            told = _("{%(name)s} needs a line without a variable that may have nothing to say: such a"
                     " line is left out then.", name=name)  # fmt: skip
            yield told


def _may_go(line: str, variables: Mapping[str, Variable]) -> bool:
    names = _VARIABLE.findall(line)
    return any(variables[name].optional for name in names if name in variables)


def plain(text: str, values: Mapping[str, str]) -> str:
    """The text as it is read without drawing."""
    parts = (
        "\n".join(_plain_line(line, values) for line in lines) for lines in _parts(text, values)
    )
    return "\n\n".join(parts)


def _plain_line(line: str, values: Mapping[str, str]) -> str:
    return _filled(line.removeprefix("# "), values, str, str)


def drawn(text: str, values: Mapping[str, str]) -> list[Block]:
    """The text in pieces, each escaped."""
    return [_block(lines, values) for lines in _parts(text, values)]


def _parts(text: str, values: Mapping[str, str]) -> Iterator[list[str]]:
    """The lines of each paragraph, without those that have nothing to say."""
    for part in re.split(r"\n[^\S\n]*\n", text.strip()):
        lines = [line for line in part.split("\n") if _stands(line, values)]
        if lines:
            yield lines


def _stands(line: str, values: Mapping[str, str]) -> bool:
    return bool(line.strip()) and all(values.get(name) for name in _VARIABLE.findall(line))


def _block(lines: list[str], values: Mapping[str, str]) -> Block:
    only = lines[0].strip() if len(lines) == 1 else ""
    if only == "{link}":
        return Block("act", escape(values["link"]))
    if only.startswith("# "):
        return Block("heading", _marked(only.removeprefix("# "), values))
    found = [_ROW.fullmatch(line.strip()) for line in lines]
    if all(found):
        rows = ((row[1], _marked(row[2], values)) for row in found if row)
        return Block("rows", Markup(), tuple(rows))
    return Block("paragraph", _marked("\n".join(lines), values))


def _marked(text: str, values: Mapping[str, str]) -> Markup:
    """Escaped, line breaks kept, our addresses to be pressed."""
    whole = _filled(text, values, escape, Markup).strip()
    paragraphs = Markup("</p><p>").join(
        whole.split("\n\n")
    )  # what a variable says may have several
    return paragraphs.replace("\n", Markup("<br>"))


def _filled(
    text: str,
    values: Mapping[str, str],
    written: Callable[[str], Piece],
    kind: type[Piece],
) -> Piece:
    pieces = []
    for place, piece in enumerate(_VARIABLE.split(text)):  # words and names by turns
        if place % 2 == 0:
            pieces.append(written(piece))
        elif kind is Markup and piece in ADDRESSES:
            url = values[piece]
            pieces.append(kind(Markup('<a href="{}">{}</a>').format(url, url)))
        else:
            pieces.append(written(values[piece]))
    return kind("").join(pieces)
