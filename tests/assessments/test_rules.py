"""What publishing asks for, one sentence a lack, and what becomes of a save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from hiring.assessments import rules
from hiring.assessments.models import Beside, Level, Material, RubricLine, Task, Version
from hiring.kernel.prints import print_of

OPTIONS: dict[str, Any] = {
    "options": [{"key": "a", "text": "A"}, {"key": "b", "text": "B"}],
    "several": False, "keyed": ["b"], "reason": True, "reason_prompt": "",
}  # fmt: skip
TWICE = [*OPTIONS["options"], {"key": "c", "text": "B"}]


def line(*, keyed: bool = False, weight: int = 100, levels: int | None = None) -> RubricLine:
    number = levels if levels is not None else (2 if keyed else 4)
    return RubricLine(
        id=uuid4(), position=1, name="Dated next step", weight=weight, keyed=keyed,
        levels=[Level(number=n, sees=f"Sees {n}.", told="Told.") for n in range(1, number + 1)],
    )  # fmt: skip


def task(**given: Any) -> Task:
    whole: dict[str, Any] = {
        "id": uuid4(), "position": 1, "kind": "written", "title": "Answer", "prompt": "Write.",
        "minutes": 20, "weight": 100, "ai_policy": "free", "ai_sentence": "As on the job.",
        "spelling_counts": False, "spelling_sentence": "Not marked.", "phone_sentence": "Works.",
        "settings": {}, "rubric": [line()],
    }  # fmt: skip
    return Task(**{**whole, **given})


def version(*tasks: Task, **given: Any) -> Version:
    whole = {"title": "A day", "lead": "You sit at a desk.", "limit_minutes": 30}
    return Version(**{**whole, **given}, tasks=list(tasks) if tasks else [task()])


def test_a_whole_version_is_ready(app: Flask) -> None:
    assert rules.is_ready(version())


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (lambda: version(title=""), "The assessment has no title."),
        (lambda: version(lead=""), "Candidates are not told yet"),
        (lambda: version(limit_minutes=19), "it must be 20 to 60"),
        (lambda: version(limit_minutes=61), "it must be 20 to 60"),
        (lambda: version(task(minutes=19)), "The tasks take 19 minutes together; it must be 20 to 60."),
        (
            lambda: version(task(minutes=10), limit_minutes=45),
            "The tasks take 10 minutes together; it must be 20 to 60.",
        ),
        (
            lambda: version(task(minutes=41), limit_minutes=40),
            "The tasks take 41 minutes together, 1 more than the limit of 40.",
        ),
        (lambda: version(task(title="")), "Task 1 has no title."),
        (lambda: version(task(prompt="")), "Task 1 has no prompt."),
        (lambda: version(task(minutes=0)), "Task 1 has no minutes."),
        (lambda: version(task(rubric=[], weight=0)), "No task is marked"),
        (lambda: version(task(weight=90)), "marked tasks add up to 90, not to 100."),
        (lambda: version(task(weight=0)), "Task 1 is marked and has no weight."),
        (
            lambda: version(task(rubric=[line(weight=60), line(weight=50)])),
            "The weights of the criteria of task 1 add up to 110, not to 100.",
        ),
        (
            lambda: version(task(rubric=[line(weight=100), line(weight=0)])),
            "Task 1 has a criterion without weight.",
        ),
        (lambda: version(task(rubric=[line(levels=2)])), "needs three to five levels"),
        (lambda: version(task(rubric=[line(levels=6)])), "needs three to five levels"),
        (
            lambda: version(task(kind="choice", settings=OPTIONS, rubric=[line(keyed=True, levels=3)])),
            "is scored by rule and needs exactly two levels",
        ),
        (lambda: version(task(ai_sentence="")), "does not say why its tools"),
        (lambda: version(task(spelling_sentence="")), "whether spelling counts"),
        (
            lambda: version(task(spelling_counts=True, spelling_sentence="Spelling is not marked.")),
            "Task 1 tells candidates that spelling is not marked, and it is.",
        ),
        (
            lambda: version(task(spelling_counts=False, spelling_sentence="Spelling is marked.")),
            "Task 1 tells candidates that spelling is marked, and it is not.",
        ),
        (lambda: version(task(phone_sentence="")), "how it works on a phone"),
        (
            lambda: version(
                task(kind="choice", settings={**OPTIONS, "keyed": []}, rubric=[line(keyed=True)])
            ),
            "Task 1 needs to know which option the rule counts.",
        ),
        (
            lambda: version(task(kind="choice", settings={**OPTIONS, "options": []})),
            "Task 1 needs at least two options.",
        ),
        (
            lambda: version(task(kind="choice", settings={**OPTIONS, "options": TWICE})),
            "Task 1 has the option “B” more than once.",
        ),
        (
            lambda: version(task(kind="choice", settings={**OPTIONS, "reason": False}, rubric=[])),
            "neither scored by rule nor asks for a reason",
        ),
        (
            lambda: version(task(kind="choice", settings={**OPTIONS, "reason": False})),
            "Task 1 has a criterion for reviewers and asks for no reason that they could read.",
        ),
    ],
)  # fmt: skip
def test_each_lack_is_a_sentence(app: Flask, broken: Callable[[], Version], sentence: str) -> None:
    left = [need for need in rules.needs(broken()) if not need.done]
    assert any(sentence in need.words for need in left), left
    assert all(need.place for need in left)


def test_a_reason_that_nobody_marks_is_advised_against_and_can_go_out(app: Flask) -> None:
    asked = version(task(kind="choice", settings=OPTIONS, rubric=[line(keyed=True)]))
    advice = [need for need in rules.needs(asked) if need.done and need.place]
    assert [need.words for need in advice] == [
        "Advice: task 1 asks for a reason that no criterion marks: candidates write it for nobody."
    ]
    assert advice[0].place == f"task-{asked.tasks[0].id}-reason"
    assert rules.is_ready(asked)
    for tasks in ([task(kind="choice", settings=OPTIONS, rubric=[line()])], [task()]):
        assert all(not need.place for need in rules.needs(version(*tasks)))


def test_levels_that_say_the_same_are_advised_against(app: Flask) -> None:
    alike = line()
    alike.levels[2].sees = "  sees 2. "
    found = [need for need in rules.needs(version(task(rubric=[alike]))) if "Advice" in need.words]
    [advice] = found
    assert advice.words == (
        "Advice: levels 2 and 3 of “Dated next step” say the same to reviewers."
    )
    assert advice.place == f"line-{alike.id}-levels-2-sees"
    assert advice.done


def test_a_material_is_neither_empty_nor_beside_nothing(app: Flask) -> None:
    material = Material(id=uuid4(), form="prose", title="The rules", content=" \n")
    asked = version(materials=[material])
    words = {need.words: need.done for need in rules.needs(asked)}
    assert words["Advice: “The rules” lies beside no task, so nobody reads it."]
    assert rules.is_ready(asked)
    asked.tasks[0].beside = [Beside(material=material, position=1)]
    assert not rules.is_ready(asked)
    assert "“The rules” is empty." in {need.words for need in rules.needs(asked)}
    material.content = "P1"
    assert not [need for need in rules.needs(asked) if "The rules" in need.words]


def test_a_level_without_its_second_sentence_is_named(app: Flask) -> None:
    half = line()
    half.levels[2].told = ""
    left = [need for need in rules.needs(version(task(rubric=[half]))) if not need.done]
    assert [need.words for need in left] == ["“Dated next step” lacks a sentence on 1 level."]
    assert left[0].place == f"line-{half.id}-levels-2-told"


A, B, C = {"text": "a"}, {"text": "b"}, {"text": "c"}


@pytest.mark.parametrize(
    ("base", "typed", "stored", "own", "becomes"),
    [
        (A, A, A, False, "untouched"),
        (A, A, B, False, "untouched"),  # another window wrote; this one did not
        (A, B, A, False, "kept"),
        (A, B, B, False, "untouched"),  # both wrote the same
        (A, C, B, False, "conflict"),
        (A, C, B, True, "kept"),  # the text in between is this page's own
    ],
)
def test_no_save_writes_over_what_it_has_not_seen(
    base: dict[str, str], typed: dict[str, str], stored: dict[str, str], own: bool, becomes: str
) -> None:
    told = rules.fate(base=print_of(base), typed=typed, stored=stored, own=own)
    assert told == becomes


def test_no_task_waits_for_one_that_does_not_come_before_it(app: Flask) -> None:
    first, second, third = (task(position=n, minutes=5, weight=0, rubric=[]) for n in (1, 2, 3))
    tasks = [first, second, third]
    assert [rules.may_open_after(second, f"{one.id}", tasks) for one in tasks] == [
        True,
        False,
        False,
    ]
    third.opens_after = first
    assert rules.too_early(tasks) is None
    first.opens_after = third
    assert rules.too_early(tasks) is first
    needs = rules.needs(version(*tasks))
    ((words, place),) = [(n.words, n.place) for n in needs if "waits" in n.words]
    assert words == "Task 1 waits for a task that does not come before it."
    assert place == f"task-{first.id}-opens_after"
