"""Moving the parts of a draft among their like, and weighing them alike."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

from hiring.assessments.drafting.draft import number, siblings_of, touch
from hiring.assessments.models import RubricLine, Task, Version
from hiring.assessments.parts import Part, lay_beside
from hiring.assessments.rules import (
    ALL,
    too_early,
)
from hiring.kernel.refusals import Missing, Refused


def move(version: Version, part: Part, *, by_places: int, by: UUID) -> None:
    """Move a part among its like, by one place up (−1) or down (1).

    Raises Refused where a task would come before the one it opens after.
    """
    siblings = siblings_of(version, part)
    here = siblings.index(part)
    there = min(max(here + by_places, 0), len(siblings) - 1)
    if isinstance(part, Task):
        _refuse_early([*siblings], here, there)
    siblings.insert(there, siblings.pop(here))
    number(siblings)
    touch(version, by)


def _refuse_early(tasks: list[Task], here: int, there: int) -> None:
    tasks.insert(there, tasks.pop(here))
    early = too_early(tasks)
    if early and early.opens_after:
        raise Refused(
            _(
                "Task %(n)s opens after task %(first)s, so it stays behind it. "
                "Let it open at once, and move it then.",
                n=early.position,
                first=early.opens_after.position,
            )
        )


def place_of(version: Version, part: Part) -> int:
    """Where a part stands among its like, from 0."""
    return siblings_of(version, part).index(part)


def option_of(task: Task, key: str) -> tuple[int, str]:
    """Where an option of a choice stands among the others, from 0, and its text. Raises Missing."""
    for place, option in enumerate(task.settings.get("options", ())):
        if option["key"] == key:
            return place, option["text"]
    raise Missing


def move_option(version: Version, task: Task, key: str, *, by_places: int, by: UUID) -> None:
    """Move an option of a choice among the others, up (negative) or down. Raises Missing."""
    here, options = option_of(task, key)[0], list(task.settings["options"])
    options.insert(max(here + by_places, 0), options.pop(here))
    task.settings = {**task.settings, "options": options}
    task.saved_in = ""  # no page has it like this
    touch(version, by)


def move_beside(version: Version, task: Task, material_id: str, *, by: UUID) -> None:
    """Move a material one place earlier in the order of one task."""
    keys = [str(place.material_id) for place in task.beside]
    if material_id not in keys:
        raise Missing
    here = keys.index(material_id)
    keys.insert(max(here - 1, 0), keys.pop(here))
    lay_beside(task, keys)
    touch(version, by)


def share_evenly(version: Version, parts: Sequence[Task | RubricLine], *, by: UUID) -> None:
    """Give parts the same weight, so that they add up to 100; the first ones take what is left over."""
    for nth, part in enumerate(parts):
        part.weight = ALL // len(parts) + (nth < ALL % len(parts))
        part.saved_in = ""
    touch(version, by)
