"""Inviting people to the step where they are: the first time, again, for longer, and not any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, select

from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Refused
from hiring.kernel.words import day
from hiring.openings import queries
from hiring.openings.applications import check_waits, locked_application
from hiring.openings.events import (
    InvitationRevoked,
    PeopleInvited,
)
from hiring.openings.models import (
    Application,
    DueInvitation,
    Invitation,
    MoreDays,
)
from hiring.openings.panel import Panel, locked_panel
from hiring.openings.rules import Guest
from hiring.openings.sendings import leaving
from hiring.outbox.actions import take_back_about
from hiring.people.actions import people_for
from hiring.people.models import Person


def invite(
    opening_id: UUID,
    *,
    guests: Collection[Guest],
    expires_at: datetime,
    by: UUID,
    word: str = "",
    batch: UUID | None = None,
) -> list[Invitation]:
    """Invite people to the first step; who is in the opening already is passed over.

    `batch` names the sending: the same one again sends nothing twice, and tells of what it sent before.
    One that was begun with `sendings.begin` leaves when that says, though it comes in many acts.
    """
    opening = queries.opening_of(opening_id)
    step = opening.steps[0]
    leaves_at = leaving(batch)
    _check_open(locked_panel(step.id))
    _check_lasts(expires_at, leaves_at)
    people = people_for((guest.address, guest.name) for guest in guests)
    there = _applications_of(people.values(), opening_id=opening_id)
    new = [
        Application(
            opening_id=opening_id, person_id=person.id, step_id=step.id, applied_at=now(),
            came_by=batch,
        )
        for _address, person in sorted(people.items())
        if person.id not in there
    ]  # fmt: skip
    session.add_all(new)
    session.flush()
    times = {"invited_at": leaves_at or now(), "expires_at": expires_at}
    made = send(new, **times, word=word, by=by, batch=batch)
    return made + (_sent(there.values(), batch) if batch and there else [])


def _check_open(panel: Panel) -> None:
    if panel.closed_at is not None:
        raise Refused(_("This opening takes no more answers, so nobody was invited."))


def _check_lasts(expires_at: datetime, leaves_at: datetime | None) -> None:
    if expires_at <= now():
        told = _("That day has passed. Invitations are open at least until tonight.")
        raise Refused(told, field="until")
    if leaves_at and expires_at <= leaves_at:
        told = _("The letters leave in ten minutes, when that day is over. Choose a later one.")
        raise Refused(told, field="until")


def _applications_of(people: Iterable[Person], *, opening_id: UUID) -> dict[UUID, Application]:
    """Those of these people who are in the opening, by their ids."""
    ids = [person.id for person in people]
    there = (Application.opening_id == opening_id) & Application.person_id.in_(ids)
    return {one.person_id: one for one in session.scalars(select(Application).where(there))}


def _sent(applications: Iterable[Application], batch: UUID) -> list[Invitation]:
    ids = [application.id for application in applications]
    here = Invitation.application_id.in_(ids) & (Invitation.batch == batch)
    return list(session.scalars(select(Invitation).where(here)))


def send(
    applications: Sequence[Application],
    *,
    invited_at: datetime,
    expires_at: datetime,
    word: str,
    by: UUID,
    batch: UUID | None,
) -> list[Invitation]:
    """Invite these to the step where they are, in one go, whatever the caller has checked."""
    made = [
        Invitation(
            application_id=application.id, step_id=application.step_id, invited_by=by,
            invited_at=invited_at, expires_at=expires_at, word=word, batch=batch,
        )
        for application in applications
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    if made:
        later = invited_at if invited_at > now() else None
        announce(PeopleInvited(tuple(one.id for one in made), batch=batch, leaves_at=later, by=by))
    return made


def invite_again(
    application_id: UUID,
    *,
    expires_at: datetime,
    by: UUID,
    word: str = "",
    batch: UUID | None = None,
) -> Invitation:
    """A fresh link for someone who has not submitted. Links sent before stay as they were.

    `batch` names the sending: the same one again sends nothing and returns what it sent before.
    """
    leaves_at = leaving(batch)
    application = locked_application(application_id)
    if batch and (sent := _sent([application], batch)):
        return sent[0]
    _check_open(locked_panel(application.step_id))
    check_waits(application)
    _check_lasts(expires_at, leaves_at)
    if leaves_at is not None:
        _check_not_due(application)
    forget_due(DueInvitation.application_id == application.id)
    times = {"invited_at": leaves_at or now(), "expires_at": expires_at}
    [made] = send([application], **times, word=word, by=by, batch=batch)
    return made


def _check_not_due(application: Application) -> None:
    """What is taken back is as before, and an invitation that was ended for it would not come again."""
    due = session.get(DueInvitation, application.id)
    if due is not None:
        told = _("Their invitation goes out on %(day)s by itself. To send it sooner, choose them alone.",
                 day=day(due.due_at))  # fmt: skip
        raise Refused(told)


def revoke_invitation(application_id: UUID, *, by: UUID) -> list[Invitation]:
    """Take back every open link of someone who has not submitted; a fresh one can be sent later."""
    application = locked_application(application_id)
    check_waits(application)
    links = session.scalars(
        select(Invitation).where(
            Invitation.application_id == application.id,
            Invitation.step_id == application.step_id,
            Invitation.revoked_at.is_(None),
        )
    ).all()
    for invitation in links:
        invitation.revoked_at = now()
    forget_due(DueInvitation.application_id == application.id)
    session.flush()
    ids = tuple(invitation.id for invitation in links)
    take_back_about([*ids, application.id])  # or the letter that says when the next one goes out
    if ids:
        announce(InvitationRevoked(application_id=application_id, invitation_ids=ids, by=by))
    return list(links)


def forget_due(which: ColumnElement[bool]) -> None:
    """Let these invitations that wait for their day not go out."""
    session.execute(delete(DueInvitation).where(which))


def take_more_days(invitation_id: UUID) -> Invitation:
    """Let an invitation last longer, once a step, without a reason. Pressed twice, it lasts no longer.

    Raises Refused when there are no more days to take.
    """
    invitation = queries.invitation_by_id(invitation_id)
    application = locked_application(invitation.application_id)
    session.refresh(invitation)
    _check_open(locked_panel(invitation.step_id))
    until = queries.more_days(invitation)
    if until is None and invitation.is_open(now()):
        return invitation  # pressed twice, or there is no later day: it lasts as it did
    if until is None or application.stage != "invited" or application.step_id != invitation.step_id:
        raise Refused(
            _("There are no more days to take: people hear soon, or they were taken before.")
        )
    session.add(MoreDays(
        application_id=application.id, step_id=invitation.step_id, invitation_id=invitation.id,
        taken_at=now(), ended_at=invitation.expires_at,
    ))  # fmt: skip
    invitation.expires_at = until
    session.flush()
    return invitation


def leave_no_more_days(ended: Invitation) -> None:
    """Nobody makes a link last that has ended: whoever reads the mailbox it went to is somebody else."""
    mine = (MoreDays.application_id == ended.application_id) & (MoreDays.step_id == ended.step_id)
    if session.scalar(select(MoreDays.id).where(mine)) is None:
        session.add(MoreDays(
            application_id=ended.application_id, step_id=ended.step_id, invitation_id=ended.id,
            taken_at=now(), ended_at=ended.expires_at,
        ))  # fmt: skip
        session.flush()
