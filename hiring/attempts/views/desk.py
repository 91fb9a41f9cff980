"""The desk: one task a page with its answer, and the save, on which everything rests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.attempts import actions, queries
from hiring.attempts.actions import Saved
from hiring.attempts.binding import check_bound
from hiring.attempts.closing import settle
from hiring.attempts.face import face_of
from hiring.attempts.forms import place_in, whole
from hiring.attempts.queries import Desk, Work
from hiring.attempts.views import receiving
from hiring.attempts.views.blueprint import pages
from hiring.kernel.bodies import came_at, takes_files
from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.guards import bearer
from hiring.kernel.pages import download, see_other, wants_fragment
from hiring.kernel.refusals import Missing, Refused
from hiring.openings.queries import step_of

KEPT_BUT_NOT_COUNTED = 409


@pages.get("/attempts/<uuid:attempt_id>")
@bearer
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    """Where one left off: the first empty task that is open, or the receipt once it is over."""
    check_bound(attempt_id)
    desk = queries.desk_of(attempt_id)
    if desk.timer.state(now()) != "running":
        return see_other("attempts.receipt", attempt_id=attempt_id)
    first = (desk.to_do or [1])[0]
    return see_other("attempts.task", attempt_id=attempt_id, number=first)


@pages.get("/attempts/<uuid:attempt_id>/tasks/<int:number>")
@bearer
def task(attempt_id: UUID, number: int) -> ResponseReturnValue:
    """One task: what is asked, what lies beside it, and the answer as it stands."""
    check_bound(attempt_id)
    desk = queries.desk_of(attempt_id)
    work = desk.work(number)
    if desk.timer.state(now()) != "running":
        return see_other("attempts.receipt", attempt_id=attempt_id)
    if work.waits_for:
        return see_other("attempts.task", attempt_id=attempt_id, number=work.waits_for)
    return task_page(desk, work)


@pages.get("/attempts/<uuid:attempt_id>/tasks/<int:number>/materials/<uuid:material_id>.csv")
@bearer
def sheet(attempt_id: UUID, number: int, material_id: UUID) -> ResponseReturnValue:
    """A table that lies beside a task which is open, as a file."""
    check_bound(attempt_id)
    desk = queries.desk_of(attempt_id)
    work = desk.work(number)
    lying = {material.id: material for material in work.task.materials}
    if work.waits_for or material_id not in lying or desk.timer.state(now()) != "running":
        raise Missing
    material = lying[material_id]
    return download(material.as_file, media_type="text/csv", name=material.file_name)


@pages.get("/attempts/<uuid:attempt_id>/time")
@bearer
def time(attempt_id: UUID) -> ResponseReturnValue:
    """The server's time and the end, for a page that slept."""
    check_bound(attempt_id)
    timer = queries.timer_of(attempt_id)
    return jsonify(now=now().isoformat(), closes=timer.shown_end.isoformat())


