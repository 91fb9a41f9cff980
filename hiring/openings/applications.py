"""One person in an opening: where they stand, and the name they go by."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import queries
from hiring.openings.events import (
    NameCorrected,
)
from hiring.openings.models import (
    STAGES,
    Application,
)
from hiring.people.actions import rename


def locked_application(application_id: UUID) -> Application:
    """The application, read afresh and locked until the act ends. Raises Missing."""
    application = locked(select(Application).where(Application.id == application_id))
    if application is None:
        raise Missing
    return application


def check_waits(application: Application) -> None:
    """Links are for who has not submitted. Raises Refused."""
    if application.stage != "invited":
        raise Refused(_("This person has submitted; the invitation has done its work."))


def note_stage(application_id: UUID, stage: str, *, step_id: UUID | None = None) -> None:
    """Keep where an application stands, as the rooms above say. Who withdrew stays withdrawn.

    What happens at another step than `step_id`, where they are, changes nothing.
    """
    if stage not in STAGES:
        raise ValueError(stage)
    application = locked_application(application_id)
    if application.stage != "withdrawn" and step_id in {None, application.step_id}:
        application.stage = stage
    session.flush()


def correct_name(application_id: UUID, name: str, *, by: UUID) -> None:
    """Put right the name of who applies, in every opening they are in. Answers masked before stay so."""
    if rename(queries.application_of(application_id).person_id, name):
        announce(NameCorrected(application_id=application_id, by=by))
