"""The criteria shelf: sixteen that are shipped, in general words, and every one that was marked here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml

from hiring.assessments.models import Criterion, Level, Task
from hiring.assessments.queries import Use, criteria_of_slugs, latest_uses, uses_of

FILE = Path(__file__).parent / "shipped" / "shelf.yaml"
Anchors = list[tuple[int, str, str]]  # level, what the reviewer sees, what the candidate is told


@dataclass(frozen=True)
class General:
    """A shipped criterion in words of no single task. `use`: the kind of task that it is for."""

    slug: str
    name: str
    use: str
    levels: tuple[tuple[str, str], ...]

    def says(self, words: str) -> bool:
        """Whether the words stand anywhere in it."""
        text = [self.name, self.use, *(sentence for level in self.levels for sentence in level)]
        return words.casefold() in " ".join(text).casefold()


@dataclass(frozen=True)
class OnShelf:
    """A criterion as the shelf shows it. `pick` puts it into a rubric, `again` as it was used last."""

    pick: str
    name: str
    use: str
    anchors: Anchors
    uses: list[Use] = field(default_factory=list)
    again: str = ""


@cache
def general() -> tuple[General, ...]:
    """The sixteen, in the order of the file."""
    return tuple(
        General(
            given["shelf"], given["name"], given["for"],
            tuple((level["sees"], level["told"]) for level in given["levels"]),
        )
        for given in yaml.safe_load(FILE.read_text("utf-8"))["criteria"]
    )  # fmt: skip


def general_of(slug: str) -> General | None:
    """The shipped criterion of that slug."""
    return next((one for one in general() if one.slug == slug), None)


def shipped(words: str = "") -> list[OnShelf]:
    """Those of the sixteen that say these words, each with where it is used."""
    found = [one for one in general() if one.says(words)]
    ids = criteria_of_slugs([one.slug for one in found])
    uses = uses_of(ids.values())
    return [
        OnShelf(
            one.slug, one.name, one.use,
            [(n, sees, told) for n, (sees, told) in enumerate(one.levels, start=1)],
            uses.get(ids.get(one.slug, UUID(int=0)), []),
            str(ids[one.slug]) if uses.get(ids.get(one.slug, UUID(int=0))) else "",
        )
        for one in found
    ]  # fmt: skip


def ours(criteria: Sequence[Criterion]) -> list[OnShelf]:
    """Criteria of our own as they were anchored last, each with where it is used."""
    ids = [one.id for one in criteria]
    uses, lines = uses_of(ids), latest_uses(ids)
    return [
        OnShelf(str(one.id), lines[one.id].name or one.name, "", _anchors(lines[one.id].levels),
                uses.get(one.id, []))
        for one in criteria
    ]  # fmt: skip


def picks_of(task: Task) -> set[str]:
    """What would put a criterion into a rubric that has it already."""
    ids = {line.criterion_id for line in task.rubric}
    slugs = criteria_of_slugs([one.slug for one in general()])
    return {str(one) for one in ids} | {slug for slug, one in slugs.items() if one in ids}


def _anchors(levels: Sequence[Level]) -> Anchors:
    return [(level.number, level.sees, level.told) for level in levels]
