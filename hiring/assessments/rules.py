"""What an assessment needs before it goes out, and what becomes of a save. Pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from hiring.assessments.kinds import kind_of
from hiring.assessments.models import (
    MAX_MINUTES,
    MIN_MINUTES,
    TABLES,
    RubricLine,
    Task,
    Version,
)
from hiring.assessments.shown import faults
from hiring.kernel.prints import print_of

MIN_LEVELS, MAX_LEVELS, KEYED_LEVELS = 3, 5, 2
MAX_TASKS, MAX_CRITERIA, MAX_MATERIALS = 12, 12, 20
ALL = 100  # what weights add up to
SPELLING = {  # what candidates are told about it until an author says more
    False: lazy_gettext("Spelling is not marked."),
    True: lazy_gettext("Spelling is marked."),
}

Fate = Literal["untouched", "kept", "conflict"]
Path = tuple[Any, ...]  # to a value in a part: ("title",), ("levels", 2, "sees")


@dataclass(frozen=True)
class Need:
    """One line of the checklist. `place` is where on the page it can be mended.

    A line that is done and has a place is advice: it can go out like this, and better not.
    """

    words: str
    done: bool
    place: str = ""


def needs(version: Version) -> list[Need]:
    """All that publishing asks for: a line for what is in order, a sentence for each thing that is not."""
    return [line for group in _groups(version) for line in group]


def is_ready(version: Version) -> bool:
    """Whether nothing is left to do before publishing."""
    return all(need.done for need in needs(version))


def minutes(version: Version) -> int:
    """The minutes of all tasks together."""
    return sum(task.minutes for task in version.tasks)


def fate(*, base: str, typed: Mapping[str, Any], stored: Mapping[str, Any], own: bool) -> Fate:
    """What becomes of a part that a page sends back.

    `base` is the print of the part as the page got it; `own`: the stored text came from that very
    page. Untouched parts are left alone, so that a page which never changed them undoes nothing.
    """
    if typed == stored or print_of(typed) == base:
        return "untouched"
    return "kept" if own or print_of(stored) == base else "conflict"


def fitting(
    typed: Mapping[str, Any], stored: Mapping[str, Any], unfit: Iterable[Path]
) -> dict[str, Any]:
    """What was typed, with what is stored in each place that cannot be kept: all else is saved.

    A level that is stored nowhere begins empty there.
    """
    values = deepcopy(dict(typed))
    for path in unfit:
        inside: Any = values
        kept: Any = stored
        for step in path[:-1]:
            inside, kept = inside[step], _inside(kept, step)
        inside[path[-1]] = kept.get(path[-1], "")
    return values


def levels_lack(name: str, levels: int, *, keyed: bool) -> str | None:
    """What is wrong with a criterion of so many levels, or None: three to five, two when by rule."""
    if keyed and levels != KEYED_LEVELS:
        return _("“%(name)s” is scored by rule and needs exactly two levels.", name=name)
    if not keyed and not MIN_LEVELS <= levels <= MAX_LEVELS:
        return _("“%(name)s” needs three to five levels.", name=name)
    return None


def may_open_after(task: Task, key: str, tasks: Sequence[Task]) -> bool:
    """Whether the task may wait for the one of that id: one before it, so that no two wait for each other."""
    return any(str(one.id) == key for one in tasks[: tasks.index(task)])


def too_early(tasks: Sequence[Task]) -> Task | None:
    """The first task that stands before the one it opens after."""
    for nth, task in enumerate(tasks):
        if task.opens_after and not any(task.opens_after is one for one in tasks[:nth]):
            return task
    return None


def _inside(values: Any, step: Any) -> Any:
    try:
        return values[step]
    except (KeyError, IndexError):
        return {}


def _groups(version: Version) -> Iterator[list[Need]]:
    yield _words(version)
    yield _minutes(version)
    yield _tasks(version.tasks)
    yield _kinds(version.tasks)
    yield _weights(version.tasks)
    yield _levels(version.tasks)
    yield _policies(version.tasks)
    yield [*_materials(version)]
    yield [*_alike(version.tasks)]
    yield [Need(sentence, False, field) for sentence, field in faults(version)]


def _words(version: Version) -> list[Need]:
    missing = []
    if not version.title:
        missing.append(Need(_("The assessment has no title."), False, "version-title"))
    if not version.lead:
        sentence = _("Candidates are not told yet what they will do: write the instructions.")
        missing.append(Need(sentence, False, "version-lead"))
    return missing or [Need(_("Title and instructions are written"), True)]


def _minutes(version: Version) -> list[Need]:
    """The tasks' minutes together are 20 to 60 and no more than the limit, which is 20 to 60 itself."""
    limit, used = version.limit_minutes, minutes(version)
    says = {"used": used, "limit": limit, "least": MIN_MINUTES, "most": MAX_MINUTES}
    missing = []
    if not MIN_MINUTES <= limit <= MAX_MINUTES:
        sentence = _("The limit is %(limit)s minutes; it must be %(least)s to %(most)s.", **says)
        missing.append(Need(sentence, False, "version-limit_minutes"))
    elif used > limit:
        sentence = _(
            "The tasks take %(used)s minutes together, %(over)s more than the limit of %(limit)s.",
            over=used - limit, **says,
        )  # fmt: skip
        missing.append(Need(sentence, False, "version-limit_minutes"))
    if 0 < used < MIN_MINUTES:
        sentence = ngettext(
            "The tasks take %(used)s minute together; it must be %(least)s to %(most)s.",
            "The tasks take %(used)s minutes together; it must be %(least)s to %(most)s.",
            used, **says,
        )  # fmt: skip
        missing.append(_need(version.tasks[0], sentence, "minutes"))
    if missing or not used:
        return missing
    sentence = _(
        "The tasks take %(used)s minutes together: %(least)s to %(most)s, within the limit of %(limit)s",
        **says,
    )  # fmt: skip
    return [Need(sentence, True)]


