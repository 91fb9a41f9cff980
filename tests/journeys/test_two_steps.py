"""From a shipped pair to a hire after two steps: one person goes all the way, another never begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.journeys.house import INVITATION, House
from tests.journeys.recruiter import Recruiter
from tests.journeys.watch import Watch
from tests.journeys.work import Guest
from tests.live import LiveServer

pytestmark = pytest.mark.browser
PAIR = ("Two days, one stall: the plan", "Two days, one stall: the first day")
GRETA = Guest(
    "Greta Olsen", "greta@example.org",
    "Saturday first. The awning goes up at eight. Gusts come at noon. Then we take it down.",
    choice="", reason="", why="She planned for the gusts.",
)  # fmt: skip
PIM = Guest("Pim de Wit", "pim@example.org", "", choice="", reason="")


@pytest.fixture
def house(browser: Browser, live_server: LiveServer) -> Iterator[House]:
    """An installation that is watched; what was seen is told at the end."""
    watch = Watch(live_server.url)
    yield House(browser, live_server, watch)
    for context in browser.contexts:
        context.close()
    assert not watch.faults, f"{watch.told()}\n{live_server.log()[-5000:]}"


def test_a_hire_after_two_steps(house: House) -> None:
    ola = house.founds()
    rae = house.recruiter("Rae Lindqvist", by=ola)
    vic = house.reviewer("Vic Okafor", by=ola)
    for title in PAIR:
        begins_from(rae, title)
        rae.publishes()
    opens_two_steps(rae, panel=vic.name, hear_by=(datetime.now(UTC) + timedelta(days=30)).date())
    rae.invites(GRETA, PIM)

    greta = house.candidate(GRETA, ola.hands_over(GRETA.address, INVITATION))
    greta.reads_what_awaits()
    greta.sees("Step 1 of 2")
    greta.starts()
    greta.presses("Finish this task and open task 2")
    greta.writes_the_letter()
    greta.hands_in()
    house.lets_pass(minutes=12)
    vic.waits_for_work()
    assert vic.marks_everything([GRETA, PIM]) == 1

    rae.opens(rae.opening)
    rae.follows("Step 1")
    decides(rae, "Advance")
    rae.sees("Advanced to step 2. The letter with their invitation is written.")
    rae.finds("Step 2: invited")

    greta = house.candidate(GRETA, ola.hands_over(GRETA.address, INVITATION))
    greta.reads_what_awaits()
    greta.sees("Step 2 of 2")
    greta.starts()
    greta.writes_the_letter()
    greta.hands_in()
    house.lets_pass(minutes=12)
    vic.waits_for_work()
    assert vic.marks_everything([GRETA, PIM]) == 1

    rae.opens(rae.opening)
    rae.follows("Shortlist")
    decides(rae, "Hire")
    rae.sees("Hire is decided. Nobody has been told.")
    assert house.runs("ledger", "verify").startswith("The ledger is whole")


def begins_from(rae: Recruiter, title: str) -> None:
    """A draft from a template."""
    rae.opens("/staff/assessments/templates")
    template = rae.page.get_by_role("article", name=title)
    rae.presses("Begin with this one", within=template)


def opens_two_steps(rae: Recruiter, *, panel: str, hear_by: date) -> None:
    """The pair, offered as two steps; each is marked once, by the same person."""
    rae.opens("/staff/openings/new")
    rae.presses("Or begin with “Two days, one stall”", exact=False)
    rae.writes("Title", "Event lead")
    rae.writes("Pay or fee", "€ 3,100 a month")
    rae.writes("Candidates hear by", hear_by.isoformat())
    for number in (1, 2):
        step = rae.page.locator(f"#step-{number}")
        rae.ticks(panel, within=step)
        step.get_by_label("Reviews per answer", exact=True).select_option("1")
    rae.presses("Make the opening")
    rae.opening = rae.page.url


def decides(rae: Recruiter, verdict: str) -> None:
    """Read the work of who goes all the way, and decide."""
    rae.follows(GRETA.name)
    rae.ticks(verdict)
    rae.writes("Why", GRETA.why)
    rae.presses("Keep this decision")
