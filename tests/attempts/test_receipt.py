"""Every sentence of the receipt is true: handed in or closed by the clock, whole, in part or empty."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from hiring.attempts.queries import desk_of
from hiring.attempts.tasks import close_due
from hiring.kernel.clock import at
from hiring.kernel.database import session, writing
from hiring.kernel.tokens import seal
from hiring.openings.models import Opening
from tests import factories as make

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
ALL = (1, 2, 3, 4)
ENDED = "Your time ended on Saturday 14 November at"
REACHED = "Your work reached us on Saturday 14 November at"


def begun(kit: FlaskClient) -> str:
    """The address of an attempt that Kit begins in this browser at noon."""
    with at(NOON):
        token = seal("invitation", make.invited(make.opening()[0]).id)
        return kit.post(f"/invitations/{token}/attempt").location


def words_of(kit: FlaskClient, address: str) -> str:
    """What the page says, without its marks, in one line."""
    text = re.sub(r"<[^>]+>", " ", kit.get(address).text.partition("<main")[2])
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("filled", "heading", "left"),
    [
        (ALL, "We have your four answers", ""),
        ((2, 3, 4), "We have your three answers",
         "Task 1 was left empty; an empty answer gets the lowest level."),
        ((1, 2, 3), "We have your three answers", "Task 4 was left empty; it is not marked."),
        ((4,), "We have your answer",
         "Tasks 1, 2, and 3 were left empty; an empty answer gets the lowest level."),
        ((1, 2), "We have your two answers",
         "Tasks 3 and 4 were left empty; in task 3 an empty answer gets the lowest level."),
        ((), "no task has an answer",
         "Tasks 1, 2, 3, and 4 were left empty; in tasks 1, 2, and 3 an empty answer gets the lowest level."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("by", ["candidate", "clock", "clock, not yet closed"])
def test_each_state_is_told_as_it_is(
    app: Flask, filled: tuple[int, ...], heading: str, left: str, by: str
) -> None:
    kit = make.browser(app)
    desk = begun(kit)
    attempt_id = UUID(desk.rsplit("/", maxsplit=1)[1])
    with at(NOON + timedelta(minutes=10)):
        for task in filled:
            make.saved(attempt_id, "Two words", task=task)
        if by == "candidate":
            make.submitted(attempt_id)
            said = words_of(kit, f"{desk}/receipt")
            assert "Take it back and write on" in said
            assert "Until 12:20. Then it is final, and goes to whoever marks it." in said
    with at(NOON + timedelta(minutes=50)):
        if by != "clock, not yet closed":
            close_due()
        said = words_of(kit, f"{desk}/receipt")
    assert heading in said
    assert left in said
    assert "Take it back" not in said
    assert "still" not in said
    assert ("lowest level" in said) is ("lowest level" in left)
    assert (REACHED in said) is (by == "candidate")
    assert (ENDED in said) is (by != "candidate")
    assert ("Nothing that was saved is missing." in said) is (by == "candidate" and bool(filled))
    assert ("What was saved in time is handed in." in said) is (by != "candidate" and bool(filled))
    assert (
        f"{2 * len(filled)} words, {len(filled)} revision{'s' * (len(filled) != 1)} in all" in said
    )
    assert ("on its way" in said) is (by == "clock, not yet closed")


def test_what_was_taken_back_and_not_handed_in_again_is_told_by_the_clock(app: Flask) -> None:
    kit = make.browser(app)
    desk = begun(kit)
    attempt_id = UUID(desk.rsplit("/", maxsplit=1)[1])
    with at(NOON + timedelta(minutes=10)):
        make.saved(attempt_id, "Two words")
        make.submitted(attempt_id)
        assert kit.post(f"{desk}/reopening").location.endswith(desk)
        assert kit.get(f"{desk}/receipt").location.endswith(desk)
        page = kit.get(f"{desk}/tasks/1").text
        assert "Tasks 1, 3, and 4 are still empty; in tasks 1 and 3 an empty answer" in page
    with at(NOON + timedelta(minutes=50)):
        close_due()
        said = words_of(kit, f"{desk}/receipt")
    assert f"{ENDED} 12:35. What was saved in time is handed in." in said
    assert REACHED not in said


def test_the_desk_says_what_handing_in_would_mean_with_and_without_this_task(app: Flask) -> None:
    kit = make.browser(app)
    desk = begun(kit)
    attempt_id = UUID(desk.rsplit("/", maxsplit=1)[1])
    with at(NOON + timedelta(minutes=1)):
        for task in (1, 2, 3):
            make.saved(attempt_id, "Two words", task=task)
        page = kit.get(f"{desk}/tasks/1").text
        assert 'data-without="Task 4 is still empty; it is not marked."' in page
        assert 'data-with="Tasks 1 and 4 are still empty; in task 1 an empty answer' in page
        page = kit.get(f"{desk}/tasks/4").text
        assert 'data-without=""' in page


def test_the_receipt_counts_what_was_handed_in_and_not_what_came_later(app: Flask) -> None:
    kit = make.browser(app)
    desk = begun(kit)
    attempt_id = UUID(desk.rsplit("/", maxsplit=1)[1])
    with at(NOON + timedelta(minutes=10)):
        make.saved(attempt_id, "Two words")
    with at(NOON + timedelta(minutes=50)):
        close_due()
        make.saved(attempt_id, "Three late words")
        said = words_of(kit, f"{desk}/receipt")
    assert "2 words, 1 revision in all" in said
    assert "Three late words" in said


def test_a_choice_without_a_reason_is_not_called_no_words(app: Flask) -> None:
    kit = make.browser(app)
    desk = begun(kit)
    attempt_id = UUID(desk.rsplit("/", maxsplit=1)[1])
    with at(NOON + timedelta(minutes=10)):
        task = desk_of(attempt_id).work(1).task
        kit.post(f"{desk}/answers/{task.id}", data={"choices": task.settings["keyed"], "base": "0"})
        make.submitted(attempt_id)
        said = words_of(kit, f"{desk}/receipt")
    assert "Put the inbox in order revision 1" in said
    assert "We have your answer" in said


def test_who_tries_an_assessment_among_colleagues_is_promised_no_answer(app: Flask) -> None:
    kit = make.browser(app)
    desk = begun(kit)
    with at(NOON + timedelta(minutes=1)):
        kit.post(f"{desk}/submission")
        assert "You hear by" in words_of(kit, f"{desk}/receipt")
        with writing():
            session.execute(update(Opening).values(kind="pilot"))
        assert "You hear by" not in words_of(kit, f"{desk}/receipt")
