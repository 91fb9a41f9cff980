"""The database: one declarative base, instants in UTC, and `writing()`, the only way to change data."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from io import BufferedWriter
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    UpdateBase,
    event,
    func,
    select,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    registry,
    scoped_session,
)
from sqlalchemy.types import TypeDecorator

from hiring.kernel.refusals import Missing

Row = TypeVar("Row")
BUSY_SECONDS = 10  # how long SQLite waits for a lock that another program holds
PATIENCE_SECONDS = 20  # how long one of ours stands in line to write
_LOCKED = TimeoutError("database is locked")


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. SQLite returns naive values: they are UTC and are made aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("Instants are aware; a naive datetime was given.")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table's parent. The naming convention lets migrations name each constraint."""

    registry = registry(
        type_annotation_map={datetime: Instant()},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


Thing = TypeVar("Thing", bound=Base)
Key = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]

db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
session: scoped_session[Session] = db.session  # type: ignore[assignment]

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_turn: ContextVar[BufferedWriter | None] = ContextVar("turn", default=None)
_Due = dict[object, Callable[[], object]]
_afterwards: ContextVar[_Due | None] = ContextVar("afterwards", default=None)


@contextmanager
def writing() -> Iterator[Session]:
    """Change data: begins (IMMEDIATE on SQLite), commits at the end, rolls back on any error.

    Load inside it what you will change: what was loaded before is expired. It does not nest, it
    refuses a session with unsaved changes, and nothing slow belongs inside.
    """
    if _writing.get():
        raise RuntimeError("writing() does not nest: the act that calls you has begun already.")
    if has_pending():
        raise RuntimeError("Something was changed outside writing(); it would be lost or leak in.")
    session.rollback()
    session.expire_all()
    token, waiting = _writing.set(True), _afterwards.set({})
    try:
        yield session()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    else:
        due = _afterwards.get() or {}
    finally:
        _end_turn()
        _writing.reset(token)
        _afterwards.reset(waiting)
    for function in due.values():
        function()


def commit_pending() -> None:
    """Commit what a library changed in its own way, outside writing(); nothing when there is nothing.

    On SQLite its read transaction is ended and an immediate one begun: to write in one that has read
    fails at once when another commit came between.
    """
    if _writing.get() or not has_pending():
        return
    token = _writing.set(True)
    try:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            _begin_sqlite(connection)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _end_turn()
        _writing.reset(token)


def has_pending() -> bool:
    """Whether something was changed and is not yet written."""
    return bool(session.new or session.dirty or session.deleted)


def afterwards(function: Callable[[], object], *, once: object = None) -> None:
    """Call `function` once the present act is committed, or at once when there is none.

    Of those with the same `once`, one is called: a hundred letters need one nudge.
    """
    waiting = _afterwards.get()
    if waiting is None:
        function()
    else:
        waiting[once or object()] = function


def in_writing() -> bool:
    """Whether the present act may change data."""
    return _writing.get()


def locked(statement: Select[Row]) -> Row | None:
    """The one row of `statement`, read afresh and locked until the act ends; None if there is none."""
    fresh = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def change(statement: UpdateBase) -> None:
    """Run an UPDATE or DELETE inside an act. Rows that were loaded before do not hear of it."""
    session.execute(statement.execution_options(synchronize_session=False))


def made_before(model: type[Thing], id: UUID, *, maker: str, by: UUID) -> Thing | None:
    """The row of this id, if the same form made it before; None while nothing has it. Inside writing().

    Equal forms that come at once wait here for each other. `maker` is the column that names who made
    it. Raises Missing when that is not `by`: an id that was taken from elsewhere.
    """
    if session.connection().dialect.name == "postgresql":  # SQLite lets one write at a time
        number = int.from_bytes(id.bytes[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))
    found = session.get(model, id)
    if found is not None and getattr(found, maker) != by:
        raise Missing
    return found


def watch(engine: Engine) -> None:
    """Teach an engine how transactions begin; on SQLite also the pragmas of each connection."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own begin comes too late and loses updates
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # The file remembers its mode. Setting it again wants a lock for which SQLite does not wait.
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another commit came
    # between; an unconditional IMMEDIATE would let one sleeping reader block everybody.
    if _writing.get():
        _take_turn(str(connection.engine.url.database))
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _take_turn(file: str) -> None:
    """Wait in line for the one place at which all processes write to a file of SQLite.

    SQLite itself lets those who wait look again after longer and longer naps, by which the unlucky
    wait for a hundred others. A lock beside the database wakes the next at once, and ends with the
    process that holds it. Who writes without it is still kept out by SQLite's own.
    """
    if _turn.get() is None and file != ":memory:":
        came = time.monotonic()
        line = Path(f"{file}-turn").open("ab")  # noqa: SIM115  held until the act ends
        _turn.set(line)
        flock(line, LOCK_EX)
        # those before us each wait for a stranger's lock: we go, and free the thread for readers
        if time.monotonic() - came > PATIENCE_SECONDS:
            raise OperationalError("It was not our turn to write for too long.", None, _LOCKED)


def _end_turn() -> None:
    if (line := _turn.get()) is not None:
        _turn.set(None)
        line.close()


@event.listens_for(Session, "before_flush")
def _refuse_stray_flush(_session: Session, _context: UOWTransaction, _objects: object) -> None:
    if not _writing.get():
        raise RuntimeError("Data changes only inside writing().")


@event.listens_for(Session, "do_orm_execute")
def _refuse_stray_statement(state: ORMExecuteState) -> None:
    if (
        not state.is_select
        and not _writing.get()
        and (state.is_insert or state.is_update or state.is_delete)
    ):
        raise RuntimeError("Data changes only inside writing().")
