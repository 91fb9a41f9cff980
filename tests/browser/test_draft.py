"""Writing a draft in a real browser: what the page says is not saved is what is not saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.seed import invitations
from tests.factories import PASSWORD
from tests.live import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer) -> Page:
    """Rae before a fresh draft of the shipped template, its instructions open."""
    invitations(live_server.environment, 1)  # makes her account too
    page = context.new_page()
    page.goto(f"{live_server.url}/account/login?next=/staff/assessments/templates")
    page.fill("[name=email]", "rae@osier.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Begin with this one").first.click()
    page.locator("#version > summary").click()
    return page


def test_red_goes_with_what_it_said(page: Page) -> None:
    page.fill("#version-title", "w" * 300)
    page.fill("#version-summary", "x" * 300)
    page.fill("#version-lead", "You sit at a **desk**.")
    page.click("#see")
    expect(page.locator("#in-the-way")).to_contain_text("Everything else is saved.")
    expect(page.locator("#version-lead")).to_have_value("You sit at a **desk**.")
    expect(page.locator("#version-title-wrong")).to_contain_text("300 characters")
    page.fill("#version-title", "Short")
    expect(page.locator("#version-title-wrong")).to_have_count(0)
    expect(page.locator("#version-summary-wrong")).to_contain_text("300 characters")
    expect(page.locator("#in-the-way")).to_contain_text("Not all of it could be saved.")
    page.fill("#version-summary", "Short too")
    expect(page.locator("#saved")).to_contain_text("Saved")
    expect(page.locator("#in-the-way .told, [aria-invalid], .wrong")).to_have_count(0)
    page.goto(page.url.removesuffix("/draft"))
    page.locator("#version > summary").click()
    expect(page.locator("#version-title")).to_have_value("Short")


def test_the_sentence_about_spelling_follows_its_tick_at_once(page: Page) -> None:
    page.locator("[name=add-task][value=written]").click()
    tick = page.locator("[id$=-spelling_counts]").last
    said = page.locator("[id$=-spelling_sentence]").last
    tick.check()
    expect(said).to_have_value("Spelling is marked.")
    tick.uncheck()
    expect(said).to_have_value("Spelling is not marked.")
    said.fill("Names must be right.")
    tick.check()
    expect(said).to_have_value("Names must be right.")


def test_the_longest_title_runs_off_no_edge(page: Page) -> None:
    page.fill("#version-title", "w" * 200)
    expect(page.locator("#head")).to_contain_text("w" * 200)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def _titles(page: Page) -> list[str]:
    return page.locator("[data-sort=tasks] > summary b").all_inner_texts()


def _drag(page: Page, nth: int, onto: int, *, let_go: bool = True) -> None:
    grips = page.locator("[data-sort=tasks] > summary > .grip")
    grips.nth(nth).scroll_into_view_if_needed()
    taken, there = grips.nth(nth).bounding_box(), grips.nth(onto).bounding_box()
    assert taken
    assert there
    page.mouse.move(taken["x"] + 8, taken["y"] + 20)
    page.mouse.down()
    page.mouse.move(there["x"] + 8, there["y"] + 2, steps=6)
    if let_go:
        page.mouse.up()


def test_a_task_is_dragged_to_its_place_and_put_back(page: Page) -> None:
    before = _titles(page)
    page.fill("#version-lead", "Typed a moment before.")
    with page.expect_event("load"):
        _drag(page, 3, 1)
    assert _titles(page) == [before[0], before[3], *before[1:3]]
    expect(page.locator(".toast")).to_contain_text("stands at place 2 now")
    with page.expect_event("load"):
        page.get_by_role("button", name="Put it back").click()
    assert _titles(page) == before
    page.locator("#version > summary").click()
    expect(page.locator("#version-lead")).to_have_value("Typed a moment before.")


def test_escape_lets_a_dragged_task_go_where_it_was(page: Page) -> None:
    before = _titles(page)
    _drag(page, 3, 1, let_go=False)
    expect(page.locator(".drop-before")).to_have_count(1)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".drop-before, .held")).to_have_count(0)
    assert _titles(page) == before
    assert not page.locator("[data-sort=tasks]").nth(3).evaluate("one => one.open")
