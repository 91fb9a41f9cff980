"""Links that last longer, by staff: told to their holders, never shorter, never beyond the promise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hiring.attempts.tasks import remind_due
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.ledger.models import Entry
from hiring.openings import sendings
from hiring.openings.applications import note_stage
from hiring.openings.inviting import revoke_invitation, take_more_days
from hiring.openings.mail import link_of
from hiring.openings.models import Extension, Invitation
from hiring.outbox.delivery import deliver
from hiring.outbox.models import Message
from tests.factories import invited, opening, signed_in, staff

MAILS = Path(__file__).parent / "mails"


@pytest.fixture
def open_one(app: Flask) -> UUID:
    return opening()[0]


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def day(days: int) -> date:
    return (now() + timedelta(days=days)).date()


def extends(
    rae: FlaskClient, opening_id: UUID, until: date, *people: Invitation, **given: Any
) -> Any:
    form = {"application": [str(one.application_id) for one in people], "until": until.isoformat()}
    return rae.post(f"/staff/openings/{opening_id}/extensions", data={**form, **given})


def ends(invitation: Invitation) -> datetime:
    session.rollback()
    session.expire_all()
    return session.get_one(Invitation, invitation.id).expires_at


def letters() -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message).where(Message.kind == "extension")))


def test_the_letter_of_a_link_that_lasts_longer(app: Flask) -> None:
    with at(datetime(2026, 11, 21, 9, 0, tzinfo=UTC)):
        opening_id, _step = opening(title="Support lead")
        kit = invited(opening_id, expires_at=now() + timedelta(days=3))
        extends(signed_in(app, "rae"), opening_id, day(10), kit)
    [letter] = letters()
    assert letter.subject == "Until Tuesday 1 December: Support lead"
    assert letter.text.replace(link_of(kit), "LINK") == (MAILS / "extension.txt").read_text()
    assert link_of(kit) in letter.html


def test_a_link_lasts_longer_and_the_ledger_keeps_both_ends(
    rae: FlaskClient, open_one: UUID
) -> None:
    kit = invited(open_one, expires_at=now() + timedelta(days=3))
    assert extends(rae, open_one, day(9), kit).status_code == 303
    assert ends(kit).date() == day(9)
    assert "One link lasts until" in rae.get(f"/staff/openings/{open_one}").text
    [entry] = session.scalars(select(Entry).where(Entry.kind == "invitation-extended")).all()
    assert entry.facts == {"would_have_ended": f"{day(3)}", "ends": f"{day(9)}"}


def test_a_link_that_has_ended_opens_again(rae: FlaskClient, open_one: UUID) -> None:
    kit = invited(open_one, expires_at=now() + timedelta(days=1))
    with at(now() + timedelta(days=2)):
        extends(signed_in(rae.application, "rae"), open_one, day(5), kit)
        assert session.get_one(Invitation, kit.id).is_open(now())


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (40, "an invitation must end by then"),
        (-1, "That day has passed."),
        (3, "it never gets shorter"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_changes_nothing(
    rae: FlaskClient, open_one: UUID, days: int, told: str
) -> None:
    kit = invited(open_one, expires_at=now() + timedelta(days=5))
    before = ends(kit)
    answer = extends(rae, open_one, day(days), kit)
    assert answer.status_code == 422
    assert told in answer.text
    assert ends(kit) == before
    assert not letters()


def test_who_was_taken_back_or_has_submitted_is_left_out_and_told_of(
    rae: FlaskClient, open_one: UUID
) -> None:
    kit, ana, bo = (invited(open_one, f"{name}@example.org") for name in ("kit", "ana", "bo"))
    by = staff("rae")
    with writing():
        revoke_invitation(ana.application_id, by=by)
        note_stage(bo.application_id, "submitted")
    extends(rae, open_one, day(18), kit, ana, bo)
    page = rae.get(f"/staff/openings/{open_one}").text
    assert "For 2 of the people you chose nothing was done." in page
    assert [letter.about for letter in letters()] == [kit.id]


def test_a_form_that_comes_twice_tells_once(rae: FlaskClient, open_one: UUID) -> None:
    kit, form_id = invited(open_one), str(uuid4())
    for _twice in "12":
        assert extends(rae, open_one, day(18), kit, id=form_id).status_code == 303
    assert len(letters()) == 1


def test_several_letters_wait_and_taken_back_the_links_end_as_before(
    rae: FlaskClient, open_one: UUID
) -> None:
    people = [invited(open_one, f"{name}@example.org") for name in ("kit", "ana")]
    before, batch, by = [ends(one) for one in people], uuid4(), staff("rae")
    extends(rae, open_one, day(18), *people, id=str(batch))
    deliver()
    assert {letter.state for letter in letters()} == {"waiting"}
    with writing():
        sendings.take_back(batch, by=by)
    assert [ends(one) for one in people] == before
    assert {letter.state for letter in letters()} == {"skipped"}
    assert not session.scalars(select(Extension)).all()


def test_days_that_a_candidate_took_meanwhile_are_not_taken_from_them(
    rae: FlaskClient, open_one: UUID
) -> None:
    people = [invited(open_one, f"{name}@example.org") for name in ("kit", "ana")]
    batch, by = uuid4(), staff("rae")
    extends(rae, open_one, day(16), *people, id=str(batch))
    with writing():
        until = take_more_days(people[0].id).expires_at
    with writing():
        sendings.take_back(batch, by=by)
    assert ends(people[0]) == until


def test_the_new_end_is_reminded_of(rae: FlaskClient, open_one: UUID) -> None:
    kit = invited(open_one, expires_at=now() + timedelta(days=5))
    with at(now() + timedelta(days=3)):
        assert remind_due() == 1  # of the old end
        extends(signed_in(rae.application, "rae"), open_one, day(10), kit)
        assert remind_due() == 0
    with at(now() + timedelta(days=11)):
        assert remind_due() == 1
