"""The notice of an opening: until when people may apply, how long things are kept, and who reads them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from hiring.accounts.queries import number_holding
from hiring.accounts.settings import organisation
from hiring.assessments.models import Version
from hiring.assessments.queries import version_of
from hiring.kernel.refusals import Refused
from hiring.kernel.words import day
from hiring.openings.models import Opening, Step
from hiring.openings.panel import panel_of
from hiring.openings.queries import able, today

KEPT = (1, 2, 3, 6, 9, 12, 18, 24, 36)  # months that can be promised


@dataclass(frozen=True)
class Stage:
    """A step as the notice tells of it: how many of how many reviewers mark an answer."""

    number: int
    version: Version
    wanted: int
    marking: int


def stages(opening: Opening) -> list[Stage]:
    """The steps of an opening, in order."""
    return [_stage(step) for step in opening.steps]


def _stage(step: Step) -> Stage:
    panel = panel_of(step.id)
    return Stage(
        number=step.position,
        version=version_of(step.version_id),
        wanted=panel.wanted_marks,
        marking=len(able(panel)),
    )


def naming() -> int:
    """How many people of the house may see the names of who applies."""
    return number_holding("owner", "recruiter")


def last_day(opening: Opening) -> date:
    """The last day on which people may come in."""
    return opening.apply_by or opening.hear_by


def is_open(opening: Opening) -> bool:
    """Whether it is still looked for someone. Who is invited already has a day of their own."""
    return opening.closed_at is None and last_day(opening) >= today()


def takes_applications(opening: Opening) -> bool:
    """Whether a stranger may apply by the public page now."""
    first = panel_of(opening.steps[0].id)
    return opening.public_form and is_open(opening) and first.closed_at is None


def agreement(opening: Opening) -> str:
    """What somebody agrees to who applies: who keeps what, what for and until when."""
    return _(
        "%(where)s keeps your name, your address and what you write, to decide on “%(title)s” and for"
        " nothing else, until %(day)s at the latest. It is erased then, or sooner if you ask.",
        where=_whereabouts(), title=opening.title, day=day(kept_until(opening)),
    )  # fmt: skip


def _whereabouts() -> str:
    house = organisation()
    where = " ".join(house.postal_address.split())
    return where if house.name in where else f"{house.name}, {where}".rstrip(", ")


def kept_until(opening: Opening) -> date:
    """The day until which what people give is kept: so many months after they hear."""
    return months_later(opening.hear_by, opening.kept_months)


def months_later(from_: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day."""
    year, month = divmod(from_.year * 12 + from_.month - 1 + months, 12)
    return date(year, month + 1, min(from_.day, monthrange(year, month + 1)[1]))


def check_apply_by(apply_by: date | None, *, today: date, hear_by: date) -> None:
    """People may apply at least until tonight, and not beyond the day by which they hear."""
    if apply_by is None:
        return
    if apply_by < today:
        told = _("That day has passed. Name today or a later day, or none.")
        raise Refused(told, field="apply_by")
    if apply_by > hear_by:
        raise Refused(_("People cannot apply after the day by which they hear."), field="apply_by")


def check_kept(months: int) -> None:
    """One of the spans that can be promised."""
    if months not in KEPT:
        raise Refused(_("Choose one of these."), field="kept_months")
