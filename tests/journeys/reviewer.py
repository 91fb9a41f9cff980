"""One of the panel: marks what lies in the queue without a mouse, and never learns whose it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import expect

from tests.journeys.person import Staff
from tests.journeys.work import Guest, level_for

EMPTY = "Nothing waits for you"


class Reviewer(Staff):
    """Levels, a note now and then, Enter."""

    def waits_for_work(self) -> None:
        """The platform gives answers out when attempts close."""
        self.opens("/staff/reviews")
        self.waits_for("Begin")

    def marks_everything(self, guests: Sequence[Guest]) -> int:
        """Work through the queue; returns how many answers there were."""
        self.follows("Begin", exact=False)
        answers = 0
        while self.heading != EMPTY:
            if not self.page.locator(
                "form.rubric"
            ).count():  # a pile is done; the next has the focus
                with self.page.expect_event("load"):
                    self._presses("Enter")
            self._sees_nobody(guests)
            self._marks(guests)
            answers += 1
        return answers

    def asks_for_more(self) -> None:
        """When the queue is empty one may take what is left over."""
        self.presses("Take what is left over")

    def _marks(self, guests: Sequence[Guest]) -> None:
        answer = self.page.locator(".verses").inner_text()
        level, note = level_for(answer), _note_on(answer, guests)
        for place in range(self.page.locator("form.rubric fieldset").count()):
            if place:
                self._presses("Tab")
            self._presses(str(level))
            if note and not place:
                self._jots(note)
        self._enters()

    def _jots(self, note: str) -> None:
        self._presses("n")
        self.page.keyboard.insert_text(note)
        self._presses("Escape")

    def _enters(self) -> None:
        """Save and next: only Enter, outside of any text."""
        expect(self.page.locator("#kept")).to_contain_text("kept")
        self.looks()
        with self.page.expect_event("load"):
            self._presses("Enter")
        self.looks()

    def _sees_nobody(self, guests: Sequence[Guest]) -> None:
        page = self.page.content()
        for guest in guests:
            for identity in (guest.name, guest.name.partition(" ")[0], guest.address):
                seen = re.search(rf"\b{re.escape(identity)}\b", page)
                assert not seen, f"{identity} is seen on {self.page.url}"

    def _presses(self, key: str) -> None:
        self.page.keyboard.press(key)


def _note_on(answer: str, guests: Sequence[Guest]) -> str:
    """Something to jot down, where somebody gave a reason to."""
    begins = {guest.letter[:20]: guest.note for guest in guests}
    return begins.get(answer.strip()[:20], "")
