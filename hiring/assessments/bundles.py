"""A version as plain values, and rows from plain values again.

One form serves all that copies an assessment: a shipped template becomes a draft, a published version
the next draft, what was removed is put back, and a fingerprint is taken of what goes out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from hiring.assessments.models import (
    Beside,
    Level,
    Material,
    RubricLine,
    Sample,
    Task,
    Version,
)

Plain = dict[str, Any]
VERSION_FIELDS = ("title", "summary", "lead", "limit_minutes")
MATERIAL_FIELDS = ("title", "note", "form", "content")
TASK_FIELDS = (
    "kind", "title", "teaser", "prompt", "minutes", "weight", "ai_policy", "ai_sentence",
    "spelling_counts", "spelling_sentence", "phone_sentence", "settings",
)  # fmt: skip
LINE_FIELDS = ("name", "weight", "keyed")
SAMPLE_FIELDS = ("label", "value", "marks")


def plain(version: Version) -> Plain:
    """Everything that is asked and how it is marked; criteria by id, materials by their place."""
    return {
        **_fields(version, VERSION_FIELDS),
        "materials": [plain_material(material) for material in version.materials],
        "tasks": [plain_task(task) for task in version.tasks],
    }


def plain_material(material: Material) -> Plain:
    """One material; its key is its id, which tasks name."""
    return {"key": str(material.id), **_fields(material, MATERIAL_FIELDS)}


def plain_task(task: Task) -> Plain:
    """One task with its rubric and samples; its key is its id, which tasks that open after it name."""
    return {
        "key": str(task.id),
        **_fields(task, TASK_FIELDS),
        "opens_after": str(task.opens_after_id) if task.opens_after_id else None,
        "materials": [str(place.material_id) for place in task.beside],
        "rubric": [plain_line(line) for line in task.rubric],
        "samples": [_fields(sample, SAMPLE_FIELDS) for sample in task.samples],
    }


def plain_line(line: RubricLine) -> Plain:
    """One criterion as a task marks it."""
    return {
        **_fields(line, LINE_FIELDS),
        "criterion": str(line.criterion_id),
        "levels": [{"sees": level.sees, "told": level.told} for level in line.levels],
    }


def fingerprint(version: Version) -> str:
    """sha256 of the canonical JSON: two versions with the same content have the same one.

    Row ids stay out (materials and tasks count by their place), samples too: they are not what is
    asked. A task that opens at once says nothing of it, as in what went out before tasks could wait.
    """
    content = plain(version)
    place = {material.pop("key"): nth for nth, material in enumerate(content["materials"])}
    position = {task.pop("key"): nth for nth, task in enumerate(content["tasks"])}
    for task in content["tasks"]:
        task["materials"] = [place[key] for key in task["materials"]]
        del task["samples"]
        if after := task.pop("opens_after"):
            task["opens_after"] = position[after]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def fill(version: Version, content: Mapping[str, Any]) -> None:
    """Give a new version this content. Its criteria must be on the shelf."""
    for name in VERSION_FIELDS:
        setattr(version, name, content[name])
    for nth, given in enumerate(content["materials"], start=1):
        version.materials.append(material_of(given, position=nth))
    by_key = dict(
        zip((given["key"] for given in content["materials"]), version.materials, strict=True)
    )
    for nth, given in enumerate(content["tasks"], start=1):
        version.tasks.append(task_of(given, position=nth, materials=by_key))
    tasks = dict(zip((given["key"] for given in content["tasks"]), version.tasks, strict=True))
    for given, task in zip(content["tasks"], version.tasks, strict=True):
        task.opens_after = tasks.get(given["opens_after"])


def material_of(content: Mapping[str, Any], *, position: int) -> Material:
    """A new material with this content."""
    return Material(position=position, **{name: content[name] for name in MATERIAL_FIELDS})


def task_of(
    content: Mapping[str, Any], *, position: int, materials: Mapping[str, Material]
) -> Task:
    """A new task with this content, beside it those of `materials` (by key) that still exist."""
    beside = [materials[key] for key in content["materials"] if key in materials]
    return Task(
        position=position,
        **{name: content[name] for name in TASK_FIELDS},
        beside=[Beside(material=one, position=nth) for nth, one in enumerate(beside, start=1)],
        rubric=[line_of(line, position=n) for n, line in enumerate(content["rubric"], start=1)],
        samples=[
            Sample(position=nth, **{name: sample[name] for name in SAMPLE_FIELDS})
            for nth, sample in enumerate(content["samples"], start=1)
        ],
    )


def line_of(content: Mapping[str, Any], *, position: int) -> RubricLine:
    """A new rubric line with this content."""
    return RubricLine(
        criterion_id=UUID(content["criterion"]),
        position=position,
        **{name: content[name] for name in LINE_FIELDS},
        levels=[
            Level(number=nth, sees=level["sees"], told=level["told"])
            for nth, level in enumerate(content["levels"], start=1)
        ],
    )


def _fields(row: object, names: Sequence[str]) -> Plain:
    return {name: getattr(row, name) for name in names}
