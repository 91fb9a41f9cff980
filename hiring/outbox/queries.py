"""Reading the outbox, as much of it as the reader may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from hiring.kernel.database import session
from hiring.outbox.models import Message
from hiring.outbox.rules import Sight, without_keys


@dataclass(frozen=True)
class Seen:
    """A mail as its reader may see it; what they may not see is None.

    Times are among that: when a receipt was written is when a candidate handed in.
    """

    id: UUID
    kind: str
    state: str
    written_at: datetime | None = None
    settled_at: datetime | None = None
    not_before: datetime | None = None
    error: str | None = None
    to_address: str | None = None
    to_name: str | None = None
    subject: str | None = None
    text: str | None = None
    html: str | None = None


def seen(row: Message, sight: Sight, *, keys: bool = False) -> Seen:
    """A row as values, cut to what `sight` allows. `keys`: links that open a door may be seen."""
    shown = Seen(row.id, row.kind, row.state)
    if sight is Sight.OUTSIDE:
        return shown
    if sight is Sight.ENVELOPE:
        return replace(shown, to_address=row.to_address)
    hide = (lambda text: text) if keys else without_keys
    return replace(
        shown, to_address=row.to_address, to_name=row.to_name, subject=row.subject,
        text=hide(row.text), html=hide(row.html), error=row.error,
        written_at=row.written_at, settled_at=row.settled_at, not_before=row.not_before,
    )  # fmt: skip


def messages(sight: Sight, *, words: str = "", state: str = "", kind: str = "") -> Select[Message]:
    """Messages, newest first for who sees all of them. `words` are looked for in what the reader may see.

    Others get them in no order of time, which would tell what the time would.
    """
    statement = select(Message).order_by(Message.id)
    if sight is Sight.WHOLE:
        statement = statement.order_by(None).order_by(Message.written_at.desc(), Message.id)
    if state:
        statement = statement.where(Message.state == state)
    if kind:
        statement = statement.where(Message.kind == kind)
    if words and sight is not Sight.OUTSIDE:
        statement = statement.where(_found(words, sight))
    return statement


def _found(words: str, sight: Sight) -> ColumnElement[bool]:
    places = [Message.to_address]
    if sight is Sight.WHOLE:
        places += [Message.to_name, Message.subject]
    return or_(*(func.lower(p).contains(words.lower(), autoescape=True) for p in places))


def kinds() -> list[str]:
    """The kinds of mail that occur."""
    return list(session.scalars(select(Message.kind).distinct().order_by(Message.kind)))


def counts() -> dict[str, int]:
    """How many messages stand in each state."""
    rows = session.execute(select(Message.state, func.count()).group_by(Message.state))
    return dict(row for row in rows)


def states_of(batches: Collection[UUID]) -> dict[UUID, Counter[str]]:
    """How many letters of each of these sendings stand in each state."""
    rows = select(Message.batch, Message.state, func.count()).where(Message.batch.in_(batches))
    found: dict[UUID, Counter[str]] = {batch: Counter() for batch in batches}
    for batch, state, number in session.execute(rows.group_by(Message.batch, Message.state)):
        if batch is not None:
            found[batch][state] = number
    return found
