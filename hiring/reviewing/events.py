"""What can happen in marking."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class AnswerAssigned:
    """A reviewer was given an answer."""

    assignment_id: UUID
    blind_answer_id: UUID
    account_id: UUID
    how: str


@dataclass(frozen=True)
class ReviewFinished:
    """A reviewer's marks of one answer are final."""

    assignment_id: UUID
    blind_answer_id: UUID
    step_id: UUID
    account_id: UUID
