"""Marking in a real browser: twenty answers without the mouse, and nothing put down is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.piles import piles
from tests.factories import PASSWORD
from tests.journeys.watch import Watch
from tests.live import LiveServer

pytestmark = pytest.mark.browser
CRITERIA = 5  # of the written task
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    eyes = Watch(live_server.url)
    yield eyes
    assert not eyes.told(), eyes.told()


def comes_in(context: BrowserContext, server: LiveServer, who: str, *, answers: int = 3) -> Page:
    """A reviewer with fresh piles, in front of their queue."""
    piles(server.environment, who, answers)
    page = context.new_page()
    page.goto(f"{server.url}/account/login?next=/staff/reviews")
    page.fill("[name=email]", f"{who}@osier.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("wait for you")
    return page


def opens_pile(page: Page, number: int) -> None:
    page.locator(".piles a.act").nth(number - 1).click()
    expect(page.locator("#alias")).to_be_visible()


def has_focus(page: Page, name: str | re.Pattern[str]) -> None:
    expect(page.locator(":focus")).to_have_attribute("name", name)
    page.evaluate(PAINTED)  # keys that come before the first picture of a page are nobody's


def test_twenty_answers_are_marked_without_the_mouse(
    context: BrowserContext, live_server: LiveServer, watch: Watch
) -> None:
    watch.follow(context)
    page = comes_in(context, live_server, "keyboard", answers=10)
    watch.look(page)
    page.locator(".piles a.act").first.focus()
    page.keyboard.press("Enter")
    for place in range(20):
        has_focus(page, re.compile("^level-"))
        criteria = page.locator("form.rubric fieldset").count()
        for number in range(criteria):
            if number:
                page.keyboard.press("Tab")
            page.keyboard.press("0" if place == number else str(1 + (place + number) % 4))
        page.keyboard.press("n")
        page.keyboard.insert_text(f"¶2 of the {place}th")
        page.keyboard.press("Escape")
        if place in {0, 10}:
            watch.look(page)
        with page.expect_event("load"):
            page.keyboard.press("Enter")
        if place == 9:  # the pile is done: the next one waits for a press of its own
            expect(page.locator("#toast")).to_contain_text("This pile is done")
            page.keyboard.press("3")
            with page.expect_event("load"):
                page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nothing waits for you")
    watch.look(page)


def test_levels_and_notes_survive_a_reload(
    context: BrowserContext, live_server: LiveServer
) -> None:
    page = comes_in(context, live_server, "reloader")
    opens_pile(page, 2)
    has_focus(page, re.compile("^level-"))  # from here on the keys work
    for number in range(CRITERIA):  # faster than a draft travels: the last one must be what stays
        if number:
            page.keyboard.press("Tab")
        page.keyboard.press("3")
    with page.expect_response(lambda answer: "Says" in (answer.request.post_data or "")):
        page.keyboard.press("n")
        page.keyboard.insert_text("Says who does what by when.")
        page.keyboard.press("Escape")
    expect(page.locator("#kept")).to_contain_text(f"{CRITERIA} of {CRITERIA} criteria marked, kept")
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("form.rubric :checked")).to_have_count(CRITERIA)
    expect(other.locator("form.rubric textarea").last).to_have_value("Says who does what by when.")


def test_what_is_missing_gets_the_focus_and_all_stays(
    context: BrowserContext, live_server: LiveServer, watch: Watch
) -> None:
    watch.follow(context)
    watch.expected.add(422)
    page = comes_in(context, live_server, "hasty")
    opens_pile(page, 2)
    has_focus(page, re.compile("^level-"))  # from here on the keys work
    page.keyboard.press("4")
    page.keyboard.press("n")
    page.keyboard.insert_text("Brake before rent.")
    page.keyboard.press("Escape")
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    expect(page.locator(".told")).to_contain_text("All that you put down is kept")
    expect(page.locator("form.rubric :checked")).to_have_count(1)
    expect(page.locator("form.rubric textarea").first).to_have_value("Brake before rent.")
    second = (
        page.locator("form.rubric fieldset").nth(1).locator("input").nth(1).get_attribute("name")
    )
    assert second
    has_focus(page, second)
    watch.look(page)
    faults = page.locator("form.rubric .wrong")
    expect(faults).to_have_count(CRITERIA - 1)
    for number in range(1, CRITERIA):
        page.keyboard.press("3")
        expect(faults).to_have_count(CRITERIA - 1 - number)
        page.keyboard.press("Tab")
    expect(page.locator(".told")).to_have_count(0)


def test_after_the_last_criterion_the_keys_still_mean_what_they_say(
    context: BrowserContext, live_server: LiveServer
) -> None:
    page = comes_in(context, live_server, "beyond")
    opens_pile(page, 2)
    has_focus(page, re.compile("^level-"))
    for _criterion in range(CRITERIA):
        page.keyboard.press("2")
        page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Save and next")
    page.keyboard.press("4")
    expect(page.locator("form.rubric :checked")).to_have_count(CRITERIA)
    expect(page.locator("form.rubric [value='4']:checked")).to_have_count(0)
    page.keyboard.press("n")
    page.keyboard.insert_text("Of the last one.")
    expect(page.locator("form.rubric textarea").last).to_have_value("Of the last one.")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    first = page.locator("#alias").inner_text()
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    expect(page.locator("#alias")).not_to_have_text(first)


def test_the_task_lies_beside_the_answer_and_takes_no_marks_meanwhile(
    context: BrowserContext, live_server: LiveServer, watch: Watch
) -> None:
    watch.follow(context)
    page = comes_in(context, live_server, "reader")
    opens_pile(page, 2)
    page.keyboard.press("t")
    expect(page.locator("#task-sheet")).to_be_visible()
    expect(page.locator("#task-sheet")).to_contain_text("Event log")
    page.keyboard.press("3")
    expect(page.locator("form.rubric :checked")).to_have_count(0)
    watch.look(page)
    page.keyboard.press("t")
    expect(page.locator("#task-sheet")).to_be_hidden()
    page.keyboard.press("3")
    expect(page.locator("form.rubric :checked")).to_have_count(1)


def test_without_script_everything_works_by_press_and_form(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = comes_in(context, live_server, "plain")
    opens_pile(page, 2)
    first = page.locator("#alias").inner_text()
    for number in range(CRITERIA):
        page.locator("form.rubric fieldset").nth(number).locator("input[type=radio]").nth(3).check()
    page.locator("form.rubric textarea").first.fill("¶1 owns it.")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("#alias")).not_to_have_text(first)
    page.get_by_role("button", name="The task").click()
    expect(page.locator("#task-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    second = page.locator("#alias").inner_text()
    page.get_by_role("button", name="I know this person").click()
    page.locator("#hand-back").get_by_role("button", name="I know this person").click()
    expect(page.locator("#alias")).not_to_have_text(second)
    page.get_by_role("link", name="Stop for now").click()
    expect(page.locator("h1")).to_have_text("Four answers wait for you")
    context.close()
