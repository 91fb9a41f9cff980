"""The last lock on what went out: no flush changes a published version or anything in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import Mapper

from hiring.assessments.models import Beside, Level, Material, Picture, RubricLine, Task, Version

_OUT = select(Version.published_at)
_WHEN_OUT: dict[type[Any], Callable[[Any], Any]] = {
    Task: lambda row: _OUT.where(Version.id == row.version_id),
    Material: lambda row: _OUT.where(Version.id == row.version_id),
    Beside: lambda row: _OUT.join(Task).where(Task.id == row.task_id),
    RubricLine: lambda row: _OUT.join(Task).where(Task.id == row.task_id),
    Level: lambda row: _OUT.join(Task).join(RubricLine).where(RubricLine.id == row.rubric_line_id),
}
# of a picture: the line that is offered for it, and whether it is there
_LOOSE = {"words", "removed_at"}


class Frozen(RuntimeError):
    """A fault of ours, not a refusal: no path should come this far."""


@cache
def guard() -> None:
    """Watch every insert, update and delete of these tables, from now on."""
    event.listen(Version, "before_update", _refuse_changed_version)
    event.listen(Version, "before_delete", _refuse_version)
    event.listen(Picture, "before_update", _refuse_changed_picture)
    for model in _WHEN_OUT:
        event.listen(model, "before_insert", _refuse_part)
        event.listen(model, "before_update", _refuse_changed_part)
        event.listen(model, "before_delete", _refuse_part)


def _refuse_version(_mapper: Mapper[Any], _connection: Connection, version: Version) -> None:
    before = inspect(version).attrs.published_at.load_history()
    if any((*before.deleted, *before.unchanged)):
        raise Frozen(f"Version {version.number} went out; it cannot change.")


def _refuse_changed_version(mapper: Mapper[Any], connection: Connection, version: Version) -> None:
    if _has_changes(mapper, version):
        _refuse_version(mapper, connection, version)


def _refuse_changed_picture(mapper: Mapper[Any], _connection: Connection, picture: Picture) -> None:
    attributes = inspect(picture).attrs
    fixed = (column.key for column in mapper.column_attrs if column.key not in _LOOSE)
    if any(attributes[key].history.has_changes() for key in fixed):
        raise Frozen("A picture never changes: its key is of its bytes.")


def _refuse_changed_part(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    if _has_changes(mapper, row):
        _refuse_part(mapper, connection, row)


def _refuse_part(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    if connection.scalar(_WHEN_OUT[type(row)](row)) is not None:
        raise Frozen(f"{type(row).__name__} is part of a version that went out; it cannot change.")


def _has_changes(mapper: Mapper[Any], row: Any) -> bool:
    """A flush also visits rows of which only a relationship moved: those are left in peace."""
    attributes = inspect(row).attrs
    return any(attributes[column.key].history.has_changes() for column in mapper.column_attrs)
