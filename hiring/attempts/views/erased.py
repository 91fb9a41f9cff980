"""What a browser is shown that comes back to work which was erased."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hiring.attempts.binding import is_bound
from hiring.attempts.models import Attempt
from hiring.attempts.views.blueprint import pages
from hiring.attempts.views.invitation import GONE
from hiring.kernel.database import session
from hiring.kernel.pages import wants_fragment
from hiring.openings.queries import contact_of, step_of


@pages.before_request
def erased() -> ResponseReturnValue | None:
    """Instead of any page of an erased attempt, and of what a press on one would say: when it was. What a
    page sends by itself is refused by the act.
    """
    attempt_id = (request.view_args or {}).get("attempt_id")
    by_itself = request.method != "GET" and wants_fragment()
    if attempt_id is None or by_itself or not is_bound(attempt_id):
        return None
    gone = select(Attempt.step_id, Attempt.erased_at).where(Attempt.id == attempt_id)
    row = session.execute(gone.where(Attempt.erased_at.is_not(None))).one_or_none()
    if row is None:
        return None
    opening = step_of(row.step_id).opening
    page = render_template(
        "attempts/gone.html", opening=opening, contact=contact_of(opening), reason="erased",
        erased_at=row.erased_at, later=None,
    )  # fmt: skip
    return page, GONE
