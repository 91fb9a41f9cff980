"""The one clock. Everything that asks for the time asks here, so that tests and the demo can move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)
_offset_file: Path | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _moved.get() or datetime.now(UTC) + _offset()


def _offset() -> timedelta:
    if _offset_file is None or not _offset_file.exists():
        return timedelta()
    return timedelta(seconds=float(_offset_file.read_text() or 0))


@contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Let the clock stand at `instant` (aware) for this thread of work."""
    if instant.tzinfo is None:
        raise ValueError("The clock takes aware instants only.")
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield instant
    finally:
        _moved.reset(token)


def follow(path: Path | None) -> None:
    """Add the seconds written in the file at `path` to every reading: test servers are moved so."""
    global _offset_file  # noqa: PLW0603  one clock a process is the point
    _offset_file = path


def wall() -> datetime:
    """The machine's own time, never moved: only for judging whether a process lives."""
    return datetime.now(UTC)
