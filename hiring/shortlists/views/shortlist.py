"""The shortlist of an opening: who stands where, and about whom it is still to be decided."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hiring.kernel.guards import staff
from hiring.openings import sendings
from hiring.openings.queries import opening_of
from hiring.openings.stations import stations_of
from hiring.shortlists import method, proposing, queries, words
from hiring.shortlists.proposing import proposal_of
from hiring.shortlists.shortlist import shown
from hiring.shortlists.views.blueprint import blind_page, pages

FEW = 12  # so many names are found by eye


@pages.get("/staff/openings/<uuid:opening_id>/shortlist")
@pages.get("/staff/openings/<uuid:opening_id>/steps/<int:number>/shortlist")
@staff("owner", "recruiter")
def shortlist(opening_id: UUID, number: int | None = None) -> ResponseReturnValue:
    """People in groups of equal mean, without places: of a step, by default the last one."""
    opening = opening_of(opening_id)
    if page := blind_page(opening):
        return page
    found = queries.shortlist_of(opening_id, number)
    asked = {name: request.args.get(name, "").strip() for name in ("q", "decision", "sort")}
    return render_template(
        "shortlists/shortlist.html",
        shortlist=found,
        rows=shown(found, **asked),
        step=method.step(found),
        words=words,
        method=method,
        stations=stations_of(opening),
        proposal=proposal_of(found),
        sendings=sendings.waiting_in(opening_id),
        proposing=proposing,
        tools=len(found.rows) > FEW or any(asked.values()),
        **asked,
    )
