"""Letters that did not reach who was invited: whose, why, and the address put right.

Told where names may be seen, of the newest link only: who was sent a fresh one is reached by that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.events import announce
from hiring.openings.events import AddressMended
from hiring.openings.inviting import invite_again, leave_no_more_days, revoke_invitation
from hiring.openings.models import Application, Invitation
from hiring.openings.panel import panel_of
from hiring.openings.queries import application_of
from hiring.outbox.models import Message
from hiring.outbox.rules import DECIDED_BY_HAND
from hiring.people.actions import readdress


@dataclass(frozen=True)
class Returned:
    """A letter that was refused, or of which nobody knows whether it arrived; `error` is the server's."""

    state: str
    error: str


def has_returned() -> ColumnElement[bool]:
    """Of an application: a letter about its newest link came back, or is held."""
    newer = aliased(Invitation)
    later = (
        select(newer.id)
        .where(newer.application_id == Invitation.application_id)
        .where(newer.step_id == Invitation.step_id, newer.invited_at > Invitation.invited_at)
    )
    stuck = (
        select(Message.id)
        .join(Invitation, Invitation.id == Message.about)
        .where(Message.state.in_(DECIDED_BY_HAND), ~later.exists())
        .where(Invitation.application_id == Application.id, Invitation.revoked_at.is_(None))
        .where(Invitation.step_id == Application.step_id)
    )
    return (Application.stage == "invited") & stuck.exists()


def number_returned(opening_id: UUID) -> int:
    """How many people of an opening our letters do not reach."""
    here = select(func.count()).select_from(Application).where(Application.opening_id == opening_id)
    return session.scalar(here.where(has_returned())) or 0


def returned(invitation_ids: Collection[UUID]) -> dict[UUID, Returned]:
    """The letters about these invitations that are stuck, by invitation."""
    rows = select(Message.about, Message.state, Message.error).where(
        Message.about.in_(invitation_ids), Message.state.in_(DECIDED_BY_HAND)
    )
    return {
        about: Returned(state, error or "")
        for about, state, error in session.execute(rows)
        if about
    }


def last_returned(application_id: UUID) -> Returned | None:
    """What became of somebody's newest letter, if it is stuck."""
    newest = (
        select(Invitation.id)
        .where(Invitation.application_id == application_id, Invitation.revoked_at.is_(None))
        .order_by(Invitation.invited_at.desc())
        .limit(1)
    )
    return next(iter(returned(session.scalars(newest).all()).values()), None)


def mend_address(application_id: UUID, address: str, *, by: UUID) -> int:
    """Write to somebody elsewhere from now on, in every opening they are in; how many fresh links went.

    The links that went to the wrong place open nothing any more. Raises Refused for an address that is
    none, or that is somebody else's.
    """
    person_id = application_of(application_id).person_id
    everywhere = select(Application).where(Application.person_id == person_id)
    mine = everywhere.order_by(Application.id).with_for_update()
    applications = session.scalars(mine.execution_options(populate_existing=True)).all()
    readdress(person_id, address)
    return sum(_sent_elsewhere(application, by=by) for application in applications)


def _sent_elsewhere(application: Application, *, by: UUID) -> bool:
    """Close the links of one application; whether a fresh one went to the address as it is now."""
    announce(AddressMended(application_id=application.id, by=by))
    last = _newest(application)
    if last is None or not _may_begin(application):
        return False
    if last.expires_at <= now():
        leave_no_more_days(last)
        return False
    until, word = last.expires_at, last.word
    revoke_invitation(application.id, by=by)
    invite_again(application.id, expires_at=until, word=word, by=by)
    return True


def _newest(application: Application) -> Invitation | None:
    """The link that lasts longest of those that still open."""
    here = (
        select(Invitation)
        .where(Invitation.application_id == application.id, Invitation.revoked_at.is_(None))
        .where(Invitation.step_id == application.step_id)
        .order_by(Invitation.expires_at.desc())
    )
    return session.scalars(here).first()


def _may_begin(application: Application) -> bool:
    return application.stage == "invited" and panel_of(application.step_id).closed_at is None
