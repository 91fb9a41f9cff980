"""The candidate's desk in a real browser: nothing typed is lost, and no *Saved* is shown that is not true."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.seed import invitations
from tests.live import LiveServer

pytestmark = pytest.mark.browser
WORDS = "Dear Marta, you are right: we took the money twice."


@pytest.fixture(scope="module")
def tokens(live_server: LiveServer) -> Iterator[str]:
    """Fresh invitations, one a test."""
    return iter(invitations(live_server.environment, 24))


@pytest.fixture
def token(tokens: Iterator[str]) -> str:
    """This test's invitation."""
    return next(tokens)


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer, token: str) -> Page:
    """Task 2, a written one, of an attempt that has just begun."""
    return begin(context, live_server, token)


def begin(context: BrowserContext, server: LiveServer, token: str, number: int = 2) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/invitations/{token}")
    page.get_by_role("button", name="Start").or_(page.get_by_role("button", name="Go on")).click()
    page.wait_for_url("**/tasks/*")
    page.goto(page.url.rpartition("/")[0] + f"/{number}")
    return page


def line(page: Page) -> Locator:
    return page.locator("#saving-line [data-first]")


def answer(page: Page) -> Locator:
    return page.locator("textarea")


def on_device(page: Page) -> str:
    """The drafts in this device's storage. (A condition to wait for would need eval, which is shut.)"""
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"
    return str(page.evaluate(f"{drafts}.map((key) => localStorage.getItem(key)).join()"))


def nothing_on_device(page: Page) -> None:
    """Wait until what lay on the device was delivered: the page shows first, then its script does it."""
    for _ in range(100):
        if on_device(page) == "":
            return
        page.wait_for_timeout(50)
    raise AssertionError(on_device(page))


def stored(page: Page, server: LiveServer) -> str:
    """What the server holds for this page, read in another browser."""
    other = page.context.browser
    assert other
    with_cookie = other.new_context(
        storage_state={"cookies": page.context.cookies(), "origins": []}
    )  # type: ignore[typeddict-item]
    fresh = with_cookie.new_page()
    fresh.goto(page.url)
    text = answer(fresh).input_value()
    with_cookie.close()
    return text


def test_typing_is_on_the_device_at_once_and_saved_soon_after(
    page: Page, live_server: LiveServer
) -> None:
    answer(page).press_sequentially(WORDS, delay=5)
    last_key = time.monotonic()
    expect(line(page)).to_have_text("Saving…")
    while "twice." not in on_device(page):
        assert time.monotonic() - last_key < 5  # 0.3 s on an idle machine
    expect(line(page)).to_contain_text("revision 1")
    assert time.monotonic() - last_key < 10  # 1.1 s on an idle machine
    assert stored(page, live_server) == WORDS
    nothing_on_device(page)


def test_the_first_key_after_a_save_takes_the_word_saved_away(page: Page) -> None:
    answer(page).fill(WORDS)
    expect(line(page)).to_contain_text("Saved")
    answer(page).press("End")
    answer(page).press_sequentially("!")
    assert line(page).text_content() == "Saving…"
    expect(line(page)).to_contain_text("revision 2")


def test_who_writes_on_without_a_pause_is_saved_all_the_same(
    page: Page, live_server: LiveServer
) -> None:
    answer(page).press_sequentially("word " * 40, delay=45)
    assert len(stored(page, live_server)) > 50


