"""Whether the clock may be trusted with what cannot be undone.

A machine that wakes with a wrong year would erase everybody. So the worker notes when it last looked; where
that is days back, or still to come, nothing is erased by its day until a day of its own uptime has passed.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.clock import wall
from hiring.kernel.database import Base, session, writing

FAR = timedelta(days=3)  # a long weekend of a machine that was switched off
AHEAD = timedelta(hours=1)
BETWEEN = timedelta(minutes=30)  # how often it is noted
REST_SECONDS = 24 * 60 * 60
ONE = "by day"
log = logging.getLogger(__name__)
_doubted: dict[str, float] = {}  # since when, in seconds of this process's uptime


class LastSweep(Base):
    """When the worker last looked for what is to be erased by its day, and trusted its clock."""

    __tablename__ = "last_sweeps"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def trusted() -> bool:
    """Whether something may be erased by its day now. Asked outside an act, before each handful."""
    last = _last()
    if not (_is_near(last) or _has_rested()):
        return False
    _doubted.clear()
    if last is None or not timedelta() <= wall() - last < BETWEEN:
        with writing():
            session.merge(LastSweep(name=ONE, at=wall()))
    return True


def is_doubted() -> bool:
    """Whether nothing is erased by its day at present, for whoever is told."""
    return not _is_near(_last())


def uptime() -> float:
    """Seconds that no clock being set changes."""
    return time.monotonic()


def _last() -> datetime | None:
    found = session.get(LastSweep, ONE, populate_existing=True)
    return found.at if found else None


def _is_near(last: datetime | None) -> bool:
    return last is not None and -AHEAD <= wall() - last <= FAR


def _has_rested() -> bool:
    if ONE not in _doubted:
        log.warning(
            "The clock has jumped, or nothing ran here for days: nothing is erased by its day until"
            " this process has run for a day. If the clock is wrong, put it right."
        )
    return uptime() - _doubted.setdefault(ONE, uptime()) >= REST_SECONDS
