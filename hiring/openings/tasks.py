"""The worker's part: invitations to a next step, on the day on which they are to go out."""

from __future__ import annotations

import logging
from uuid import UUID

from hiring.kernel.database import session, writing
from hiring.openings.queries import due_now
from hiring.openings.steps import invite_when_due

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
