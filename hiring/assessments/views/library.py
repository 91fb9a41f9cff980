"""The list of assessments, the shipped templates, beginning one, and deleting what never went out."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from hiring.accounts.queries import names_of_accounts
from hiring.assessments import actions, queries, shipped
from hiring.assessments.views.blueprint import pages
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import paged, see_other
from hiring.kernel.refusals import Missing, Refused

MOST_AT_ONCE = 5  # templates that are begun by one press


@pages.get("/staff/assessments")
@staff("owner", "recruiter")
def assessments() -> str:
    """Every assessment, by its newest version."""
    q, sort = request.args.get("q", "").strip(), request.args.get("sort", "-saved")
    return render_template(
        "assessments/assessments.html",
        page=paged(queries.rows(q=q, sort=sort)),
        q=q,
        sort=sort,
        new_id=uuid4(),
    )


@pages.get("/staff/assessments/templates")
@staff("owner", "recruiter")
def templates() -> str:
    """What is shipped, to begin from."""
    return render_template(
        "assessments/templates.html",
        families=shipped.families(),
        count=len(shipped.templates()),
        new_id=uuid4,
    )


@pages.post("/staff/assessments")
@staff("owner", "recruiter")
def begin() -> BaseResponse:
    """A new draft: empty, from a template, or a copy. The page named it: pressed twice, it is begun once.

    Of several templates, each under an id of its own, the first draft is shown.
    """
    ids = [_id(text) for text in request.form.getlist("id")[:MOST_AT_ONCE] or [""]]
    assessment_id, templates = ids[0], request.form.getlist("template")
    copied = request.form.get("copy_of", "")
    with writing():
        if copied:
            actions.copy(_id(copied), assessment_id, by=actor())
        elif any(templates):
            for id, template in zip(ids, templates, strict=False):
                shipped.begin_from(template, id, by=actor())
        else:
            assessment_id = actions.begin_empty(assessment_id, by=actor()).assessment_id
    return see_other("assessments.assessment", assessment_id=assessment_id)


@pages.get("/staff/assessments/<uuid:assessment_id>/removal")
@staff("owner", "recruiter")
def removal(assessment_id: UUID) -> Response:
    """What deleting an assessment that never went out would delete."""
    return _removal_page(assessment_id)


@pages.post("/staff/assessments/<uuid:assessment_id>/removal")
@staff("owner", "recruiter")
def remove(assessment_id: UUID) -> BaseResponse:
    """Delete it."""
    try:
        with writing():
            revision = request.form.get("revision", 0, type=int)
            title = actions.throw_away(assessment_id, revision=revision)
    except Refused as refused:
        return _removal_page(assessment_id, refused.sentence)
    flash(_("“%(title)s” is deleted.", title=title or _("Untitled")))
    return see_other("assessments.assessments")


def _removal_page(assessment_id: UUID, refusal: str = "") -> Response:
    version = queries.draft_of(assessment_id)
    if version.number > 1:
        raise Missing
    name = names_of_accounts([version.saved_by])[version.saved_by]
    html = render_template(
        "assessments/removal.html", version=version, saved_by=name, refusal=refusal
    )
    return make_response(html, 422 if refusal else 200)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None
