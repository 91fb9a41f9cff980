"""The opening itself: made, changed, closed. Steps, inviting and going on have files of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hiring.kernel.clock import now
from hiring.kernel.database import locked, made_before, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.words import day
from hiring.openings import notice, queries, rules
from hiring.openings.events import (
    OpeningChanged,
    OpeningCreated,
)
from hiring.openings.models import (
    Application,
    Invitation,
    Opening,
)
from hiring.openings.rules import Facts, StepPlan
from hiring.openings.steps import check_plans, close_step, make_step
from hiring.outbox.actions import take_back_about
from hiring.people.rules import sought

SOONEST = timedelta(days=7)  # from a change to the first day on which it erases anybody


def create_opening(
    facts: Facts, *, steps: Sequence[StepPlan], by: UUID, id: UUID | None = None
) -> Opening:
    """An opening of some steps, each on a published version, with the accounts that mark it.

    The same `id` again gives what was made before. Raises Missing when it is another's.
    """
    id = id or uuid4()
    if known := made_before(Opening, id, maker="contact_id", by=by):
        return known
    rules.check_hear_by(facts.hear_by, today=queries.today())
    notice.check_apply_by(facts.apply_by, today=queries.today(), hear_by=facts.hear_by)
    notice.check_kept(facts.kept_months)
    check_plans(steps, hear_by=facts.hear_by)
    opening = Opening(
        id=id, **asdict(facts), sought=sought(facts.title), contact_id=by, created_at=now()
    )
    _give_address(opening)
    for position, plan in enumerate(steps, start=1):
        make_step(opening.id, plan, position=position)
    session.refresh(opening)
    announce(OpeningCreated(opening_id=opening.id, by=by))
    return opening


def _give_address(opening: Opening) -> None:
    """Insert the opening under the first address that is free; two equal titles may race for one."""
    for slug in _addresses(rules.slug_of(opening.title)):
        if session.scalar(select(Opening.id).where(Opening.slug == slug)):
            continue
        opening.slug = slug
        try:
            with session.begin_nested():
                session.add(opening)
                session.flush()
        except IntegrityError:
            continue
        return


def _addresses(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def change_opening(opening_id: UUID, said: Facts, *, seen: str, by: UUID) -> Opening:
    """Say otherwise what is hired for, what is paid, and by when people hear; the address stays.

    `seen` is the print of what was read before: what another changed meanwhile is not overwritten.
    """
    opening = _locked_opening(opening_id)
    stood = queries.facts_of(opening)
    changed = said.otherwise_than(stood)
    if not changed:
        return opening
    _check_seen(seen, stood)
    if "hear_by" in changed:
        _check_moved(opening_id, said.hear_by)
    if {"hear_by", "apply_by"} & {*changed}:
        _check_apply_by(said.apply_by, said.hear_by, moved="apply_by" in changed)
    notice.check_kept(said.kept_months)
    if opening.kind == "hiring" and {"hear_by", "kept_months"} & {*changed}:
        _check_erased(opening, said.hear_by, said.kept_months)
    for name in changed:
        setattr(opening, name, getattr(said, name))
    opening.sought = sought(said.title)
    session.flush()
    announce(OpeningChanged(opening_id, changed, stood.hear_by, said.hear_by, by))
    return opening


def _locked_opening(opening_id: UUID) -> Opening:
    opening = locked(select(Opening).where(Opening.id == opening_id))
    if opening is None:
        raise Missing
    return opening


def _check_moved(opening_id: UUID, hear_by: date) -> None:
    rules.check_hear_by(hear_by, today=queries.today())
    rules.check_links_end(queries.last_link(opening_id), hear_by, zone=queries.zone())
    rules.check_due(queries.last_due(opening_id), hear_by, zone=queries.zone())


def _check_erased(opening: Opening, hear_by: date, kept_months: int) -> None:
    """A slip must not erase people: a nearer day leaves a week in which it is seen and moved back."""
    until = notice.months_later(hear_by, kept_months)
    if until >= min(queries.today() + SOONEST, notice.kept_until(opening)):
        return
    here = (Application.opening_id == opening.id) & Application.erased_at.is_(None)
    if people := session.scalar(select(func.count()).select_from(Application).where(here)):
        told = ngettext(
            "What one person gave would be erased after %(day)s. Keep it longer: at least a week from"
            " now. Nothing was changed.",
            "What %(num)s people gave would be erased after %(day)s. Keep it longer: at least a week"
            " from now. Nothing was changed.",
            people,
            day=day(until),
        )
        raise Refused(told, field="kept_months")


def _check_apply_by(apply_by: date | None, hear_by: date, *, moved: bool) -> None:
    """A day that stood and has passed may stay."""
    today = queries.today() if moved else apply_by or hear_by
    notice.check_apply_by(apply_by, today=today, hear_by=hear_by)


def _check_seen(seen: str, stood: Facts) -> None:
    if seen != stood.print:
        told = _(
            "Somebody changed this opening after you opened the form. What you typed is here; look at"
            " the public page, then press again to let yours stand."
        )
        raise Refused(told)


def close_opening(opening_id: UUID, *, by: UUID, ending: int | None = None) -> Opening:
    """Close every step, and take the opening from the public list. Twice is as once.

    `ending`: how many people's links end, as whoever closes it was told; refused when it is not so.
    """
    opening = queries.opening_of(opening_id)
    # the applications' rows before the panels', in the order in which sending again locks them
    here = Application.opening_id == opening_id
    session.execute(select(Application.id).where(here).order_by(Application.id).with_for_update())
    for step in opening.steps:
        close_step(step.id, by=by)
    session.refresh(opening)
    if opening.closed_at is None:
        _check_ending(opening_id, ending)
        opening.closed_at = now()
        session.flush()
        take_back_about(select(Invitation.id).join(Application).where(here))
        take_back_about(select(Application.id).where(here))
    return opening


def _check_ending(opening_id: UUID, ending: int | None) -> None:
    waiting = queries.stages_of({opening_id})[opening_id].get("invited", 0)
    if ending is not None and ending != waiting:
        told = _("It is %(number)s now. Nothing was closed.", number=waiting)
        raise Refused(told, field="number")
