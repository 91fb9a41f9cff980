"""The locked draft of `actions.draft`, its parts, and what every act on it ends with: a new revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hiring.assessments.models import Material, RubricLine, Task, Version
from hiring.assessments.parts import Part, parts_of
from hiring.kernel.clock import now
from hiring.kernel.refusals import Missing


def part_of(version: Version, key: str) -> Part:
    """The part of that key. Raises Missing."""
    try:
        return parts_of(version)[key]
    except KeyError:
        raise Missing from None


def siblings_of(version: Version, part: Part) -> list[Any]:
    match part:
        case Task():
            return version.tasks
        case Material():
            return version.materials
        case RubricLine():
            return next(task.rubric for task in version.tasks if part in task.rubric)
        case Version():
            raise Missing


def materials_beside(task: Task) -> list[str]:
    return [str(place.material_id) for place in task.beside]


def number(parts: Sequence[Task | RubricLine | Material]) -> None:
    for nth, part in enumerate(parts, start=1):
        part.position = nth


def touch(version: Version, by: UUID) -> None:
    version.revision += 1
    version.saved_at, version.saved_by = now(), by
