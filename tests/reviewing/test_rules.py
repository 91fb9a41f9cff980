"""Handing out evenly, by lot and connected; and what makes a sheet of marks complete."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.assessments.models import Level, RubricLine
from hiring.reviewing.rules import (
    CANNOT,
    NOTE,
    Given,
    Hands,
    Jotted,
    faults,
    for_people,
    is_idle,
    minutes_left,
    reached,
    ruler,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def panel_of(size: int) -> frozenset[UUID]:
    return frozenset(uuid4() for _ in range(size))


def hand_out(hands: Hands, candidates: int, tasks: int, seed: int) -> list[UUID]:
    """Everyone's answers to every task, one candidate after the other, as attempts close."""
    rng, task_ids, answers = Random(seed), [uuid4() for _ in range(tasks)], []
    for number in range(candidates):
        for task in task_ids:
            answers.append(uuid4())
            hands.choose(answers[-1], f"alias {number}", task, rng=rng)
    return answers


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(1, 7),
    wanted=st.integers(1, 5),
    candidates=st.integers(1, 15),
    tasks=st.integers(1, 4),
    seed=st.integers(0, 2**32),
)
def test_each_answer_goes_to_the_wanted_number_of_different_people_and_loads_differ_by_one_at_most(
    size: int, wanted: int, candidates: int, tasks: int, seed: int
) -> None:
    hands = Hands(panel_of(size), wanted)
    answers = hand_out(hands, candidates, tasks, seed)
    for answer in answers:
        having = [g.reviewer for g in hands.given if g.answer == answer]
        assert len(having) == len(set(having)) == min(wanted, size)
    loads = Counter(g.reviewer for g in hands.given)
    assert max(loads.values()) - min(loads[r] for r in hands.panel) <= 1


@settings(max_examples=100, deadline=None)
@given(
    size=st.integers(1, 8),
    wanted=st.integers(1, 3),
    tasks=st.integers(1, 3),
    more=st.integers(0, 6),
    seed=st.integers(0, 2**32),
)
def test_once_everyone_has_two_answers_all_reviewers_can_be_compared(
    size: int, wanted: int, tasks: int, more: int, seed: int
) -> None:
    if wanted * tasks < 2:
        return  # one mark of one task a candidate compares nobody
    hands = Hands(panel_of(size), wanted)
    hand_out(hands, 2 * size + more, tasks, seed)
    assert reached("alias 0", hands.given) == set(hands.panel)


@given(st.integers(0, 2**32))
def test_who_was_barred_is_not_chosen_and_the_others_are(seed: int) -> None:
    vic, wen, zia = (uuid4() for _ in range(3))
    hands = Hands(frozenset({vic, wen, zia}), wanted=2)
    chosen = hands.choose(uuid4(), "Heron", uuid4(), rng=Random(seed), barred={wen})
    assert set(chosen) == {vic, zia}


def test_by_lot_everyone_is_first_sometimes() -> None:
    panel = panel_of(3)
    first = {
        Hands(panel, 1).choose(uuid4(), "Heron", uuid4(), rng=Random(seed))[0] for seed in range(40)
    }
    assert first == panel


def test_an_answer_that_has_its_marks_is_given_to_nobody() -> None:
    vic, answer, task = uuid4(), uuid4(), uuid4()
    hands = Hands(frozenset({vic, uuid4()}), 1, [Given(vic, answer, "Heron", task)])
    assert hands.choose(answer, "Heron", task, rng=Random(1)) == []


def test_equal_loads_go_to_who_has_less_of_the_task_and_then_to_a_new_pair() -> None:
    vic, wen, zia, task, other = (uuid4() for _ in range(5))
    given_ = [
        Given(vic, uuid4(), "Heron", task),
        Given(wen, uuid4(), "Heron", other),
        Given(zia, uuid4(), "Heron", other),
    ]
    chosen = Hands(frozenset({vic, wen, zia}), 2, given_).choose(
        uuid4(), "Heron", task, rng=Random(3)
    )
    assert vic not in chosen


def test_an_answer_untouched_for_two_days_lies_idle() -> None:
    assert is_idle(touched_at=NOON, at=NOON + timedelta(hours=48))
    assert not is_idle(touched_at=NOON, at=NOON + timedelta(hours=47, minutes=59))


def a_criterion(*, keyed: bool = False) -> RubricLine:
    levels = [Level(number=number) for number in (1, 2, 3, 4)]
    return RubricLine(id=uuid4(), name="Tone", weight=1, keyed=keyed, levels=levels)


def test_a_sheet_is_complete_when_each_criterion_has_a_level_or_cannot_be_judged(
    app: Flask,
) -> None:
    tone, claims, step = (a_criterion() for _ in range(3))
    sheet = {tone.id: Jotted(CANNOT), claims.id: Jotted(note="¶2"), step.id: Jotted(4)}
    assert list(faults(sheet, [step, claims, tone])) == [claims.id]
    assert list(faults({}, [step, tone])) == [step.id, tone.id]


def test_a_note_and_a_level_have_their_limits(app: Flask) -> None:
    one = a_criterion()
    assert not faults({one.id: Jotted(4, "x" * NOTE)}, [one])
    assert "2,001" in faults({one.id: Jotted(4, "x" * (NOTE + 1))}, [one])[one.id]
    assert faults({one.id: Jotted(5)}, [one])
    assert faults({one.id: Jotted(0)}, [one])


def test_what_a_rule_scores_is_shown_to_nobody() -> None:
    keyed, open_ = a_criterion(keyed=True), a_criterion()
    assert for_people([keyed, open_]) == [open_]


@pytest.mark.parametrize(
    ("minutes", "left", "told"),
    [
        ([], 5, None),
        ([0, 2], 5, None),  # one gap is no pace
        ([0, 2, 4], 5, 10),
        ([0, 2, 4, 300, 302], 5, 10),  # a lunch is no pace
        ([0, 0.1, 0.2], 1, 1),
        ([0, 2, 4], 0, None),
    ],
)
def test_the_pace_is_the_median_gap_without_breaks(
    minutes: list[float], left: int, told: int | None
) -> None:
    finished = [NOON + timedelta(minutes=m) for m in minutes]
    assert minutes_left(finished, left) == told


@pytest.mark.parametrize(
    ("length", "places"),
    [
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (6, [0, 2, 4, 6]),
        (7, [0, 2, 4, 7]),
        (11, [0, 5, 11]),
        (20, [0, 5, 10, 15, 20]),
        (23, [0, 5, 10, 15, 20, 23]),
        (0, [0]),
    ],
)
def test_a_ruler_carries_a_few_numbers_and_its_end(length: int, places: list[int]) -> None:
    assert [place for place, _words in ruler(length)] == places


@given(st.integers(1, 3000))
def test_a_ruler_is_never_crowded(length: int) -> None:
    places = [place for place, _words in ruler(length)]
    assert places == sorted(set(places))
    assert len(places) <= 6 or length > 2500
