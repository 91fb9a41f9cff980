"""Pages of marking: a reviewer's queue, the bench where one answer lies, and what is left of it later.

Another reviewer's assignment is absent here like one that never was.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from secrets import token_hex
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from hiring.kernel.database import writing
from hiring.kernel.downloads import inert
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import see_other, wants_fragment
from hiring.kernel.refusals import Refused
from hiring.kernel.storage import read
from hiring.reviewing import actions, queries
from hiring.reviewing.bench import bench_of, kept_of, likely, lines_of
from hiring.reviewing.files import copies_on_bench, file_on_bench
from hiring.reviewing.forms import read_sheet, read_window
from hiring.reviewing.rules import Sheet

pages = Blueprint("reviewing", __name__)
markers = staff("owner", "reviewer")
PAGES = {"open": "bench", "final": "marked", "gone": "gone"}


@pages.get("/staff/reviews")
@markers
def reviews() -> str:
    """My queue: one pile a task, whatever waits first."""
    piles = queries.piles(actor())
    waiting = sum(pile.waiting for pile in piles)
    steps = [list(step) for _id, step in groupby(piles, key=lambda pile: pile.step_id)]
    return render_template(
        "reviewing/reviews.html", steps=steps, waiting=waiting, likely=likely(piles)
    )


@pages.post("/staff/reviews")
@markers
def pull() -> BaseResponse:
    """Take a few answers that are left over."""
    with writing():
        taken = actions.pull(actor())
    if not taken:
        flash(_("Nothing is left over for you just now."), "wait")
        return see_other("reviewing.reviews")
    told = ngettext("%(num)s more answer is yours.", "%(num)s more answers are yours.", len(taken))
    flash(told, "good")
    return see_other("reviewing.bench", assignment_id=taken[0])


@pages.post("/staff/reviews/steps/<uuid:step_id>/returns")
@markers
def give_back_all(step_id: UUID) -> BaseResponse:
    """Give back what I have not begun, for others to take."""
    with writing():
        count = actions.release_untouched(step_id=step_id, by=actor())
    told = ngettext("%(num)s answer was given back.", "%(num)s answers were given back.", count)
    flash(told, "good")
    return see_other("reviewing.reviews")


@pages.get("/staff/reviews/<uuid:assignment_id>")
@markers
def bench(assignment_id: UUID) -> Response:
    """One answer beside its rubric; read only once the marks are final."""
    return _bench(assignment_id)


@pages.get("/staff/reviews/<uuid:assignment_id>/files/<int:number>")
@markers
def file(assignment_id: UUID, number: int) -> Response:
    """The copy of a file, for whoever holds the answer."""
    name, stored = file_on_bench(assignment_id, number, by=actor())
    return inert(read(stored), media_type=stored.media_type, name=name, in_place=True)


@pages.post("/staff/reviews/<uuid:assignment_id>")
@markers
def finish(assignment_id: UUID) -> BaseResponse:
    """Save and next."""
    sheet = read_sheet(request.form, lines_of(assignment_id, actor()))
    window = read_window(request.form)
    try:
        with writing():
            actions.finish(assignment_id, by=actor(), sheet=sheet, window=window)
    except Refused as refusal:
        with suppress(Refused), writing():
            actions.keep_draft(assignment_id, by=actor(), sheet=sheet, window=window)
        return _bench(assignment_id, refusal=refusal, sent=sheet)
    return _next(assignment_id)


@pages.post("/staff/reviews/<uuid:assignment_id>/draft")
@markers
def keep(assignment_id: UUID) -> Response | BaseResponse:
    """Keep what was put down so far, as they go."""
    sheet = read_sheet(request.form, lines_of(assignment_id, actor()))
    refused, window = None, read_window(request.form)
    try:
        with writing():
            actions.keep_draft(assignment_id, by=actor(), sheet=sheet, window=window)
    except Refused as refusal:
        refused = refusal
    if refused and not wants_fragment():
        return _bench(assignment_id, refusal=refused, sent=sheet)
    if not wants_fragment():
        return see_other("reviewing.bench", assignment_id=assignment_id)
    kept = kept_of(assignment_id, actor())
    if refused:  # what another window kept was not shown, so it stays unseen
        kept = replace(kept, seen=window.seen)
    told = refused and refused.sentence
    return make_response(render_template("reviewing/_kept.html", kept=kept, refused=told))


@pages.post("/staff/reviews/<uuid:assignment_id>/conflict")
@markers
def conflict(assignment_id: UUID) -> BaseResponse:
    """I know this person."""
    with writing():
        actions.declare_conflict(assignment_id, by=actor())
    flash(_("That answer is out of your hands, and somebody else marks it."), "good")
    return _next(assignment_id)


@pages.post("/staff/reviews/<uuid:assignment_id>/return")
@markers
def give_back(assignment_id: UUID) -> BaseResponse:
    """Give this one back, for others to take."""
    with writing():
        actions.release(assignment_id, by=actor())
    flash(_("That answer was given back; whoever has time for it can take it."), "good")
    return _next(assignment_id)


def _bench(
    assignment_id: UUID, *, refusal: Refused | None = None, sent: Sheet | None = None
) -> Response:
    bench = bench_of(assignment_id, actor(), sent=sent)
    page = render_template(
        f"reviewing/{PAGES[bench.state]}.html", bench=bench, told=refusal and refusal.sentence,
        kept_too=refusal is not None and refusal.field != "window",
        copies=copies_on_bench(assignment_id, bench.answer.id),
        page=request.form.get("page") or token_hex(8),  # its own saves never stand in its way
    )  # fmt: skip
    return make_response(page, 422 if refusal else 200)


def _next(assignment_id: UUID) -> BaseResponse:
    follower = queries.next_of(actor(), after=queries.assignment_of(assignment_id, actor()))
    if follower is not None:
        return see_other("reviewing.bench", assignment_id=follower)
    # another task is another rubric: nobody slides into it
    if queries.next_of(actor()) is not None:
        flash(_("This pile is done. The next one waits below."), "good")
    else:
        flash(_("That was the last one."), "good")
    return see_other("reviewing.reviews")
