"""What lies on the reviewer's bench: one answer, its rubric, and how far they are. Plain values to draw.

Everything comes from the blind answer, its task and this reviewer's own work; there is nothing else
here to leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hiring.assessments.kinds import Kind, kind_of
from hiring.assessments.models import RubricLine, Task
from hiring.attempts.blind import BlindAnswer
from hiring.kernel.database import session
from hiring.reviewing import queries, rules
from hiring.reviewing.models import Assignment, Review
from hiring.reviewing.queries import Pile
from hiring.reviewing.rules import CANNOT, Jotted, Level, Sheet


@dataclass(frozen=True)
class Criterion:
    """A criterion as `parts/rubric.html` draws it."""

    id: UUID
    title: str
    levels: list[tuple[int, str]]
    chosen: Level
    note: str
    wrong: str | None = None

    @property
    def words(self) -> str:
        """The sentence of the chosen level; empty for *cannot judge*."""
        return dict(self.levels).get(self.chosen, "") if isinstance(self.chosen, int) else ""


@dataclass(frozen=True)
class Kept:
    """The line beside *Save and next*: how much of the rubric is marked, and when it was kept.

    `seen` is the print of what is kept, which the page sends along with its next save.
    """

    marked: int
    criteria: int
    at: datetime | None
    seen: str


@dataclass(frozen=True)
class Pace:
    """How far the reviewer is in this pile."""

    marked: int
    given: int
    minutes: int | None

    @property
    def ruler(self) -> list[tuple[int, str]]:
        """The places with numbers, as `parts/scale.html` takes them."""
        return rules.ruler(self.given)


@dataclass(frozen=True)
class Bench:
    """One assignment with all that its page shows."""

    id: UUID
    state: str  # open | final | gone
    conflict: bool
    answer: BlindAnswer
    task: Task
    kind: Kind
    assessment: str
    criteria: list[Criterion]
    kept: Kept
    pace: Pace
    final_at: datetime | None

    @property
    def highest(self) -> int:
        """The highest level on this rubric, for the line of keys."""
        return max((len(criterion.levels) for criterion in self.criteria), default=0)


def bench_of(assignment_id: UUID, account_id: UUID, *, sent: Sheet | None = None) -> Bench:
    """The bench of this reviewer's assignment. `sent` is what came in a form that did not pass."""
    assignment = queries.assignment_of(assignment_id, account_id)
    review, answer = queries.review_of(assignment_id), assignment.blind_answer
    task = session.get_one(Task, answer.task_id)
    lines = rules.for_people(task.rubric)
    state = _state(assignment, review)
    sheet = (
        _final_sheet(assignment_id) if state == "final" else sent or rules.read_draft(review.draft)
    )
    wrong = rules.faults(sheet, lines) if sent is not None and state == "open" else {}
    return Bench(
        id=assignment_id, state=state, conflict=assignment.conflict, answer=answer, task=task,
        kind=kind_of(task.kind), assessment=queries.title_of(task.version_id),
        criteria=[_criterion(line, sheet.get(line.id, Jotted()), wrong) for line in lines],
        kept=_kept(sheet, review, lines), pace=_pace(account_id, answer), final_at=review.final_at,
    )  # fmt: skip


def lines_of(assignment_id: UUID, account_id: UUID) -> list[RubricLine]:
    """The criteria that this assignment asks for. Raises Missing for anyone else's."""
    answer = queries.assignment_of(assignment_id, account_id).blind_answer
    return rules.for_people(session.get_one(Task, answer.task_id).rubric)


def kept_of(assignment_id: UUID, account_id: UUID) -> Kept:
    """How much of an assignment is put down, read back from what was kept."""
    review = queries.review_of(assignment_id)
    return _kept(rules.read_draft(review.draft), review, lines_of(assignment_id, account_id))


def likely(piles: Sequence[Pile]) -> Pile | None:
    """Where a reviewer goes on: the pile that was begun, else the first that waits."""
    waiting = [pile for pile in piles if pile.waiting]
    begun = [pile for pile in waiting if pile.marked or pile.begun]
    return next(iter(begun or waiting), None)


def _state(assignment: Assignment, review: Review) -> str:
    if review.final_at is not None:
        return "final"
    return "open" if assignment.released_at is None else "gone"


def _final_sheet(assignment_id: UUID) -> Sheet:
    return {
        mark.rubric_line_id: Jotted(CANNOT if mark.level is None else mark.level, mark.note)
        for mark in queries.own_marks(assignment_id)
    }


def _criterion(line: RubricLine, jotted: Jotted, wrong: dict[UUID, str]) -> Criterion:
    levels = [(level.number, level.sees) for level in line.levels]
    return Criterion(line.id, line.name, levels, jotted.level, jotted.note, wrong.get(line.id))


def _kept(sheet: Sheet, review: Review, lines: list[RubricLine]) -> Kept:
    marked = sum(sheet.get(line.id, Jotted()).level is not None for line in lines)
    seen = rules.print_of_sheet(rules.read_draft(review.draft))
    return Kept(marked, len(lines), review.kept_at, seen)


def _pace(account_id: UUID, answer: BlindAnswer) -> Pace:
    instants = queries.finished_at(account_id, step_id=answer.step_id, task_id=answer.task_id)
    finished = [instant for instant in instants if instant is not None]
    given, marked = len(instants), len(finished)
    minutes = rules.minutes_left(finished, given - marked)
    return Pace(marked, given, minutes)
