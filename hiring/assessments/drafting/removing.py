"""Taking parts out of a draft, and putting the last one back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from hiring.assessments import bundles
from hiring.assessments.drafting.draft import materials_beside, number, siblings_of, touch
from hiring.assessments.models import Material, RubricLine, Task, Version
from hiring.assessments.parts import Part, lay_beside
from hiring.assessments.rules import (
    too_early,
)
from hiring.kernel.database import session
from hiring.kernel.refusals import Missing, Refused


def next_to(version: Version, part: Part) -> Part | None:
    """The next of its like, or else the one before: what one looks at once it is gone."""
    siblings = siblings_of(version, part)
    here = siblings.index(part)
    near: list[Part] = [*siblings[here + 1 :], *reversed(siblings[:here])]
    return near[0] if near else None


def remove(version: Version, part: Part, *, by: UUID) -> None:
    """Take a part out. The last one taken out can be put back."""
    siblings = siblings_of(version, part)
    version.removed = {"at": siblings.index(part), **_what_goes(version, part)}
    if isinstance(part, Material):
        for task in version.tasks:
            lay_beside(task, [key for key in materials_beside(task) if key != str(part.id)])
    if isinstance(part, Task):
        for task in _waiting(version, part):
            task.opens_after = None
    siblings.remove(part)
    number(siblings)
    touch(version, by)


def _what_goes(version: Version, part: Part) -> dict[str, Any]:
    match part:
        case Task():
            waiting = [str(task.id) for task in _waiting(version, part)]
            return {"what": "task", "content": bundles.plain_task(part), "tasks": waiting}
        case Material():
            tasks = [str(task.id) for task in version.tasks if part in task.materials]
            return {"what": "material", "content": bundles.plain_material(part), "tasks": tasks}
        case RubricLine():
            of = str(part.task_id)
            return {"what": "line", "content": bundles.plain_line(part), "of": of}
        case Version():
            raise Missing


def put_back(version: Version, *, by: UUID) -> Part:
    """Put back what was taken out last. Raises Refused when it is back already or its task is gone."""
    gone = version.removed
    if gone is None:
        raise Refused(_("Everything that was taken out is back already."))
    siblings, part = _what_comes_back(version, gone)
    siblings.insert(min(gone["at"], len(siblings)), part)
    number(siblings)
    session.flush()
    for task in version.tasks:
        if str(task.id) not in gone.get("tasks", ()):
            continue
        if isinstance(part, Material):
            lay_beside(task, [*materials_beside(task), str(part.id)])
        elif isinstance(part, Task):
            task.opens_after = part
    while early := too_early(version.tasks):  # they were moved while it was out
        early.opens_after = None
    version.removed = None
    touch(version, by)
    return part


def _what_comes_back(version: Version, gone: Mapping[str, Any]) -> tuple[list[Any], Part]:
    content, at = gone["content"], gone["at"] + 1
    if gone["what"] == "task":
        materials = {str(material.id): material for material in version.materials}
        back = bundles.task_of(content, position=at, materials=materials)
        back.opens_after = _task(version, content.get("opens_after"))
        return version.tasks, back
    if gone["what"] == "material":
        return version.materials, bundles.material_of(content, position=at)
    task = _task(version, gone["of"])
    if task is None:
        raise Refused(_("The task it belonged to is gone too."))
    if any(str(line.criterion_id) == content["criterion"] for line in task.rubric):
        raise Refused(_("This criterion is on the task already."))
    return task.rubric, bundles.line_of(content, position=at)


def _task(version: Version, key: str | None) -> Task | None:
    return next((task for task in version.tasks if str(task.id) == key), None)


def _waiting(version: Version, part: Task) -> list[Task]:
    return [task for task in version.tasks if task.opens_after is part]
