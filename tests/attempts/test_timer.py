"""The one pure function about time, and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.attempts.timer import MOST_PAUSED, Timer, deadline_of

START = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)  # ten minutes before Europe's clocks go forward
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("limit", "factor", "paused", "credited", "minutes"),
    [
        (35, 1, 0, 0, 36),
        (35, 1.25, 0, 0, 44.75),
        (35, 1.5, 0, 0, 53.5),
        (35, 2, 0, 0, 71),
        (60, 3, 0, 0, 181),
        (60, 10, 0, 0, 601),
        (60, 11, 0, 0, 601),  # ten times is the most
        (35, 0.5, 0, 0, 36),  # nobody gets less
        (35, 1, 5, 0, 41),
        (35, 1, 15, 0, 51),
        (35, 1, 40, 0, 51),  # pauses are fifteen minutes together
        (35, 1, 0, 3, 39),
        (35, 1.5, 15, 3, 71.5),  # pauses and credits are not multiplied
        (35, 1, -5, -5, 36),
    ],
)
def test_an_attempt_closes_at_start_plus_limit_times_factor_plus_pauses_credits_and_a_minute(
    limit: int, factor: float, paused: float, credited: float, minutes: float
) -> None:
    closes = deadline_of(
        START, limit_minutes=limit, factor=factor,
        paused=paused * MINUTE, credited=credited * MINUTE,
    )  # fmt: skip
    assert closes - START == minutes * MINUTE


@pytest.mark.parametrize(
    ("seconds_after_the_close", "counts", "due"),
    [(-60, True, False), (0, True, False), (30, True, False), (30.001, False, False),
     (34.999, False, False), (35, False, True), (3600, False, True)],
)  # fmt: skip
def test_a_save_counts_for_half_a_minute_and_closing_waits_longer(
    seconds_after_the_close: float, counts: bool, due: bool
) -> None:
    timer = Timer(START, 35)
    at = timer.closes_at + seconds_after_the_close * SECOND
    assert timer.counts(at) is counts
    assert timer.is_due(at) is due
    assert timer.state(at) == ("running" if counts else "closed")


def test_the_page_shows_the_end_without_the_minute_that_nobody_speaks_of() -> None:
    assert Timer(START, 35).shown_end == START + 35 * MINUTE


@pytest.mark.parametrize(
    ("submitted", "asked", "may"),
    [(5, 5, True), (5, 14.9, True), (5, 15, False), (30, 34.9, True), (30, 35, False), (35.5, 35.6, False)],
)  # fmt: skip
def test_a_submission_can_be_taken_back_for_ten_minutes_while_time_remains(
    submitted: float, asked: float, may: bool
) -> None:
    timer = Timer(START, 35, submitted_at=START + submitted * MINUTE)
    assert timer.may_take_back(START + asked * MINUTE) is may
    assert timer.is_due(START + asked * MINUTE) is not may


def test_what_is_closed_is_never_due_again_and_nothing_is_taken_back() -> None:
    timer = Timer(START, 35, submitted_at=START + MINUTE, closed_at=START + 20 * MINUTE)
    assert not timer.is_due(START + timedelta(days=9))
    assert not timer.may_take_back(START + 2 * MINUTE)
    assert timer.state(START + 2 * MINUTE) == "closed"


timers = st.builds(
    Timer,
    started_at=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    limit_minutes=st.integers(20, 60),
    factor=st.floats(1, 10),
    paused=st.timedeltas(timedelta(), timedelta(hours=1)),
    credited=st.timedeltas(timedelta(), timedelta(hours=3)),
)


@given(timers)
def test_everyone_gets_at_least_the_limit_and_a_minute_and_at_most_what_was_given(
    timer: Timer,
) -> None:
    length = timer.closes_at - timer.started_at
    assert length >= (timer.limit_minutes + 1) * MINUTE
    most = timer.limit_minutes * 10 * MINUTE + MINUTE + MOST_PAUSED + timer.credited
    assert length <= most


@given(timers, st.floats(1, 10), st.timedeltas(timedelta(), timedelta(hours=1)))
def test_more_of_anything_never_gives_less_time(
    timer: Timer, factor: float, more: timedelta
) -> None:
    longer = Timer(
        timer.started_at, timer.limit_minutes, max(timer.factor, factor),
        timer.paused + more, timer.credited + more,
    )  # fmt: skip
    assert longer.closes_at >= timer.closes_at


@given(timers, st.timedeltas(timedelta(minutes=-30), timedelta(minutes=30)))
def test_nothing_that_counts_comes_when_the_attempt_may_be_closed(
    timer: Timer, offset: timedelta
) -> None:
    at = timer.closes_at + offset
    assert not (timer.counts(at) and timer.is_due(at))
