"""Numbers and instants as words that people say, in the organisation's zone and the reader's language."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import (
    format_date,
    format_datetime,
    gettext,
    ngettext,
    to_user_timezone,
)
from markupsafe import Markup, escape

from hiring.kernel.clock import now


def install(app: Flask) -> None:
    """Offer the words to templates as filters."""
    for filter_ in (
        day,
        short_day,
        clock,
        moment,
        time_tag,
        due,
        number_word,
        one_decimal,
        sentence,
        unbroken,
    ):
        app.add_template_filter(filter_)


def day(value: date | datetime) -> str:
    """*Friday 11 December*, with the year when it is not this year's."""
    if isinstance(value, datetime):
        value = to_user_timezone(value).date()
    this_year = value.year == to_user_timezone(now()).year
    return format_date(value, "EEEE d MMMM" if this_year else "EEEE d MMMM y")


def short_day(value: date | datetime) -> str:
    """*11 Dec*, for tables and rulers; with the year when it is not this year's."""
    if isinstance(value, datetime):
        value = to_user_timezone(value).date()
    this_year = value.year == to_user_timezone(now()).year
    return format_date(value, "d MMM" if this_year else "d MMM y")


def clock(value: datetime) -> str:
    """*14:03*."""
    return to_user_timezone(value).strftime("%H:%M")  # in figures alike in every language we speak


def moment(value: datetime) -> str:
    """*14 November, 14:31*."""
    return format_datetime(value, "d MMMM, HH:mm")


def time_tag(value: datetime, words: str | None = None, *, seconds: bool = False) -> Markup:
    """A `<time>` with the exact instant and zone, showing `words` or the clock's time."""
    local = to_user_timezone(value)
    shown = words or local.strftime("%H:%M:%S" if seconds else "%H:%M")
    exact = local.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        exact, format_datetime(value, "d MMMM y, HH:mm:ss zzzz"), escape(shown)
    )


def due(value: datetime) -> str:
    """*in 3 hours*, *on Friday 11 December*, *late since Thursday 19 November, 17:00*."""
    left = value - now()
    if left < timedelta(0):
        return gettext("late since %(day)s, %(clock)s", day=day(value), clock=clock(value))
    if left < timedelta(hours=1):
        minutes = max(1, round(left.total_seconds() / 60))
        return ngettext("in %(num)s minute", "in %(num)s minutes", minutes)
    if left < timedelta(hours=24):
        return ngettext("in %(num)s hour", "in %(num)s hours", int(left.total_seconds() // 3600))
    return gettext("on %(day)s", day=day(value))


def number_word(value: int) -> str:
    """Numbers up to twelve as words, for sentences; larger ones in figures."""
    words = (gettext("no"), gettext("one"), gettext("two"), gettext("three"), gettext("four"),
             gettext("five"), gettext("six"), gettext("seven"), gettext("eight"), gettext("nine"),
             gettext("ten"), gettext("eleven"), gettext("twelve"))  # fmt: skip
    return words[value] if 0 <= value < len(words) else f"{value:,}"


def one_decimal(value: float) -> str:
    """A score as it is printed everywhere: one decimal, never more."""
    return f"{value:.1f}"


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def unbroken(text: str) -> str:
    """The text with each figure kept on one line with its word: "12 December" in a narrow column."""
    return type(text)(re.sub(r"(?<=\d) (?=[^\W\d_])", "\u00a0", text))
