"""One of those who are invited: reads, starts, writes, hands in."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.journeys.work import Guest


class Candidate(Person):
    """Someone with a link in a letter. With `script=False`, in a browser that runs none."""

    def __init__(self, *args: Any, guest: Guest, link: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.guest, self.link = guest, link

    def reads_what_awaits(self) -> None:
        """Open the link, twice: nothing starts."""
        for _time in range(2):
            self.opens(self.link)
            assert self.heading == "Before you start"

    def starts(self) -> None:
        """The clock runs from now."""
        self.presses("Start: the clock runs from now")
        self.desk = self.page.url

    def writes_the_letter(self) -> None:
        """Task 1, with a reload in between that loses nothing."""
        answer = self.page.get_by_role("textbox", name="Your answer")
        answer.fill(self.guest.letter)
        self._keeps()
        self.reloads()
        expect(answer).to_have_value(self.guest.letter)

    def chooses(self) -> None:
        """Task 2."""
        self._goes_on()
        if self.guest.choice:
            self.ticks(self.guest.choice)
            self.page.get_by_role("textbox", name="Your reason").fill(self.guest.reason)
            self._keeps()
            self.reloads()
            expect(self.page.get_by_label(self.guest.choice)).to_be_checked()

    def hands_in(self) -> None:
        """Submit, and get the receipt."""
        self.presses("Submit ", exact=False)
        self.sees("Take it back and write on")
        for words in (self.guest.letter, self.guest.reason):
            assert words in " ".join(self.page.locator("main").text_content().split())

    def finds_it_handed_in(self, heading: str) -> None:
        """Come back later, by the link of the letter."""
        self.opens(self.link)
        self.presses("Open my receipt")
        assert self.heading == heading, self.heading

    def _keeps(self) -> None:
        if not self.script:
            self.page.get_by_role("button", name="Save", exact=True).last.click()
        saved = self.page.locator("#saving-line [data-first]")
        expect(saved).to_contain_text("Saved")
        self.looks()

    def _goes_on(self) -> None:
        self.presses("Go on to task 2" if self.script else "Save and go on to task 2")
