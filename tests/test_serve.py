"""The one process that minds server and worker: it says where to go, and starts again what dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from hiring import create_app, demo
from hiring.accounts import actions as accounts
from hiring.accounts.models import Account, Organisation
from hiring.config import Config
from hiring.kernel.database import session, writing
from hiring.serve import is_ready, prepare

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An installation of its own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Config.from_environment({"HIRING_DATA_DIR": str(tmp_path), "HIRING_PORT": str(port)})


@pytest.fixture
def start(config: Config) -> Iterator[Start]:
    """Start it as `make run` does; it is stopped at the end of the test."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        settings = {
            "HIRING_DATA_DIR": str(config.data_dir),
            "HIRING_PORT": str(config.port),
            "HIRING_SMTP_URL": "smtp://127.0.0.1:9",  # with a mail server there is no demo to fill
        }
        others = {k: v for k, v in os.environ.items() if not k.startswith("HIRING_")}
        # deaf to Ctrl-C at first, as whatever a script starts with `&`
        command = ["sh", "-c", "trap '' INT; exec \"$0\" -m hiring.serve", sys.executable]
        started.append(
            subprocess.Popen(
                command, env=others | settings, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
        )  # fmt: skip
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.communicate()


def until_welcome(process: subprocess.Popen[str]) -> str:
    """What it says until it invites us in."""
    said = ""
    for line in process.stdout or ():
        said += line
        if "Ctrl-C stops everything" in line:
            return said
    raise AssertionError(said)


def test_it_says_where_to_go_and_stops_when_told(config: Config, start: Start) -> None:
    process = start()
    assert config.public_url in until_welcome(process)
    assert is_ready(config)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0  # ten seconds on an idle machine
    assert not is_ready(config)


@pytest.mark.parametrize(
    ("name", "command"), [("server", "gunicorn wsgi:app"), ("worker", "flask --app wsgi worker")]
)
def test_what_dies_is_started_again(config: Config, start: Start, name: str, command: str) -> None:
    process = start()
    until_welcome(process)
    killed = child(process.pid, command)
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert process.stdout
    line = next(line for line in process.stdout if "by itself" in line)
    assert line == f"The {name} stopped by itself (status -9). It is started again.\n"
    until = time.monotonic() + 60
    while child(process.pid, command) in {killed, None} or not is_ready(config):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_demo_that_was_cut_off_is_begun_afresh(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    def cut_off() -> None:
        with writing():
            session.add(Organisation(name="Half a house", time_zone="UTC", demo=True))
            session.flush()
        raise KeyboardInterrupt

    def whole() -> None:
        found.append(session.scalars(select(Organisation.name)).all())

    monkeypatch.setattr(demo, "fill", cut_off)
    with pytest.raises(KeyboardInterrupt):
        prepare(config)
    monkeypatch.setattr(demo, "fill", whole)
    for _ in range(2):
        prepare(config)
    assert found == [[]]


def test_the_mark_of_a_demo_empties_no_house_that_is_none(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def real() -> None:
        with writing():
            accounts.invite("ana@example.org", name="Ana", roles=["owner"], by=None)

    def never() -> None:
        raise AssertionError("A demo was filled into a real house.")

    monkeypatch.setattr(demo, "fill", real)
    prepare(config)
    monkeypatch.setattr(demo, "fill", never)
    (config.data_dir / "demo-begun").touch()
    prepare(config)
    with create_app(config).app_context():
        assert session.scalars(select(Account.name)).all() == ["Ana"]


def test_what_dies_again_and_again_stops_everything(config: Config, start: Start) -> None:
    process, killed = start(), None
    until_welcome(process)
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        worker = child(process.pid, "flask --app wsgi worker")
        if worker is not None and worker != killed:
            os.kill(worker, signal.SIGKILL)
            killed = worker
        time.sleep(0.05)
    said, _ = process.communicate(timeout=30)
    assert said.endswith("so everything stops.\n")
    assert process.returncode == 1
    assert not is_ready(config)


def child(parent: int, command: str) -> int | None:
    """The process that `parent` started with this command line, while there is one."""
    with suppress(FileNotFoundError):  # it ended while we looked
        pids = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        lines = {pid: Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in pids}
        return next((int(pid) for pid, line in lines.items() if command in line), None)
    return None


def test_a_taken_port_is_said_in_a_sentence(config: Config, start: Start) -> None:
    with socket.create_server(("127.0.0.1", config.port)):
        said, _ = start().communicate(timeout=30)
    assert f"Port {config.port} on 127.0.0.1 is used by another program already." in said
    assert "Traceback" not in said
