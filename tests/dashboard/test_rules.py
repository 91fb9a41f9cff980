"""Which question a thing belongs to, and where it lies among the working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hiring.dashboard.rules import axis_around, sort_out
from hiring.kernel.promises import Due

GHENT = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 20, 10, 40, tzinfo=GHENT)  # a Friday


def due(what: str, hours: float | None, *, mine: bool = True, promised: bool = False) -> Due:
    at = None if hours is None else NOW + timedelta(hours=hours)
    return Due(what, "", "dashboard.today", at, "Rae", mine, promised=promised)


def test_each_thing_stands_under_one_question_the_most_urgent_first() -> None:
    sorted_out = sort_out(
        [due("later", 9), due("whenever", None), due("sooner", 1), due("late", -1),
         due("word", 3, promised=True),
         due("theirs", 2, mine=False), due("late word", -2, mine=False, promised=True)],
        at=NOW,
    )  # fmt: skip
    assert [one.what for one in sorted_out.late] == ["late word", "late"]
    assert [one.what for one in sorted_out.waiting] == ["sooner", "later", "whenever"]
    assert [one.what for one in sorted_out.promised] == ["word"]


def test_the_axis_begins_with_the_working_day_before_and_skips_weekends() -> None:
    days = [day.strftime("%a") for day in axis_around(NOW.date(), GHENT).days]
    assert days == ["Thu", "Fri", "Mon", "Tue", "Wed", "Thu"]
    assert axis_around(date(2026, 11, 23), GHENT).days[0] == date(2026, 11, 20)


def test_a_weekend_that_is_now_has_its_day_on_the_axis() -> None:
    days = [day.strftime("%a") for day in axis_around(date(2026, 11, 21), GHENT).days]
    assert days == ["Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    assert [f"{day:%a}" for day in axis_around(date(2026, 11, 22), GHENT).days] == days
    saturday = axis_around(date(2026, 11, 21), GHENT)
    assert saturday.place(datetime(2026, 11, 21, 12, tzinfo=GHENT)) == saturday.middles[1]


PLACES = [
    (datetime(2026, 11, 19, 0, 0, tzinfo=GHENT), 0.0),
    (NOW, 20.63),
    (datetime(2026, 11, 20, 9, 40, tzinfo=UTC), 20.63),  # the same instant, told elsewhere
    (datetime(2026, 11, 21, 15, 0, tzinfo=GHENT), 28.57),  # Saturday takes no room
    (datetime(2026, 11, 22, 23, 59, tzinfo=GHENT), 28.57),
    (datetime(2026, 11, 23, 12, 0, tzinfo=GHENT), 35.71),
    (datetime(2026, 11, 1, 12, 0, tzinfo=GHENT), 0.0),
    (datetime(2027, 1, 1, 12, 0, tzinfo=GHENT), 100.0),
]


@pytest.mark.parametrize(("instant", "place"), PLACES)
def test_an_instant_has_its_place(instant: datetime, place: float) -> None:
    assert axis_around(NOW.date(), GHENT).place(instant) == pytest.approx(place, abs=0.01)


def test_what_lies_beyond_the_last_day_has_no_end_on_the_axis() -> None:
    axis = axis_around(NOW.date(), GHENT)
    assert axis.reaches(datetime(2026, 11, 26, 23, 0, tzinfo=GHENT))
    assert not axis.reaches(datetime(2026, 11, 27, 0, 0, tzinfo=GHENT))
    assert axis.grid[0] == 0
    assert axis.grid[-1] < axis.middles[-1] < 100  # "later" lies beyond the days
