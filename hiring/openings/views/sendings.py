"""A sending: how many letters, to whom, how they read, until when they wait; and the two ways to end that."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import paged, see_other
from hiring.kernel.refusals import Refused
from hiring.openings import queries, sendings
from hiring.openings.views import words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.working import is_blind
from hiring.outbox.delivery import is_sending
from hiring.outbox.queries import in_batch
from hiring.outbox.rules import without_keys

PAGE = "/staff/openings/<uuid:opening_id>/sendings/<uuid:batch>"


@pages.get(PAGE)
@staff("owner", "recruiter")
def sending(opening_id: UUID, batch: UUID) -> str:
    """One sending; for those who mark the opening, its numbers without names and letters."""
    opening = queries.opening_of(opening_id)
    [course] = sendings.courses([sendings.sending_of(opening_id, batch)])
    blind = is_blind(opening)
    page = None if blind else paged(in_batch(batch))
    return render_template(
        "openings/sending.html",
        opening=opening,
        course=course,
        heading=words.heading_of_sending(course),
        waits=course.sending.leaves_at > now(),
        page=page,
        letter=without_keys(page.rows[0].text) if page and page.rows else None,
        blind=blind,
        sends=is_sending(),
    )


@pages.post(f"{PAGE}/departure")
@staff("owner", "recruiter")
def depart(opening_id: UUID, batch: UUID) -> ResponseReturnValue:
    """Let it leave now."""
    sendings.sending_of(opening_id, batch)
    try:
        with writing():
            sendings.send_now(batch)
    except Refused as refusal:
        flash(refusal.sentence, "wait")
    else:
        flash(words.leaving())
    return see_other("openings.sending", opening_id=opening_id, batch=batch)


@pages.post(f"{PAGE}/withdrawal")
@staff("owner", "recruiter")
def withdraw(opening_id: UUID, batch: UUID) -> ResponseReturnValue:
    """Take back what has not left."""
    sendings.sending_of(opening_id, batch)
    try:
        with writing():
            course = sendings.take_back(batch, by=actor())
    except Refused as refusal:
        flash(refusal.sentence, "wait")
        return see_other("openings.sending", opening_id=opening_id, batch=batch)
    flash(words.undone(course), "wait" if course.left else "good")
    return see_other("openings.opening", opening_id=opening_id)
