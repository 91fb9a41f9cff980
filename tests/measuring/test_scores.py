"""The arithmetic of scores, by its examples and by what must hold for all of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.measuring.scores import level_score, mean_score, share_scored, weighted_score

LEVELS = st.integers(2, 5)
MARKS = LEVELS.flatmap(
    lambda levels: st.lists(
        st.tuples(st.none() | st.integers(1, levels), st.just(levels)), max_size=6
    )
)
SCORES = st.fractions(0, 100)
PARTS = st.lists(st.tuples(st.integers(0, 50), st.none() | SCORES), max_size=6)


def test_four_levels_stand_at_0_33_67_and_100() -> None:
    assert [round(level_score(level, 4)) for level in (1, 2, 3, 4)] == [0, 33, 67, 100]


@pytest.mark.parametrize(("level", "levels"), [(0, 4), (5, 4), (-1, 3), (1, 1), (1, 0)])
def test_a_level_that_is_not_on_the_scale_has_no_score(level: int, levels: int) -> None:
    with pytest.raises(ValueError, match="no level"):
        level_score(level, levels)


def test_cannot_judge_is_a_missing_mark_and_not_a_zero() -> None:
    assert mean_score([(None, 4), (4, 4)]) == 100
    assert mean_score([(None, 4), (None, 4)]) is None
    assert mean_score([]) is None


def test_a_score_weighs_its_parts_and_leaves_out_the_missing_ones() -> None:
    assert weighted_score([(3, Fraction(100)), (1, Fraction(0))]) == 75
    assert weighted_score([(3, Fraction(100)), (1, None)]) == 100
    assert weighted_score([(3, None), (0, Fraction(5))]) is None


def test_the_share_says_how_much_of_the_weight_has_a_score() -> None:
    assert share_scored([(3, Fraction(100)), (1, None)]) == Fraction(3, 4)
    assert share_scored([(0, None)]) == 1
    assert share_scored([]) == 1


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="weight"):
        weighted_score([(-1, Fraction(1))])


@given(LEVELS)
def test_levels_stand_evenly_between_0_and_100(levels: int) -> None:
    scores = [level_score(level, levels) for level in range(1, levels + 1)]
    assert (scores[0], scores[-1]) == (0, 100)
    assert len({after - before for before, after in zip(scores, scores[1:], strict=False)}) == 1


@given(MARKS, st.randoms())
def test_the_order_of_marks_changes_nothing(
    marks: list[tuple[int | None, int]], order: object
) -> None:
    shuffled = list(marks)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert mean_score(shuffled) == mean_score(marks)


@given(MARKS)
def test_a_mean_lies_among_its_marks(marks: list[tuple[int | None, int]]) -> None:
    points = [level_score(level, levels) for level, levels in marks if level is not None]
    mean = mean_score(marks)
    assert mean is None if not points else mean is not None and min(points) <= mean <= max(points)


@given(PARTS, st.integers(1, 9))
def test_only_the_proportion_of_weights_counts(
    parts: list[tuple[int, Fraction | None]], times: int
) -> None:
    larger = [(weight * times, score) for weight, score in parts]
    assert weighted_score(larger) == weighted_score(parts)
    assert share_scored(larger) == share_scored(parts)


@given(PARTS)
def test_a_part_that_is_missing_or_weighs_nothing_changes_nothing(
    parts: list[tuple[int, Fraction | None]],
) -> None:
    assert weighted_score([*parts, (7, None), (0, Fraction(100))]) == weighted_score(parts)


@given(st.lists(st.tuples(st.integers(1, 50), SCORES), min_size=1, max_size=6), SCORES)
def test_a_better_part_never_lowers_a_score(
    parts: list[tuple[int, Fraction]], better: Fraction
) -> None:
    weight, score = parts[0]
    raised = weighted_score([(weight, max(score, better)), *parts[1:]])
    before = weighted_score(parts)
    assert raised is not None
    assert before is not None
    assert raised >= before
