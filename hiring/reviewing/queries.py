"""What is asked about marking: a reviewer's own work, and for rooms above the marks of a step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, contains_eager

from hiring.accounts.queries import names_of_accounts
from hiring.assessments.models import Level, RubricLine, Task, Version
from hiring.attempts.blind import BlindAnswer
from hiring.kernel.database import session
from hiring.kernel.promises import Due, Promises
from hiring.kernel.refusals import Missing
from hiring.openings.panel import Panel, steps_of_member
from hiring.reviewing.models import Assignment, Mark, Review
from hiring.reviewing.rules import ruler

OPEN = (
    Assignment.released_at.is_(None) & Review.final_at.is_(None) & ~BlindAnswer.withdrawn
)  # given, and still to be marked
STANDING = Assignment.released_at.is_(None) & ~BlindAnswer.withdrawn  # given, marked or not


# ── A reviewer's own work ────────────────────────────────────────────────────


def assignment_of(assignment_id: UUID, account_id: UUID) -> Assignment:
    """An assignment of this reviewer with its answer and review. Raises Missing for anyone else's."""
    found = session.scalars(
        select(Assignment)
        .join(Assignment.blind_answer)
        .where(Assignment.id == assignment_id, Assignment.account_id == account_id)
        .where(~BlindAnswer.withdrawn)
        .options(contains_eager(Assignment.blind_answer))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def review_of(assignment_id: UUID) -> Review:
    """The work on an assignment; it is made together with it."""
    return session.get_one(Review, assignment_id)


def next_of(account_id: UUID, *, after: Assignment | None = None) -> UUID | None:
    """The assignment to mark next: any, or of the pile that `after` lies in; None when that is done.

    Within a pile by the reviewer's own random places, which tell nothing of who came when.
    """
    mine = _given(Assignment.id).where(OPEN, Assignment.account_id == account_id)
    if after is not None:
        here = after.blind_answer
        mine = mine.where(BlindAnswer.task_id == here.task_id, BlindAnswer.step_id == here.step_id)
    order = (BlindAnswer.step_id, Task.position, Assignment.place)
    return session.scalar(mine.order_by(*order).limit(1))


@dataclass(frozen=True)
class Pile:
    """One task's answers in one reviewer's hands."""

    step_id: UUID
    task_id: UUID
    assessment: str
    number: int
    title: str
    given: int
    marked: int
    begun: int
    next_id: UUID | None = None

    @property
    def waiting(self) -> int:
        """How many of them are still to be marked."""
        return self.given - self.marked

    @property
    def ruler(self) -> list[tuple[int, str]]:
        """The places with numbers on its ruler."""
        return ruler(self.given)


def piles(account_id: UUID) -> list[Pile]:
    """A reviewer's piles, by step and task: whatever waits, and what is done in steps still open."""
    nexts = _nexts(account_id)
    waits = func.count().filter(OPEN)
    rows = session.execute(
        _given(
            BlindAnswer.step_id, BlindAnswer.task_id, Version.title, Task.position, Task.title,
            func.count(), func.count(Review.final_at), func.count(Review.kept_at).filter(OPEN),
        )
        .join(Version, Version.id == Task.version_id)
        .join(Panel, Panel.step_id == BlindAnswer.step_id)
        .where(STANDING, Assignment.account_id == account_id)
        .group_by(
            BlindAnswer.step_id, BlindAnswer.task_id, Version.title, Task.position, Task.title,
            Panel.closed_at,
        )
        .having((waits > 0) | Panel.closed_at.is_(None))
        .order_by(Version.title, BlindAnswer.step_id, Task.position)
    ).all()  # fmt: skip
    found = [Pile(*row) for row in rows]
    return [replace(pile, next_id=nexts.get((pile.step_id, pile.task_id))) for pile in found]


def _nexts(account_id: UUID) -> dict[tuple[UUID, UUID], UUID]:
    rows = session.execute(
        _given(BlindAnswer.step_id, BlindAnswer.task_id, Assignment.id)
        .where(OPEN, Assignment.account_id == account_id)
        .order_by(Assignment.place.desc())
    )
    return {(step_id, task_id): id for step_id, task_id, id in rows}


def finished_at(account_id: UUID, *, step_id: UUID, task_id: UUID) -> list[datetime | None]:
    """For each answer of this pile, when its marks became final; None while they are not."""
    return list(
        session.scalars(
            _given(Review.final_at).where(
                STANDING,
                Assignment.account_id == account_id,
                BlindAnswer.step_id == step_id,
                BlindAnswer.task_id == task_id,
            )
        )
    )


def own_marks(assignment_id: UUID) -> list[Mark]:
    """What a reviewer gave in this assignment, as it stands."""
    return list(session.scalars(_standing(select(Mark)).where(Mark.assignment_id == assignment_id)))


def title_of(version_id: UUID) -> str:
    """The title of an assessment's version, without loading the version."""
    return session.scalar(select(Version.title).where(Version.id == version_id)) or ""


def waiting(account_id: UUID) -> dict[str, int]:
    """How many answers wait for this reviewer, for the rail."""
    count = session.scalar(_given(func.count()).where(OPEN, Assignment.account_id == account_id))
    return {"reviewing.reviews": count or 0}


def promises(asked: Promises) -> list[Due]:
    """What waits to be marked, without a due time: that would tell when a candidate was done."""
    left = [pile for pile in piles(asked.account_id) if pile.waiting]
    if not left:
        return []
    count = sum(pile.waiting for pile in left)
    what = ngettext("Mark one answer", "Mark %(num)s answers", count)
    about = ", ".join(dict.fromkeys(pile.assessment for pile in left))
    name = names_of_accounts([asked.account_id])[asked.account_id]
    return [Due(what, about, "reviewing.reviews", None, name, mine=True, number=count)]


def blind_steps(account_id: UUID) -> frozenset[UUID]:
    """The steps of which this account must see neither names nor others' marks: those on whose
    panel it is while attempts may still come, and those where an answer lies open before it.
    """
    member_of = steps_of_member(account_id)
    running = select(Panel.step_id).where(Panel.step_id.in_(member_of), Panel.closed_at.is_(None))
    unfinished = _given(BlindAnswer.step_id).where(OPEN, Assignment.account_id == account_id)
    return frozenset(session.scalars(running)) | frozenset(session.scalars(unfinished))


def steps_with_open(account_id: UUID) -> list[UUID]:
    """The steps where something still lies open before this account."""
    mine = _given(BlindAnswer.step_id).where(OPEN, Assignment.account_id == account_id)
    return list(session.scalars(mine.distinct().order_by(BlindAnswer.step_id)))


def untouched(account_id: UUID, step_id: UUID) -> Select[UUID]:
    """The assignments of a step that this reviewer has not begun."""
    return _given(Assignment.id).where(
        OPEN,
        Assignment.account_id == account_id,
        BlindAnswer.step_id == step_id,
        Review.kept_at.is_(None),
    )


# ── A step's answers in hands ────────────────────────────────────────────────


@dataclass(frozen=True)
class Holding:
    """An answer that lies or lay with a reviewer."""

    assignment_id: UUID
    account_id: UUID
    blind_answer_id: UUID
    alias: str
    task_id: UUID
    touched_at: datetime
    final: bool
    released: bool
    conflict: bool


def holdings(step_id: UUID) -> list[Holding]:
    """All that was ever given out of a step."""
    rows = session.execute(
        _given(
            Assignment.id, Assignment.account_id, BlindAnswer.id, BlindAnswer.alias,
            BlindAnswer.task_id, func.coalesce(Review.kept_at, Assignment.assigned_at),
            Review.final_at.is_not(None), Assignment.released_at.is_not(None), Assignment.conflict,
        ).where(BlindAnswer.step_id == step_id, ~BlindAnswer.withdrawn)
    )  # fmt: skip
    return [Holding(*row) for row in rows]


# ── For the rooms above ──────────────────────────────────────────────────────


@dataclass(frozen=True)
class MarkSeen:
    """A mark as rooms above read it: `level` of `levels`, None for *cannot judge*.

    `id` is the mark's own: a decision names the marks it rests on. `account_id` is None when it was
    made by rule. `alias` is what all answers of one candidate in one step share.
    """

    blind_answer_id: UUID
    rubric_line_id: UUID
    criterion_id: UUID
    level: int | None
    levels: int
    made_by: str
    account_id: UUID | None
    how: str
    note: str
    alias: str
    id: UUID


def marks_of_step(step_id: UUID, *, answer_ids: Collection[UUID] | None = None) -> list[MarkSeen]:
    """The marks of a step that stand: those that a later one replaced are left out.

    `answer_ids`: of these answers only.
    """
    here = BlindAnswer.step_id == step_id
    if answer_ids is not None:
        here &= BlindAnswer.id.in_(answer_ids)
    levels = select(func.count()).where(Level.rubric_line_id == RubricLine.id).scalar_subquery()
    rows = session.execute(
        _standing(
            select(
                Mark.blind_answer_id, Mark.rubric_line_id, RubricLine.criterion_id, Mark.level,
                levels, Mark.made_by, Assignment.account_id, Mark.how_assigned, Mark.note,
                BlindAnswer.alias, Mark.id,
            )
        )
        .join(BlindAnswer, BlindAnswer.id == Mark.blind_answer_id)
        .join(RubricLine, RubricLine.id == Mark.rubric_line_id)
        .outerjoin(Assignment, Assignment.id == Mark.assignment_id)
        .where(here, ~BlindAnswer.withdrawn)
        .order_by(BlindAnswer.alias, RubricLine.position, Mark.id)
    )  # fmt: skip
    return [MarkSeen(*row) for row in rows]


@dataclass(frozen=True)
class Progress:
    """How far the marking of a step is. Counts answers that want a person, not candidates."""

    wanted_marks: int
    answers: int
    reviews: int
    short: int
    short_answer_ids: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def complete(self) -> bool:
        """Whether every answer has the marks it wants."""
        return self.short == 0


def progress_of_step(step_id: UUID) -> Progress:
    """How many answers want marks, how many reviews are final, and which answers are still short."""
    wanted = session.scalar(select(Panel.wanted_marks).where(Panel.step_id == step_id))
    if wanted is None:
        raise Missing
    final = func.count(Review.final_at)
    rows = session.execute(
        select(BlindAnswer.id, final)
        .outerjoin(Assignment, _belongs(Assignment))
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(BlindAnswer.step_id == step_id, BlindAnswer.wants_person, ~BlindAnswer.withdrawn)
        .group_by(BlindAnswer.id)
    ).all()
    short = frozenset(id for id, made in rows if made < wanted)
    return Progress(wanted, len(rows), sum(made for _id, made in rows), len(short), short)


def _belongs(assignment: type[Assignment]) -> ColumnElement[bool]:
    return (assignment.blind_answer_id == BlindAnswer.id) & assignment.released_at.is_(None)


@dataclass(frozen=True)
class ReviewerLoad:
    """What one reviewer was given in a step, and how much of it is final."""

    account_id: UUID
    given: int
    final: int


def reviewers_of_step(step_id: UUID) -> list[ReviewerLoad]:
    """Everyone who has or had answers of a step, with what they finished. For whoever may see it."""
    rows = session.execute(
        _given(Assignment.account_id, func.count(), func.count(Review.final_at))
        .where(STANDING, BlindAnswer.step_id == step_id)
        .group_by(Assignment.account_id)
        .order_by(Assignment.account_id)
    )
    return [ReviewerLoad(*row) for row in rows]


def _given(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Assignment)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(BlindAnswer, BlindAnswer.id == Assignment.blind_answer_id)
        .join(Task, Task.id == BlindAnswer.task_id)
    )


def _standing(statement: Select[Any]) -> Select[Any]:
    later = aliased(Mark)
    return statement.where(~select(later.id).where(later.replaces_id == Mark.id).exists())


def ruled(answer_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these answers have their marks by rule already."""
    by_rule = select(Mark.blind_answer_id).where(Mark.made_by == "rule")
    return set(session.scalars(by_rule.where(Mark.blind_answer_id.in_(answer_ids))))
