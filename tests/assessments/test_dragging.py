"""Moving by drag: the same route as the buttons, what was typed goes along, and one press puts it back."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hiring.assessments import queries
from hiring.assessments.models import Version
from hiring.kernel.database import session
from tests.assessments.page import Draft
from tests.factories import draft_assessment, signed_in


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def begun(rae: FlaskClient) -> UUID:
    """A draft from the shipped template: four tasks."""
    return draft_assessment()


@pytest.fixture
def window(rae: FlaskClient, begun: UUID) -> Draft:
    """A window with it."""
    return Draft(rae, begun)


def kept(assessment_id: UUID) -> Version:
    session.expire_all()
    return queries.draft_of(assessment_id)


def test_what_is_let_go_stands_there_and_is_put_back_by_a_press(window: Draft, begun: UUID) -> None:
    before = [task.title for task in kept(begun).tasks]
    window.type("-lead", "Typed before the drag.")
    answer = window.press(drop=f"task-{kept(begun).tasks[3].id} 0")
    assert [task.title for task in kept(begun).tasks] == [before[3], *before[:3]]
    assert [task.position for task in kept(begun).tasks] == [1, 2, 3, 4]
    assert kept(begun).lead == "Typed before the drag."
    page = window.client.get(answer.location).text
    assert f"“{before[3]}” stands at place 1 now." in page
    [back] = re.findall(r'name="drop"\s+value="([^"]+)"', page)
    window.client.post(f"{window.path}/draft", data={"drop": back})
    assert [task.title for task in kept(begun).tasks] == before
    assert kept(begun).lead == "Typed before the drag."


@pytest.mark.parametrize("kind", ["line", "material"])
def test_criteria_and_materials_are_moved_too(window: Draft, begun: UUID, kind: str) -> None:
    def parts() -> list[UUID]:
        version = kept(begun)
        return [
            one.id for one in (version.tasks[1].rubric if kind == "line" else version.materials)
        ]

    first, *others = parts()
    assert len(others) > 1
    window.press(drop=f"{kind}-{first} {len(others)}")
    assert parts() == [*others, first]


def test_a_task_is_not_dropped_before_the_one_it_opens_after(window: Draft, begun: UUID) -> None:
    tasks = kept(begun).tasks
    window.fields[f"task-{tasks[3].id}-opens_after"] = str(tasks[1].id)
    window.press()
    answer = window.press(drop=f"task-{tasks[3].id} 0")
    assert answer.status_code == 422
    assert "so it stays behind it" in answer.text
    assert [task.id for task in kept(begun).tasks] == [task.id for task in tasks]


@pytest.mark.parametrize(
    "value", ["{key} x", "{key} -1", "{key} 999", "{key}", "task-7 1", "version 1", "x"]
)
def test_a_forged_drop_is_missing(window: Draft, begun: UUID, value: str) -> None:
    before = [task.id for task in kept(begun).tasks]
    assert window.press(drop=value.format(key=f"task-{before[0]}")).status_code == 404
    assert [task.id for task in kept(begun).tasks] == before


def test_past_the_end_is_the_end_and_a_forged_toast_says_nothing(
    window: Draft, begun: UUID
) -> None:
    first, *others = [task.id for task in kept(begun).tasks]
    window.press(drop=f"task-{first} 77")
    assert [task.id for task in kept(begun).tasks] == [*others, first]
    for place in ("moved-", "moved-x-version", "moved-1-version", f"moved-1-task-{begun}"):
        assert "stands at place" not in window.client.get(f"{window.path}?at={place}").text


def choice(begun: UUID) -> tuple[str, list[str]]:
    """The key of the first choice, and its options in order."""
    task = next(task for task in kept(begun).tasks if task.kind == "choice")
    return f"task-{task.id}", [option["key"] for option in task.settings["options"]]


@pytest.mark.parametrize(
    ("press", "order"),
    [
        ("down {1}", [0, 2, 1]),
        ("up {1}", [1, 0, 2]),
        ("up {0}", [0, 1, 2]),
        ("drop {2} 0", [2, 0, 1]),
    ],
)
def test_options_of_a_choice_are_moved_by_keys_and_by_drag(
    window: Draft, begun: UUID, press: str, order: list[int]
) -> None:
    task, before = choice(begun)
    window.type("-lead", "Typed before the press.")
    name, _space, value = press.partition(" ")
    window.press(**{name: value.format(*(f"{task}-option-{key}" for key in before))})
    assert choice(begun)[1] == [before[place] for place in order] + before[3:]
    assert kept(begun).lead == "Typed before the press."


def test_a_dragged_option_is_put_back_by_a_press_and_a_forged_one_is_missing(
    window: Draft, begun: UUID
) -> None:
    task, before = choice(begun)
    answer = window.press(drop=f"{task}-option-{before[0]} 2")
    page = window.client.get(answer.location).text
    assert re.search(rf'<details id="{task}"\s+data-sort="tasks"\s+open>', page)
    [back] = re.findall(r'name="drop"\s+value="([^"]+)"', page)
    window.client.post(f"{window.path}/draft", data={"drop": back})
    assert choice(begun)[1] == before
    for forged in (f"{task}-option-nothing", f"{task}-option-", "version-option-1"):
        answer = window.client.post(f"{window.path}/draft", data={"up": forged})
        assert answer.status_code in {303, 404}
        assert choice(begun)[1] == before


def test_options_just_typed_are_kept_and_can_be_moved_after_one_press(
    window: Draft, begun: UUID
) -> None:
    window.press(**{"add-task": "choice"})
    task = f"task-{kept(begun).tasks[-1].id}"
    empty = [name for name in window.fields if name.startswith(f"{task}-option-")]
    for name, text in zip(empty, ("Ring", "Write", "Wait"), strict=True):
        window.fields[name] = text
    answer = window.press(options=task)
    assert answer.location.endswith(f"#{task}-options")
    page = window.client.get(answer.location).text
    assert re.search(rf'<details id="{task}"\s+data-sort="tasks"\s+open>', page)
    for name in empty:
        assert re.search(rf'name="(up|down)"\s+value="{name}"', page)
    now = [name for name in window.fields if name.startswith(f"{task}-option-")]
    assert len(now) == len(empty) + 2
