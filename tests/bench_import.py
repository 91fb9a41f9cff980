"""A file of 5,000 people: read and checked, invited from, and the floor beside it in the same run.

The floor is the bare csv module and plain INSERTs: of what it reads a person, an application, an invitation
and a mail of the same length each, committed as often. It checks nothing, words nothing and asks nobody.
"""

from __future__ import annotations

import csv
import sqlite3
import time
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import func, select

from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.openings import import_reading, import_running, importing
from hiring.openings.import_running import AT_ONCE
from hiring.openings.imports import Import, progress_of
from hiring.openings.tasks import go_on_with_imports
from hiring.outbox.models import Message

ROWS = 5_000
FILE = "\ufeffName;Vorname;E-Mail;Ort\r\n" + "".join(
    f'Nguyễn {n};Zoë;"Person.{n}@Example.org";"Köln; Süd"\r\n' for n in range(ROWS)
)


@dataclass
class Import5000:
    """Seconds: reading and checking, keeping what was read, confirming, and inviting all of them."""

    id: UUID
    read: float
    kept: float
    confirmed: float = 0.0
    invited: float = 0.0
    letter: int = 0

    @property
    def whole(self) -> float:
        """All that is done to the file."""
        return self.read + self.kept + self.confirmed + self.invited


def bring(opening_id: UUID, by: UUID) -> Import5000:
    """Read and keep it. Inside an application context."""
    id, content, began = uuid4(), FILE.encode("utf-16"), time.perf_counter()
    reading = import_reading.read(content)
    read = time.perf_counter() - began
    session.rollback()
    with writing():
        importing.keep(opening_id, reading, content=content, name="5000.csv", by=by, id=id)
    return Import5000(id, read, time.perf_counter() - began - read)


def invite(taken: Import5000, by: UUID) -> Import5000:
    """Confirm it, and be the worker."""
    began, until = time.perf_counter(), (now() + timedelta(days=3)).date()
    with writing():
        import_running.confirm(taken.id, until=until, word="", seen="0", by=by, batch=uuid4())
    taken.confirmed = time.perf_counter() - began
    go_on_with_imports()
    taken.invited = time.perf_counter() - began - taken.confirmed
    assert progress_of(taken.id) == {"invited": ROWS}
    batch = session.get_one(Import, taken.id).batch
    length = func.avg(func.length(Message.text) + func.length(Message.html))
    taken.letter = round(session.scalar(select(length).where(Message.batch == batch)) or 0)
    return taken


def floor(folder: Path, letter: int) -> float:
    """Seconds of the bare thing."""
    began = time.perf_counter()
    connection = sqlite3.connect(folder / "import-floor.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(
        "CREATE TABLE person (id PRIMARY KEY, address UNIQUE, name); CREATE TABLE mail (id, text);"
        "CREATE TABLE application (id PRIMARY KEY, person); CREATE TABLE invitation (id, application);"
    )
    rows = list(csv.reader(StringIO(FILE), delimiter=";"))[1:]
    for first in range(0, len(rows), AT_ONCE):
        connection.execute("BEGIN IMMEDIATE")
        for last, given, address, *_more in rows[first : first + AT_ONCE]:
            person, application = f"{uuid4()}", f"{uuid4()}"
            connection.execute(
                "INSERT INTO person VALUES (?, ?, ?)", (person, address, f"{given} {last}")
            )
            connection.execute("INSERT INTO application VALUES (?, ?)", (application, person))
            connection.execute("INSERT INTO invitation VALUES (?, ?)", (f"{uuid4()}", application))
            connection.execute("INSERT INTO mail VALUES (?, ?)", (f"{uuid4()}", "x" * letter))
        connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - began


def told(taken: Import5000, bare: float) -> str:
    """The line of the report."""
    return (
        f"  CSV of {ROWS:,}      read and checked {taken.read:.2f} s, kept {taken.kept:.2f} s, confirmed"
        f" {taken.confirmed:.2f} s, invited {taken.invited:.1f} s by the worker, {AT_ONCE} an act"
        f" ({ROWS / taken.invited:.0f}/s);\n"
        f"                    {taken.whole / bare:.0f} times the bare csv module and plain INSERTs of as"
        f" much, {bare:.2f} s"
    )
