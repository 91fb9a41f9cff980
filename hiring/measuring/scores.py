"""From levels to scores: the arithmetic that stands in product.md, "Scoring arithmetic", and no more.

Scores are points from 0 to 100, kept as exact fractions: people with equal means stand in one group,
and whether two means are equal must not hang on the order in which they were added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Score = Fraction
Part = tuple[int, Score | None]  # weight, and the score when there is one


def level_score(level: int, levels: int) -> Score:
    """Points of level `level` out of `levels`: 100·(l − 1)/(L − 1).

    Raises ValueError for a level that is not on the scale, or a scale of fewer than two levels.
    """
    if not 1 <= level <= levels or levels < 2:  # noqa: PLR2004
        raise ValueError(f"There is no level {level} of {levels}.")
    return Fraction(100 * (level - 1), levels - 1)


def mean_score(marks: Iterable[tuple[int | None, int]]) -> Score | None:
    """Mean points of the marks on one criterion, each (level, levels of its scale).

    A level that is None is *cannot judge*: a missing mark, not a zero. None when no mark is left.
    """
    points = [level_score(level, levels) for level, levels in marks if level is not None]
    return sum(points, start=Fraction(0)) / len(points) if points else None


def weighted_score(parts: Iterable[Part]) -> Score | None:
    """Weighted mean of criteria (a task's score) or of tasks (a step's), weights normalised.

    A part without a score is left out and the weights of the others are normalised anew; how much
    is missing says `share_scored`. None when no part with a weight has a score.
    """
    known = [(weight, score) for weight, score in _weighed(parts) if score is not None]
    whole = sum(weight for weight, _ in known)
    return (
        sum((weight * score for weight, score in known), start=Fraction(0)) / whole
        if whole
        else None
    )


def share_scored(parts: Iterable[Part]) -> Fraction:
    """The share of the weight, 0 to 1, that has a score; 1 when nothing carries a weight."""
    weighed = _weighed(parts)
    whole = sum(weight for weight, _ in weighed)
    known = sum(weight for weight, score in weighed if score is not None)
    return Fraction(known, whole) if whole else Fraction(1)


def _weighed(parts: Iterable[Part]) -> list[Part]:
    kept = [part for part in parts if part[0]]
    if any(weight < 0 for weight, _ in kept):
        raise ValueError("A weight is zero or more.")
    return kept
