"""Writing a draft in a real browser: what the page says is not saved is what is not saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.seed import invitations
from tests.factories import PASSWORD
from tests.live import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(live_server: LiveServer) -> LiveServer:
    """A running platform in which Rae has an account."""
    invitations(live_server.environment, 1)  # makes it, too
    return live_server


@pytest.fixture
def page(context: BrowserContext, house: LiveServer) -> Page:
    """Rae before a fresh draft of the shipped template, its instructions open."""
    page = context.new_page()
    page.goto(f"{house.url}/account/login?next=/staff/assessments/templates")
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


def _opens_the_second_task(page: Page) -> None:
    page.locator("details[id^=task-] > summary").nth(1).click()


@pytest.mark.parametrize("width", [1280, 390])
def test_saving_and_publish_stay_in_sight_on_a_long_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    _opens_the_second_task(page)
    for place in (0, 1_500, 1_000_000):
        page.evaluate(f"scrollTo(0, {place})")
        expect(page.locator("#publish")).to_be_in_viewport()
        expect(page.locator("#saved")).to_be_in_viewport()


def test_what_is_taken_out_by_the_menu_leaves_one_where_it_was(page: Page) -> None:
    _opens_the_second_task(page)
    here = page.locator("details[id^=task-][open] .criterion")
    before = here.count()
    last = here.nth(1).get_by_label("Criterion", exact=True).input_value()
    here.first.get_by_text("Change").click()
    with page.expect_event("load"):
        here.first.get_by_role("button", name="Remove this criterion").click()
    expect(here).to_have_count(before - 1)
    expect(here.first).to_be_in_viewport()
    expect(here.first.get_by_label("Criterion", exact=True)).to_have_value(last)
    expect(page.locator(".toast")).to_be_in_viewport()
    expect(page.locator(".toast")).to_contain_text("is taken out of task 2")


def test_the_menu_of_a_criterion_shuts_by_escape_and_stands_open_for_the_next_move(
    page: Page,
) -> None:
    _opens_the_second_task(page)
    menu = page.locator("details[id^=task-][open] .criterion .menu").first
    menu.locator("summary").press("Enter")
    later = menu.get_by_role("button", name="Later")
    expect(later).to_be_visible()
    page.keyboard.press("Escape")
    expect(later).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    with page.expect_event("load"):
        later.press("Enter")
    expect(
        page.locator(".criterion .menu[open]").get_by_role("button", name="Later")
    ).to_be_focused()


def test_both_sentences_of_a_level_stand_in_fields_of_one_height(page: Page) -> None:
    _opens_the_second_task(page)
    rows = page.locator("details[id^=task-][open] .anchors tbody tr")
    for row in rows.all():
        heights = [
            box["height"] for f in row.locator("textarea").all() if (box := f.bounding_box())
        ]
        assert heights[0] == heights[1]


def test_the_prompt_is_not_said_twice_until_one_asks(page: Page) -> None:
    _opens_the_second_task(page)
    prompt = page.locator("details[id^=task-][open] [id$=-prompt]")
    fold = page.locator("details[id^=task-][open] .as-read")
    prompt.fill("Plain words only.")
    expect(fold.locator(".said")).to_have_text("Plain words only.")
    expect(fold).to_be_hidden()
    prompt.fill("Now **bold** ones.")
    expect(fold.locator("summary")).to_be_visible()
    expect(fold.locator("strong")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("strong")).to_be_visible()
    prompt.fill("Still **open**.")
    expect(fold.locator("strong")).to_have_text("open")
    expect(fold.locator("strong")).to_be_visible()
