"""A list of people that a file brought: kept to be looked through, read anew, mended, forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

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


def reread(import_id: UUID, reading: Reading, *, seen: str) -> Import:
    """Take the file as it was read anew. What was mended or left out by hand stays, row by row."""
    found = _changeable(import_id)
    if found.state != "draft" or str(found.revision) != seen:
        raise Refused(
            _("Somebody changed this list meanwhile. Nothing was read anew; look once more.")
        )
    stood = session.execute(
        select(ImportRow.number, ImportRow.text, ImportRow.state, ImportRow.mended)
        .where(ImportRow.import_id == import_id)
        .where(ImportRow.mended | (ImportRow.state == "out"))
    ).all()
    session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    for name, value in _how(reading).items():
        setattr(found, name, value)
    _lay(import_id, reading.rows)
    for number, text, state, mended in stood:
        kept = {**judged(text, sure=True), "mended": True} if mended else {}
        _change(import_id, number, state=state, **kept)
    touch(found)
    return found


def mend(
    import_id: UUID,
    *,
    texts: Mapping[int, str],
    sure: Collection[str] = (),
    out: Mapping[int, bool] | None = None,
) -> Import:
    """Take rows as they were mended by hand, and leave some out or take them in again.

    `texts`: only those that were changed, or whose doubt was left so, which are in `sure` too.
    """
    found = _changeable(import_id)
    free = (ImportRow.import_id == import_id) & ImportRow.state.in_({"kept", "out"})
    asked = {*texts, *(out or {})}
    rows = {
        row.number: row
        for row in session.scalars(select(ImportRow).where(free, ImportRow.number.in_(asked)))
    }
    domains = domains_of([row.text for row in rows.values() if row.normal])
    for number, text in texts.items():
        if number in rows:
            told = judged(" ".join(text.split()), domains, sure=text in sure)
            _change(import_id, number, mended=True, **told)
    for number, left in (out or {}).items():
        if number in rows and (rows[number].state == "out") != left:
            _change(import_id, number, state="out" if left else "kept")
    touch(found)
    return found


def _change(import_id: UUID, number: int, **values: Any) -> None:
    here = (ImportRow.import_id == import_id) & (ImportRow.number == number)
    session.execute(update(ImportRow).where(here).values(**values))


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
