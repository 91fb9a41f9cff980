"""Erasing at the same moment as others act, from separate processes on one database.

Each was seen to fail on PostgreSQL with every lock taken out (see `tests/races.py`), or else with the one
lock alone that it is about.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from hiring.attempts.closing import settle
from hiring.attempts.models import Attempt
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.ledger import queries as ledger
from hiring.ledger.models import Entry
from hiring.openings import erasing, import_running
from hiring.openings.imports import Import, ImportRow
from hiring.openings.inviting import invite
from hiring.openings.models import Application, Invitation
from hiring.openings.rules import Guest
from hiring.openings.tasks import erase_due, go_on_with_imports
from hiring.outbox.models import Message
from hiring.people.models import Person
from tests import factories as make
from tests.races import tell_held, together, wait_until_held

pytestmark = pytest.mark.race
LATER = timedelta(days=400)
ADDRESS = "kit@example.org"


def worker() -> int:
    """One of the workers, when the day has come."""
    with at(now() + LATER):
        return erase_due()


def test_several_workers_erase_each_person_once(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1)
    for number in range(12):
        make.invited(opening_id, f"person-{number}@example.org", f"Person {number}")
    make.taken(opening_id)
    session.rollback()
    done = together(worker, *[[]] * 4)
    assert sum(done) == 13
    kinds = list(session.scalars(select(Entry.kind)))
    assert kinds.count("application-erased") == 13
    assert session.scalar(select(func.count()).where(Person.erased_at.is_(None))) == 0
    assert list(ledger.faults()) == []


def act(what: str, id: str, rae: str) -> str:
    """Either of two acts that meet."""
    if what == "erase":
        with writing():
            return str(erasing.erase(UUID(id), by=UUID(rae)))
    with writing():
        until = now() + timedelta(days=14)
        guests = [Guest(ADDRESS, "Kit Marlow")]
        return str(len(invite(UUID(id), guests=guests, expires_at=until, by=UUID(rae))))


@pytest.mark.parametrize("_again", range(3))
def test_who_is_invited_elsewhere_meanwhile_is_somebody_there(app: Flask, _again: int) -> None:
    here, there = make.opening()[0], make.opening(title="Baker")[0]
    application_id, rae = make.invited(here).application_id, make.staff("rae")
    session.rollback()
    both = [["erase", str(application_id), str(rae)], ["invite", str(there), str(rae)]]
    assert together(act, *both) == ["True", "1"]
    rows = select(Person.address).join(Application, Application.person_id == Person.id)
    assert session.scalars(rows.where(Application.opening_id == there)).all() == [ADDRESS]
    assert session.scalars(rows.where(Application.opening_id == here)).all() == [""]


def slowly(what: str, id: str, rae: str) -> str:
    """Erase somebody and stay in the act for a while, or invite them elsewhere in the middle of it."""
    if what == "invite":
        wait_until_held()
        return act(what, id, rae)
    with writing():
        done = erasing.erase(UUID(id), by=UUID(rae))
        tell_held()
        time.sleep(0.8)
    return str(done)


def test_who_is_invited_elsewhere_while_they_are_erased_is_somebody_new_there(app: Flask) -> None:
    here, there = make.opening()[0], make.opening(title="Baker")[0]
    application_id, rae = make.invited(here).application_id, make.staff("rae")
    session.rollback()
    both = [["erase", str(application_id), str(rae)], ["invite", str(there), str(rae)]]
    assert together(slowly, *both) == ["True", "1"]
    rows = select(Person.address, Person.erased_at).join(
        Application, Application.person_id == Person.id
    )
    assert session.execute(rows.where(Application.opening_id == there)).all() == [(ADDRESS, None)]
    waiting = select(Message.to_address).where(Message.state == "waiting")
    assert list(session.scalars(waiting.where(Message.kind == "invitation"))) == [ADDRESS]


def test_of_two_openings_of_one_person_erased_at_once_the_last_takes_the_name(app: Flask) -> None:
    ids = [make.invited(make.opening(title=title)[0]).application_id for title in ("Cook", "Baker")]
    rae = make.staff("rae")
    session.rollback()
    assert together(act, *[["erase", str(id), str(rae)] for id in ids]) == ["True", "True"]
    assert session.scalar(select(func.count()).where(Person.erased_at.is_(None))) == 0
    assert session.scalar(select(func.count()).where(Person.address != "")) == 0


def crowded(what: str, id: str, rae: str) -> str:
    """Invite from the lists that wait, slowly, or erase somebody in the middle of it."""
    if what == "erase":
        wait_until_held()
        return act(what, id, rae)
    really = import_running.invite

    def slowly(*args: Any, **given: Any) -> list[Invitation]:
        tell_held()
        time.sleep(1)
        return really(*args, **given)

    with patch.object(import_running, "invite", slowly):
        go_on_with_imports()
    return "worked"


def test_erasing_and_inviting_from_a_list_that_names_them_wait_for_each_other(app: Flask) -> None:
    opening_id, _step = make.opening()
    rae, import_id = make.staff("rae"), make.filed(opening_id, f"{ADDRESS}\nilse@example.org\n")
    until = (now() + timedelta(days=7)).date()
    with writing():
        import_running.confirm(import_id, until=until, word="", seen="0", by=rae, batch=uuid4())
    application_id = make.invited(opening_id).application_id
    session.rollback()
    both = [["work", str(import_id), str(rae)], ["erase", str(application_id), str(rae)]]
    assert together(crowded, *both) == ["worked", "True"]
    found = session.get_one(Import, import_id, populate_existing=True)
    assert (found.state, found.error) == ("done", None)
    rows = select(ImportRow.text, ImportRow.state).order_by(ImportRow.number)
    assert session.execute(rows).all() == [("", "passed"), ("ilse@example.org", "invited")]


def meet(what: str, id: str, rae: str) -> str:
    """Close an attempt that is due, or erase whose it is."""
    if what == "erase":
        with writing():
            return str(erasing.erase(UUID(id), by=UUID(rae)))
    with at(now() + timedelta(minutes=11)):
        return str(settle(UUID(id)))


def test_work_that_closes_meanwhile_is_erased_with_the_rest(app: Flask) -> None:
    opening_id, _step = make.opening()
    rae = make.staff("rae")
    attempt_id = make.started(make.invited(opening_id))
    make.saved(attempt_id, "unmistakable words")
    make.submitted(attempt_id)
    application_id = session.get_one(Attempt, attempt_id).application_id
    session.rollback()
    both = [["erase", str(application_id), str(rae)], ["close", str(attempt_id), str(rae)]]
    done = together(meet, *both)
    assert done[0] == "True"
    assert done[1] in {"True", "False"}
    with session.connection() as connection:
        values = connection.exec_driver_sql(
            "SELECT CAST(value AS TEXT) FROM blind_answers"
        ).scalars()
        assert not [value for value in values if "unmistakable" in value]
