"""A shortlist without a database: the demo's twelve people and their marks as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml

from hiring.shortlists.frozen import Asked, Frozen, Paper, freeze
from hiring.shortlists.shortlist import Row, Shortlist, Verdict
from hiring.shortlists.standing import Given, Line, Read, standing_of

HIRING = Path(__file__).parents[2] / "hiring"
ASKED_AT = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)


def uid(*words: object) -> UUID:
    """The same id for the same words, on every machine."""
    return uuid5(NAMESPACE_URL, "/".join(map(str, words)))


@cache
def _demo() -> dict[str, Any]:
    return yaml.safe_load((HIRING / "demo_words.yaml").read_text())


@cache
def _assessment() -> dict[str, Any]:
    folder = HIRING / "assessments/shipped/the-invoice-charged-twice"
    return yaml.safe_load((folder / "assessment.yaml").read_text())


def lines() -> tuple[Line, ...]:
    """The rubric of the shipped assessment."""
    return tuple(
        Line(
            id=uid(task["key"], one["shelf"]),
            task_id=uid(task["key"]),
            task=task["title"],
            task_weight=task["weight"],
            criterion=one["name"],
            weight=one["weight"],
            keyed=one["scored_by"] == "rule",
            sentences=tuple(level["sees"] for level in one["levels"]),
        )
        for task in _assessment()["tasks"]
        for one in task["criteria"]
    )


def shortlist(people: int = 0) -> Shortlist:
    """The demo's shortlist; with `people`, its people again and again under numbers, up to so many."""
    done = [a for a in _demo()["applicants"] if a["state"] == "submitted"]
    rows = [_row(a, n) for n, a in enumerate(done)]
    if people:
        rows = [_row({**done[n % len(done)], "again": n}, n) for n in range(people)]
    return Shortlist(
        opening_id=uid("opening"), title="Customer support, second line", hear_by=date(2026, 12, 11),
        step_id=uid("step"), step=1, steps=1, assessment=_assessment()["title"], version=1,
        fingerprint="5d1c9be2" * 8, minutes=35, wanted=2, lines=lines(), rows=tuple(rows),
        reviewers=3, saw_names=1, outside=3,
    )  # fmt: skip


def _row(applicant: dict[str, Any], n: int) -> Row:
    key = (applicant["key"], applicant.get("again", 0))
    answers, given = [], []
    for task in _assessment()["tasks"]:
        answer = applicant["answers"][task["key"]]
        id = uid(*key, task["key"])
        empty = not answer["text"] and not answer.get("choice")
        if task["criteria"]:
            answers.append(Read(id, uid(task["key"]), empty, wants_person=bool(answer["text"])))
        given += _given(key, task, answer)
    return Row(
        application_id=uid(*key), name=applicant["name"], alias=f"Heron {n + 1}", closed=True,
        standing=standing_of(lines(), answers, given, wanted=2), answers=tuple(answers),
        given=tuple(given), verdicts=tuple(_verdicts(applicant, n)),
        cleared=frozenset([g.mark_id for g in given if g.note][:2]),
    )  # fmt: skip


def _given(key: tuple[Any, ...], task: dict[str, Any], answer: dict[str, Any]) -> Iterator[Given]:
    id = uid(*key, task["key"])
    for one in task["criteria"]:
        line = uid(task["key"], one["shelf"])
        if one["scored_by"] == "rule":
            level = 2 if [answer.get("choice")] == task["keyed"] else 1
            yield Given(uid(id, line), id, line, level, by_rule=True)
        elif not answer["text"]:
            yield Given(uid(id, line), id, line, 1, by_rule=True)
        for review in answer.get("reviews", []) if one["scored_by"] != "rule" else []:
            mark, by = review["marks"][one["shelf"]], uid(review["by"])
            note = mark.get("note", "")
            yield Given(uid(id, line, by), id, line, mark["level"], False, by, note)


def _verdicts(applicant: dict[str, Any], n: int) -> Iterator[Verdict]:
    if made := applicant.get("decision"):
        yield Verdict(
            id=uid(applicant["key"], "decision"), number=1, verdict=made["kind"],
            reason=made["reason"], by="Rae Vermeulen", by_id=uid("rae"),
            at=ASKED_AT - timedelta(days=3), entry=1272 - n,
        )  # fmt: skip


def asked(*, paper: Paper = "a4", named: bool = True) -> Asked:
    """Rae asks for the document."""
    return Asked(
        organisation="Osier", language="en", zone="Europe/Brussels", paper=paper, named=named,
        by="Rae Vermeulen", at=ASKED_AT, ledger_number=1284,
        ledger_hash="9f3c51d077bea71e" * 4,
    )  # fmt: skip


def frozen(people: int = 0, *, paper: Paper = "a4", named: bool = True) -> Frozen:
    """The demo's shortlist, frozen."""
    return freeze(shortlist(people), asked(paper=paper, named=named))
