"""The worker's part: attempts whose time is over are closed, whether anybody looks at them or not."""

from __future__ import annotations

import logging
from uuid import UUID

from hiring.attempts.closing import settle
from hiring.attempts.queries import due_attempts
from hiring.kernel.clock import now
from hiring.kernel.database import session

log = logging.getLogger(__name__)


def close_due() -> int:
    """Close every attempt that is due, each in an act of its own; returns how many were."""
    due = due_attempts(now())
    session.rollback()
    return sum(_closes(attempt_id) for attempt_id in due)


def _closes(attempt_id: UUID) -> bool:
    try:
        return settle(attempt_id)
    except Exception:
        # one that cannot be closed must not keep the others open; the next sweep tries it again
        log.exception("The attempt %s could not be closed.", attempt_id)
        return False
