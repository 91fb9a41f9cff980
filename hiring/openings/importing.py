"""A list of people that a file brought: kept to be looked through, read anew, mended, forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, insert, select

from hiring.kernel.clock import now
from hiring.kernel.database import locked, made_before, session
from hiring.kernel.forms import clean
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import imports, queries
from hiring.openings.import_reading import Reading, domains_of, judged
from hiring.openings.imports import Import, ImportRow

_LONGEST_NAME = 200


def keep(
    opening_id: UUID, reading: Reading, *, content: bytes, name: str, by: UUID, id: UUID
) -> Import:
    """Keep a file that was read, to be looked through; the same `id` again gives the one kept before."""
    if known := made_before(Import, id, maker="made_by", by=by):
        return known
    queries.opening_of(opening_id)
    found = Import(
        id=id, opening_id=opening_id, made_by=by, made_at=now(), touched_at=now(), content=content,
        file_name=" ".join(str(clean(name)).split())[:_LONGEST_NAME], **_how(reading),
    )  # fmt: skip
    session.add(found)
    session.flush()
    _lay(id, reading.rows)
    return found


def _how(reading: Reading) -> dict[str, Any]:
    return {
        name: getattr(reading, name) for name in ("encoding", "separator", "heading", "columns")
    }


def _lay(import_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    session.execute(insert(ImportRow), [{"import_id": import_id, **row} for row in rows])


def with_mended(import_id: UUID, reading: Reading) -> Reading:
    """A reading with the rows that were mended or left out by hand as they stand, by their numbers.

    Judges each of them, so it comes before the act; `reread` sees whether they are still so.
    """
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id)
        .where(ImportRow.mended | (ImportRow.state == "out"))
    )
    by_hand = {row.number: _by_hand(row) for row in rows}
    as_read = {"state": "kept", "mended": False}
    return replace(
        reading,
        rows=[{**row, **as_read, **by_hand.get(row["number"], {})} for row in reading.rows],
    )


def _by_hand(row: ImportRow) -> dict[str, Any]:
    if not row.mended:
        return {"state": row.state}
    return {**judged(row.text, sure=row.normal is not None), "state": row.state, "mended": True}


def reread(import_id: UUID, reading: Reading, *, seen: str) -> Import:
    """Take the file as it was read anew, what was mended by hand among it.

    `seen`: the revision of the page that asked. Raises Refused when somebody changed the list since.
    """
    found = _changeable(import_id)
    if found.state != "draft" or str(found.revision) != seen:
        raise Refused(
            _("Somebody changed this list meanwhile. Nothing was read anew; look once more.")
        )
    if found.content is None:
        raise file_gone()
    session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    for name, value in _how(reading).items():
        setattr(found, name, value)
    _lay(import_id, reading.rows)
    touch(found)
    return found


def file_gone() -> Refused:
    """Why a list can be read anew no more."""
    return Refused(
        _(
            "The file itself was deleted: this list was confirmed, or somebody in it was erased. Mend its"
            " rows by hand, or bring the file again."
        )
    )


@dataclass(frozen=True)
class Mend:
    """One row as a page showed it and as it came back: its line, and whether it is left out.

    `sure`: its doubt was shown, and it was left as it is.
    """

    was: str
    text: str
    was_out: bool = False
    out: bool = False
    sure: bool = False

    @property
    def changed(self) -> bool:
        """Whether somebody mended it, or left it out or took it in."""
        return (self.text, self.out) != (self.was, self.was_out)


def mend(import_id: UUID, mends: Mapping[int, Mend]) -> Import:
    """Take rows as they were mended by hand, by their numbers, and leave some out or take them in again.

    What the page did not change stays as somebody else has it by now. Raises Refused when somebody else
    changed one of those that it did.
    """
    found = _changeable(import_id)
    here = (ImportRow.import_id == import_id) & ImportRow.number.in_(mends)
    rows = session.scalars(select(ImportRow).where(here).order_by(ImportRow.number)).all()
    _check_stand([row for row in rows if _has_moved(row, mends[row.number])])
    domains = domains_of([row.text for row in rows if row.normal])
    moved = [_mend(row, mends[row.number], domains) for row in rows]
    if any(moved):
        touch(found)
    return found


def _has_moved(row: ImportRow, mend: Mend) -> bool:
    """Whether a row that the page changed is neither as it was shown nor as it was meant to be."""
    stands = (row.text, row.state)
    shown = [(text, "out" if out else "kept")
             for text, out in ((mend.was, mend.was_out), (mend.text, mend.out))]  # fmt: skip
    return mend.changed and stands not in shown


def _check_stand(moved: Sequence[ImportRow]) -> None:
    if not moved:
        return
    told = ngettext(
        "Somebody changed row %(rows)s meanwhile, and nothing of yours was taken over yet. Press again to"
        " let yours stand.",
        "Somebody changed the rows %(rows)s meanwhile, and nothing of yours was taken over yet. Press"
        " again to let yours stand.",
        len(moved),
        rows=", ".join(str(row.number) for row in moved),
    )
    raise Refused(told)


def _mend(row: ImportRow, mend: Mend, domains: Collection[str]) -> bool:
    """Whether anything of the row is another thing now."""
    text, state = (
        (mend.text, "out" if mend.out else "kept") if mend.changed else (row.text, row.state)
    )
    settles = mend.sure and row.text == mend.was and bool(row.wrong)
    if (text, state) == (row.text, row.state) and not settles:
        return False
    row.state = state
    if text != row.text or settles:
        row.mended = True
        for name, value in judged(text, domains, sure=settles and text == row.text).items():
            setattr(row, name, value)
    return True


def forget(import_id: UUID) -> bool:
    """Delete a list that nobody has confirmed, or what is left of one; whether there is nothing more of it.

    Who was invited by it keeps what it said of them, and the counts stay.
    """
    found = _changeable(import_id)
    here = ImportRow.import_id == import_id
    if found.state == "draft":
        session.execute(delete(ImportRow).where(here))
        session.delete(found)
        session.flush()
        return True
    found.left = {
        standing: number
        for standing, number in imports.counts_of(found).items()
        if standing not in imports.SECRET
    }
    session.execute(delete(ImportRow).where(here, ImportRow.state.in_({"kept", "out"})))
    touch(found)
    return False


def forgettable() -> Collection[UUID]:
    """The lists that nobody has touched for days, and that still hold people whom nobody invited."""
    old = (Import.touched_at < now() - imports.KEPT) & Import.state.not_in(imports.RUNNING)
    uninvited = ImportRow.state.in_({"kept", "out"})
    held = select(ImportRow.id).where(ImportRow.import_id == Import.id, uninvited).exists()
    return session.scalars(select(Import.id).where(old, held)).all()


def _changeable(import_id: UUID) -> Import:
    found = locked_import(import_id)
    if found.is_running:
        raise Refused(
            _("This list is being invited from at this moment. Stop it first, or wait for its end.")
        )
    return found


def locked_import(import_id: UUID) -> Import:
    """The import, until the act is over nobody else's to change. Raises Missing."""
    found = locked(select(Import).where(Import.id == import_id))
    if found is None:
        raise Missing
    return found


def touch(found: Import) -> None:
    """Count one more change, for whoever has the list open in another tab."""
    found.revision += 1
    found.touched_at = now()
    session.flush()
