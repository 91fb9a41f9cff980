"""Beginning a pilot: who sits a published version, and who marks it."""

from __future__ import annotations

from uuid import UUID

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.assessments.queries import version_of
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.kernel.refusals import Missing
from hiring.openings import pilots
from hiring.openings.forms.pilots import PilotForm
from hiring.openings.views import words
from hiring.openings.views.blueprint import pages


@pages.route("/staff/versions/<uuid:version_id>/pilots", methods=["GET", "POST"])
@staff("owner", "recruiter")
def pilot(version_id: UUID) -> ResponseReturnValue:
    """Choose who sits and who marks; pressed, those who sit are written to."""
    version, form = version_of(version_id), PilotForm()
    if version.published_at is None:
        raise Missing
    form.offer()
    if form.validate_on_submit():
        sitting = _ids(form.sitting.data)
        with form.refusals():
            with writing():
                opening_id = pilots.begin(
                    version_id, sitting=sitting, marking=_ids(form.panel.data),
                    by=actor(), id=form.id.data,
                ).id  # fmt: skip
            flash(_("The pilot has begun.") + " " + words.sent(len(sitting)))
            return see_other("openings.opening", opening_id=opening_id)
    return form_page("openings/pilot.html", form=form, version=version_of(version_id))


def _ids(texts: list[str] | None) -> list[UUID]:
    return [UUID(text) for text in texts or ()]