@pages.post("/attempts/<uuid:attempt_id>/answers/<uuid:task_id>")
@bearer
@takes_files(receiving.whole_files)
def save(attempt_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Keep what was typed. The time of arrival is stamped first: no lock waited for makes it late."""
    arrived_at = now()
    check_bound(attempt_id)
    try:
        saved = save_posted(attempt_id, task_id, arrived_at)
    except Refused as refusal:
        return refused(attempt_id, task_id, refusal)
    if saved.kept == "sealed":
        settle(attempt_id)
    return _fragment(attempt_id, task_id, saved) if wants_fragment() else _next(attempt_id, saved)


@pages.post("/attempts/<uuid:attempt_id>/answers/<uuid:task_id>/choice")
@bearer
@takes_files(receiving.whole_files)
def choice(attempt_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Of two texts that were kept, one is the answer. What was typed meanwhile is kept first, and
    stays kept when nothing can be chosen.
    """
    arrived_at = now()
    check_bound(attempt_id)
    number = queries.desk_of(attempt_id).work_on(task_id).number
    chosen, seen = (whole(request.form.get(name, ""), otherwise=0) for name in ("number", "seen"))
    try:
        saved = save_posted(attempt_id, task_id, arrived_at)
    except Refused as refusal:
        return refused(attempt_id, task_id, refusal)
    try:
        with writing():
            actions.choose(
                attempt_id, task_id=task_id, number=chosen, seen=seen,
                tab=place_in(request.form).tab, own=saved.number, arrived_at=arrived_at,
            )  # fmt: skip
    except Refused as refusal:
        flash(refusal.sentence, "wait")
    return see_other("attempts.task", attempt_id=attempt_id, number=number)


@pages.post("/attempts/<uuid:attempt_id>/answers/<uuid:task_id>/finishing")
@bearer
@takes_files(receiving.whole_files)
def finishing(attempt_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Keep what is on the page as the final answer, and open the task that waits for it."""
    arrived_at = now()
    check_bound(attempt_id)
    work = queries.desk_of(attempt_id).work_on(task_id)
    try:
        tell_if_beside(save_posted(attempt_id, task_id, arrived_at))
    except Refused as refusal:
        return refused(attempt_id, task_id, refusal)
    try:
        with writing():
            actions.finish(attempt_id, task_id=task_id, at=arrived_at)
    except Refused as refusal:
        flash(refusal.sentence, "wait")
        return see_other("attempts.task", attempt_id=attempt_id, number=work.number)
    opened = queries.desk_of(attempt_id).opened_by(work)
    return see_other("attempts.task", attempt_id=attempt_id, number=opened.number)


def save_posted(attempt_id: UUID, task_id: UUID, arrived_at: datetime) -> Saved:
    """Keep the form of this request, in an act of its own, and then the files that came with it.

    Raises Refused for a text that cannot be kept, NotAllTaken for files that cannot.
    """
    try:
        saved = _save_text(attempt_id, task_id, arrived_at)
    except Refused as refusal:
        wrong = receiving.take_whole(attempt_id, task_id, at=came_at())
        raise Refused(" ".join([*wrong, refusal.sentence]), field=refusal.field) from None
    if wrong := receiving.take_whole(attempt_id, task_id, at=came_at()):
        raise receiving.NotAllTaken(" ".join(wrong))
    return saved


def _save_text(attempt_id: UUID, task_id: UUID, arrived_at: datetime) -> Saved:
    place, fields = place_in(request.form), request.form
    with writing():
        return actions.save(
            attempt_id, task_id=task_id, fields=fields, base=place.base, tab=place.tab,
            nth=place.nth, arrived_at=arrived_at,
        )  # fmt: skip


def refused(attempt_id: UUID, task_id: UUID, refusal: Refused) -> ResponseReturnValue:
    """The page or the line under the answer, with the reason, and what was typed still there."""
    if wants_fragment():
        return render_template("attempts/_saving.html", refusal=refusal.sentence, saved=None), 422
    desk = queries.desk_of(attempt_id)
    work = desk.work_on(task_id)
    if isinstance(refusal, receiving.NotAllTaken):  # the text is kept: the page shows what stands
        if desk.timer.state(now()) != "running":
            flash(refusal.sentence, "wait")
            return see_other("attempts.receipt", attempt_id=attempt_id)
        return task_page(desk, work, not_taken=refusal.sentence), 422
    kind = work.kind
    typed = kind.with_files(kind.typed(request.form), kind.files_in(work.value))
    return task_page(
        desk, work, value=typed, base=place_in(request.form).base, refusal=refusal.sentence
    ), 422


def _fragment(attempt_id: UUID, task_id: UUID, saved: Saved) -> ResponseReturnValue:
    values: dict[str, Any] = {"saved": saved, "at": now(), "beside": [], "attempt_id": attempt_id}
    if saved.beside and saved.timer.state(values["at"]) == "running":
        work = queries.desk_of(attempt_id).work_on(task_id)
        values |= {} if work.final_at else _two_texts(work, attempt_id)
    page = render_template("attempts/_saving.html", refusal=None, **values)
    counted = saved.kept in {"same", "standing", "echo"}
    return make_response(page, 200 if counted else KEPT_BUT_NOT_COUNTED)


def _next(attempt_id: UUID, saved: Saved) -> ResponseReturnValue:
    tell_if_beside(saved)
    if saved.kept == "sealed" or saved.reason == "submitted":
        return see_other("attempts.receipt", attempt_id=attempt_id)
    desk = queries.desk_of(attempt_id)
    here = next(work.number for work in desk.works if work.answer_id == saved.answer_id)
    wanted = whole(request.form.get("go", ""), otherwise=here) if saved.stands else here
    known = wanted if 1 <= wanted <= len(desk.works) else here
    return see_other("attempts.task", attempt_id=attempt_id, number=known)


def task_page(
    desk: Desk,
    work: Work,
    *,
    value: Mapping[str, Any] | None = None,
    base: int | None = None,
    refusal: str | None = None,
    not_taken: str | None = None,
) -> str:
    """The page of one task. `value` is what was typed over revision `base`, when it could not be kept;
    `not_taken` is of files.
    """
    at = now()
    return render_template(
        "attempts/task.html",
        desk=desk,
        work=work,
        task=work.task,
        kind=work.kind,
        value=work.value if value is None else value,
        base=work.head if base is None else base,
        refusal=refusal,
        not_taken=not_taken,
        final=work.final_at is not None and not refusal,  # what was refused is shown, to be mended
        opening=step_of(desk.step_id).opening,
        face=face_of(desk.timer, at=at),
        at=at,
        saved=None,
        attempt_id=desk.attempt_id,
        csv_of=partial(url_for, "attempts.sheet", attempt_id=desk.attempt_id, number=work.number),
        beside=queries.texts_beside(work.answer_id, since=work.beside),
        **receiving.at_desk(desk.attempt_id, work),
    )


def tell_if_beside(saved: Saved) -> None:
    """Say on the next page that what was written since is not part of what is final."""
    if saved.reason == "submitted":
        flash(
            _(
                "You have handed in already. What you wrote since is kept beside it; "
                "take it back if it should count."
            ),
            "wait",
        )
    if saved.reason == "final":
        flash(
            _(
                "You have finished this task. What you wrote since is kept beside it and does not count."
            ),
            "wait",
        )


def _two_texts(work: Work, attempt_id: UUID) -> dict[str, Any]:
    beside = queries.texts_beside(work.answer_id, since=work.beside)
    return {"beside": beside, "work": work, "task": work.task, "attempt_id": attempt_id}
