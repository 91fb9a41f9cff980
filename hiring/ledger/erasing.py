"""Erasing the texts behind the ledger's hashes. The chain holds none of them, so it verifies as before."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from hiring.kernel.database import change, session
from hiring.ledger.models import Entry, Secret


def forget_texts(subject: str) -> None:
    """Erase the texts of every entry about one subject, with their salts."""
    about = select(Entry.number).where(Entry.subject == subject)
    gone = delete(Secret).where(Secret.number.in_(about))
    change(gone)


def number_about(subject: str) -> int:
    """How many entries there are about one subject."""
    rows = select(func.count()).select_from(Entry).where(Entry.subject == subject)
    return session.scalar(rows) or 0
