"""Sending what lies in the outbox: claimed one by one, each at most once.

A killed sender cannot know whether its last mail arrived. So a claim that nobody ended, and a mail
whose reply never came, are held for a person; nothing goes out twice by itself.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from hiring.kernel import queue
from hiring.kernel.claims import claim_next, hold_orphans, settle
from hiring.kernel.clock import now
from hiring.kernel.database import locked, session, writing
from hiring.outbox.line import Line, Postponed, Rejected, Uncertain, Unreachable
from hiring.outbox.mime import Envelope, envelope
from hiring.outbox.models import Message
from hiring.outbox.rules import wait_after

log = logging.getLogger(__name__)
_at_it = Lock()


def is_sending() -> bool:
    """Whether there is a mail server; without one every letter is kept, for an owner to read."""
    return current_app.config["SMTP_URL"] is not None


def deliver() -> None:
    """Send all that is due; without a mail server, keep it to be read.

    One at a time in a process, so that one that is killed leaves one mail in doubt at most. Whoever is
    at it sends what comes meanwhile, or the next sweep does.
    """
    if _at_it.acquire(blocking=False):
        try:
            _deliver()
        finally:
            _at_it.release()


def _deliver() -> None:
    hold_orphans(Message)
    server = current_app.config["SMTP_URL"]
    if server is None:
        _keep()
        return
    name = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    with Line(server, name=name) as line:
        while not queue.stopping() and (claimed := claim_next(Message)):
            try:
                _send(claimed, line)
            except Unreachable as why:
                log.warning("No mail can be handed over: %s", why)
                return


def _send(id: UUID, line: Line) -> None:
    try:
        mail = _read(id)
    except Exception as why:
        log.exception("Message %s cannot be made a mail.", id)
        _settle(id, "failed", error=_in_short(why))
        return
    try:
        line.hand_over(mail)
    except Rejected as why:
        _settle(id, "failed", error=str(why))
    except Postponed as why:
        _put_back(id, mail, why)
        if isinstance(why, Unreachable):
            raise
    except Uncertain as why:
        _settle(id, "held", error=_("It was handed over, and no reply came. (%(why)s)", why=why))
    except Exception as why:
        log.exception("Sending message %s broke.", id)
        _settle(id, "held", error=_in_short(why))
    else:
        _settle(id, "done")


def _read(id: UUID) -> Envelope:
    mail = envelope(session.get_one(Message, id))
    session.rollback()  # no transaction stays open while the server is spoken to
    return mail


def _in_short(why: Exception) -> str:
    return f"{type(why).__name__}: {why}"[:500]


def _put_back(id: UUID, mail: Envelope, why: Postponed) -> None:
    wait = wait_after(mail.tries)
    if wait is None:
        _settle(id, "failed", error=str(why))
    else:
        later = {"not_before": now() + wait, "settled_at": None, "claimed_by": None}
        _settle(id, "waiting", error=str(why), **later)


def _settle(id: UUID, state: str, *, error: str | None = None, **values: Any) -> None:
    """Say how it ended. Of a letter that was erased meanwhile nothing comes back, and it never goes again."""
    with writing():
        if state != "done" and _is_erased(id):
            state, error, values = "skipped", None, {}
        if not settle(Message, id, state, error=error, **values):
            log.warning("Message %s was taken from us before it could be called %s.", id, state)


def _is_erased(id: UUID) -> bool:
    return locked(select(Message).where(Message.id == id, Message.to_address == "")) is not None


def _keep() -> None:
    if session.scalar(select(Message.id).where(_is_due()).limit(1)) is None:
        return
    with writing():
        kept = update(Message).where(_is_due()).values(state="kept", settled_at=now())
        session.execute(kept.execution_options(synchronize_session=False))


def _is_due() -> ColumnElement[bool]:
    soon_enough = Message.not_before.is_(None) | (Message.not_before <= now())
    return (Message.state == "waiting") & soon_enough
