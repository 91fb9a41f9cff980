"""What a file says of people: its rows, each a line that is understood or said to be wrong.

Reading and judging are slow and change nothing; they come before the act that keeps what was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from hiring.kernel.addresses import kin, normalised
from hiring.kernel.refusals import Refused
from hiring.openings import columns, dialects
from hiring.openings.dialects import UNREADABLE, Record, address_in
from hiring.people import lines
from hiring.people.rules import sought

_NOBODY: Mapping[str, str] = MappingProxyType({})
_MOST_DOMAINS = 100  # to guess from


@dataclass(frozen=True)
class Reading:
    """A file as it was read: how, what its columns are, and its rows as they are kept."""

    encoding: str
    separator: str
    heading: bool
    columns: list[dict[str, str]]
    rows: list[dict[str, Any]]


def read(
    content: bytes,
    *,
    encoding: str = "",
    separator: str = "",
    heading: bool | None = None,
    roles: Sequence[str] = (),
    known: Mapping[str, str] = _NOBODY,
) -> Reading:
    """What a file says, as recognised or as told. `known`: mailboxes by their `kin`, to ask about those that
    are perhaps one of them. Raises Refused for a file that says nothing of people.
    """
    sheet = dialects.read(content, encoding=encoding, separator=separator)
    headed = columns.has_heading(sheet.records) if heading is None else heading
    head, rows = sheet.records[0].cells if headed else (), sheet.records[headed:]
    if not rows:
        raise Refused(_("There is a heading in this file, and no row under it."), field="file")
    if len(rows) > dialects.MOST_ROWS:
        rows = _not_so_many()
    guessed = columns.roles_of(head, rows, sheet.columns)
    roles = list(roles) if len(roles) == sheet.columns else guessed
    _check_roles(roles, guessed)
    columns_ = _columns(head, rows, roles)
    return Reading(
        sheet.encoding, sheet.separator, headed, columns_, _rows(rows, columns_, len(head), known)
    )


def _not_so_many() -> tuple[Record, ...]:
    told = _("There are more than %(most)s rows. Split the file, and import its parts one after the other.",
             most=f"{dialects.MOST_ROWS:,}")  # fmt: skip
    raise Refused(told, field="file")


def _check_roles(roles: Sequence[str], guessed: Sequence[str]) -> None:
    """One address, if the file has any; no name twice over."""
    taken = Counter(roles)
    if taken["address"] != 1 and (taken["address"] or "address" in guessed):
        raise Refused(_("Say which one column holds the address."), field="role")
    if any(taken[role] > 1 for role in ("name", "first", "last")):
        raise Refused(_("A name stands in one column, or its two parts in one each."), field="role")


def _columns(
    head: Sequence[str], rows: Sequence[Record], roles: Sequence[str]
) -> list[dict[str, str]]:
    known = []
    for place, role in enumerate(roles):
        name = head[place] if place < len(head) else ""
        cells = (row.cells[place] for row in rows if len(row.cells) > place)
        sample = next((cell for cell in cells if cell), "")
        known.append(
            {"heading": name or _("Column %(number)s", number=place + 1),
             "sample": " ".join(sample.split())[:80], "role": role}
        )  # fmt: skip
    return known


def _rows(
    records: Sequence[Record],
    columns_: Sequence[Mapping[str, str]],
    width: int,
    known: Mapping[str, str],
) -> list[dict[str, Any]]:
    place = {one["role"]: number for number, one in enumerate(columns_)}
    texts = [_line_of(record, place) for record in records]
    domains, alike = domains_of(texts), dict(known)
    rows = []
    for record, text in zip(records, texts, strict=True):
        row = judged(text, domains, slip=_slip(record, text, width))
        row |= {"number": record.number, "kept": _kept(record, columns_)}
        normal = row["normal"]
        if normal and (other := alike.setdefault(kin(normal), normal)) != normal:
            told = _("Perhaps the same mailbox as %(address)s.", address=other)
            row |= judged(text, domains, slip=told)
        rows.append(row)
    return rows


def _line_of(record: Record, place: Mapping[str, int]) -> str:
    """Name and address of a row as one line, which is read and mended like a line that was typed."""

    def cell(role: str) -> str:
        at = place.get(role, len(record.cells))
        return " ".join(record.cells[at].split()) if at < len(record.cells) else ""

    address = cell("address")
    name = cell("name") or f"{cell('first')} {cell('last')}".strip()
    inside = lines.Reading() if address_in(address) == address else lines.read(address)
    if inside.several:
        return f"{name} {address}".strip()
    if inside.address:
        address, name = inside.address, name or inside.name
    if not address or "@" in name:  # whose name is not known is often called by the address
        name = "" if name == address else name
    return lines.written(name, address) if address else name


def _kept(record: Record, known: Sequence[Mapping[str, str]]) -> list[list[str]]:
    pairs = zip(known, record.cells, strict=False)
    return [[one["heading"], cell] for one, cell in pairs if cell and one["role"] == "kept"]


def _slip(record: Record, text: str, width: int) -> str:
    """What may have gone wrong in writing the file: shown, and left as it is it counts as meant."""
    if record.broken:
        return _("A quotation mark opens in this row and is never closed.")
    if width and len(record.cells) > width:
        return _("This row has more cells than the heading: perhaps a separator stands in a text.")
    if UNREADABLE in text:
        return _("A letter of this row cannot be read: perhaps the file has another encoding.")
    return ""


def domains_of(texts: Sequence[str]) -> list[str]:
    """The domains that most rows have, to guess from where one is cut off."""
    counted = Counter(address_in(text).rpartition("@")[2].casefold() for text in texts)
    return [domain for domain, _number in counted.most_common(_MOST_DOMAINS) if "." in domain]


def judged(
    text: str, domains: Collection[str] = (), *, sure: bool = False, slip: str = ""
) -> dict[str, Any]:
    """A line as it is kept, understood or with what is wrong with it. `sure`: a doubt was left so."""
    reading = lines.read(text, domains=domains)
    wrong, doubtful = reading.wrong or slip, reading.doubtful or bool(slip and not reading.wrong)
    unsettled = bool(wrong) and not (sure and doubtful)
    line = text if wrong and unsettled else lines.written(reading.name, reading.address)
    return {
        "text": line, "sought": sought(line), "name": reading.name, "address": reading.address,
        "normal": None if unsettled else normalised(reading.address),
        "wrong": wrong if unsettled else "", "perhaps": reading.perhaps, "doubtful": doubtful,
    }  # fmt: skip
