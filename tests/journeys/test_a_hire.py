"""One hire in a real browser, from an empty database to the paper that leaves the building."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.seed import invitations
from tests.journeys.candidate import Candidate
from tests.journeys.house import INVITATION, House
from tests.journeys.papers import read_csv, read_pdf
from tests.journeys.recruiter import Recruiter
from tests.journeys.watch import Watch
from tests.journeys.work import (
    AMA,
    CHOICE,
    EMRE,
    GUESTS,
    KIT,
    LEAD,
    LETTER,
    LIMIT,
    OPENING,
    SUMMARY,
    TITLE,
)
from tests.live import LiveServer

pytestmark = pytest.mark.browser
PANEL = ("Vic Okafor", "Wen Li", "Zia Rahmani")
ANSWERS = 9  # of ten: one reason was never written
WANTED = 2


@pytest.fixture
def house(browser: Browser, live_server: LiveServer) -> Iterator[House]:
    """An installation that is watched; what was seen is told at the end."""
    watch = Watch(live_server.url)
    yield House(browser, live_server, watch)
    for context in browser.contexts:
        context.close()
    assert not watch.faults, f"{watch.told()}\n{live_server.log()[-5000:]}"


@pytest.mark.both
def test_a_hire(house: House, tmp_path: Path) -> None:
    ola = house.founds()
    rae = house.recruiter("Rae Lindqvist", by=ola)
    panel = [house.reviewer(name, by=ola) for name in PANEL]

    rae.begins_an_assessment(TITLE, lead=LEAD, summary=SUMMARY, limit=LIMIT)
    rae.adds(LETTER)
    rae.adds(CHOICE)
    rae.previews(LETTER, CHOICE)
    rae.publishes()

    hear_by = (datetime.now(UTC) + timedelta(days=20)).date()
    rae.opens_an_opening(OPENING, panel=list(PANEL), hear_by=hear_by)
    rae.invites(*GUESTS)

    candidates = {
        guest: house.candidate(guest, ola.hands_over(guest.address, INVITATION)) for guest in GUESTS
    }
    for guest, candidate in candidates.items():
        takes_the_work(candidate)
        if not guest.runs_out:
            candidate.hands_in()
    rae.finds("Submitted")

    house.lets_pass(minutes=LIMIT + 3)
    candidates[EMRE].finds_it_handed_in("We have your answer")
    candidates[AMA].finds_it_handed_in("We have your two answers")

    marked = 0
    for reviewer in panel:
        reviewer.waits_for_work()
        marked += reviewer.marks_everything(GUESTS)
    panel[0].asks_for_more()
    assert marked == ANSWERS * WANTED

    takes_the_paper_home(house, rae, tmp_path)
    assert len(ola.letters(AMA.address)) == 2, "no letter tells a decision yet"


def takes_the_work(candidate: Candidate) -> None:
    """From the link to the last word."""
    candidate.reads_what_awaits()
    candidate.starts()
    candidate.writes_the_letter()
    candidate.goes_on_to(2)
    candidate.chooses()


def takes_the_paper_home(house: House, rae: Recruiter, folder: Path) -> None:
    """Decide on everybody, freeze the shortlist, and read what was downloaded."""
    foretold = sorted(GUESTS, key=lambda guest: -guest.mean)
    assert rae.reads_the_shortlist() == [(guest.name, str(guest.mean)) for guest in foretold]
    for guest in GUESTS:
        rae.decides(guest)
    rae.asks_for_the_document()

    paper = read_pdf(rae.downloads("PDF", folder))
    sheet = read_csv(rae.downloads("CSV", folder))
    assert paper.tagged
    assert f"Raw means of {sum(int(row['Marks']) for row in sheet.values())} marks" in paper.words
    for guest in GUESTS:
        assert guest.name in paper.words
        assert guest.why in paper.words
        assert sheet[guest.name]["Decision"] == guest.verdict
        assert float(sheet[guest.name]["Raw mean"]) == guest.mean
    assert AMA.note in paper.words
    whole = house.runs("ledger", "verify", "--head", paper.head, "--count", str(paper.entries))
    assert whole.startswith("The ledger is whole")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_desk_of_the_shipped_assessment(house: House, *, script: bool) -> None:
    """Four tasks and their material. Without a script every press is a form, and says what was kept."""
    token, *_others = invitations(house.server.environment, 1)
    kit = house.candidate(KIT, f"/invitations/{token}", script=script)
    kit.reads_what_awaits()
    kit.starts()
    kit.chooses()
    kit.goes_on_to(2)
    kit.writes_the_letter()
    kit.goes_on_to(3)
    kit.goes_on_to(4)
    kit.hands_in()
    kit.finds_it_handed_in("We have your two answers")
