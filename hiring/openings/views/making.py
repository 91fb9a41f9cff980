"""A new opening: what is said of it, and its steps, which come, go and change places as one types.

Every press sends the whole form, so nothing typed is lost; without a script, too.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hiring.assessments.queries import published_versions
from hiring.assessments.shipped import pairs_among
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.openings.actions import create_opening
from hiring.openings.forms.steps import OpeningForm, number_of_steps, prefix_of, step_form, steps_in
from hiring.openings.rules import MOST_STEPS
from hiring.openings.views.blueprint import pages

# What changes places with another step; the interval and the rule stay with their place.
WORK = ("version", "panel", "wanted_marks")
OF_A_STEP = (*WORK, "wait_days", "open_days", "proposes", "mean", "best")
Typed = MultiDict[str, str]


@pages.get("/staff/openings/new")
@staff("owner", "recruiter")
def new() -> ResponseReturnValue:
    """An empty form; whoever leads here names the versions to begin with, one a step."""
    named = request.args.getlist("version")[:MOST_STEPS] or [""]
    steps = [
        step_form(n, formdata=None, data={"version": id} if id else None)
        for n, id in enumerate(named, start=1)
    ]
    return _page(OpeningForm(steps))


@pages.post("/staff/openings")
@staff("owner", "recruiter")
def create() -> ResponseReturnValue:
    """Make the opening, and go where people are invited to it; or have one more step in the form."""
    if do := request.form.get("do"):
        typed = rearranged(request.form, do)
        return _page(OpeningForm(steps_in(typed), formdata=typed))
    form = OpeningForm(steps_in(request.form))
    if form.validate():
        with form.refusals():
            return _create(form)
    return _page(form)


def _create(form: OpeningForm) -> ResponseReturnValue:
    with writing():
        opening_id = create_opening(**form.words(), by=actor()).id
    return see_other("openings.opening", opening_id=opening_id)


def _page(form: OpeningForm) -> ResponseReturnValue:
    return form_page(
        "openings/new.html", form=form, most=MOST_STEPS, pairs=pairs_among(published_versions())
    )


def rearranged(typed: Typed, do: str) -> Typed:
    """The form as a press would have it: `add`, `begin` with versions, one a step, or `remove`, `up`,
    `down` with a step's number.
    """
    steps = number_of_steps(typed)
    what, _space, number = do.partition(" ")
    if what == "begin":
        return _begun_with(typed, number.split()[:MOST_STEPS])
    n = int(number) if number.isdecimal() and len(number) == 1 else 0
    if what == "add" and steps < MOST_STEPS:
        return _with_one_more(typed, steps)
    if what == "remove" and 1 <= n <= steps > 1:
        return _ordered(typed, [place for place in range(1, steps + 1) if place != n], OF_A_STEP)
    other = {"up": n - 1, "down": n + 1}.get(what, 0)
    if 1 <= n <= steps and 1 <= other <= steps:
        order = list(range(1, steps + 1))
        order[n - 1], order[other - 1] = other, n
        return _ordered(typed, order, WORK)
    return typed


def _ordered(typed: Typed, order: list[int], names: tuple[str, ...]) -> Typed:
    """The steps in another order: of what `names` says; the rest of a step stays where it is."""
    found = MultiDict(typed)
    for number in range(1, MOST_STEPS + 1):
        for name in names if number <= len(order) else OF_A_STEP:
            found.poplist(prefix_of(number) + name)
    for number, old in enumerate(order, start=1):
        for name in names:
            found.setlist(prefix_of(number) + name, typed.getlist(prefix_of(old) + name))
    return _without_empty(found)


def _without_empty(typed: Typed) -> Typed:
    return MultiDict((name, value) for name in typed for value in typed.getlist(name))


def _with_one_more(typed: Typed, steps: int) -> Typed:
    """A step with the panel of the one before, and an assessment that is not in it yet."""
    found, prefix = MultiDict(typed), prefix_of(steps + 1)
    for name in ("panel", "wanted_marks"):
        found.setlist(prefix + name, typed.getlist(prefix_of(steps) + name))
    found[prefix + "version"] = _next_version(typed, steps)
    return _without_empty(found)


def _begun_with(typed: Typed, versions: list[str]) -> Typed:
    """The same form with these assessments in its first steps, as many as it needs."""
    found = MultiDict(typed)
    for number, version in enumerate(versions, start=1):
        if number > number_of_steps(found):
            found = _with_one_more(found, number - 1)
        found[prefix_of(number) + "version"] = version
    return found


def _next_version(typed: Typed, steps: int) -> str:
    """What goes with the assessments that are chosen, or the first that is not among them."""
    versions = published_versions()
    chosen = {typed.get(f"{prefix_of(n)}version", "") for n in range(1, steps + 1)}
    pairs = [[str(one.id) for one in parts] for _name, parts in pairs_among(versions)]
    together = [id for parts in pairs if chosen & set(parts) for id in parts]
    free = [id for id in (*together, *(str(one.id) for one in versions)) if id not in chosen]
    return next(iter([*free, *chosen]), "")
