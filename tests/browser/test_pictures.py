"""A picture for a prompt, in a real browser: its line lands where the caret stood; nothing typed is lost."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.seed import invitations
from tests.factories import PASSWORD
from tests.journeys.watch import Watch
from tests.live import LiveServer

pytestmark = pytest.mark.browser
PASTE = """([field, bytes]) => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(bytes)], "shot.png", { type: "image/png" }));
  document.querySelector(field).dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def house(live_server: LiveServer) -> LiveServer:
    """A running platform in which Rae has an account."""
    invitations(live_server.environment, 1)  # makes it, too
    return live_server


@pytest.fixture
def watch(house: LiveServer, context: BrowserContext) -> Watch:
    """What looks at every page."""
    watch = Watch(house.url)
    watch.follow(context)
    watch.expected.add(422)
    return watch


@pytest.fixture
def page(context: BrowserContext, house: LiveServer, watch: Watch) -> Page:
    """Rae before a fresh draft of the shipped template, its instructions open."""
    page = context.new_page()
    page.goto(f"{house.url}/account/login?next=/staff/assessments/templates")
    page.fill("[name=email]", "rae@osier.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Begin with this one").first.click()
    page.locator("#version > summary").click()
    return page


def png(colour: str = "navy") -> bytes:
    target = BytesIO()
    Image.new("RGB", (400, 300), colour).save(target, "PNG")
    return target.getvalue()


def file(content: bytes) -> Any:
    return {"name": "chart.png", "mimeType": "image/png", "buffer": content}


def test_its_line_lands_where_the_caret_stood(page: Page, watch: Watch) -> None:
    lead = page.locator("#version-lead")
    lead.fill("Before.\n\nAfter.")
    lead.press("Control+Home")
    lead.press("End")
    page.locator("[data-picture-for=version-lead]").click()
    page.get_by_role("button", name="Add the picture").click()
    expect(page.locator("#gallery .told")).to_contain_text("No picture was added")
    watch.look(page)
    page.set_input_files("#picture-file", file(png()))
    page.fill("#picture-words", "A square")
    page.get_by_role("button", name="Add the picture").click()
    expect(page.locator("#picture")).to_be_hidden()
    before, line, after = lead.input_value().split("\n\n")
    assert (before, after) == ("Before.", "After.")
    assert line.startswith("![A square](picture:")
    shown = page.locator("#version-shown img")
    expect(shown).to_have_attribute("alt", "A square")
    page.locator(
        "details.as-read:has(#version-shown) > summary"
    ).click()  # folded, it loads nothing
    assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == 400
    page.locator("[data-picture-for=version-lead]").click()
    page.get_by_role("button", name="Put it into the text").click()
    assert lead.input_value().count(line) == 2
    page.goto(page.url.split("?")[0] + "/pictures")
    watch.look(page)
    assert not watch.told()


def test_a_pasted_picture_asks_for_its_words(page: Page) -> None:
    lead = page.locator("#version-lead")
    lead.fill("")
    lead.press_sequentially("Look:")
    page.evaluate(PASTE, ["#version-lead", list(png("red"))])
    page.fill("#picture-words", "A red square")
    page.get_by_role("button", name="Add the picture").click()
    expect(page.locator("#picture")).to_be_hidden()
    assert lead.input_value().startswith("Look:\n\n![A red square](picture:")
