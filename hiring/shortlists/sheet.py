"""The shortlist as a sheet: CSV after RFC 4180, in UTF-8 with a mark at the front, as spreadsheets want it.

A text that a spreadsheet would take for a formula is made a plain text by an apostrophe before it.
Numbers are written as numbers and left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from flask_babel import force_locale
from flask_babel import gettext as _

from hiring.shortlists.frozen import Frozen, FrozenPerson, local

FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")  # noqa: RUF001  full-width signs count as signs
Cell = str | int | float | None


def sheet(frozen: Frozen) -> bytes:
    """One row a person, in the order of the document."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    with force_locale(frozen["language"]):
        writer.writerow([safe(cell) for cell in _head(frozen)])
        for person in frozen["people"]:
            writer.writerow([safe(cell) for cell in _row(person, frozen)])
    return text.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> Cell:
    """The cell, harmless: an apostrophe before any text that could begin a formula."""
    if not isinstance(cell, str):
        return cell
    begins = {cell[:1], cell.strip()[:1]} - {""}
    return cell if begins.isdisjoint(FORMULA) else f"'{cell}"


def _head(frozen: Frozen) -> Iterator[str]:
    yield from (_("Raw mean"), _("Person") if frozen["named"] else _("Alias"))
    yield from (_("Marks"), _("By rule"), _("Cannot judge"), _("Short of reviews"))
    for task in frozen["people"][0]["tasks"] if frozen["people"] else []:
        for strip in task["strips"]:
            yield _("%(criterion)s, mean level", criterion=strip["criterion"])
    yield from (_("Decision"), _("Reason"), _("Decided by"), _("Decided at"))
    yield from (_("Frozen at"), _("Handed in and left out"), _("Ledger entries"), _("Ledger head"))


def _row(person: FrozenPerson, frozen: Frozen) -> Iterator[Cell]:
    yield from (float(person["mean"]) if person["mean"] else None, person["name"])
    yield from (person["marks"], person["by_rule"], person["cannot"], person["short"])
    for task in person["tasks"]:
        for strip in task["strips"]:
            yield _mean_level(strip["counts"])
    made = person["decision"]
    if made:
        yield from (made["word"], made["reason"], made["by"], _when(made["at"], frozen))
    else:
        yield from (None, None, None, None)
    yield from (_when(frozen["asked_at"], frozen), frozen["left_out"])
    yield from (frozen["ledger_number"], frozen["ledger_hash"])


def _when(instant: str, frozen: Frozen) -> str:
    """*2026-11-21T15:30:00+01:00*, on the organisation's clock."""
    return local(instant, frozen).isoformat(timespec="seconds")


def _mean_level(counts: list[int]) -> float | None:
    total = sum(counts)
    return round(sum(n * c for n, c in enumerate(counts, start=1)) / total, 2) if total else None
