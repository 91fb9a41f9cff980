"""Where a person stands: from the levels that their answers were given to one raw mean of 0 to 100.

Pure and exact: weights and levels are whole numbers, so means are fractions, and the order in which
marks come cannot change a printed decimal. People whose printed means are equal stand in one group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from hiring.measuring.scores import Score, level_score, mean_score, weighted_score

Whoever = TypeVar("Whoever")


@dataclass(frozen=True)
class Line:
    """A line of the rubric as the arithmetic sees it; `sentences` has one for each level, lowest first."""

    id: UUID
    task_id: UUID
    task: str
    task_weight: int
    criterion: str
    weight: int
    keyed: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """A level given to one answer on one line; `level` is None for *cannot judge*."""

    mark_id: UUID
    answer_id: UUID
    line_id: UUID
    level: int | None
    by_rule: bool
    account_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True)
class Read:
    """An answer as marking sees it. `wants_person`: something in it is for a reviewer."""

    id: UUID
    task_id: UUID
    empty: bool
    wants_person: bool


@dataclass(frozen=True)
class Strip:
    """The marks on one line: how many on each level, the lowest first, and how many *cannot judge*."""

    line: Line
    counts: tuple[int, ...]
    cannot: int
    by_rule: bool

    @property
    def middle(self) -> int | None:
        """The level of the middle mark, the lower one of two; None without marks."""
        levels = [n for n, count in enumerate(self.counts, start=1) for _ in range(count)]
        return levels[(len(levels) - 1) // 2] if levels else None


@dataclass(frozen=True)
class Standing:
    """Where one person stands. `raw_mean` is None until a reviewer has read every answer that wants one."""

    raw_mean: Score | None
    marks: int
    by_rule: int
    cannot: int
    short: int  # reviews that answers still lack
    empty_tasks: tuple[str, ...]
    strips: tuple[Strip, ...]

    @property
    def ruled(self) -> bool:
        """Whether every level was given by rule: no reviewer's mark is in it."""
        return self.by_rule > 0 and not self.marks

    @property
    def printed(self) -> str:
        """The mean as it is printed, halves rounded up; empty when there is none."""
        return "" if self.raw_mean is None else printed(self.raw_mean)


def standing_of(
    lines: Sequence[Line], answers: Sequence[Read], given: Sequence[Given], *, wanted: int
) -> Standing:
    """One person's standing from their answers of a step and all levels given to them."""
    people = [g for g in given if not g.by_rule]
    read_by = _readers(people)
    wanting = [a for a in answers if a.wants_person]
    read = bool(answers) and all(read_by[a.id] for a in wanting)
    return Standing(
        raw_mean=raw_mean(lines, given) if read else None,
        marks=sum(g.level is not None for g in people),
        by_rule=len(given) - len(people),
        cannot=sum(g.level is None for g in people),
        short=sum(max(0, wanted - len(read_by[a.id])) for a in wanting),
        empty_tasks=_empty_tasks(lines, answers),
        strips=tuple(_strip(line, given) for line in lines),
    )


def raw_mean(lines: Sequence[Line], given: Sequence[Given]) -> Score | None:
    """Levels → criteria → tasks → step, each the weighted mean of what is not missing; 0 to 100."""
    tasks: dict[UUID, list[tuple[int, Score | None]]] = defaultdict(list)
    weights = {line.task_id: line.task_weight for line in lines}
    for line in lines:
        levels = [(g.level, len(line.sentences)) for g in given if g.line_id == line.id]
        tasks[line.task_id].append((line.weight, mean_score(levels)))
    return weighted_score((weights[id], weighted_score(parts)) for id, parts in tasks.items())


def _readers(given: Iterable[Given]) -> defaultdict[UUID, set[UUID | None]]:
    readers: defaultdict[UUID, set[UUID | None]] = defaultdict(set)
    for one in given:
        readers[one.answer_id].add(one.account_id)
    return readers


def _empty_tasks(lines: Sequence[Line], answers: Sequence[Read]) -> tuple[str, ...]:
    names = {line.task_id: line.task for line in lines}
    return tuple(names[a.task_id] for a in answers if a.empty and a.task_id in names)


def _strip(line: Line, given: Sequence[Given]) -> Strip:
    here = [g for g in given if g.line_id == line.id]
    levels = range(1, len(line.sentences) + 1)
    return Strip(
        line=line,
        counts=tuple(sum(g.level == level for g in here) for level in levels),
        cannot=sum(g.level is None for g in here),
        by_rule=bool(here) and all(g.by_rule for g in here),
    )


def printed(mean: Score) -> str:
    """One decimal, halves rounded up, exactly."""
    tenths = (mean * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"


def stops(lines: Sequence[Line]) -> tuple[Score, ...]:
    """The scores that the levels of these lines can have: the grid of the figure."""
    return tuple(
        sorted({level_score(n, len(line.sentences)) for line in lines for n in _levels(line)})
    )


def dots(lines: Sequence[Line], standing: Standing) -> tuple[int, ...]:
    """How many levels were given at each of the stops."""
    at: defaultdict[Score, int] = defaultdict(int)
    for strip in standing.strips:
        for level, count in enumerate(strip.counts, start=1):
            at[level_score(level, len(strip.counts))] += count
    return tuple(at[stop] for stop in stops(lines))


def _levels(line: Line) -> range:
    return range(1, len(line.sentences) + 1)


def share(line: Line, lines: Sequence[Line]) -> Fraction:
    """What part of the step this line weighs when nothing is missing."""
    in_task = sum(other.weight for other in lines if other.task_id == line.task_id)
    tasks = {other.task_id: other.task_weight for other in lines}
    return Fraction(line.weight, in_task or 1) * Fraction(
        line.task_weight, sum(tasks.values()) or 1
    )


def grouped(
    people: Iterable[Whoever],
    *,
    standing: Callable[[Whoever], Standing],
    alias: Callable[[Whoever], str],
) -> list[list[Whoever]]:
    """Groups of equal printed mean, the highest first; inside one, the order of aliases, which says nothing.

    Whoever has no mean yet stands in the last group.
    """

    def place(one: Whoever) -> float:
        mean = standing(one).printed
        return -float(mean) if mean else 1.0

    ordered = sorted(people, key=lambda one: (place(one), alias(one)))
    return [list(group) for _, group in groupby(ordered, key=place)]


def apart(lines: Sequence[Line], given: Sequence[Given]) -> tuple[int, ...]:
    """How many pairs of two people's marks of one answer and line lie 0, 1, 2 … levels apart."""
    most = max((len(line.sentences) for line in lines), default=1)
    found = [0] * most
    together: dict[tuple[UUID, UUID], list[int]] = defaultdict(list)
    for one in given:
        if one.level is not None and not one.by_rule:
            together[one.answer_id, one.line_id].append(one.level)
    for levels in together.values():
        for n, first in enumerate(levels):
            for second in levels[n + 1 :]:
                found[abs(first - second)] += 1
    return tuple(found)
