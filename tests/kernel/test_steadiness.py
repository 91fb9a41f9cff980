"""When the clock is trusted with what cannot be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from hiring.kernel import queue, steadiness
from hiring.kernel.clock import wall
from hiring.kernel.database import session, writing
from tests import factories as make

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def certain() -> Iterator[None]:
    """Each test begins without doubt, and leaves none behind."""
    steadiness._doubted.clear()
    yield
    steadiness._doubted.clear()


def looked(ago: timedelta) -> None:
    """Let the last look have been so long ago."""
    with writing():
        session.merge(steadiness.LastSweep(name=steadiness.ONE, at=wall() - ago))


def test_a_weekend_is_no_reason_to_doubt(app: Flask) -> None:
    looked(timedelta(days=2, hours=12))
    assert steadiness.trusted()
    assert not steadiness.is_doubted()
    last = session.get_one(steadiness.LastSweep, steadiness.ONE, populate_existing=True)
    assert wall() - last.at < timedelta(minutes=1)


@pytest.mark.parametrize("ago", [365 * DAY, -365 * DAY, 4 * DAY, -DAY])
def test_a_jump_is_trusted_after_a_day_of_uptime_and_not_before(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ago: timedelta
) -> None:
    looked(ago)
    begun = steadiness.uptime()
    assert not steadiness.trusted()
    monkeypatch.setattr(steadiness, "uptime", lambda: begun + 23.9 * 3600)
    assert not steadiness.trusted()
    assert steadiness.is_doubted()
    monkeypatch.setattr(steadiness, "uptime", lambda: begun + 24.1 * 3600)
    assert steadiness.trusted()
    assert not steadiness.is_doubted()


def test_a_restart_begins_the_day_anew_and_a_clock_put_right_ends_it(app: Flask) -> None:
    looked(365 * DAY)
    assert not steadiness.trusted()
    steadiness._doubted.clear()  # another process
    assert not steadiness.trusted()
    looked(timedelta(hours=1))
    assert steadiness.trusted()


def test_where_nobody_ever_looked_it_is_doubted(app: Flask) -> None:
    with writing():
        session.delete(session.get_one(steadiness.LastSweep, steadiness.ONE))
    assert not steadiness.trusted()


def test_an_owner_is_told_on_today(app: Flask) -> None:
    told = "Nothing is erased by its day"
    make.staff("rae"), make.staff("ola")
    assert told not in make.signed_in(app, "ola").get("/staff").text
    looked(365 * DAY)
    page = make.signed_in(app, "ola").get("/staff").text
    assert told in page
    assert f" {wall().year}, " in page, "A clock is wrong by a year most of all."
    assert told not in make.signed_in(app, "rae").get("/staff").text


def test_hourly_work_goes_on_after_the_clock_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    sweep = queue.hourly(lambda: done.append(1))
    begun, at = queue.time.monotonic(), wall()
    sweep(), sweep()
    assert len(done) == 1
    monkeypatch.setattr(queue, "wall", lambda: at - 365 * DAY)
    monkeypatch.setattr(queue.time, "monotonic", lambda: begun + 3700)
    sweep(), sweep()
    assert len(done) == 2
