"""The openings as recruiters see them."""

from __future__ import annotations

from flask import render_template, request

from hiring.accounts.queries import names_of_accounts
from hiring.kernel.guards import staff
from hiring.kernel.pages import paged
from hiring.openings import queries
from hiring.openings.views.blueprint import pages


@pages.get("/staff/openings")
@staff("owner", "recruiter")
def openings() -> str:
    """Every opening, with how many people stand where."""
    q, state = request.args.get("q", "").strip(), request.args.get("state", "open")
    sort = request.args.get("sort", "hear_by")
    page = paged(queries.openings(q=q, state=state, sort=sort))
    return render_template(
        "openings/openings.html",
        page=page,
        stages=queries.stages_of({opening.id for opening in page.rows}),
        names=names_of_accounts(opening.contact_id for opening in page.rows),
        counts=queries.counts_by_state(),
        today=queries.today(),
        q=q,
        state=state,
        sort=sort,
    )
