"""Whether anything refers to a row, asked of every table there is: rooms above included, unnamed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from hiring.kernel.database import Base


def unreferred(
    column: InstrumentedAttribute[Any], *, but: Collection[str] = ()
) -> ColumnElement[bool]:
    """A condition on a mapped key: no row of any table, `but` these, has a foreign key to it."""
    target = Base.metadata.tables[column.class_.__tablename__].c[column.key]
    ways = (
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is target and table.name not in but
    )
    return and_(*(~select(way).where(way == column).exists() for way in ways))
