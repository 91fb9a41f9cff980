"""What erasing somebody does to the files of people that name them, in their opening and in others."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.openings import (
    erasing,
    import_reading,
    import_running,
    importing,
    imports,
    sendings,
)
from hiring.openings.imports import Import, ImportRow
from hiring.openings.tasks import erase_due, go_on_with_imports
from hiring.people.models import Person
from hiring.people.tasks import erase_strangers
from tests import factories as make

ADDRESS = "kit@example.org"
SHEET = f"Name;E-mail\nKit Marlow;{ADDRESS}\nIlse Ackermann;ilse@example.org\n"
READ = {"encoding": "utf-8", "separator": ";", "heading": "y", "role": ["name", "address"]}


def erase(application_id: UUID) -> None:
    rae = make.staff("rae")
    with writing():
        assert erasing.erase(application_id, by=rae)
    session.expire_all()


def rows(import_id: UUID) -> list[tuple[str, str]]:
    """The line of each row and how it stands."""
    session.rollback()
    found = select(ImportRow.text, ImportRow.state).where(ImportRow.import_id == import_id)
    return [(row[0], row[1]) for row in session.execute(found.order_by(ImportRow.number))]


# ── In the opening where they were erased ──


@pytest.mark.parametrize("seen", ["0", "1"])
def test_a_list_that_was_read_before_brings_nobody_back(app: Flask, seen: str) -> None:
    opening_id, _step = make.opening()
    import_id, invitation = make.filed(opening_id, SHEET), make.invited(opening_id)
    read_before = import_reading.read(SHEET.encode())
    erase(invitation.application_id)
    with pytest.raises(Refused), writing():
        importing.reread(import_id, read_before, seen=seen)
    assert ("", "passed") in rows(import_id)
    assert session.get_one(Import, import_id).revision == 1


def test_reading_again_is_not_offered_when_the_file_is_gone(app: Flask) -> None:
    opening_id, _step = make.opening()
    import_id, invitation = make.filed(opening_id, SHEET), make.invited(opening_id)
    rae, page = make.signed_in(app, "rae"), f"/staff/openings/{opening_id}/imports/{import_id}"
    assert "Read it again" in rae.get(page).text
    erase(invitation.application_id)
    shown = rae.get(page).text
    assert "Read it again" not in shown
    assert "as somebody in it was erased" in shown
    assert "No column holds addresses" not in shown
    pressed = rae.post(f"{page}/reading", data={**READ, "seen": "1"})
    assert "or somebody in it was erased" in pressed.text
    assert ("", "passed") in rows(import_id)


# ── In other openings ──


def test_the_day_of_one_opening_invites_nobody_out_of_another(app: Flask) -> None:
    here, there = make.opening(kept_months=1)[0], make.opening(title="Baker")[0]
    draft, waiting = make.filed(there, SHEET), make.filed(there, SHEET)
    invitation = make.invited(here)
    until = (now() + timedelta(days=7)).date()
    with writing():
        import_running.confirm(
            waiting, until=until, word="", seen="0", by=make.staff("rae"), batch=uuid4()
        )
    before = rows(draft), rows(waiting)
    with at(now() + timedelta(days=200)):
        assert erase_due() == 1
    assert (rows(draft), rows(waiting)) == before
    assert imports.has_file(draft)
    assert session.get_one(Person, invitation.application.person_id).address == ""
    session.rollback()
    go_on_with_imports()
    assert {state for _text, state in rows(waiting)} == {"invited"}
    known = select(Person.address).where(Person.erased_at.is_(None)).order_by(Person.address)
    assert list(session.scalars(known)) == ["ilse@example.org", ADDRESS]


def test_who_asked_for_it_stands_on_no_list_and_the_row_says_erased(app: Flask) -> None:
    here, there = make.opening()[0], make.opening(title="Baker")[0]
    import_id, invitation = make.filed(there, SHEET), make.invited(here)
    erase(invitation.application_id)
    assert [state for _text, state in rows(import_id)] == ["passed", "kept"]
    assert not imports.has_file(import_id)
    page = (
        make.signed_in(app, "rae").get(f"/staff/openings/{there}/imports/{import_id}?state=").text
    )
    assert "Erased." in page
    assert "Invited by somebody else meanwhile" not in page


def test_whose_letter_was_taken_back_stays_ready_on_the_list(app: Flask) -> None:
    import_id = make.filed(make.opening()[0], SHEET, confirmed=True)
    batch = session.get_one(Import, import_id).batch
    assert batch
    with writing():
        sendings.take_back(batch, by=make.staff("rae"))
    before = rows(import_id)
    with at(now() + timedelta(hours=25)):
        assert erase_strangers() == 2
    assert rows(import_id) == before
    assert {state for _text, state in before} == {"kept"}
