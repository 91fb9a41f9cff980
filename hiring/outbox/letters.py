"""A letter's words: one template as text and as HTML, in the reader's language, in the house's look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from css_inline import CSSInliner
from flask import current_app
from flask_babel import Locale, force_locale

from hiring.kernel.assets import ROOT
from hiring.kernel.gather import Question, gather

ACCENT = ("#203f7c", "#b0cbfc")  # what stands for it in css/mail.css, by day and in the dark


@dataclass(frozen=True)
class Letterhead(Question[Any]):
    """Who writes? Answered with the organisation: name, postal address and `accent`, at least.

    The accent is two colours as #rrggbb, by day and in the dark.
    """


@dataclass(frozen=True)
class AddressOf(Question[str]):
    """Where do letters reach this member of staff?"""

    account_id: UUID


@dataclass(frozen=True)
class Letter:
    """The two forms of one letter. Lines are as long as they are: mail programs wrap."""

    text: str
    html: str


def worded(template: str, values: Mapping[str, Any], *, language: str) -> Letter:
    """Word `<template>.txt` and `<template>.html`. No context of a page reaches them, only `values`."""
    with force_locale(language):
        organisation = gather(Letterhead())[0]
        context = {
            "organisation": organisation,
            "language": language,
            "direction": Locale.parse(language).text_direction,
            "mail_css": _css(organisation.accent),
            **values,
        }
        text, html = (
            current_app.jinja_env.get_template(f"{template}.{form}").render(context)
            for form in ("txt", "html")
        )
    return Letter(_tidy(text), _inliner().inline(html))


def _tidy(text: str) -> str:
    """No white space at line ends but the mark of a signature, no more than one empty line."""
    lines = [line if line == "-- " else line.rstrip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or lines[i - 1]]
    return "\n".join(kept) + "\n"


@cache
def _css(accent: tuple[str, str]) -> str:
    css = (ROOT / "css" / "mail.css").read_text()
    for stands, ours in zip(ACCENT, accent, strict=True):
        css = css.replace(stands, ours)
    return css


@cache
def _inliner() -> CSSInliner:
    # @media rules cannot be written into an element and stay in the head
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
