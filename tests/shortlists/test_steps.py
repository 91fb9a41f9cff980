"""From one step to the next: who is let through, how they hear, and what taking it back does."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.accounts.queries import addresses_of
from hiring.attempts.queries import alive_attempt
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.tokens import seal
from hiring.ledger.queries import faults
from hiring.openings import queries as openings_queries
from hiring.openings import roll, sendings
from hiring.openings.actions import change_opening, close_opening
from hiring.openings.extending import extend_invitation
from hiring.openings.inviting import invite_again, revoke_invitation
from hiring.openings.models import Application, DueInvitation, Invitation
from hiring.openings.queries import application_of, by_step, opening_of
from hiring.openings.rules import StepPlan, end_of
from hiring.openings.steps import add_step, change_step, close_step
from hiring.openings.tasks import invite_due
from hiring.outbox.models import Message
from hiring.people.models import Person
from hiring.shortlists import actions, queries
from hiring.shortlists.models import Decision
from tests.factories import browser, opening, signed_in, staff, started, version
from tests.shortlists.hires import WHY, decided, done, handed_in, marked_at, takes, two_steps

pytestmark = pytest.mark.usefixtures("app")
Placed = tuple[UUID, UUID, UUID, UUID]


def placed(**given: int) -> Placed:
    """An opening of two steps and Kit, who has taken the first one and is marked there."""
    opening_id, first, second = two_steps(**given)
    kit = handed_in(opening_id, "Kit Marlow")
    marked_at(first, {kit: 3})
    return opening_id, first, second, kit


def links(application_id: UUID, step_id: UUID) -> list[Invitation]:
    mine = (Invitation.application_id == application_id) & (Invitation.step_id == step_id)
    return list(session.scalars(select(Invitation).where(mine).order_by(Invitation.invited_at)))


def letters(kind: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.kind == kind)))


def where(application_id: UUID) -> tuple[UUID, str]:
    session.expire_all()
    application = application_of(application_id)
    return application.step_id, application.stage


# ── through ──


def test_an_advance_is_told_at_once_and_invites_to_the_next_step() -> None:
    _opening, first, second, kit = placed(open_days=7)
    assert where(kit) == (first, "submitted")
    id = decided(kit, "advance")
    assert where(kit) == (second, "invited")
    assert session.get_one(Decision, id).told_at is not None
    [link] = links(kit, second)
    lasts = openings_queries.today() + timedelta(days=7)
    assert link.expires_at.astimezone(openings_queries.zone()).date() == lasts
    letter = letters("invitation")[-1]
    assert "You are through to step 2 of 2" in letter.text
    assert list(faults()) == []


def test_the_first_letter_says_that_another_step_may_follow() -> None:
    placed()
    assert "This is step 1 of 2" in letters("invitation")[0].text


def test_with_an_interval_they_hear_now_and_are_invited_on_the_day() -> None:
    _opening, _first, second, kit = placed(wait_days=3, open_days=5)
    decided(kit, "advance")
    assert where(kit) == (second, "invited")
    assert links(kit, second) == []
    assert "You are through to step 2 of 2" in letters("way-on")[0].text
    due_at = session.get_one(DueInvitation, kit).due_at
    assert due_at.astimezone(openings_queries.zone()).hour == 8
    assert (due_at.date() - now().date()).days == 3
    with at(due_at - timedelta(minutes=1)):
        assert invite_due() == 0
    with at(due_at):
        assert invite_due() == 1
        assert invite_due() == 0
    assert len(links(kit, second)) == 1
    assert session.get(DueInvitation, kit) is None
    with at(due_at + timedelta(days=1)):
        done(takes(kit))
    assert where(kit) == (second, "submitted")


def test_nobody_is_hired_before_the_last_step_and_somebody_at_it() -> None:
    opening_id, _first, second, kit = placed()
    with pytest.raises(Refused, match="before the last step"):
        decided(kit, "hire")
    decided(kit, "advance")
    done(takes(kit))
    marked_at(second, {})
    decided(kit, "hire")
    assert where(kit) == (second, "decided")
    hired = queries.shortlist_of(opening_id).row_of(kit)
    advanced = queries.shortlist_of(opening_id, 1).row_of(kit)
    assert hired
    assert hired.decision
    assert hired.decision.verdict == "hire"
    assert hired.decision.told_at is None
    assert advanced
    assert advanced.decision
    assert advanced.decision.verdict == "advance"
    assert advanced.gone_on


def test_the_link_never_outlives_the_promised_day_and_late_advances_are_refused() -> None:
    opening_id, first, second, kit = placed(open_days=14)
    hear_by = openings_queries.opening_of(opening_id).hear_by
    with at(now() + timedelta(days=15)):
        decided(kit, "advance")
    [link] = links(kit, second)
    assert link.expires_at.astimezone(openings_queries.zone()).date() == hear_by
    ada = handed_in(opening_id, "Ada Byron")
    marked_at(first, {})
    with at(now() + timedelta(days=30)), pytest.raises(Refused, match="Move that day first"):
        decided(ada, "advance")
    assert where(ada) == (first, "submitted")


def test_nobody_is_let_through_by_a_letter_that_leaves_after_its_link_has_ended() -> None:
    opening_id, first, _second, kit = placed()
    rae, batch = staff("rae"), UUID(int=6)
    opening = openings_queries.opening_of(opening_id)
    late = end_of(opening.hear_by, openings_queries.zone()) - timedelta(minutes=4)
    with at(late), writing():
        sendings.begin(batch, opening_id=opening_id, people=2, by=rae, kind="advance")
    with at(late), pytest.raises(Refused, match="before its letter leaves"), writing():
        actions.decide(kit, verdict="advance", reason=WHY, after=0, by=rae, batch=batch)
    assert where(kit) == (first, "submitted")
    with at(late):
        decided(kit, "advance")


def test_each_shortlist_holds_those_who_took_its_step() -> None:
    opening_id, first, _second, kit = placed()
    ada = handed_in(opening_id, "Ada Byron")
    marked_at(first, {})
    decided(kit, "advance")
    one, two = (queries.shortlist_of(opening_id, number) for number in (1, 2))
    assert {row.application_id for row in one.rows} == {kit, ada}
    assert two.rows == ()
    assert (one.outside, two.outside) == (0, 1)
    assert "Kit Marlow" in {name for name, _address in two.others}
    done(takes(kit))
    two = queries.shortlist_of(opening_id, 2)
    assert [row.application_id for row in two.rows] == [kit]
    assert [name for name, _address in two.others] == ["Ada Byron"]
    assert queries.shortlist_of(opening_id).step == 2


def test_a_step_that_nobody_came_to_is_not_there_to_decide_at() -> None:
    _opening, _first, _second, kit = placed()
    for number in (0, 2, 3):
        with pytest.raises(Missing):
            decided(kit, "decline", number=number)


def test_a_decision_at_an_earlier_step_is_never_taken_for_one_at_a_later() -> None:
    _opening, _first, second, kit = placed()
    decided(kit, "advance")
    done(takes(kit))
    with pytest.raises(Refused, match="decided meanwhile"):
        decided(kit, "decline", number=1)
    with pytest.raises(Refused, match="gone on since"):
        decided(kit, "decline", number=1, after=1)
    assert where(kit) == (second, "submitted")


def test_whoever_marks_one_step_decides_nothing_at_another() -> None:
    opening_id, first, _second = two_steps()
    kit = handed_in(opening_id, "Kit Marlow")
    marked_at(first, {})
    zia, ola = staff("zia"), staff("ola")
    from hiring.accounts.actions import change_roles  # noqa: PLC0415

    with writing():
        change_roles(zia, roles=["recruiter", "reviewer"], by=ola)
    with pytest.raises(Missing):
        decided(kit, "advance", by="zia")
    with pytest.raises(Missing), writing():
        actions.clear_notes(kit, marks=[], by=zia, number=1)


# ── back ──


def test_taking_an_advance_back_revokes_the_link_that_was_not_used() -> None:
    _opening, first, second, kit = placed()
    decided(kit, "advance")
    [link] = links(kit, second)
    decided(kit, "hold", after=1, number=1)
    assert where(kit) == (first, "submitted")
    with pytest.raises(Refused, match="taken back"):
        started(link)
    assert session.scalar(alive_attempt(kit, step_id=second)) is None


def test_taking_an_advance_back_ends_an_invitation_that_waits() -> None:
    _opening, first, second, kit = placed(wait_days=2, open_days=3)
    decided(kit, "advance")
    decided(kit, "decline", after=1, number=1)
    assert where(kit) == (first, "decided")
    with at(now() + timedelta(days=3)):
        assert invite_due() == 0
    assert links(kit, second) == []


def test_who_had_begun_may_finish_and_nothing_tells_staff() -> None:
    opening_id, first, second, kit = placed()
    decided(kit, "advance")
    attempt_id = takes(kit)
    before = by_step({opening_id})
    decided(kit, "decline", after=1, number=1)
    done(attempt_id)
    assert where(kit) == (first, "decided")
    assert before[second] == {"invited": 1}
    assert by_step({opening_id})[second] == {}
    assert queries.shortlist_of(opening_id, 2).rows == ()


def test_advanced_again_they_find_what_they_did() -> None:
    opening_id, _first, second, kit = placed()
    decided(kit, "advance")
    attempt_id = takes(kit)
    decided(kit, "hold", after=1, number=1)
    done(attempt_id)
    decided(kit, "advance", after=2, number=1)
    assert where(kit) == (second, "submitted")
    assert [row.application_id for row in queries.shortlist_of(opening_id, 2).rows] == [kit]


def test_after_seventy_two_hours_an_advance_stands() -> None:
    _opening, _first, second, kit = placed()
    decided(kit, "advance")
    with at(now() + timedelta(hours=73)), pytest.raises(Refused, match="72 hours"):
        decided(kit, "hold", after=1, number=1)
    assert where(kit)[0] == second


def test_who_read_that_they_are_through_is_not_said_to_have_been_told_nothing(app: Flask) -> None:
    opening_id, first, second, kit = placed()
    with writing():
        close_step(first, by=staff("rae"))
    decided(kit, "advance")
    [link] = links(kit, second)
    rae, here = signed_in(app, "rae"), f"/staff/applications/{kit}/steps/1"
    typed = {"verdict": "hold", "reason": WHY, "after": "1"}
    answer = rae.post(f"{here}/decisions", data=typed)
    assert "They were told before that they are advanced" in rae.get(answer.location).text
    page = rae.get(here).text
    assert "Their letter has left: they think they are through" in page
    assert "They have not been told of this." in page
    assert "Nobody has been told." not in page
    [mailto] = re.findall(r'href="(mailto:[^"]+)"[^>]*>Write to them', page)
    address = session.scalars(select(Person.address).where(Person.name == "Kit Marlow")).one()
    assert mailto.startswith(f"mailto:{address}?")
    assert "Dear Kit Marlow,\n\nwe wrote to you" in unquote(html.unescape(mailto))
    gone = browser(app).get(f"/invitations/{seal('invitation', link.id)}")
    assert gone.status_code == 410
    assert "no other has taken its place" in gone.text
    decided(kit, "advance", after=2)
    assert "they think they are through" not in rae.get(here).text
    gone = browser(app).get(f"/invitations/{seal('invitation', link.id)}")
    assert "a newer link was sent" in gone.text


def test_letters_that_are_sent_now_have_told_and_do_not_wait_on(app: Flask) -> None:
    opening_id, first, _second, kit = placed()
    rae, batch = staff("rae"), UUID(int=12)
    with writing():
        close_step(first, by=rae)
    with writing():
        sendings.begin(batch, opening_id=opening_id, people=2, by=rae, kind="advance")
    with writing():
        actions.decide(kit, verdict="advance", reason=WHY, after=0, by=rae, batch=batch)
    client, here = signed_in(app, "rae"), f"/staff/applications/{kit}/steps/1"
    assert "Their letter leaves at" in client.get(here).text
    with writing():
        sendings.send_now(batch)
    page = client.get(here).text
    assert "Their letter leaves at" not in page
    assert "Told on" in page
    roll_page = client.get(f"/staff/openings/{opening_id}").text
    assert "the letter leaves at" not in roll_page
    assert "open until" in roll_page


def test_the_opening_leads_to_the_step_where_somebody_is_to_be_decided(app: Flask) -> None:
    opening_id, first, second, kit = placed()
    with writing():
        close_step(first, by=staff("rae"))
    rae, here = signed_in(app, "rae"), f"/staff/openings/{opening_id}"
    assert re.search(rf'href="{here}/steps/1/shortlist">\s*Shortlist', rae.get(here).text)
    decided(kit, "advance")
    page = rae.get(here).text
    assert re.search(rf'href="{here}/shortlist">\s*Shortlist', page)
    assert "One application, one at a later step, none to decide" in page
    assert f'href="/staff/applications/{kit}/steps/1"' in page
    done(takes(kit))
    with writing():
        close_step(second, by=staff("rae"))
    page = rae.get(here).text
    assert re.search(rf'href="{here}/steps/2/shortlist">\s*Shortlist', page)


def test_an_advance_whose_letter_never_left_needs_no_word(app: Flask) -> None:
    opening_id, first, _second, kit = placed()
    rae, batch = staff("rae"), UUID(int=10)
    with writing():
        close_step(first, by=rae)
    with writing():
        sendings.begin(batch, opening_id=opening_id, people=2, by=rae, kind="advance")
    with writing():
        actions.decide(kit, verdict="advance", reason=WHY, after=0, by=rae, batch=batch)
    with writing():
        sendings.take_back(batch, by=rae)
    page = signed_in(app, "rae").get(f"/staff/applications/{kit}/steps/1").text
    assert "Nobody has been told." in page
    assert "they think they are through" not in page


@pytest.mark.parametrize(("number", "said"), [(1, "Their letter is on its way"), (2, "Nobody has")])
def test_one_who_is_advanced_alone_is_said_to_be_written_to_where_that_is_so(
    app: Flask, number: int, said: str
) -> None:
    opening_id, first, second, kit = placed()
    if number == 2:
        decided(kit, "advance")
        done(takes(kit))
        marked_at(second, {})
    for step_id in (first, second)[:number]:
        with writing():
            close_step(step_id, by=staff("rae"))
    rae, path = signed_in(app, "rae"), f"/staff/openings/{opening_id}/steps/{number}"
    sent = {"verdict": "advance", "reason": WHY, "person": f"{kit} 0", "id": f"{UUID(int=11)}"}
    answer = rae.post(f"{path}/proposal", data=sent)
    assert f"One person is advanced. {said}" in rae.get(answer.location).text


# ── closing ──


def test_closing_ends_what_waits_and_lets_nobody_through_any_more() -> None:
    opening_id, first, second, kit = placed(wait_days=2, open_days=3)
    ada = handed_in(opening_id, "Ada Byron")
    marked_at(first, {})
    decided(kit, "advance")
    rae = staff("rae")
    with pytest.raises(Refused, match="It is 1 now"), writing():
        close_opening(opening_id, by=rae, ending=0)
    with writing():
        close_opening(opening_id, by=rae, ending=1)
    assert session.get(DueInvitation, kit) is None
    with at(now() + timedelta(days=3)):
        assert invite_due() == 0
    with pytest.raises(Refused, match="step 2 takes no more answers"):
        decided(ada, "advance")
    decided(ada, "decline")
    assert where(ada) == (first, "decided")
    assert where(kit) == (second, "invited")


def test_sending_again_and_revoking_do_not_leave_a_second_invitation_behind() -> None:
    opening_id, _first, second, kit = placed(wait_days=2, open_days=3)
    decided(kit, "advance")
    rae = staff("rae")
    with writing():
        invite_again(kit, expires_at=now() + timedelta(days=2), by=rae)
    with at(now() + timedelta(days=3)):
        assert invite_due() == 0
    assert len(links(kit, second)) == 1
    ada = handed_in(opening_id, "Ada Byron")
    marked_at(application_of(ada).step_id, {})
    decided(ada, "advance")
    with writing():
        revoke_invitation(ada, by=rae)
    with at(now() + timedelta(days=3)):
        assert invite_due() == 0


@pytest.mark.parametrize("ends", ["closing", "revoking"])
def test_a_letter_that_waits_does_not_promise_an_invitation_that_will_not_come(ends: str) -> None:
    opening_id, _first, _second, kit = placed(wait_days=2, open_days=3)
    rae, batch = staff("rae"), UUID(int=8)
    with writing():
        sendings.begin(batch, opening_id=opening_id, people=2, by=rae, kind="advance")
    with writing():
        actions.decide(kit, verdict="advance", reason=WHY, after=0, by=rae, batch=batch)
    assert [letter.state for letter in letters("way-on")] == ["waiting"]
    with writing():
        if ends == "closing":
            close_opening(opening_id, by=rae)
        else:
            revoke_invitation(kit, by=rae)
    session.expire_all()
    assert [letter.state for letter in letters("way-on")] == ["skipped"]


def test_sending_again_to_several_ends_no_invitation_that_comes_by_itself() -> None:
    opening_id, _first, _second, kit = placed(wait_days=2, open_days=3)
    decided(kit, "advance")
    rae, batch = staff("rae"), UUID(int=9)
    with writing():
        sendings.begin(batch, opening_id=opening_id, people=2, by=rae)
    with pytest.raises(Refused, match="by itself"), writing():
        invite_again(kit, expires_at=now() + timedelta(days=2), by=rae, batch=batch)
    with writing():
        sendings.take_back(batch, by=rae)
    with at(now() + timedelta(days=3)):
        assert invite_due() == 1


def test_an_invitation_that_comes_too_late_is_tried_no_more_and_said_until_the_day_is_moved(
    app: Flask,
) -> None:
    opening_id, _first, second, kit = placed(wait_days=2, open_days=3)
    decided(kit, "advance")
    rae, by = signed_in(app, "rae"), staff("rae")
    page, late = f"/staff/openings/{opening_id}", now() + timedelta(days=30)
    with at(late):
        assert openings_queries.due_now() == []
        assert invite_due() == 0
        rae = signed_in(app, "rae")
        assert "One person was let through and not invited" in rae.get("/staff").text
        assert "One person was let through and not invited" in rae.get(page).text
        found = rae.get(f"{page}?stage=missed").text
        assert "Kit Marlow" in found
        assert "The day by which people hear has passed. Move it" in found
        said = openings_queries.facts_of(opening_of(opening_id))
        later = replace(said, hear_by=openings_queries.today() + timedelta(days=9))
        with writing():
            change_opening(opening_id, later, seen=said.print, by=by)
        assert invite_due() == 1
        assert "not invited" not in rae.get(page).text.replace("Not invited in time", "")
    assert len(links(kit, second)) == 1


def test_an_invitation_that_is_still_to_come_was_not_taken_back() -> None:
    _opening, _first, _second, kit = placed(wait_days=2, open_days=3)
    decided(kit, "advance")
    rae = staff("rae")
    with pytest.raises(Refused, match="by itself, so there is no link yet"), writing():
        extend_invitation(kit, until=now() + timedelta(days=5), by=rae)


# ── steps that come later ──


def plan(**given: int) -> StepPlan:
    return StepPlan(version("nobody-asked-you").id, panel={staff("zia")}, **given)


def grown(opening_id: UUID, id: UUID, **given: int) -> UUID:
    later, rae = plan(**given), staff("rae")
    with writing():
        return add_step(opening_id, later, by=rae, id=id).id


def test_a_step_can_be_added_while_nobody_was_let_through_the_last(app: Flask) -> None:
    opening_id, first = opening(panel=["vic"], wanted_marks=1)
    kit = handed_in(opening_id, "Kit Marlow")
    marked_at(first, {})
    second = grown(opening_id, UUID(int=7), open_days=3)
    assert grown(opening_id, UUID(int=7), open_days=3) == second
    assert [step.position for step in openings_queries.opening_of(opening_id).steps] == [1, 2]
    decided(kit, "advance")
    assert where(kit) == (second, "invited")


@pytest.mark.parametrize("verdict", ["advance", "hire"])
def test_no_step_is_added_behind_somebody_who_is_through(app: Flask, verdict: str) -> None:
    opening_id, first = opening(panel=["vic"], wanted_marks=1)
    kit = handed_in(opening_id, "Kit Marlow")
    marked_at(first, {})
    decided(kit, verdict)
    with pytest.raises(Refused, match="would have missed this one"):
        grown(opening_id, UUID(int=7), open_days=3)
    decided(kit, "hold", after=1)
    grown(opening_id, UUID(int=7), open_days=3)


def test_nobody_marks_an_added_step_beside_their_own_work(app: Flask) -> None:
    opening_id, _first = opening(panel=["vic"], wanted_marks=1)
    zia = staff("zia")
    handed_in(opening_id, "Zia", address=addresses_of([zia])[zia])
    with pytest.raises(Refused, match="takes part in this opening"):
        grown(opening_id, UUID(int=7), open_days=3)


def test_an_added_step_must_fit_the_promised_day(app: Flask) -> None:
    opening_id, _first = opening(panel=["vic"])
    with pytest.raises(Refused, match="people hear in 21"):
        grown(opening_id, UUID(int=7), wait_days=10, open_days=11)
    grown(opening_id, UUID(int=7), wait_days=10, open_days=10)


def test_a_rule_and_an_interval_change_and_an_older_form_overwrites_nothing(app: Flask) -> None:
    _opening, _first, second = two_steps()
    rae = staff("rae")
    seen = session.get_one(openings_queries.Step, second).print
    words = {"wait_days": 1, "open_days": 2, "proposes": "mean", "bar": 60}
    with writing():
        change_step(second, **words, seen=seen, by=rae)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="changed this step meanwhile"), writing():
        change_step(second, **words, seen=seen, by=rae)  # type: ignore[arg-type]
    step = session.get_one(openings_queries.Step, second)
    assert (step.wait_days, step.open_days, step.proposes, step.bar) == (1, 2, "mean", 60)


# ── lists ──


def test_the_roll_says_who_waits_for_an_invitation(app: Flask) -> None:
    opening_id, _first, _second, kit = placed(wait_days=2, open_days=3)
    decided(kit, "advance")
    [row] = roll.standings(list(session.scalars(roll.applications(opening_id))))
    assert row.due_at == session.get_one(DueInvitation, kit).due_at
    assert row.step == 2
    ended = session.scalars(roll.applications(opening_id, stage="ended")).all()
    assert ended == []
    at_two = session.scalars(roll.applications(opening_id, step=2)).all()
    assert [one.id for one in at_two] == [kit]
    assert session.scalars(roll.applications(opening_id, step=1)).all() == []


def test_applications_know_one_stage_each_however_many_steps(app: Flask) -> None:
    opening_id, first, _second, kit = placed()
    decided(kit, "advance")
    attempt_id = takes(kit)
    done(attempt_id)
    counts = openings_queries.stages_of({opening_id})[opening_id]
    assert sum(counts.values()) == len(session.scalars(select(Application.id)).all()) == 1
    assert by_step({opening_id})[first] == {}
