"""A list that was confirmed: the worker invites from it in small acts, and it can be stopped between two.

In the one act in which somebody is invited their row says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from hiring.kernel import queue
from hiring.kernel.claims import TRIES
from hiring.kernel.clock import now, wall
from hiring.kernel.database import session
from hiring.kernel.refusals import Refused
from hiring.openings import imports, queries
from hiring.openings.events import SendingTakenBack
from hiring.openings.importing import locked_import, touch
from hiring.openings.imports import Import, ImportRow
from hiring.openings.inviting import invite
from hiring.openings.models import Application
from hiring.openings.rules import Guest, check_until, end_of
from hiring.openings.sendings import begin, leaving
from hiring.people.queries import ids_by_address

AT_ONCE = 25  # people in one act: candidates who save meanwhile wait for no longer than that takes


def confirm(import_id: UUID, *, until: date, word: str, seen: str, by: UUID, batch: UUID) -> Import:
    """Let the worker invite everyone who is ready. Pressed twice, or in two tabs, it is confirmed once.

    `batch` is the id of the form; `seen` the revision it was drawn from. Raises Refused when the list was
    changed since, when nobody is ready, and when the opening takes nobody any more.
    """
    found = locked_import(import_id)
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
    touch(found)
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
    found = locked_import(import_id)
    if found.is_running:
        _end(found, "stopped")
    return found


def end(import_id: UUID, *, error: str) -> None:
    """Stop for a reason that is no slip: the opening was closed, or the day has passed."""
    found = locked_import(import_id)
    if found.is_running:
        _end(found, "stopped", error=error)


def _end(found: Import, state: str, *, error: str | None = None) -> None:
    _give_back_rows(found.id)
    found.state, found.error, found.settled_at = state, error, now()
    touch(found)


def invite_some(import_id: UUID) -> bool:
    """Invite the next few of a list that this worker has claimed; whether more are waiting.

    In the one act in which they are invited their rows say so: a worker that dies has done a portion or
    has not. Raises Refused when the opening takes nobody any more.
    """
    # the sending's row before the import's, in the order in which taking back locks them
    leaving(session.scalar(select(Import.batch).where(Import.id == import_id)))
    found = locked_import(import_id)
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
    """Whoever was taken back is as ready as before; a list that is at work on them goes no further, and
    one that was done is so no more.
    """
    here = select(Import.id).where(Import.opening_id == event.opening_id)
    there = select(Application.id).where(Application.opening_id == event.opening_id)
    gone = ImportRow.import_id.in_(here) & ImportRow.application_id.not_in(there)
    session.execute(update(ImportRow).where(gone).values(state="kept", application_id=None))
    for found in session.scalars(
        select(Import).where(Import.batch == event.sending_id).with_for_update()
    ):
        _end(found, "stopped", error=_("Its letters were taken back."))


def give_back(import_id: UUID, *, error: str | None = None) -> None:
    """Let another worker go on with it: this one was told to stop, or met a fault, of which it has three."""
    found = locked_import(import_id)
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
    if locked_import(import_id).state == "failed":
        _give_back_rows(import_id)
