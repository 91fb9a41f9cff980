"""A task that opens only after another: finished by a press, final from then on, and nothing lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from hiring.assessments.models import Version
from hiring.attempts import actions, queries
from hiring.attempts.models import Revision
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.forms import TEXT
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.tokens import seal
from tests import factories as make
from tests.races import together

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def version(app: Flask) -> Version:
    """An assessment whose last task opens after the second."""
    return make.version_with_a_wait()


@pytest.fixture
def attempt_id(version: Version) -> UUID:
    """Kit's attempt at it."""
    invitation = make.invited(make.opening(version_id=version.id)[0])
    return make.started(invitation)


@pytest.fixture
def kit(app: Flask, attempt_id: UUID) -> FlaskClient:
    """Kit's browser, which has opened the link."""
    browser = make.browser(app)
    token = seal("invitation", queries.invitation_id_of(attempt_id))
    browser.post(f"/invitations/{token}/attempt", data={})
    return browser


def task_id(attempt_id: UUID, number: int) -> UUID:
    return queries.desk_of(attempt_id).work(number).task.id


def save(
    kit: FlaskClient, attempt_id: UUID, number: int, text: str, act: str = "", **more: str
) -> tuple[int, str]:
    address = f"/attempts/{attempt_id}/answers/{task_id(attempt_id, number)}{act}"
    head = queries.desk_of(attempt_id).work(number).head
    answer = kit.post(address, data={"text": text, "base": f"{head}", **more})
    return answer.status_code, answer.location or ""


def test_the_invitation_tells_that_a_task_waits(app: Flask, version: Version) -> None:
    invitation = make.invited(make.opening(version_id=version.id)[0])
    page = make.browser(app).get(f"/invitations/{seal('invitation', invitation.id)}").text
    assert "Task 4 opens when you finish task 2." in page


