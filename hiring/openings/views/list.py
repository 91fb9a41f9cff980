"""The openings as recruiters see them, and a new one."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hiring.accounts.queries import names_of_accounts
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, paged, see_other
from hiring.openings import queries
from hiring.openings.actions import create_opening
from hiring.openings.forms import OpeningForm
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


@pages.get("/staff/openings/new")
@staff("owner", "recruiter")
def new() -> ResponseReturnValue:
    """An empty form; the page of a version names the one to begin with."""
    form = OpeningForm(version=request.args.get("version"))
    form.offer()
    return form_page("openings/new.html", form=form)


@pages.post("/staff/openings")
@staff("owner", "recruiter")
def create() -> ResponseReturnValue:
    """Make the opening, and go where people are invited to it."""
    form = OpeningForm()
    form.offer()
    if form.validate():
        with form.refusals():
            return _create(form)
    return form_page("openings/new.html", form=form)


def _create(form: OpeningForm) -> ResponseReturnValue:
    with writing():
        opening_id = create_opening(**form.words(), by=actor()).id
    return see_other("openings.opening", opening_id=opening_id)
