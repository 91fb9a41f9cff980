"""`make pictures`: every screen, light and dark, 1280 and 390 px wide, whole, for people to look at.

Three sittings: the demo with its errors and open menus, the demo with a thousand people in its opening,
and a house where nothing has happened yet.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree, which

from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from hiring import create_app, demo, serve
from tests import factories
from tests.live import LiveServer
from tests.pictures import houses
from tests.pictures.screens import Screen, screens, states

FOLDER = Path(__file__).parents[2] / "pictures"
SCHEMES = ("light", "dark")
WIDTHS = ((1280, 860), (390, 844))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@dataclass(frozen=True)
class House:
    """A running platform, and the password of everyone in it."""

    server: LiveServer
    password: str

    def sit_for(self, browser: Browser, wanted: Callable[[], Iterable[Screen]]) -> None:
        """Find the screens, then take each in both schemes and both widths."""
        with create_app(self.server.config).app_context():
            found = list(wanted())
        for scheme in SCHEMES:
            for size in WIDTHS:
                eyes = {
                    who: self._open(browser, who, scheme, size)
                    for who in {one.who for one in found}
                }
                for screen in found:
                    page = eyes[screen.who].new_page()
                    page.goto(screen.path)
                    screen.first(page)
                    name = f"{screen.name}-{size[0]}-{scheme}.png"
                    page.screenshot(path=FOLDER / name, full_page=True)
                    page.close()
                for context in eyes.values():
                    context.close()

    def _open(
        self, browser: Browser, who: str, scheme: str, size: tuple[int, int]
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=self.server.url,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
        )
        if who and who != "kit":
            page = context.new_page()
            page.goto("/account/login")
            page.fill("[name=email]", f"{who}@osier.example")
            page.fill("[name=password]", self.password)
            page.locator("form button").first.click()
            page.wait_for_url("**/staff**")
            page.close()
        return context


def main() -> None:
    """Build the houses on scratch databases, start them one after the other, and look at everything."""
    began = time.monotonic()
    rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        lived_in = LiveServer(Path(folder, "demo"), f"sqlite:///{folder}/demo.db")
        serve.prepare(lived_in.config)
        _sit(browser, House(lived_in, demo.PASSWORD), screens, states, houses.crowd)
        fresh = LiveServer(Path(folder, "fresh"), f"sqlite:///{folder}/fresh.db")
        with create_app(fresh.config).app_context():
            upgrade()
        _sit(browser, House(fresh, factories.PASSWORD), houses.nothing, houses.nobody)
        browser.close()
    seconds = time.monotonic() - began
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER}, {seconds:.0f} seconds")


def _sit(browser: Browser, house: House, *wanted: Callable[[], Iterable[Screen]]) -> None:
    house.server.start()
    try:
        for some in wanted:
            house.sit_for(browser, some)
    finally:
        house.server.stop()


if __name__ == "__main__":
    main()
