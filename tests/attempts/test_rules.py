"""What becomes of a save, as a table, and for every order in which two tabs' saves can arrive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hiring.attempts.rules import (
    TABS_REMEMBERED,
    Offered,
    Standing,
    digest_of,
    factor_for,
    judge,
    receipt_code,
    remembered,
)

HERE = Standing(head=3, tab="a", digest="old", seen={"a": 5})


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        (Offered(3, "a", 6, "new"), "standing"),  # written over what stands
        (Offered(3, "b", 1, "new"), "standing"),  # also from another tab
        (Offered(2, "a", 6, "new"), "standing"),  # its own last answer was lost on the way
        (Offered(0, "a", 6, "new"), "standing"),
        (Offered(3, "a", 6, "old"), "same"),  # nothing new
        (Offered(1, "b", 1, "old"), "same"),  # the same text from elsewhere is no conflict
        (Offered(3, "a", 5, "old"), "same"),  # the very request again
        (Offered(3, "a", 5, "new"), "echo"),  # another page under the same name
        (Offered(3, "a", 4, "new"), "echo"),  # overtaken by itself
        (Offered(2, "b", 1, "new"), "aside"),  # another tab was faster
        (Offered(4, "b", 1, "new"), "aside"),  # a base that does not exist
        (Offered(-1, "b", 1, "new"), "aside"),  # junk
        (Offered(3, "", 0, "new"), "standing"),  # without a script the base decides
        (Offered(2, "", 0, "new"), "aside"),
    ],
)
def test_a_save_while_time_runs(offered: Offered, kept: str) -> None:
    assert judge(offered, HERE, state="running", in_time=True).kept == kept


@pytest.mark.parametrize(
    ("state", "in_time", "kept", "reason"),
    [
        ("running", False, "sealed", "late"),
        ("closed", False, "sealed", "late"),
        ("closed", True, "sealed", "closed"),
        ("submitted", True, "aside", "submitted"),
        ("submitted", False, "sealed", "late"),
    ],
)
def test_a_save_after_the_end_or_after_handing_in(
    state: str, in_time: bool, kept: str, reason: str
) -> None:
    verdict = judge(Offered(3, "a", 6, "new"), HERE, state=state, in_time=in_time)
    assert (verdict.kept, verdict.reason) == (kept, reason)


@pytest.mark.parametrize("state", ["running", "submitted", "closed"])
@pytest.mark.parametrize("in_time", [True, False])
def test_the_standing_text_again_is_always_the_same_answer(state: str, in_time: bool) -> None:
    assert judge(Offered(3, "a", 5, "old"), HERE, state=state, in_time=in_time).kept == "same"


def test_a_script_that_invents_tabs_makes_no_row_grow_and_the_heads_tab_stays_known() -> None:
    standing = Standing(head=1, tab="a", digest="x", seen={"a": 7})
    for number in range(200):
        seen = remembered(standing, Offered(0, f"tab{number}", 1, "y"))
        standing = Standing(1, "a", "x", seen)
    assert len(standing.seen) <= TABS_REMEMBERED
    assert standing.seen["a"] == 7


def test_a_count_that_comes_late_does_not_lower_the_highest() -> None:
    assert remembered(HERE, Offered(1, "a", 2, "old")) == {"a": 5}


def test_a_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    assert digest_of({"a": "1", "b": ["2"]}) == digest_of({"b": ["2"], "a": "1"})
    assert digest_of({"a": "1"}) != digest_of({"a": "2"})


@pytest.mark.parametrize(
    ("minutes", "factor"),
    [(35, 1.0), (70, 2.0), (350, 10.0), (351, None), (34, None), (0, None), (float("nan"), None)],
)
def test_typed_minutes_are_between_the_limit_and_ten_times_it(
    minutes: float, factor: float | None
) -> None:
    assert factor_for(minutes, limit_minutes=35) == factor


def test_a_receipts_code_is_read_without_mistakes() -> None:
    assert all(
        re.fullmatch(r"[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}", receipt_code()) for _ in range(99)
    )


@dataclass
class Tab:
    """A tab as desk.js works: what it shows, over which revision, and its count."""

    name: str
    text: str = ""
    base: int = 0
    nth: int = 0


@dataclass(frozen=True)
class Kept:
    """A revision as it was accepted."""

    number: int
    text: str
    kept: str
    over: int  # the revision it replaced, for a standing one


@dataclass
class Answer:
    """An answer as the database holds it, in memory."""

    head: int = 0
    tab: str = ""
    text: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    revisions: list[Kept] = field(default_factory=list)

    def take(self, base: int, tab: str, nth: int, text: str) -> Kept:
        standing = Standing(self.head, self.tab, self.text, self.seen)
        offered = Offered(base, tab, nth, text)
        verdict = judge(offered, standing, state="running", in_time=True)
        if verdict.kept == "same":
            self.seen = remembered(standing, offered)
            return Kept(self.head, text, "same", self.head)
        kept = Kept(len(self.revisions) + 1, text, verdict.kept, self.head)
        self.revisions.append(kept)
        self.seen = remembered(standing, offered)
        if kept.kept == "standing":
            self.head, self.tab, self.text = kept.number, tab, text
        return kept


class TwoTabs(RuleBasedStateMachine):
    """Two tabs type and send; the network delivers late, twice or never, and loses answers."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = Answer()
        self.tabs = [Tab("a"), Tab("b")]
        self.wire: list[tuple[Tab, int, int, str]] = []
        self.back: list[tuple[Tab, int, Kept]] = []
        self.arrived: list[tuple[Tab, int]] = []

    @rule(which=st.integers(0, 1), text=st.integers(0, 3))
    def types(self, which: int, text: int) -> None:
        self.tabs[which].text = f"text {text}"

    @rule(which=st.integers(0, 1))
    def sends(self, which: int) -> None:
        tab = self.tabs[which]
        tab.nth += 1
        self.wire.append((tab, tab.base, tab.nth, tab.text))

    @precondition(lambda self: self.wire)
    @rule(data=st.data(), again=st.booleans(), heard=st.booleans())
    def arrives(self, data: st.DataObject, again: bool, heard: bool) -> None:
        place = data.draw(st.integers(0, len(self.wire) - 1))
        tab, base, nth, text = self.wire[place] if again else self.wire.pop(place)
        head, author = self.answer.head, self.answer.tab
        newest = max((n for t, n in self.arrived if t is tab), default=0)
        kept = self.answer.take(base, tab.name, nth, text)
        if kept.kept == "standing":  # nobody overwrites what they have not seen or written
            assert base == head or author == tab.name
            assert nth > newest  # and what a tab overtook itself never comes back
        self.arrived.append((tab, nth))
        if heard:
            self.back.append((tab, nth, kept))

    @precondition(lambda self: self.wire)
    @rule(data=st.data())
    def is_lost(self, data: st.DataObject) -> None:
        self.wire.pop(data.draw(st.integers(0, len(self.wire) - 1)))

    @precondition(lambda self: self.back)
    @rule(data=st.data())
    def is_heard(self, data: st.DataObject) -> None:
        tab, nth, kept = self.back.pop(data.draw(st.integers(0, len(self.back) - 1)))
        if nth == tab.nth and kept.kept in {"same", "standing"}:
            tab.base = kept.number

    @invariant()
    def no_accepted_text_is_ever_gone(self) -> None:
        """Each is the head, an ancestor of the head, or kept beside it."""
        line, at = set(), self.answer.head
        while at:
            line.add(at)
            at = self.answer.revisions[at - 1].over
        for kept in self.answer.revisions:
            assert kept.number in line or kept.kept in {"aside", "echo"}
        assert len({kept.number for kept in self.answer.revisions}) == len(self.answer.revisions)


TwoTabs.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
TestTwoTabs = TwoTabs.TestCase
