"""Markdown that authors write, as safe HTML: no raw HTML, pictures of ours alone, links that leak nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

DEEPEST = 20  # quotations and lists in one another; what is deeper is not drawn
_TAGS = {
    *("p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "a", "ul", "ol", "li", "img"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto"}
_CONTAINERS = {"blockquote_open", "list_item_open"}
_MAY_BE_DEEP = re.compile(
    rf"^(?:[\W\d]){{{DEEPEST - 1},}}", re.MULTILINE
)  # a quick look at line starts
_OVERRIDES = re.compile(r"[\u202d\u202e]")  # after them every script is read backwards, or none is
_PICTURE = re.compile(r"picture:([0-9a-f]{20})-(\d{1,4})x(\d{1,4})")


class Shown(NamedTuple):
    """A picture that a text shows. `key` is None for one that is not ours."""

    words: str
    address: str
    key: str | None


def picture_line(words: str, *, key: str, width: int, height: int) -> str:
    """The Markdown that shows a picture of ours: its key, and its size so that no page jumps."""
    spoken = re.sub(r"([\\\[\]])", r"\\\1", " ".join(words.split()))
    return f"![{spoken}](picture:{key}-{width}x{height})"


def picture_address(key: str) -> str:
    """Where the bytes of a picture are fetched."""
    return f"/pictures/{key}.webp"


def render(text: str) -> Markup:
    """Safe HTML of a Markdown text; headings begin at h3, since the page has its own h1 and h2."""
    html = _parser.render(_OVERRIDES.sub("", text))
    for level in (4, 3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(
            f"</h{level}>", f"</h{level + 2}>"
        )
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_ours_alone,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    # code may be wider than the page: it is moved sideways, and by keys only where the focus is
    return Markup(clean.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704  nh3 has cleaned it


def pictures(text: str) -> list[Shown]:
    """What pictures a Markdown text shows, in order."""
    if "![" not in text:
        return []
    return [_shown(token) for token in _walk(_parser.parse(text)) if token.type == "image"]


def is_too_deep(text: str) -> bool:
    """Whether quotations or lists lie so deep in one another that their inside is not drawn."""
    if not _MAY_BE_DEEP.search(text):
        return False
    return any(
        token.type in _CONTAINERS and token.level >= DEEPEST - 1 for token in _parser.parse(text)
    )


def turned(text: str) -> str | None:
    """What follows the first sign that turns the order of letters whatever their script, if there is one.

    It is not drawn; who cannot see it in a field finds it by these words.
    """
    found = _OVERRIDES.search(text)
    return _OVERRIDES.sub("", text[found.end() :][:40]).strip() if found else None


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or ())


def _shown(token: Token) -> Shown:
    address = str(token.attrs["src"])
    ours = _PICTURE.fullmatch(address)
    return Shown(_words(token), address, ours[1] if ours else None)


def _words(token: Token) -> str:
    """What stands in the brackets, as text."""
    return "".join(one.content for one in token.children or () if one.type == "text")


def _image(
    _parser: object, tokens: Sequence[Token], place: int, _options: object, _env: object
) -> str:
    """A picture of ours, with the way to see it large; any other is a link, so that no page asks for it."""
    token = tokens[place]
    words, address = escape(_words(token)), str(token.attrs["src"])
    ours = _PICTURE.fullmatch(address)
    if not ours:
        return f'<a href="{escape(address)}">{words or escape(address)}</a>'
    key, width, height = ours.groups()
    source = picture_address(key)
    drawn = f'<img src="{source}" alt="{words}" width="{width}" height="{height}" loading="lazy">'
    # a link needs words: a picture without them is on the checklist, and nobody is sent to it
    return f'<a href="{source}" target="_blank">{drawn}</a>' if words.strip() else drawn


def _ours_alone(tag: str, attribute: str, value: str) -> str | None:
    """The last lock: no source of an image but ours, whatever was parsed before."""
    is_ours = (tag, attribute) != ("img", "src") or value.startswith("/pictures/")
    return value if is_ours else None


_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable("table")
_parser.add_render_rule("image", _image)


def paragraphs(text: str) -> list[Markup]:
    """Plain text as its paragraphs, escaped, single line breaks kept."""
    return [flowing(block) for block in blocks(text)]


def blocks(text: str) -> list[str]:
    """Plain text parted at its empty lines."""
    return [block for part in text.split("\n\n") if (block := part.strip("\n")).strip()]


def flowing(block: str) -> Markup:
    """Text as one paragraph, escaped, its line breaks kept."""
    return Markup(escape(block).replace("\n", "<br>"))  # noqa: S704
