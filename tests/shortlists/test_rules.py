"""What a decision needs, and how long it can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hiring.kernel.refusals import Refused
from hiring.shortlists.rules import check_may_follow, check_notes, check_reason, check_verdict
from hiring.shortlists.shortlist import Verdict
from tests.shortlists.cast import ASKED_AT, uid


def verdict(word: str) -> Verdict:
    return Verdict(uid(word), 1, word, "said why here", "Rae", uid("rae"), ASKED_AT)


@pytest.mark.parametrize("reason", ["", "   ", "good", "very good", "a" * 2000, "x x x " * 400])
def test_a_reason_is_three_words_and_no_book(reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_reason(reason)
    assert refusal.value.field == "reason"


def test_a_reason_is_kept_without_the_white_space_around_it() -> None:
    assert check_reason("  owns the mistake\n") == "owns the mistake"


@pytest.mark.parametrize("word", ["", "reject", "ADVANCE", "hold "])
def test_there_are_four_verdicts(word: str) -> None:
    with pytest.raises(Refused):
        check_verdict(word)


@pytest.mark.parametrize("before", ["advance", "decline", "hire"])
def test_it_can_be_taken_back_for_seventy_two_hours(before: str) -> None:
    late = ASKED_AT + timedelta(hours=72)
    check_may_follow(verdict(before), "hold", now=late)
    with pytest.raises(Refused, match="72 hours"):
        check_may_follow(verdict(before), "hold", now=late + timedelta(seconds=1))


def test_a_hold_stays_open() -> None:
    check_may_follow(verdict("hold"), "advance", now=ASKED_AT + timedelta(days=60))


def test_what_stands_is_not_decided_again() -> None:
    with pytest.raises(Refused, match="stands already"):
        check_may_follow(verdict("hold"), "hold", now=ASKED_AT)


def test_the_first_decision_follows_nothing() -> None:
    check_may_follow(None, "decline", now=ASKED_AT)


def test_three_notes_fit_a_document() -> None:
    check_notes(3)
    with pytest.raises(Refused):
        check_notes(4)
