"""The questions before the clock: asked by who recruits; what was answered, for who may see names."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.accounts.queries import names_of_accounts
from hiring.kernel.database import session, writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import see_other
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import queries
from hiring.openings import questions as asking
from hiring.openings.forms.questions import QuestionsForm
from hiring.openings.models import Application, Opening
from hiring.openings.questions import QuestionAppeal
from hiring.openings.views.blueprint import pages
from hiring.openings.views.working import is_blind
from hiring.people.queries import cards


@pages.get("/staff/openings/<uuid:opening_id>/questions")
@staff("owner", "recruiter")
def questions(opening_id: UUID) -> ResponseReturnValue:
    """What is asked before the clock, to be changed."""
    found, form = queries.opening_of(opening_id), QuestionsForm(formdata=None)
    sheet = asking.sheet_of(opening_id)
    form.show(sheet.questions if sheet else [])
    form.seen.data = _newest(opening_id)
    return _page(found, form)


@pages.post("/staff/openings/<uuid:opening_id>/questions")
@staff("owner", "recruiter")
def save_questions(opening_id: UUID) -> ResponseReturnValue:
    """Ask this from now on, of whoever has not answered."""
    found, form = queries.opening_of(opening_id), QuestionsForm()
    if form.validate():
        typed = form.typed()
        if form.is_well:
            try:
                with writing():
                    asking.ask(opening_id, typed, seen=_number(form), by=actor())
            except Refused as refusal:
                form.refuse(refusal)
                form.seen.data = _newest(opening_id)  # what came meanwhile has been told of
            else:
                flash(_("Whoever has not answered yet is asked this from now on."))
                return see_other("openings.opening", opening_id=opening_id)
    return _page(found, form, status=422)


def _newest(opening_id: UUID) -> str:
    sheet = asking.sheet_of(opening_id)
    return str(sheet.number if sheet else 0)


def _number(form: QuestionsForm) -> int:
    seen = form.seen.data or ""
    return int(seen) if seen.isdecimal() and len(seen) < 9 else -1  # noqa: PLR2004


def _page(opening: Opening, form: QuestionsForm, *, status: int = 200) -> ResponseReturnValue:
    people = sum(queries.stages_of({opening.id})[opening.id].values())
    page = render_template(
        "openings/questions.html",
        form=form,
        opening=opening,
        people=people,
        wrong=status != 200,  # noqa: PLR2004
    )
    return make_response(page, status)


@pages.get("/staff/openings/<uuid:opening_id>/applications/<uuid:application_id>/answers")
@staff("owner", "recruiter")
def answers(opening_id: UUID, application_id: UUID) -> str:
    """What somebody answered before the clock, all of it, for who may see names."""
    found, application = _seen(opening_id, application_id)
    appeal = session.get(QuestionAppeal, application_id)
    given = asking.answers_of([application_id])[application_id]
    if not given:
        raise Missing
    return render_template(
        "openings/answers.html",
        opening=found,
        application_id=application_id,
        card=cards([application.person_id])[application.person_id],
        given=given,
        standing=asking.standings_of([application_id])[application_id],
        appeal=appeal,
        passed_by=names_of_accounts([appeal.passed_by] if appeal and appeal.passed_by else []),
    )


@pages.post("/staff/openings/<uuid:opening_id>/applications/<uuid:application_id>/passage")
@staff("owner", "recruiter")
def let_through(opening_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """Let somebody start though an answer stands in the way."""
    _seen(opening_id, application_id)
    try:
        with writing():
            asking.let_through(application_id, by=actor())
    except Refused as refusal:
        flash(refusal.sentence, "wait")
    else:
        flash(_("They can start, and a letter says so."))
    return see_other("openings.opening", opening_id=opening_id)


def _seen(opening_id: UUID, application_id: UUID) -> tuple[Opening, Application]:
    found, application = queries.opening_of(opening_id), queries.application_of(application_id)
    if is_blind(found) or application.opening_id != opening_id:
        raise Missing
    return found, application
