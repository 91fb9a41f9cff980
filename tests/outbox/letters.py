"""Mail for the tests of the outbox: an invitation's worth of words in a real template."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hiring.kernel.database import session, writing
from hiring.outbox.actions import write_mail
from hiring.outbox.models import Message

LINK = "http://localhost:8000/account/reset/" + "k" * 120


def written(to: str = "kit@post.example", **given: Any) -> UUID:
    """A letter in the outbox, waiting."""
    with writing():
        return write(to, **given)


def write(to: str = "kit@post.example", *, link: str = LINK, **given: Any) -> UUID:
    """Write one in the caller's act."""
    words = {
        "to_name": "Kit", "subject": "Choose a new password", "template": "accounts/mail/password-reset",
        "values": {"link": link, "until": datetime(2026, 11, 28, 11, 0, tzinfo=UTC)}, **given,
    }  # fmt: skip
    return write_mail(words.pop("kind", "password-reset"), to_address=to, **words)


def written_many(count: int) -> list[UUID]:
    """Letters to as many people."""
    return [written(f"person{n}@post.example") for n in range(count)]


def row(message_id: UUID) -> Message:
    """The message as it stands now."""
    session.rollback()
    session.expire_all()
    return session.get_one(Message, message_id)


def states() -> dict[UUID, str]:
    """How every message stands now."""
    session.rollback()
    found = dict(session.execute(select(Message.id, Message.state)).all())
    session.rollback()
    return found
