"""The questions before the clock, answered from an invitation: until something has begun, and no longer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from hiring.attempts.actions import check_open
from hiring.attempts.queries import alive_attempt
from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import questions
from hiring.openings.models import Application, Invitation


def answer(invitation_id: UUID, chosen: Sequence[int], *, sheet_id: UUID | None) -> None:
    """Keep the answers to the questions. Raises Refused once the clock runs, or the link has ended."""
    questions.answer(_waiting(invitation_id), chosen, sheet_id=sheet_id)


def ask_a_person(invitation_id: UUID) -> None:
    """Let a person look at an answer that stands in the way. Raises Refused as `answer` does."""
    questions.ask_a_person(_waiting(invitation_id))


def _waiting(invitation_id: UUID) -> Application:
    """The application, its row locked as a start locks it: the clock does not begin in between."""
    invitation = session.get_one(Invitation, invitation_id)
    mine = select(Application).where(Application.id == invitation.application_id)
    application = locked(mine)
    if application is None:
        raise Missing
    begun = alive_attempt(application.id, step_id=invitation.step_id)
    if session.scalar(begun) is not None:
        raise Refused(_("The clock has started; the answers stay as they are."))
    check_open(invitation_id, at=now())
    return application
