"""Which column holds the address and which the name: by its heading, in the languages that Excel speaks,
or by what stands in it. A guess, for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from hiring.openings.dialects import Record, address_in
from hiring.people.rules import sought

ROLES = ("address", "name", "first", "last", "kept", "dropped")
_HEADINGS = Path(__file__).with_name("headings.yaml")
_HALF = 0.5
_TWO = 2


def has_heading(records: Sequence[Record]) -> bool:
    """Whether the first row names the columns: it holds no address, and says a word that we know, or
    stands over rows that do hold one.
    """
    first, rest = records[0], records[1:]
    if any(map(address_in, first.cells)):
        return False
    if any(map(_meaning, first.cells)):
        return True
    return bool(rest) and max(_shares(rest)) > _HALF


def roles_of(heading: Sequence[str], rows: Sequence[Record], columns: int) -> list[str]:
    """A role for each column; `heading` is empty when there is none. Every column that is not understood
    is kept, and there may be no address.
    """
    roles = [_meaning(word) or "kept" for word in heading] + ["kept"] * (columns - len(heading))
    address = _address(roles, _shares(rows))
    roles = ["kept" if role == "address" else role for role in roles]
    if address is not None:
        roles[address] = "address"
    if not heading:
        _guess_names(roles, rows)
    return _once(_settled(roles))


def _meaning(word: str) -> str:
    """The role that a heading names, or nothing."""
    return _words().get(_plain(word), "")


@cache
def _words() -> dict[str, str]:
    spoken = yaml.safe_load(_HEADINGS.read_text("utf-8"))
    return {
        _plain(str(word)): role for role, rows in spoken.items() for row in rows for word in row
    }


def _plain(word: str) -> str:
    return re.sub(r"[\W_]", "", sought(word))


def _shares(rows: Sequence[Record]) -> list[float]:
    """How many of the rows hold an address, by column."""
    columns = max((len(row.cells) for row in rows), default=0)
    found = [0] * columns
    for row in rows:
        for column, cell in enumerate(row.cells):
            found[column] += "@" in cell
    return [number / len(rows) for number in found]


def _address(roles: Sequence[str], shares: Sequence[float]) -> int | None:
    """The column of that name that has most addresses; else any that has them in half of its rows."""
    shares = [*shares, *[0.0] * (len(roles) - len(shares))]
    named = [column for column, role in enumerate(roles) if role == "address"]
    best = max(named or range(len(roles)), key=lambda column: shares[column])
    filled = max(range(len(roles)), key=lambda column: shares[column])
    if not shares[best] and shares[filled]:
        best = filled
    return best if named or shares[best] > _HALF or (len(roles) == 1 and shares[best]) else None


def _guess_names(roles: list[str], rows: Sequence[Record]) -> None:
    """Without a word to go by: the columns of letters alone are names, two side by side first and last."""
    free = [column for column, role in enumerate(roles) if role == "kept"]
    wordy = [column for column in free if _letters(column, rows)]
    if len(roles) == _TWO and free:
        roles[free[0]] = "name"
    elif wordy and any(" " in cell for cell in _cells(wordy[0], rows)):
        roles[wordy[0]] = "name"
    elif wordy[1:] and wordy[1] == wordy[0] + 1:
        roles[wordy[0]], roles[wordy[1]] = "first", "last"
    elif wordy:
        roles[wordy[0]] = "name"


def _letters(column: int, rows: Sequence[Record]) -> bool:
    cells = [cell for cell in _cells(column, rows) if cell]
    return bool(cells) and all(any(map(str.isalpha, cell)) for cell in cells) and not any(
        sign.isdigit() or sign in "@_" for cell in cells for sign in cell
    )  # fmt: skip


def _cells(column: int, rows: Sequence[Record]) -> list[str]:
    return [row.cells[column] for row in rows if len(row.cells) > column]


def _settled(roles: list[str]) -> list[str]:
    """*Name* beside *Vorname* is the last name; *Nombre* beside *Apellidos* is the first."""
    there = {*roles}
    if "name" in there and len(there & {"first", "last"}) == 1:
        other = "last" if "first" in there else "first"
        return [other if role == "name" else role for role in roles]
    return roles if "first" in there or "last" not in there else _as_name(roles)


def _as_name(roles: list[str]) -> list[str]:
    return ["name" if role == "last" else role for role in roles]


def _once(roles: list[str]) -> list[str]:
    """Each role at its first column; a whole name makes its parts needless, and they are kept."""
    taken: set[str] = {"first", "last"} if "name" in roles else set()
    settled = []
    for role in roles:
        settled.append("kept" if role in taken else role)
        taken |= {role} - {"kept", "dropped"}
    return settled
