"""What stands in which of the three questions, and the axis of working days it is drawn on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hiring.kernel.promises import Due

DAYS = 6  # working days on the axis: yesterday's, today's and the next four
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
    """Working days side by side, each as wide as the other; nights count, weekends take no room."""

    days: tuple[date, ...]
    zone: ZoneInfo

    def place(self, instant: datetime) -> float:
        """Where an instant lies, in percent; before the axis 0, beyond it 100."""
        local = instant.astimezone(self.zone)
        before = sum(day < local.date() for day in self.days)
        begin = datetime.combine(local.date(), time(), self.zone)
        part = (local - begin) / timedelta(days=1) if local.date() in self.days else 0.0
        return 100 * (before + part) / len(self.days)

    def reaches(self, instant: datetime) -> bool:
        """Whether an instant is not beyond the last day."""
        return instant.astimezone(self.zone).date() <= self.days[-1]

    @property
    def grid(self) -> list[float]:
        """Where the days begin, and where the last one ends, in percent."""
        return [100 * number / len(self.days) for number in range(len(self.days) + 1)]


def axis_around(today: date, zone: ZoneInfo) -> Axis:
    """The working day before today, and the five from today on."""
    first = today - timedelta(days=1)
    while first.weekday() >= SATURDAY:
        first -= timedelta(days=1)
    days = [first]
    while len(days) < DAYS:
        following = days[-1] + timedelta(days=1)
        while following.weekday() >= SATURDAY:
            following += timedelta(days=1)
        days.append(following)
    return Axis(tuple(days), zone)
