"""Closing one attempt that is due: the worker does it, and so does a request that meets one overdue."""

from __future__ import annotations

from uuid import UUID

from hiring.attempts import actions
from hiring.kernel.clock import now
from hiring.kernel.database import writing


def settle(attempt_id: UUID) -> bool:
    """Close this attempt if it is due, in an act of its own; whether it was."""
    with writing():
        return actions.close(attempt_id, at=now())
