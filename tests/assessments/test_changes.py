"""Versions laid side by side: what differs, and nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from hiring.assessments import actions, queries
from hiring.assessments.changes import MOST_PIECES, changes_between, pieces
from hiring.assessments.models import Task, Version
from hiring.kernel.database import session, writing
from tests.factories import signed_in, staff, version


@pytest.fixture
def first(app: Flask) -> Version:
    return version()


@pytest.fixture
def second(first: Version) -> Version:
    """The next draft, with all that the first has."""
    with writing():
        return actions.go_on(first.assessment_id, by=staff("rae"))


def told(before: Version, after: Version) -> list[tuple[str, str, list[str]]]:
    parts = changes_between(before, after)
    return [(part.title, part.state, [one.name for one in part.changes]) for part in parts]


def test_a_version_and_its_copy_do_not_differ(first: Version, second: Version) -> None:
    assert changes_between(first, second) == []


def test_what_differs_is_named_part_by_part(first: Version, second: Version) -> None:
    with writing():
        draft = actions.draft(first.assessment_id)
        draft.lead += " Now."
        task = draft.tasks[1]
        task.minutes, task.prompt = 17, task.prompt.replace("Marta", "Maria")
        task.rubric[0].levels[0].sees = "Nothing of it."
        task.rubric.pop()
        draft.materials[0].content += "\nMon,One more,1,2"
        draft.tasks[3].title = "Another name"
    after = queries.draft_of(first.assessment_id)
    lost = first.tasks[1].rubric[-1].name
    kept = first.tasks[1].rubric[0].name
    assert told(first, after) == [
        ("Instructions", "changed", ["What candidates are told"]),
        (f"Task: {first.tasks[1].title}", "changed", ["Minutes", "Prompt"]),
        (f"Criterion: {kept}", "changed", ["Level 1, what reviewers see"]),
        (f"Criterion: {lost}", "removed", []),
        ("Task: Another name", "changed", ["Title"]),
        (f"Material: {first.materials[0].title}", "changed", ["Content"]),
    ]


def test_tasks_that_changed_places_are_paired_and_new_ones_are_new(
    first: Version, second: Version
) -> None:
    with writing():
        draft = actions.draft(first.assessment_id)
        one, two = draft.tasks[:2]
        one.position, two.position = 2, 1
        session.flush()
        new = Task(
            kind="written", title="", minutes=5, weight=0, position=5, settings={},
            ai_sentence="", spelling_sentence="", phone_sentence="",
        )  # fmt: skip
        draft.tasks.append(new)
    session.expire_all()
    assert told(first, queries.draft_of(first.assessment_id)) == [("Task: Untitled", "added", [])]


def test_a_choice_tells_which_option_the_rule_counts_now(first: Version, second: Version) -> None:
    with writing():
        task = actions.draft(first.assessment_id).tasks[2]
        options = task.settings["options"]
        [keyed] = task.settings["keyed"]
        task.settings = {
            **task.settings,
            "keyed": [next(option["key"] for option in options if option["key"] != keyed)],
        }
    names = [names for _title, _state, names in told(first, queries.draft_of(first.assessment_id))]
    assert names == [["What the rule counts"]]


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("one two three", "one 2 three", ["two "], ["2 "]),
        ("", "new", [], ["new"]),
        ("the page.", "the page. Now.", [], ["Now."]),
        ("one\n\ntwo", "one two", ["one\n\n"], ["one "]),
        ("a\nb\n" * MOST_PIECES, "a\nb\n" * MOST_PIECES + "c", None, None),
        ("a\nb\n" * 1200, "a\nb\n" * 1200 + "c", [], ["c"]),
        ("a b " * MOST_PIECES + "\nc", "a b " * MOST_PIECES + "\nd", ["c"], ["d"]),
    ],
)
def test_texts_are_compared_word_by_word_or_line_by_line(
    before: str, after: str, left: list[str] | None, right: list[str] | None
) -> None:
    old, new = pieces(before, after)
    assert ("".join(text for text, _ in old), "".join(text for text, _ in new)) == (before, after)
    if left is None:
        assert (old, new) == ([(before, False)], [(after, False)])
    else:
        assert [text for text, same in old if not same] == left
        assert [text for text, same in new if not same] == right


def test_the_page_lays_them_side_by_side(app: Flask, first: Version, second: Version) -> None:
    with writing():
        actions.draft(first.assessment_id).lead = "<b>Something</b> else."
    rae = signed_in(app, "rae")
    there = f"/staff/assessments/{first.assessment_id}/versions/2/changes"
    page = rae.get(there).text
    assert "<ins>&lt;b&gt;Something&lt;/b&gt; else.</ins>" in page
    assert there in rae.get(f"/staff/assessments/{first.assessment_id}/versions/1").text
    same = rae.get(f"/staff/assessments/{first.assessment_id}/versions/1/changes?since=1").text
    assert "Both ask the same" in same


@pytest.mark.parametrize(
    "asked", ["1/changes", "3/changes", "2/changes?since=9", "2/changes?since=-1"]
)
def test_versions_that_are_not_there_are_not_compared(
    app: Flask, second: Version, asked: str
) -> None:
    address = f"/staff/assessments/{second.assessment_id}/versions/{asked}"
    assert signed_in(app, "rae").get(address).status_code == 404
    assert signed_in(app, "vic").get(address).status_code == 404
    forged = f"/staff/assessments/{uuid4()}/versions/{asked}"
    assert signed_in(app, "rae").get(forged).status_code == 404
