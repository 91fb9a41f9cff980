"""Importing: a file is read, looked through, mended, confirmed, and then invited from in small acts.

Reading and judging are slow and change nothing; they come before the act that keeps what was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from hiring.kernel import queue
from hiring.kernel.addresses import normalised
from hiring.kernel.claims import TRIES
from hiring.kernel.clock import now, wall
from hiring.kernel.database import locked, made_before, session
from hiring.kernel.forms import clean
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import columns, dialects, imports, queries
from hiring.openings.actions import invite
from hiring.openings.dialects import UNREADABLE, Record, address_in
from hiring.openings.events import SendingTakenBack
from hiring.openings.imports import Import, ImportRow
from hiring.openings.models import Application
from hiring.openings.rules import Guest, check_until, end_of
from hiring.openings.sendings import begin, leaving
from hiring.people import lines
from hiring.people.queries import ids_by_address
from hiring.people.rules import sought

AT_ONCE = 25  # people in one act: candidates who save meanwhile wait for no longer than that takes
_MOST_DOMAINS = 100  # to guess from
_LONGEST_NAME = 200


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
) -> Reading:
    """What a file says, as recognised or as told. Raises Refused for one that says nothing of people."""
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
    known = _columns(head, rows, roles)
    return Reading(sheet.encoding, sheet.separator, headed, known, _rows(rows, known, len(head)))


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
    records: Sequence[Record], known: Sequence[Mapping[str, str]], width: int
) -> list[dict[str, Any]]:
    place = {one["role"]: number for number, one in enumerate(known)}
    texts = [_line_of(record, place) for record in records]
    domains = _domains(texts)
    return [
        {
            "number": record.number, "kept": _kept(record, known),
            **judged(text, domains, slip=_slip(record, text, width)),
        }
        for record, text in zip(records, texts, strict=True)
    ]  # fmt: skip


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


def _domains(texts: Sequence[str]) -> list[str]:
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
    _touch(found)
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
    domains = _domains([row.text for row in rows.values() if row.normal])
    for number, text in texts.items():
        if number in rows:
            told = judged(" ".join(text.split()), domains, sure=text in sure)
            _change(import_id, number, mended=True, **told)
    for number, left in (out or {}).items():
        if number in rows and (rows[number].state == "out") != left:
            _change(import_id, number, state="out" if left else "kept")
    _touch(found)
    return found


def _change(import_id: UUID, number: int, **values: Any) -> None:
    here = (ImportRow.import_id == import_id) & (ImportRow.number == number)
    session.execute(update(ImportRow).where(here).values(**values))


def _touch(found: Import) -> None:
    found.revision += 1
    found.touched_at = now()
    session.flush()


def _locked(import_id: UUID) -> Import:
    found = locked(select(Import).where(Import.id == import_id))
    if found is None:
        raise Missing
    return found


def _changeable(import_id: UUID) -> Import:
    found = _locked(import_id)
    if found.is_running:
        raise Refused(
            _("This list is being invited from at this moment. Stop it first, or wait for its end.")
        )
    return found


def confirm(import_id: UUID, *, until: date, word: str, seen: str, by: UUID, batch: UUID) -> Import:
    """Let the worker invite everyone who is ready. Pressed twice, or in two tabs, it is confirmed once.

    `batch` is the id of the form; `seen` the revision it was drawn from. Raises Refused when the list was
    changed since, when nobody is ready, and when the opening takes nobody any more.
    """
    found = _locked(import_id)
    if found.is_running or found.batch == batch:
        return found
    opening = queries.opening_of(found.opening_id)
    if opening.closed_at is not None:
        raise Refused(_("This opening takes no more answers, so nobody was invited."))
    check_until(until, today=queries.today(), hear_by=opening.hear_by)
    if str(found.revision) != seen:
        raise Refused(
            _("Somebody changed this list after you opened it. Nobody was invited; look once more.")
        )
    _give_back_rows(import_id)
    found.wanted = _queue(found)
    if not found.wanted:
        raise Refused(_("Nobody on this list is ready, so nobody was invited."))
    begin(batch, opening_id=opening.id, people=found.wanted, by=by)
    found.state, found.until, found.word, found.batch = "waiting", until, word, batch
    found.confirmed_by, found.content, found.error, found.tries = by, None, None, 0
    found.not_before = found.claimed_by = found.claimed_at = found.settled_at = None
    _touch(found)
    queue.nudge("imports")
    return found


def _queue(found: Import) -> int:
    """Let the rows that are ready wait for the worker; how many they are."""
    ids = session.scalars(imports.ready_ones(found)).all()
    for first in range(0, len(ids), 500):
        some = ImportRow.id.in_(ids[first : first + 500])
        session.execute(update(ImportRow).where(some).values(state="waiting"))
    return len(ids)


def _give_back_rows(import_id: UUID) -> None:
    waits = (ImportRow.import_id == import_id) & (ImportRow.state == "waiting")
    session.execute(update(ImportRow).where(waits).values(state="kept"))


def stop(import_id: UUID) -> Import:
    """Invite nobody more by this list. Who was invited stays so; the others are as before."""
    found = _locked(import_id)
    if found.is_running:
        _end(found, "stopped")
    return found


def end(import_id: UUID, *, error: str) -> None:
    """Stop for a reason that is no slip: the opening was closed, or the day has passed."""
    found = _locked(import_id)
    if found.is_running:
        _end(found, "stopped", error=error)


def _end(found: Import, state: str, *, error: str | None = None) -> None:
    _give_back_rows(found.id)
    found.state, found.error, found.settled_at = state, error, now()
    _touch(found)


def invite_some(import_id: UUID) -> bool:
    """Invite the next few of a list that this worker has claimed; whether more are waiting.

    In the one act in which they are invited their rows say so: a worker that dies has done a portion or
    has not. Raises Refused when the opening takes nobody any more.
    """
    # the sending's row before the import's, in the order in which taking back locks them
    leaving(session.scalar(select(Import.batch).where(Import.id == import_id)))
    found = _locked(import_id)
    if found.state != "claimed" or found.claimed_by != queue.this_worker():
        return False
    here = (ImportRow.import_id == import_id) & (ImportRow.state == "waiting")
    rows = session.scalars(
        select(ImportRow).where(here).order_by(ImportRow.normal).limit(AT_ONCE)
    ).all()
    if not rows:
        _end(found, "done")
        return False
    _invite(found, rows)
    found.claimed_at, found.tries = wall(), 0
    session.flush()
    return True


def _invite(found: Import, rows: Sequence[ImportRow]) -> None:
    assert found.until  # noqa: S101  confirming has set both
    assert found.confirmed_by  # noqa: S101
    opening = queries.opening_of(found.opening_id)
    check_until(found.until, today=queries.today(), hear_by=opening.hear_by)
    made = invite(
        opening.id,
        guests=[Guest(row.address, row.name) for row in rows],
        expires_at=end_of(found.until, queries.zone()),
        word=found.word,
        batch=found.batch,
        by=found.confirmed_by,
    )
    invited = {invitation.application_id for invitation in made}
    there = _applications(opening.id, [row.normal for row in rows if row.normal])
    for row in rows:
        row.application_id = there.get(row.normal or "")
        row.state = "invited" if row.application_id in invited else "passed"


def _applications(opening_id: UUID, normal: Sequence[str]) -> dict[str, UUID]:
    """The applications of these mailboxes in the opening."""
    people = ids_by_address(normal)
    here = select(Application.person_id, Application.id).where(Application.opening_id == opening_id)
    found = {
        row[0]: row[1]
        for row in session.execute(here.where(Application.person_id.in_(people.values())))
    }
    return {address: found[person] for address, person in people.items() if person in found}


def return_rows(event: SendingTakenBack) -> None:
    """Whoever was taken back is as ready as before; a list that is at work on them goes no further."""
    here = select(Import.id).where(Import.opening_id == event.opening_id)
    there = select(Application.id).where(Application.opening_id == event.opening_id)
    gone = ImportRow.import_id.in_(here) & ImportRow.application_id.not_in(there)
    session.execute(update(ImportRow).where(gone).values(state="kept", application_id=None))
    for found in session.scalars(
        select(Import).where(Import.batch == event.sending_id).with_for_update()
    ):
        if found.is_running:
            _end(found, "stopped", error=_("Its letters were taken back."))


def give_back(import_id: UUID, *, error: str | None = None) -> None:
    """Let another worker go on with it: this one was told to stop, or met a fault, of which it has three."""
    found = _locked(import_id)
    if found.state != "claimed" or found.claimed_by != queue.this_worker():
        return
    found.claimed_by = found.claimed_at = None
    found.state = "waiting"
    if error and found.tries >= TRIES:
        _end(found, "failed", error=error)
    session.flush()


def broken_off() -> Sequence[UUID]:
    """The lists that were given up because workers died over them, with rows that wait for nobody now."""
    waits = (ImportRow.import_id == Import.id) & (ImportRow.state == "waiting")
    given_up = (Import.state == "failed") & select(ImportRow.id).where(waits).exists()
    return session.scalars(select(Import.id).where(given_up)).all()


def let_rows_go(import_id: UUID) -> None:
    """Whoever waited on a list that was given up is as ready as before."""
    if _locked(import_id).state == "failed":
        _give_back_rows(import_id)


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
    _touch(found)
    return False


def forgettable() -> Collection[UUID]:
    """The lists that nobody has touched for days, and that still hold people whom nobody invited."""
    old = (Import.touched_at < now() - imports.KEPT) & Import.state.not_in(imports.RUNNING)
    uninvited = ImportRow.state.in_({"kept", "out"})
    held = select(ImportRow.id).where(ImportRow.import_id == Import.id, uninvited).exists()
    return session.scalars(select(Import.id).where(old, held)).all()
