"""Who is given which answer, when marks are complete, and how long the rest will take. Pure.

Answers are handed out by the platform, at random, evenly, and so that the marks hang together: two
reviewers who never marked the same candidate, nor anyone in a chain between them, cannot be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import median
from typing import Any, Literal, NamedTuple
from uuid import UUID

from flask_babel import gettext as _

from hiring.assessments.models import RubricLine
from hiring.kernel.prints import print_of

CANNOT: Literal["cannot"] = "cannot"
IDLE = timedelta(hours=48)  # what was promised for a mark; an answer left so long may be taken over
BREAK = timedelta(minutes=15)  # a longer gap between two answers was not work on one
FEW = 3  # answers marked before a pace can be told
NOTE = 2_000  # characters of a note on a criterion
Level = int | Literal["cannot"] | None


class Given(NamedTuple):
    """An answer that a reviewer has: the candidate is known by the alias that all their answers share."""

    reviewer: UUID
    answer: UUID
    alias: str
    task: UUID


@dataclass
class Hands:
    """What lies in whose hands on one panel, while it is being handed out."""

    panel: frozenset[UUID]
    wanted: int
    given: list[Given] = field(default_factory=list)

    def short(self, answer: UUID) -> int:
        """How many marks the answer still wants."""
        return max(0, self.wanted - sum(g.answer == answer for g in self.given))

    def choose(
        self, answer: UUID, alias: str, task: UUID, *, rng: Random, barred: Collection[UUID] = ()
    ) -> list[UUID]:
        """Take different reviewers for an answer until it has the wanted number, or nobody is left.

        Each time the one with the least in hand; among equals one who ties the candidate to reviewers
        not yet comparable, then with the least of this task, then in a new pair; then by lot.
        """
        chosen = []
        for _nth in range(self.short(answer)):
            free = self.panel - {g.reviewer for g in self.given if g.answer == answer}
            free -= frozenset(barred)
            if not free:
                break
            reviewer = self._least(free, answer, alias, task, rng)
            self.given.append(Given(reviewer, answer, alias, task))
            chosen.append(reviewer)
        return chosen

    def _least(
        self, free: frozenset[UUID], answer: UUID, alias: str, task: UUID, rng: Random
    ) -> UUID:
        load = Counter(g.reviewer for g in self.given)
        of_task = Counter(g.reviewer for g in self.given if g.task == task)
        beside = self._shared_with(answer)
        tied = reached(alias, self.given)

        def key(reviewer: UUID) -> tuple[int, bool, int, int, float]:
            return (
                load[reviewer], reviewer in tied, of_task[reviewer], beside[reviewer], rng.random(),
            )  # fmt: skip

        return min(sorted(free), key=key)

    def _shared_with(self, answer: UUID) -> Counter[UUID]:
        """How often each reviewer marks an answer together with those who have this one."""
        having: dict[UUID, set[UUID]] = {}
        for one in self.given:
            having.setdefault(one.answer, set()).add(one.reviewer)
        here = having.pop(answer, set())
        return Counter(r for others in having.values() if here & others for r in others)


def reached(alias: str, given: Iterable[Given]) -> set[UUID]:
    """The reviewers who can be compared through this candidate: who marked them, or anyone whom a
    reviewer reached so far has marked too.
    """
    edges = {(g.alias, g.reviewer) for g in given}
    aliases, reviewers = {alias}, set[UUID]()
    while near := {(a, r) for a, r in edges if a in aliases or r in reviewers}:
        edges -= near
        aliases |= {a for a, _ in near}
        reviewers |= {r for _, r in near}
    return reviewers


def is_idle(*, touched_at: datetime, at: datetime) -> bool:
    """Whether an unfinished answer has lain so long that who asks for more may take it over."""
    return at - touched_at >= IDLE


class Jotted(NamedTuple):
    """What a reviewer has put down for one criterion: a level, *cannot judge* or nothing yet; a note."""

    level: Level = None
    note: str = ""


Sheet = Mapping[UUID, Jotted]
PAGE = "page"  # in a kept draft, beside its criteria: the page that kept it


class Window(NamedTuple):
    """The page that a sheet came from, and the print of what was kept when that page last looked."""

    page: str
    seen: str


def read_draft(draft: Mapping[str, Any]) -> dict[UUID, Jotted]:
    """A kept draft as a sheet; beside the criteria it names the page that kept it."""
    return {UUID(id): Jotted(one["level"], one["note"]) for id, one in draft.items() if id != PAGE}


def draft_of(sheet: Sheet, page: str) -> dict[str, Any]:
    """A sheet as it is kept."""
    put_down = {id: one for id, one in sheet.items() if one != Jotted()}
    return {PAGE: page} | {str(id): one._asdict() for id, one in put_down.items()}


def print_of_sheet(sheet: Sheet) -> str:
    """The same for the same marks and notes; empty for a sheet on which nothing stands."""
    lines = sorted((str(id), *one) for id, one in sheet.items() if one != Jotted())
    return print_of(lines) if lines else ""


def overwrites(window: Window, draft: Mapping[str, Any], sheet: Sheet) -> bool:
    """Whether keeping `sheet` would put out what another window kept since this one looked."""
    stands = print_of_sheet(read_draft(draft))
    return draft.get(PAGE) != window.page and stands not in {window.seen, print_of_sheet(sheet), ""}


def for_people(rubric: Iterable[RubricLine]) -> list[RubricLine]:
    """The criteria that reviewers mark; keyed ones are scored by rule and not shown."""
    return [line for line in rubric if not line.keyed]


def faults(sheet: Sheet, lines: Sequence[RubricLine]) -> dict[UUID, str]:
    """What keeps a sheet from being final, a sentence a criterion; empty when it is complete."""
    found = {line.id: _fault(sheet.get(line.id, Jotted()), len(line.levels)) for line in lines}
    return {id: sentence for id, sentence in found.items() if sentence}


def _fault(jotted: Jotted, levels: int) -> str | None:
    if jotted.level is None:
        return _("No level yet.")
    if jotted.level != CANNOT and not 1 <= jotted.level <= levels:
        return _("That is none of its levels.")
    if len(jotted.note) > NOTE:
        return _(
            "This note has %(length)s characters; %(limit)s fit. It stands here as you typed it.",
            length=f"{len(jotted.note):,}",
            limit=f"{NOTE:,}",
        )
    return None


def minutes_left(finished: Sequence[datetime], left: int) -> int | None:
    """Whole minutes that `left` answers will take at this reviewer's pace; None before it can be told.

    The pace is the median time between two of their answers, breaks left out.
    """
    gaps = [gap.total_seconds() for gap in _gaps(finished) if gap < BREAK]
    return max(1, round(left * median(gaps) / 60)) if len(gaps) >= FEW - 1 and left else None


def _gaps(instants: Sequence[datetime]) -> Iterator[timedelta]:
    return (after - before for before, after in pairwise(sorted(instants)))


def ruler(length: int) -> list[tuple[int, str]]:
    """Where a ruler of so many answers carries numbers: about four, and always its end."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, length or 1) if length <= 5 * s)
    places = [n for n in range(0, length, step) if n == 0 or length - n > step / 2]
    return [(n, f"{n:,}") for n in (*places, length)]
