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
        self.counted: list[str] = []

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
        """A written task, with a reload in between that loses nothing."""
        self._writes_into("Your answer", self.guest.letter)

    def chooses(self) -> None:
        """A choice with its reason; or nothing at all."""
        if self.guest.choice:
            self.ticks(self.guest.choice)
            self._writes_into("Your reason", self.guest.reason)
            expect(self.page.get_by_label(self.guest.choice)).to_be_checked()

    def goes_on_to(self, task: int) -> None:
        """The next task; without a script, saving on the way."""
        self.presses(("Go" if self.script else "Save and go") + f" on to task {task}")

    def hands_in(self) -> None:
        """Submit, and get the receipt."""
        self.presses("Submit ", exact=False)
        self.sees("Take it back and write on")
        receipt = " ".join((self.page.locator("main").text_content() or "").split())
        for words in (self.guest.letter, self.guest.reason, *self.counted):
            assert words in receipt, f"the receipt lacks {words}: {receipt}"

    def finds_it_handed_in(self, heading: str) -> None:
        """Come back later, by the link of the letter."""
        self.opens(self.link)
        self.presses("Open my receipt")
        assert self.heading == heading, self.heading

    def _writes_into(self, label: str, words: str) -> None:
        field = self.page.get_by_role("textbox", name=label)
        field.fill(words)
        self._keeps()
        self.reloads()
        expect(field).to_have_value(words)
        if self.script:  # counts while one writes; the receipt must say the same
            self.counted.append(self.page.locator("#answer-words").inner_text())

    def _keeps(self) -> None:
        """*Saved* comes by itself; without a script it takes a press."""
        if not self.script:
            self.presses("Save")
        expect(self.page.locator("#saving-line [data-first]")).to_contain_text("Saved")
        self.looks()
