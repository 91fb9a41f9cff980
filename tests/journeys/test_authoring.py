"""How far it is to people who are invited to an opening of two steps, in clicks and keys, seen in a browser.

The numbers are held: whoever makes the way longer hears of it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.candidate import Candidate
from tests.journeys.house import INVITATION, House
from tests.journeys.recruiter import Recruiter
from tests.journeys.watch import Watch
from tests.journeys.work import AMA, BO, CHOICE, DILNOZA, KIT, LEAD, LETTER, OPENING, SUMMARY, Guest
from tests.live import LiveServer

pytestmark = pytest.mark.browser
VIC = "Vic Okafor"
PARTS = ("Two days, one stall: the plan", "Two days, one stall: the first day")
GUESTS = (AMA, BO, DILNOZA)
HEAR_BY = (datetime.now(UTC) + timedelta(days=40)).date()


@pytest.fixture
def house(browser: Browser, live_server: LiveServer) -> Iterator[House]:
    """An installation that is watched; what was seen is told at the end."""
    watch = Watch(live_server.url)
    yield House(browser, live_server, watch)
    for context in browser.contexts:
        context.close()
    assert not watch.faults, f"{watch.told()}\n{live_server.log()[-5000:]}"


def test_two_ways_to_an_opening_of_two_steps(house: House, tmp_path: Path) -> None:
    ola = house.founds()
    rae = house.recruiter("Rae Lindqvist", by=ola)
    house.reviewer(VIC, by=ola)
    with holds(rae, clicks=95, keys=1_600):
        from_an_empty_page(rae, excel(tmp_path, GUESTS))
    reads_of_two_steps(house.candidate(DILNOZA, ola.hands_over(DILNOZA.address, INVITATION)))
    with holds(rae, clicks=28, keys=65):
        from_a_template(rae)
    reads_of_two_steps(house.candidate(KIT, ola.hands_over(KIT.address, INVITATION)))


def from_an_empty_page(rae: Recruiter, file: Path) -> None:
    """Two assessments of her own, an opening of both, and a file of people."""
    titles = ("The letter at the desk", "The room for tonight")
    for title, task in zip(titles, (LETTER, CHOICE), strict=True):
        rae.begins_an_assessment(title, lead=LEAD, summary=SUMMARY, limit=20)
        rae.adds(replace(task, minutes=20, weight=100))
        rae.publishes()
    rae.opens_an_opening_of_steps(OPENING, assessments=titles, panel=[VIC], hear_by=HEAR_BY)
    rae.imports(file, people=len(GUESTS))


def from_a_template(rae: Recruiter) -> None:
    """The two parts that belong together, as they are, and one person."""
    for title in PARTS:
        rae.begins_from_a_template(title)
        rae.publishes()
    rae.opens_an_opening_of_steps("A stall", assessments=PARTS, panel=[VIC], hear_by=HEAR_BY)
    rae.invites_one(KIT)


def reads_of_two_steps(kit: Candidate) -> None:
    """Whoever is invited is told what comes after, and starts."""
    kit.reads_what_awaits()
    kit.sees("Step 1 of 2")
    kit.starts()


def excel(folder: Path, guests: tuple[Guest, ...]) -> Path:
    """What a spreadsheet of ours saves: a mark at the front, semicolons, a column that nobody asked for."""
    lines = ["Naam;E-mail;Heard of us"]
    lines += [f"{guest.name};{guest.address};a friend" for guest in guests]
    file = folder / "guests.csv"
    file.write_bytes("\r\n".join([*lines, ""]).encode("utf-8-sig"))
    return file


@contextmanager
def holds(rae: Recruiter, *, clicks: int, keys: int) -> Iterator[None]:
    """What is done meanwhile takes no more than that."""
    before = rae.clicks, rae.keys
    yield
    took = rae.clicks - before[0], rae.keys - before[1]
    print(f"{took[0]} clicks, {took[1]} keys")
    assert took[0] <= clicks, f"{took[0]} clicks"
    assert took[1] <= keys, f"{took[1]} keys"
