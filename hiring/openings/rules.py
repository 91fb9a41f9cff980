"""What an opening, its panel and an invitation may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.kernel.prints import print_of
from hiring.kernel.refusals import Refused
from hiring.kernel.words import day

LONGEST_SLUG = 60
MOST_MARKS = 9
LONGEST_WAIT = timedelta(days=730)
MORE_DAYS = timedelta(days=5)
MOST_STEPS = 5
LONGEST_STEP = 90  # days that an invitation waits, or lasts
GOES_OUT = time(8)  # on its day, where the organisation is


@dataclass(frozen=True)
class Guest:
    """Someone to invite, as typed and understood."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Facts:
    """What is said of an opening."""

    title: str
    terms: str
    pay: str
    hear_by: date
    place: str = ""
    about: str = ""
    apply_by: date | None = None
    kept_months: int = 6
    public_form: bool = False
    listed: bool = True

    def otherwise_than(self, others: Facts) -> tuple[str, ...]:
        """The names of what is not the same in both."""
        names = (one.name for one in fields(self))
        return tuple(name for name in names if getattr(self, name) != getattr(others, name))

    @property
    def print(self) -> str:
        """To see whether it is still what a form showed."""
        return print_of(asdict(self))


@dataclass(frozen=True)
class StepPlan:
    """A step to be made: what is asked in it, who marks it, how it follows the one before, and its rule.

    `bar`: from which raw mean the rule proposes to advance (`mean`), or how many (`best`).
    """

    version_id: UUID
    panel: Collection[UUID] = ()
    wanted_marks: int = 2
    wait_days: int = 0
    open_days: int = 14
    proposes: str = "nobody"
    bar: int | None = None


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


def check_due(last: datetime | None, hear_by: date, *, zone: ZoneInfo) -> None:
    """The day cannot be moved before an invitation goes out that somebody was promised."""
    if last is not None and last > end_of(hear_by, zone):
        told = _("Somebody was told that their invitation goes out on %(day)s. Name a later day.",
                 day=day(last))  # fmt: skip
        raise Refused(told, field="hear_by")


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


def check_number_of_steps(number: int) -> None:
    """One to five."""
    if not 1 <= number <= MOST_STEPS:
        raise Refused(_("An opening has one to five steps."))


def check_interval(wait_days: int, open_days: int) -> None:
    """How a step follows the one before: at once or later, and its link lasts a day at least."""
    if not 0 <= wait_days <= LONGEST_STEP:
        told = _(
            "An invitation goes out at once (0), or up to %(most)s days later.", most=LONGEST_STEP
        )
        raise Refused(told, field="wait_days")
    if not 1 <= open_days <= LONGEST_STEP:
        told = _("A link stays open for one day at least, and %(most)s at most.", most=LONGEST_STEP)
        raise Refused(told, field="open_days")


def check_rule(proposes: str, bar: int | None) -> None:
    """A rule that goes by a mean or a number names it."""
    if proposes == "mean" and not (bar is not None and 0 <= bar <= 100):  # noqa: PLR2004  a score
        raise Refused(_("Name the mean from which it proposes to advance: 0 to 100."), field="bar")
    if proposes == "best" and not (bar is not None and 1 <= bar <= 1000):  # noqa: PLR2004
        raise Refused(_("Say how many it proposes to advance: one at least."), field="bar")


def check_fit(steps: Sequence[tuple[int, int]], *, today: date, hear_by: date) -> None:
    """Whether the steps after the first can end by the day by which people hear.

    `steps`: of each of them, the days that its invitation waits and those that its link lasts.
    """
    needed, left = sum(wait + lasts for wait, lasts in steps), (hear_by - today).days
    if needed < left or not steps:
        return
    told = ngettext(
        "The step after the first takes %(needed)s days, and people hear in %(left)s."
        " Name a later day, or shorten it.",
        "The steps after the first take %(needed)s days, and people hear in %(left)s."
        " Name a later day, or shorten them.",
        len(steps), needed=needed, left=left,
    )  # fmt: skip
    raise Refused(told, field="hear_by")


def rule_words(proposes: str, bar: int | None) -> str:
    """A step's rule that proposes, as a sentence begins with it."""
    return {
        "nobody": _("Nobody is proposed"),
        "mean": _("A mean of at least %(bar)s", bar=bar),
        "best": ngettext("The best one", "The best %(num)s", bar or 0),
        "everybody": _("Everybody who handed in"),
    }[proposes]


def goes_out(today: date, wait_days: int, *, zone: ZoneInfo) -> datetime:
    """When an invitation goes out that waits so many days: in the morning."""
    return datetime.combine(today + timedelta(days=wait_days), GOES_OUT, zone)


def lasts_until(day: date, open_days: int, *, hear_by: date, zone: ZoneInfo) -> datetime:
    """Until when a link lasts that goes out on this day: never beyond the day by which people hear."""
    return end_of(min(day + timedelta(days=open_days), hear_by), zone)