def test_a_task_that_waits_is_named_and_cannot_be_opened(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    page = kit.get(f"/attempts/{attempt_id}/tasks/2").text
    assert "4 opens after 2" in page
    assert "Finish this task and open task 4" in page
    assert f"/attempts/{attempt_id}/tasks/3" in page
    assert f"/attempts/{attempt_id}/tasks/4" not in page
    there = kit.get(f"/attempts/{attempt_id}/tasks/4")
    assert (there.status_code, there.location) == (303, f"/attempts/{attempt_id}/tasks/2")
    assert save(kit, attempt_id, 4, "too early")[0] == 404
    assert queries.desk_of(attempt_id).work(4).last == 0


def test_finishing_keeps_what_is_on_the_page_and_opens_what_waited(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    told = save(kit, attempt_id, 2, "My last word.", "/finishing")
    assert told == (303, f"/attempts/{attempt_id}/tasks/4")
    work = queries.desk_of(attempt_id).work(2)
    assert (work.value["text"], work.final_at is None) == ("My last word.", False)
    page = kit.get(f"/attempts/{attempt_id}/tasks/2").text
    assert "My last word." in page
    assert "<textarea" not in page
    assert save(kit, attempt_id, 4, "With the new evidence.")[0] == 303
    assert queries.desk_of(attempt_id).work(4).value["text"] == "With the new evidence."
    assert save(kit, attempt_id, 2, "My last word.", "/finishing") == told  # pressed twice
    assert queries.desk_of(attempt_id).work(2).last == 1


def test_a_window_that_had_not_heard_loses_nothing_when_it_finishes_too(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    save(kit, attempt_id, 2, "Before.", "/finishing")
    told = save(kit, attempt_id, 2, "From the other window.", "/finishing", base="0")
    assert told == (303, f"/attempts/{attempt_id}/tasks/4")
    assert "You have finished this task." in kit.get(told[1]).text
    page = kit.get(f"/attempts/{attempt_id}/tasks/2").text
    assert "From the other window." in page
    assert queries.desk_of(attempt_id).work(2).value["text"] == "Before."
    too_long = {"text": "x" * (TEXT + 1), "base": "1"}
    for act in ("", "/finishing"):
        address = f"/attempts/{attempt_id}/answers/{task_id(attempt_id, 2)}{act}"
        refused = kit.post(address, data=too_long)
        assert refused.status_code == 422
        assert "x" * (TEXT + 1) in refused.text


def test_what_is_written_after_finishing_is_kept_beside_and_said_so(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    save(kit, attempt_id, 2, "Before.", "/finishing")
    address = f"/attempts/{attempt_id}/answers/{task_id(attempt_id, 2)}"
    form = {"text": "After.", "base": "1", "tab": "other", "nth": "1"}
    answer = kit.post(address, data=form, headers=PARTIAL)
    assert answer.status_code == 409
    assert "You have finished this task." in answer.text
    assert "Choose" not in answer.text.replace("Choose below", "")
    again = kit.post(address, data={**form, "text": "Before.", "nth": "2"}, headers=PARTIAL)
    assert "Two answers" not in again.text
    work = queries.desk_of(attempt_id).work(2)
    assert work.value["text"] == "Before."
    kept = select(Revision.kept, Revision.value).where(Revision.number == 2)
    assert [(row.kept, row.value["text"]) for row in session.execute(kept)] == [("aside", "After.")]
    page = kit.get(f"/attempts/{attempt_id}/tasks/2").text
    assert "After." in page
    assert "does not count" in page
    without_script = kit.post(address, data={"text": "Still after.", "base": "1"})
    assert without_script.location == f"/attempts/{attempt_id}/tasks/2"
    assert "You have finished this task." in kit.get(without_script.location).text
    kit.post(f"/attempts/{attempt_id}/submission", data={})
    assert "Still after." in kit.get(f"/attempts/{attempt_id}/receipt").text


def test_two_texts_want_a_choice_before_one_of_them_is_final(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    save(kit, attempt_id, 2, "First window.", tab="one", nth="1")
    told = save(kit, attempt_id, 2, "Second window.", "/finishing", base="0", tab="two", nth="1")
    assert told == (303, f"/attempts/{attempt_id}/tasks/2")
    assert "two texts" in kit.get(told[1]).text
    assert queries.desk_of(attempt_id).work(2).final_at is None


def test_choosing_is_over_once_a_task_is_finished(kit: FlaskClient, attempt_id: UUID) -> None:
    save(kit, attempt_id, 2, "Before.", "/finishing")
    with pytest.raises(Refused, match="finished this task"), writing():
        actions.choose(
            attempt_id, task_id=task_id(attempt_id, 2), number=1, seen=1, tab="", own=1,
            arrived_at=now(),
        )  # fmt: skip


def test_only_what_another_task_waits_for_can_be_finished(attempt_id: UUID) -> None:
    with pytest.raises(Missing), writing():
        actions.finish(attempt_id, task_id=task_id(attempt_id, 1), at=now())


def test_nothing_more_opens_when_the_time_is_over_or_the_work_handed_in(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    kit.post(f"/attempts/{attempt_id}/submission", data={})
    for moment in (now(), queries.timer_of(attempt_id).closes_at + timedelta(minutes=1)):
        with at(moment), pytest.raises(Refused, match="Nothing more opens"), writing():
            actions.finish(attempt_id, task_id=task_id(attempt_id, 2), at=moment)
    told = save(kit, attempt_id, 2, "Late press.", "/finishing")
    assert told[0] == 303
    assert kit.get(told[1]).location == f"/attempts/{attempt_id}/receipt"


def test_an_attempt_goes_on_at_what_is_open(kit: FlaskClient, attempt_id: UUID) -> None:
    for number in (1, 3):
        make.saved(attempt_id, "Something.", task=number)
    assert kit.get(f"/attempts/{attempt_id}").location.endswith("/tasks/2")
    save(kit, attempt_id, 2, "", "/finishing")
    assert kit.get(f"/attempts/{attempt_id}").location.endswith("/tasks/4")
    save(kit, attempt_id, 4, "Something.")
    assert kit.get(f"/attempts/{attempt_id}").location.endswith("/tasks/1")


def finish_or_save(attempt_id: str, task_id: str, what: str) -> str:
    """What each process of the race does: who is first stays within the act while the other begins."""
    with writing():
        if what == "finish":
            actions.finish(UUID(attempt_id), task_id=UUID(task_id), at=now())
            return "final"
        return actions.save(
            UUID(attempt_id), task_id=UUID(task_id), fields=MultiDict({"text": what}), base=0,
            tab=what, nth=1, arrived_at=now(),
        ).kept  # fmt: skip


@pytest.mark.race
def test_what_is_final_is_the_last_text_that_was_told_to_stand(attempt_id: UUID) -> None:
    one = str(task_id(attempt_id, 2))
    whats = ["finish", "first", "second", "third"]
    kept = together(finish_or_save, *[[str(attempt_id), one, what] for what in whats])
    session.rollback()
    work = queries.desk_of(attempt_id).work(2)
    assert work.final_at is not None or kept[0] == "Refused"
    stood = [what for what, how in zip(whats, kept, strict=True) if how == "standing"]
    assert work.value["text"] == (stood[0] if stood else "")
    assert sorted({*kept[1:]} - {"aside", "standing"}) == []
