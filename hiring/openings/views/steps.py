"""The steps of an opening: who marks each, how it follows the one before, its rule, and one more."""

from __future__ import annotations

from uuid import UUID

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.accounts.queries import names_of_accounts
from hiring.assessments.queries import published_versions
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.openings import queries
from hiring.openings.forms.steps import PanelChangeForm, StepAddForm, StepChangeForm
from hiring.openings.models import Opening, Step
from hiring.openings.panel import panel_of
from hiring.openings.queries import step_at
from hiring.openings.stations import course_of
from hiring.openings.steps import add_step, change_panel, change_step
from hiring.openings.views.blueprint import pages

STEPS = "/staff/openings/<uuid:opening_id>/steps"
STEP = f"{STEPS}/<int:number>"


@pages.get("/staff/openings/<uuid:opening_id>/panel")
@pages.get(f"{STEP}/panel")
@staff("owner", "recruiter")
def panel(opening_id: UUID, number: int = 1) -> ResponseReturnValue:
    """Who marks a step, to be changed; of the first one, if none is named."""
    return _panel_page(step_at(queries.opening_of(opening_id), number), PanelChangeForm())


@pages.post("/staff/openings/<uuid:opening_id>/panel")
@pages.post(f"{STEP}/panel")
@staff("owner", "recruiter")
def save_panel(opening_id: UUID, number: int = 1) -> ResponseReturnValue:
    """Change who marks, from now on."""
    step, form = step_at(queries.opening_of(opening_id), number), PanelChangeForm()
    step_id = step.id
    form.offer_panel()
    if form.validate():
        with form.refusals():
            members = {UUID(id) for id in form.panel.data or ()}
            wanted = int(form.wanted_marks.data)
            with writing():
                change_panel(
                    step_id, members=members, wanted_marks=wanted, by=actor(),
                    seen=form.seen.data or None,
                )  # fmt: skip
            flash(_("The panel is changed. Marks that were given stay."))
            return see_other("openings.opening", opening_id=opening_id)
    return _panel_page(queries.step_of(step_id), form)


def _panel_page(step: Step, form: PanelChangeForm) -> ResponseReturnValue:
    panel = panel_of(step.id)
    form.offer_panel(panel)
    if not form.is_submitted():
        form.seen.data = panel.print
    gone = sorted(names_of_accounts(panel.account_ids - queries.able(panel)).values())
    return form_page("openings/panel.html", form=form, opening=step.opening, step=step, gone=gone)


@pages.get(STEP)
@staff("owner", "recruiter")
def step(opening_id: UUID, number: int) -> ResponseReturnValue:
    """The interval and the rule of a step, to be changed."""
    found = step_at(queries.opening_of(opening_id), number)
    return _step_page(found, _change_form(found))


@pages.post(STEP)
@staff("owner", "recruiter")
def save_step(opening_id: UUID, number: int) -> ResponseReturnValue:
    """Change them, from now on."""
    found = step_at(queries.opening_of(opening_id), number)
    form, step_id, stands = _change_form(found), found.id, _interval_of(found)
    if form.validate():
        with form.refusals():
            with writing():
                change_step(
                    step_id, **{**stands, **form.rule()}, seen=form.seen.data or "", by=actor()
                )
            flash(_("Step %(number)s is changed. Invitations that are out stay as they are.",
                    number=number))  # fmt: skip
            return see_other("openings.opening", opening_id=opening_id)
    return _step_page(queries.step_of(step_id), form)


def _change_form(step: Step) -> StepChangeForm:
    named = {step.proposes: step.bar} if step.bar is not None else {}
    form = StepChangeForm(data={**_interval_of(step), "proposes": step.proposes, **named})
    if step.position == 1:
        form.without_interval()
    return form


def _interval_of(step: Step) -> dict[str, int]:
    return {"wait_days": step.wait_days, "open_days": step.open_days}


def _step_page(step: Step, form: StepChangeForm) -> ResponseReturnValue:
    if not form.is_submitted():
        form.seen.data = step.print
    return form_page("openings/step.html", form=form, opening=step.opening, step=step)


@pages.get(f"{STEPS}/new")
@staff("owner", "recruiter")
def new_step(opening_id: UUID) -> ResponseReturnValue:
    """One more step, after the last."""
    opening = queries.opening_of(opening_id)
    form = StepAddForm()
    form.offer(published_versions())
    last = panel_of(opening.steps[-1].id)
    form.panel.data = [str(id) for id in queries.able(last)]
    return _new_step_page(opening, form)


@pages.post(STEPS)
@staff("owner", "recruiter")
def create_step(opening_id: UUID) -> ResponseReturnValue:
    """Add it, unless somebody has passed the place where it would stand."""
    form = StepAddForm()
    form.offer(published_versions())
    if form.validate():
        with form.refusals():
            with writing():
                added = add_step(opening_id, form.plan(), by=actor(), id=form.id.data).position
            flash(_("Step %(number)s is added.", number=added))
            return see_other("openings.opening", opening_id=opening_id)
    return _new_step_page(queries.opening_of(opening_id), form)


def _new_step_page(opening: Opening, form: StepAddForm) -> ResponseReturnValue:
    return form_page(
        "openings/new_step.html", form=form, opening=opening, course=course_of(opening)
    )
