"""Server and worker are killed at random while candidates save: no acknowledged save is ever lost.

Lost is an acknowledged revision that is neither in what was handed in nor replaced by a later one that
was acknowledged. The candidates run in another process and keep their own record. A short form of it is
part of the suite; `make faults` does it at length.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from hiring.attempts.blind import BlindAnswer
from hiring.attempts.models import Answer, Attempt, Revision
from tests.browser.seed import invitations
from tests.databases import Databases
from tests.live import LiveServer

LATER = 11 * 60  # seconds after which what was handed in closes
CLOSED_WITHIN = 30


@pytest.fixture
def server(application: Flask, databases: Databases, tmp_path: Path) -> Iterator[LiveServer]:
    """A platform of this test's own, to be killed."""
    server = LiveServer(tmp_path, databases.renew("faults"))
    server.start()
    yield server
    server.stop()


def test_no_acknowledged_save_is_lost_to_a_few_kills(server: LiveServer, tmp_path: Path) -> None:
    torment(server, tmp_path, attempts=6, saves=40, kills=3)


@pytest.mark.faults
@pytest.mark.parametrize("seed", [1, 2])
def test_no_acknowledged_save_is_lost_to_many_kills(
    server: LiveServer, tmp_path: Path, seed: int
) -> None:
    random.seed(seed)
    torment(server, tmp_path, attempts=50, saves=40, kills=24)


def torment(server: LiveServer, folder: Path, *, attempts: int, saves: int, kills: int) -> None:
    """Let candidates work while their platform dies again and again; then compare the records."""
    record = folder / "acknowledged.jsonl"
    tokens = invitations(server.environment, attempts)
    client = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.candidates", server.url, record, str(saves), *tokens],
        cwd=Path(__file__).parents[2],
    )
    done = 0
    try:
        for number in range(kills):
            done += _kill(server, client, "worker" if number % 3 == 2 else "server")
        assert client.wait(timeout=600) == 0
    finally:
        client.kill()
        client.wait()
    acknowledged = [json.loads(line) for line in record.read_text().splitlines()]
    print(f"{len(acknowledged)} saves acknowledged in {attempts} attempts, {done} kills")  # noqa: T201
    assert done == kills
    assert len(acknowledged) == attempts * saves
    _compare(server, acknowledged)


def _kill(server: LiveServer, client: subprocess.Popen[bytes], name: str) -> int:
    time.sleep(random.uniform(0.2, 0.8))
    if client.poll() is not None:
        return 0
    server.kill(name)
    time.sleep(random.uniform(0, 0.3))
    server.start(name)
    return 1


def _compare(server: LiveServer, acknowledged: list[dict[str, Any]]) -> None:
    """Every acknowledged text is in its revision; the last one is the answer, and is what is marked."""
    server.move_clock(LATER)
    engine = create_engine(server.config.database_url)
    last: dict[tuple[str, str], str] = {}
    with Session(engine) as session:
        _wait_until_closed(session)
        for told in acknowledged:
            _, _, attempt, _, task = told["action"].split("/")
            last[attempt, task] = told["text"]
            assert (told["number"], told["text"].strip()) in _revisions(session, attempt, task)
        for (attempt, task), text in last.items():
            assert _marked(session, attempt, task) == text.strip()
    engine.dispose()


def _wait_until_closed(session: Session) -> None:
    deadline = time.monotonic() + CLOSED_WITHIN
    while session.scalars(select(Attempt.id).where(Attempt.closed_at.is_(None))).first():
        assert time.monotonic() < deadline
        session.rollback()
        time.sleep(0.5)


def _revisions(session: Session, attempt: str, task: str) -> set[tuple[int, str]]:
    rows = session.execute(
        select(Revision.number, Revision.value)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(_answer(attempt, task), Revision.kept == "standing")
    )
    return {(number, value["text"].strip()) for number, value in rows}


def _marked(session: Session, attempt: str, task: str) -> str:
    blind = select(BlindAnswer.value).join(Answer, Answer.blind_answer_id == BlindAnswer.id)
    value = session.scalars(blind.where(_answer(attempt, task))).one()
    return str(value["text"]).strip()


def _answer(attempt: str, task: str) -> Any:
    return (Answer.attempt_id == UUID(attempt)) & (Answer.task_id == UUID(task))
