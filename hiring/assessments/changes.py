"""What differs between two versions, part by part and word by word, to be laid side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from flask_babel import gettext as _

from hiring.assessments.kinds import kind_of
from hiring.assessments.models import Material, RubricLine, Task, Version

MOST_PIECES = 3000  # of a text that are compared: beyond, lines are, and beyond that the whole
One = TypeVar("One")
Facts = dict[str, str]
Piece = tuple[str, bool]  # a stretch of text, and whether both have it


@dataclass(frozen=True)
class Change:
    """One place that says something else now."""

    name: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class Changed:
    """A part that differs. `state`: changed, added or removed; what was added or removed is told by name."""

    title: str
    state: str
    changes: list[Change]


def changes_between(before: Version, after: Version) -> list[Changed]:
    """The parts in which two versions differ, in the order in which one reads them; none when they are alike.

    Tasks and materials are paired by their titles and then by their places, criteria by their identity.
    """
    found = [_changed(_("Instructions"), _of_version(before), _of_version(after))]
    for old, new in _pairs(before.tasks, after.tasks, by=lambda task: task.title):
        found.append(_part(old, new, _("Task"), _of_task))
        if old and new:
            found += _rubric(old, new)
    for sheet, then in _pairs(before.materials, after.materials, by=lambda one: one.title):
        found.append(_part(sheet, then, _("Material"), _of_material))
    return [part for part in found if part.changes or part.state != "changed"]


def _rubric(old: Task, new: Task) -> list[Changed]:
    pairs = _pairs(old.rubric, new.rubric, by=lambda line: line.criterion_id, by_place=False)
    return [_part(line, then, _("Criterion"), _of_line) for line, then in pairs]


def _pairs(
    before: Sequence[One],
    after: Sequence[One],
    *,
    by: Callable[[One], Hashable],
    by_place: bool = True,
) -> Iterator[tuple[One | None, One | None]]:
    """Those of one key together, in the order of `after`; then, if so wished, those left over by place."""
    left, same = list(before), dict[int, One]()
    for nth, one in enumerate(after):
        twin = next((old for old in left if by(old) == by(one)), None)
        if twin is not None:
            left.remove(twin)
            same[nth] = twin
    for nth, one in enumerate(after):
        yield same.get(nth) or (left.pop(0) if left and by_place else None), one
    for one in left:
        yield one, None


def _part(old: One | None, new: One | None, kind: str, facts: Callable[[One], Facts]) -> Changed:
    before, after = facts(old) if old else {}, facts(new) if new else {}
    title = f"{kind}: {next(iter((after or before).values())) or _('Untitled')}"
    if old is None or new is None:
        return Changed(title, "added" if old is None else "removed", [])
    return _changed(title, before, after)


def _changed(title: str, before: Facts, after: Facts) -> Changed:
    names = [*after, *(name for name in before if name not in after)]
    pairs = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return Changed(title, "changed", [Change(n, *pieces(b, a)) for n, b, a in pairs if b != a])


def pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they begin to differ or to agree, by words."""
    for cut in (r"\S+\s*|\s+", r"[^\n]*\n|[^\n]+$"):
        old, new = re.findall(cut, before), re.findall(cut, after)
        if max(len(old), len(new)) <= MOST_PIECES:
            return _matched(old, new)
    return [(before, False)], [(after, False)]


def _matched(old: list[str], new: list[str]) -> tuple[list[Piece], list[Piece]]:
    left: list[Piece] = []
    right: list[Piece] = []
    keys = [[_key(word) for word in words] for words in (old, new)]
    for tag, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if a < b:
            left.append(("".join(old[a:b]), tag == "equal"))
        if c < d:
            right.append(("".join(new[c:d]), tag == "equal"))
    return left, right


def _key(word: str) -> str:
    """A word without the space after it, by which the last word of a text differs from itself."""
    return word.rstrip() + "\n" * word.count("\n")


def _of_version(version: Version) -> Facts:
    return {
        _("Title"): version.title,
        _("Minutes"): str(version.limit_minutes),
        _("For colleagues"): version.summary,
        _("What candidates are told"): version.lead,
    }


def _of_task(task: Task) -> Facts:
    kind, after = kind_of(task.kind), task.opens_after
    spelling = _("marked") if task.spelling_counts else _("not marked")
    return {
        _("Title"): task.title,
        _("Line under the title"): task.teaser,
        _("Kind"): str(kind.label),
        _("Minutes"): str(task.minutes),
        _("Weight"): f"{task.weight} %",
        _("Opens after"): after.title if after else "",
        _("Prompt"): task.prompt,
        **kind.facts(task.settings),
        _("Tools and AI"): f"{task.ai_policy}: {task.ai_sentence}",
        _("Spelling"): f"{spelling}: {task.spelling_sentence}",
        _("On a phone"): task.phone_sentence,
        _("Beside it"): ", ".join(material.title for material in task.materials),
    }


def _of_line(line: RubricLine) -> Facts:
    facts = {_("Criterion"): line.name, _("Weight"): f"{line.weight} %"}
    for level in line.levels:
        facts[_("Level %(number)s, what reviewers see", number=level.number)] = level.sees
        facts[_("Level %(number)s, what candidates are told", number=level.number)] = level.told
    return facts


def _of_material(material: Material) -> Facts:
    return {
        _("Title"): material.title,
        _("Note"): material.note,
        _("Form"): material.form,
        _("Content"): material.content,
    }
