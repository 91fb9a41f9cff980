"""The worker's part: erasing people of whom nothing is known but who they are."""

from __future__ import annotations

import logging
from uuid import UUID

from hiring.kernel import queue, steadiness
from hiring.kernel.database import session, writing
from hiring.people import erasing

log = logging.getLogger(__name__)


def erase_strangers() -> int:
    """Erase each in an act of its own; returns how many were."""
    erased, failed = 0, set[UUID]()
    while not queue.stopping() and steadiness.trusted():
        ids = erasing.strangers(but=failed)
        session.rollback()
        done = {id for id in ids if _erase(id)}
        erased += len(done)
        failed.update(set(ids) - done)
        if not ids:
            break
    return erased


def _erase(person_id: UUID) -> bool:
    try:
        with writing():
            return erasing.erase_stranger(person_id)
    except Exception:
        log.exception("A person could not be erased.")  # the next hour tries it again
        return False
