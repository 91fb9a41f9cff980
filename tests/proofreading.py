"""Reads every page that a test fetches as an exact person would: is it whole, named, labelled, and quiet?

What only a browser can tell (contrast, what is seen, what a click does) is axe's to find: see journeys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# no end tag is written
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
FIELDS = frozenset({"input", "select", "textarea"})
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget")
QUIET = frozenset({"script", "style", "title", "template"})  # their text is not the page's


@dataclass
class Element:
    """One element with what stands in it, in reading order."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    inside: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def __str__(self) -> str:
        shown = ("id", "name", "class", "href", "action", "for", "type")
        named = "".join(f' {name}="{self[name]}"' for name in shown if name in self)
        return f"<{self.tag}{named}>"

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements inside, at any depth; all of them, or those with these tags."""
        for one in self.inside:
            if isinstance(one, Element):
                if not tags or one.tag in tags:
                    yield one
                yield from one.all(*tags)

    def around(self) -> Iterator[Element]:
        """The elements that this one stands in, from the nearest."""
        if self.parent is not None:
            yield self.parent
            yield from self.parent.around()

    @property
    def name(self) -> str:
        """The words by which someone who does not see it knows it, roughly as browsers reckon."""
        own = self["aria-label"] or self["aria-labelledby"] or self["alt"]
        return own.strip() or " ".join(self._names()).strip()

    def _names(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif one["aria-hidden"] != "true":
                yield one.name


class Page(HTMLParser):
    """A page or a fragment as a tree, with what was wrong with its tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.whole = html.lstrip()[:9].lower() == "<!doctype"
        self.root = Element("", {})
        self.tangles: list[str] = []
        self._at = self.root
        self.feed(html)
        self.close()
        self.tangles += [
            f"{one} is never closed" for one in (self._at, *self._at.around()) if one.tag
        ]
        self.elements = list(self.root.all())
        self.ids = Counter(one["id"] for one in self.elements if one["id"])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        self.tangles += [f"<{tag}> has {name} twice" for name in twice]
        element = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.inside.append(element)
        if tag not in VOID:
            self._at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {one.tag for one in (self._at, *self._at.around())}:
            self.tangles.append(f"</{tag}> closes nothing, line {self.getpos()[0]}")
        else:
            self._close_up_to(tag)

    def _close_up_to(self, tag: str) -> None:
        while self._at.tag != tag:
            self._leave(f"{self._at} is never closed")
        self._leave()

    def _leave(self, *faults: str) -> None:
        self.tangles += faults
        assert self._at.parent
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._at.inside.append(data.strip())


def proofread(html: str) -> list[str]:
    """What is wrong with a page or a fragment, each in a sentence; nothing if it is well."""
    page = Page(html)
    if page.tangles:  # nothing that follows would be true
        return page.tangles
    reads = (*WHOLE, *ANY) if page.whole else ANY
    return [fault for read in reads for fault in read(page)]


# ── Whole pages ──────────────────────────────────────────────────────────────


def _head(page: Page) -> Iterator[str]:
    titles = [one for one in page.root.all("title") if one.parent and one.parent.tag == "head"]
    if len(titles) != 1 or not titles[0].name.strip(" ·"):
        yield f"a page has one title, this one {[one.name for one in titles]}"
    if not all(one["lang"] for one in page.root.all("html")):
        yield "the page does not say its language"


def _headings(page: Page) -> Iterator[str]:
    firsts = [one.name for one in page.root.all("h1")]
    if len(firsts) != 1 or not firsts[0]:
        yield f"a page has one h1, this one {firsts}"
    depth = 0
    for one in page.root.all("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(one.tag[1])
        if depth and level > depth + 1:
            yield f"{one} “{one.name}” comes after an h{depth}: a heading is skipped"
        depth = level


def _pointers(page: Page) -> Iterator[str]:
    for one in page.elements:
        for pointer in POINTERS:
            for target in one[pointer].split():
                if target not in page.ids:
                    yield f"{one} points with {pointer} to {target}, which is not there"
        if one.tag == "a" and one["href"].startswith("#") and one["href"][1:] not in page.ids:
            yield f"{one} leads to nowhere on this page"


def _posts(page: Page) -> Iterator[str]:
    for form in page.root.all("form"):
        if form["method"].lower() != "post":
            continue
        if not form["action"]:
            yield f"{form} has no action"
        if not any(one["name"] == "csrf_token" and one["value"] for one in form.all("input")):
            yield f"{form} carries no token: without script it is refused"


# ── Fragments too ────────────────────────────────────────────────────────────


def _ids(page: Page) -> Iterator[str]:
    yield from (f"the id {id} stands {n} times" for id, n in page.ids.items() if n > 1)


def _labels(page: Page) -> Iterator[str]:
    labelled = {one["for"] for one in page.root.all("label") if one.name}
    for one in page.elements:
        if one.tag not in FIELDS or one["type"] in UNLABELLED:
            continue
        own = one["aria-label"] or one["aria-labelledby"] or one["id"] in labelled
        if not own and not any(around.tag == "label" and around.name for around in one.around()):
            yield f"{one} has no label"


def _names(page: Page) -> Iterator[str]:
    for one in page.elements:
        acts = one.tag in {"button", "summary"} or (one.tag == "a" and "href" in one)
        if acts and not one.name:
            yield f"{one} has no words"
        if (one["role"] == "img" or one.tag == "iframe") and not (one.name or one["title"]):
            yield f"{one} has no name"
        if one.tag == "img" and "alt" not in one:
            yield f"{one} has no alt"


def _policy(page: Page) -> Iterator[str]:
    for one in page.elements:
        handlers = [name for name in one.attributes if name.startswith(("on", "hx-on"))]
        if handlers or "style" in one or one["href"].lower().startswith("javascript:"):
            yield f"{one} has script or style of its own, which the content policy refuses"
        runs = one.tag == "script" and one["type"] != "application/ld+json"
        if one.tag == "style" or (runs and not one["src"]):
            yield f"{one} is inline, which the content policy refuses"


def _slips(page: Page) -> Iterator[str]:
    for one in page.elements:
        if one.tag in QUIET:
            continue
        if "None" in one.inside or "None" in one.attributes.values():
            yield f"{one} says None"
        if one.tag in {"button", "form", "a"} and any(up.tag == one.tag for up in one.around()):
            yield f"{one} stands in another"


Read = Callable[[Page], Iterator[str]]
WHOLE: tuple[Read, ...] = (_head, _headings, _pointers, _posts)
ANY: tuple[Read, ...] = (_ids, _labels, _names, _policy, _slips)
