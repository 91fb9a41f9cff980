"""The list of assessments, the shipped templates, and beginning one."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import render_template, request
from werkzeug.wrappers import Response as BaseResponse

from hiring.assessments import actions, queries, shipped
from hiring.assessments.views.blueprint import pages
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import paged, see_other
from hiring.kernel.refusals import Missing


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
        templates=[(template, uuid4()) for template in shipped.templates()],
        empty_id=uuid4(),
    )


@pages.post("/staff/assessments")
@staff("owner", "recruiter")
def begin() -> BaseResponse:
    """A new draft, empty or from a template. The page named it: pressed twice, it is begun once."""
    assessment_id, template = _id(request.form.get("id", "")), request.form.get("template", "")
    with writing():
        if template:
            shipped.begin_from(template, assessment_id, by=actor())
        else:
            actions.begin(assessment_id, by=actor())
    return see_other("assessments.assessment", assessment_id=assessment_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None
