"""A person is known once."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.people.actions import person_for
from hiring.people.models import Person
from hiring.people.queries import cards, ids_by_address
from tests.races import together


def test_two_spellings_are_one_person(app: Flask) -> None:
    with writing():
        first = person_for("Kit@Example.org", name="Kit Marlow").id
    with writing():
        again = person_for("kit@EXAMPLE.ORG", name="Christopher")
        assert again.id == first
    assert (again.name, again.address) == ("Kit Marlow", "Kit@Example.org")


def test_a_name_that_was_missing_is_filled_in(app: Flask) -> None:
    with writing():
        id = person_for("kit@example.org", name="").id
    assert cards([id])[id].name == "kit@example.org"
    assert not cards([id])[id].named
    with writing():
        person_for("kit@example.org", name="Kit Marlow")
    session.expire_all()
    assert cards([id])[id].name == "Kit Marlow"
    assert session.get_one(Person, id).sought == "kit marlow kit@example.org"


def test_what_is_no_address_makes_nobody(app: Flask) -> None:
    with pytest.raises(Refused), writing():
        person_for("kit", name="Kit")
    assert session.scalar(select(func.count(Person.id))) == 0


def test_many_cards_and_addresses_are_read_in_portions(app: Flask) -> None:
    with writing():
        ids = [person_for(f"p{n}@example.org", name=f"P {n}").id for n in range(700)]
    assert len(cards([*ids, *ids])) == 700
    assert ids_by_address(["p3@example.org", "nobody@example.org"]) == {"p3@example.org": ids[3]}


def get_to_know(address: str) -> str:
    """What each process of the race does."""
    with writing():
        person = person_for(address, name="Kit")
        time.sleep(0.2)  # so that the others look for them before this act is over
    return str(person.id)


@pytest.mark.race
def test_several_who_meet_a_new_person_at_once_know_one_person(app: Flask) -> None:
    spellings = ["kit@example.org", "Kit@Example.org", "KIT@example.org", "kit@EXAMPLE.ORG"]
    ids = together(get_to_know, *([one] for one in spellings))
    assert len(set(ids)) == 1
    assert session.scalar(select(func.count(Person.id))) == 1
