"""The shortlist of a step as it stands: what the page shows and what an export freezes, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hiring.measuring.scores import Score
from hiring.shortlists.standing import Given, Line, Read, Standing, dots, grouped, stops

MOST_NOTES = 3  # about one person, in a document


@dataclass(frozen=True)
class Verdict:
    """A decision that was made. `entry` is its number in the ledger."""

    id: UUID
    number: int
    verdict: str
    reason: str
    by: str
    by_id: UUID
    at: datetime
    reverses: bool = False
    told_at: datetime | None = None
    entry: int | None = None


@dataclass(frozen=True)
class Row:
    """One person who has handed in, under name and alias, with the marks and decisions so far.

    `closed`: it cannot be taken back any more; before that they are not on the list and nobody decides.
    """

    application_id: UUID
    name: str
    alias: str
    closed: bool
    standing: Standing
    address: str = ""
    answers: tuple[Read, ...] = ()
    given: tuple[Given, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    cleared: frozenset[UUID] = frozenset()  # marks whose note may leave the house
    gone_on: bool = False  # they are at a later step now

    @property
    def decision(self) -> Verdict | None:
        """What stands now."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def told_before(self) -> Verdict | None:
        """The advance that they were told of and that does not stand any more; nobody told them so."""
        told = next((one for one in reversed(self.verdicts) if one.told_at is not None), None)
        return told if told is not self.decision else None

    @property
    def held(self) -> bool:
        """A hold puts the decision off, on purpose: it is still to make."""
        return self.decision is not None and self.decision.verdict == "hold"

    @property
    def decided(self) -> bool:
        """Whether something stands that is to be told."""
        return self.decision is not None and not self.held


@dataclass(frozen=True)
class Group:
    """People whose printed means are equal. `mean` is empty while they have none."""

    mean: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Shortlist:
    """Everyone who has handed in a step for good, and what it was measured with.

    `unsettled`: who has handed in and may still take that back; in no count but their own.
    """

    opening_id: UUID
    title: str
    hear_by: date
    step_id: UUID
    step: int
    steps: int
    assessment: str
    version: int
    fingerprint: str
    minutes: int
    wanted: int
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    reviewers: int  # who marked
    saw_names: int  # of them, who also held a role that shows names
    unsettled: tuple[Row, ...] = ()
    others: tuple[tuple[str, str], ...] = ()  # names and addresses of all who have not handed in
    outside: int = 0  # invited, and nothing is handed in
    withdrawn: int = 0
    course: tuple[
        tuple[str, int], ...
    ] = ()  # title and minutes of each step, where there are several
    proposes: str = "nobody"  # what the step's rule goes by, and from where
    bar: int | None = None

    @property
    def number(self) -> int | None:
        """The number of the step, for an address; None where there is one only."""
        return self.step if self.steps > 1 else None

    @property
    def last(self) -> bool:
        """Whether it is the last step: nobody goes on from it, and people are hired."""
        return self.step == self.steps

    @property
    def groups(self) -> list[Group]:
        """The highest mean first, without places."""
        found = grouped(self.rows, standing=lambda row: row.standing, alias=lambda row: row.alias)
        return [Group(rows[0].standing.printed, tuple(rows)) for rows in found]

    @property
    def ordered(self) -> Iterator[Row]:
        """All rows in the order of the groups."""
        return (row for group in self.groups for row in group.rows)

    @property
    def stops(self) -> tuple[Score, ...]:
        """The grid of the figure."""
        return stops(self.lines)

    def dots(self, row: Row) -> tuple[int, ...]:
        """How many levels lie on each stop."""
        return dots(self.lines, row.standing)

    @property
    def marks(self) -> int:
        """Levels given by reviewers, in all."""
        return sum(row.standing.marks for row in self.rows)

    @property
    def by_rule(self) -> int:
        """Levels given by rule, in all."""
        return sum(row.standing.by_rule for row in self.rows)

    @property
    def short(self) -> int:
        """Marks that answers still lack, in all."""
        return sum(row.standing.short for row in self.rows)

    @property
    def made(self) -> int:
        """People about whom it is decided."""
        return sum(row.decided for row in self.rows)

    @property
    def held(self) -> int:
        """People about whom the decision is put off."""
        return sum(row.held for row in self.rows)

    def row_of(self, application_id: UUID) -> Row | None:
        """One person's row, if they have handed in, for good or not."""
        everyone = (*self.rows, *self.unsettled)
        return next((row for row in everyone if row.application_id == application_id), None)

    def next_to_decide(self, application_id: UUID) -> Row | None:
        """Whoever is to be decided next after this person, in the order of the page and round again."""
        ordered = list(self.ordered)
        here = next((n for n, r in enumerate(ordered) if r.application_id == application_id), -1)
        others = ordered[here + 1 :] + ordered[: max(here, 0)]
        return next((row for row in others if not row.decided), None)


@dataclass(frozen=True)
class Shown:
    """A row as the table shows it. `same`: the mean is that of the row above; `alike`: of the row below."""

    row: Row
    same: bool
    alike: bool


def shown(shortlist: Shortlist, *, q: str = "", decision: str = "", sort: str = "") -> list[Shown]:
    """The rows that a search in the names and a filter leave, by mean or by name."""
    rows = [r for r in shortlist.ordered if _is_sought(r, q) and _is_at(r, decision)]
    if sort == "name":
        rows.sort(key=lambda row: row.name.casefold())
        return [Shown(row, same=False, alike=False) for row in rows]
    means = [None, *(row.standing.printed for row in rows), None]
    return [
        Shown(row, same=means[n] == means[n + 1], alike=means[n + 1] == means[n + 2])
        for n, row in enumerate(rows)
    ]


def _is_sought(row: Row, q: str) -> bool:
    return all(word in row.name.casefold() for word in q.casefold().split())


def _is_at(row: Row, decision: str) -> bool:
    return {"open": not row.decided, "made": row.decided}.get(decision, True)
