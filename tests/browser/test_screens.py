"""Every screen of the demo: clean to axe in light and dark, and whole on the narrowest phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from hiring.demo import PASSWORD
from tests.browser.demo import Screen, fill
from tests.databases import Databases
from tests.journeys.watch import Watch, place_of
from tests.live import LiveServer

pytestmark = pytest.mark.browser
NARROW = 320  # pixels: what 400 % zoom leaves of a usual window (WCAG 1.4.10)
FORBIDDEN, ABSENT, GONE = 403, 404, 410
OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  return document.scrollingElement.scrollWidth <= room ? [] :
    [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 1)
      .slice(0, 4).map((one) => one.outerHTML.slice(0, 120));
}"""

SIGNLESS = """() => [...document.querySelectorAll("summary")]
  .filter((one) => getComputedStyle(one, "::after").content === "none")
  .map((one) => one.textContent.trim())"""

SCALELESS = """() => [...document.querySelectorAll("table:has(.interval)")]
  .filter((one) => !one.querySelector(".axis")?.getBoundingClientRect().height)
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LiveServer, list[Screen]]]:
    """The demo, running."""
    folder = tmp_path_factory.mktemp("demo")
    server = LiveServer(folder, f"sqlite:///{folder}/demo.db")
    screens = fill(server.environment)
    server.start()
    yield server, screens
    server.stop()


def test_every_screen_is_clean(browser: Browser, house: tuple[LiveServer, list[Screen]]) -> None:
    server, screens = house
    watch = Watch(server.url)
    watch.expected |= {FORBIDDEN, ABSENT, GONE}
    eyes: dict[str, Page] = {}
    narrow: list[str] = []
    signless: list[str] = []
    for who, path in screens:
        if who not in eyes:
            eyes[who] = _open(browser, server.url, watch, who)
        page = eyes[who]
        page.goto(path)
        if who == "kit":
            _start(page)
        watch.look(page)
        narrow += _does_not_fit(page)
        signless += [f"{path}: no sign that it opens: {one}" for one in page.evaluate(SIGNLESS)]
    for context in browser.contexts:
        context.close()
    faults = [watch.told(), *narrow, *signless]
    assert not any(faults), "\n".join(faults)


def _open(browser: Browser, url: str, watch: Watch, who: str) -> Page:
    context: BrowserContext = browser.new_context(base_url=url, reduced_motion="reduce")
    watch.follow(context)
    page = context.new_page()
    if who not in {"", "kit"}:
        page.goto(f"/account/login?as={who}")
        assert page.get_by_label("Password").input_value() == PASSWORD
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/staff")
    return page


def _start(page: Page) -> None:
    with page.expect_event("load"):
        page.get_by_role("button", name="Start").click()


def _does_not_fit(page: Page) -> list[str]:
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": NARROW, "height": 700})
    wide = page.evaluate(OVERFLOW)
    bare = page.evaluate(SCALELESS)
    page.set_viewport_size(size)
    place = place_of(page.url)
    return [
        *(f"{place} is wider than {NARROW} px: {one}" for one in wide),
        *(f"{place} draws figures without their scale: {one}" for one in bare),
    ]
