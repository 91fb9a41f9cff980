"""`writing()` keeps its promises: one way in, nothing half done, nothing lost between two writers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, update

from hiring.kernel.clock import now
from hiring.kernel.database import afterwards, locked, session, writing
from hiring.ledger.models import Head
from hiring.people.models import Person
from tests.races import together


def someone(name: str = "Kit") -> Person:
    """A person that is not yet kept."""
    address = f"{name.lower()}@example.org"
    return Person(name=name, address=address, normalised_address=address, known_since=now())


def test_nothing_is_written_outside_it(app: Flask) -> None:
    session.add(someone())
    with pytest.raises(RuntimeError, match="only inside writing"):
        session.flush()
    session.rollback()
    with pytest.raises(RuntimeError, match="only inside writing"):
        session.execute(update(Person).values(name="Another"))


def test_it_does_not_nest(app: Flask) -> None:
    with writing(), pytest.raises(RuntimeError, match="does not nest"), writing():
        pass


def test_it_refuses_what_was_changed_before_it(app: Flask) -> None:
    session.add(someone())
    with pytest.raises(RuntimeError, match="changed outside"), writing():
        pass
    session.rollback()


def test_an_error_undoes_all_of_it(app: Flask) -> None:
    with pytest.raises(ValueError, match="half way"), writing():
        session.add(someone())
        session.flush()
        raise ValueError("half way")
    assert session.scalars(select(Person)).all() == []


def test_what_was_loaded_before_is_read_afresh(app: Flask) -> None:
    with writing():
        session.add(someone())
    person = session.scalars(select(Person)).one()
    assert person.name == "Kit"
    with app.app_context(), writing():
        session.execute(update(Person).values(name="Kit Marlowe"))
    with writing():
        assert session.get_one(Person, person.id).name == "Kit Marlowe"


def test_what_is_due_afterwards_is_called_after_the_commit_and_not_after_an_error(
    app: Flask,
) -> None:
    called: list[int] = []
    with writing():
        session.add(someone())
        afterwards(lambda: called.append(len(session.scalars(select(Person)).all())))
        assert called == []
    assert called == [1]
    with pytest.raises(ValueError, match="no"), writing():
        afterwards(lambda: called.append(2))
        raise ValueError("no")
    assert called == [1]


def test_instants_come_back_aware_and_in_utc(app: Flask) -> None:
    eastern = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with writing():
        session.add(Person(**{**vars_of(someone()), "known_since": eastern}))
    session.expire_all()
    assert session.scalars(select(Person.known_since)).one() == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def vars_of(person: Person) -> dict[str, object]:
    """Its columns as plain values."""
    names = ("name", "address", "normalised_address")
    return {name: getattr(person, name) for name in names}


def count_up(times: int) -> int:
    """One process's part: add one to the head's number, `times` times."""
    for _ in range(times):
        with writing():
            head = locked(select(Head))
            assert head is not None
            head.number += 1
    return times


@pytest.mark.race
def test_processes_that_count_at_once_lose_nothing(app: Flask) -> None:
    with writing():
        session.add(Head(number=0, hash=""))
    assert together(count_up, *[[25]] * 4) == [25] * 4
    session.expire_all()
    assert session.get_one(Head, 1).number == 100
