"""The demo's pilot: enough of the house sat an assessment that its page tells figures, and two marked it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import select

from hiring.assessments.models import Criterion, RubricLine
from hiring.attempts.models import Answer
from hiring.attempts.queries import desk_of
from hiring.kernel.database import session, writing
from hiring.openings import pilots
from hiring.reviewing import actions as reviewing
from hiring.reviewing.models import Assignment
from hiring.reviewing.rules import Jotted

if TYPE_CHECKING:
    from hiring.demo import House, Pair

Words = Mapping[str, Any]


class Pilot:
    """Those who sat it write what its samples say, as `pair` has people do it."""

    def __init__(self, house: House, pair: Pair) -> None:
        self.house, self.pair, self.words = house, pair, pair.words
        self.mails = {one["key"]: one["email"] for one in house.words["staff"]}

    def diary(self) -> Iterator[tuple[datetime, Callable[[], object]]]:
        """Begun, sat by each at their own hour, and marked on one morning."""
        yield self.house.instant(self.words["begun"]), self.begin
        morning = self.house.instant(self.words["marked"])
        for nth, sat in enumerate(self.words["sat"]):
            who, began = self.mails[sat["who"]], self.house.instant(sat["at"])
            yield began, partial(self.pair.start, who, 1)
            hand_in = partial(self.pair.hand_in, who, 1, sat["quality"])
            yield began + timedelta(minutes=sat["minutes"]), hand_in
            yield morning + timedelta(minutes=20 * nth), partial(self.mark, who, sat)

    def begin(self) -> None:
        """Some sit it and others mark."""
        staff = self.house.staff
        with writing():
            self.pair.opening_id = pilots.begin(
                self.house.version_id, sitting=[staff[sat["who"]] for sat in self.words["sat"]],
                marking=[staff[key] for key in self.words["panel"]],
                by=staff[self.words["by"]], id=uuid4(),
            ).id  # fmt: skip

    def mark(self, who: str, sat: Words) -> None:
        """One of the two gives the reference marks; the other reads some anchors otherwise."""
        second = self.house.staff[self.words["panel"][1]]
        samples = self.pair.samples(1, sat["quality"])
        for work in desk_of(self.pair.at[who, 1]).works:
            blind = select(Answer.blind_answer_id).where(Answer.id == work.answer_id)
            given = select(Assignment).where(Assignment.blind_answer_id.in_(blind))
            marks = samples.get(work.number, {}).get("marks", {})
            for one in session.scalars(given).all():
                shifts = sat.get("otherwise", {}) if one.account_id == second else {}
                sheet = self._sheet(work.task.rubric, marks, shifts)
                with writing():
                    reviewing.finish(one.id, by=one.account_id, sheet=sheet)

    def _sheet(
        self, rubric: list[RubricLine], marks: Words, shifts: Mapping[str, int]
    ) -> dict[UUID, Jotted]:
        sheet = {}
        for line in rubric:
            slug = session.get_one(Criterion, line.criterion_id).slug or ""
            if slug in marks:
                level = _read(marks[slug]["level"], shifts.get(slug, 0), len(line.levels))
                sheet[line.id] = Jotted(level, "")
        return sheet


def _read(level: int, shift: int, most: int) -> int:
    """That many levels lower, where there is room below, else higher."""
    return level - shift if level > shift else min(level + shift, most)
