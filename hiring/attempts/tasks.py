"""The worker's part: attempts whose time is over are closed, who has not begun is reminded, files are
copied for reviewers, and what never became one is cleared away. Making a copy twice harms nobody, so orphans
wait again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from hiring.attempts import arriving, copies, masking, uploads
from hiring.attempts.actions import remind
from hiring.attempts.closing import settle
from hiring.attempts.models import Upload
from hiring.attempts.queries import due_attempts, to_remind
from hiring.kernel import claims
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.kernel.papers import copied
from hiring.kernel.queue import stopping
from hiring.kernel.refusals import Refused
from hiring.kernel.storage import StoredFile, lay, read

log = logging.getLogger(__name__)


def remind_due() -> int:
    """Remind everybody who is owed a reminder, each in an act of its own; returns how many were."""
    at = now()
    owed = to_remind(at)
    session.rollback()
    return sum(_does("reminded of", id, partial(_remind, id, at)) for id in owed)


def _remind(invitation_id: UUID, at: datetime) -> bool:
    with writing():
        return remind(invitation_id, at=at)


def close_due() -> int:
    """Close every attempt that is due, each in an act of its own; returns how many were."""
    due = due_attempts(now())
    session.rollback()
    return sum(_does("closed", id, partial(settle, id)) for id in due)


def clear_uploads() -> int:
    """Clear away what stopped on its way into attempts that are closed; returns how many there were."""
    stopped, at = uploads.never_arrived(), now()
    session.rollback()
    return sum(_does("cleared", id, partial(arriving.end, id, at=at)) for id in stopped)


def make_copies() -> None:
    """Copy whatever waits, one after the other, and let blind answers know."""
    claims.give_back_orphans(Upload)
    while not stopping() and (upload_id := claims.claim_next(Upload)):
        _copy(upload_id)
    forgotten = copies.left_behind()
    session.rollback()
    for upload_id in forgotten:
        with writing():
            copies.settle(upload_id)


def _copy(upload_id: UUID) -> None:
    try:
        _make_copy(upload_id)
    except Exception:
        log.exception("The file %s could not be copied.", upload_id)
        with writing():
            copies.try_again_or_give_up(upload_id)


def _make_copy(upload_id: UUID) -> None:
    upload = session.get_one(Upload, upload_id)
    original, who = session.get_one(StoredFile, upload.original_id), copies.whose(upload)
    session.rollback()  # hold no read transaction while it is copied
    try:
        copy = copied(read(original), original.media_type, mask=masking.__name__, who=who)
    except Refused as refusal:
        with writing():
            copies.give_up(upload_id, why=refusal.sentence)
        return
    lying = lay(copy.content)
    with writing():
        copies.keep_copy(upload_id, lying=lying, media_type=copy.media_type, without=who)


def _does(what: str, id: UUID, act: Callable[[], bool]) -> bool:
    try:
        return act()
    except Exception:
        # one that cannot be done must not keep the others waiting; the next sweep tries it again
        log.exception("%s could not be %s.", id, what)
        return False
