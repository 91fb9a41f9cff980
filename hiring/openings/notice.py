"""The notice of an opening: until when people may apply, how long things are kept, and who reads them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from hiring.accounts.queries import number_holding
from hiring.assessments.models import Version
from hiring.assessments.queries import version_of
from hiring.kernel.refusals import Refused
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


def kept_until(opening: Opening) -> date:
    """The day until which what people give is kept: so many months after they hear."""
    return months_later(opening.hear_by, opening.kept_months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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
