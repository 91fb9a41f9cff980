"""What can happen to an attempt, for the rooms above and for the stage of the application below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class AttemptStarted:
    """The clock runs. Never told to staff."""

    attempt_id: UUID
    application_id: UUID


@dataclass(frozen=True)
class ReminderDue:
    """A link ends soon and nobody has begun. Never told to staff."""

    invitation_id: UUID
    application_id: UUID


@dataclass(frozen=True)
class AttemptSubmitted:
    """Handed in; can be taken back for ten minutes while time remains."""

    attempt_id: UUID
    application_id: UUID
    submission_id: UUID
    step_id: UUID


@dataclass(frozen=True)
class SubmissionTakenBack:
    """The candidate writes on."""

    attempt_id: UUID
    application_id: UUID
    step_id: UUID


@dataclass(frozen=True)
class AttemptClosed:
    """Final, by submission or by the clock; the blind answers are made."""

    attempt_id: UUID
    application_id: UUID
    step_id: UUID
    finished_at: datetime
    by: str
    blind_answer_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class CopiesMade:
    """The files of a closed answer are ready for reviewers: each has its copy, or none can be made."""

    step_id: UUID
    blind_answer_id: UUID


@dataclass(frozen=True)
class AnswersErased:
    """What stood in these masked answers of a step is gone; levels given to them stay."""

    step_id: UUID
    blind_answer_ids: tuple[UUID, ...]
