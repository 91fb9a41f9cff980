"""Closing one attempt that is due: the worker does it, and so does a request that meets one overdue."""

from __future__ import annotations

from uuid import UUID

from hiring.attempts import actions, arriving, queries
from hiring.attempts.blinding import mask_answers
from hiring.kernel.clock import now
from hiring.kernel.database import writing


def settle(attempt_id: UUID) -> bool:
    """Close this attempt if it is due, in an act of its own; whether it was."""
    if not queries.timer_of(attempt_id).is_due(now()):
        return False
    arriving.bring_in_whole(attempt_id)
    masked = mask_answers(attempt_id)
    with writing():
        return actions.close(attempt_id, masked=masked, at=now())
