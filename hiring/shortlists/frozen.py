"""What an export keeps: a shortlist of one moment in plain JSON, with every word that will be printed.

The worker lays out and nothing else, so a document drawn again next year says the same. Names stand in
here and nowhere else of an export: erasing a person erases the exports that name them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, groupby
from typing import Literal, NotRequired, TypedDict
from zoneinfo import ZoneInfo

from flask_babel import format_datetime

from hiring.shortlists import method, words
from hiring.shortlists.shortlist import MOST_NOTES, Row, Shortlist
from hiring.shortlists.standing import Standing, Strip, apart, share

Paper = Literal["a4", "letter"]


class FrozenStrip(TypedDict):
    """The marks on one criterion: counts by level, and the sentence that the middle mark stands for."""

    criterion: str
    weight: float  # percent of the step
    counts: list[int]
    cannot: int
    by_rule: bool
    middle: int | None
    sentence: str
    said: str


class FrozenTask(TypedDict):
    """The strips of one task. `empty`: nothing was given, so the levels are the lowest, by rule."""

    title: str
    weight: float  # percent of the step
    empty: bool
    strips: list[FrozenStrip]


class FrozenVerdict(TypedDict):
    """The decision that stood."""

    verdict: str
    word: str
    reason: str
    by: str
    at: str
    day: str
    short_day: str
    told: str
    entry: int | None
    earlier: int


class FrozenPerson(TypedDict):
    """One person; `name` is their alias in an export without names."""

    name: str
    alias: str
    group: int
    mean: str
    marks: int
    by_rule: int
    cannot: int
    short: int
    dots: list[int]
    said: str
    tasks: list[FrozenTask]
    notes: list[str]
    decision: FrozenVerdict | None


class Frozen(TypedDict):
    """The whole document."""

    form: int
    language: str
    paper: Paper
    named: bool
    organisation: str
    title: str
    heading: str
    lead: str
    left_out: int  # people who had handed in and could still take it back
    step: str
    version: int
    fingerprint: str
    stops: list[float]
    axis: list[tuple[float, str]]
    scales: list[str]
    marks: int
    readings: list[tuple[str, str, str]]
    method_lead: str
    method: list[tuple[str, str]]
    apart: list[tuple[str, int, int]]  # words, pairs, percent
    people: list[FrozenPerson]
    ledger_number: int
    ledger_hash: str
    asked_by: str
    asked_at: str
    day: str
    zone: NotRequired[str]  # of the organisation; exports of before 21 November 2026 have none


@dataclass(frozen=True)
class Asked:
    """Who asked for what, when, and where the ledger stood."""

    organisation: str
    language: str
    zone: str
    paper: Paper
    named: bool
    by: str
    at: datetime
    ledger_number: int
    ledger_hash: str


def local(instant: str, frozen: Frozen) -> datetime:
    """An instant of the export, in ISO form there, on the clock of the organisation."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(frozen.get("zone", "UTC")))


def freeze(shortlist: Shortlist, asked: Asked) -> Frozen:
    """All of it, in the order and the words in which it will be printed."""
    pairs = apart(shortlist.lines, list(chain.from_iterable(r.given for r in shortlist.rows)))
    return Frozen(
        form=1,
        language=asked.language,
        paper=asked.paper,
        named=asked.named,
        organisation=asked.organisation,
        title=shortlist.title,
        heading=words.heading(len(shortlist.rows)),
        lead=method.lead(shortlist),
        left_out=len(shortlist.unsettled),
        step=method.step(shortlist),
        version=shortlist.version,
        fingerprint=shortlist.fingerprint,
        stops=[float(stop) for stop in shortlist.stops],
        axis=words.axis(shortlist.stops),
        scales=words.scales(shortlist.lines),
        marks=shortlist.marks,
        readings=method.readings(shortlist),
        method_lead=method.method_lead(shortlist),
        method=method.method(shortlist, at=asked.at, zone=asked.zone, by=asked.by),
        apart=method.distances(pairs),
        people=_people(shortlist, named=asked.named),
        ledger_number=asked.ledger_number,
        ledger_hash=asked.ledger_hash,
        asked_by=asked.by,
        asked_at=asked.at.isoformat(),
        day=method.long_day(asked.at),
        zone=asked.zone,
    )


def _people(shortlist: Shortlist, *, named: bool) -> list[FrozenPerson]:
    covered = _as_it_is if named else words.covering(shortlist)
    return [
        _person(row, shortlist, group=number, named=named, covered=covered)
        for number, group in enumerate(shortlist.groups, start=1)
        for row in group.rows
    ]


def _as_it_is(text: str, _row: Row) -> str:
    return text


def _person(
    row: Row, shortlist: Shortlist, *, group: int, named: bool, covered: Callable[[str, Row], str]
) -> FrozenPerson:
    shown = row if named else replace(row, name=row.alias)
    standing = shown.standing
    return FrozenPerson(
        name=shown.name,
        alias=shown.alias,
        group=group,
        mean=standing.printed,
        marks=standing.marks,
        by_rule=standing.by_rule,
        cannot=standing.cannot,
        short=standing.short,
        dots=list(shortlist.dots(shown)),
        said=words.said_of(shown, shortlist),
        tasks=_tasks(standing, shortlist),
        notes=[covered(g.note, row) for g in row.given if g.mark_id in row.cleared][:MOST_NOTES],
        decision=_verdict(row, covered),
    )


def _tasks(standing: Standing, shortlist: Shortlist) -> list[FrozenTask]:
    by_task = groupby(standing.strips, key=lambda strip: strip.line.task)
    return [_task(title, list(strips), standing, shortlist) for title, strips in by_task]


def _task(title: str, strips: list[Strip], standing: Standing, shortlist: Shortlist) -> FrozenTask:
    empty = title in standing.empty_tasks
    frozen = [_strip(strip, shortlist, empty=empty) for strip in strips]
    weight = round(sum(strip["weight"] for strip in frozen), 1)
    return FrozenTask(title=title, weight=weight, empty=empty, strips=frozen)


def _strip(strip: Strip, shortlist: Shortlist, *, empty: bool) -> FrozenStrip:
    line, middle = strip.line, strip.middle
    return FrozenStrip(
        criterion=line.criterion,
        weight=round(float(share(line, shortlist.lines)) * 100, 1),
        counts=list(strip.counts),
        cannot=strip.cannot,
        by_rule=strip.by_rule,
        middle=middle,
        sentence=words.meaning(strip, empty=empty),
        said=words.said_of_strip(strip),
    )


def _verdict(row: Row, covered: Callable[[str, Row], str]) -> FrozenVerdict | None:
    made = row.decision
    if made is None:
        return None
    return FrozenVerdict(
        verdict=made.verdict,
        word=words.verdict_word(made.verdict),
        reason=covered(made.reason, row),
        by=made.by,
        at=made.at.isoformat(),
        day=method.long_day(made.at),
        short_day=format_datetime(made.at, "d MMM"),
        told=method.long_day(made.told_at) if made.told_at else "",
        entry=made.entry,
        earlier=len(row.verdicts) - 1,
    )
