"""Applying by the public page: the same answer for every address."""

from __future__ import annotations

from math import ceil

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.accounts.door import machine_asking
from hiring.kernel.addresses import fault
from hiring.kernel.database import writing
from hiring.kernel.guards import open_to_all
from hiring.kernel.pages import see_other
from hiring.kernel.prints import print_of
from hiring.openings import applying, notice, queries
from hiring.openings.applying import Applicant
from hiring.openings.forms.questions import ApplyForm
from hiring.openings.models import Opening
from hiring.openings.views.blueprint import pages
from hiring.openings.views.public import notice_page
from hiring.people.rules import name_fault

TOO_MANY = 429


@pages.post("/openings/<slug>/applications")
@open_to_all
def apply(slug: str) -> ResponseReturnValue:
    """Send the link to the address that was left; nobody learns whether it was known before."""
    opening, form = queries.opening_at(slug), ApplyForm()
    status = 422
    if _is_well(form, opening):
        opening_id, machine = opening.id, machine_asking()
        applicant = Applicant(
            form.address.data or "", form.name.data or "", notice.agreement(opening)
        )
        with form.refusals():
            with writing():
                wait = applying.wait_for(machine)
                if wait is None:
                    applying.apply(opening_id, applicant)
            if wait is None:
                return see_other("openings.applied", slug=slug)
            form.form_errors.append(_later(ceil(wait.total_seconds() / 60)))
            status = TOO_MANY
    return make_response(notice_page(queries.opening_at(slug), form), status)


@pages.get("/openings/<slug>/applications")
@open_to_all
def applied(slug: str) -> str:
    """Where the link is; it does not say to whom."""
    opening = queries.opening_at(slug)
    return render_template(
        "openings/applied.html", opening=opening, contact=queries.contact_of(opening)
    )


def _is_well(form: ApplyForm, opening: Opening) -> bool:
    """Whether what was typed can be used, and was typed by a person; what is wrong stands on the form."""
    well = form.validate()
    if well:
        well = _are_words_well(form)
    said = notice.agreement(opening)
    if well and form.read.data != print_of(said):
        form.agreed.data, well = False, False
        form.form_errors.append(
            _("What you would agree to has changed since you opened the page. Read it once more.")
        )
    if well and (form.website.data or applying.too_quick(form.drawn.data or "")):
        form.form_errors.append(
            _(
                "That went as fast as robots go, so nothing was sent. Press once more, and it will be."
            )
        )
        form.website.data, well = "", False
    return well


def _are_words_well(form: ApplyForm) -> bool:
    for field, told in (
        (
            form.name,
            name_fault(form.name.data or "") or applying.fault_of_name(form.name.data or ""),
        ),
        (form.address, fault(form.address.data or "")),
    ):
        if told:
            field.errors = [told]
    return not form.errors


def _later(minutes: int) -> str:
    return ngettext(
        "Very many people apply just now. Nothing was sent; what you typed is here. It works in a minute.",
        "Very many people apply just now. Nothing was sent; what you typed is here. It works in"
        " %(num)s minutes.",
        minutes,
    )
