"""The platform as an operator runs it: a server process and a worker process on a port of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from hiring.config import Config
from hiring.serve import commands, is_ready, stop
from tests.databases import Databases

START_SECONDS = 30


class LiveServer:
    """Server and worker on one database, with a clock that tests move."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        port = free_port()
        self._clock = folder / "clock"
        self.environment = {  # also for other processes on the same database
            **{name: value for name, value in os.environ.items() if not name.startswith("HIRING_")},
            "HIRING_ENV": "test",
            "HIRING_PORT": str(port),
            "HIRING_DATA_DIR": str(folder),
            "HIRING_DATABASE_URL": database_url,
            "HIRING_CLOCK_FILE": str(self._clock),
            **settings,
        }
        self.config = Config.from_environment(self.environment)
        self.url = self.config.public_url
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start these processes (both by default) and wait until /readyz is content."""
        for name, command in commands(self.config).items():
            if not names or name in names:
                self.children[name] = self._spawn(name, command)
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self.config):
            if time.monotonic() > deadline or any(c.poll() for c in self.children.values()):
                self.stop()
                raise RuntimeError(f"The platform did not start.\n{self.log()}")
            time.sleep(0.05)

    def stop(self, *names: str) -> None:
        """End these processes (both by default) as a service manager does."""
        stop({name: self.children.pop(name) for name in names or tuple(self.children)})

    def kill(self, name: str) -> None:
        """SIGKILL a process and all that it started, as the kernel does when memory runs out."""
        child = self.children.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def move_clock(self, seconds: float) -> None:
        """Let the platform's clock run this many seconds ahead of the machine's."""
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self._clock)  # never seen half written

    def log(self) -> str:
        """What server and worker have said."""
        return "\n".join(file.read_text() for file in sorted(self.folder.glob("*.log")))

    def _spawn(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", *command],  # it ends with us, however we end
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


@pytest.fixture(scope="module")
def live_server(
    application: Flask, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """One running platform for a file of browser tests, on a database of its own."""
    server = LiveServer(tmp_path_factory.mktemp("live"), databases.renew("live"))
    server.start()
    yield server
    server.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
