"""The one process that minds server and worker: it says where to go, and never leaves one alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hiring.config import Config
from hiring.serve import is_ready

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
def test_when_one_dies_it_says_so_and_stops_the_other(
    config: Config, start: Start, name: str, command: str
) -> None:
    process = start()
    until_welcome(process)
    os.kill(child(process.pid, command), signal.SIGKILL)
    said, _ = process.communicate(timeout=30)
    assert f"The {name} stopped by itself (status -9); so everything stops." in said
    assert process.returncode == 1
    assert not is_ready(config)


def child(parent: int, command: str) -> int:
    """The process that `parent` started with this command line."""
    pids = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in pids}
    return next(int(pid) for pid, line in lines.items() if command in line)


def test_a_taken_port_is_said_in_a_sentence(config: Config, start: Start) -> None:
    with socket.create_server(("127.0.0.1", config.port)):
        said, _ = start().communicate(timeout=30)
    assert f"Port {config.port} on 127.0.0.1 is used by another program already." in said
    assert "Traceback" not in said
