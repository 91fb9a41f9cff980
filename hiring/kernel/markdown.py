"""Markdown that authors write, as safe HTML: no raw HTML, no images yet, links that leak nothing."""

from __future__ import annotations

from html import escape

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_parser = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
)
_TAGS = {
    *("p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "a", "ul", "ol", "li"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = {"http", "https", "mailto"}


def render(text: str) -> Markup:
    """Safe HTML of a Markdown text; headings begin at h3, since the page has its own h1 and h2."""
    html = _parser.render(text)
    for level in (4, 3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(
            f"</h{level}>", f"</h{level + 2}>"
        )
    clean = nh3.clean(
        html,
        tags=_TAGS,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    # code may be wider than the page: it is moved sideways, and by keys only where the focus is
    return Markup(clean.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704  nh3 has cleaned it


def paragraphs(text: str) -> list[Markup]:
    """Plain text as its paragraphs, escaped, single line breaks kept."""
    return [flowing(block) for block in blocks(text)]


def blocks(text: str) -> list[str]:
    """Plain text parted at its empty lines."""
    return [block for part in text.split("\n\n") if (block := part.strip("\n")).strip()]


def flowing(block: str) -> Markup:
    """Text as one paragraph, escaped, its line breaks kept."""
    return Markup(escape(block).replace("\n", "<br>"))  # noqa: S704
