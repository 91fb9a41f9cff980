"""Documents of a shortlist: asked for here, drawn by the worker, and kept as they were."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import download, form_page, page_or_fragment, paged, see_other
from hiring.kernel.refusals import Missing
from hiring.kernel.storage import StoredFile, read
from hiring.openings.models import Opening
from hiring.openings.queries import opening_of, step_of
from hiring.shortlists import queries
from hiring.shortlists.actions import ask_for_export
from hiring.shortlists.forms import ExportForm
from hiring.shortlists.models import Export
from hiring.shortlists.views.blueprint import blind_page, is_blind, pages


@pages.get("/staff/openings/<uuid:opening_id>/exports")
@staff("owner", "recruiter")
def exports(opening_id: UUID) -> ResponseReturnValue:
    """What was made so far, and what the next one is to be like."""
    opening = opening_of(opening_id)
    return blind_page(opening) or _exports_page(opening, ExportForm())


@pages.post("/staff/openings/<uuid:opening_id>/exports")
@staff("owner", "recruiter")
def ask(opening_id: UUID) -> ResponseReturnValue:
    """Freeze the shortlist as it stands."""
    opening, form = opening_of(opening_id), ExportForm()
    if is_blind(opening):
        raise Missing
    if form.validate():
        with form.refusals():
            with writing():
                named = form.names.data == "names"
                made = ask_for_export(
                    opening_id, paper=form.paper.data, named=named, by=actor(), id=form.id.data
                )
            return see_other("shortlists.export", export_id=made)
    return _exports_page(opening_of(opening_id), form)


def _exports_page(opening: Opening, form: ExportForm) -> ResponseReturnValue:
    page = paged(queries.exports_of(queries.last_step(opening).id))
    people = len(queries.shortlist_of(opening.id).rows)
    return form_page(
        "shortlists/exports.html", form=form, opening=opening, made=page, people=people
    )


@pages.get("/staff/exports/<uuid:export_id>")
@staff("owner", "recruiter")
def export(export_id: UUID) -> ResponseReturnValue:
    """How far it is, and then its files. The page may be closed meanwhile."""
    found = _export(export_id)
    return page_or_fragment(
        "shortlists/export.html",
        "shortlists/_export.html",
        export=found,
        frozen=found.frozen,
        opening=step_of(found.step_id).opening,
    )


@pages.get("/staff/exports/<uuid:export_id>.pdf")
@staff("owner", "recruiter")
def pdf(export_id: UUID) -> ResponseReturnValue:
    """The document."""
    return _download(_export(export_id).pdf)


@pages.get("/staff/exports/<uuid:export_id>.csv")
@staff("owner", "recruiter")
def csv(export_id: UUID) -> ResponseReturnValue:
    """The sheet."""
    return _download(_export(export_id).csv)


def _export(export_id: UUID) -> Export:
    found = queries.export_of(export_id)
    if is_blind(step_of(found.step_id).opening):
        raise Missing
    return found


def _download(file: StoredFile | None) -> ResponseReturnValue:
    if file is None:
        raise Missing
    return download(read(file), media_type=file.media_type, name=file.name)
