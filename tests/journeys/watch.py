"""Looks at every page that a journey meets: axe in light and dark, proofreading, console, requests.

What it finds is kept and told at the end, so that one run tells all of it. A page is looked at once for
each address and state; what differs only in its words is the same state.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

from tests.proofreading import Page as Read
from tests.proofreading import proofread

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
BROKEN = 400
NEVER_SENT = "net::ERR_ABORTED"  # a page was left, or a download began
_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w.-]{43,}(?=/|$)")


class Watch:
    """One pair of eyes for all who take part in a journey."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.faults: dict[str, None] = {}  # each once, in the order of finding
        self.seen: set[tuple[str, frozenset[str]]] = set()
        self.expected: set[int] = set()

    def follow(self, context: BrowserContext) -> None:
        """Listen to everything that this browser says and asks for."""
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        context.on("request", self._ask)
        context.on("requestfailed", self._fail)
        context.on("response", self._answer)

    def look(self, page: Page, *, scripted: bool = True) -> None:
        """Read the page that is there now, unless one like it was read before."""
        html = page.content()
        state = (place_of(page.url), _shape(html))
        if state in self.seen:
            return
        self.seen.add(state)
        self._note(page.url, *proofread(html))
        if scripted:
            self._note(page.url, *_axe(page))

    def told(self) -> str:
        """All that was found, a line each."""
        return "\n".join(self.faults)

    def _note(self, url: str, *faults: str) -> None:
        self.faults |= {f"{place_of(url)}: {_KEY.sub('…', fault)}": None for fault in faults}

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of" not in message.text:
            self._note(message.location["url"], f"the console says {message.text}")

    def _catch(self, error: WebError) -> None:
        self._note(error.page.url if error.page else "", f"a script fails: {error.error}")

    def _ask(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in {"data", "blob"} and asked.netloc != self.host:
            self._note(request.url, "a request leaves for another host")

    def _fail(self, request: Request) -> None:
        if request.failure != NEVER_SENT:
            self._note(request.url, f"the request fails: {request.failure}")

    def _answer(self, response: Response) -> None:
        if response.status >= BROKEN and response.status not in self.expected:
            self._note(response.url, f"answered with {response.status}")


def place_of(url: str) -> str:
    """An address without what differs from row to row: `/attempts/…/tasks/2`."""
    return _KEY.sub("…", urlsplit(url).path)


def _shape(html: str) -> frozenset[str]:
    """What kinds of elements a page has. A part that appears or changes its look is another state."""
    return frozenset(
        f"{one.tag}.{one['class']}.{one['data-state']}.{one['aria-invalid']}"
        for one in Read(html).elements
        if one.tag not in {"svg", "line", "text", "rect", "circle", "title"}
    )


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE)
    faults = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        faults += [_said(found, scheme) for found in page.evaluate(RUN)]
    return faults


def _said(violation: dict[str, Any], scheme: str) -> str:
    nodes = violation["nodes"]
    where = "; ".join(f"{node['target']} {_why(node)}" for node in nodes[:3])
    return f"axe, {scheme}, {violation['id']}: {violation['help']} ({len(nodes)}): {where}"


def _why(node: dict[str, Any]) -> str:
    reasons = [check["message"] for check in node["any"] + node["all"] + node["none"]]
    return f"{node['html'][:120]} {' '.join(reasons)[:200]}"
