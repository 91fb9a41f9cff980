"""Start, save, choose, submit, take back, close: what each leaves in the tables, on a moved clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.datastructures import MultiDict

from hiring.attempts import actions, queries
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.blinding import Masked, mask_answers
from hiring.attempts.masking import Mask
from hiring.attempts.models import Answer, Attempt, Revision, Submission, TimeGrant
from hiring.attempts.tasks import close_due
from hiring.kernel.clock import at, now
from hiring.kernel.database import db, session, writing
from hiring.kernel.refusals import Missing, Refused
from hiring.openings.inviting import invite_again, revoke_invitation
from hiring.openings.models import Application, Invitation
from hiring.openings.steps import close_step
from hiring.outbox.models import Message
from tests import factories as make

MINUTES = timedelta(minutes=1)
TOO_LONG = "a" * 100_001


@pytest.fixture
def invitation(app: Flask) -> Invitation:
    """Kit's invitation."""
    return make.invited(make.opening()[0])


@pytest.fixture
def attempt_id(invitation: Invitation) -> UUID:
    """Kit has begun."""
    return make.started(invitation)


def head(attempt_id: UUID, task: int = 2) -> str:
    session.rollback()
    return str(queries.desk_of(attempt_id).work(task).value["text"])


def kept(attempt_id: UUID) -> list[str]:
    """How each accepted text of the second task is kept, in order."""
    answer_id = queries.desk_of(attempt_id).work(2).answer_id
    mine = select(Revision.kept).where(Revision.answer_id == answer_id)
    return list(session.scalars(mine.order_by(Revision.number)))


