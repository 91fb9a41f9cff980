"""Opening, panel, inviting, taking back, closing."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from hiring.attempts.blind import BlindAnswer
from hiring.attempts.closing import settle
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.events import listen
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import inviting, queries
from hiring.openings.actions import close_opening, create_opening
from hiring.openings.applications import correct_name, note_stage
from hiring.openings.events import OpeningCreated, PanelChanged, StepClosed
from hiring.openings.inviting import invite_again, revoke_invitation
from hiring.openings.mail import link_of
from hiring.openings.models import Application, Invitation, Opening
from hiring.openings.panel import PanelMember, panel_of, steps_of_member
from hiring.openings.rules import Facts, Guest, StepPlan
from hiring.openings.steps import change_panel
from hiring.outbox.models import Message
from hiring.people.actions import person_for
from hiring.people.models import Person
from tests.factories import invited, opening, saved, staff, started, submitted, version
from tests.races import tell_held, together, wait_until_held

MAILS = Path(__file__).parent / "mails"


def invite(opening_id: UUID, *addresses: str, **given: Any) -> list[Invitation]:
    """Rae invites for a fortnight."""
    given = {"expires_at": now() + timedelta(days=14), "by": staff("rae"), **given}
    with writing():
        return inviting.invite(opening_id, guests=[Guest(a) for a in addresses], **given)


def count(model: type[Any], *conditions: Any) -> int:
    """How many rows there are now, whatever this test has read before."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def stage_of(application_id: UUID) -> str:
    session.expire_all()
    return session.get_one(Application, application_id).stage


# ── opening ──


def test_an_opening_has_a_step_a_panel_and_an_address(app: Flask) -> None:
    opening_id, step_id = opening(title="Support lead", panel=("vic", "wen"))
    made = queries.opening_of(opening_id)
    assert (made.slug, made.contact_id, made.closed_at) == ("support-lead", staff("rae"), None)
    assert panel_of(step_id).account_ids == {staff("vic"), staff("wen")}
    assert panel_of(step_id).wanted_marks == 2
    assert steps_of_member(staff("vic")) == {step_id}
    assert steps_of_member(staff("zia")) == frozenset()


def test_an_equal_title_gets_an_address_of_its_own(app: Flask) -> None:
    published = version().id
    slugs = [queries.opening_of(opening(version_id=published)[0]).slug for _ in range(3)]
    assert slugs == ["support-lead", "support-lead-2", "support-lead-3"]


def test_an_opening_is_announced(app: Flask) -> None:
    heard: list[object] = []
    listen(OpeningCreated, heard.append)
    opening_id, _step = opening()
    assert heard[-1] == OpeningCreated(opening_id=opening_id, by=staff("rae"))


REFUSED = [
    ({"hear_by": now().date() - timedelta(days=1)}, "hear_by"),
    ({"wanted_marks": 10}, "wanted_marks"),
    ({"version_id": uuid4()}, "version"),
]


