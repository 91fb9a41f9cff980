"""Where the draft's page comes back to after a press, and what it says there."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hiring.assessments import queries
from hiring.assessments.parts import key_of
from tests.assessments.page import Draft
from tests.factories import draft_assessment, signed_in


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def begun(rae: FlaskClient) -> UUID:
    """A draft from the shipped template."""
    return draft_assessment()


def _after(rae: FlaskClient, begun: UUID, key: str) -> tuple[str, str]:
    """Where taking that part out leads, and the page there."""
    answer = Draft(rae, begun).press(remove=key)
    assert answer.status_code == 303
    return answer.location, rae.get(answer.location).text


def _stands_open(page: str, key: str) -> bool:
    return "open" in page.partition(f'id="{key}"')[2].partition(">")[0].split()


def test_a_criterion_goes_from_its_task_which_stands_open_and_says_so(
    rae: FlaskClient, begun: UUID
) -> None:
    task = queries.draft_of(begun).tasks[1]
    gone, following, *_more = task.rubric
    of, name, after = key_of(task), gone.name, key_of(following)
    location, page = _after(rae, begun, key_of(gone))
    assert location.endswith(f"#{after}")
    assert _stands_open(page, of)
    assert f"Criterion “{name}” is taken out of task 2." in page


def test_after_the_last_criterion_one_stands_where_another_is_added(
    rae: FlaskClient, begun: UUID
) -> None:
    task = queries.draft_of(begun).tasks[1]
    of, keys = key_of(task), [key_of(line) for line in task.rubric]
    for key in keys[:-1]:
        _after(rae, begun, key)
    location, page = _after(rae, begun, keys[-1])
    assert location.endswith(f"#{of}-more")
    assert f'id="{of}-more"' in page
    assert _stands_open(page, of)


def test_a_task_goes_and_is_named_and_its_neighbour_stays_folded(
    rae: FlaskClient, begun: UUID
) -> None:
    first, second, *_more = queries.draft_of(begun).tasks
    title, after = first.title, key_of(second)
    location, page = _after(rae, begun, key_of(first))
    assert location.endswith(f"#{after}")
    assert f"Task 1, “{title}”, is taken out." in page
    assert not _stands_open(page, after)


def test_what_is_put_back_stands_open_again(rae: FlaskClient, begun: UUID) -> None:
    task = queries.draft_of(begun).tasks[1]
    of, name = key_of(task), task.rubric[0].name
    _after(rae, begun, key_of(task.rubric[0]))
    answer = rae.post(f"/staff/assessments/{begun}/restoration")
    page = rae.get(answer.location).text
    assert _stands_open(page, of)
    assert name in page
    assert "is taken out" not in page


def test_an_address_from_before_says_nothing_once_all_is_back(
    rae: FlaskClient, begun: UUID
) -> None:
    page = rae.get(f"/staff/assessments/{begun}?at=removed-line-nothing").text
    assert "is taken out" not in page
