"""Writing on a draft: saving its parts, adding, moving and taking out, and putting back.

Every function wants the locked draft of `actions.draft` and leaves it with a new revision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from hiring.assessments import bundles
from hiring.assessments.actions import shelve
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import FORMS, Level, Material, RubricLine, Task, Version
from hiring.assessments.parts import Part, give, lay_beside, parts_of, values_of
from hiring.assessments.queries import latest_use
from hiring.assessments.rules import (
    ALL,
    KEYED_LEVELS,
    MAX_CRITERIA,
    MAX_LEVELS,
    MAX_MATERIALS,
    MAX_TASKS,
    MIN_LEVELS,
    SPELLING,
    Path,
    fate,
    fitting,
    may_open_after,
    print_of,
    too_early,
)
from hiring.assessments.shelf import general_of
from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.refusals import Missing, Refused

NEW_LEVELS = 4


@dataclass(frozen=True)
class Typed:
    """A part as a page sends it. `base` is the print of what the page was made from.

    `unfit`: the places in it that cannot be kept. `over`: the print of a text that came between and
    that the page has shown: it is saved over that one, and over no newer one.
    """

    key: str
    values: Mapping[str, Any]
    base: str
    unfit: Sequence[Path] = ()
    over: str = ""


@dataclass
class Saved:
    """What became of a save. `gone`: parts that were taken out elsewhere, with text typed into them.

    `early`: tasks that should wait for one that does not come before them: they open when they did.
    """

    kept: set[str] = field(default_factory=set)
    conflicts: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        return not (self.conflicts or self.gone or self.early)


def save(version: Version, typed: Sequence[Typed], *, page: str, by: UUID) -> Saved:
    """Keep what fits of each part that the page changed, unless someone else changed it since.

    `page` is the page's own name: what it saved before is never in its way.
    """
    parts, saved = parts_of(version), Saved()
    for one in typed:
        part = parts.get(one.key)
        if part is None:
            if print_of(one.values) != one.base:
                saved.gone.add(one.key)
            continue
        stored = values_of(part)
        values = fitting(one.values, stored, one.unfit)
        own = part.saved_in == page or one.over == print_of(stored)
        becomes = fate(base=one.base, typed=values, stored=stored, own=own)
        if becomes == "conflict":
            saved.conflicts.add(one.key)
        elif becomes == "kept":
            if isinstance(part, Task) and not _in_order(version, part, values["opens_after"]):
                values["opens_after"] = stored["opens_after"]
                saved.early.add(one.key)
            give(part, values)
            part.saved_in = page
            saved.kept.add(one.key)
    if saved.kept:
        _touch(version, by)
    return saved


def part_of(version: Version, key: str) -> Part:
    """The part of that key. Raises Missing."""
    try:
        return parts_of(version)[key]
    except KeyError:
        raise Missing from None


def add_task(version: Version, kind_name: str, *, by: UUID) -> Task:
    """A new task at the end, with what most tasks say about tools, spelling and phones."""
    _room(version.tasks, MAX_TASKS, _("Twelve tasks are the most that fit into an hour."))
    kind = kind_of(kind_name)
    task = Task(
        kind=kind.name, title="", prompt="", minutes=10, settings=kind.new_settings(),
        weight=max(0, ALL - sum(task.weight for task in version.tasks)),
        ai_policy="free",
        ai_sentence=_("Use what you like, as you would on the job; saying so never lowers a mark."),
        spelling_counts=False, spelling_sentence=str(SPELLING[False]),
        phone_sentence=_("Works well on a phone."), position=len(version.tasks) + 1,
    )  # fmt: skip
    version.tasks.append(task)
    if kind.may_be_keyed:
        _add_keyed(task)
    _touch(version, by)
    session.flush()
    return task


def add_line(version: Version, task: Task, *, criterion_id: UUID | None, by: UUID) -> RubricLine:
    """A new criterion: as it was anchored last when it comes from the shelf, else with empty levels."""
    if criterion_id is None:
        empty = [{"sees": "", "told": ""}] * NEW_LEVELS
        content = {"criterion": str(shelve("").id), "name": "", "levels": empty}
        return _add_line(version, task, content, by=by)
    source = latest_use(criterion_id)
    if source is None or source.keyed:
        raise Missing
    return _add_line(version, task, bundles.plain_line(source), by=by)


def add_general_line(version: Version, task: Task, slug: str, *, by: UUID) -> RubricLine:
    """A shipped criterion of that slug, in its general words. Raises Missing when there is none."""
    given = general_of(slug)
    if given is None:
        raise Missing
    levels = [{"sees": sees, "told": told} for sees, told in given.levels]
    key = str(shelve(given.name, slug=slug).id)
    content = {"criterion": key, "name": given.name, "levels": levels}
    return _add_line(version, task, content, by=by)


def _add_line(version: Version, task: Task, content: dict[str, Any], *, by: UUID) -> RubricLine:
    _room(task.rubric, MAX_CRITERIA, _("Twelve criteria are the most that a reviewer can hold."))
    if any(str(line.criterion_id) == content["criterion"] for line in task.rubric):
        raise Refused(_("This criterion is on the task already."))
    weight = max(0, ALL - sum(line.weight for line in task.rubric))
    given = {**content, "keyed": False, "weight": weight}
    line = bundles.line_of(given, position=len(task.rubric) + 1)
    task.rubric.append(line)
    _touch(version, by)
    session.flush()
    return line


def add_keyed_line(version: Version, task: Task, *, by: UUID) -> RubricLine:
    """The criterion that is scored by rule, for a kind that can have one, once."""
    if not kind_of(task.kind).may_be_keyed or any(line.keyed for line in task.rubric):
        raise Missing
    line = _add_keyed(task)
    _touch(version, by)
    session.flush()
    return line


def add_level(version: Version, line: RubricLine, *, by: UUID) -> None:
    """One more level on top."""
    if line.keyed or len(line.levels) >= MAX_LEVELS:
        raise Refused(_("Five levels are the most that stay apart."))
    line.levels.append(Level(number=len(line.levels) + 1))
    line.saved_in = ""  # no page has it like this: one that saved it before is in the way now
    _touch(version, by)


def drop_level(version: Version, line: RubricLine, *, by: UUID) -> None:
    """Take the top level away, when it is empty or more than the least remain."""
    if line.keyed or len(line.levels) <= MIN_LEVELS:
        raise Refused(
            _("Three levels are the least: what is missing, what is right, what is more.")
        )
    line.levels.pop()
    line.saved_in = ""
    _touch(version, by)


def add_material(version: Version, form: str, *, by: UUID) -> Material:
    """A new material, beside no task yet."""
    if form not in FORMS:
        raise Missing
    _room(version.materials, MAX_MATERIALS, _("Twenty materials are the most."))
    material = Material(form=form, position=len(version.materials) + 1)
    version.materials.append(material)
    _touch(version, by)
    session.flush()
    return material


def move(version: Version, part: Part, *, by_places: int, by: UUID) -> None:
    """Move a part among its like, by one place up (−1) or down (1).

    Raises Refused where a task would come before the one it opens after.
    """
    siblings = _siblings(version, part)
    here = siblings.index(part)
    there = min(max(here + by_places, 0), len(siblings) - 1)
    if isinstance(part, Task):
        _refuse_early([*siblings], here, there)
    siblings.insert(there, siblings.pop(here))
    _number(siblings)
    _touch(version, by)


def place_of(version: Version, part: Part) -> int:
    """Where a part stands among its like, from 0."""
    return _siblings(version, part).index(part)


def option_of(task: Task, key: str) -> tuple[int, str]:
    """Where an option of a choice stands among the others, from 0, and its text. Raises Missing."""
    for place, option in enumerate(task.settings.get("options", ())):
        if option["key"] == key:
            return place, option["text"]
    raise Missing


def move_option(version: Version, task: Task, key: str, *, by_places: int, by: UUID) -> None:
    """Move an option of a choice among the others, up (negative) or down. Raises Missing."""
    here, options = option_of(task, key)[0], list(task.settings["options"])
    options.insert(max(here + by_places, 0), options.pop(here))
    task.settings = {**task.settings, "options": options}
    task.saved_in = ""  # no page has it like this
    _touch(version, by)


def move_beside(version: Version, task: Task, material_id: str, *, by: UUID) -> None:
    """Move a material one place earlier in the order of one task."""
    keys = [str(place.material_id) for place in task.beside]
    if material_id not in keys:
        raise Missing
    here = keys.index(material_id)
    keys.insert(max(here - 1, 0), keys.pop(here))
    lay_beside(task, keys)
    _touch(version, by)


def remove(version: Version, part: Part, *, by: UUID) -> None:
    """Take a part out. The last one taken out can be put back."""
    siblings = _siblings(version, part)
    version.removed = {"at": siblings.index(part), **_what_goes(version, part)}
    if isinstance(part, Material):
        for task in version.tasks:
            lay_beside(task, [key for key in _beside(task) if key != str(part.id)])
    if isinstance(part, Task):
        for task in _waiting(version, part):
            task.opens_after = None
    siblings.remove(part)
    _number(siblings)
    _touch(version, by)


def put_back(version: Version, *, by: UUID) -> Part:
    """Put back what was taken out last. Raises Refused when it is back already or its task is gone."""
    gone = version.removed
    if gone is None:
        raise Refused(_("Everything that was taken out is back already."))
    siblings, part = _what_comes_back(version, gone)
    siblings.insert(min(gone["at"], len(siblings)), part)
    _number(siblings)
    session.flush()
    for task in version.tasks:
        if str(task.id) not in gone.get("tasks", ()):
            continue
        if isinstance(part, Material):
            lay_beside(task, [*_beside(task), str(part.id)])
        elif isinstance(part, Task):
            task.opens_after = part
    while early := too_early(version.tasks):  # they were moved while it was out
        early.opens_after = None
    version.removed = None
    _touch(version, by)
    return part


def share_evenly(version: Version, parts: Sequence[Task | RubricLine], *, by: UUID) -> None:
    """Give parts the same weight, so that they add up to 100; the first ones take what is left over."""
    for nth, part in enumerate(parts):
        part.weight = ALL // len(parts) + (nth < ALL % len(parts))
        part.saved_in = ""
    _touch(version, by)


def _add_keyed(task: Task) -> RubricLine:
    line = RubricLine(
        criterion_id=shelve("").id, position=1, name=_("The right choice"), keyed=True,
        weight=max(0, ALL - sum(line.weight for line in task.rubric)),
        levels=[Level(number=n) for n in range(1, KEYED_LEVELS + 1)],
    )  # fmt: skip
    wrong, right = line.levels
    wrong.sees, wrong.told = _("Chose another option."), _("You chose another option.")
    right.sees, right.told = _("Chose what the rule counts."), _("You chose what the rule counts.")
    task.rubric.insert(0, line)
    _number(task.rubric)
    return line


def _siblings(version: Version, part: Part) -> list[Any]:
    match part:
        case Task():
            return version.tasks
        case Material():
            return version.materials
        case RubricLine():
            return next(task.rubric for task in version.tasks if part in task.rubric)
        case Version():
            raise Missing


def _what_goes(version: Version, part: Part) -> dict[str, Any]:
    match part:
        case Task():
            waiting = [str(task.id) for task in _waiting(version, part)]
            return {"what": "task", "content": bundles.plain_task(part), "tasks": waiting}
        case Material():
            tasks = [str(task.id) for task in version.tasks if part in task.materials]
            return {"what": "material", "content": bundles.plain_material(part), "tasks": tasks}
        case RubricLine():
            of = str(part.task_id)
            return {"what": "line", "content": bundles.plain_line(part), "of": of}
        case Version():
            raise Missing


def _what_comes_back(version: Version, gone: Mapping[str, Any]) -> tuple[list[Any], Part]:
    content, at = gone["content"], gone["at"] + 1
    if gone["what"] == "task":
        materials = {str(material.id): material for material in version.materials}
        back = bundles.task_of(content, position=at, materials=materials)
        back.opens_after = _task(version, content.get("opens_after"))
        return version.tasks, back
    if gone["what"] == "material":
        return version.materials, bundles.material_of(content, position=at)
    task = _task(version, gone["of"])
    if task is None:
        raise Refused(_("The task it belonged to is gone too."))
    if any(str(line.criterion_id) == content["criterion"] for line in task.rubric):
        raise Refused(_("This criterion is on the task already."))
    return task.rubric, bundles.line_of(content, position=at)


def _task(version: Version, key: str | None) -> Task | None:
    return next((task for task in version.tasks if str(task.id) == key), None)


def _waiting(version: Version, part: Task) -> list[Task]:
    return [task for task in version.tasks if task.opens_after is part]


def _in_order(version: Version, task: Task, key: str) -> bool:
    return not key or may_open_after(task, key, version.tasks)


def _refuse_early(tasks: list[Task], here: int, there: int) -> None:
    tasks.insert(there, tasks.pop(here))
    early = too_early(tasks)
    if early and early.opens_after:
        raise Refused(
            _(
                "Task %(n)s opens after task %(first)s, so it stays behind it. "
                "Let it open at once, and move it then.",
                n=early.position,
                first=early.opens_after.position,
            )
        )


def _beside(task: Task) -> list[str]:
    return [str(place.material_id) for place in task.beside]


def _number(parts: Sequence[Task | RubricLine | Material]) -> None:
    for nth, part in enumerate(parts, start=1):
        part.position = nth


def _room(parts: Sequence[object], most: int, sentence: str) -> None:
    if len(parts) >= most:
        raise Refused(sentence)


def _touch(version: Version, by: UUID) -> None:
    version.revision += 1
    version.saved_at, version.saved_by = now(), by
