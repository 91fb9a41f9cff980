"""What a step's rule proposes, and the press that accepts it for the people who are ticked."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.kernel.database import session, writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.words import clock
from hiring.openings import sendings
from hiring.openings.queries import opening_of, step_after, step_at
from hiring.openings.sendings import Sending
from hiring.shortlists import actions, proposing, queries, words
from hiring.shortlists.forms import ProposalForm
from hiring.shortlists.proposing import proposal_of
from hiring.shortlists.views.blueprint import blind_page, is_blind, pages

PATH = "/staff/openings/<uuid:opening_id>/steps/<int:number>/proposal"


@pages.get(PATH)
@staff("owner", "recruiter")
def proposal(opening_id: UUID, number: int) -> ResponseReturnValue:
    """Whom the rule would advance, and whom it would put on hold: nothing happens by itself."""
    return _proposal_page(opening_id, number, ProposalForm())


@pages.post(PATH)
@staff("owner", "recruiter")
def accept(opening_id: UUID, number: int) -> ResponseReturnValue:
    """Decide as proposed about those who are ticked, each in an act of its own."""
    opening, form = opening_of(opening_id), ProposalForm()
    if is_blind(opening):
        raise Missing
    step_at(opening, number)
    if form.validate():
        with form.refusals():
            flash(
                _told(_decide(opening_id, number, form), form, onward=_leads_on(opening_id, number))
            )
            return see_other("shortlists.shortlist", opening_id=opening_id, number=number)
    return _proposal_page(opening_id, number, form)


def _decide(opening_id: UUID, number: int, form: ProposalForm) -> int:
    """For how many of the ticked it was done; the first refusal when for none, and told of otherwise."""
    chosen = _chosen(opening_id)
    if form.verdict.data == "advance" and _leads_on(opening_id, number):
        _begin(form, opening_id, people=len(chosen))
    refusals = []
    for application_id, after in chosen:
        try:
            with writing():
                actions.decide(
                    application_id,
                    verdict=form.verdict.data or "",
                    reason=form.reason.data or "",
                    after=after,
                    number=number,
                    batch=form.id.data,
                    by=actor(),
                )
        except Refused as refusal:
            refusals.append(refusal)
    if len(refusals) == len(chosen):
        raise refusals[0]
    if refusals:
        flash(words.left_out(len(refusals), refusals[0].sentence), "wait")
    return len(chosen) - len(refusals)


def _begin(form: ProposalForm, opening_id: UUID, *, people: int) -> None:
    """Letters to several people wait for ten minutes, and can be taken back until then."""
    with writing():
        sendings.begin(
            form.id.data, opening_id=opening_id, people=people, by=actor(), kind="advance"
        )


def _chosen(opening_id: UUID) -> list[tuple[UUID, int]]:
    """Each ticked application with the number of the last decision that the page showed."""
    try:
        pairs = [text.partition(" ") for text in request.form.getlist("person")]
        chosen = [(UUID(id), int(after)) for id, _space, after in pairs]
    except ValueError:
        raise Missing from None
    if not chosen:
        raise Refused(_("Nobody is ticked, so nothing was decided."))
    if not queries.are_in({id for id, _after in chosen}, opening_id):
        raise Missing
    return chosen


def _leads_on(opening_id: UUID, number: int) -> bool:
    return step_after(step_at(opening_of(opening_id), number).id) is not None


def _told(number: int, form: ProposalForm, *, onward: bool) -> str:
    if form.verdict.data == "hold":
        return ngettext("One person is put on hold. Nobody has been told.",
                        "%(num)s people are put on hold. Nobody has been told.", number)  # fmt: skip
    told = ngettext("One person is advanced.", "%(num)s people are advanced.", number)
    leaves_at = sendings.leaves_at(session.get(Sending, form.id.data))
    if leaves_at is None:
        gone = _(
            "Their letter is on its way; deciding otherwise on their page ends the link in it."
        )
        return f"{told} {gone}" if onward else f"{told} {_('Nobody has been told.')}"
    later = _(
        "Their letters leave at %(clock)s; until then they can be taken back.",
        clock=clock(leaves_at),
    )
    return f"{told} {later}"


def _proposal_page(opening_id: UUID, number: int, form: ProposalForm) -> ResponseReturnValue:
    opening = opening_of(opening_id)
    if page := blind_page(opening):
        return page
    session.expire_all()
    shortlist = queries.shortlist_of(opening_id, number)
    return form_page(
        "shortlists/proposal.html",
        form=form,
        shortlist=shortlist,
        next_step=step_after(shortlist.step_id),
        proposal=proposal_of(shortlist),
        proposing=proposing,
        new_id=uuid4,
        ticked={text.partition(" ")[0] for text in request.form.getlist("person")},
    )
