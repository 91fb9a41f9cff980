"""Attempts with what lengthens them, and answers as append-only revisions. A person is a bare id here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.kernel.claims import Claimable
from hiring.kernel.database import Base, Key


class TimeGrant(Base):
    """More time for one application and step: the largest factor in force counts."""

    __tablename__ = "time_grants"
    __table_args__ = (CheckConstraint("factor BETWEEN 1 AND 10", name="factor"),)
    id: Mapped[Key]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"))
    factor: Mapped[float]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id")
    )  # none: taken by press


class Pause(Base):
    """A pause within an attempt; open while `ended_at` is empty.

    `seconds` is what it lengthens the attempt by: while open, all that is left of the allowance.
    """

    __tablename__ = "pauses"
    id: Mapped[Key]
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int]


class Credit(Base):
    """Seconds given back, such as an outage of ours, with the reason."""

    __tablename__ = "credits"
    id: Mapped[Key]
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"), index=True)
    seconds: Mapped[int]
    reason: Mapped[str]
    credited_at: Mapped[datetime]


class Attempt(Base):
    """One timed taking of one step. Several are possible, one is alive (not set aside)."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index(
            "uq_attempts_one_alive",
            "application_id",
            "step_id",
            unique=True,
            sqlite_where=text("set_aside_at IS NULL"),
            postgresql_where=text("set_aside_at IS NULL"),
        ),
    )
    id: Mapped[Key]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_versions.id"))
    started_at: Mapped[datetime]
    limit_minutes: Mapped[int]
    factor: Mapped[float] = mapped_column(default=1.0)
    submitted_at: Mapped[datetime | None]  # while it stands; taking it back empties it
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_by: Mapped[str | None]  # submission | clock
    finished_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # no text comes into it any more, late ones neither
    answers: Mapped[list[Answer]] = relationship(lazy="selectin")
    pauses: Mapped[list[Pause]] = relationship(lazy="selectin")
    credits: Mapped[list[Credit]] = relationship(lazy="selectin")


class Answer(Base):
    """What was written for one task: its newest standing revision. Made with the attempt, one a task.

    What a save is judged by stands in this row, so that judging reads one row and locks it.
    """

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("attempt_id", "task_id"),)
    id: Mapped[Key]
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"), index=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    head: Mapped[int] = mapped_column(default=0)  # the number of the standing revision; 0 is empty
    last: Mapped[int] = mapped_column(default=0)  # the highest number given
    head_tab: Mapped[str] = mapped_column(default="")  # that wrote the standing revision
    head_digest: Mapped[str] = mapped_column(default="")  # of its value; none of an empty one
    seen: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # tab → its highest count
    beside: Mapped[int] = mapped_column(default=0)  # the first text that waits for a choice, if any
    final_at: Mapped[datetime | None]  # its candidate went on to the task that opens after it
    blind_answer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("blind_answers.id"), unique=True
    )


class Revision(Base):
    """One accepted save. `standing`: it became the answer; else it is kept beside it.

    kept: standing | aside (an older base, both texts are kept) | echo (an older save of the same tab
    that arrived late) | sealed (came after the end; not scored, not shown to reviewers).
    """

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        CheckConstraint("kept IN ('standing', 'aside', 'echo', 'sealed')", name="kept"),
    )
    id: Mapped[Key]
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answers.id"), index=True)
    number: Mapped[int]
    base: Mapped[int]
    tab: Mapped[str]
    nth: Mapped[int]  # the tab's own count of its saves
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[int]
    kept: Mapped[str]
    arrived_at: Mapped[datetime]


class Upload(Claimable, Base):
    """A file on its way into an answer, and then the original, sealed, beside the copy for reviewers.

    state: coming (`arrived` bytes of it are here), waiting and claimed (the worker makes its copy), done,
    or failed: then `why` says what is wrong with it. What arrives lies under `<id>.<first byte>` in the
    store until it is whole, and under `<id>` afterwards.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_attempt_id_state", "attempt_id", "state"),)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    arrived: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    original_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    copy_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    blind_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("blind_files.id"), unique=True)
    why: Mapped[str] = mapped_column(default="")


class Submission(Base):
    """What was handed in and its receipt, by the candidate or, when time ended, by the clock.

    `taken_back_at` when the candidate went on writing.
    """

    __tablename__ = "submissions"
    id: Mapped[Key]
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"), index=True)
    code: Mapped[str]
    by: Mapped[str]  # candidate | clock
    made_at: Mapped[datetime]
    revisions: Mapped[int]
    words: Mapped[int]
    taken_back_at: Mapped[datetime | None]


class Reminder(Base):
    """A letter that reminded of an invitation, once for each time at which one was due."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("invitation_id", "due_at"),)
    id: Mapped[Key]
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"))
    due_at: Mapped[datetime]
    written_at: Mapped[datetime]
