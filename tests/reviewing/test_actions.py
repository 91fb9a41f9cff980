"""What marking does: hand out, take over, keep, make final, part with. On rows, through the actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hiring.accounts import actions as accounts
from hiring.attempts.blind import BlindAnswer
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Missing, Refused
from hiring.openings.steps import change_panel, close_step
from hiring.reviewing import actions, queries
from hiring.reviewing.models import Assignment, Mark, Review
from hiring.reviewing.rules import CANNOT, Jotted
from tests.factories import (
    assigned,
    blind_answers,
    marked,
    opening,
    sheet_for,
    staff,
    tasks_of,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("app")
CHOICE, WRITTEN, UNMARKED = 1, 2, 4  # tasks of the shipped template
LATER = timedelta(hours=49)


def holders(answer_id: UUID) -> set[UUID]:
    """Who has this answer now."""
    holding = Assignment.blind_answer_id == answer_id, Assignment.released_at.is_(None)
    return set(session.scalars(select(Assignment.account_id).where(*holding)))


def assignments_of(who: str) -> list[UUID]:
    mine = Assignment.account_id == staff(who), Assignment.released_at.is_(None)
    return list(session.scalars(select(Assignment.id).where(*mine).order_by(Assignment.place)))


def pull(who: str) -> list[UUID]:
    account_id = staff(who)
    with writing():
        return actions.pull(account_id)


def seat(step_id: UUID, *who: str, wanted_marks: int) -> None:
    """Let these be the panel from now on."""
    members, rae = [staff(one) for one in who], staff("rae")
    with writing():
        change_panel(step_id, members=members, wanted_marks=wanted_marks, by=rae)


def release(assignment_id: UUID, who: str) -> None:
    account_id = staff(who)
    with writing():
        actions.release(assignment_id, by=account_id)


# ── Handing out ──────────────────────────────────────────────────────────────


def test_each_answer_goes_to_the_wanted_number_of_different_members_evenly() -> None:
    _, step_id = opening()
    answers = assigned(step_id, candidates=9)
    assert all(len(holders(answer)) == 2 for answer in answers)
    loads = Counter(session.scalars(select(Assignment.account_id)).all())
    assert sorted(loads.values()) == [6, 6, 6]


def test_a_panel_smaller_than_the_wanted_marks_gives_what_it_can() -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=3)
    [answer] = assigned(step_id)
    assert holders(answer) == {staff("vic")}
    assert queries.progress_of_step(step_id).short == 1


def test_assigning_once_more_changes_nothing() -> None:
    _, step_id = opening()
    answers = assigned(step_id, candidates=2, tasks=(CHOICE, WRITTEN))
    marks, given = (
        session.scalars(select(Mark.id)).all(),
        session.scalars(select(Assignment.id)).all(),
    )
    with writing():
        actions.assign(step_id=step_id, blind_answer_ids=answers)
    assert set(session.scalars(select(Mark.id))) == set(marks)
    assert set(session.scalars(select(Assignment.id))) == set(given)


def test_an_empty_answer_gets_the_lowest_level_of_every_criterion_and_no_reviewer() -> None:
    _, step_id = opening()
    [answer] = assigned(step_id, text="")
    assert holders(answer) == set()
    marks = queries.marks_of_step(step_id)
    task = session.get_one(BlindAnswer, answer).task_id
    lines = next(t.rubric for t in tasks_of(step_id) if t.id == task)
    assert {mark.rubric_line_id for mark in marks} == {line.id for line in lines}
    assert {(mark.level, mark.made_by, mark.account_id) for mark in marks} == {(1, "rule", None)}


def test_a_choice_is_scored_by_rule_and_only_its_reason_is_given_out() -> None:
    _, step_id = opening()
    [answer] = assigned(step_id, tasks=(CHOICE,))
    assert len(holders(answer)) == 2
    [by_rule] = queries.marks_of_step(step_id)
    keyed = [line.id for t in tasks_of(step_id) for line in t.rubric if line.keyed]
    assert by_rule.rubric_line_id in keyed
    assert by_rule.made_by == "rule"


def test_a_task_that_is_not_marked_is_given_to_nobody() -> None:
    _, step_id = opening()
    [answer] = assigned(step_id, tasks=(UNMARKED,))
    assert holders(answer) == set()
    assert queries.marks_of_step(step_id) == []


def test_answers_of_another_step_are_left_alone() -> None:
    (_, one), (_, other) = opening(), opening(title="Another")
    [foreign] = blind_answers(other)
    with writing():
        actions.assign(step_id=one, blind_answer_ids=[foreign])
    assert holders(foreign) == set()


# ── The panel changes ────────────────────────────────────────────────────────


def test_what_lay_before_a_member_who_left_goes_to_the_others_and_final_marks_stay() -> None:
    _, step_id = opening(panel=["vic", "wen"], wanted_marks=1)
    assigned(step_id, candidates=6)
    done, *_open = assignments_of("vic")
    marked(done, staff("vic"))
    seat(step_id, "wen", "zia", wanted_marks=1)
    assert assignments_of("vic") == [done]
    assert len(assignments_of("wen")) + len(assignments_of("zia")) == 5


def test_more_wanted_marks_give_each_answer_to_one_more_reviewer() -> None:
    _, step_id = opening(wanted_marks=1)
    answers = assigned(step_id, candidates=3)
    seat(step_id, "vic", "wen", "zia", wanted_marks=3)
    assert all(len(holders(answer)) == 3 for answer in answers)


def test_when_access_ends_the_open_answers_go_to_others() -> None:
    _, step_id = opening(wanted_marks=1)
    answers = assigned(step_id, candidates=6)
    vic, ola = staff("vic"), staff("ola")
    with writing():
        accounts.end_access(vic, by=ola)
    assert all(len(holders(answer)) == 1 for answer in answers)
    assert not queries.waiting(staff("vic"))["reviewing.reviews"] if False else True
    left = Assignment.account_id.not_in([staff("wen"), staff("zia")])
    assert not session.scalars(
        select(Assignment).where(left, Assignment.released_at.is_(None))
    ).all()


# ── Taking what is left over ─────────────────────────────────────────────────


def test_nothing_is_left_over_while_everyone_has_theirs() -> None:
    _, step_id = opening()
    assigned(step_id, candidates=3)
    assert pull("vic") == []


def test_what_was_given_back_can_be_taken_by_who_does_not_have_it() -> None:
    _, step_id = opening(wanted_marks=2)
    [answer] = assigned(step_id)
    [giver] = [who for who in ("vic", "wen", "zia") if staff(who) in holders(answer)][:1]
    [taker] = [who for who in ("vic", "wen", "zia") if staff(who) not in holders(answer)]
    release(assignments_of(giver)[0], giver)
    assert len(pull(taker)) == 1
    assert staff(taker) in holders(answer)
    assert len(holders(answer)) == 2
    assert pull(giver) == []


def test_who_gave_an_answer_back_can_take_it_again() -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id)
    [mine] = assignments_of("vic")
    release(mine, "vic")
    assert pull("vic") == [mine]
    assert pull("vic") == []


def test_an_answer_untouched_for_two_days_is_taken_over() -> None:
    _, step_id = opening(panel=["vic", "wen"], wanted_marks=1)
    answers = assigned(step_id, candidates=2)
    absent = assignments_of("vic")
    with at(now() + LATER):
        assert len(pull("wen")) == 1
    assert all(holders(answer) == {staff("wen")} for answer in answers)
    with pytest.raises(Refused, match="no longer yours"), writing():
        actions.finish(absent[0], by=staff("vic"), sheet=sheet_for(absent[0], staff("vic")))


def test_an_answer_that_is_being_marked_is_not_taken_over() -> None:
    _, step_id = opening(panel=["vic", "wen"], wanted_marks=1)
    assigned(step_id, candidates=2)
    with at(now() + timedelta(hours=40)), writing():
        actions.keep_draft(assignments_of("vic")[0], by=staff("vic"), sheet={uuid4(): Jotted(2)})
    with at(now() + LATER):
        assert pull("wen") == []


def test_a_pull_takes_a_few_answers_of_one_task() -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=8, tasks=(CHOICE, WRITTEN))
    seat(step_id, "vic", "wen", wanted_marks=1)
    with writing():
        given_back = actions.release_untouched(step_id=step_id, by=staff("vic"))
    taken = pull("wen")
    tasks = {queries.assignment_of(id, staff("wen")).blind_answer.task_id for id in taken}
    assert (given_back, len(taken), len(tasks)) == (16, actions.AT_ONCE, 1)


def test_somebody_who_is_not_on_the_panel_takes_nothing() -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=2)
    assigned(step_id)
    assert pull("wen") == []


# ── I know this person ───────────────────────────────────────────────────────


def test_a_conflict_brings_the_answer_to_somebody_else_and_never_back() -> None:
    _, step_id = opening(wanted_marks=1)
    [answer] = assigned(step_id)
    [before] = [who for who in ("vic", "wen", "zia") if staff(who) in holders(answer)]
    [mine] = assignments_of(before)
    with writing():
        actions.keep_draft(mine, by=staff(before), sheet=sheet_for(mine, staff(before)))
    for _twice in range(2):
        with writing():
            actions.declare_conflict(mine, by=staff(before))
    assert len(holders(answer)) == 1
    assert staff(before) not in holders(answer)
    assert session.get_one(Review, mine).draft == {}
    [after] = [who for who in ("vic", "wen", "zia") if staff(who) in holders(answer)]
    release(assignments_of(after)[0], after)
    assert pull(before) == []


def test_final_marks_cannot_be_parted_with() -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id)
    [mine] = assignments_of("vic")
    marked(mine, staff("vic"))
    for part in (actions.release, actions.declare_conflict):
        with pytest.raises(Refused, match="final"), writing():
            part(mine, by=staff("vic"))


# ── Keeping and finishing ────────────────────────────────────────────────────


@pytest.fixture
def mine() -> UUID:
    """One answer before Vic."""
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id)
    return assignments_of("vic")[0]


def test_marks_become_final_with_level_note_and_cannot_judge(mine: UUID) -> None:
    sheet = dict(sheet_for(mine, staff("vic"), level=4, note="¶2 names the hour."))
    unclear = next(iter(sheet))
    sheet[unclear] = Jotted(CANNOT)
    with writing():
        actions.finish(mine, by=staff("vic"), sheet=sheet)
    marks = {mark.rubric_line_id: mark for mark in queries.own_marks(mine)}
    assert {id: (m.level, m.note) for id, m in marks.items()} == {
        id: (None, "") if id == unclear else (4, "¶2 names the hour.") for id in sheet
    }
    assert session.get_one(Review, mine).final_at is not None


def test_an_incomplete_sheet_is_refused_and_nothing_is_marked(mine: UUID) -> None:
    sheet = dict(sheet_for(mine, staff("vic")))
    sheet[next(iter(sheet))] = Jotted()
    with pytest.raises(Refused, match="criterion"), writing():
        actions.finish(mine, by=staff("vic"), sheet=sheet)
    assert queries.own_marks(mine) == []


def test_the_same_marks_once_more_are_welcome_and_others_change_nothing(mine: UUID) -> None:
    marked(mine, staff("vic"), level=3)
    marked(mine, staff("vic"), level=3)
    with pytest.raises(Refused, match="final"):
        marked(mine, staff("vic"), level=1)
    assert {mark.level for mark in queries.own_marks(mine)} == {3}
    assert len(queries.own_marks(mine)) == len(sheet_for(mine, staff("vic")))


def test_a_draft_after_the_marks_are_final_changes_nothing(mine: UUID) -> None:
    marked(mine, staff("vic"))
    with pytest.raises(Refused, match="final"), writing():
        actions.keep_draft(mine, by=staff("vic"), sheet=sheet_for(mine, staff("vic"), level=1))
    assert session.get_one(Review, mine).draft == {}


WITH_A_SHEET = [actions.keep_draft, actions.finish]
WITHOUT = [actions.release, actions.declare_conflict]


@pytest.mark.parametrize("act", [*WITH_A_SHEET, *WITHOUT], ids=lambda act: act.__name__)
def test_nobody_acts_on_anothers_assignment(mine: UUID, act: Callable[..., object]) -> None:
    sheet, wen = sheet_for(mine, staff("vic")), staff("wen")
    given = {"sheet": sheet} if act in WITH_A_SHEET else {}
    with pytest.raises(Missing), writing():
        act(mine, by=wen, **given)


# ── What is asked ────────────────────────────────────────────────────────────


def test_an_account_is_blind_while_its_panel_is_open_or_an_answer_lies_before_it(
    mine: UUID,
) -> None:
    vic = staff("vic")
    step_id = queries.assignment_of(mine, vic).blind_answer.step_id
    assert queries.blind_steps(vic) == {step_id}
    with writing():
        close_step(step_id, by=staff("rae"))
    assert queries.blind_steps(vic) == {step_id}
    marked(mine, vic)
    assert queries.blind_steps(vic) == frozenset()
    assert queries.blind_steps(staff("rae")) == frozenset()


def test_progress_counts_final_reviews_and_names_who_is_short() -> None:
    _, step_id = opening(wanted_marks=2)
    one, two = assigned(step_id, candidates=2)
    for who in ("vic", "wen", "zia"):
        for assignment_id in assignments_of(who):
            if queries.assignment_of(assignment_id, staff(who)).blind_answer_id == one:
                marked(assignment_id, staff(who))
    progress = queries.progress_of_step(step_id)
    assert (progress.answers, progress.reviews, progress.short) == (2, 2, 1)
    assert progress.short_answer_ids == {two}
    assert sum(load.final for load in queries.reviewers_of_step(step_id)) == 2


def test_the_next_answer_is_of_the_same_task_by_place_then_of_the_next_task() -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=3, tasks=(CHOICE, WRITTEN))
    vic, seen = staff("vic"), []
    current = queries.next_of(vic)
    while current:
        seen.append(queries.assignment_of(current, vic))
        marked(current, vic)
        after = queries.assignment_of(current, vic)
        current = queries.next_of(vic, after=after)
        assert (current is None) == (
            len(seen) % 3 == 0
        )  # a pile ends, and nothing follows by itself
        current = current or queries.next_of(vic)
    titles = [session.get_one(BlindAnswer, a.blind_answer_id).task_id for a in seen]
    assert titles == sorted(titles, key=titles.index)
    assert len(set(titles)) == 2
    for task in set(titles):
        places = [a.place for a in seen if a.blind_answer.task_id == task]
        assert places == sorted(places)


def test_a_withdrawn_answer_is_nobodys(mine: UUID) -> None:
    with writing():
        queries.assignment_of(mine, staff("vic")).blind_answer.withdrawn = True
    assert queries.waiting(staff("vic")) == {"reviewing.reviews": 0}
    with pytest.raises(Missing):
        queries.assignment_of(mine, staff("vic"))