def test_offline_the_text_stays_here_says_so_and_arrives_when_the_line_is_back(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    answer(page).fill("Before the tunnel. ")
    expect(line(page)).to_contain_text("revision 1")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    context.set_offline(True)
    answer(page).press_sequentially("In the tunnel.", delay=10)
    expect(line(page)).to_contain_text("Only on this device since")
    expect(page.locator("#clock-scale")).to_have_class("scale off")
    assert "Saved" not in (line(page).text_content() or "")
    assert stored(page, live_server) == "Before the tunnel. "
    context.set_offline(False)
    expect(line(page)).to_contain_text("Saved", timeout=5000)
    assert stored(page, live_server) == "Before the tunnel. In the tunnel."
    expect(page.locator("#clock-scale")).to_have_class("scale")
    assert all("ERR_INTERNET_DISCONNECTED" in one for one in said), said  # the browser's own words


def test_offline_and_a_closed_tab_lose_nothing(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    answer(page).fill("One. ")
    expect(line(page)).to_contain_text("revision 1")
    context.set_offline(True)
    answer(page).press_sequentially("Two.")
    expect(line(page)).to_contain_text("Only on this device")
    url = page.url
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    expect(answer(again)).to_have_value("One. Two.")
    expect(line(again)).to_contain_text("Saved")
    assert stored(again, live_server) == "One. Two."


def test_a_reload_in_mid_word_loses_nothing(page: Page, live_server: LiveServer) -> None:
    answer(page).press_sequentially(WORDS)
    page.reload()
    expect(answer(page)).to_have_value(WORDS)
    expect(line(page)).to_contain_text("Saved")
    assert stored(page, live_server) == WORDS


def test_a_save_whose_answer_was_lost_is_no_conflict(page: Page, live_server: LiveServer) -> None:
    swallow = "**/answers/*"
    page.route(swallow, lambda route: (route.fetch(), route.abort()))
    answer(page).press_sequentially("Heard, ")
    expect(line(page)).to_contain_text("Only on this device")
    answer(page).press_sequentially("and heard again.")
    page.unroute(swallow)
    expect(line(page)).to_contain_text("Saved", timeout=8000)
    assert stored(page, live_server) == "Heard, and heard again."


def test_two_windows_keep_both_texts_and_the_person_chooses(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    other = context.new_page()
    other.goto(page.url)
    answer(page).fill("From the first window.")
    expect(line(page)).to_contain_text("revision 1")
    answer(other).fill("From the second window.")
    expect(line(other)).to_contain_text("Another window has a newer answer")
    expect(other.locator(".texts article")).to_have_count(2)
    assert stored(page, live_server) == "From the first window."
    other.get_by_role("button", name="Let this one count").click()
    expect(answer(other)).to_have_value("From the second window.")
    expect(other.locator(".texts")).to_have_count(0)
    assert stored(page, live_server) == "From the second window."


def test_a_choice_is_made_among_all_texts_also_those_that_came_meanwhile(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    other = context.new_page()
    other.goto(page.url)
    answer(page).fill("From the first window.")
    expect(line(page)).to_contain_text("revision 1")
    answer(other).fill("From the second window.")
    expect(other.locator(".texts article")).to_have_count(2)
    answer(page).fill("From the first window, and on in the tunnel.")
    expect(line(page)).to_contain_text("revision 3")
    other.get_by_role("button", name="Let this one count").click()
    expect(other.get_by_text("Nothing is chosen yet")).to_be_visible()
    first = other.locator(".texts article").first
    expect(first).to_contain_text("From the first window, and on in the tunnel.")
    first.get_by_role("button", name="Keep this one").click()
    expect(other.locator(".texts")).to_have_count(0)
    expect(answer(other)).to_have_value("From the first window, and on in the tunnel.")
    nothing_on_device(other)
    other.wait_for_timeout(1500)  # nor does what was not chosen come back by itself
    expect(other.locator(".texts")).to_have_count(0)


def test_a_window_that_has_not_heard_of_the_handing_in_leads_on_from_there(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    answer(page).fill(WORDS)
    expect(line(page)).to_contain_text("revision 1")
    stale = context.new_page()
    stale.goto(page.url)
    page.get_by_role("button", name="Submit all four tasks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your answer")
    answer(stale).fill(f"{WORDS} More.")
    expect(line(stale)).to_have_text("You have handed in already.")
    expect(stale.get_by_role("link", name="Open my receipt")).to_be_visible()
    for name in ("Submit all four tasks", "Go on to task 3", "Let this one count"):
        expect(stale.get_by_role("button", name=name)).to_have_count(0)
    stale.get_by_role("button", name="Take it back and write on").click()
    expect(stale.get_by_text("It is taken back.")).to_be_visible()
    expect(answer(stale)).to_have_value(f"{WORDS} More.")
    expect(stale.locator(".texts")).to_have_count(0)
    assert stored(stale, live_server) == f"{WORDS} More."


def test_a_window_that_has_not_heard_of_the_finishing_keeps_its_text_and_leads_on(
    context: BrowserContext, live_server: LiveServer
) -> None:
    [token] = invitations(live_server.environment, 1, wait=True)
    page = begin(context, live_server, token)
    other = context.new_page()
    other.goto(page.url)
    answer(page).fill("What counts.")
    page.get_by_role("button", name="Finish this task and open task 4").click()
    page.wait_for_url("**/tasks/4")
    answer(other).fill("Typed beside it, too late.")
    expect(line(other)).to_contain_text("You have finished this task.")
    expect(answer(other)).not_to_be_editable()
    nothing_on_device(other)
    other.get_by_role("link", name="Go on where you left off").click()
    other.wait_for_url("**/tasks/1")
    other.goto(other.url.rpartition("/")[0] + "/2")
    expect(other.locator("#final-sheet .kept").first).to_have_text("What counts.")
    other.get_by_text("Written after you finished").click()
    expect(other.get_by_text("Typed beside it, too late.")).to_be_visible()


def test_a_page_of_somebody_else_is_no_saved(page: Page) -> None:
    page.route(
        "**/answers/*",
        lambda route: route.fulfill(body="<h1>Free Wi-Fi</h1>", content_type="text/html"),
    )
    answer(page).press_sequentially(WORDS)
    expect(line(page)).to_contain_text("Only on this device")
    expect(page.get_by_text("Free Wi-Fi")).to_have_count(0)


def test_a_dead_session_is_mended_and_the_text_saved(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    context.clear_cookies(name="__Host-session")
    answer(page).press_sequentially(WORDS)
    expect(line(page)).to_contain_text("Saved", timeout=8000)
    assert stored(page, live_server) == WORDS


def test_junk_in_storage_is_ignored(page: Page) -> None:
    answer(page).fill("Mine.")
    expect(line(page)).to_contain_text("Saved")
    page.evaluate(
        """() => { const key = "draft:" + document.getElementById("answer-sheet").dataset.draft + ":";
        localStorage.setItem(key + "a", "{"); localStorage.setItem(key + "b", "null");
        localStorage.setItem(key + "c", '{"entries": [["text"]], "base": "x"}'); }"""
    )
    page.reload()
    page.wait_for_timeout(300)
    expect(answer(page)).to_have_value("Mine.")


def test_going_on_waits_for_the_save(page: Page, live_server: LiveServer) -> None:
    answer(page).fill(WORDS)
    page.get_by_role("button", name="Go on to task 3").click()
    page.wait_for_url("**/tasks/3")
    page.get_by_role("link", name="2 answered").click()
    expect(answer(page)).to_have_value(WORDS)


def test_the_ways_to_other_tasks_wait_for_the_save(page: Page) -> None:
    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(0.7)
        route.continue_()

    page.route("**/*", slowly)
    answer(page).fill(WORDS)
    page.get_by_role("link", name="3 empty").first.click()
    page.wait_for_url("**/tasks/3")
    expect(page.get_by_role("link", name="2 answered")).to_be_visible()
    expect(page.locator("#empties")).not_to_contain_text("2")


def test_handing_in_sends_what_was_typed_last_and_can_be_taken_back(
    page: Page, live_server: LiveServer
) -> None:
    answer(page).press_sequentially(WORDS)
    page.get_by_role("button", name="Submit all four tasks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your answer")
    expect(page.get_by_text("took the money twice")).to_have_count(1)
    nothing_on_device(page)
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_url("**/tasks/1")


@pytest.mark.parametrize("browser_context_args", [{"java_script_enabled": False}])
def test_everything_works_without_a_script(
    context: BrowserContext, live_server: LiveServer, token: str
) -> None:
    page = begin(context, live_server, token)
    answer(page).fill(WORDS)
    page.get_by_role("button", name="Save and go on to task 3").click()
    page.wait_for_url("**/tasks/3")
    page.get_by_label("Your reason").fill("Because.")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(line(page)).to_contain_text("revision 1")
    page.get_by_role("button", name="Submit all four tasks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your two answers")


def test_what_is_pressed_without_a_line_says_that_it_waits_and_happens_later(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    answer(page).fill(WORDS)
    expect(line(page)).to_contain_text("revision 1")
    context.set_offline(True)
    for words in ("", " And on."):  # also when all is saved: no page of the browser's own
        answer(page).press_sequentially(words)
        page.get_by_role("button", name="Go on to task 3").click()
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            said = page.locator("#saving-line [data-rest]")
            expect(said).to_have_text("No line just now. Task 3 opens as soon as there is one.")
            expect(said).to_be_visible()
    expect(line(page)).to_contain_text("Only on this device")
    context.set_offline(False)
    page.wait_for_url("**/tasks/3")


def test_who_writes_on_after_pressing_is_not_carried_away(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    context.set_offline(True)
    answer(page).fill(WORDS)
    page.get_by_role("button", name="Submit all four tasks").click()
    expect(page.get_by_text("It is handed in as soon as there is one").first).to_be_visible()
    answer(page).press_sequentially(" More.")
    context.set_offline(False)
    expect(line(page)).to_contain_text("Saved", timeout=8000)
    assert page.url.endswith("/tasks/2")


def test_an_empty_desk_is_named_until_something_is_written(page: Page) -> None:
    nothing = page.get_by_text("No task that is marked has an answer yet.")
    expect(nothing).to_be_visible()
    answer(page).press_sequentially("A")
    expect(nothing).to_be_hidden()
    answer(page).press("Backspace")
    expect(nothing).to_be_visible()


def test_an_open_page_whose_time_is_over_takes_no_more_and_leads_to_the_receipt(
    page: Page, live_server: LiveServer
) -> None:
    answer(page).fill(WORDS)
    expect(line(page)).to_contain_text("revision 1")
    try:
        live_server.move_clock(36 * 60 + 31)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(line(page)).to_have_text("Time is over.", timeout=15000)
        expect(answer(page)).not_to_be_editable()
        for name in ("Submit all four tasks", "Go on to task 3"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)
        page.get_by_role("link", name="Open my receipt").click()
        expect(page.get_by_text("Your time ended on")).to_be_visible()
    finally:
        live_server.move_clock(0)


def test_on_a_phone_the_line_is_in_sight_while_one_writes_and_no_focus_lies_under_the_bar(
    browser: Browser, live_server: LiveServer, token: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 700})
    page = begin(context, live_server, token)
    answer(page).press_sequentially("Seen.")
    expect(line(page)).to_contain_text("Saved")
    expect(line(page)).to_be_in_viewport()
    answer(page).press_sequentially("line\n" * 30)
    expect(line(page)).to_be_in_viewport()
    for _ in range(5):
        page.keyboard.press("Tab")
        focus = page.locator(":focus").bounding_box()
        bar = page.locator(".jump").bounding_box()
        assert focus
        assert bar
        assert focus["y"] + focus["height"] <= bar["y"]
    context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browser, live_server: LiveServer, token: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = begin(context, live_server, token)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Your answer").click()
    expect(answer(page)).to_be_in_viewport()
    context.close()


def test_on_a_phone_the_minutes_stay_in_sight_unless_they_are_hidden(
    browser: Browser, live_server: LiveServer, token: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 700})
    page = begin(context, live_server, token)
    page.get_by_role("link", name="Your answer").click()
    expect(page.locator(".jump .left")).to_have_text("35 minutes left")
    expect(page.locator(".timer .left")).not_to_be_in_viewport()
    expect(page.locator(".jump .left")).to_be_in_viewport()
    answer(page).press_sequentially("Written.")
    expect(page.locator("#saving-line .left")).to_be_in_viewport()
    expect(page.locator("#saving-line .left")).to_have_text("35 minutes left")
    page.get_by_label("Hide the time").check()
    expect(page.locator(".left:visible")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("Hide the time").uncheck()
    expect(page.locator(".left:visible")).to_have_count(1)
    context.close()
