"""Races as they happen: separate processes on one database that all begin at the same moment.

A race test names a module-level function of its own file; each process builds the application anew and
calls it inside an application context. What it returns comes back in order; an exception comes back as
its name, so that a test can count who was refused.

With `HIRING_TEST_UNLOCKED=1` nothing is locked, and every act takes its time before it commits: on
PostgreSQL every race test that is about a lock must fail then. What still passes rests on a constraint,
on an order or on one conditional statement.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from threading import Barrier
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from hiring import create_app
from hiring.config import Config

START_SECONDS = 120
LOCK = re.compile(r" FOR (NO )?(KEY )?(UPDATE|SHARE)( OF \w+(, \w+)*)?")

# Forked from a process that has imported everything and opened nothing: a tenth of the time of a start.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["hiring", "tests.factories"])
_ready: Barrier
_at: Synchronized[float]
_held: Event
_app: Flask


def together(function: Callable[..., object], *arguments: Sequence[object]) -> list[Any]:
    """Call `function(*argument)` for each of `arguments`, each in a process of its own, all at once.

    Begins when every process has built its application.
    """
    at = _processes.Value("d")
    ready = _processes.Barrier(len(arguments), partial(_agree, at))
    with ProcessPoolExecutor(
        len(arguments),
        _processes,
        initializer=_begin,
        initargs=(_environment(current_app), ready, at, _processes.Event()),
    ) as pool:
        running = [pool.submit(_take_part, function, argument) for argument in arguments]
        return [one.result(START_SECONDS) for one in running]


def tell_held() -> None:
    """Say to the other processes that this one holds what they will want."""
    _held.set()


def wait_until_held() -> None:
    """Begin only now: for a race whose second runner has to come in the middle of the first one's act."""
    assert _held.wait(START_SECONDS)


def _environment(app: Flask) -> dict[str, str]:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql")
    folder = app.extensions["store"].prefix.parent
    return {"HIRING_ENV": "test", "HIRING_DATABASE_URL": url, "HIRING_DATA_DIR": str(folder)}


def _agree(at: Synchronized[float]) -> None:
    """Set the moment at which all begin: who waits at a barrier is let go one after the other."""
    at.value = time.time() + 0.1


def _begin(
    environment: dict[str, str], ready: Barrier, at: Synchronized[float], held: Event
) -> None:
    """Be one of the processes."""
    global _app, _ready, _at, _held  # noqa: PLW0603  a process of a pool keeps what it was started with here
    os.environ.update(environment)
    if os.environ.get("HIRING_TEST_UNLOCKED"):
        event.listen(Engine, "before_cursor_execute", _leave_out_locks, retval=True)
        event.listen(Session, "before_commit", lambda _session: time.sleep(0.1))
    _app = create_app(Config.from_environment(os.environ, in_suite=True))
    _ready, _at, _held = ready, at, held


def _leave_out_locks(
    _connection: Connection, _cursor: object, sql: str, values: object, *_more: object
) -> tuple[str, object]:
    return LOCK.sub("", sql).replace("pg_advisory_xact_lock(", "abs("), values


def _take_part(function: Callable[..., object], argument: Sequence[object]) -> object:
    with _app.app_context():
        _ready.wait(START_SECONDS)  # each waits here, so each task has a process of its own
        time.sleep(max(0.0, _at.value - time.time()))
        try:
            return function(*argument)
        except Exception as error:  # noqa: BLE001  the test judges what was refused
            traceback.print_exc()
            return type(error).__name__
