"""From one step to the next: letting somebody through, and taking that back.

Whoever is let through is at the next step from then on. The invitation to it goes out at once, or is
a row with a day, which the worker finds.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.words import day
from hiring.openings import queries, rules
from hiring.openings.events import (
    WentOn,
)
from hiring.openings.inviting import send
from hiring.openings.models import (
    Application,
    DueInvitation,
    Invitation,
    Step,
)
from hiring.openings.panel import locked_panel
from hiring.outbox.actions import take_back_about


def go_on(
    application_id: UUID,
    *,
    by: UUID,
    batch: UUID | None = None,
    leaves_at: datetime | None = None,
) -> Step:
    """Let somebody through to the step after theirs: invited at once, or on its day. Returns that step.

    The caller holds the application's row, and its batch's before that (`sendings.leaving`, which says
    when the letter leaves). Raises Refused when that step takes no more answers, or its
    invitation could not go out before people hear.
    """
    application = session.get_one(Application, application_id)
    step = queries.step_after(application.step_id)
    if step is None:
        raise Missing
    if locked_panel(step.id).closed_at is not None:
        raise Refused(_("Nobody was let through: step %(number)s takes no more answers.",
                        number=step.position))  # fmt: skip
    _check_in_time(step, leaves_at)
    application.step_id, application.stage = step.id, "invited"
    if step.wait_days == 0:
        times = {"invited_at": leaves_at or now(), "expires_at": _until(step)}
        session.flush()
        send([application], **times, word="", by=by, batch=batch)
    else:
        due_at = rules.goes_out(queries.today(), step.wait_days, zone=queries.zone())
        session.add(DueInvitation(
            application_id=application.id, step_id=step.id, invited_by=by, due_at=due_at
        ))  # fmt: skip
        session.flush()
        announce(WentOn(application.id, step.id, due_at, by, batch, leaves_at))
    return step


def _check_in_time(step: Step, leaves_at: datetime | None) -> None:
    due = rules.goes_out(queries.today(), step.wait_days, zone=queries.zone())
    if due.date() > step.opening.hear_by:
        told = _(
            "Nobody was let through: the invitation to step %(number)s would go out on %(day)s, and"
            " people hear by %(hear_by)s. Move that day first.",
            number=step.position, day=day(due), hear_by=day(step.opening.hear_by),
        )  # fmt: skip
        raise Refused(told)
    if step.wait_days == 0 and _until(step) <= (leaves_at or now()):
        raise Refused(
            _("Nobody was let through: people hear today, and the link would have ended before its letter"
              " leaves. Move that day first.")
        )  # fmt: skip


def _until(step: Step) -> datetime:
    return rules.lasts_until(
        queries.today(), step.open_days, hear_by=step.opening.hear_by, zone=queries.zone()
    )


def come_back(application_id: UUID, *, step_id: UUID) -> bool:
    """Put somebody back to the step before: their link to the next one opens nothing any more, and a
    letter that waits does not leave. Whether one did wait: then they were never told.

    The caller holds the application's row. Whoever has begun may finish all the same, and nobody is
    told which it was. Raises Refused when they have handed in since, or are further on.
    """
    application = session.get_one(Application, application_id)
    next_step = queries.step_after(step_id)
    if next_step is None or application.step_id != next_step.id or application.stage != "invited":
        raise Refused(_("They have gone on since: decide about them at the step where they are."))
    there = (Invitation.application_id == application.id) & (Invitation.step_id == next_step.id)
    session.execute(
        update(Invitation).where(there, Invitation.revoked_at.is_(None)).values(revoked_at=now())
    )
    session.execute(delete(DueInvitation).where(DueInvitation.application_id == application.id))
    application.step_id = step_id
    session.flush()
    links = session.scalars(select(Invitation.id).where(there)).all()
    return take_back_about([*links, application.id]) > 0


def invite_when_due(application_id: UUID) -> bool:
    """Send the invitation whose day has come; False when it was taken back or sent meanwhile."""
    application = locked(select(Application).where(Application.id == application_id))
    if application is None or application.stage != "invited":
        return False
    panel = locked_panel(application.step_id)
    due = session.get(DueInvitation, application_id, populate_existing=True)
    if due is None or due.due_at > now() or panel.closed_at is not None:
        return False
    until, by = _until(queries.step_of(due.step_id)), due.invited_by
    if until <= now():
        return False  # the last minute of the day by which people hear; after it, `is_missed`
    session.delete(due)
    session.flush()
    send([application], invited_at=now(), expires_at=until, word="", by=by, batch=None)
    return True
