"""A table in plain text. Its numbers are left alone: some look like a telephone's."""

from __future__ import annotations

import re
from collections.abc import Callable

from hiring.kernel.scrubbing.plain import read

_BORDER = re.compile(r"([,;\t])")
_NUMBER = re.compile(r'[\s"]*[+-]?[\d.,\'\s]+[%€$£]?[\s"]*')


def scrubbed(content: bytes, mask: Callable[[str], str]) -> bytes:
    """The table without the person, cell by cell where a line names them. Raises Faulty."""
    lines = read(content).split("\n")
    return "\n".join(map(_masked(mask), lines)).encode("utf-8", "replace")


def _masked(mask: Callable[[str], str]) -> Callable[[str], str]:
    def masked(line: str) -> str:
        if mask(line) == line:
            return line
        cells = _BORDER.split(line)
        return "".join(cell if _NUMBER.fullmatch(cell) else mask(cell) for cell in cells)

    return masked
