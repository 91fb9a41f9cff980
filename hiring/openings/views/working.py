"""An opening's working page, and its closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.kernel.database import writing
from hiring.kernel.guards import actor, is_blind_to, staff
from hiring.kernel.pages import form_page, paged, see_other
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import queries, roll, sendings
from hiring.openings.actions import change_opening, close_opening
from hiring.openings.agreed import agreed_days, soon_erased
from hiring.openings.applications import correct_name
from hiring.openings.forms.facts import ChangeForm
from hiring.openings.forms.people import ChosenForm, ClosingForm, NameForm
from hiring.openings.imports import kept_of
from hiring.openings.inviting import invite_again, revoke_invitation
from hiring.openings.models import Opening
from hiring.openings.questions import number_asking, sheet_of
from hiring.openings.returned import number_returned
from hiring.openings.rules import check_until, end_of, last_day
from hiring.openings.stations import Station, marking_of, stations_of
from hiring.openings.views import words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.words import calendar_of, heading_of, heading_of_pilot
from hiring.people.queries import cards

SHORTLIST = "shortlists.shortlist"  # a room above ours: named, not imported
PERSON = "shortlists.person"


@pages.get("/staff/openings/<uuid:opening_id>")
@staff("owner", "recruiter")
def opening(opening_id: UUID) -> str:
    """Who is in it and where they stand; for those who mark it, the numbers without the names."""
    found = queries.opening_of(opening_id)
    stages = queries.stages_of({opening_id})[opening_id]
    stations = stations_of(found)
    opened = found.created_at.astimezone(queries.zone()).date()
    return render_template(
        "openings/opening.html",
        opening=found,
        stations=[(station, marking_of(station.step)) for station in stations],
        stages=stages,
        heading=_heading(found, stages, stations),
        calendar=calendar_of(found, opened=opened, today=queries.today()),
        sendings=sendings.waiting_in(opening_id),
        blind=is_blind(found),
        shortlist=_address(SHORTLIST, opening_id=opening_id, number=_step_to_decide(stations)),
        asked=len(sheet.questions) if (sheet := sheet_of(opening_id)) else 0,
        shortlist_at=partial(_address, SHORTLIST, opening_id=opening_id),
        person=partial(_address, PERSON),
        **({} if is_blind(found) else _roll(found)),
    )


def _heading(opening: Opening, stages: Mapping[str, int], stations: Sequence[Station]) -> str:
    if opening.kind == "pilot":
        return heading_of_pilot(stages)
    through = sum(number for one in stations[1:] for number in one.people)
    return heading_of(stages, through=through, closed=opening.closed_at is not None)


def _step_to_decide(stations: Sequence[Station]) -> int | None:
    """The first step where somebody is to be decided about; none of one step, or where nobody is."""
    if len(stations) == 1:
        return None
    return next((station.number for station in stations if station.waiting), None)


def is_blind(opening: Opening) -> bool:
    """Whether the viewer may not see who is in the opening: they mark one of its steps."""
    return is_blind_to(*(step.id for step in opening.steps))


def _roll(opening: Opening) -> dict[str, object]:
    q, stage = request.args.get("q", "").strip(), request.args.get("stage", "")
    sort, step = request.args.get("sort", "stage"), request.args.get("step", 0, type=int)
    page = paged(roll.applications(opening.id, q=q, stage=stage, sort=sort, step=step))
    until = last_day(queries.today(), opening.hear_by)
    return {
        "page": page, "rows": roll.standings(page.rows), "q": q, "stage": stage, "sort": sort,
        "step": step,
        "missed": queries.number_missed(opening.id), "returned": number_returned(opening.id),
        "asking": number_asking(opening.id), "soon": soon_erased(opening),
        "until": until, "chosen": ChosenForm(formdata=None),
    }  # fmt: skip


def _address(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


@pages.get("/staff/openings/<uuid:opening_id>/facts")
@staff("owner", "recruiter")
def facts(opening_id: UUID) -> ResponseReturnValue:
    """What is said of the opening, to be changed."""
    found = queries.opening_of(opening_id)
    return _facts_page(found, ChangeForm(obj=found))


@pages.post("/staff/openings/<uuid:opening_id>/facts")
@staff("owner", "recruiter")
def save_facts(opening_id: UUID) -> ResponseReturnValue:
    """Say it otherwise, to everyone who looks from now on."""
    form = ChangeForm()
    found = queries.opening_of(opening_id)
    if form.validate():
        with form.refusals():
            with writing():
                change_opening(opening_id, form.facts(), seen=form.seen.data or "", by=actor())
            flash(_("The opening is changed. Letters that went out keep their words."))
            return see_other("openings.opening", opening_id=opening_id)
    return _facts_page(found, form)


def _facts_page(opening: Opening, form: ChangeForm) -> ResponseReturnValue:
    if form.form_errors or not form.is_submitted():  # what came meanwhile has been told of
        form.seen.data = queries.facts_of(opening).print
    people = sum(queries.stages_of({opening.id})[opening.id].values())
    return form_page(
        "openings/facts.html",
        form=form,
        opening=opening,
        people=people,
        agreed=agreed_days(opening),
    )


@pages.post("/staff/openings/<uuid:opening_id>/revocations")
@staff("owner", "recruiter")
def revoke(opening_id: UUID) -> ResponseReturnValue:
    """Take back the links of the people chosen in the roll."""
    done = each(chosen(opening_id), revoke_invitation)
    flash(words.taken_back(done))
    return see_other("openings.opening", opening_id=opening_id)


@pages.post("/staff/openings/<uuid:opening_id>/repeats")
@staff("owner", "recruiter")
def repeat(opening_id: UUID) -> ResponseReturnValue:
    """Send the people chosen in the roll a fresh link, once however often the form is sent."""
    ids, form = chosen(opening_id), ChosenForm()
    until = day_of(form, opening_id)
    check_until(until, today=queries.today(), hear_by=queries.opening_of(opening_id).hear_by)
    expires_at = end_of(until, queries.zone())
    with writing():
        sending = sendings.begin(form.id.data, opening_id=opening_id, people=len(ids), by=actor())
        leaves_at = sendings.leaves_at(sending)
    done = each(ids, partial(invite_again, expires_at=expires_at, batch=form.id.data))
    if not leaves_at:  # else the page says of the sending that it waits
        flash(words.sent(done))
    return see_other("openings.opening", opening_id=opening_id)


def day_of(form: ChosenForm, opening_id: UUID) -> date:
    """Until when: the day that was typed, or the usual one. Raises Refused for what is no day."""
    typed = request.form.get("until", "").strip()
    if typed and form.until.data is None:
        raise Refused(_("No day is called “%(day)s”. Nothing was sent.", day=typed))
    return form.until.data or last_day(queries.today(), queries.opening_of(opening_id).hear_by)


def each(ids: list[UUID], act: Callable[..., object]) -> int:
    """Do `act` for each of the applications; returns for how many it was done, and tells of the others.

    An act each: one that holds several people would meet a closing attempt crosswise, and one person
    who has just submitted would turn all away. Raises Refused when it was done for nobody.
    """
    refusals = []
    for id in ids:
        try:
            with writing():
                act(id, by=actor())
        except Refused as refusal:
            refusals.append(refusal)
    if len(refusals) == len(ids):
        raise refusals[0]
    if refusals:
        flash(words.left_out(len(refusals), refusals[0].sentence), "wait")
    return len(ids) - len(refusals)


def chosen(opening_id: UUID) -> list[UUID]:
    """The applications chosen, each of this opening; none for a viewer who may not see who they are."""
    found = queries.opening_of(opening_id)
    if is_blind(found):
        raise Missing
    ids = sorted(_uuids(request.form.getlist("application")))
    if not ids:
        raise Refused(_("Nobody was chosen, so nothing was done. Tick at least one person."))
    if any(queries.application_of(id).opening_id != opening_id for id in ids):
        raise Missing
    return ids


@pages.route(
    "/staff/openings/<uuid:opening_id>/applications/<uuid:application_id>/name",
    methods=["GET", "POST"],
)
@staff("owner", "recruiter")
def name(opening_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """Somebody's name, to be put right by who may see it."""
    found, application = queries.opening_of(opening_id), queries.application_of(application_id)
    if is_blind(found) or application.opening_id != opening_id:
        raise Missing
    card = cards([application.person_id])[application.person_id]
    form = NameForm(name=card.name if card.named else "")
    if form.validate_on_submit():
        with form.refusals():
            with writing():
                correct_name(application_id, form.name.data or "", by=actor())
            flash(_("The name is put right. Letters and documents that went out keep the old one."))
            return see_other("openings.opening", opening_id=opening_id)
    kept = kept_of(application_id)
    return form_page(
        "openings/name.html", form=form, opening=found, card=card, kept=kept,
        application_id=application_id,
    )  # fmt: skip


