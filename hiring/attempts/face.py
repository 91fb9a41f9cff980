"""The head of the desk: how much time is left, in words, and the clock's times along the ruler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from babel.lists import format_list
from flask_babel import get_locale, ngettext, to_user_timezone
from flask_babel import gettext as _

from hiring.attempts.queries import Work
from hiring.attempts.timer import Timer
from hiring.kernel.words import clock

Label = tuple[float, str]
STEPS = (10, 15, 30, 60, 120, 240, 1440)  # minutes between two labels
ROOM = 8  # labels that a narrow screen has room for
NEAR = 0.07  # of the ruler: closer to an end a label would touch the end's own
FINE = 120  # minutes: up to here every minute has its tick


@dataclass(frozen=True)
class Face:
    """What the ruler of an attempt's time shows. Places are minutes from the start."""

    started_at: datetime
    ends_at: datetime
    at: datetime

    @property
    def length(self) -> float:
        """The ruler's length: the time that the candidate was told."""
        return _minutes(self.ends_at - self.started_at)

    @property
    def run(self) -> float:
        """How much of it is over."""
        return min(max(_minutes(self.at - self.started_at), 0.0), self.length)

    @property
    def every(self) -> int:
        """Minutes between two small ticks."""
        return 1 if self.length <= FINE else 5 if self.length <= 5 * FINE else 60

    @property
    def left(self) -> str:
        """*37 minutes left*."""
        seconds = (self.ends_at - self.at).total_seconds()
        if seconds <= 0:
            return _("Time is over. What is saved counts.")
        return _("%(time)s left", time=minutes_in_words(ceil(seconds / 60)))

    @property
    def sentence(self) -> str:
        """The picture in words."""
        return _(
            "Time: %(used)s of %(all)s minutes used, ends at %(end)s",
            used=round(self.run),
            all=round(self.length),
            end=clock(self.ends_at),
        )

    @property
    def labels(self) -> list[Label]:
        """The clock's times along the ruler: both ends, and round times between."""
        ends = [(0.0, clock(self.started_at)), (self.length, clock(self.ends_at))]
        return [ends[0], *self._between(), ends[1]]

    def _between(self) -> list[Label]:
        step = next((step for step in STEPS if self.length / step <= ROOM), STEPS[-1])
        local = to_user_timezone(self.started_at)
        # to whole minutes from the start, where the small ticks are: half a minute is not seen
        place = round(step - (local.hour * 60 + local.minute) % step - local.second / 60)
        found: list[Label] = []
        while place < self.length * (1 - NEAR):
            if place > self.length * NEAR:
                found.append((place, clock(self._round_time(place))))
            place += step
        return found

    def _round_time(self, place: float) -> datetime:
        reached = self.started_at + timedelta(minutes=place, seconds=30)
        return reached.replace(second=0, microsecond=0)


def face_of(timer: Timer, *, at: datetime) -> Face:
    """The face of an attempt's clock."""
    return Face(timer.started_at, timer.shown_end, at)


def minutes_in_words(minutes: int) -> str:
    """*37 minutes*."""
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def still_empty(works: Sequence[Work]) -> str:
    """*Tasks 3 and 4 are still empty; in task 3 an empty answer gets the lowest level.* Or nothing."""
    return _empty(
        works,
        ngettext(
            "Task %(n)s is still empty;",
            "Tasks %(n)s are still empty;",
            len(works),
            n=_numbers(works),
        ),
    )


def left_empty(works: Sequence[Work]) -> str:
    """The same when it is over: *Task 3 was left empty; an empty answer gets the lowest level.*"""
    return _empty(
        works,
        ngettext(
            "Task %(n)s was left empty;",
            "Tasks %(n)s were left empty;",
            len(works),
            n=_numbers(works),
        ),
    )


def _empty(works: Sequence[Work], which: str) -> str:
    if not works:
        return ""
    marked = [work for work in works if work.task.marked]
    if not marked:
        means = ngettext("it is not marked.", "they are not marked.", len(works))
    elif len(marked) == len(works):
        means = _("an empty answer gets the lowest level.")
    else:
        means = ngettext(
            "in task %(n)s an empty answer gets the lowest level.",
            "in tasks %(n)s an empty answer gets the lowest level.",
            len(marked),
            n=_numbers(marked),
        )
    return f"{which} {means}"


def _numbers(works: Sequence[Work]) -> str:
    return format_list([str(work.number) for work in works], locale=get_locale())
