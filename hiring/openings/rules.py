"""What an opening, its panel and an invitation may be."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.kernel.refusals import Refused
from hiring.kernel.words import day

LONGEST_SLUG = 60
MOST_MARKS = 9
LONGEST_WAIT = timedelta(days=730)
MORE_DAYS = timedelta(days=5)


@dataclass(frozen=True)
class Guest:
    """Someone to invite, as typed and understood."""

    address: str
    name: str = ""


def slug_of(title: str) -> str:
    """The title as part of an address: small letters and digits of its own script, joined by hyphens."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", title.lower().replace("ß", "ss")):
        if unicodedata.combining(letter) and letters and letters[-1].isascii():
            continue  # accents of Latin letters go; the vowel signs of other scripts are letters
        belongs = letter.isalnum() or unicodedata.category(letter).startswith("M")
        letters.append(letter if belongs else "-")
    text = unicodedata.normalize("NFC", re.sub("-+", "-", "".join(letters)).strip("-"))
    return text[:LONGEST_SLUG].strip("-") or "opening"


def check_hear_by(hear_by: date, *, today: date) -> None:
    """Candidates are promised a day that is still to come."""
    if hear_by <= today:
        raise Refused(_("Candidates hear by a day that is still to come."), field="hear_by")
    if hear_by > today + LONGEST_WAIT:
        raise Refused(_("Nobody can wait for two years. Name an earlier day."), field="hear_by")


def check_links_end(last: datetime | None, hear_by: date, *, zone: ZoneInfo) -> None:
    """The day cannot be moved before the last open link ends: nobody hears before they were done."""
    if last is not None and last > end_of(hear_by, zone):
        told = _(
            "Someone may begin until %(day)s. Name a day from then on, or take that invitation back"
            " first.",
            day=day(last),
        )
        raise Refused(told, field="hear_by")


def print_of(facts: Mapping[str, object]) -> str:
    """A short print of what is said of an opening, to see whether it is still what a form showed."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]


def check_wanted_marks(wanted: int) -> None:
    """One to nine reviews an answer, each with a mark on every criterion."""
    if not 1 <= wanted <= MOST_MARKS:
        raise Refused(_("An answer can want one to nine reviews."), field="wanted_marks")


def check_until(until: date, *, today: date, hear_by: date) -> None:
    """An invitation lasts at least until tonight, and not beyond the day by which people hear."""
    if until < today:
        raise Refused(
            _("That day has passed. Invitations are open at least until tonight."), field="until"
        )
    if until > hear_by:
        told = _("People hear by %(day)s; an invitation must end by then.", day=day(hear_by))
        raise Refused(told, field="until")


def last_day(today: date, hear_by: date) -> date:
    """Until when an invitation is open if nobody says otherwise: a fortnight, or until people hear."""
    return max(today, min(today + timedelta(days=14), hear_by))


def end_of(chosen: date, zone: ZoneInfo) -> datetime:
    """The last minute of a day where the organisation is."""
    return datetime.combine(chosen, time(23, 59), zone)


def with_more_days(expires_at: datetime, *, hear_by: date, zone: ZoneInfo) -> datetime:
    """Five days later at the same time of day, or the last minute before people hear."""
    later = expires_at.astimezone(zone) + MORE_DAYS  # by the wall clock, whatever summer time does
    return min(later, end_of(hear_by, zone))


def thin_panel(wanted: int, size: int) -> str | None:
    """What to say when a panel cannot give the reviews that its step wants."""
    if size == 0:
        return _(
            "Nobody marks this step yet: choose at least one reviewer before the first answer comes in."
        )
    if wanted <= size:
        return None
    return ngettext(
        "Each answer wants %(wanted)s reviews and one person marks: it stays short of reviews.",
        "Each answer wants %(wanted)s reviews and %(num)s people mark: it stays short of reviews.",
        size,
        wanted=wanted,
    )
