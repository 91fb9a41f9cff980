"""What happens at the same moment, from separate processes on one database.

Each was seen to fail on PostgreSQL with the lock it is about removed (`with_for_update` in
`actions._locked_answer`, `_locked_timer` or `start`, `key_share` in `blinding._alias_in`); SQLite lets one
writer in at a time, whatever we do, and is here to show that nobody is turned away.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hiring.attempts import actions, aliases, queries
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.blinding import mask_answers
from hiring.attempts.models import Attempt, Revision, Submission
from hiring.attempts.tasks import close_due
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.outbox.models import Message
from tests import factories as make
from tests.races import together

pytestmark = pytest.mark.race
PROCESSES, THREADS = 10, 5


@pytest.fixture
def attempt_id(app: Flask) -> str:
    """Kit has begun, with plenty of time."""
    return str(make.started(make.invited(make.opening()[0])))


def number_of(model: type, *conditions: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def starts(invitation_id: str) -> list[str]:
    """Press Start in five windows of one process."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]

    def press(_window: int) -> str:
        with app.app_context(), writing():
            return str(actions.start(UUID(invitation_id), factor=1, at=now()))

    with ThreadPoolExecutor(THREADS) as windows:
        return list(windows.map(press, range(THREADS)))


def test_fifty_presses_of_start_start_one_attempt(app: Flask) -> None:
    invitation = make.invited(make.opening()[0])
    session.rollback()
    pressed = together(starts, *[[str(invitation.id)]] * PROCESSES)
    assert {id for ids in pressed for id in ids} == {str(session.scalar(select(Attempt.id)))}
    assert sum(len(ids) for ids in pressed) == 50
    assert number_of(Attempt) == 1


def saves(attempt_id: str, task_id: str, tab: str, base: int) -> list[tuple[str, int]]:
    """Save ten texts, each over what this tab knows; returns how each was kept."""
    kept = []
    for nth in range(1, 11):
        with writing():
            saved = actions.save(
                UUID(attempt_id), task_id=UUID(task_id), fields=MultiDict({"text": f"{tab} {nth}"}),
                base=base, tab=tab, nth=nth, arrived_at=now(),
            )  # fmt: skip
        base = saved.number if saved.stands else base
        kept.append((saved.kept, saved.number))
    return kept


def test_tabs_that_save_at_once_lose_nothing_and_one_of_them_stands(attempt_id: str) -> None:
    work = queries.desk_of(UUID(attempt_id)).work(2)
    task_id, answer_id = str(work.task.id), work.answer_id
    session.rollback()
    told = together(saves, *[[attempt_id, task_id, f"tab{n}", 0] for n in range(6)])
    assert all(isinstance(kept, list) for kept in told), told
    numbers = [number for tab in told for _, number in tab]
    assert sorted(numbers) == list(range(1, 61))
    standing = [{kept for kept, _ in tab} for tab in told]
    assert standing.count({"standing"}) == 1
    assert standing.count({"aside"}) == 5
    assert number_of(Revision, Revision.answer_id == answer_id) == 60


def hands_in(attempt_id: str) -> bool:
    """Hand in at once."""
    with writing():
        return actions.submit(UUID(attempt_id), at=now())


def test_ten_who_hand_in_at_once_make_one_receipt(attempt_id: str) -> None:
    session.rollback()
    assert together(hands_in, *[[attempt_id]] * PROCESSES) == [True] * PROCESSES
    assert number_of(Submission) == 1
    assert number_of(Message, Message.kind == "receipt") == 1


def closes(attempt_id: str, instant: str) -> bool:
    """Close it, the clock being there already."""
    masked = mask_answers(UUID(attempt_id))
    with at(datetime.fromisoformat(instant)), writing():
        return actions.close(UUID(attempt_id), masked=masked, at=now())


def test_of_many_who_close_one_does(attempt_id: str) -> None:
    instant = (queries.timer_of(UUID(attempt_id)).closes_at + timedelta(minutes=1)).isoformat()
    session.rollback()
    done = together(closes, *[[attempt_id, instant]] * PROCESSES)
    assert sorted(done) == [False] * (PROCESSES - 1) + [True]
    assert number_of(BlindAnswer) == 4
    assert number_of(Message, Message.kind == "receipt") == 1


def saves_until_told(attempt_id: str, task_id: str) -> list[tuple[str, str]]:
    """Save one text after another, each in time, and note what was acknowledged as the answer."""
    noted = []
    for nth in range(1, 41):
        text = f"text {nth}"
        with writing():
            saved = actions.save(
                UUID(attempt_id), task_id=UUID(task_id), fields=MultiDict({"text": text}),
                base=nth - 1, tab="a", nth=nth, arrived_at=now(),
            )  # fmt: skip
        noted.append((saved.kept, text))
    return noted


def one_of_three(part: str, attempt_id: str, other: str) -> Any:
    """Be the one who writes, hands in, or closes."""
    if part == "writes":
        return saves_until_told(attempt_id, other)
    return hands_in(attempt_id) if part == "hands in" else closes(attempt_id, other)


@pytest.mark.parametrize("parts", [("writes", "closes"), ("writes", "hands in", "closes")])
def test_what_is_marked_is_the_last_text_that_was_acknowledged(
    attempt_id: str, parts: tuple[str, ...]
) -> None:
    work = queries.desk_of(UUID(attempt_id)).work(2)
    instant = (queries.timer_of(UUID(attempt_id)).closes_at + timedelta(minutes=1)).isoformat()
    others = {"writes": str(work.task.id), "hands in": "", "closes": instant}
    task_id = work.task.id
    session.rollback()
    told = together(one_of_three, *[[part, attempt_id, others[part]] for part in parts])
    noted = told[0]
    assert isinstance(noted, list), told
    stood = [text for kept, text in noted if kept == "standing"]
    with at(datetime.fromisoformat(instant)):
        close_due()
    marked = session.scalars(select(BlindAnswer).where(BlindAnswer.task_id == task_id)).one()
    assert marked.value["text"] == (stood[-1] if stood else "")
    assert {kept for kept, _ in noted[len(stood) :]} <= {"sealed", "aside"}


def closes_with_few_birds(attempt_id: str, instant: str) -> bool:
    """Close it where there are just as many birds as people, so that two easily draw the same."""
    aliases.ALIASES = aliases.ALIASES[:8]
    return closes(attempt_id, instant)


def test_those_who_close_at_once_get_different_birds(app: Flask) -> None:
    opening_id, step_id = make.opening()
    began = [
        str(make.started(make.invited(opening_id, f"p{n}@example.org", f"P {n}"))) for n in range(8)
    ]
    instant = (queries.timer_of(UUID(began[0])).closes_at + timedelta(minutes=1)).isoformat()
    session.rollback()
    assert together(closes_with_few_birds, *[[id, instant] for id in began]) == [True] * 8
    mine = BlindAnswer.step_id == step_id
    assert session.scalar(select(func.count(BlindAnswer.alias.distinct())).where(mine)) == 8
