"""Imports while others press, close, take back and die: everyone once, and the rows say what is so.

Separate processes on one database. On PostgreSQL the first is seen to fail without its lock; SQLite lets
one writer in at a time, and shows that nobody is turned away.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hiring.kernel.clock import now, wall
from hiring.kernel.database import session, writing
from hiring.openings import import_running, sendings
from hiring.openings.actions import close_opening
from hiring.openings.imports import Import, ImportRow, progress_of
from hiring.openings.models import Application, Invitation
from hiring.openings.tasks import go_on_with_imports
from hiring.outbox.models import Message
from hiring.people.models import Person
from tests.factories import filed, opening, staff
from tests.races import together

pytestmark = pytest.mark.race
ROOT = Path(__file__).parents[2]
PEOPLE, KILLS = 150, 3


def act(part: str, import_id: str, by: str) -> str:
    """One of those who meet."""
    return {"confirm": confirm, "work": work, "close": close, "undo": undo}[part](
        UUID(import_id), UUID(by)
    )


def confirm(import_id: UUID, by: UUID) -> str:
    """Press the button of a page that was opened before."""
    batch, until = uuid4(), (now() + timedelta(days=7)).date()
    with writing():
        import_running.confirm(import_id, until=until, word="", seen="0", by=by, batch=batch)
    session.expire_all()
    return str(session.get_one(Import, import_id).batch)


def work(_import_id: UUID, _by: UUID) -> str:
    """Be the worker."""
    go_on_with_imports()
    return "worked"


def close(import_id: UUID, by: UUID) -> str:
    """Close the opening in the middle of it."""
    _in_the_middle(import_id)
    opening_id = session.get_one(Import, import_id).opening_id
    with writing():
        close_opening(opening_id, by=by)
    return "closed"


def undo(import_id: UUID, by: UUID) -> str:
    """Take the letters back in the middle of it."""
    _in_the_middle(import_id)
    batch = session.get_one(Import, import_id).batch
    assert batch
    with writing():
        sendings.take_back(batch, by=by)
    return "taken back"


def _in_the_middle(import_id: UUID) -> None:
    until = time.monotonic() + 20
    while not progress_of(import_id).get("invited") and time.monotonic() < until:
        session.rollback()
        time.sleep(0.01)


def brought(number: int = PEOPLE) -> tuple[UUID, UUID]:
    """A list of so many, not confirmed: its opening and itself."""
    opening_id, _step = opening()
    text = "E-mail;Town\n" + "".join(f"p{n:03}@example.org;Ghent\n" for n in range(number))
    return opening_id, filed(opening_id, text)


def meet(import_id: UUID, *parts: str) -> list[str]:
    """Let these meet."""
    by = str(staff("rae"))
    session.rollback()
    return together(act, *((part, str(import_id), by) for part in parts))


def invited(opening_id: UUID, *, closed: bool = False) -> int:
    """How many invitations there are, each of another person, each with its letter and its row."""
    session.expire_all()
    of_people = select(Person.normalised_address).join(
        Application, Application.person_id == Person.id
    )
    here = list(session.scalars(of_people.where(Application.opening_id == opening_id)))
    number = session.scalar(select(func.count()).select_from(Invitation)) or 0
    letters = select(Message.to_address).where(Message.kind == "invitation")
    if not closed:  # closing ends the letters that wait
        letters = letters.where(Message.state != "skipped")
    rows = select(ImportRow.normal).where(ImportRow.state == "invited")
    assert sorted(here) == sorted(session.scalars(letters)) == sorted(session.scalars(rows))  # type: ignore[type-var]
    assert len(set(here)) == len(here) == number
    return number


def test_two_who_confirm_at_once_confirm_once(app: Flask) -> None:
    opening_id, import_id = brought(30)
    one, other = meet(import_id, "confirm", "confirm")
    assert one == other
    go_on_with_imports()
    assert invited(opening_id) == 30
    assert session.scalar(select(func.count(Invitation.batch.distinct()))) == 1


def test_two_workers_invite_everyone_once(app: Flask) -> None:
    opening_id, import_id = brought()
    confirm(import_id, staff("rae"))
    assert meet(import_id, "work", "work") == ["worked", "worked"]
    assert invited(opening_id) == PEOPLE


def test_two_lists_of_the_same_strangers_get_to_know_everyone_once(app: Flask) -> None:
    lists = [brought(60), brought(60)]
    by = staff("rae")
    for _opening_id, import_id in lists:
        confirm(import_id, by)
    assert meet(lists[0][1], "work", "work") == ["worked", "worked"]
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Person)) == 60
    assert [progress_of(import_id) for _, import_id in lists] == [{"invited": 60}] * 2


def test_who_closes_the_opening_meanwhile_ends_it_and_the_rest_is_told(app: Flask) -> None:
    opening_id, import_id = brought()
    confirm(import_id, staff("rae"))
    assert meet(import_id, "work", "close") == ["worked", "closed"]
    number, found = invited(opening_id, closed=True), session.get_one(Import, import_id)
    assert 0 < number <= PEOPLE
    letters = select(Message.state).where(Message.kind == "invitation").distinct()
    assert session.scalars(letters).all() == ["skipped"], "Nothing is laid after it was closed."
    assert found.state == ("done" if number == PEOPLE else "stopped")
    assert progress_of(import_id).get("kept", 0) == PEOPLE - number


def test_who_takes_the_letters_back_meanwhile_undoes_all_of_it(app: Flask) -> None:
    opening_id, import_id = brought()
    confirm(import_id, staff("rae"))
    assert meet(import_id, "work", "undo") == ["worked", "taken back"]
    assert invited(opening_id) == 0
    assert progress_of(import_id) == {"kept": PEOPLE}
    assert session.get_one(Import, import_id).state in {"stopped", "done"}


def environment(app: Flask) -> dict[str, str]:
    """The settings by which another process meets this application's database."""
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql")
    folder = app.extensions["store"].prefix.parent
    return {
        **os.environ,
        "HIRING_ENV": "test",
        "HIRING_DATABASE_URL": url,
        "HIRING_DATA_DIR": str(folder),
    }


def test_a_worker_killed_again_and_again_invites_everyone_once(app: Flask) -> None:
    opening_id, import_id = brought(PEOPLE)
    confirm(import_id, staff("rae"))
    for _ in range(KILLS):
        before = progress_of(import_id).get("invited", 0)
        session.rollback()
        command = [sys.executable, "-m", "tests.openings.importer"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment(app), stdout=subprocess.PIPE)
        while progress_of(import_id).get("invited", 0) == before and process.poll() is None:
            session.rollback()
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.2))
        process.kill()
        process.communicate()
        with writing():  # half an hour later
            session.execute(update(Import).values(claimed_at=wall() - timedelta(minutes=30)))
    assert invited(opening_id) == progress_of(import_id).get("invited", 0), "Rows and people agree."
    go_on_with_imports()
    assert invited(opening_id) == PEOPLE
    assert session.get_one(Import, import_id).state == "done"
