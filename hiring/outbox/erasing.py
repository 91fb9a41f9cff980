"""Erasing what letters say and to whom they went; that there was one, of what kind and when, stays."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from hiring.kernel.clock import now
from hiring.kernel.database import change, session
from hiring.outbox.models import Message

UNFINISHED = ("waiting", "held", "failed")  # nobody is to decide about these any more


def erase_about(ids: Collection[UUID]) -> None:
    """Empty the letters about these things; those that have not left never do."""
    _erase(Message.about.in_(ids))


def erase_to(address: str, *, but_about: UUID | None) -> None:
    """Empty the letters to an address, whatever they are about, but those about one thing."""
    theirs = Message.to_address == address
    if but_about is not None:
        theirs &= Message.about.is_distinct_from(but_about)
    _erase(theirs)


def number_about(ids: Collection[UUID]) -> int:
    """How many letters are about these things."""
    rows = select(func.count()).select_from(Message).where(Message.about.in_(ids))
    return session.scalar(rows) or 0


def _erase(which: ColumnElement[bool]) -> None:
    ended = {"state": "skipped", "settled_at": now()}
    change(update(Message).where(which, Message.state.in_(UNFINISHED)).values(ended))
    empty = dict.fromkeys(("to_address", "to_name", "subject", "text", "html"), "")
    change(update(Message).where(which).values({**empty, "reply_to": None, "error": None}))
