"""Assignments, the work on them, and marks. Nothing here leads to a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.attempts.blind import BlindAnswer
from hiring.kernel.database import Base, Key

HOW = ("platform", "pulled", "manual", "remark")


class Assignment(Base):
    """An answer given to a reviewer, once. `place` is its random place in that reviewer's own order."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("blind_answer_id", "account_id"),
        CheckConstraint(f"how IN {HOW}", name="how"),
    )
    id: Mapped[Key]
    blind_answer_id: Mapped[UUID] = mapped_column(ForeignKey("blind_answers.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    how: Mapped[str]
    place: Mapped[float]
    assigned_at: Mapped[datetime]
    released_at: Mapped[datetime | None]  # given back, or a conflict declared
    conflict: Mapped[bool] = mapped_column(default=False)
    blind_answer: Mapped[BlindAnswer] = relationship()


class Review(Base):
    """A reviewer's work on one answer: a draft that is kept as they go, then final for good."""

    __tablename__ = "reviews"
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    kept_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    assignment: Mapped[Assignment] = relationship()


class Mark(Base):
    """The level given on one criterion of one answer; never changed, a correction is a later row.

    `level` is empty for *cannot judge*: a missing mark, not a zero. Made by a person (then it has a
    reviewer) or by rule (a keyed choice, an empty answer).
    """

    __tablename__ = "marks"
    __table_args__ = (
        CheckConstraint("made_by IN ('person', 'rule')", name="made_by"),
        CheckConstraint("(made_by = 'person') = (assignment_id IS NOT NULL)", name="reviewer"),
    )
    id: Mapped[Key]
    blind_answer_id: Mapped[UUID] = mapped_column(ForeignKey("blind_answers.id"), index=True)
    rubric_line_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_lines.id"), index=True)
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    made_by: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    how_assigned: Mapped[str]
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("marks.id"), unique=True)
