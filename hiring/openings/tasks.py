"""The worker's part: invitations to a next step when their day comes, imports, portion by portion, and
erasing what has been kept until its day.
"""

from __future__ import annotations

import logging
from uuid import UUID

from hiring.kernel import claims, outlived, queue, steadiness
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.openings import erasing, import_running, importing
from hiring.openings.advancing import invite_when_due
from hiring.openings.imports import Import
from hiring.openings.queries import due_now

log = logging.getLogger(__name__)


def invite_due() -> int:
    """Send every invitation whose day has come, each in an act of its own; returns how many went."""
    due = due_now()
    session.rollback()
    return sum(_invite(id) for id in due)


def _invite(application_id: UUID) -> bool:
    try:
        with writing():
            return invite_when_due(application_id)
    except Exception:
        # one that cannot be sent must not keep the others waiting; the next sweep tries it again
        log.exception("%s could not be invited to the next step.", application_id)
        return False


def go_on_with_imports() -> None:
    """Invite from the lists that wait, one after the other; what a dead worker had goes on where it was."""
    claims.give_back_orphans(Import)
    given_up = import_running.broken_off()
    session.rollback()
    for import_id in given_up:
        with writing():
            import_running.let_rows_go(import_id)
    while not queue.stopping() and (id := claims.claim_next(Import)):
        _invite_from(id)


def _invite_from(import_id: UUID) -> None:
    try:
        while _some(import_id):
            if queue.stopping():
                with writing():
                    import_running.give_back(import_id)
                return
    except Refused as refusal:
        with writing():
            import_running.end(import_id, error=refusal.sentence)
    except Exception as fault:
        with writing():
            import_running.give_back(import_id, error=type(fault).__name__)
        raise


def _some(import_id: UUID) -> bool:
    with writing():
        return import_running.invite_some(import_id)


def forget_imports() -> None:
    """Delete what nobody has confirmed in days."""
    ids = importing.forgettable()
    session.rollback()
    if not ids or not steadiness.trusted():
        return
    for import_id in ids:
        with writing():
            importing.forget(import_id)


def erase_due() -> int:
    """Erase every application whose day is over, each in an act of its own; returns how many were. Who asked
    for it needs no clock; the others wait while ours is in doubt.

    Killed in the middle, it goes on where it was; what another worker does meanwhile is not done twice.
    """
    erased, failed = _erase_again(), set[UUID]()
    while not queue.stopping() and steadiness.trusted():
        due = erasing.due(but=failed)
        session.rollback()
        done = {id for id in due if _erase(id)}
        erased += len(done)
        failed.update(set(due) - done)
        if not due:
            break
    return erased


def _erase_again() -> int:
    """Who asked for it and came back with an older backup, by a list that no backup replaces."""
    asked = erasing.asked_for()
    session.rollback()
    outlived.add(asked)
    try:
        listed = outlived.listed()
    except OSError:  # what is due by its day is erased all the same
        log.exception("The list of who was erased cannot be read; the next hour tries it again.")
        return 0
    back = erasing.come_back(listed)
    session.rollback()
    return sum(_erase(id, again=True) for id in back)


def _erase(application_id: UUID, *, again: bool = False) -> bool:
    try:
        with writing():
            return erasing.erase(application_id, again=again)
    except Exception:
        # one that cannot be erased must not keep the others waiting; the next hour tries it again
        log.exception("%s could not be erased.", application_id)
        return False
