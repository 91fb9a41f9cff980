"""Erasing what somebody gave, as they asked: what goes and what stays in numbers, and then the press."""

from __future__ import annotations

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.accounts.queries import names_of_accounts
from hiring.kernel.database import writing
from hiring.kernel.forms import Form
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.kernel.refusals import Missing
from hiring.openings import erasing, queries
from hiring.openings.views.blueprint import pages
from hiring.openings.views.words import why_words
from hiring.openings.views.working import is_blind
from hiring.people.queries import cards

PAGE = "/staff/openings/<uuid:opening_id>/applications/<uuid:application_id>/erasure"


@pages.before_request
def said_where_it_stood() -> ResponseReturnValue | None:
    """Instead of the pages on which a name, an address or answers are mended: that they are erased."""
    id = (request.view_args or {}).get("application_id")
    if id is None or request.method != "GET" or request.endpoint == "openings.erasure":
        return None
    application = queries.application_of(id)
    if application.erased_at is None or is_blind(application.opening):
        return None
    here = {"opening_id": application.opening_id, "application_id": id}
    return see_other("openings.erasure", **here)


@pages.get(PAGE)
@staff("owner", "recruiter")
def erasure(opening_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """What erasing would take away; of somebody erased, when that was."""
    return _page(opening_id, application_id, Form())


@pages.post(PAGE)
@staff("owner", "recruiter")
def erase(opening_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """Erase it, once however often it is pressed."""
    form = Form()
    if not form.validate():
        return _page(opening_id, application_id, form)
    _check(opening_id, application_id)
    with writing():
        erased = erasing.erase(application_id, by=actor())
    flash(
        _("It is erased. Its files leave the disk within minutes.")
        if erased
        else _("That was erased before; nothing more was there.")
    )
    return see_other("openings.opening", opening_id=opening_id)


def _check(opening_id: UUID, application_id: UUID) -> None:
    found, application = queries.opening_of(opening_id), queries.application_of(application_id)
    if is_blind(found) or application.opening_id != opening_id:
        raise Missing


def _page(opening_id: UUID, application_id: UUID, form: Form) -> ResponseReturnValue:
    _check(opening_id, application_id)
    application = queries.application_of(application_id)
    by = application.erased_by
    return form_page(
        "openings/erasure.html",
        form=form,
        opening=application.opening,
        application=application,
        card=cards([application.person_id])[application.person_id],
        held=erasing.held_about(application),
        why=why_words(application.erased_for, names_of_accounts([by])[by] if by else ""),
        racing=application.stage in erasing.IN_THE_RACE,
    )
