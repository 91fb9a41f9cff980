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


@dataclass(frozen=True)
class Letterhead(Question[Any]):
    """Who writes? Answered with the organisation: its name and postal address, at least."""


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
        context = {
            "organisation": gather(Letterhead())[0],
            "language": language,
            "direction": Locale.parse(language).text_direction,
            "mail_css": _css(),
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
def _css() -> str:
    return (ROOT / "css" / "mail.css").read_text()


@cache
def _inliner() -> CSSInliner:
    # @media rules cannot be written into an element and stay in the head
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