def _tasks(tasks: Sequence[Task]) -> list[Need]:
    if not tasks:
        return [Need(_("There is no task yet."), False, "more")]
    missing = []
    for task in tasks:
        if not task.title:
            missing.append(_need(task, _("Task %(n)s has no title.", n=task.position), "title"))
        if not task.prompt:
            missing.append(_need(task, _("Task %(n)s has no prompt.", n=task.position), "prompt"))
        if task.minutes < 1:
            missing.append(_need(task, _("Task %(n)s has no minutes.", n=task.position), "minutes"))
    if early := too_early(tasks):
        sentence = _("Task %(n)s waits for a task that does not come before it.", n=early.position)
        missing.append(_need(early, sentence, "opens_after"))
    if not any(task.marked for task in tasks):
        sentence = _("No task is marked: give one of them a criterion.")
        missing.append(_need(tasks[0], sentence, "more"))
    return missing or [Need(_("Each task has a title, a prompt and minutes"), True)]


def _kinds(tasks: Sequence[Task]) -> list[Need]:
    return [need for task in tasks for need in _kind(task)]


def _kind(task: Task) -> Iterator[Need]:
    kind = kind_of(task.kind)
    keyed = any(line.keyed for line in task.rubric)
    read = any(not line.keyed for line in task.rubric)
    for field, lack in kind.needs(task.settings, keyed=keyed, read=read):
        yield _need(task, _("Task %(n)s %(lack)s.", n=task.position, lack=lack), field)
    for field, advice in kind.advice(task.settings, read=read):
        sentence = _("Advice: task %(n)s %(advice)s.", n=task.position, advice=advice)
        yield Need(sentence, True, f"task-{task.id}-{field}")


def _weights(tasks: Sequence[Task]) -> list[Need]:
    missing = [need for task in tasks for need in _weights_of(task)]
    marked = [task for task in tasks if task.marked]
    total = sum(task.weight for task in marked)
    if marked and total != ALL:
        sentence = _(
            "The weights of the marked tasks add up to %(total)s, not to 100.", total=total
        )
        missing.append(Need(sentence, False, f"task-{marked[0].id}-weight"))
    if missing or not marked:
        return missing
    return [Need(_("Weights add up to 100"), True)]


def _weights_of(task: Task) -> list[Need]:
    if not task.rubric:
        return []
    if task.weight < 1:
        return [
            _need(task, _("Task %(n)s is marked and has no weight.", n=task.position), "weight")
        ]
    total = sum(line.weight for line in task.rubric)
    if total == ALL and all(line.weight > 0 for line in task.rubric):
        return []
    if total == ALL:
        sentence = _("Task %(n)s has a criterion without weight.", n=task.position)
    else:
        sentence = _(
            "The weights of the criteria of task %(n)s add up to %(total)s, not to 100.",
            n=task.position, total=total,
        )  # fmt: skip
    return [Need(sentence, False, f"line-{task.rubric[0].id}-weight")]


