"""The days until which people agreed to be kept who applied on the public page: moving an opening's day later
does not move theirs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from hiring.kernel.database import session
from hiring.openings import queries
from hiring.openings.erasing import IN_THE_RACE
from hiring.openings.models import Application, Opening
from hiring.openings.notice import kept_until
from hiring.people.models import Consent

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Agreed:
    """So many people, each erased after this day; `undecided` of them are not decided about yet."""

    day: date
    people: int
    undecided: int


def agreed_days(opening: Opening) -> list[Agreed]:
    """The first day that each of these people agreed to, with how many did, in order."""
    each = (
        select(Application.stage, func.min(Consent.expires_at).label("ends"))
        .join(Consent, Consent.person_id == Application.person_id)
        .where(Application.opening_id == opening.id, Application.erased_at.is_(None))
        .where(Consent.purpose == f"opening:{opening.id}")
        .group_by(Application.id, Application.stage)
    ).subquery()
    rows = select(each.c.ends, each.c.stage, func.count()).group_by(each.c.ends, each.c.stage)
    people, undecided = Counter[date](), Counter[date]()
    for end, stage, number in session.execute(rows):
        day = end.astimezone(queries.zone()).date()
        people[day] += number
        undecided[day] += number if stage in IN_THE_RACE else 0
    return [Agreed(day, people[day], undecided[day]) for day in sorted(people)]


def soon_erased(opening: Opening) -> Agreed | None:
    """Those who are erased within a fortnight though nobody has decided about them, and though the opening
    itself keeps people longer; None when there are none.
    """
    last = min(kept_until(opening) - timedelta(days=1), queries.today() + SOON)
    return next((one for one in agreed_days(opening) if one.undecided and one.day <= last), None)
