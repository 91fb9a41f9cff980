"""What a pilot tells of an assessment."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from hiring.kernel.guards import actor, staff
from hiring.kernel.refusals import Missing
from hiring.openings.queries import opening_of
from hiring.shortlists.pilot import told_by
from hiring.shortlists.views.blueprint import blind_page, pages


@pages.get("/staff/openings/<uuid:opening_id>/pilot")
@staff("owner", "recruiter")
def pilot(opening_id: UUID) -> ResponseReturnValue:
    """Minutes, and where two who marked differed; nothing of it to whoever still marks."""
    opening = opening_of(opening_id)
    if opening.kind != "pilot":
        raise Missing
    if page := blind_page(opening):
        return page
    return render_template(
        "shortlists/pilot.html", opening=opening, told=told_by(opening_id, to=actor())
    )
