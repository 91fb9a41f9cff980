"""The watch itself: a page made wrong on purpose, and what is said of it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

from tests.journeys.watch import Watch, place_of

HERE = "http://localhost:9"
WRONG = """<!DOCTYPE html><html lang="en"><head><title>Wrong</title>
<link rel="stylesheet" href="/missing.css"></head><body><main><h1>Wrong</h1><h1>Again</h1>
<p id="pale">Pale by night</p><img alt="" src="https://elsewhere.example/dot.png"></main>
<script src="/wrong.js"></script></body></html>"""
FILES = {
    "/": (200, "text/html", WRONG),
    "/wrong.js": (200, "text/javascript", "console.error('this is wrong'); undefined.wrong"),
    "/missing.css": (404, "text/css", ""),
}
NIGHT = """@media (prefers-color-scheme: dark) {
  body { background: #111; color: #fff } #pale { color: #222 }
}"""


def _serve(route: Route) -> None:
    answer = FILES.get(urlsplit(route.request.url).path)
    if answer is None:
        return route.abort()
    status, media_type, body = answer
    return route.fulfill(status=status, content_type=media_type, body=body)


@pytest.mark.browser
def test_the_watch_tells_all_that_is_wrong(browser: Browser) -> None:
    watch = Watch(HERE)
    context = browser.new_context()
    watch.follow(context)
    context.route("**/*", _serve)
    page = context.new_page()
    page.goto(HERE + "/")
    page.add_style_tag(content=NIGHT)
    watch.look(page)
    watch.look(page)
    context.close()
    told = watch.told()
    for fault in (
        "/: a page has one h1, this one ['Wrong', 'Again']",
        "/: axe, dark, color-contrast",
        "/dot.png: a request leaves for another host",
        "/missing.css: answered with 404",
        "/wrong.js: the console says this is wrong",
        "/: a script fails",
    ):
        assert told.count(fault) == 1, told
    assert "axe, light, color-contrast" not in told


def test_a_place_is_an_address_without_its_keys() -> None:
    key, token = "12345678-1234-1234-1234-123456789abc", "a-b_c" * 8 + "def"
    assert place_of(f"{HERE}/staff/openings/{key}/exports") == "/staff/openings/…/exports"
    assert place_of(f"{HERE}/invitations/{token}") == "/invitations/…"
    assert place_of(f"{HERE}/attempts/{key}/tasks/2?x=1") == "/attempts/…/tasks/2"
