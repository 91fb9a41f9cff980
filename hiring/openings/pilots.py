"""A pilot: some of the house sit an assessment like candidates, in an opening of that kind; others mark."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from hiring.accounts.queries import addresses_of, names_of_accounts
from hiring.assessments.models import Version
from hiring.assessments.queries import Pilot, PilotsOf
from hiring.kernel.database import made_before, session
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import queries
from hiring.openings.actions import create_opening
from hiring.openings.inviting import invite
from hiring.openings.models import Application, Opening, Step
from hiring.openings.rules import Facts, Guest, StepPlan, end_of
from hiring.people.queries import ids_by_address

LASTS = timedelta(days=14)


def begin(
    version_id: UUID, *, sitting: Collection[UUID], marking: Collection[UUID], by: UUID, id: UUID
) -> Opening:
    """Let some accounts sit a published version, and others mark it; those who sit are written to.

    The same `id` again gives what was made before. Raises Refused when somebody would mark beside
    their own work, or nobody sits; Missing for a version that is not there.
    """
    if known := made_before(Opening, id, maker="contact_id", by=by):
        return known
    version = session.get(Version, version_id)
    if version is None or version.published_at is None:
        raise Missing
    _check(sitting, marking)
    until = queries.today() + LASTS
    opening = create_opening(
        Facts(
            title=_("Pilot: %(title)s, version %(number)s", title=version.title, number=version.number),
            terms="employment", pay=_("none: a pilot among us"), hear_by=until,
        ),
        by=by, id=id,
        steps=[StepPlan(version_id, marking, wanted_marks=min(2, max(1, len(marking))))],
    )  # fmt: skip
    opening.kind = "pilot"
    session.flush()
    addresses, names = addresses_of(sitting), names_of_accounts(sitting)
    guests = [Guest(address, names[account_id]) for account_id, address in addresses.items()]
    invite(opening.id, guests=guests, expires_at=end_of(until, queries.zone()), by=by)
    return opening


def _check(sitting: Collection[UUID], marking: Collection[UUID]) -> None:
    if not sitting:
        raise Refused(_("Choose at least one who takes it."), field="sitting")
    if set(sitting) & set(marking):
        told = _("Whoever takes it does not mark it. Choose one or the other for each.")
        raise Refused(told, field="panel")


def pilots_of(asked: PilotsOf) -> list[Pilot]:
    """The pilots of a version, the newest first."""
    rows = (
        select(Opening.id, Opening.created_at)
        .join(Step, Step.opening_id == Opening.id)
        .where(Opening.kind == "pilot", Step.version_id == asked.version_id)
        .order_by(Opening.created_at.desc(), Opening.id)
    )
    return [Pilot(*row) for row in session.execute(rows)]


def person_of(opening_id: UUID, address: str) -> UUID | None:
    """The person of this normalised address, if they are in the opening."""
    known = ids_by_address([address]).get(address)
    here = (Application.opening_id == opening_id) & (Application.person_id == known)
    return session.scalar(select(Application.person_id).where(here))
