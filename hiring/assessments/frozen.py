"""The last lock on what went out: no flush changes a published version or anything in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import Mapper, object_session

from hiring.assessments.models import Beside, Level, Material, RubricLine, Task, Version

_OUT = select(Version.published_at)
_WHEN_OUT: dict[type[Any], Callable[[Any], Any]] = {
    Task: lambda row: _OUT.where(Version.id == row.version_id),
    Material: lambda row: _OUT.where(Version.id == row.version_id),
    Beside: lambda row: _OUT.join(Task).where(Task.id == row.task_id),
    RubricLine: lambda row: _OUT.join(Task).where(Task.id == row.task_id),
    Level: lambda row: _OUT.join(Task).join(RubricLine).where(RubricLine.id == row.rubric_line_id),
}


class Frozen(RuntimeError):
    """A fault of ours, not a refusal: no path should come this far."""


@cache
def guard() -> None:
    """Watch every insert, update and delete of these tables, from now on."""
    for name in ("before_update", "before_delete"):
        event.listen(Version, name, _refuse_version)
    for model in _WHEN_OUT:
        for name in ("before_insert", "before_update", "before_delete"):
            event.listen(model, name, _refuse_part)


def _refuse_version(_mapper: Mapper[Any], _connection: Connection, version: Version) -> None:
    history = inspect(version).attrs.published_at.load_history()
    if _is_touched(version) and any((*history.deleted, *history.unchanged)):
        raise Frozen(f"Version {version.number} went out; it cannot change.")


def _refuse_part(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    if _is_touched(row) and connection.scalar(_WHEN_OUT[type(row)](row)) is not None:
        raise Frozen(f"{type(row).__name__} is part of a version that went out; it cannot change.")


def _is_touched(row: Any) -> bool:
    """Whether a flush would change the row: it also visits rows of which only a relationship moved."""
    state = inspect(row)
    holder = object_session(row)
    if holder is None or not state.persistent or row in holder.deleted:
        return True
    return any(
        state.attrs[column.key].history.has_changes() for column in state.mapper.column_attrs
    )
