"""Many reviewers at the same moment, each in a process of their own."""

from __future__ import annotations

import time
from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hiring.kernel.database import session, writing
from hiring.reviewing import actions
from hiring.reviewing.models import Assignment, Mark
from tests.factories import assigned, blind_answers, opening, sheet_for, staff
from tests.races import together

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.race]
REVIEWERS = 20


def pull_all(account_id: str) -> int:
    """Take until nothing is left over; how many that were."""
    taken = 0
    while True:
        with writing():
            now_mine = actions.pull(UUID(account_id))
        if not now_mine:
            return taken
        taken += len(now_mine)


def test_when_twenty_pull_at_once_nobody_gets_more_than_the_wanted_marks() -> None:
    panel = [f"reviewer-{number}" for number in range(REVIEWERS)]
    _, step_id = opening(panel=panel, wanted_marks=2)
    answers = blind_answers(step_id, candidates=23)
    taken = together(pull_all, *[[str(staff(who))] for who in panel])
    session.rollback()  # what the others did is seen from a fresh transaction
    holding = select(Assignment.blind_answer_id).where(Assignment.released_at.is_(None))
    given = Counter(session.scalars(holding))
    assert given == dict.fromkeys(answers, 2)
    assert sum(taken) == 2 * len(answers)


def hand_out(step_id: str, answer_id: str) -> None:
    """Close one attempt, as far as marking is told."""
    with writing():
        actions.assign(step_id=UUID(step_id), blind_answer_ids=[UUID(answer_id)])


def test_when_attempts_close_at_once_loads_stay_even_and_each_is_handed_out_once() -> None:
    _, step_id = opening(wanted_marks=2)
    answers = blind_answers(step_id, candidates=6)
    twice = [[str(step_id), str(answer)] for answer in answers for _twice in range(2)]
    assert together(hand_out, *twice) == [None] * 12
    session.rollback()
    given = session.execute(
        select(Assignment.account_id, func.count()).group_by(Assignment.account_id)
    )
    assert sorted(count for _who, count in given) == [4, 4, 4]


def finish(assignment_id: str, account_id: str, level: int) -> str:
    """Save and next, with this level everywhere."""
    sheet = sheet_for(UUID(assignment_id), UUID(account_id), level=level)
    with writing():
        actions.finish(UUID(assignment_id), by=UUID(account_id), sheet=sheet)
    return "final"


def test_marks_sent_at_once_become_final_once_and_the_others_hear_so() -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id)
    vic = staff("vic")
    [mine] = session.scalars(select(Assignment.id))
    criteria = len(sheet_for(mine, vic))
    results = together(finish, *[[str(mine), str(vic), level] for level in (1, 2, 3, 4, 1, 2)])
    session.rollback()
    made = session.scalars(select(Mark.level)).all()
    assert (len(made), len(set(made))) == (criteria, 1)
    assert Counter(results)["final"] in {1, 2}
    assert set(results) <= {"final", "Refused"}


def part(assignment_id: str, account_id: str) -> None:
    """I know this person."""
    with writing():
        actions.declare_conflict(UUID(assignment_id), by=UUID(account_id))
        time.sleep(0.3)  # so that the others choose meanwhile, if nothing holds them


def test_conflicts_declared_at_once_leave_each_answer_with_one_reviewer() -> None:
    panel = [f"reviewer-{number}" for number in range(8)]
    _, step_id = opening(panel=panel, wanted_marks=1)
    answers = assigned(step_id, candidates=4)
    rows = session.execute(select(Assignment.id, Assignment.account_id)).all()
    together(part, *[[str(id), str(account_id)] for id, account_id in rows])
    session.rollback()
    holding = select(Assignment.blind_answer_id, Assignment.account_id)
    held = session.execute(holding.where(Assignment.released_at.is_(None))).all()
    assert Counter(answer for answer, _account in held) == dict.fromkeys(answers, 1)
    assert len({account for _answer, account in held}) == len(answers), "a load that nobody counted"
