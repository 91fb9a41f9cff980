"""Someone at a browser: what everybody on a journey does, in words that read aloud."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from tests.journeys.watch import Watch

PASSWORD = "a long road to the sea"
PATIENCE = 10  # seconds
SWEEP = 12  # seconds: the worker sweeps every five


class Person:
    """A person with a browser of their own, watched at every step."""

    def __init__(
        self, browser: Browser, url: str, watch: Watch, *, script: bool = True, **given: Any
    ) -> None:
        self.browser, self.url, self.watch, self.script = browser, url, watch, script
        context = browser.new_context(
            base_url=url, java_script_enabled=script, reduced_motion="reduce", **given
        )
        watch.follow(context)
        context.set_default_timeout(PATIENCE * 1000)
        self.clicks = self.keys = 0  # what all of it took so far
        self.page: Page = context.new_page()

    def another(self, kind: type[Self], **given: Any) -> Self:
        """Someone else, under the same eyes."""
        return kind(self.browser, self.url, self.watch, **given)

    def leaves(self) -> None:
        """Close the browser."""
        self.page.context.close()

    # ── going ────────────────────────────────────────────────────────────────

    def opens(self, address: str) -> None:
        """Type an address, or follow a link from a letter."""
        self.page.goto(address)
        self.looks()

    def reloads(self) -> None:
        self.page.reload()
        self.looks()

    def follows(self, words: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Follow the link with these words."""
        self._goes(self._in(within).get_by_role("link", name=words, exact=exact).first)

    def presses(self, words: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Press the button with these words, which leads to a page."""
        self._goes(self._in(within).get_by_role("button", name=words, exact=exact))

    def waits_for(self, words: str, *, seconds: int = SWEEP) -> None:
        """Load the page anew until it says so: the worker is on its way."""
        until = time.monotonic() + seconds
        while not self.page.get_by_text(words).first.is_visible():
            assert time.monotonic() < until, f"{self.page.url} never said {words}:\n{self.reads()}"
            time.sleep(0.5)
            self.page.reload()
        self.looks()

    # ── writing ──────────────────────────────────────────────────────────────

    def writes(self, label: str, words: object, *, within: Locator | None = None) -> None:
        """Fill the field of this label."""
        self._took(clicks=1, keys=len(str(words)))
        self._in(within).get_by_label(label, exact=True).fill(str(words))

    def ticks(self, label: str, *, within: Locator | None = None) -> None:
        """Tick the box, or choose the radio, whose label begins so."""
        self._took(clicks=1)
        self._in(within).get_by_label(re.compile(rf"^\s*{re.escape(label)}")).check()

    def chooses(self, label: str, words: str, *, within: Locator | None = None) -> None:
        """Choose from a list."""
        self._took(clicks=2)
        self._in(within).get_by_label(label, exact=True).select_option(words)

    def hands_over_a_file(self, label: str, file: Path) -> None:
        """Choose a file of one's own."""
        self._took(clicks=3)
        self.page.get_by_label(label, exact=True).set_input_files(file)

    # ── reading ──────────────────────────────────────────────────────────────

    def looks(self) -> None:
        """Look at the whole page."""
        self.watch.look(self.page, scripted=self.script)

    def reads(self) -> str:
        """Every word of the page's main part."""
        return self.page.locator("main").inner_text()

    def sees(self, words: str) -> None:
        """These words stand on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    @property
    def heading(self) -> str:
        """The page's one heading."""
        return self.page.locator("h1").inner_text()

    def _in(self, place: Locator | None) -> Locator | Page:
        return place if place is not None else self.page

    def _took(self, *, clicks: int = 0, keys: int = 0) -> None:
        self.clicks += clicks
        self.keys += keys

    def _goes(self, thing: Locator) -> None:
        self._took(clicks=1)
        try:
            with self.page.expect_event("load"):
                thing.click()
        except TimeoutError as error:
            raise AssertionError(f"{self.page.url} leads nowhere:\n{self.reads()}") from error
        self.looks()


class Staff(Person):
    """Someone who signs in."""

    def __init__(self, *args: Any, name: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.name = name
        self.address = f"{name.partition(' ')[0].lower()}@osier.example"

    def chooses_a_password(self, link: str) -> None:
        """Follow the link of one's letter, and come in."""
        self.opens(link)
        self.writes("New password", PASSWORD)
        self.writes("The same again", PASSWORD)
        self.presses("Keep this password")
        self.sees("Your password is kept. Sign in with it.")
        self.signs_in()

    def signs_in(self) -> None:
        """Through the form."""
        self.writes("Mail address", self.address)
        self.writes("Password", PASSWORD)
        self.presses("Sign in")
        assert self.page.url == f"{self.url}/staff"
