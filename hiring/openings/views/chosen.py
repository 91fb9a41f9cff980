"""What is done with one person of the roll, or with several: a later day, an address put right."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import flash
from flask.typing import ResponseReturnValue

from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.kernel.refusals import Missing
from hiring.openings import queries, sendings
from hiring.openings.extending import extend_invitation
from hiring.openings.forms.people import AddressForm, ChosenForm
from hiring.openings.returned import last_returned, mend_address
from hiring.openings.rules import check_until, end_of
from hiring.openings.views import words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.working import chosen, day_of, each, is_blind
from hiring.people.queries import cards


@pages.post("/staff/openings/<uuid:opening_id>/extensions")
@staff("owner", "recruiter")
def extend(opening_id: UUID) -> ResponseReturnValue:
    """Let the links of the people chosen in the roll last until a later day, and tell them."""
    ids, form = chosen(opening_id), ChosenForm()
    until = day_of(form, opening_id)
    check_until(until, today=queries.today(), hear_by=queries.opening_of(opening_id).hear_by)
    ends, batch = end_of(until, queries.zone()), form.id.data
    with writing():
        sendings.begin(batch, opening_id=opening_id, people=len(ids), by=actor(), kind="extension")
    done = each(ids, partial(extend_invitation, until=ends, batch=batch))
    flash(words.lasts_longer(done, ends))
    return see_other("openings.opening", opening_id=opening_id)


@pages.route(
    "/staff/openings/<uuid:opening_id>/applications/<uuid:application_id>/address",
    methods=["GET", "POST"],
)
@staff("owner", "recruiter")
def address(opening_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """Somebody's address, to be put right by who may see it."""
    found, application = queries.opening_of(opening_id), queries.application_of(application_id)
    if is_blind(found) or application.opening_id != opening_id:
        raise Missing
    card = cards([application.person_id])[application.person_id]
    form = AddressForm(address=card.address)
    if form.validate_on_submit():
        with form.refusals():
            with writing():
                went = mend_address(application_id, form.address.data or "", by=actor())
            flash(words.address_mended(went))
            return see_other("openings.opening", opening_id=opening_id)
    stuck = last_returned(application_id)
    return form_page("openings/address.html", form=form, opening=found, card=card, stuck=stuck)
