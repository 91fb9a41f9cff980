"""What a pilot tells: how long it took, and where two who marked it differed. Advice, no more.

Of fewer than five people the minutes are told to nobody but the one who sat it; then of the first five,
ten and so on, since the numbers before and after one more would tell how long that one took.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from uuid import UUID

from sqlalchemy import select

from hiring.accounts.queries import addresses_of
from hiring.assessments.queries import version_of
from hiring.attempts.queries import minutes_taken
from hiring.kernel.database import session
from hiring.openings.models import Application
from hiring.openings.pilots import person_of
from hiring.openings.queries import opening_of
from hiring.reviewing.queries import marks_of_step
from hiring.shortlists.queries import given_by_answer, lines_of
from hiring.shortlists.standing import Given, Line, apart

ENOUGH = 5  # people, before their minutes are told, and before those of more are


@dataclass(frozen=True)
class Difference:
    """The pairs of marks on one criterion: alike, one level apart, two or more."""

    line: Line
    alike: int
    one: int
    more: int

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return self.alike + self.one + self.more


@dataclass(frozen=True)
class Told:
    """What a pilot tells one viewer. The minutes are empty below five people; `own` is the viewer's own."""

    title: str
    number: int
    assessment_id: UUID
    limit: int
    people: int
    sat: int
    counted: int  # of how many the minutes are
    median: int | None
    most: int | None
    own: int | None
    differences: tuple[Difference, ...]

    @property
    def unclear(self) -> list[Difference]:
        """Where two marks of one answer lie two levels apart or more."""
        return [one for one in self.differences if one.more]


def told_by(opening_id: UUID, *, to: UUID) -> Told:
    """What the pilot in this opening tells the account `to`."""
    opening = opening_of(opening_id)
    step = opening.steps[0]
    version = version_of(step.version_id)
    people = select(Application.id).where(Application.opening_id == opening_id)
    taken = minutes_taken(version.id, step_id=step.id)
    median, most = _measured(taken)
    return Told(
        title=version.title, number=version.number, assessment_id=version.assessment_id,
        limit=version.limit_minutes, people=len(session.scalars(people).all()), sat=len(taken),
        counted=len(taken) // ENOUGH * ENOUGH,
        median=median, most=most, own=_own(opening_id, step.id, version.id, to),
        differences=_differences(step.id, lines_of(version)),
    )  # fmt: skip


def _measured(minutes: Sequence[float]) -> tuple[int | None, int | None]:
    counted = minutes[: len(minutes) // ENOUGH * ENOUGH]
    if not counted:
        return None, None
    tenths = quantiles(counted, n=10, method="inclusive")
    return math.ceil(tenths[4]), math.ceil(tenths[8])


def _own(opening_id: UUID, step_id: UUID, version_id: UUID, account_id: UUID) -> int | None:
    person_id = person_of(opening_id, addresses_of([account_id])[account_id])
    if person_id is None:
        return None
    taken = minutes_taken(version_id, step_id=step_id, person_id=person_id)
    return math.ceil(taken[0]) if taken else None


def _differences(step_id: UUID, lines: Sequence[Line]) -> tuple[Difference, ...]:
    given = [one for some in given_by_answer(marks_of_step(step_id)).values() for one in some]
    return tuple(_difference(line, given) for line in lines if not line.keyed)


def _difference(line: Line, given: Sequence[Given]) -> Difference:
    pairs = apart([line], [one for one in given if one.line_id == line.id])
    return Difference(line, alike=pairs[0], one=sum(pairs[1:2]), more=sum(pairs[2:]))
