"""What stands in which of the three questions, and the axis of working days it is drawn on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from hiring.kernel.promises import Due

DAYS = 6  # on the axis: the working day before today, today, and the next four working days
SATURDAY = 5


@dataclass(frozen=True)
class Sorted:
    """What is due, by question. What is late stands there only, whoever owes it."""

    late: list[Due]
    waiting: list[Due]
    promised: list[Due]


def sort_out(due: Iterable[Due], *, at: datetime) -> Sorted:
    """The three questions, what is due first before the rest, what has no day last."""
    late, waiting, promised = [], [], []
    for one in sorted(due, key=lambda one: (one.due_at is None, one.due_at or at, one.what)):
        if one.due_at is not None and one.due_at < at:
            late.append(one)
        elif one.promised:
            promised.append(one)
        elif one.mine:
            waiting.append(one)
    return Sorted(late, waiting, promised)


@dataclass(frozen=True)
class Axis:
    """Days side by side, each as wide as the other, and one stretch more for all that comes later.

    Nights count; weekends take no room, unless it is one now: then both of its days do.
    """

    days: tuple[date, ...]
    zone: ZoneInfo

    def place(self, instant: datetime) -> float:
        """Where an instant lies, in percent; before the axis 0, beyond its days 100."""
        local = instant.astimezone(self.zone)
        if local.date() > self.days[-1]:
            return 100.0
        before = sum(day < local.date() for day in self.days)
        begin = datetime.combine(local.date(), time(), self.zone)
        part = (local - begin) / timedelta(days=1) if local.date() in self.days else 0.0
        return self._percent(before + part)

    def reaches(self, instant: datetime) -> bool:
        """Whether an instant is not beyond the last day."""
        return instant.astimezone(self.zone).date() <= self.days[-1]

    @property
    def grid(self) -> list[float]:
        """Where the days begin, and where the last one ends and *later* begins, in percent."""
        return [self._percent(number) for number in range(len(self.days) + 1)]

    @property
    def middles(self) -> list[float]:
        """The middle of each day, and last that of *later*, in percent."""
        return [self._percent(number + 0.5) for number in range(len(self.days) + 1)]

    def _percent(self, days: float) -> float:
        return 100 * days / (len(self.days) + 1)


def axis_around(today: date, zone: ZoneInfo) -> Axis:
    """The working day before today, today, and the working days after, six in all; on a weekend all of it."""
    first = today - timedelta(days=1)
    while first.weekday() >= SATURDAY:
        first -= timedelta(days=1)
    each = (first + timedelta(days=number) for number in count())
    weekend_now = today.weekday() >= SATURDAY
    near = timedelta(days=1)  # Saturday and Sunday together, so that no day between two is missing
    shown = (
        day for day in each
        if day.weekday() < SATURDAY or (weekend_now and abs(day - today) <= near)
    )  # fmt: skip
    return Axis(tuple(islice(shown, DAYS)), zone)
