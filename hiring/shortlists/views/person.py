"""One person in a shortlist: their answers, the marks and notes, and the decision."""

from __future__ import annotations

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, is_blind_to, staff
from hiring.kernel.pages import form_page, see_other
from hiring.kernel.refusals import Missing
from hiring.openings.queries import application_of
from hiring.shortlists import actions, dossier, queries, rules, words
from hiring.shortlists.forms import DecisionForm
from hiring.shortlists.views.blueprint import blind_page, pages


@pages.get("/staff/applications/<uuid:application_id>")
@staff("owner", "recruiter")
def person(application_id: UUID) -> ResponseReturnValue:
    """Everything that a decision rests on, on one page."""
    return _person_page(application_id, DecisionForm())


@pages.post("/staff/applications/<uuid:application_id>/decisions")
@staff("owner", "recruiter")
def decide(application_id: UUID) -> ResponseReturnValue:
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
                )
            flash(_told(form.verdict.data))
            return see_other("shortlists.person", application_id=application_id)
    return _person_page(application_id, form)


def _told(verdict: str) -> str:
    if verdict == "hold":
        return _("It is put off, and still to decide. Nobody has been told.")
    return _("%(verdict)s is decided. Nobody has been told.", verdict=words.verdict_word(verdict))


@pages.post("/staff/applications/<uuid:application_id>/cleared-notes")
@staff("owner", "recruiter")
def clear(application_id: UUID) -> ResponseReturnValue:
    """Let the ticked notes go into documents, and no others."""
    _not_blind(application_id)
    with writing():
        actions.clear_notes(application_id, marks=_ticked(), by=actor())
    flash(_("Documents made from now on carry the notes that are ticked."))
    return see_other("shortlists.person", application_id=application_id, _anchor="notes")


def _ticked() -> list[UUID]:
    try:
        return [UUID(text) for text in request.form.getlist("note")]
    except ValueError:
        raise Missing from None


def _not_blind(application_id: UUID) -> None:
    if is_blind_to(queries.step_of_application(application_id).id):
        raise Missing


def _person_page(application_id: UUID, form: DecisionForm) -> ResponseReturnValue:
    opening = application_of(application_id).opening
    if page := blind_page(opening):
        return page
    shortlist = queries.shortlist_of(opening.id)
    row = shortlist.row_of(application_id)
    last = row.decision if row else None
    form.after.data = str(last.number if last else 0)
    return form_page(
        "shortlists/person.html",
        form=form,
        shortlist=shortlist,
        row=row,
        application_id=application_id,
        card=queries.card_of(application_id),
        parts=dossier.parts_of(row, shortlist) if row else [],
        lately=queries.decisions_lately(shortlist.step_id, but=application_id),
        names={other.application_id: other.name for other in shortlist.rows},
        reversible=last is None or rules.is_reversible(last, now=now()),
        next=shortlist.next_to_decide(application_id),
        until=last.at + rules.REVERSIBLE if last else None,
        words=words,
    )
