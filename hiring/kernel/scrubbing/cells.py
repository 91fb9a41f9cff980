"""A table in plain text. Its numbers are left alone: some look like a telephone's, none is a formula."""

from __future__ import annotations

import re
from collections.abc import Callable

from hiring.kernel.scrubbing.plain import read

_BORDER = re.compile(r"([,;\t])")
_NUMBER = re.compile(r'[\s"]*[+-]?[\d.,\'\s]+[%€$£]?[\s"]*')
_FORMULA = re.compile(r'(\s*"?\s*)([=+\-@|%＝＋－＠])')  # noqa: RUF001  full-width signs count as signs


def scrubbed(content: bytes, mask: Callable[[str], str]) -> bytes:
    """The table without the person, cell by cell where a line names them, and without anything that a
    spreadsheet would run: an apostrophe stands before it. Raises Faulty.
    """
    lines = [_inert(line) for line in map(_masked(mask), read(content).split("\n"))]
    return "\n".join(lines).encode("utf-8", "replace")


def _masked(mask: Callable[[str], str]) -> Callable[[str], str]:
    def masked(line: str) -> str:
        if mask(line) == line:
            return line
        cells = _BORDER.split(line)
        return "".join(cell if _NUMBER.fullmatch(cell) else mask(cell) for cell in cells)

    return masked


def _inert(line: str) -> str:
    if not any(sign in line for sign in "=+-@|%＝＋－＠"):  # noqa: RUF001
        return line
    return "".join(
        cell if _NUMBER.fullmatch(cell) else _FORMULA.sub(r"\1'\2", cell, count=1)
        if _FORMULA.match(cell) else cell
        for cell in _BORDER.split(line)
    )  # fmt: skip
