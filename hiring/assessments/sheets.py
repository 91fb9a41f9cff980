"""How a material's text becomes what a candidate reads: cells, numbered rules, messages. Pure."""

from __future__ import annotations

import csv
import re
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from hiring.kernel.markdown import render

MOST_CELLS = 5_000  # of a table: what is more is not drawn, since nobody reads it on a page
_NUMBER = re.compile(r"(?!0\d)[−+-]?[€$£]?[\d.,' ]*\d ?[%€]?")
_RULE = re.compile(r"\*\*([A-Z]{1,2}\d{1,3})\*\*\s+(.+)", re.DOTALL)


class Table(NamedTuple):
    """A header row and rows of the same length; `figures` are the places of columns of numbers.

    A column in which a number such as 0977 stands is one of names.

    `left_out`: how many rows more there are than a page draws.
    """

    header: list[str]
    rows: list[list[str]]
    figures: frozenset[int]
    left_out: int = 0


class Passage(NamedTuple):
    """Either a run of numbered rules, each a number and its text, or text as it is."""

    rules: list[tuple[str, Markup]]
    text: Markup


class Message(NamedTuple):
    """One message of an inbox."""

    sender: str
    when: str
    text: Markup


def table(content: str) -> Table:
    """The cells of a CSV text, its first row the header. Short rows are filled up."""
    lines = [line for line in csv.reader(content.splitlines(), skipinitialspace=True) if line]
    width = max((len(line) for line in lines), default=0)
    room = max(MOST_CELLS // max(width, 1), 1) + 1  # the header comes for nothing
    header, *rows = [line + [""] * (width - len(line)) for line in lines[:room]] or [[]]
    figures = frozenset(n for n in range(width) if _is_figures(rows, n))
    return Table(header, rows, figures, max(len(lines) - room, 0))


def as_file(content: str) -> bytes:
    """A CSV text as spreadsheets want it: UTF-8 with a mark at the front, lines ended as RFC 4180 says."""
    return "\r\n".join([*content.splitlines(), ""]).encode("utf-8-sig")


def passages(content: str) -> list[Passage]:
    """Markdown in which paragraphs that begin with a bold number, such as **P1**, can be cited."""
    blocks = [block for block in re.split(r"\n\s*\n", content.strip()) if block]
    runs = groupby(blocks, key=lambda block: bool(_RULE.fullmatch(block)))
    return [_passage(is_rules, list(run)) for is_rules, run in runs]


def messages(content: str) -> list[Message]:
    """Markdown in which each `## Sender · Thu 15:58` begins a message."""
    parts = re.split(r"^## +(.+)$", content.strip(), flags=re.MULTILINE)
    heads, texts = parts[1::2], parts[2::2]
    before = [Message("", "", render(parts[0]))] if parts[0].strip() else []
    return before + [_message(head, text) for head, text in zip(heads, texts, strict=True)]


def _is_figures(rows: list[list[str]], column: int) -> bool:
    cells = [row[column].strip() for row in rows if row[column].strip()]
    return bool(cells) and column > 0 and all(_NUMBER.fullmatch(cell) for cell in cells)


def _passage(is_rules: bool, blocks: list[str]) -> Passage:
    if not is_rules:
        return Passage([], render("\n\n".join(blocks)))
    found = (match for block in blocks if (match := _RULE.fullmatch(block)))
    return Passage([(rule[1], render(rule[2])) for rule in found], Markup())


def _message(head: str, text: str) -> Message:
    sender, dot, when = head.rpartition(" · ")
    return Message(sender if dot else head, when if dot else "", render(text))
