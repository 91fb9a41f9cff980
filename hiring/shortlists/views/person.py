"""One person in a shortlist: their answers, the marks and notes, and the decision."""

from __future__ import annotations

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.attempts.queries import copy_of
from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.downloads import inert
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.kernel.refusals import Missing
from hiring.kernel.storage import read
from hiring.openings.imports import kept_of
from hiring.openings.queries import application_of, step_after, step_of
from hiring.shortlists import actions, dossier, queries, rules, words
from hiring.shortlists.forms import DecisionForm
from hiring.shortlists.shortlist import Row
from hiring.shortlists.views.blueprint import blind_page, is_blind, pages

STEP = "/staff/applications/<uuid:application_id>/steps/<int:number>"


@pages.get("/staff/applications/<uuid:application_id>")
@pages.get(STEP)
@staff("owner", "recruiter")
def person(application_id: UUID, number: int | None = None) -> ResponseReturnValue:
    """Everything that a decision at a step rests on, on one page; by default at the step where they are."""
    return _person_page(application_id, DecisionForm(), number)


@pages.get("/staff/applications/<uuid:application_id>/files/<uuid:file_id>")
@staff("owner", "recruiter")
def file(application_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The copy of a file that somebody handed in, under a neutral name."""
    _not_blind(application_id)
    copy = copy_of(application_id, file_id)
    return inert(read(copy), media_type=copy.media_type, name=copy.name, in_place=True)


@pages.post("/staff/applications/<uuid:application_id>/decisions")
@pages.post(f"{STEP}/decisions")
@staff("owner", "recruiter")
def decide(application_id: UUID, number: int | None = None) -> ResponseReturnValue:
    """Decide; a decision that came meanwhile is shown first, with what was typed still there."""
    _not_blind(application_id)
    form = DecisionForm()
    if form.validate():
        with form.refusals():
            with writing():
                actions.decide(
                    application_id,
                    verdict=form.verdict.data or "",
                    reason=form.reason.data or "",
                    after=form.seen,
                    by=actor(),
                    number=number,
                )
            flash(
                _told(
                    application_id, form.verdict.data, number, row=_row_of(application_id, number)
                )
            )
            return see_other("shortlists.person", application_id=application_id, number=number)
    return _person_page(application_id, form, number)


def _row_of(application_id: UUID, number: int | None) -> Row | None:
    application = application_of(application_id)
    return queries.row_of(application, queries.step_reached(application, number))


def _told(application_id: UUID, verdict: str, number: int | None, *, row: Row | None) -> str:
    if row is not None and row.told_before:
        return _(
            "%(verdict)s is decided. They were told before that they are advanced: write them a word.",
            verdict=words.verdict_word(verdict),
        )
    if verdict == "hold":
        return _("It is put off, and still to decide. Nobody has been told.")
    here = step_of(application_of(application_id).step_id)
    if verdict == "advance" and number is not None and here.position > number:
        return words.let_through(here)
    return _("%(verdict)s is decided. Nobody has been told.", verdict=words.verdict_word(verdict))


@pages.post("/staff/applications/<uuid:application_id>/cleared-notes")
@pages.post(f"{STEP}/cleared-notes")
@staff("owner", "recruiter")
def clear(application_id: UUID, number: int | None = None) -> ResponseReturnValue:
    """Let the ticked notes go into documents, and no others."""
    _not_blind(application_id)
    with writing():
        actions.clear_notes(application_id, marks=_ticked(), by=actor(), number=number)
    flash(_("Documents made from now on carry the notes that are ticked."))
    here = {"application_id": application_id, "number": number}
    return see_other("shortlists.person", **here, _anchor="notes")


def _ticked() -> list[UUID]:
    try:
        return [UUID(text) for text in request.form.getlist("note")]
    except ValueError:
        raise Missing from None


def _not_blind(application_id: UUID) -> None:
    if is_blind(application_of(application_id).opening):
        raise Missing


def _person_page(
    application_id: UUID, form: DecisionForm, number: int | None
) -> ResponseReturnValue:
    application = application_of(application_id)
    if page := blind_page(application.opening):
        return page
    step = queries.step_reached(application, number)
    shortlist = queries.shortlist_of(application.opening_id, step.position)
    row = shortlist.row_of(application_id)
    last = row.decision if row else None
    form.after.data = str(last.number if last else 0)
    form.offer(last=shortlist.last)
    return form_page(
        "shortlists/person.html",
        form=form,
        shortlist=shortlist,
        row=row,
        application_id=application_id,
        next_step=step_after(step.id),
        reached=step_of(application.step_id).position,
        card=queries.card_of(application_id),
        kept=kept_of(application_id),
        parts=dossier.parts_of(row, shortlist) if row else [],
        lately=queries.decisions_lately(shortlist.step_id, but=application_id),
        names={other.application_id: other.name for other in shortlist.rows},
        reversible=last is None or rules.is_reversible(last, now=now()),
        next=shortlist.next_to_decide(application_id),
        until=last.at + rules.REVERSIBLE if last else None,
        words=words,
        at=now(),
    )
