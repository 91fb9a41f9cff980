"""A sending: how many letters, to whom, how they read, until when they wait; and the two ways to end that."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, request
from flask.typing import ResponseReturnValue

from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import page_or_fragment, paged, see_other, wants_fragment
from hiring.kernel.refusals import Refused
from hiring.openings import queries, sendings
from hiring.openings.imports import Import, import_behind
from hiring.openings.models import Opening
from hiring.openings.views import words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.working import is_blind
from hiring.outbox.rules import without_keys

PAGE = "/staff/openings/<uuid:opening_id>/sendings/<uuid:batch>"


@pages.get(PAGE)
@staff("owner", "recruiter")
def sending(opening_id: UUID, batch: UUID) -> ResponseReturnValue:
    """One sending; for those who mark the opening, its numbers without names and letters."""
    opening = queries.opening_of(opening_id)
    [course] = sendings.courses([sendings.sending_of(opening_id, batch)])
    if wants_fragment() and not course.is_leaving:  # the last has just left: the whole page
        return Response(headers={"HX-Redirect": request.path})
    blind = is_blind(opening)
    listed = None if blind or wants_fragment() else paged(sendings.letters_of(batch))
    return page_or_fragment(
        "openings/sending.html",
        "openings/_sending_leaving.html",
        opening=opening,
        course=course,
        heading=words.heading_of_sending(course),
        waits=course.sending.leaves_at > now(),
        listed=listed,
        letter=without_keys(listed.rows[0].text) if listed and listed.rows else None,
        blind=blind,
        source=_source(opening, batch),
    )


def _source(opening: Opening, batch: UUID) -> Import | None:
    """The list behind a sending, where its reader may look at it."""
    return import_behind(batch, by=actor() if is_blind(opening) else None)


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
    if source := _source(queries.opening_of(opening_id), batch):
        return see_other("openings.import_", opening_id=opening_id, import_id=source.id)
    return see_other("openings.opening", opening_id=opening_id)