def _uuids(texts: list[str]) -> set[UUID]:
    try:
        return {UUID(text) for text in texts}
    except ValueError:
        raise Missing from None


@pages.get("/staff/openings/<uuid:opening_id>/closing")
@staff("owner", "recruiter")
def closing(opening_id: UUID) -> ResponseReturnValue:
    """What closing would end, and the number to type."""
    found = queries.opening_of(opening_id)
    return _closing_page(found, ClosingForm())


@pages.post("/staff/openings/<uuid:opening_id>/closing")
@staff("owner", "recruiter")
def close(opening_id: UUID) -> ResponseReturnValue:
    """Close it for good, once the number of links that end was typed."""
    form = ClosingForm()
    if form.validate():
        with form.refusals():
            with writing():
                close_opening(opening_id, ending=form.ending, by=actor())
            flash(_("The opening is closed. Whoever is in the middle of the work may finish it."))
            return see_other("openings.opening", opening_id=opening_id)
    return _closing_page(queries.opening_of(opening_id), form)


def _closing_page(opening: Opening, form: ClosingForm) -> ResponseReturnValue:
    stations = stations_of(opening)
    return form_page(
        "openings/closing.html",
        form=form,
        opening=opening,
        waiting=sum(one.stages.get("invited", 0) for one in stations),
        due=sum(one.stages.get("due", 0) for one in stations),
        halfway=sum(one.waiting + one.stages.get("unsettled", 0) for one in stations[:-1]),
    )
