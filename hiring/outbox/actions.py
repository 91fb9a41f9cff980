"""Writing a mail, and what a person decides about one that is stuck."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select, update

from hiring.kernel import queue
from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.outbox.events import ArrivalNoted, MailSentAgain
from hiring.outbox.letters import Letter, worded
from hiring.outbox.models import Message
from hiring.outbox.rules import DECIDED_BY_HAND
from hiring.outbox.wordings import Filling, Text, composed, standing


def write_mail(
    kind: str,
    *,
    to_address: str,
    to_name: str,
    subject: str,
    template: str,
    values: Mapping[str, Any],
    language: str = "en",
    about: UUID | None = None,
    reply_to: str | None = None,
    batch: UUID | None = None,
    not_before: datetime | None = None,
) -> UUID:
    """Word a mail and lay it in the outbox, in the transaction that causes it; the worker sends it.

    `template` names `templates/<template>.txt` and `.html`; `about` is a plain id of what it is about.
    """
    letter = worded(template, {"subject": subject, "to_name": to_name, **values}, language=language)
    return _lay(
        letter, kind=kind, to_address=one_line(to_address), to_name=one_line(to_name),
        reply_to=reply_to and one_line(reply_to), subject=one_line(subject), language=language,
        batch=batch, about=about, not_before=not_before,
    )  # fmt: skip


@dataclass(frozen=True)
class Addressed:
    """One letter: what it says for its variables, to whom it goes, and what `write_mail` says of the rest."""

    filling: Filling
    to_address: str
    to_name: str
    about: UUID | None = None
    reply_to: str | None = None
    batch: UUID | None = None
    not_before: datetime | None = None


def write_letters(kind: str, letters: Iterable[Addressed]) -> None:
    """Lay letters in the outbox that the organisation words, as they stand: read once for all of them."""
    standing_in = cache(partial(standing, kind))
    for letter in letters:
        _write(kind, letter, standing_in(letter.filling.language))


def write_letter(kind: str, letter: Addressed, *, text: Text | None = None) -> UUID:
    """Lay one such letter in the outbox: as it stands, or as `text` has it, to try."""
    return _write(f"{kind}-test" if text else kind, letter, text, worded_as=kind)


def _write(kind: str, letter: Addressed, text: Text | None, *, worded_as: str = "") -> UUID:
    subject, words = composed(worded_as or kind, letter.filling, text)
    return _lay(
        words, kind=kind, to_address=one_line(letter.to_address), to_name=one_line(letter.to_name),
        reply_to=letter.reply_to and one_line(letter.reply_to), subject=one_line(subject),
        language=letter.filling.language, batch=letter.batch, about=letter.about,
        not_before=letter.not_before,
    )  # fmt: skip


def _lay(letter: Letter, **columns: Any) -> UUID:
    row = Message(id=uuid4(), text=letter.text, html=letter.html, written_at=now(), **columns)
    session.add(row)
    queue.nudge("outbox")
    return row.id


def one_line(text: str) -> str:
    """Text without line breaks, which would end a header and begin another."""
    return " ".join(text.split())


def send_again(message_id: UUID, *, by: UUID) -> None:
    """Let a mail go out once more, though it may have arrived. Raises Refused unless it is stuck."""
    row = _stuck(message_id)
    announce(MailSentAgain(row.id, row.state, by))
    row.state, row.error, row.tries = "waiting", None, 0
    row.settled_at = row.not_before = row.claimed_by = row.claimed_at = None
    session.flush()
    queue.nudge("outbox")


def note_arrival(message_id: UUID, *, by: UUID) -> None:
    """Settle a held mail as delivered: the recipient said so. Raises Refused unless it is held."""
    row = _stuck(message_id)
    if row.state != "held":
        raise Refused(_("The other side refused this mail, so it did not arrive."))
    row.state, row.error, row.settled_at = "done", None, now()
    session.flush()
    announce(ArrivalNoted(row.id, by))


def let_go(batch: UUID) -> None:
    """Let the letters of a batch that still wait leave now."""
    rows = update(Message).where(Message.batch == batch, _waits()).values(not_before=now())
    session.execute(rows.execution_options(synchronize_session=False))
    queue.nudge("outbox")


def take_back(batch: UUID) -> list[UUID | None]:
    """End the letters of a batch that still wait: they are skipped. Returns what each was about."""
    return _skip(Message.batch == batch)


def take_back_about(ids: Collection[UUID] | Select[UUID]) -> int:
    """End the letters about these things that still wait for their time; how many did."""
    return len(_skip(Message.about.in_(ids)))


def _skip(which: ColumnElement[bool]) -> list[UUID | None]:
    """The sender claims by the same kind of conditional statement: a letter is either its or ours."""
    rows = update(Message).where(which, _waits()).values(state="skipped", settled_at=now())
    rows = rows.execution_options(synchronize_session=False)
    return list(session.scalars(rows.returning(Message.about)))


def _waits() -> ColumnElement[bool]:
    """Laid down and never tried. What a person sent again has no time set: it may have arrived."""
    untried = (Message.tries == 0) & Message.not_before.is_not(None)
    return (Message.state == "waiting") & untried


def _stuck(message_id: UUID) -> Message:
    row = locked(select(Message).where(Message.id == message_id))
    if row is None:
        raise Missing
    if not row.to_address:
        raise Refused(_("What this mail said was erased, so it goes nowhere any more."))
    if row.state not in DECIDED_BY_HAND:
        raise Refused(_("Somebody decided about this mail already. Nothing was changed."))
    return row
