"""Files in a real browser: over a line that dies, past a reload, into the answer, and before a reviewer."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from tests import papers
from tests.browser.seed import invitations
from tests.browser.test_screens import OVERFLOW
from tests.factories import PASSWORD
from tests.journeys.watch import Watch
from tests.live import LiveServer

pytestmark = pytest.mark.browser
NOISE = random.Random(7).randbytes(900_000)
LARGE = b"%PDF-1.7\n%" + NOISE.replace(b"/", b"-") + b"\n%%EOF"  # four pieces


@pytest.fixture(scope="module")
def tokens(live_server: LiveServer) -> Iterator[str]:
    """Fresh invitations, one a test; their second task wants up to three files."""
    return iter(invitations(live_server.environment, 5, files=True))


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    eyes = Watch(live_server.url)
    yield eyes
    assert not eyes.told(), eyes.told()


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer, tokens: Iterator[str]) -> Page:
    """The task that wants files, just begun."""
    page = context.new_page()
    page.goto(f"{live_server.url}/invitations/{next(tokens)}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/tasks/*")
    page.goto(page.url.rpartition("/")[0] + "/2")
    return page


def named(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def choose(page: Page, *files: FilePayload) -> None:
    page.set_input_files("#answer-file", list(files))


def has(page: Page, name: str) -> None:
    expect(page.get_by_role("link", name=name)).to_be_visible()


class Tunnel:
    """Lets one piece through and holds the next, as a line does that is about to die."""

    def __init__(self, page: Page) -> None:
        self.page, self.through = page, 0
        self.held: list[Route] = []
        page.route(re.compile(r"/uploads/[0-9a-f-]+$"), self._piece)

    def _piece(self, route: Route) -> None:
        if self.through:
            self.held.append(route)
        else:
            self.through += 1
            route.continue_()

    def enter(self) -> None:
        """No line any more."""
        for _ in range(200):
            if self.held:
                break
            self.page.wait_for_timeout(25)
        assert self.held, "No second piece was sent."
        self.page.context.set_offline(True)
        for route in self.held:
            route.abort()
        self.page.unroute_all()


def test_from_the_desk_to_the_bench(
    page: Page, browser: Browser, live_server: LiveServer, watch: Watch
) -> None:
    """First in this file: a bench has an order of its own, and here there is but this one answer."""
    watch.follow(page.context)
    watch.expected |= {422}
    watch.look(page)
    choose(page, named("page.html", b"<html><script>alert(1)</script>"))
    expect(page.locator("#files [data-sending]")).to_contain_text("It is a web page")
    choose(page, named(f"{papers.WHO}.docx", papers.docx()), named("board.jpg", papers.picture()))
    has(page, "board.jpg")
    choose(page, named("cut.png", papers.picture("PNG", size=(900, 900))[:2000]))
    expect(page.locator("#files")).to_contain_text("we cannot show it to reviewers", timeout=20_000)
    watch.look(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate(OVERFLOW) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Take out cut.png").click()
    expect(page.get_by_role("link", name="cut.png")).to_have_count(0)
    expect(page.locator("#files")).to_be_visible()
    expect(page.locator("#files [data-sending] li")).to_have_count(0)  # the right ones came
    page.locator("#answer-text").fill("The letter, and what was on the board.")
    expect(page.locator("#saving-line")).to_contain_text("Saved")
    page.get_by_role("button", name="Submit all").click()
    page.wait_for_url("**/receipt")
    watch.look(page)
    live_server.move_clock(660)  # it cannot be taken back any more
    bench = _bench(browser, live_server, watch)
    expect(bench.get_by_role("link", name="file-1.docx")).to_be_visible()
    picture = bench.get_by_role("img", name="file-2.webp")
    expect(picture).to_be_visible()
    assert picture.evaluate("(one) => one.naturalWidth") == 320
    watch.look(bench)
    with bench.expect_download() as saved:
        bench.get_by_role("link", name="file-1.docx").click()
    assert saved.value.suggested_filename == "file-1.docx"
    found = papers.found_in(saved.value.path().read_bytes())
    assert found == ["part word/document.xml"]  # where somebody else than the candidate is named
    expect(bench.get_by_role("link", name="file-1.docx")).to_be_focused()
    marked = bench.url
    with bench.expect_download():  # on a link it opens the link, and gives nothing back
        bench.keyboard.press("Enter")
    assert bench.url == marked
    _marks_by_keys(bench)
    with bench.expect_event("load"):
        bench.keyboard.press("Enter")
    assert (
        bench.url != marked
    )  # on to what comes next; a mark that was refused shows its page again


def _marks_by_keys(bench: Page) -> None:
    """From the link on which one pressed: each key means the criterion that one came from."""
    criteria = bench.locator("form.rubric fieldset").all()
    bench.keyboard.press("n")
    bench.keyboard.insert_text("Read in the letter.")
    bench.keyboard.press("Escape")
    for place, _criterion in enumerate(criteria):
        with bench.expect_download() as first:
            bench.keyboard.press("f" if not place else "F")
        assert first.value.suggested_filename == "file-1.docx"
        bench.keyboard.press("f")  # the picture is here already: it is brought into view
        expect(bench.get_by_role("heading", name="file-2.webp").get_by_role("link")).to_be_focused()
        bench.keyboard.press("3")
        expect(bench.locator("form.rubric input[value='3']:checked")).to_have_count(place + 1)
        if place + 1 < len(criteria):
            bench.keyboard.press("Tab")
    expect(bench.locator("form.rubric textarea").first).to_have_value("Read in the letter.")
    expect(bench.locator("footer.foot")).to_contain_text("file")


def test_a_file_goes_on_by_itself_when_the_line_is_back(page: Page) -> None:
    tunnel = Tunnel(page)
    choose(page, named("plan.pdf", LARGE))
    tunnel.enter()
    expect(page.locator("#files")).to_contain_text("No line just now: 0.3 of 0.9 MB have arrived")
    page.locator("#answer-text").fill("Written in the tunnel.")
    expect(page.locator("#saving-line")).to_contain_text("Only on this device")
    offsets: list[str] = []
    page.on(
        "request",
        lambda sent: offsets.extend(
            re.findall(
                r'name="offset"\s+(\d+)',
                sent.post_data_buffer.decode("latin-1") if sent.post_data_buffer else "",
            )
        ),
    )
    page.context.set_offline(False)
    has(page, "plan.pdf")
    assert "0" not in offsets
    expect(page.locator("#saving-line")).to_contain_text("Saved")
    page.reload()
    has(page, "plan.pdf")
    expect(page.locator("#answer-text")).to_have_value("Written in the tunnel.")
    expect(page.locator("#texts")).to_have_count(0)


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    tunnel = Tunnel(page)
    choose(page, named("plan.pdf", LARGE))
    tunnel.enter()
    Tunnel(page).through = 1  # not a piece more
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#files")).to_contain_text("It stopped on its way")
    expect(page.locator("#files")).to_contain_text("256 kB of 878 kB")
    page.unroute_all()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url))
    choose(page, named("the same.pdf", LARGE))
    has(page, "plan.pdf")
    assert len([url for url in sent if re.search(r"/uploads/[0-9a-f-]+$", url)]) == 3
    expect(page.locator("#files")).not_to_contain_text("It stopped on its way")


def test_what_is_pressed_while_a_file_is_on_its_way_waits_for_it(page: Page) -> None:
    tunnel = Tunnel(page)
    choose(page, named("plan.pdf", LARGE))
    tunnel.enter()
    page.get_by_role("button", name="Submit all").click()
    expect(page.locator("#files")).to_contain_text(
        "What you pressed is done as soon as it has arrived"
    )
    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    has(page, "plan.pdf")


def _bench(browser: Browser, server: LiveServer, watch: Watch) -> Page:
    """A reviewer before the answer, as soon as it is closed and its files are copied."""
    context = browser.new_context(base_url=server.url, reduced_motion="reduce")
    watch.follow(context)
    page = context.new_page()
    page.goto("/account/login?next=/staff/reviews")
    page.fill("[name=email]", "vic@osier.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/reviews")
    pile, until = page.get_by_role("link", name="The plan on one page"), time.monotonic() + 60
    while not pile.count() and time.monotonic() < until:
        page.wait_for_timeout(1000)
        page.reload()
    pile.first.click()
    expect(page.locator("#alias")).to_be_visible()
    return page