def count(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


# ── starting ─────────────────────────────────────────────────────────────────


def test_starting_makes_one_attempt_with_an_empty_answer_a_task(attempt_id: UUID) -> None:
    desk = queries.desk_of(attempt_id)
    assert [work.number for work in desk.works] == [1, 2, 3, 4]
    assert desk.empty_numbers == [1, 2, 3, 4]
    assert desk.timer.shown_end - desk.timer.started_at == 35 * MINUTES
    assert count(TimeGrant) == 0


def test_starting_again_finds_the_attempt_that_has_begun(
    invitation: Invitation, attempt_id: UUID
) -> None:
    assert make.started(invitation, factor=3) == attempt_id
    assert count(Attempt) == 1
    assert queries.timer_of(attempt_id).factor == 1


def test_more_time_is_taken_by_one_press_and_kept_as_a_grant_without_a_giver(
    invitation: Invitation,
) -> None:
    desk = queries.desk_of(make.started(invitation, factor=2))
    assert desk.timer.shown_end - desk.timer.started_at == 70 * MINUTES
    grant = session.scalars(select(TimeGrant)).one()
    assert (grant.factor, grant.granted_by) == (2.0, None)


def test_the_largest_grant_in_force_counts(attempt_id: UUID) -> None:
    attempt = session.get_one(Attempt, attempt_id)
    application_id, step_id, ola = attempt.application_id, attempt.step_id, make.staff("ola")
    with writing():
        for factor in (1.5, 3.0, 2.0):
            session.add(TimeGrant(application_id=application_id, step_id=step_id, factor=factor,
                                  granted_at=now(), granted_by=ola))  # fmt: skip
    assert queries.timer_of(attempt_id).factor == 3.0


@pytest.mark.parametrize("factor", [0.5, 10.5])
def test_no_factor_is_under_one_or_over_ten(invitation: Invitation, factor: float) -> None:
    with pytest.raises(Refused):
        make.started(invitation, factor=factor)
    assert count(Attempt) == 0


def test_a_revoked_an_old_and_a_closed_invitation_start_nothing(invitation: Invitation) -> None:
    step_id, application_id = invitation.step_id, invitation.application_id
    with at(now() + timedelta(days=15)), pytest.raises(Refused, match="has ended"):
        make.started(invitation)
    with writing():
        revoke_invitation(application_id, by=make.staff("rae"))
    with pytest.raises(Refused, match="taken back"):
        make.started(invitation)
    with writing():
        fresh = invite_again(
            application_id, expires_at=now() + timedelta(days=2), by=make.staff("rae")
        )
        close_step(step_id, by=make.staff("rae"))
    with pytest.raises(Refused, match="no more answers"):
        make.started(fresh)
    assert count(Attempt) == 0


def test_who_has_begun_goes_on_with_an_old_link(invitation: Invitation, attempt_id: UUID) -> None:
    with at(now() + timedelta(days=15)):
        assert make.started(invitation) == attempt_id


# ── saving ───────────────────────────────────────────────────────────────────


def test_a_save_is_a_numbered_revision_and_the_same_text_again_is_none(attempt_id: UUID) -> None:
    first = make.saved(attempt_id, "One.", nth=1)
    again = make.saved(attempt_id, "One.", nth=2)
    second = make.saved(attempt_id, "One. Two.", nth=3)
    assert [(s.kept, s.number) for s in (first, again, second)] == [
        ("standing", 1), ("same", 1), ("standing", 2),
    ]  # fmt: skip
    assert head(attempt_id) == "One. Two."


def test_an_empty_answer_has_no_revision_until_something_is_written_and_can_be_emptied(
    attempt_id: UUID,
) -> None:
    assert make.saved(attempt_id, "  \n", nth=1).number == 0
    make.saved(attempt_id, "Something", nth=2)
    assert make.saved(attempt_id, "", nth=3).number == 2
    assert head(attempt_id) == ""


def test_an_older_base_of_another_tab_is_kept_beside_and_the_person_chooses(
    attempt_id: UUID,
) -> None:
    make.saved(attempt_id, "Mine", tab="a", nth=1)
    other = make.saved(attempt_id, "Other", tab="b", nth=1, base=0)
    assert (other.kept, other.reason, other.number, other.head) == ("aside", "newer", 2, 1)
    assert head(attempt_id) == "Mine"
    make.saved(attempt_id, "Other, longer", tab="b", nth=2, base=0)
    choose(attempt_id, 2)
    assert head(attempt_id) == "Other, longer"
    assert queries.desk_of(attempt_id).work(2).beside == 0
    assert kept(attempt_id) == ["standing", "aside", "aside", "standing"]


def test_choosing_what_stands_makes_no_revision(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Mine", tab="a", nth=1)
    make.saved(attempt_id, "Other", tab="b", nth=1, base=0)
    choose(attempt_id, 1)
    assert head(attempt_id) == "Mine"
    assert kept(attempt_id) == ["standing", "aside"]
    assert queries.desk_of(attempt_id).work(2).beside == 0


def test_after_a_choice_a_tab_that_knows_nothing_of_it_overwrites_nothing(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Mine", tab="a", nth=1)
    make.saved(attempt_id, "Other", tab="b", nth=1, base=0)
    choose(attempt_id, 2)
    assert make.saved(attempt_id, "Mine, on", tab="a", nth=2, base=1).kept == "aside"
    assert make.saved(attempt_id, "Other, on", tab="b", nth=2, base=0).kept == "aside"
    assert head(attempt_id) == "Other"


def test_texts_of_windows_without_a_script_are_each_offered(attempt_id: UUID) -> None:
    for text in ("First", "Second", "Third"):
        make.saved(attempt_id, text, tab="", base=0)
    work = queries.desk_of(attempt_id).work(2)
    beside = queries.texts_beside(work.answer_id, since=work.beside)
    assert [text.value["text"] for text in beside] == ["Second", "Third"]
    choose(attempt_id, 2)
    assert head(attempt_id) == "Second"


def test_what_is_no_longer_offered_cannot_be_chosen(attempt_id: UUID) -> None:
    make.saved(attempt_id, "One", nth=1)
    make.saved(attempt_id, "Two", nth=2)
    for number in (1, 99, -1):
        with pytest.raises(Refused):
            choose(attempt_id, number)
    assert head(attempt_id) == "Two"


def choose(
    attempt_id: UUID, number: int, *, seen: int | None = None, tab: str = "", own: int = 0
) -> None:
    """A choice among all that there is, or among what there was at revision `seen`."""
    work = queries.desk_of(attempt_id).work(2)
    with writing():
        actions.choose(
            attempt_id, task_id=work.task.id, number=number, tab=tab, own=own, arrived_at=now(),
            seen=work.last if seen is None else seen,
        )  # fmt: skip


@pytest.mark.parametrize("base", [0, 1])
def test_a_text_that_came_after_the_choice_was_shown_is_offered_before_anything_is_chosen(
    attempt_id: UUID, base: int
) -> None:
    make.saved(attempt_id, "Theirs", tab="b", nth=1)
    make.saved(attempt_id, "Mine", tab="a", nth=1, base=0)
    make.saved(attempt_id, "Theirs, and much more", tab="b" if base else "c", nth=2, base=base)
    with pytest.raises(Refused, match="another window"):
        choose(attempt_id, 2, seen=2, tab="a")
    work = queries.desk_of(attempt_id).work(2)
    beside = queries.texts_beside(work.answer_id, since=work.beside)
    offered = {work.value["text"], *(kept.value["text"] for kept in beside)}
    assert {"Mine", "Theirs, and much more"} <= offered
    choose(attempt_id, 2, tab="a")
    assert head(attempt_id) == "Mine"


def test_what_the_choosing_window_wrote_on_since_is_meant(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Theirs", tab="b", nth=1)
    make.saved(attempt_id, "Mine", tab="a", nth=1, base=0)
    on = make.saved(attempt_id, "Mine, on", tab="a", nth=2, base=0)
    choose(attempt_id, 2, seen=2, tab="a", own=on.number)
    assert head(attempt_id) == "Mine, on"


def test_a_choice_that_is_pressed_twice_is_one(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Theirs", tab="b", nth=1)
    make.saved(attempt_id, "Mine", tab="a", nth=1, base=0)
    choose(attempt_id, 2, seen=2, tab="a")
    choose(attempt_id, 2, seen=2, tab="a")
    assert kept(attempt_id) == ["standing", "aside", "standing"]


def test_what_a_window_had_beside_waits_no_more_once_it_stands(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Handed in", tab="a", nth=1)
    make.submitted(attempt_id)
    make.saved(attempt_id, "Handed in, and m", tab="a", nth=2, base=1)
    take_back(attempt_id)
    make.saved(attempt_id, "Handed in, and more", tab="a", nth=3, base=1)
    work = queries.desk_of(attempt_id).work(2)
    assert work.value["text"] == "Handed in, and more"
    assert queries.texts_beside(work.answer_id, since=work.beside) == []


def test_the_very_same_request_gets_the_very_same_answer(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Mine", tab="a", nth=1)
    first = make.saved(attempt_id, "Other", tab="b", nth=1, base=0)
    make.saved(attempt_id, "Mine, on", tab="a", nth=2)
    again = make.saved(attempt_id, "Other", tab="b", nth=1, base=0)
    assert (again.kept, again.number) == (first.kept, first.number)
    assert len(kept(attempt_id)) == 3


def test_a_save_that_its_own_tab_overtook_is_an_echo(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Newer", nth=2)
    assert make.saved(attempt_id, "Older", nth=1, base=0).kept == "echo"
    assert head(attempt_id) == "Newer"


def test_a_save_counts_half_a_minute_after_the_close_and_is_sealed_later(attempt_id: UUID) -> None:
    closes = queries.timer_of(attempt_id).closes_at
    with at(closes + timedelta(seconds=30)):
        assert make.saved(attempt_id, "In time", nth=1).kept == "standing"
    with at(closes + timedelta(seconds=30.5)):
        late = make.saved(attempt_id, "Too late", nth=2)
    assert (late.kept, late.reason) == ("sealed", "late")
    assert head(attempt_id) == "In time"


def test_a_save_after_handing_in_is_kept_beside_what_was_handed_in(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Handed in", nth=1)
    make.submitted(attempt_id)
    later = make.saved(attempt_id, "Handed in, and more", nth=2)
    assert (later.kept, later.reason) == ("aside", "submitted")
    assert head(attempt_id) == "Handed in"


def test_a_text_that_is_too_long_is_refused_and_what_stood_stands(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Short", nth=1)
    with pytest.raises(Refused, match="100,001"):
        make.saved(attempt_id, TOO_LONG, nth=2)
    make.saved(attempt_id, TOO_LONG[1:], nth=3)
    assert len(head(attempt_id)) == 100_000


def test_a_task_of_another_attempt_is_missing(attempt_id: UUID) -> None:
    with pytest.raises(Missing), writing():
        actions.save(attempt_id, task_id=uuid4(), fields={}, base=0, tab="t", nth=1,  # type: ignore[arg-type]
                     arrived_at=now())  # fmt: skip


def test_saving_reads_one_row_and_writes_two(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Warm", nth=1)
    task_id = queries.desk_of(attempt_id).work(2).task.id
    spoken: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: spoken.append(told[2]))
    with writing():
        actions.save(attempt_id, task_id=task_id, fields=MultiDict({"text": "Next"}), base=1,
                     tab="t", nth=2, arrived_at=now())  # fmt: skip
    assert [statement.split()[0] for statement in spoken if "BEGIN" not in statement] == [
        "SELECT", "INSERT", "UPDATE",
    ]  # fmt: skip


# ── handing in and taking back ───────────────────────────────────────────────


def test_handing_in_twice_is_once_with_one_receipt_and_one_mail(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Two words", nth=1)
    make.submitted(attempt_id)
    make.submitted(attempt_id)
    submission = session.scalars(select(Submission)).one()
    assert (submission.by, submission.words, submission.revisions) == ("candidate", 2, 1)
    assert session.scalars(select(Message).where(Message.kind == "receipt")).one()
    assert stage(attempt_id) == "submitted"


def test_taking_back_lets_one_write_on_and_hand_in_anew(attempt_id: UUID) -> None:
    make.saved(attempt_id, "First", nth=1)
    make.submitted(attempt_id)
    take_back(attempt_id)
    take_back(attempt_id)
    assert stage(attempt_id) == "invited"
    assert make.saved(attempt_id, "Second", nth=2).kept == "standing"
    make.submitted(attempt_id)
    codes = list(session.scalars(select(Submission.code)))
    assert len(set(codes)) == 2
    assert queries.submission_of(attempt_id)


def test_after_ten_minutes_or_at_the_end_nothing_is_taken_back(attempt_id: UUID) -> None:
    make.submitted(attempt_id)
    with at(now() + 10 * MINUTES), pytest.raises(Refused, match="stays handed in"):
        take_back(attempt_id)
    assert stage(attempt_id) == "submitted"


def take_back(attempt_id: UUID) -> None:
    with writing():
        actions.take_back(attempt_id, at=now())


def stage(attempt_id: UUID) -> str:
    application_id = session.get_one(Attempt, attempt_id).application_id
    return session.get_one(Application, application_id, populate_existing=True).stage


# ── closing ──────────────────────────────────────────────────────────────────


def test_the_sweep_closes_what_is_due_and_nothing_else(attempt_id: UUID) -> None:
    make.saved(attempt_id, "In time", nth=1)
    closes = queries.timer_of(attempt_id).closes_at
    with at(closes + timedelta(seconds=34)):
        assert close_due() == 0
    with at(closes + timedelta(seconds=36)):
        assert close_due() == 1
        assert close_due() == 0
    attempt = session.get_one(Attempt, attempt_id)
    assert (attempt.closed_by, attempt.finished_at) == ("clock", closes)
    assert session.scalars(select(Submission)).one().by == "clock"
    assert session.scalars(select(Message).where(Message.kind == "receipt")).one()
    assert stage(attempt_id) == "submitted"


def test_what_was_handed_in_closes_when_it_can_no_longer_be_taken_back(attempt_id: UUID) -> None:
    make.submitted(attempt_id)
    pressed = queries.timer_of(attempt_id).submitted_at
    assert pressed
    with at(pressed + 9 * MINUTES):
        assert close_due() == 0
    with at(pressed + 10 * MINUTES):
        assert close_due() == 1
    attempt = session.get_one(Attempt, attempt_id)
    assert (attempt.closed_by, attempt.finished_at) == ("submission", pressed)


def test_closing_makes_a_masked_answer_a_task_under_one_alias(invitation: Invitation) -> None:
    attempt_id = make.started(invitation)
    make.saved(attempt_id, "Kit Marlow wrote this. Call +32 9 123 45 67.", nth=1)
    make.submitted(attempt_id)
    with at(now() + 11 * MINUTES):
        close_due()
    made = list(session.scalars(select(BlindAnswer)))
    assert len({answer.alias for answer in made}) == 1
    assert len(made) == 4
    written = next(answer for answer in made if not answer.empty)
    assert written.value == {"text": "[name] wrote this. Call [address]."}
    assert (written.words, written.wants_person) == (10, True)
    by_application = queries.answers_by_application(invitation.step_id)
    assert {id for _, id in by_application[invitation.application_id]} == {a.id for a in made}


def test_what_changed_after_the_masking_is_masked_in_the_act(invitation: Invitation) -> None:
    attempt_id = make.started(invitation)
    make.saved(attempt_id, "Kit Marlow wrote this.", nth=1)
    before = mask_answers(attempt_id)
    make.saved(attempt_id, "Kit Marlow wrote more.", nth=2)
    make.submitted(attempt_id)
    with at(now() + 11 * MINUTES), writing():
        assert actions.close(attempt_id, masked=before, at=now())
    texts = [a.value["text"] for a in session.scalars(select(BlindAnswer)) if not a.empty]
    assert texts == ["[name] wrote more."]


def test_a_name_that_changed_after_the_masking_is_masked_as_it_is_now(
    invitation: Invitation,
) -> None:
    attempt_id = make.started(invitation)
    make.saved(attempt_id, "Kit Marlow wrote this.", nth=1)
    answers = mask_answers(attempt_id).values
    before = Masked(Mask.of("Someone Else"), {id: {"text": "Kit Marlow"} for id in answers})
    make.submitted(attempt_id)
    with at(now() + 11 * MINUTES), writing():
        assert actions.close(attempt_id, masked=before, at=now())
    texts = [a.value["text"] for a in session.scalars(select(BlindAnswer)) if not a.empty]
    assert texts == ["[name] wrote this."]


def test_aliases_differ_within_a_step(app: Flask) -> None:
    opening_id, step_id = make.opening()
    for number in range(6):
        make.taken(opening_id, f"p{number}@example.org", f"Person {number}")
    aliases = session.execute(
        select(BlindAnswer.alias, func.count())
        .where(BlindAnswer.step_id == step_id)
        .group_by(BlindAnswer.alias)
    )
    assert [number for _, number in aliases] == [4] * 6


def test_what_comes_after_closing_is_sealed_and_never_marked(attempt_id: UUID) -> None:
    make.saved(attempt_id, "In time", nth=1)
    with at(queries.timer_of(attempt_id).closes_at + MINUTES):
        close_due()
        assert make.saved(attempt_id, "Too late", nth=2).kept == "sealed"
        assert [text.value for text in queries.sealed_texts(attempt_id).values()] == [
            {"text": "Too late"}
        ]
    assert "Too late" not in {str(answer.value) for answer in session.scalars(select(BlindAnswer))}
    assert count(Answer) == 4
