"""What `make run` starts: one process that prepares the database, then minds server and worker.

It says where to go once everything answers. When one of them dies, it says so and starts it again;
when one dies again and again, or it is told to stop, both stop.
"""

from __future__ import annotations

import errno
import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask_migrate import upgrade
from sqlalchemy import MetaData, inspect, select

from hiring import create_app, demo
from hiring.accounts.models import Account
from hiring.accounts.settings import forget
from hiring.config import Config
from hiring.kernel.database import db

READY_SECONDS = 60
MOST_DEATHS, DEATHS_SECONDS = 5, 60
STOP_SECONDS = 9  # then they are killed: ten seconds in all are promised
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  what to call, if we listen on all
Children = Mapping[str, subprocess.Popen[bytes]]


def main() -> None:
    """Prepare, start, say where to go, and stay until told to stop."""
    config = Config.from_environment()
    # both: what a shell starts with `&` ignores Ctrl-C from birth
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.default_int_handler)
    try:
        _refuse_taken_port(config)
        welcome = prepare(config)
        raise SystemExit(_mind(config, welcome))
    except KeyboardInterrupt:
        _say("Stopped.")


def prepare(config: Config) -> str:
    """Bring the schema up to date, fill a fresh house with the demo; returns the welcome."""
    with create_app(config).app_context():
        begun = config.data_dir / "demo-begun"  # there as long as the demo is not whole
        if begun.exists() and demo.present() and config.safe_for_demo:
            _say("The demo was not finished the last time. It is begun afresh.")
            _empty()
        if not inspect(db.engine).has_table("alembic_version") and config.safe_for_demo:
            begun.touch()
        upgrade()
        if begun.exists() and config.safe_for_demo and _is_bare():
            _say("Filling the demo. This happens the first time only.")
            demo.fill()
        begun.unlink(missing_ok=True)
        forget()
        if demo.present() and not config.safe_for_demo:
            raise SystemExit(
                "This is a demo, with passwords that everybody knows. It runs on this machine alone"
                " and sends no mail: HIRING_HOST, HIRING_PUBLIC_URL and HIRING_SMTP_URL must stay"
                " as they were. For real use, choose an empty HIRING_DATA_DIR."
            )
        return demo.welcome(config.public_url)


def _is_bare() -> bool:
    """Whether nobody lives here: the folder's mark may be of another database than this one."""
    return db.session.scalar(select(Account.id).limit(1)) is None


def _empty() -> None:
    """Drop every table of a demo that was never whole. Never called for a house that is no demo."""
    db.session.remove()
    forget()
    with db.engine.begin() as connection:
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)


def commands(config: Config) -> dict[str, list[str]]:
    """The command line of each process that makes up the platform."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    server = f"""
        gunicorn wsgi:app --bind {host}:{config.port}
        --worker-class gthread --workers {config.workers} --threads {config.threads}
        --graceful-timeout {STOP_SECONDS - 1} --log-level warning --no-control-socket
    """
    return {
        "server": [sys.executable, "-m", *server.split()],
        "worker": [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
    }


def is_ready(config: Config) -> bool:
    """Whether /readyz says that database, migrations and worker are well."""
    host = EVERYWHERE.get(config.host, config.host)
    connection = http.client.HTTPConnection(host, config.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": urlsplit(config.public_url).netloc})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def stop(children: Children) -> None:
    """Ask every process to finish what it does, and end those that take too long."""
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _mind(config: Config, welcome: str) -> int:
    children = {name: _start(command) for name, command in commands(config).items()}
    try:
        if not _wait_until_ready(config, children):
            return 1
        _say(f"\nOpen {config.public_url}\n\n{welcome}\n\nCtrl-C stops everything; the data stays.")
        _keep_alive(config, children)
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(children)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # in a session of its own, so that Ctrl-C reaches us alone and we stop all in order
    return subprocess.Popen(command, start_new_session=True)


def _keep_alive(config: Config, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Start again what dies, until too much has died in too short a time."""
    deaths: list[float] = []
    while len(deaths) <= MOST_DEATHS:
        for name, child in _dead(children):
            lately = time.monotonic() - DEATHS_SECONDS
            deaths = [*(death for death in deaths if death > lately), time.monotonic()]
            _say(f"The {name} stopped by itself (status {child.returncode}). It is started again.")
            children[name] = _start(commands(config)[name])
        time.sleep(0.2)
    _say(f"{len(deaths)} times in {DEATHS_SECONDS} seconds, so everything stops.")


def _wait_until_ready(config: Config, children: Children) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready(config):
        for name, child in _dead(children):
            _say(f"The {name} did not start (status {child.returncode}), so everything stops.")
            return False
        if time.monotonic() > deadline:
            _say(f"It was not ready within {READY_SECONDS} seconds. /readyz names what is missing.")
            return False
        time.sleep(0.1)
    return True


def _dead(children: Children) -> list[tuple[str, subprocess.Popen[bytes]]]:
    return [(name, child) for name, child in children.items() if child.poll() is not None]


def _refuse_taken_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            reasons = {
                errno.EADDRINUSE: "is used by another program already. Stop that one, or choose"
                f" another port: HIRING_PORT={config.port % 65535 + 1} make run",
                errno.EACCES: "is open to root only. Choose one above 1023 with HIRING_PORT.",
            }
            reason = reasons.get(error.errno or 0, f"cannot be opened: {error.strerror}.")
            raise SystemExit(f"Port {config.port} on {config.host} {reason}") from None


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
