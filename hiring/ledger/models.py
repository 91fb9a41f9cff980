"""The chain of entries, its head, and the erasable texts whose hashes the entries hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.database import Base


class Entry(Base):
    """One decision or act. `facts` holds pseudonyms, ids, plain values and hashes of texts, no text."""

    __tablename__ = "ledger_entries"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(index=True)
    happened_at: Mapped[datetime]
    actor: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class Head(Base):
    """The last number and hash; every append locks it, so the chain cannot fork."""

    __tablename__ = "ledger_heads"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    number: Mapped[int]
    hash: Mapped[str]


class Secret(Base):
    """A text behind a hash in an entry, with its salt. Erasing it leaves the chain whole."""

    __tablename__ = "ledger_secrets"
    number: Mapped[int] = mapped_column(ForeignKey("ledger_entries.number"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]
    text: Mapped[str]
