"""`writing()` keeps its promises: one way in, nothing half done, nothing lost between two writers."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from threading import Timer

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from hiring import create_app
from hiring.config import Config
from hiring.kernel import database
from hiring.kernel.clock import now
from hiring.kernel.database import afterwards, locked, session, writing
from hiring.kernel.storage import StoredFile
from hiring.ledger.models import Head
from tests.races import together


def row(name: str = "Kit", kept_at: datetime | None = None) -> StoredFile:
    """A row that is not yet kept."""
    at = kept_at or now()
    return StoredFile(name=name, key=name, media_type="text/plain", size=0, sha256="", kept_at=at)


def add_and_break(due: Callable[[], object] = list) -> None:
    """An act that fails after it has written."""
    with writing():
        session.add(row())
        session.flush()
        afterwards(due)
        raise ValueError("half way")


def test_nothing_is_written_outside_it(app: Flask) -> None:
    session.add(row())
    with pytest.raises(RuntimeError, match="only inside writing"):
        session.flush()
    session.rollback()
    with pytest.raises(RuntimeError, match="only inside writing"):
        session.execute(update(StoredFile).values(name="Another"))


def test_it_does_not_nest(app: Flask) -> None:
    with writing(), pytest.raises(RuntimeError, match="does not nest"), writing():
        pass


def test_it_refuses_what_was_changed_before_it(app: Flask) -> None:
    session.add(row())
    with pytest.raises(RuntimeError, match="changed outside"), writing():
        pass
    session.rollback()


def test_an_error_undoes_all_of_it(app: Flask) -> None:
    with pytest.raises(ValueError, match="half way"):
        add_and_break()
    assert session.scalars(select(StoredFile)).all() == []


def test_what_was_loaded_before_is_read_afresh(app: Flask) -> None:
    with writing():
        session.add(row())
    file = session.scalars(select(StoredFile)).one()
    assert file.name == "Kit"
    with app.app_context(), writing():
        session.execute(update(StoredFile).values(name="Kit Marlowe"))
    with writing():
        assert session.get_one(StoredFile, file.id).name == "Kit Marlowe"


def test_what_is_due_afterwards_is_called_after_the_commit_and_not_after_an_error(
    app: Flask,
) -> None:
    called: list[int] = []
    with writing():
        session.add(row())
        afterwards(lambda: called.append(len(session.scalars(select(StoredFile)).all())))
        assert called == []
    assert called == [1]
    with pytest.raises(ValueError, match="half way"):
        add_and_break(lambda: called.append(2))
    assert called == [1]


def test_of_the_same_due_once_one_is_called(app: Flask) -> None:
    called: list[int] = []
    with writing():
        for number in (1, 2, 3):
            afterwards(lambda number=number: called.append(number), once="nudge")
    assert called == [3]


def test_instants_come_back_aware_and_in_utc(app: Flask) -> None:
    eastern = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with writing():
        session.add(row(kept_at=eastern))
    session.expire_all()
    assert session.scalars(select(StoredFile.kept_at)).one() == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def count_up(times: int) -> int:
    """One process's part: add one to the head's number, `times` times."""
    for _ in range(times):
        with writing():
            head = locked(select(Head))
            assert head is not None
            head.number += 1
    return times


@pytest.mark.race
def test_processes_that_count_at_once_lose_nothing(app: Flask) -> None:
    with writing():
        session.add(Head(number=0, hash=""))
    assert together(count_up, *[[25]] * 4) == [25] * 4
    session.expire_all()
    assert session.get_one(Head, 1).number == 100


def die_while_writing() -> None:
    """A process that is killed within an act, after it has written."""
    with writing():
        session.add(row("Half"))
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.race
def test_who_dies_while_writing_leaves_the_line_and_nothing_else(app: Flask) -> None:
    with pytest.raises(BrokenProcessPool):
        together(die_while_writing, [])
    with writing():
        session.add(row("Whole"))
    assert session.scalars(select(StoredFile.name)).all() == ["Whole"]


def test_who_stands_in_line_too_long_goes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL's writers stand in no line.")
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.1)
    with Path(f"{session.get_bind().engine.url.database}-turn").open("ab") as line:
        flock(line, LOCK_EX)
        Timer(0.5, lambda: flock(line, LOCK_UN)).start()
        with pytest.raises(OperationalError, match="not our turn"), writing():
            session.scalars(select(StoredFile.name)).all()
    with writing():
        session.add(row("Next"))
    assert session.scalars(select(StoredFile.name)).all() == ["Next"]


def test_a_migration_that_leaves_rows_without_parent_changes_nothing(tmp_path: Path) -> None:
    config = Config.from_environment({"HIRING_DATA_DIR": str(tmp_path)}, in_suite=True)
    file = str(config.database_url).removeprefix("sqlite:///")
    with create_app(config).app_context():
        upgrade(revision="0001")
        with closing(sqlite3.connect(file)) as stranger, stranger:
            orphan = "INSERT INTO role_grants (id, account_id, name, held_from) VALUES (1, 2, 3, 4)"
            stranger.execute(orphan)
        with pytest.raises(SystemExit):
            upgrade()
    with closing(sqlite3.connect(file)) as stranger:
        assert stranger.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert not stranger.execute("SELECT 1 FROM sqlite_master WHERE name = 'knocks'").fetchall()
    assert list(tmp_path.glob("*.before-0001"))
