"""How often a page asks the database: the same for one row and for thirty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from hiring.kernel.database import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile, in order. Inside an application context."""
    seen: list[str] = []

    def look(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", look)
