"""From marks to means, checked against numbers worked out by hand, and against what must always hold."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.shortlists.shortlist import shown
from hiring.shortlists.standing import (
    Given,
    Line,
    Read,
    Standing,
    apart,
    grouped,
    printed,
    raw_mean,
    share,
    standing_of,
    stops,
)
from tests.shortlists.cast import shortlist, uid

FOUR, TWO = ("a", "b", "c", "d"), ("no", "yes")


def line(name: str, *, task: str, weight: int, of: int, sentences: tuple[str, ...] = FOUR) -> Line:
    return Line(uid(name), uid(task), task, of, name, weight, sentences == TWO, sentences)


KEYED = line("key", task="choose", weight=40, of=25, sentences=TWO)
REASON = line("reason", task="choose", weight=60, of=25)
TONE = line("tone", task="write", weight=30, of=75)
FACTS = line("facts", task="write", weight=70, of=75)
LINES = (KEYED, REASON, TONE, FACTS)
CHOOSE, WRITE = (
    Read(uid("a1"), uid("choose"), False, True),
    Read(uid("a2"), uid("write"), False, True),
)


def mark(line: Line, level: int | None, by: str = "") -> Given:
    answer = CHOOSE if line.task_id == CHOOSE.task_id else WRITE
    id = uid(line.id, by, level)
    return Given(id, answer.id, line.id, level, not by, uid(by) if by else None)


MARKS = [
    mark(KEYED, 2),
    *(mark(REASON, 3, "vic"), mark(REASON, 4, "wen")),
    *(mark(TONE, 2, "vic"), mark(TONE, 2, "zia")),
    *(mark(FACTS, 4, "vic"), mark(FACTS, 3, "zia")),
]


def test_levels_go_through_criteria_and_tasks_by_their_weights() -> None:
    # choose: key 100, reason (66 2/3 + 100) / 2 = 83 1/3; .4 × 100 + .6 × 83 1/3 = 90
    # write: tone 33 1/3, facts 83 1/3; .3 × 33 1/3 + .7 × 83 1/3 = 68 1/3
    # step: .25 × 90 + .75 × 68 1/3 = 73.75, printed with halves rounded up
    assert raw_mean(LINES, MARKS) == Fraction("73.75")
    standing = standing_of(LINES, [CHOOSE, WRITE], MARKS, wanted=2)
    assert (standing.printed, standing.marks, standing.by_rule, standing.short) == ("73.8", 6, 1, 0)


def test_cannot_judge_is_missing_and_not_a_zero() -> None:
    marks = [*MARKS[:5], mark(FACTS, None, "vic"), mark(FACTS, None, "zia")]
    # write is tone alone: 33 1/3; .25 × 90 + .75 × 33 1/3 = 47.5
    standing = standing_of(LINES, [CHOOSE, WRITE], marks, wanted=2)
    assert (standing.raw_mean, standing.cannot, standing.marks) == (Fraction("47.5"), 2, 4)
    assert standing.short == 0


def test_an_empty_answer_counts_the_lowest_level_and_says_so() -> None:
    empty = Read(WRITE.id, WRITE.task_id, empty=True, wants_person=False)
    marks = [*MARKS[:3], mark(TONE, 1), mark(FACTS, 1)]
    standing = standing_of(LINES, [CHOOSE, empty], marks, wanted=2)
    assert standing.raw_mean == Fraction("22.5")
    assert (standing.empty_tasks, standing.by_rule, standing.short) == (("write",), 3, 0)


def test_there_is_no_mean_before_every_answer_was_read_once() -> None:
    standing = standing_of(LINES, [CHOOSE, WRITE], MARKS[:3], wanted=2)
    assert (standing.raw_mean, standing.printed, standing.short) == (None, "", 2)


def test_one_reader_of_two_leaves_an_answer_short() -> None:
    one = [given for given in MARKS if given.account_id != uid("zia")]
    standing = standing_of(LINES, [CHOOSE, WRITE], one, wanted=2)
    assert standing.short == 1
    assert standing.raw_mean is not None


def test_without_any_answer_there_is_no_mean() -> None:
    assert standing_of(LINES, [], [], wanted=2).raw_mean is None


@pytest.mark.parametrize(
    ("mean", "words"),
    [(0, "0.0"), (Fraction(100, 3), "33.3"), ("66.65", "66.7"), ("66.649", "66.6"), (100, "100.0")],
)
def test_one_decimal_is_printed_exactly(mean: str | int | Fraction, words: str) -> None:
    assert printed(Fraction(mean)) == words


def test_shares_of_the_whole_add_up() -> None:
    assert [share(line, LINES) for line in LINES] == [
        Fraction(10, 100), Fraction(15, 100), Fraction(225, 1000), Fraction(525, 1000),
    ]  # fmt: skip
    assert sum(share(line, LINES) for line in LINES) == 1


def test_the_grid_has_the_scores_of_every_scale() -> None:
    assert stops(LINES) == (0, Fraction(100, 3), Fraction(200, 3), 100)


def test_distances_count_pairs_of_people_only() -> None:
    assert apart(LINES, MARKS) == (1, 2, 0, 0)


def standing(mean: Fraction | None) -> Standing:
    return Standing(mean, 0, 0, 0, 0, (), ())


@given(st.lists(st.tuples(st.integers(0, 300), st.text(min_size=1, max_size=3)), max_size=30))
def test_whoever_is_printed_alike_stands_together_in_order_of_alias(
    people: list[tuple[int, str]],
) -> None:
    means = [(Fraction(thirds, 3), alias) for thirds, alias in people]
    groups = grouped(means, standing=lambda one: standing(one[0]), alias=lambda one: one[1])
    heads = [float(printed(group[0][0])) for group in groups]
    assert heads == sorted(set(heads), reverse=True)
    for group in groups:
        assert len({printed(mean) for mean, _alias in group}) == 1
        assert [alias for _mean, alias in group] == sorted(alias for _mean, alias in group)


@given(st.permutations(MARKS), st.permutations(LINES))
def test_the_order_in_which_marks_come_changes_nothing(
    marks: list[Given], lines: list[Line]
) -> None:
    assert raw_mean(lines, marks) == Fraction("73.75")


@given(st.integers(1, 9))
def test_weights_count_by_their_ratio(times: int) -> None:
    heavier = [
        Line(one.id, one.task_id, one.task, one.task_weight * times, one.criterion,
             one.weight * times, one.keyed, one.sentences)
        for one in LINES
    ]  # fmt: skip
    assert raw_mean(heavier, MARKS) == raw_mean(LINES, MARKS)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=9))
def test_a_mean_lies_between_its_lowest_and_its_highest_level(levels: list[int]) -> None:
    marks = [mark(TONE, level, str(n)) for n, level in enumerate(levels)]
    mean = raw_mean([TONE], marks)
    assert mean is not None
    assert Fraction(100, 3) * (min(levels) - 1) <= mean <= Fraction(100, 3) * (max(levels) - 1)


def test_nobody_without_a_mean_stands_above_anyone() -> None:
    people: list[Fraction | None] = [None, Fraction(0), Fraction(50)]
    groups = grouped(people, standing=standing, alias=str)
    assert groups == [[Fraction(50)], [Fraction(0)], [None]]


def test_the_demo_stands_as_its_writer_meant_it() -> None:
    found = [(row.name, row.standing.printed) for row in shortlist().ordered]
    assert [mean for _name, mean in found] == sorted(
        (m for _n, m in found), key=float, reverse=True
    )
    assert found[0][0] == "Nguyễn Thị Minh Khai"


def test_rows_can_be_sought_filtered_and_put_in_order() -> None:
    whole = shortlist()
    assert [one.row.name for one in shown(whole, q="kaj lind")] == ["Kaj Lindqvist"]
    assert len(shown(whole, decision="made")) == whole.made
    assert len(shown(whole, decision="open")) + whole.made == len(whole.rows)
    names = [one.row.name for one in shown(whole, sort="name")]
    assert names == sorted(names, key=str.casefold)
    assert len(shown(whole, decision="nonsense", sort="nonsense")) == len(whole.rows)


def test_equal_means_are_said_once() -> None:
    Random(7).shuffle(doubled := [*shortlist(18).rows])
    rows = shown(shortlist(18))
    assert sum(one.same for one in rows) == sum(one.alike for one in rows) == 9
    assert len(doubled) == len(rows)
