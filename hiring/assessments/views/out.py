"""What went out, to read; the next draft; and an assessment as a candidate sees it."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from hiring.accounts.queries import names_of_accounts
from hiring.assessments import actions, queries
from hiring.assessments.changes import changes_between
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import Version
from hiring.assessments.shipped import together_with
from hiring.assessments.views.blueprint import pages
from hiring.kernel.database import session, writing
from hiring.kernel.gather import gather
from hiring.kernel.guards import actor, any_staff, staff
from hiring.kernel.pages import download, see_other
from hiring.kernel.refusals import Missing

NUMBERS = range(1, 2**31)  # of versions


@pages.get("/staff/assessments/<uuid:assessment_id>/versions/<int:number>")
@staff("owner", "recruiter")
def version(assessment_id: UUID, number: int) -> str:
    """A published version, as it went out."""
    found = queries.numbered(assessment_id, number)
    by = found.published_by or found.saved_by
    return render_template(
        "assessments/version.html",
        version=found,
        published_by=names_of_accounts([by])[by],
        new_id=uuid4(),
        parts=together_with(found),
        pilots=[pilot for part in gather(queries.PilotsOf(found.id)) for pilot in part],
        numbers=session.execute(queries.numbers(assessment_id)).all(),
    )


@pages.get("/staff/assessments/<uuid:assessment_id>/versions/<int:number>/changes")
@staff("owner", "recruiter")
def changes(assessment_id: UUID, number: int) -> str:
    """A version, out or a draft, beside an earlier one: the one before, or that of `since`."""
    since = request.args.get("since", number - 1, type=int)
    if since not in NUMBERS:
        raise Missing
    before = queries.of_number(assessment_id, since)
    after = queries.of_number(assessment_id, number)
    return render_template(
        "assessments/changes.html",
        before=before,
        after=after,
        parts=changes_between(before, after),
        numbers=session.execute(queries.numbers(assessment_id)).all(),
    )


@pages.post("/staff/assessments/<uuid:assessment_id>/versions")
@staff("owner", "recruiter")
def go_on(assessment_id: UUID) -> BaseResponse:
    """The next draft, begun with all that the newest version has."""
    with writing():
        actions.go_on(assessment_id, by=actor())
    return see_other("assessments.assessment", assessment_id=assessment_id)


@pages.get("/staff/assessments/materials/<uuid:material_id>.csv")
@any_staff
def sheet(material_id: UUID) -> Response:
    """A table as a file. Whoever marks checks figures with it; its address stands on pages of staff only."""
    material = queries.material_of(material_id)
    return download(material.as_file, media_type="text/csv", name=material.file_name)


@pages.get("/staff/assessments/<uuid:assessment_id>/preview")
@staff("owner", "recruiter")
def preview(assessment_id: UUID) -> str:
    """What the invitation will say of it."""
    found = _chosen(assessment_id)
    return render_template("assessments/preview.html", version=found, number=_number())


@pages.get("/staff/assessments/<uuid:assessment_id>/preview/tasks/<int:place>")
@staff("owner", "recruiter")
def preview_task(assessment_id: UUID, place: int) -> str:
    """One task as the candidate's desk shows it, with no clock; nothing is kept."""
    found = _chosen(assessment_id)
    if not 1 <= place <= len(found.tasks):
        raise Missing
    task = found.tasks[place - 1]
    kind = kind_of(task.kind)
    return render_template(
        "assessments/preview_task.html",
        version=found,
        number=_number(),
        task=task,
        kind=kind,
        value=kind.empty(),
    )


def _chosen(assessment_id: UUID) -> Version:
    number = _number()
    return queries.numbered(assessment_id, number) if number else queries.newest_of(assessment_id)


def _number() -> int | None:
    number = request.args.get("version", type=int)
    if number is not None and number not in NUMBERS:
        raise Missing  # no database knows such a number
    return number
