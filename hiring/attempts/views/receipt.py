"""Handing in, taking it back for a while, and the receipt."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.attempts import actions, queries
from hiring.attempts.binding import check_bound
from hiring.attempts.closing import settle
from hiring.attempts.mail import heading_of
from hiring.attempts.views.blueprint import pages
from hiring.attempts.views.desk import refused, save_posted, tell_if_beside
from hiring.attempts.views.receiving import own_files, whole_files
from hiring.kernel.bodies import takes_files
from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.guards import bearer
from hiring.kernel.pages import see_other
from hiring.kernel.refusals import Missing, Refused
from hiring.openings.queries import contact_of, step_of


@pages.post("/attempts/<uuid:attempt_id>/submission")
@bearer
@takes_files(whole_files)
def submission(attempt_id: UUID) -> ResponseReturnValue:
    """Keep what is on the page, then hand in. Pressed twice, it hands in once."""
    arrived_at = now()
    check_bound(attempt_id)
    if task_id := _posted_task():
        try:
            saved = save_posted(attempt_id, task_id, arrived_at)
        except Refused as refusal:
            return refused(attempt_id, task_id, refusal)
        if saved.reason == "newer":
            return _choose_first(attempt_id, task_id)
        tell_if_beside(saved)
    with writing():
        actions.submit(attempt_id, at=arrived_at)
    settle(attempt_id)
    return see_other("attempts.receipt", attempt_id=attempt_id)


def _posted_task() -> UUID | None:
    text = request.form.get("task", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Missing from None


def _choose_first(attempt_id: UUID, task_id: UUID) -> ResponseReturnValue:
    number = queries.desk_of(attempt_id).work_on(task_id).number
    flash(_("Not handed in yet: this task has two texts. Choose which one counts."), "wait")
    return see_other("attempts.task", attempt_id=attempt_id, number=number)


@pages.post("/attempts/<uuid:attempt_id>/reopening")
@bearer
@takes_files(whole_files)
def reopening(attempt_id: UUID) -> ResponseReturnValue:
    """Take a submission back and write on, also from a window that had not heard of it: its text stands."""
    at = now()
    check_bound(attempt_id)
    place = "attempts.attempt" if _take_back(attempt_id, at) else "attempts.receipt"
    task_id = _posted_task()
    if task_id is None:
        return see_other(place, attempt_id=attempt_id)
    try:
        save_posted(attempt_id, task_id, at)
    except Refused as refusal:
        return refused(attempt_id, task_id, refusal)
    number = queries.desk_of(attempt_id).work_on(task_id).number
    return see_other("attempts.task", attempt_id=attempt_id, number=number)


def _take_back(attempt_id: UUID, at: datetime) -> bool:
    """Whether it could be, said on the next page."""
    try:
        with writing():
            actions.take_back(attempt_id, at=at)
    except Refused as refusal:
        settle(attempt_id)
        flash(refusal.sentence, "wait")
        return False
    flash(_("It is taken back. Nothing is handed in now; write on."), "good")
    return True


@pages.get("/attempts/<uuid:attempt_id>/receipt")
@bearer
def receipt(attempt_id: UUID) -> ResponseReturnValue:
    """What was handed in, in full; it shows an overdue attempt as closed without writing anything."""
    check_bound(attempt_id)
    desk, at = queries.desk_of(attempt_id), now()
    if desk.timer.state(at) == "running":
        return see_other("attempts.attempt", attempt_id=attempt_id)
    step = step_of(desk.step_id)
    opening = step.opening
    return render_template(
        "attempts/receipt.html",
        desk=desk,
        at=at,
        heading=heading_of(desk),
        submission=queries.submission_of(attempt_id),
        sealed=queries.sealed_texts(attempt_id),
        waiting=queries.waiting_texts(desk),
        copies=own_files(attempt_id),
        opening=opening,
        step=step,
        contact=contact_of(opening),
    )
