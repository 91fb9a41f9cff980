"""Saving the parts that a page sends, beside whatever else came meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hiring.assessments.drafting.draft import touch
from hiring.assessments.models import Task, Version
from hiring.assessments.parts import give, parts_of, values_of
from hiring.assessments.rules import (
    Path,
    fate,
    fitting,
    may_open_after,
)
from hiring.kernel.prints import print_of


@dataclass(frozen=True)
class Typed:
    """A part as a page sends it. `base` is the print of what the page was made from.

    `unfit`: the places in it that cannot be kept. `over`: the print of a text that came between and
    that the page has shown: it is saved over that one, and over no newer one.
    """

    key: str
    values: Mapping[str, Any]
    base: str
    unfit: Sequence[Path] = ()
    over: str = ""


@dataclass
class Saved:
    """What became of a save. `gone`: parts that were taken out elsewhere, with text typed into them.

    `early`: tasks that should wait for one that does not come before them: they open when they did.
    """

    kept: set[str] = field(default_factory=set)
    conflicts: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        return not (self.conflicts or self.gone or self.early)


def save(version: Version, typed: Sequence[Typed], *, page: str, by: UUID) -> Saved:
    """Keep what fits of each part that the page changed, unless someone else changed it since.

    `page` is the page's own name: what it saved before is never in its way.
    """
    parts, saved = parts_of(version), Saved()
    for one in typed:
        part = parts.get(one.key)
        if part is None:
            if print_of(one.values) != one.base:
                saved.gone.add(one.key)
            continue
        stored = values_of(part)
        values = fitting(one.values, stored, one.unfit)
        own = part.saved_in == page or one.over == print_of(stored)
        becomes = fate(base=one.base, typed=values, stored=stored, own=own)
        if becomes == "conflict":
            saved.conflicts.add(one.key)
        elif becomes == "kept":
            if isinstance(part, Task) and not _in_order(version, part, values["opens_after"]):
                values["opens_after"] = stored["opens_after"]
                saved.early.add(one.key)
            give(part, values)
            part.saved_in = page
            saved.kept.add(one.key)
    if saved.kept:
        touch(version, by)
    return saved


def _in_order(version: Version, task: Task, key: str) -> bool:
    return not key or may_open_after(task, key, version.tasks)
