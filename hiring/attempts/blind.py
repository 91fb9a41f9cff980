"""What a reviewer is given: an answer without a person. Reviewing reads this file of attempts, no other.

It imports neither people nor openings; the row knows its task, its step's id and an alias, and no way
leads from it back to whoever wrote it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.database import Base, Key


class BlindAnswer(Base):
    """A masked answer. `wants_person`: something in it is for a reviewer (not empty, not only keyed)."""

    __tablename__ = "blind_answers"
    __table_args__ = (UniqueConstraint("step_id", "task_id", "round", "alias"),)
    id: Mapped[Key]
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    alias: Mapped[str]
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[int]
    empty: Mapped[bool]
    wants_person: Mapped[bool]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    ready: Mapped[bool] = mapped_column(default=True)  # not while copies of its files are made
    blinded_at: Mapped[datetime]


class BlindFile(Base):
    """A file of a masked answer under a neutral name: a copy that names nobody, or none.

    state: waiting (the copy is being made) | clean | left_out (none could be made).
    """

    __tablename__ = "blind_files"
    __table_args__ = (UniqueConstraint("blind_answer_id", "number"),)
    id: Mapped[Key]
    blind_answer_id: Mapped[UUID] = mapped_column(ForeignKey("blind_answers.id"), index=True)
    number: Mapped[int]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))


def answers_to_mark(step_id: UUID) -> Select[BlindAnswer]:
    """The answers of a step that want a reviewer, in no order that tells who came when."""
    return (
        select(BlindAnswer)
        .where(BlindAnswer.step_id == step_id)
        .where(BlindAnswer.wants_person, BlindAnswer.ready, ~BlindAnswer.withdrawn)
        .order_by(BlindAnswer.id)
    )


def files_of(blind_answer_id: UUID) -> Select[BlindFile]:
    """The files of a masked answer, in order."""
    mine = BlindFile.blind_answer_id == blind_answer_id
    return select(BlindFile).where(mine).order_by(BlindFile.number)
