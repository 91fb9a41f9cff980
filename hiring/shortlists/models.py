"""Decisions, notes cleared for release, and exports. Decisions and exports stay as they were made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.kernel.claims import Claimable
from hiring.kernel.database import Base, Key
from hiring.kernel.storage import StoredFile

VERDICTS = ("advance", "hold", "decline", "hire")


class Decision(Base):
    """One decision on one application. A later row reverses it; telling is an act of its own."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(f"verdict IN {VERDICTS}", name="verdict"),
        UniqueConstraint("application_id", "step_id", "number"),
    )
    id: Mapped[Key]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    number: Mapped[int]
    verdict: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    told_at: Mapped[datetime | None]


class ClearedNote(Base):
    """A reviewer's note that may leave the house, with whoever let it. Taking that back ends the row."""

    __tablename__ = "cleared_notes"
    mark_id: Mapped[UUID] = mapped_column(ForeignKey("marks.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    cleared_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    cleared_at: Mapped[datetime]


class Export(Claimable, Base):
    """A shortlist as it stood at one moment; the worker draws `frozen` and nothing newer.

    `pages` counts the pages laid out so far, while it is drawn.
    """

    __tablename__ = "exports"
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON)
    ledger_number: Mapped[int]
    ledger_hash: Mapped[str]
    people: Mapped[int]
    pages: Mapped[int] = mapped_column(default=0)
    pdf_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    csv_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    pdf: Mapped[StoredFile | None] = relationship(foreign_keys=[pdf_id])
    csv: Mapped[StoredFile | None] = relationship(foreign_keys=[csv_id])
