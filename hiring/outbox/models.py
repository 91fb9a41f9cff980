"""One table: the message, its recipient as an address and nothing more, and how its sending stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.claims import Claimable
from hiring.kernel.database import Base

STATES = ("waiting", "claimed", "done", "failed", "held", "kept", "skipped")


class Message(Claimable, Base):
    """A mail. `subject_id` is a plain id of what it is about; there is no key to people.

    kept: there was no mail server when its turn came, so it stays here and never goes out later.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_messages_written", "written_at"),
    )
    kind: Mapped[str]
    to_address: Mapped[str]
    to_name: Mapped[str]
    reply_to: Mapped[str | None]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    language: Mapped[str]
    batch: Mapped[UUID | None] = mapped_column(index=True)
    about: Mapped[UUID | None] = mapped_column(index=True)
    written_at: Mapped[datetime]
