"""Letters that did not arrive are shown on the person's row, and the address is put right from there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.tokens import seal
from hiring.ledger.models import Entry
from hiring.openings.actions import close_opening
from hiring.openings.applications import note_stage
from hiring.openings.applying import Applicant, apply
from hiring.openings.models import Application, Invitation, Opening
from hiring.outbox.models import Message
from hiring.people.models import Person
from tests.factories import browser, invited, opening, signed_in, staff

NOBODY = "550 5.1.1 <kit@exmaple.org> User unknown"


@pytest.fixture
def open_one(app: Flask) -> UUID:
    return opening()[0]


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def comes_back(invitation: Invitation, state: str = "failed", error: str = NOBODY) -> None:
    """The other side said no, or nothing."""
    with writing():
        letter = session.scalars(select(Message).where(Message.about == invitation.id)).one()
        letter.state, letter.error, letter.settled_at = state, error, now()


def path(opening_id: UUID, invitation: Invitation) -> str:
    return f"/staff/openings/{opening_id}/applications/{invitation.application_id}/address"


def letters_to(address: str) -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message).where(Message.to_address == address)))


def test_a_letter_that_came_back_stands_on_the_row_with_what_to_do(
    rae: FlaskClient, open_one: UUID
) -> None:
    kit = invited(open_one, "kit@exmaple.org")
    invited(open_one, "ana@example.org", "Ana Pires")
    comes_back(kit)
    page = rae.get(f"/staff/openings/{open_one}").text
    for said in (
        "One person’s letter did not arrive",
        "There is no such mailbox.",
        "letter came back",
    ):
        assert said in page
    assert path(open_one, kit) in page
    assert "User unknown" in rae.get(path(open_one, kit)).text
    found = rae.get(f"/staff/openings/{open_one}?stage=returned").text
    assert "Kit Marlow" in found
    assert "Ana Pires" not in found


def test_a_held_letter_is_not_called_refused(rae: FlaskClient, open_one: UUID) -> None:
    comes_back(invited(open_one), "held", "It was handed over, and no reply came.")
    page = rae.get(f"/staff/openings/{open_one}").text
    assert "letter held" in page
    assert "Nobody knows whether it arrived." in page


def test_a_letter_that_came_back_is_no_matter_once_a_fresh_one_went(
    rae: FlaskClient, open_one: UUID
) -> None:
    kit = invited(open_one)
    comes_back(kit)
    rae.post(f"/staff/openings/{open_one}/repeats", data={"application": [str(kit.application_id)]})
    page = rae.get(f"/staff/openings/{open_one}").text
    assert "letter came back" not in page
    assert "did not arrive" not in page


def test_who_marks_is_not_told_whose_letter_came_back(app: Flask) -> None:
    opening_id, _step = opening(panel=["uma"])
    kit = invited(opening_id)
    comes_back(kit)
    uma = signed_in(app, "uma")
    assert "did not arrive" not in uma.get(f"/staff/openings/{opening_id}").text
    assert uma.get(path(opening_id, kit)).status_code == 404


def test_an_address_put_right_gets_a_fresh_link_and_the_old_one_is_closed(
    rae: FlaskClient, open_one: UUID
) -> None:
    kit = invited(open_one, "kit@exmaple.org", word="Glad you asked.")
    comes_back(kit)
    answer = rae.post(path(open_one, kit), data={"address": " kit@example.org "})
    assert answer.status_code == 303
    [letter] = letters_to("kit@example.org")
    assert "Glad you asked." in letter.text
    old, new = session.scalars(select(Invitation).order_by(Invitation.invited_at)).all()
    assert (old.revoked_at is None, new.revoked_at) == (False, None)
    assert new.expires_at == old.expires_at
    assert "did not arrive" not in rae.get(f"/staff/openings/{open_one}").text
    assert "kit@example.org" in rae.get(f"/staff/openings/{open_one}?q=kit@example").text
    [entry] = session.scalars(select(Entry).where(Entry.kind == "address-mended")).all()
    assert "example.org" not in str(vars(entry))
    assert "exmaple" not in str(vars(entry))


BAD = [
    ("", "Write the address."),
    ("kit", "an address has an @ in it"),
    ("kit@exmaple.org", "That is the address we have."),
    ("ANA@example.org", "Somebody else is known by this address"),
    ("kit@example.org\nBcc: x@example.org", "There are two @ in this address."),
]


@pytest.mark.parametrize(("typed", "told"), BAD)
def test_an_address_that_cannot_be_theirs_changes_nothing(
    rae: FlaskClient, open_one: UUID, typed: str, told: str
) -> None:
    kit = invited(open_one, "kit@exmaple.org")
    invited(open_one, "ana@example.org", "Ana Pires")
    answer = rae.post(path(open_one, kit), data={"address": typed})
    assert answer.status_code == 422
    assert told in answer.text
    assert session.scalars(select(Person.address).order_by(Person.address)).all() == [
        "ana@example.org",
        "kit@exmaple.org",
    ]
    assert session.get_one(Invitation, kit.id).revoked_at is None


def test_the_address_of_who_has_submitted_is_put_right_without_a_letter(
    rae: FlaskClient, open_one: UUID
) -> None:
    kit = invited(open_one, "kit@exmaple.org")
    with writing():
        note_stage(kit.application_id, "submitted")
    answer = rae.post(path(open_one, kit), data={"address": "kit@example.org"})
    assert answer.status_code == 303
    assert not letters_to("kit@example.org")
    assert session.scalars(select(Person.normalised_address)).one() == "kit@example.org"


def test_somebody_of_another_opening_is_not_found_here(rae: FlaskClient, open_one: UUID) -> None:
    kit, other = invited(open_one), opening()[0]
    assert rae.post(path(other, kit), data={"address": "k@example.org"}).status_code == 404


def test_links_end_at_the_wrong_address_in_every_opening_they_are_in(
    app: Flask, rae: FlaskClient, open_one: UUID
) -> None:
    wrong = "kit@exmaple.org"
    here, there = invited(open_one, wrong), invited(opening(title="Driver")[0], wrong)
    ended_id, _step = opening(title="Cook")
    ended = invited(ended_id, wrong)
    rae_id = staff("rae")
    with writing():
        close_opening(ended_id, by=rae_id)
    rae.post(path(open_one, here), data={"address": "kit@example.org"})
    assert sorted(letter.subject for letter in letters_to("kit@example.org")) == [
        "A task for you: Driver",
        "A task for you: Support lead",
    ]
    session.expire_all()
    for old in (here, there):
        assert session.get_one(Invitation, old.id).revoked_at is not None
        assert browser(app).get(f"/invitations/{seal('invitation', old.id)}").status_code == 410
    assert browser(app).get(f"/invitations/{seal('invitation', ended.id)}").status_code == 410
    assert "2 fresh links go there" in rae.get(f"/staff/openings/{open_one}").text
    entries = session.scalars(select(Entry.subject).where(Entry.kind == "address-mended")).all()
    assert len(set(entries)) == 3


def test_a_link_that_has_ended_at_the_wrong_address_gives_nobody_more_days(
    app: Flask, rae: FlaskClient, open_one: UUID
) -> None:
    until = now() + timedelta(days=2)
    kit = invited(open_one, "kit@exmaple.org", expires_at=until)
    with writing():
        session.get_one(Application, kit.application_id).by_form = True
        session.get_one(Opening, open_one).public_form = True
    with at(until + timedelta(days=1)):
        mended = rae.post(path(open_one, kit), data={"address": "kit@example.org"})
        assert mended.status_code == 303
        assert letters_to("kit@example.org") == []
        link = f"/invitations/{seal('invitation', kit.id)}"
        browser(app).post(f"{link}/more-days")
        assert browser(app).get(link).status_code == 410
        with writing():  # but they may apply anew, and nobody tells them that they were turned away
            apply(open_one, Applicant("kit@example.org", "Kit Marlow", "I agree"))
    assert [one.kind for one in letters_to("kit@example.org")] == ["applied"]
    session.rollback()
    assert session.get_one(Invitation, kit.id).expires_at == until
