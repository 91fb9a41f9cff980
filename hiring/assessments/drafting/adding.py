"""Adding to a draft: tasks, criteria, levels, materials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from hiring.assessments import bundles
from hiring.assessments.actions import shelve
from hiring.assessments.drafting.draft import number, touch
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import FORMS, Level, Material, RubricLine, Task, Version
from hiring.assessments.queries import latest_use
from hiring.assessments.rules import (
    ALL,
    KEYED_LEVELS,
    MAX_CRITERIA,
    MAX_LEVELS,
    MAX_MATERIALS,
    MAX_TASKS,
    MIN_LEVELS,
    SPELLING,
)
from hiring.assessments.shelf import general_of
from hiring.kernel.database import session
from hiring.kernel.refusals import Missing, Refused

NEW_LEVELS = 4


def add_task(version: Version, kind_name: str, *, by: UUID) -> Task:
    """A new task at the end, with what most tasks say about tools, spelling and phones."""
    _room(version.tasks, MAX_TASKS, _("Twelve tasks are the most that fit into an hour."))
    kind = kind_of(kind_name)
    task = Task(
        kind=kind.name, title="", prompt="", minutes=10, settings=kind.new_settings(),
        weight=max(0, ALL - sum(task.weight for task in version.tasks)),
        ai_policy="free",
        ai_sentence=_("Use what you like, as you would on the job; saying so never lowers a mark."),
        spelling_counts=False, spelling_sentence=str(SPELLING[False]),
        phone_sentence=_("Works well on a phone."), position=len(version.tasks) + 1,
    )  # fmt: skip
    version.tasks.append(task)
    if kind.may_be_keyed:
        _add_keyed(task)
    touch(version, by)
    session.flush()
    return task


def add_line(version: Version, task: Task, *, criterion_id: UUID | None, by: UUID) -> RubricLine:
    """A new criterion: as it was anchored last when it comes from the shelf, else with empty levels."""
    if criterion_id is None:
        empty = [{"sees": "", "told": ""}] * NEW_LEVELS
        content = {"criterion": str(shelve("").id), "name": "", "levels": empty}
        return _add_line(version, task, content, by=by)
    source = latest_use(criterion_id)
    if source is None or source.keyed:
        raise Missing
    return _add_line(version, task, bundles.plain_line(source), by=by)


def add_general_line(version: Version, task: Task, slug: str, *, by: UUID) -> RubricLine:
    """A shipped criterion of that slug, in its general words. Raises Missing when there is none."""
    given = general_of(slug)
    if given is None:
        raise Missing
    levels = [{"sees": sees, "told": told} for sees, told in given.levels]
    key = str(shelve(given.name, slug=slug).id)
    content = {"criterion": key, "name": given.name, "levels": levels}
    return _add_line(version, task, content, by=by)


def _add_line(version: Version, task: Task, content: dict[str, Any], *, by: UUID) -> RubricLine:
    _room(task.rubric, MAX_CRITERIA, _("Twelve criteria are the most that a reviewer can hold."))
    if any(str(line.criterion_id) == content["criterion"] for line in task.rubric):
        raise Refused(_("This criterion is on the task already."))
    weight = max(0, ALL - sum(line.weight for line in task.rubric))
    given = {**content, "keyed": False, "weight": weight}
    line = bundles.line_of(given, position=len(task.rubric) + 1)
    task.rubric.append(line)
    touch(version, by)
    session.flush()
    return line


def add_keyed_line(version: Version, task: Task, *, by: UUID) -> RubricLine:
    """The criterion that is scored by rule, for a kind that can have one, once."""
    if not kind_of(task.kind).may_be_keyed or any(line.keyed for line in task.rubric):
        raise Missing
    line = _add_keyed(task)
    touch(version, by)
    session.flush()
    return line


def _add_keyed(task: Task) -> RubricLine:
    line = RubricLine(
        criterion_id=shelve("").id, position=1, name=_("The right choice"), keyed=True,
        weight=max(0, ALL - sum(line.weight for line in task.rubric)),
        levels=[Level(number=n) for n in range(1, KEYED_LEVELS + 1)],
    )  # fmt: skip
    wrong, right = line.levels
    wrong.sees, wrong.told = _("Chose another option."), _("You chose another option.")
    right.sees, right.told = _("Chose what the rule counts."), _("You chose what the rule counts.")
    task.rubric.insert(0, line)
    number(task.rubric)
    return line


def add_level(version: Version, line: RubricLine, *, by: UUID) -> None:
    """One more level on top."""
    if line.keyed or len(line.levels) >= MAX_LEVELS:
        raise Refused(_("Five levels are the most that stay apart."))
    line.levels.append(Level(number=len(line.levels) + 1))
    line.saved_in = ""  # no page has it like this: one that saved it before is in the way now
    touch(version, by)


def drop_level(version: Version, line: RubricLine, *, by: UUID) -> None:
    """Take the top level away, when it is empty or more than the least remain."""
    if line.keyed or len(line.levels) <= MIN_LEVELS:
        raise Refused(
            _("Three levels are the least: what is missing, what is right, what is more.")
        )
    line.levels.pop()
    line.saved_in = ""
    touch(version, by)


def add_material(version: Version, form: str, *, by: UUID) -> Material:
    """A new material, beside no task yet."""
    if form not in FORMS:
        raise Missing
    _room(version.materials, MAX_MATERIALS, _("Twenty materials are the most."))
    material = Material(form=form, position=len(version.materials) + 1)
    version.materials.append(material)
    touch(version, by)
    session.flush()
    return material


def _room(parts: Sequence[object], most: int, sentence: str) -> None:
    if len(parts) >= most:
        raise Refused(sentence)
