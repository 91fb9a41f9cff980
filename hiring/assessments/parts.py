"""The parts of a draft that are saved on their own: its head, each task, criterion and material.

A part has a key, which names its fields on the page, and values: plain, comparable, and whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from flask_babel import gettext

from hiring.assessments.bundles import MATERIAL_FIELDS, TASK_FIELDS, VERSION_FIELDS
from hiring.assessments.models import Beside, Level, Material, RubricLine, Task, Version
from hiring.assessments.rules import levels_lack
from hiring.kernel.refusals import Refused

Values = dict[str, Any]
Part = Version | Task | RubricLine | Material


def parts_of(version: Version) -> dict[str, Part]:
    """Every part of a draft by its key."""
    lines = [line for task in version.tasks for line in task.rubric]
    parts: list[Part] = [version, *version.tasks, *lines, *version.materials]
    return {key_of(part): part for part in parts}


def key_of(part: Part) -> str:
    """The part's key: `version`, or the name of its kind and its id."""
    match part:
        case Version():
            return "version"
        case Task():
            return f"task-{part.id}"
        case RubricLine():
            return f"line-{part.id}"
        case Material():
            return f"material-{part.id}"


@singledispatch
def values_of(part: object) -> Values:
    """What the part holds."""
    raise TypeError(part)


@values_of.register
def _(part: Version) -> Values:
    return {name: getattr(part, name) for name in VERSION_FIELDS}


@values_of.register
def _(part: Material) -> Values:
    return {name: getattr(part, name) for name in MATERIAL_FIELDS}


@values_of.register
def _(part: Task) -> Values:
    beside = [str(place.material_id) for place in part.beside]
    after = str(part.opens_after.id) if part.opens_after else ""
    fields = {name: getattr(part, name) for name in TASK_FIELDS}
    return {**fields, "opens_after": after, "materials": beside}


@values_of.register
def _(part: RubricLine) -> Values:
    levels = [{"sees": level.sees, "told": level.told} for level in part.levels]
    return {"name": part.name, "weight": part.weight, "levels": levels}


@singledispatch
def give(part: object, values: Mapping[str, Any]) -> None:
    """Let the part hold these values. Raises Refused for what no page of ours would send."""
    raise TypeError(part)


@give.register
def _(part: Version | Material, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(part, name, value)


@give.register
def _(part: Task, values: Mapping[str, Any]) -> None:
    if part.kind not in {None, values["kind"]}:
        raise Refused(gettext("A task keeps its kind. Add another one instead."))
    for name in TASK_FIELDS:
        setattr(part, name, values[name])
    known = (one for one in part.version.tasks if str(one.id) == values["opens_after"])
    part.opens_after = next(known, None)
    lay_beside(part, values["materials"])


@give.register
def _(part: RubricLine, values: Mapping[str, Any]) -> None:
    name, levels = values["name"] or gettext("A criterion"), len(values["levels"])
    if lack := levels_lack(name, levels, keyed=part.keyed):
        raise Refused(gettext("%(lack)s Nothing was saved; load the page again.", lack=lack))
    part.name, part.weight = values["name"], values["weight"]
    known = {level.number: level for level in part.levels}
    part.levels = [
        known.get(nth) or Level(number=nth) for nth, _level in enumerate(values["levels"], start=1)
    ]
    for level, given in zip(part.levels, values["levels"], strict=True):
        level.sees, level.told = given["sees"], given["told"]


def lay_beside(task: Task, keys: list[str]) -> None:
    """Put these materials of the task's version beside it, in this order; others it does not have."""
    materials = {str(material.id): material for material in task.version.materials}
    known = {str(place.material_id): place for place in task.beside}
    task.beside = [
        known.get(key) or Beside(material=materials[key]) for key in keys if key in materials
    ]
    for nth, place in enumerate(task.beside, start=1):
        place.position = nth
    task.saved_in = ""
