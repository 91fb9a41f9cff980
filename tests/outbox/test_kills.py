"""A killed sender sends nothing twice and loses nothing silently: at most one mail a kill is held."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hiring.kernel.clock import wall
from hiring.kernel.database import session, writing
from hiring.outbox.delivery import deliver
from hiring.outbox.models import Message
from tests.outbox.conftest import Server
from tests.outbox.letters import states, written_many
from tests.outbox.sink import Sink

ROOT = Path(__file__).parents[2]
KILLS, MAILS = 5, 80


def environment(app: Flask) -> dict[str, str]:
    """The settings by which another process meets this application's database and mail server."""
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql")
    settings = {
        "HIRING_ENV": "test",
        "HIRING_DATABASE_URL": url,
        "HIRING_DATA_DIR": str(app.extensions["store"].prefix.parent),
        "HIRING_SMTP_URL": app.config["SMTP_URL"],
    }
    return {**os.environ, **settings}


def sender(app: Flask) -> subprocess.Popen[str]:
    """A sender that has begun."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.sender"],
        cwd=ROOT, env=environment(app), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.race
def test_a_sender_killed_again_and_again_sends_nothing_twice_and_loses_nothing(
    app: Flask, server: Server
) -> None:
    sink, ids = server(), written_many(MAILS)
    for _ in range(KILLS):
        process, before = sender(app), len(sink.mails)
        while len(sink.mails) < before + 3:  # it is in the midst of it
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.03))
        process.kill()
        process.communicate()
    with writing():  # half an hour later
        session.execute(update(Message).values(claimed_at=wall() - timedelta(minutes=30)))
    deliver()

    now = states()
    held = [id for id in ids if now[id] == "held"]
    assert set(sink.arrived.values()) == {1}
    assert set(now.values()) <= {"done", "held"}
    assert len(held) <= KILLS
    missed = [id for id in ids if str(id) not in sink.arrived]
    assert set(missed) <= set(held)


@pytest.mark.race
def test_a_worker_told_to_stop_ends_its_mail_and_begins_no_other(
    app: Flask, server: Server
) -> None:
    def slowly(sink: Sink, step: str, recipient: str) -> None:
        time.sleep(0.3 if step == "DATA" else 0)

    sink, ids = server(slowly), written_many(40)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment(app))
    deadline = time.monotonic() + 60
    while len(sink.mails) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.terminate()
    assert worker.wait(timeout=10) == 0
    assert set(states().values()) == {"done", "waiting"}
    assert len(sink.mails) == list(states().values()).count("done") < len(ids)


@pytest.mark.race
def test_a_process_has_one_mail_in_its_hands_at_a_time(app: Flask, server: Server) -> None:
    in_hand: list[int] = []

    def counting(_sink: Sink, step: str, _recipient: str) -> None:
        if step == "DATA":
            claimed = select(func.count()).select_from(Message).where(Message.state == "claimed")
            with app.app_context():
                in_hand.append(session.scalar(claimed) or 0)
            time.sleep(0.05)

    server(counting)
    written_many(12)

    def sweep() -> None:
        with app.app_context():
            deliver()

    threads = [Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert in_hand == [1] * 12
    assert set(states().values()) == {"done"}
