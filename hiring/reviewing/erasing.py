"""Erasing what reviewers wrote about an answer that is gone. Levels stay; what is not marked never is."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select, update

from hiring.kernel.clock import now
from hiring.kernel.database import change, session
from hiring.openings.panel import locked_panel
from hiring.reviewing.models import Assignment, Mark, Review


def erase(*, step_id: UUID, blind_answer_ids: Collection[UUID]) -> None:
    """Take these answers from whoever still has them, and empty drafts and notes on them."""
    locked_panel(step_id)
    mine = select(Assignment.id).where(Assignment.blind_answer_id.in_(blind_answer_ids))
    # the reviews first: marks that are made final meanwhile are waited for, and emptied after
    change(update(Review).where(Review.assignment_id.in_(mine)).values(draft={}))
    unfinished = select(Review.assignment_id).where(Review.final_at.is_(None))
    open_ = Assignment.id.in_(mine) & Assignment.released_at.is_(None)
    held = update(Assignment).where(open_, Assignment.id.in_(unfinished))
    change(held.values(released_at=now()))
    change(update(Mark).where(Mark.blind_answer_id.in_(blind_answer_ids)).values(note=""))
    session.expire_all()


def numbers(blind_answer_ids: Collection[UUID]) -> tuple[int, int]:
    """How many notes there are on these answers, and how many marks."""
    rows = select(func.count().filter(Mark.note != ""), func.count()).select_from(Mark)
    notes, marks = session.execute(rows.where(Mark.blind_answer_id.in_(blind_answer_ids))).one()
    return notes, marks