@pytest.mark.parametrize(("given", "field"), REFUSED)
def test_what_an_opening_may_not_be_is_refused_whole(
    app: Flask, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        opening(**given)
    assert refusal.value.field == field
    assert count(Opening) == 0


def test_who_is_no_reviewer_cannot_be_on_a_panel(app: Flask) -> None:
    with pytest.raises(Refused) as refusal:
        opening(panel=("rae",))
    assert refusal.value.field == "panel"


# ── panel ──


def test_a_changed_panel_keeps_who_was_on_it(app: Flask) -> None:
    _opening, step_id = opening(panel=("vic", "wen"))
    heard: list[object] = []
    listen(PanelChanged, heard.append)
    members = {staff("wen"), staff("zia")}
    with writing():
        change_panel(step_id, members=members, wanted_marks=3, by=staff("rae"))
    session.expire_all()
    assert panel_of(step_id).account_ids == {staff("wen"), staff("zia")}
    assert panel_of(step_id).wanted_marks == 3
    left = session.scalars(select(PanelMember).where(PanelMember.left_at.is_not(None))).one()
    assert left.account_id == staff("vic")
    assert heard == [PanelChanged(step_id=step_id, by=staff("rae"))]


def test_who_left_can_join_again(app: Flask) -> None:
    _opening, step_id = opening(panel=("vic",))
    for members in (set(), {staff("vic")}):
        with writing():
            change_panel(step_id, members=members, wanted_marks=2, by=staff("rae"))
    session.expire_all()
    assert panel_of(step_id).account_ids == {staff("vic")}
    assert len(panel_of(step_id).members) == 2


# ── inviting ──


def test_the_letter_of_an_invitation(app: Flask) -> None:
    with at(now().replace(2026, 11, 21, 9, 0, 0, 0)):
        opening_id, _step = opening(title="Support lead")
        word = "Rae here.\n\nWe met at the bike fair <in Ghent>."
        made = invited(opening_id, "kit@example.org", "Kit Marlow", word=word)
    letter = session.scalars(select(Message).where(Message.about == made.id)).one()
    assert (letter.to_address, letter.to_name) == ("kit@example.org", "Kit Marlow")
    assert (letter.subject, letter.reply_to) == (
        "A task for you: Support lead",
        "rae@osier.example",
    )
    assert letter.text.replace(link_of(made), "LINK") == (MAILS / "invitation.txt").read_text()
    assert "&lt;in Ghent&gt;" in letter.html
    assert link_of(made) in letter.html


def test_one_letter_for_each_and_each_with_a_link_of_their_own(app: Flask) -> None:
    opening_id, _step = opening()
    made = invite(opening_id, "kit@example.org", "ana@example.org")
    letters = session.scalars(select(Message).where(Message.kind == "invitation")).all()
    assert {letter.about for letter in letters} == {one.id for one in made}
    for one in made:
        assert queries.invitation_of(link_of(one).rpartition("/")[2]).id == one.id


@pytest.mark.parametrize("token", ["", "x" * 43, "../../etc"])
def test_a_forged_link_opens_nothing(app: Flask, token: str) -> None:
    with pytest.raises(Missing):
        queries.invitation_of(token)


def test_who_is_in_the_opening_is_not_invited_twice_by_another_spelling(app: Flask) -> None:
    opening_id, _step = opening()
    assert len(invite(opening_id, "kit@example.org")) == 1
    assert invite(opening_id, "KIT@Example.org", "kit@EXAMPLE.ORG") == []
    assert count(Application) == 1


def test_one_person_can_be_in_two_openings(app: Flask) -> None:
    published = version().id
    for _number in range(2):
        assert len(invite(opening(version_id=published)[0], "kit@example.org")) == 1
    assert count(Person) == 1
    assert count(Application) == 2


def test_a_list_that_comes_twice_tells_what_it_sent(app: Flask) -> None:
    opening_id, _step = opening()
    batch = uuid4()
    first = invite(opening_id, "kit@example.org", "ana@example.org", batch=batch)
    again = invite(opening_id, "kit@example.org", "ana@example.org", "bo@example.org", batch=batch)
    assert {one.id for one in first} < {one.id for one in again}
    assert len(again) == 3
    assert count(Message, Message.kind == "invitation") == 3


def test_an_address_that_is_none_undoes_the_whole_list(app: Flask) -> None:
    opening_id, _step = opening()
    with pytest.raises(Refused):
        invite(opening_id, "kit@example.org", "nobody")
    assert count(Application) == 0
    assert count(Message, Message.kind == "invitation") == 0


def test_nobody_is_invited_for_a_day_that_has_passed(app: Flask) -> None:
    opening_id, _step = opening()
    with pytest.raises(Refused) as refusal:
        invite(opening_id, "kit@example.org", expires_at=now())
    assert refusal.value.field == "until"


def test_sending_again_makes_a_new_link_and_leaves_the_old(app: Flask) -> None:
    opening_id, _step = opening()
    first = invited(opening_id)
    with writing():
        later = now() + timedelta(days=16)
        second = invite_again(first.application_id, expires_at=later, by=staff("rae"))
    assert second.id != first.id
    assert session.get_one(Invitation, first.id).is_open(now())
    assert count(Message, Message.kind == "invitation") == 2


def test_taking_back_ends_every_link_and_sending_again_gives_a_fresh_one(app: Flask) -> None:
    opening_id, _step = opening()
    first = invited(opening_id)
    until = now() + timedelta(days=2)
    with writing():
        invite_again(first.application_id, expires_at=until, by=staff("rae"))
    with writing():
        taken = revoke_invitation(first.application_id, by=staff("rae"))
    assert len(taken) == 2
    assert not any(one.is_open(now()) for one in session.scalars(select(Invitation)))
    with writing():
        invite_again(first.application_id, expires_at=until, by=staff("rae"))
    assert sum(one.is_open(now()) for one in session.scalars(select(Invitation))) == 1


def test_who_has_submitted_is_neither_asked_again_nor_taken_back(app: Flask) -> None:
    id = invited(opening()[0]).application_id
    with writing():
        note_stage(id, "submitted")
    with pytest.raises(Refused), writing():
        revoke_invitation(id, by=staff("rae"))
    with pytest.raises(Refused), writing():
        invite_again(id, expires_at=now() + timedelta(days=1), by=staff("rae"))


def test_a_link_ends_by_itself(app: Flask) -> None:
    made = invited(opening()[0], expires_at=now() + timedelta(days=1))
    assert made.is_open(now())
    assert not made.is_open(now() + timedelta(days=1))


# ── stages and closing ──


def test_a_stage_is_noted_and_who_withdrew_stays_withdrawn(app: Flask) -> None:
    id = invited(opening()[0]).application_id
    for stage, kept in [
        ("submitted", "submitted"),
        ("withdrawn", "withdrawn"),
        ("decided", "withdrawn"),
    ]:
        with writing():
            note_stage(id, stage)
        assert stage_of(id) == kept
    with pytest.raises(ValueError, match="started"), writing():
        note_stage(id, "started")


def test_a_closed_opening_takes_no_more_and_says_so_once(app: Flask) -> None:
    opening_id, step_id = opening()
    heard: list[object] = []
    listen(StepClosed, heard.append)
    first = invited(opening_id)
    for _twice in range(2):
        with writing():
            close_opening(opening_id, by=staff("rae"))
    session.expire_all()
    assert panel_of(step_id).closed_at is not None
    assert queries.opening_of(opening_id).closed_at is not None
    assert heard == [StepClosed(step_id=step_id, by=staff("rae"))]
    with pytest.raises(Refused, match="no more"):
        invite(opening_id, "ana@example.org")
    until = now() + timedelta(days=1)
    with pytest.raises(Refused, match="no more"), writing():
        invite_again(first.application_id, expires_at=until, by=staff("rae"))


# ── races ──


def invite_three(opening_id: str, by: str, *addresses: str) -> int:
    """What each process of the race does."""
    with writing():
        until = now() + timedelta(days=7)
        guests = [Guest(address) for address in addresses]
        return len(inviting.invite(UUID(opening_id), guests=guests, expires_at=until, by=UUID(by)))


@pytest.mark.race
@pytest.mark.parametrize("known", [False, True])
def test_two_recruiters_who_invite_the_same_people_at_once_send_one_letter_each(
    app: Flask, known: bool
) -> None:
    opening_id, _step = opening()
    people = ["kit@example.org", "ana@example.org", "bo@example.org"]
    if known:
        with writing():
            for address in people:
                person_for(address, name="")
    asked = [[f"{opening_id}", f"{staff('rae')}", *order] for order in (people, people[::-1]) * 2]
    assert sorted(together(invite_three, *asked)) == [0, 0, 0, 3]
    assert count(Person) == 3
    assert count(Message, Message.kind == "invitation") == 3


@pytest.mark.race
def test_two_openings_that_meet_the_same_new_people_do_not_wait_for_each_other(app: Flask) -> None:
    published = version().id
    ids = [opening(version_id=published)[0] for _number in range(2)]
    people = [f"p{number}@example.org" for number in range(20)]
    asked = [[f"{ids[n]}", f"{staff('rae')}", *people[:: 1 - 2 * n]] for n in range(2)]
    assert together(invite_three, *asked) == [20, 20]
    assert count(Person) == 20


def open_one(version_id: str, by: str) -> str:
    """What each process of the race does."""
    with writing():
        return create_opening(
            Facts("Support lead", "contract", "€ 1", now().date() + timedelta(days=9)),
            steps=[StepPlan(UUID(version_id))], by=UUID(by),
        ).slug  # fmt: skip


@pytest.mark.race
def test_equal_titles_at_once_get_different_addresses(app: Flask) -> None:
    asked = [[f"{version().id}", f"{staff('rae')}"]] * 4
    slugs = together(open_one, *asked)
    assert sorted(slugs) == ["support-lead", "support-lead-2", "support-lead-3", "support-lead-4"]


def open_once(version_id: str, by: str, id: str) -> str:
    """What each process of the race does: the same form, sent by an impatient hand."""
    with writing():
        return str(create_opening(
            Facts("Support lead", "contract", "€ 1", now().date() + timedelta(days=9)),
            steps=[StepPlan(UUID(version_id))], by=UUID(by), id=UUID(id),
        ).id)  # fmt: skip


@pytest.mark.race
def test_a_form_that_arrives_four_times_at_once_makes_one_opening(app: Flask) -> None:
    id = str(uuid4())
    assert together(open_once, *[[f"{version().id}", f"{staff('rae')}", id]] * 4) == [id] * 4
    assert count(Opening) == 1


def test_closing_is_refused_when_another_number_of_links_would_end(app: Flask) -> None:
    opening_id, step_id = opening()
    invited(opening_id)
    rae = staff("rae")
    with pytest.raises(Refused, match="It is 1 now"), writing():
        close_opening(opening_id, ending=0, by=rae)
    assert panel_of(step_id).closed_at is None
    with writing():
        close_opening(opening_id, ending=1, by=rae)
    with writing():  # pressed twice
        close_opening(opening_id, ending=7, by=rae)


def invite_or_close(opening_id: str, by: str, what: str, first: str) -> object:
    """What each process of the race does: who is first stays within the act while the other begins."""
    if what != first:
        wait_until_held()
    with writing():
        done = _invites_or_closes(UUID(opening_id), UUID(by), what)
        if what == first:
            tell_held()
            time.sleep(0.8)
    return done


def _invites_or_closes(opening_id: UUID, by: UUID, what: str) -> object:
    if what == "close":
        return close_opening(opening_id, ending=0, by=by).slug
    until = now() + timedelta(days=3)
    return len(
        inviting.invite(opening_id, guests=[Guest("kit@example.org")], expires_at=until, by=by)
    )


@pytest.mark.race
@pytest.mark.parametrize(
    ("first", "results"), [("close", ["support-lead", "Refused"]), ("invite", ["Refused", 1])]
)
def test_who_closes_and_who_invites_at_once_do_not_pass_each_other_by(
    app: Flask, first: str, results: list[object]
) -> None:
    opening_id, step_id = opening(title="Support lead")
    both = ([f"{opening_id}", f"{staff('rae')}", what, first] for what in ("close", "invite"))
    assert together(invite_or_close, *both) == results
    session.rollback()
    assert count(Application) == (first == "invite")
    assert (panel_of(step_id).closed_at is None) == (first == "invite")


def test_a_name_put_right_while_someone_works_is_the_one_that_is_covered(app: Flask) -> None:
    opening_id, _step = opening()
    one = invited(opening_id, "kit@example.org", "Kid Marlov")
    attempt_id = started(one)
    saved(attempt_id, "Kit Marlow says so.")
    with writing():
        correct_name(one.application_id, "Kit Marlow", by=staff("rae"))
    submitted(attempt_id)
    with at(now() + timedelta(minutes=11)):
        assert settle(attempt_id)
    texts = [f"{answer.value}" for answer in session.scalars(select(BlindAnswer))]
    assert any("[name] says so." in text for text in texts)
    assert not any("Marlow" in text for text in texts)
