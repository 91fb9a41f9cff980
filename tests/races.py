"""Races as they happen: separate processes on one database that all begin at the same moment.

A race test names a module-level function of its own file; each process builds the application anew and
calls it inside an application context. What it returns comes back in order; an exception comes back as
its name, so that a test can count who was refused.

With `HIRING_TEST_UNLOCKED=1` these processes lock no row: on PostgreSQL every race test that is about a
lock must fail then. What still passes rests on a constraint or on one conditional statement.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy.dialects.postgresql.base import PGCompiler

from hiring import create_app
from hiring.config import Config

ROOT = Path(__file__).parents[1]
START_SECONDS = 120


def together(function: Callable[..., object], *arguments: Sequence[object]) -> list[Any]:
    """Call `function(*argument)` for each of `arguments`, each in a process of its own, all at once.

    Arguments and results are plain JSON values. Begins when every process has said it is ready.
    """
    processes = [_spawn(function, argument) for argument in arguments]
    try:
        for process in processes:
            _expect(process, "ready")
        for process in processes:
            _say(process, f"{time.time() + 0.2}")
        return [json.loads(process.communicate(timeout=START_SECONDS)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()


def _spawn(function: Callable[..., object], argument: Sequence[object]) -> subprocess.Popen[str]:
    task = json.dumps([function.__module__, function.__name__, list(argument)])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.races", task],
        cwd=ROOT,
        env={**os.environ, **_environment(current_app)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _environment(app: Flask) -> dict[str, str]:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql")
    folder = app.extensions["store"].prefix.parent
    return {"HIRING_ENV": "test", "HIRING_DATABASE_URL": url, "HIRING_DATA_DIR": str(folder)}


def _expect(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout
    assert process.stdout.readline().strip() == word


def _say(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin
    process.stdin.write(word + "\n")
    process.stdin.flush()


def _leave_out_locks() -> None:
    """Compile every FOR UPDATE to nothing, in this process alone."""
    PGCompiler.for_update_clause = lambda *_args, **_options: ""  # type: ignore[method-assign]


def main() -> None:
    """Be one of the processes."""
    if os.environ.get("HIRING_TEST_UNLOCKED"):
        _leave_out_locks()
    module, name, argument = json.loads(sys.argv[1])
    function = getattr(import_module(module), name)
    app = create_app(Config.from_environment(os.environ, in_suite=True))
    with app.app_context():
        print("ready", flush=True)
        time.sleep(max(0.0, float(sys.stdin.readline()) - time.time()))
        try:
            result = function(*argument)
        except Exception as error:  # noqa: BLE001  the test judges what was refused
            result = type(error).__name__
            traceback.print_exc()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
