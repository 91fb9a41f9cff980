"""Work outside the request. Rows are the work; the queue is only a nudge, and a sweep finds the rest.

Each kind of work is one function that finds what is due and does it, safe to call at any time and by
several at once. A nudge asks the worker to call it now; every five seconds it is called anyway.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask, current_app
from huey import SqliteHuey
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped

from hiring.kernel.clock import wall
from hiring.kernel.database import Base, Key, afterwards, session, writing

SWEEP_SECONDS = 5
DRAIN_SECONDS = 7  # what a worker has to end what it does, once it is told to stop
LIVES_SECONDS = 30  # a worker that has not beaten for so long is taken for dead
HOUR_SECONDS = 60 * 60
log = logging.getLogger(__name__)
_sweeps: dict[str, Callable[[], object]] = {}
_stop = threading.Event()


class WorkerBeat(Base):
    """One row a worker process, renewed while it lives; claims of others are orphans."""

    __tablename__ = "worker_beats"
    id: Mapped[Key]
    beat_at: Mapped[datetime]


def sweeps(name: str, function: Callable[[], object]) -> None:
    """Let the worker call `function` for this name, on a nudge and every five seconds."""
    _sweeps[name] = function


def hourly(function: Callable[[], object]) -> Callable[[], None]:
    """`function` as a sweep that is done when the worker starts, and then once an hour."""
    last: float | None = None  # in uptime: setting the clock back must not let it rest

    def sweep() -> None:
        nonlocal last
        if last is None or time.monotonic() - last >= HOUR_SECONDS:
            last = time.monotonic()
            function()

    return sweep


def nudge(name: str) -> None:
    """Ask the worker to sweep `name` now: after the commit, and never at the price of the request."""
    send = partial(_send, current_app.extensions["nudges"], name)
    afterwards(send, once=("nudge", name))


def _send(send: Callable[[str], object], name: str) -> None:
    try:
        send(name)
    except Exception:
        log.warning(
            "The nudge for %s was lost; the next sweep finds the work.", name, exc_info=True
        )


def install(app: Flask, *, file: Path, live: bool) -> None:
    """Open the queue's own file. Not live (the test suite): nudges go nowhere, tests sweep themselves."""
    if not live:
        app.extensions["nudges"] = lambda name: None
        return
    huey = SqliteHuey("hiring", filename=str(file), results=False)
    app.extensions["huey"] = huey
    app.extensions["nudges"] = huey.task(name="sweep")(partial(sweep, app))


def sweep(app: Flask, name: str) -> None:
    """Do all work of this name that is due."""
    with app.app_context():
        try:
            _sweeps[name]()
        except Exception:
            log.exception("The sweep %s failed; it is tried again in %s s.", name, SWEEP_SECONDS)


def sweep_all(app: Flask) -> None:
    """Every kind of work, in the order of the wiring."""
    for name in list(_sweeps):
        sweep(app, name)


def work(app: Flask) -> None:
    """Be the worker: beat, sweep, and answer nudges until told to stop."""
    global _stop  # noqa: PLW0603  one worker a process is the point
    consumer = app.extensions["huey"].create_consumer(
        workers=2,
        periodic=False,
        max_delay=1,
        graceful_signal="TERM",
        shutdown_timeout=DRAIN_SECONDS,
    )
    _stop = consumer.stop_flag
    threads = [
        threading.Thread(target=_every, args=(partial(_beat, app),), daemon=True),
        threading.Thread(target=_every, args=(partial(sweep_all, app),), daemon=True),
    ]
    for thread in threads:
        thread.start()
    consumer.run()
    for thread in threads:
        thread.join(DRAIN_SECONDS)


def stopping() -> bool:
    """Whether this worker was told to stop: a sweep begins nothing new then, and ends what it began."""
    return _stop.is_set()


def _every(function: Callable[[], object]) -> None:
    while True:
        function()
        if _stop.wait(SWEEP_SECONDS):
            return


def _beat(app: Flask) -> None:
    with app.app_context():
        try:
            beat()
        except Exception:
            log.exception("The worker's beat failed.")


def this_worker() -> UUID:
    """This process, as the name on its claims. A process that was forked from it is another one."""
    return _name_of(os.getpid())


@cache
def _name_of(_process: int) -> UUID:
    return uuid4()


def beat() -> None:
    """Say that this process lives; forget processes that died a day ago."""
    with writing():
        session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at < wall() - timedelta(days=1)))
        session.merge(WorkerBeat(id=this_worker(), beat_at=wall()))


def living_workers() -> set[UUID]:
    """The worker processes that have beaten lately."""
    since = wall() - timedelta(seconds=LIVES_SECONDS)
    return set(session.scalars(select(WorkerBeat.id).where(WorkerBeat.beat_at >= since)))