def _levels(tasks: Sequence[Task]) -> list[Need]:
    lines = [(task, line) for task in tasks for line in task.rubric]
    missing = [need for task, line in lines for need in _levels_of(task, line)]
    if missing or not lines:
        return missing
    return [Need(_("Every level has its two sentences"), True)]


def _levels_of(task: Task, line: RubricLine) -> Iterator[Need]:
    place = f"line-{line.id}-name"
    if not line.name:
        sentence = _("Criterion %(c)s of task %(n)s has no name.", c=line.position, n=task.position)
        yield Need(sentence, False, place)
    name = line.name or _("Criterion %(c)s", c=line.position)
    if lack := levels_lack(name, len(line.levels), keyed=line.keyed):
        yield Need(lack, False, place)
    empty = [level for level in line.levels if not (level.sees and level.told)]
    if empty:
        sentence = ngettext(
            "“%(name)s” lacks a sentence on %(num)s level.",
            "“%(name)s” lacks sentences on %(num)s levels.",
            len(empty),
            name=name,
        )
        side = "told" if empty[0].sees else "sees"
        yield Need(sentence, False, f"line-{line.id}-levels-{empty[0].number - 1}-{side}")


def _alike(tasks: Sequence[Task]) -> Iterator[Need]:
    """Levels that no reviewer could tell apart."""
    for line in (line for task in tasks for line in task.rubric):
        said = [" ".join(level.sees.casefold().split()) for level in line.levels]
        twin = next((n for n, text in enumerate(said) if text and text in said[:n]), None)
        if twin is not None:
            sentence = _(
                "Advice: levels %(one)s and %(two)s of “%(name)s” say the same to reviewers.",
                one=said.index(said[twin]) + 1, two=twin + 1, name=line.name,
            )  # fmt: skip
            yield Need(sentence, True, f"line-{line.id}-levels-{twin}-sees")


def _policies(tasks: Sequence[Task]) -> list[Need]:
    missing = []
    for task in tasks:
        for field, sentence in (
            ("ai_sentence", _("Task %(n)s does not say why its tools are allowed or not.", n=task.position)),
            ("spelling_sentence", _("Task %(n)s does not say whether spelling counts.", n=task.position)),
            ("phone_sentence", _("Task %(n)s does not say how it works on a phone.", n=task.position)),
        ):  # fmt: skip
            if not getattr(task, field):
                missing.append(_need(task, sentence, field))
        if task.spelling_sentence == SPELLING[not task.spelling_counts]:
            missing.append(_need(task, _contradicted(task), "spelling_sentence"))
    if missing or not tasks:
        return missing
    return [Need(_("Tools, spelling and phone are settled on each task"), True)]


def _contradicted(task: Task) -> str:
    n = task.position
    if task.spelling_counts:
        return _("Task %(n)s tells candidates that spelling is not marked, and it is.", n=n)
    return _("Task %(n)s tells candidates that spelling is marked, and it is not.", n=n)


def _materials(version: Version) -> Iterator[Need]:
    """Only what is wrong: a material that is read is nothing to speak of."""
    for material in version.materials:
        title = material.title or _("A material without a title")
        place = f"material-{material.id}-content"
        beside = any(material in task.materials for task in version.tasks)
        if beside and not material.content.strip():
            yield Need(_("“%(title)s” is empty.", title=title), False, place)
        if not beside:
            advice = _("Advice: “%(title)s” lies beside no task, so nobody reads it.", title=title)
            yield Need(advice, True, place)
        if material.form in TABLES and (left_out := material.table.left_out):
            sentence = ngettext(
                "“%(title)s” has %(rows)s row more than a page can show; shorten it.",
                "“%(title)s” has %(rows)s rows more than a page can show; shorten it.",
                left_out, rows=f"{left_out:,}", title=title,
            )  # fmt: skip
            yield Need(sentence, False, place)


def _need(task: Task, sentence: str, field: str = "") -> Need:
    return Need(sentence, False, f"task-{task.id}" + (f"-{field}" if field else ""))
