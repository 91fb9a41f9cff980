"""The draft being written: one form for the whole page, so that no press loses what was typed beside it.

Every press keeps the page first and acts then. After a pause in typing htmx keeps it too and swaps
what follows from the text (heading, ruler, previews, checklist), never a field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from hiring.accounts.queries import names_of_accounts
from hiring.assessments import actions, queries, rules
from hiring.assessments.drafting import adding, draft, moving, removing, saving
from hiring.assessments.forms.differences import differences
from hiring.assessments.forms.parts import FORM_ADDS
from hiring.assessments.forms.sheets import Sheet, opened, stored_sheets, typed_sheets
from hiring.assessments.forms.waits import offer_waits
from hiring.assessments.kinds import KINDS
from hiring.assessments.models import RubricLine, Task, Version
from hiring.assessments.parts import key_of, parts_of, values_of
from hiring.assessments.views.blueprint import pages, taken_out
from hiring.kernel.database import session, writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import see_other, wants_fragment
from hiring.kernel.prints import print_of
from hiring.kernel.refusals import Missing, Refused

THEN = {  # where to go once all is kept
    "preview": "assessments.preview",
    "pictures": "assessments.gallery",
    "shelf": "assessments.criteria",
}
MOVED = "moved-"  # then the place where it stood, and what was moved
OPTION = "-option-"  # between the key of a task and that of an option of its choice
REMOVED = "removed-"  # then the place to look at after something was taken out


@dataclass
class Outcome:
    """What became of a press: where to look next, or what stands in the way."""

    place: str = ""
    sheets: dict[str, Sheet] = field(default_factory=dict)  # parts to show as typed
    gone: list[Sheet] = field(default_factory=list)
    refusal: str = ""
    bases: dict[str, str] = field(default_factory=dict)  # what the page as it stands is made from
    unseen: bool = False  # whether something else was kept than the page shows

    @property
    def well(self) -> bool:
        return not (self.sheets or self.gone or self.refusal)


@pages.get("/staff/assessments/<uuid:assessment_id>")
@staff("owner", "recruiter")
def assessment(assessment_id: UUID) -> BaseResponse:
    """The draft to write on; without one, the newest version as it went out."""
    version = queries.newest_of(assessment_id)
    if version.published_at is not None:
        return see_other("assessments.version", assessment_id=assessment_id, number=version.number)
    return _page(version, Outcome(place=request.args.get("at", "")))


@pages.post("/staff/assessments/<uuid:assessment_id>/draft")
@staff("owner", "recruiter")
def save(assessment_id: UUID) -> BaseResponse:
    """Keep what was typed, then do what was pressed."""
    try:
        outcome = _keep(assessment_id, _press)
    except Missing:
        return _went_out(assessment_id)
    if not outcome.well or wants_fragment():
        return _page(queries.draft_of(assessment_id), outcome)
    page, _space, task = request.form.get("then", "").partition(" ")
    if page in THEN:
        return see_other(THEN[page], assessment_id=assessment_id, task=task or None)
    return _back(assessment_id, outcome.place)


@pages.post("/staff/assessments/<uuid:assessment_id>/publication")
@staff("owner", "recruiter")
def publish(assessment_id: UUID) -> BaseResponse:
    """Let the draft go out as it stands on the page."""
    try:
        outcome = _keep(assessment_id, _publish)
    except Missing:
        return _went_out(assessment_id)
    if not outcome.well:
        return _page(queries.draft_of(assessment_id), outcome)
    return see_other("assessments.version", assessment_id=assessment_id, number=int(outcome.place))


@pages.post("/staff/assessments/<uuid:assessment_id>/restoration")
@staff("owner", "recruiter")
def put_back(assessment_id: UUID) -> BaseResponse:
    """Put back what was taken out last."""
    with writing():
        place = key_of(removing.put_back(actions.draft(assessment_id), by=actor()))
    return _back(assessment_id, place)


def _went_out(assessment_id: UUID) -> BaseResponse:
    """The answer to a draft that went out while it was written on: what was typed since is shown.

    Raises Missing when there never was one, or when it is something else that is missing.
    """
    version = queries.newest_of(assessment_id)
    if version.published_at is None:
        raise Missing
    stored = {key: values_of(part) for key, part in parts_of(version).items()}
    typed = typed_sheets(request.form).items()
    for key, sheet in typed:
        sheet.stored = stored.get(key, {})
    late = [sheet for _key, sheet in typed if sheet.form.values() != sheet.stored]
    if not late and not wants_fragment():  # the same press twice
        return see_other("assessments.version", assessment_id=assessment_id, number=version.number)
    by = names_of_accounts([version.published_by or version.saved_by])
    template = "assessments/_late.html" if wants_fragment() else "assessments/late.html"
    html = render_template(template, version=version, late=late, by=next(iter(by.values()), ""))
    return make_response(html, 422)


def _keep(assessment_id: UUID, act: Callable[[Version, saving.Saved], str]) -> Outcome:
    """Save all of the page that can be saved; when that is all there is, do what was pressed."""
    sheets = typed_sheets(request.form)
    taken = set(request.form.getlist("take"))
    over = dict(value.split(" ", 1) for value in request.form.getlist("over") if " " in value)
    wrong = {key for key, sheet in sheets.items() if sheet.form.errors} - taken
    typed = [s.typed(over=over.get(k, "")) for k, s in sheets.items() if k not in taken]
    with writing():
        version = actions.draft(assessment_id)
        saved = saving.save(version, typed, page=request.form.get("page", ""), by=actor())
        stored = {key: values_of(part) for key, part in parts_of(version).items()}
        place = refusal = ""
        if saved.whole and not wrong:
            place, refusal = _try(act, version, saved)
    session.expire_all()
    for key, sheet in sheets.items():
        sheet.stored = stored.get(key, {})
        if key in saved.early:
            sheet.tell_early()
        if key in saved.conflicts:
            sheet.between = differences(sheet)
        elif key in saved.kept or sheet.stored == sheet.form.values():
            sheet.base = sheet.print
    bases = {key: sheet.base for key, sheet in sheets.items()}
    return Outcome(
        place=place,
        refusal=refusal,
        bases=bases,
        unseen=bases != {key: print_of(values) for key, values in stored.items()},
        sheets={
            key: sheet
            for key, sheet in sheets.items()
            if key in wrong | saved.conflicts | saved.early and key in stored
        },
        gone=[sheets[key] for key in saved.gone],
    )


def _try(
    act: Callable[[Version, saving.Saved], str], version: Version, saved: saving.Saved
) -> tuple[str, str]:
    try:
        with session.begin_nested():
            return act(version, saved), ""
    except Refused as refused:  # what was typed stays kept
        return "", refused.sentence


def _publish(version: Version, saved: saving.Saved) -> str:
    seen = request.form.get("revision", 0, type=int) + bool(saved.kept)
    return str(actions.publish(version.assessment_id, revision=seen, by=actor()).number)


def _press(version: Version, saved: saving.Saved) -> str:
    for name, act in PRESSES.items():
        if value := request.form.get(name):
            return act(version, value)
    return next(iter(saved.kept)) if len(saved.kept) == 1 else ""


def _move(version: Version, key: str, by_places: int) -> str:
    of, _option, option = key.partition(OPTION)
    part = draft.part_of(version, of)
    if option and isinstance(part, Task):
        moving.move_option(version, part, option, by_places=by_places, by=actor())
    else:
        moving.move(version, part, by_places=by_places, by=actor())
    return key


def _place(version: Version, key: str) -> tuple[int, str]:
    """Where a part, or an option of a choice, stands among its like, from 0, and what it is called."""
    of, _option, option = key.partition(OPTION)
    part = draft.part_of(version, of)
    if option and isinstance(part, Task):
        return moving.option_of(part, option)
    if isinstance(part, Version):
        raise Missing
    return moving.place_of(version, part), part.name if isinstance(part, RubricLine) else part.title


def _drop(version: Version, value: str) -> str:
    """Let go of a part that was dragged, at a place among its like, counted from 0."""
    key, _space, place = value.partition(" ")
    was, _called = _place(version, key)
    if not place.isdecimal() or len(place) > 2:  # noqa: PLR2004  no page has a hundred
        raise Missing
    _move(version, key, int(place) - was)
    return f"{MOVED}{was}-{key}"


def _remove(version: Version, key: str) -> str:
    part = draft.part_of(version, key)
    beside = removing.next_to(version, part)
    of = next((f"{key_of(task)}-" for task in version.tasks if part in task.rubric), "")
    removing.remove(version, part, by=actor())
    return REMOVED + (key_of(beside) if beside else f"{of}more")


def _add_line(version: Version, key: str) -> str:
    return key_of(adding.add_line(version, _task(version, key), criterion_id=None, by=actor()))


def _add_keyed(version: Version, key: str) -> str:
    return key_of(adding.add_keyed_line(version, _task(version, key), by=actor()))


def _add_level(version: Version, key: str) -> str:
    line = _line(version, key)
    adding.add_level(version, line, by=actor())
    return f"{key}-levels-{len(line.levels) - 1}-sees"


def _drop_level(version: Version, key: str) -> str:
    adding.drop_level(version, _line(version, key), by=actor())
    return key


def _beside_up(version: Version, value: str) -> str:
    key, _space, material_id = value.partition(" ")
    moving.move_beside(version, _task(version, key), material_id, by=actor())
    return key


def _share(version: Version, key: str) -> str:
    if key == "version":
        marked = [task for task in version.tasks if task.marked]
        moving.share_evenly(version, marked, by=actor())
        return f"{key_of(marked[0])}-weight" if marked else ""
    rubric = _task(version, key).rubric
    moving.share_evenly(version, rubric, by=actor())
    return f"{key_of(rubric[0])}-weight" if rubric else key


PRESSES: dict[str, Callable[[Version, str], str]] = {
    "up": lambda version, key: _move(version, key, -1),
    "down": lambda version, key: _move(version, key, 1),
    "drop": _drop,
    "remove": _remove,
    "add-task": lambda version, kind: key_of(adding.add_task(version, kind, by=actor())),
    "add-line": _add_line,
    "add-keyed": _add_keyed,
    "add-level": _add_level,
    "drop-level": _drop_level,
    "add-material": lambda version, form: key_of(adding.add_material(version, form, by=actor())),
    "beside-up": _beside_up,
    "share": _share,
    "options": lambda version, key: f"{key}-options",  # kept already: their page has more lines
}


def _task(version: Version, key: str) -> Task:
    part = draft.part_of(version, key)
    if not isinstance(part, Task):
        raise Missing
    return part


def _line(version: Version, key: str) -> RubricLine:
    part = draft.part_of(version, key)
    if not isinstance(part, RubricLine):
        raise Missing
    return part


def _page(version: Version, outcome: Outcome) -> Response:
    needs, sheets = rules.needs(version), stored_sheets(version) | outcome.sheets
    bases, revision = {key: sheet.base for key, sheet in sheets.items()}, version.revision
    offer_waits(version, sheets)
    template = "assessments/draft.html"
    if wants_fragment():  # the fields stay as they are
        template, bases = "assessments/_saved.html", outcome.bases
        revision = request.form.get("revision", 0, type=int) if outcome.unseen else revision
    html = render_template(
        template,
        version=version,
        sheets=sheets,
        bases=bases,
        revision=revision,
        outcome=outcome,
        moved=_moved(version, outcome.place),
        taken_out=taken_out(version) if outcome.place.startswith(REMOVED) else "",
        page=uuid4().hex,
        needs=needs,
        ready=all(need.done for need in needs) and outcome.well,
        opened=opened(version, _inside(outcome.place)) | set(outcome.sheets),
        kinds=KINDS.values(),
        forms=FORM_ADDS,
        spelling=rules.SPELLING,
    )
    response = make_response(html, 200 if outcome.well else 422)
    response.vary.add("HX-Request-Type")
    return response


def _inside(place: str) -> str:
    """The place, and of what was dragged inside a task its own one, so that the task stands open still.

    So does the task that a criterion was taken out of; what stands beside a task that is gone stays folded.
    """
    key = place.removeprefix(REMOVED)
    if key != place:
        return key if key.startswith("line-") or key.endswith("-more") else ""
    key = place.removeprefix(MOVED).partition("-")[2] if place.startswith(MOVED) else place
    return key if key == place or OPTION in key or key.startswith("line-") else place


def _moved(version: Version, place: str) -> dict[str, str]:
    """What was dragged a moment ago, where it stands now, and what would put it back."""
    was, _dash, key = place.removeprefix(MOVED).partition("-")
    if not place.startswith(MOVED) or not was.isdecimal():
        return {}
    try:
        here, name = _place(version, key)
    except Missing:
        return {}
    return {
        "words": _("“%(name)s” stands at place %(n)s now.", name=name or _("Untitled"), n=here + 1),
        "back": f"{key} {was}",
    }


def _back(assessment_id: UUID, place: str) -> BaseResponse:
    """To the draft, at the place where the work goes on: its first field takes the focus."""
    pressed = next((name for name in ("up", "down") if name in request.form), None)
    here = url_for(
        "assessments.assessment", assessment_id=assessment_id, at=place or None, pressed=pressed
    )
    return redirect(f"{here}#{_field_at(place)}", 303)


def _field_at(place: str) -> str:
    """The field of a place: a part's own first field, or the very field that is named."""
    if place.startswith(REMOVED):
        return place.removeprefix(REMOVED)
    first = {"version": "title", "task": "title", "line": "name", "material": "title"}
    name = first.get(place.partition("-")[0])
    return f"{place}-{name}" if name and place.count("-") in {0, 5} else place
