"""What every test stands on: one application a process, and a fresh database for each test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.globals import _cv_app
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

from hiring import create_app
from hiring.config import Config
from hiring.kernel.database import db, session
from tests.databases import Cluster, Databases, PostgresClones, SqliteFiles
from tests.network import stay_here
from tests.proofreading import proofread

pytest_plugins = ["tests.live"]
PATIENCE_SECONDS = 400  # with a browser; the longest journey takes a fourth of it
POSTGRESQL = os.environ.get("HIRING_TEST_DATABASE") == "postgresql"


def pytest_configure(config: pytest.Config) -> None:
    """Once for all xdist workers: compress what changed in static/, and start PostgreSQL."""
    stay_here()
    if hasattr(config, "workerinput"):
        return
    subprocess.run(["make", "--silent", ".made/static"], cwd=config.rootpath, check=True)
    if POSTGRESQL:
        cluster = Cluster()
        config.add_cleanup(cluster.stop)
        os.environ["HIRING_TEST_CLUSTER"] = str(cluster.folder)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests run on SQLite; on PostgreSQL only those marked `both`. They come first: the long
    ones must not be what one process is left with at the end.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if POSTGRESQL:
        alone = [
            i for i in items if i.get_closest_marker("browser") and not i.get_closest_marker("both")
        ]
        config.hook.pytest_deselected(items=alone)
        items[:] = [item for item in items if item not in alone]


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Databases that belong to this xdist worker."""
    if POSTGRESQL:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        return PostgresClones(Path(os.environ["HIRING_TEST_CLUSTER"]), worker)
    return SqliteFiles(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def application(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, its database migrated once and kept as the template of all others."""
    settings = {
        "HIRING_ENV": "test",
        "HIRING_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "HIRING_DATABASE_URL": databases.renew("suite"),
    }
    application = create_app(Config.from_environment(settings, in_suite=True))
    application.test_client_class = Client
    with application.app_context():
        upgrade()
        db.engine.dispose()
    databases.keep_as_template("suite")
    return application


@pytest.fixture
def app(application: Flask, databases: Databases) -> Iterator[Flask]:
    """The application on a fresh database, its context open for the length of the test."""
    with application.app_context():
        db.engine.dispose()  # a connection to the file before would go on reading it, though it is gone
        databases.renew("suite")
        yield application
        session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous browser. Make more with `app.test_client()`."""
    return app.test_client()


class Client(FlaskClient):
    """Gives each request a context of its own, as a server does, though the test holds one open.

    What the test had loaded is read afresh after each request. `with client:` is not supported.
    Every page that comes back is proofread.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer: TestResponse = copy_context().run(self._open_apart, *args, **kwargs)
        _proofread(answer)
        if has_app_context():
            session.rollback()
            session.expire_all()
        return answer

    def _open_apart(self, *args: Any, **kwargs: Any) -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]
        return super().open(*args, **kwargs)


def _proofread(answer: TestResponse) -> None:
    """Fail on a page of ours that is not well. A letter, shut off by a sandbox, is not ours to style, nor is
    the stub that Werkzeug sends along with a redirect."""
    letter = "sandbox" in answer.headers.get("Content-Security-Policy", "")
    if answer.mimetype == "text/html" and not letter and answer.location is None:
        faults = proofread(answer.text)
        assert not faults, "\n".join([f"{answer.request.path} ({answer.status}):", *faults])


@pytest.fixture(autouse=True)
def patience(request: pytest.FixtureRequest) -> Iterator[None]:
    """A browser that never answers fails its test: it is waited for without an end."""
    if request.node.get_closest_marker("browser") is None:
        yield
        return

    def give_up(_signal: int, _frame: object) -> None:
        raise TimeoutError("The browser has not answered for minutes.")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS, 60)  # again for what cleans up after it
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which finds no other host than this one."""
    quiet = "--disable-gpu --disable-quic --disable-background-networking --disable-sync"
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    here = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": [*quiet.split(), "--disable-component-update", "--no-first-run", here, *root],
    }
