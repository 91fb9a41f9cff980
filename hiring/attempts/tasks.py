"""The worker's part: attempts whose time is over are closed, and who has not begun is reminded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from hiring.attempts.actions import remind
from hiring.attempts.closing import settle
from hiring.attempts.queries import due_attempts, to_remind
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing

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


def _does(what: str, id: UUID, act: Callable[[], bool]) -> bool:
    try:
        return act()
    except Exception:
        # one that cannot be done must not keep the others waiting; the next sweep tries it again
        log.exception("%s could not be %s.", id, what)
        return False
