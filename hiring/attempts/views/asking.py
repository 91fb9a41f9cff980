"""The questions before the clock: answered, put right once, or given to a person to look at."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.attempts import asking
from hiring.attempts.forms import AnswersForm, StartForm
from hiring.attempts.views.blueprint import pages
from hiring.attempts.views.invitation import begun, closed, gone, page_of
from hiring.kernel.database import writing
from hiring.kernel.guards import bearer
from hiring.kernel.pages import see_other
from hiring.kernel.refusals import Refused
from hiring.openings.queries import invitation_of
from hiring.openings.questions import gate_of


@pages.post("/invitations/<token>/answers")
@bearer
def answer(token: str) -> ResponseReturnValue:
    """Keep the answers; nothing starts."""
    invited, form = invitation_of(token), AnswersForm()
    if begun(invited):
        return see_other("attempts.invitation", token=token)
    if reason := closed(invited):
        return gone(invited, reason, token=token)
    gate, invitation_id = gate_of(invited.application), invited.id
    form.offer(gate)
    chosen = form.chosen(gate) if form.validate() and gate.questions else None
    if chosen is not None:
        try:
            with writing():
                asking.answer(invitation_id, chosen, sheet_id=form.sheet_id)
        except Refused as refusal:
            form.refuse(refusal)
            form.sheet.data = str(gate_of(invitation_of(token).application).sheet_id)
        else:
            return see_other("attempts.invitation", token=token, _anchor="asked")
    return page_of(invitation_of(token), StartForm(formdata=None), token=token, asked=form)


@pages.post("/invitations/<token>/appeal")
@bearer
def appeal(token: str) -> ResponseReturnValue:
    """Let a person look at an answer that stands in the way."""
    invited = invitation_of(token)
    if not begun(invited) and (reason := closed(invited)):
        return gone(invited, reason, token=token)
    invitation_id = invited.id
    try:
        with writing():
            asking.ask_a_person(invitation_id)
    except Refused as refusal:
        flash(refusal.sentence, "wait")
    else:
        flash(_("A person looks at it. A letter tells you."), "good")
    return see_other("attempts.invitation", token=token)
