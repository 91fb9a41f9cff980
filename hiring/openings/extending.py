"""An invitation lasts until a later day: never shortened, never beyond the day by which people hear."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.words import day
from hiring.openings.events import InvitationExtended
from hiring.openings.models import Application, DueInvitation, Extension, Invitation
from hiring.openings.panel import locked_panel
from hiring.openings.sendings import leaving


def extend_invitation(
    application_id: UUID, *, until: datetime, by: UUID, batch: UUID | None = None
) -> Extension:
    """Let the link of somebody who has not submitted last until later, also one that has ended.

    Of several links, the one that lasts longest. The same `batch` again changes nothing. Raises Refused
    when there is no link, or it lasts as long already. That `until` is in time is the caller's to check.
    """
    leaving(batch)
    application = locked(select(Application).where(Application.id == application_id))
    if application is None:
        raise Missing
    link = _longest(application)
    if batch and (made := _made(application_id, batch)):
        return made
    _check(application, link, until=until)
    assert link is not None  # noqa: S101  checked a line above
    row = Extension(
        invitation_id=link.id, batch=batch, ended_at=link.expires_at, until=until,
        extended_by=by, extended_at=now(),
    )  # fmt: skip
    session.add(row)
    link.expires_at = until
    session.flush()
    announce(InvitationExtended(row.id, link.id, application_id, row.ended_at, until, by))
    return row


def _longest(application: Application) -> Invitation | None:
    here = (
        select(Invitation)
        .where(Invitation.application_id == application.id, Invitation.revoked_at.is_(None))
        .where(Invitation.step_id == application.step_id)
        .order_by(Invitation.expires_at.desc(), Invitation.id)
        .limit(1)
        .with_for_update()
    )
    return session.scalars(here.execution_options(populate_existing=True)).first()


def _made(application_id: UUID, batch: UUID) -> Extension | None:
    rows = select(Extension).join(Invitation, Invitation.id == Extension.invitation_id)
    mine = (Invitation.application_id == application_id) & (Extension.batch == batch)
    return session.scalars(rows.where(mine)).first()


def _check(application: Application, link: Invitation | None, *, until: datetime) -> None:
    if locked_panel(application.step_id).closed_at is not None:
        raise Refused(_("This opening takes no more answers, so no link lasts longer."))
    if application.stage != "invited":
        raise Refused(_("This person has submitted; the invitation has done its work."))
    if link is None and (due := session.get(DueInvitation, application.id)):
        told = _("Their invitation goes out on %(day)s by itself, so there is no link yet to last longer.",
                 day=day(due.due_at))  # fmt: skip
        raise Refused(told)
    if link is None:
        raise Refused(_("Their invitation was taken back. Send them a fresh link instead."))
    if link.expires_at >= until:
        told = _(
            "Their link lasts until %(day)s already; it never gets shorter.",
            day=day(link.expires_at),
        )
        raise Refused(told)
