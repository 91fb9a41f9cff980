"""The criteria shelf: to look through, and to put one into a task's rubric."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from hiring.assessments import actions, queries, shelf
from hiring.assessments.drafting import adding
from hiring.assessments.models import RubricLine, Task, Version
from hiring.assessments.parts import key_of
from hiring.assessments.views.blueprint import pages
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import paged, see_other
from hiring.kernel.refusals import Missing, Refused


@pages.get("/staff/assessments/criteria")
@staff("owner", "recruiter")
def criteria() -> str:
    """The sixteen that are shipped and our own; with a draft's task in the address, to pick one for it."""
    q = request.args.get("q", "").strip()
    page = paged(queries.shelf(q=q, but=[one.slug for one in shelf.general()]))
    version, task = _into()
    return render_template(
        "assessments/criteria.html",
        q=q,
        page=page,
        ours=shelf.ours(page.rows),
        shipped=shelf.shipped(q) if page.number == 1 else [],
        version=version,
        task=task,
        there=shelf.picks_of(task) if task else set(),
    )


def _into() -> tuple[Version | None, Task | None]:
    """The draft and the task of the address, if there are both."""
    try:
        version = queries.draft_of(UUID(request.args.get("assessment_id", "")))
    except (ValueError, Missing):
        return None, None
    return version, _task(version, request.args.get("task", ""))


@pages.post("/staff/assessments/<uuid:assessment_id>/criteria")
@staff("owner", "recruiter")
def pick(assessment_id: UUID) -> BaseResponse:
    """Put a criterion of the shelf into the rubric of a task."""
    task_id = request.form.get("task", "")
    try:
        with writing():
            version = actions.draft(assessment_id)
            task = _task(version, task_id)
            if task is None:
                raise Refused(_("That task was taken out meanwhile."))
            key = key_of(_pick(version, task, request.form.get("criterion", "")))
    except Refused as refused:
        flash(refused.sentence, "wrong")
        return see_other("assessments.criteria", assessment_id=assessment_id, task=task_id)
    here = url_for("assessments.assessment", assessment_id=assessment_id, at=key)
    return redirect(f"{here}#{key}-name", 303)


def _pick(version: Version, task: Task, criterion: str) -> RubricLine:
    if shelf.general_of(criterion):
        return adding.add_general_line(version, task, criterion, by=actor())
    try:
        criterion_id = UUID(criterion)
    except ValueError:
        raise Missing from None
    return adding.add_line(version, task, criterion_id=criterion_id, by=actor())


def _task(version: Version, task_id: str) -> Task | None:
    return next((one for one in version.tasks if str(one.id) == task_id), None)
