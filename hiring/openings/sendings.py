"""Letters to more than one person wait ten minutes under one batch, and can be taken back until then.

A sending is begun before its letters are laid, in as many acts as they take; all leave at one time.
What was taken back is as though it had not been done, and nothing can be laid under it any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Select,
    UpdateBase,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.clock import now
from hiring.kernel.database import Base, Key, locked, made_before, session
from hiring.kernel.events import announce
from hiring.kernel.references import unreferred
from hiring.kernel.refusals import Missing, Refused
from hiring.openings.events import SendingHurried, SendingTakenBack
from hiring.openings.models import Application, Extension, Invitation
from hiring.outbox import actions as outbox
from hiring.outbox.models import Message
from hiring.outbox.queries import states_of
from hiring.people.models import Person

WAITS = timedelta(minutes=10)
KINDS = ("invitation", "extension", "advance")
LEFT = ("claimed", "done", "held", "failed", "kept")


class Sending(Base):
    """Letters of one act to several people; its id is the batch under which they lie in the outbox."""

    __tablename__ = "sendings"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)
    id: Mapped[Key]
    opening_id: Mapped[UUID] = mapped_column(ForeignKey("openings.id"), index=True)
    kind: Mapped[str]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Course:
    """How far a sending has come. `waiting` letters can be taken back, `left` ones cannot."""

    sending: Sending
    waiting: int
    left: int
    skipped: int

    @property
    def is_leaving(self) -> bool:
        """Whether its time has come, and not all of it has left."""
        return bool(self.waiting) and self.sending.leaves_at <= now()

    @property
    def letters(self) -> int:
        """All of them."""
        return self.waiting + self.left + self.skipped


def begin(
    batch: UUID,
    *,
    opening_id: UUID,
    people: int,
    by: UUID,
    kind: str = "invitation",
    at: datetime | None = None,
) -> Sending | None:
    """Let the letters of this batch wait for ten minutes; None for one person, whose letter goes at once.

    The same batch again is as once. `at`: when it was confirmed, if its letters are laid later.
    Raises Refused for one that was taken back, Missing for another's.
    """
    known = made_before(Sending, batch, maker="made_by", by=by)
    if known is None and people < 2:  # noqa: PLR2004  one person alone
        return None
    if known is None:
        known = Sending(
            id=batch, opening_id=opening_id, kind=kind, made_by=by, made_at=now(),
            leaves_at=(at or now()) + WAITS,
        )  # fmt: skip
        session.add(known)
        session.flush()
    if known.opening_id != opening_id:
        raise Missing
    _check_stands(known)
    return known


def leaves_at(sending: Sending | None) -> datetime | None:
    """When the letters of a sending leave, while that is still to come; None for what leaves at once."""
    return sending.leaves_at if sending and sending.leaves_at > now() else None


def _check_stands(sending: Sending) -> None:
    if sending.taken_back_at is not None:
        raise Refused(
            _("This sending was taken back, so nothing leaves. Begin again from the list.")
        )


def leaving(batch: UUID | None) -> datetime | None:
    """When the letters of a batch may leave; None for at once. Locks it, so that nobody takes it back.

    Raises Refused when somebody has.
    """
    sending = _locked(batch) if batch else None
    if sending is None:
        return None
    _check_stands(sending)
    return sending.leaves_at if sending.leaves_at > now() else None


def sending_of(opening_id: UUID, batch: UUID) -> Sending:
    """The sending. Raises Missing when there is none in this opening."""
    found = session.get(Sending, batch)
    if found is None or found.opening_id != opening_id:
        raise Missing
    return found


def is_taken_back(batch: UUID | None) -> bool:
    """Whether this sending, if there is one, was taken back."""
    found = session.get(Sending, batch) if batch else None
    return found is not None and found.taken_back_at is not None


def waiting_in(opening_id: UUID) -> list[Course]:
    """The sendings of an opening that have not left yet, the next one first."""
    rows = (
        select(Sending)
        .where(Sending.opening_id == opening_id, Sending.taken_back_at.is_(None))
        .where(Sending.leaves_at > now())
        .order_by(Sending.leaves_at, Sending.id)
    )
    return [course for course in courses(session.scalars(rows).all()) if course.waiting]


def courses(sendings: Collection[Sending]) -> list[Course]:
    """How far these have come: one query, however many."""
    states = states_of({sending.id for sending in sendings})
    return [
        Course(
            sending,
            waiting=states[sending.id]["waiting"],
            left=sum(states[sending.id][state] for state in LEFT),
            skipped=states[sending.id]["skipped"],
        )
        for sending in sendings
    ]


def letters_of(batch: UUID) -> Select[Message]:
    """The letters of a sending, by their readers' names as the roll has them. Made to be paged."""
    applied = func.coalesce(Invitation.application_id, Message.about)  # some letters name no link
    return (
        select(Message)
        .outerjoin(Invitation, Invitation.id == Message.about)
        .outerjoin(Application, Application.id == applied)
        .outerjoin(Person, Person.id == Application.person_id)
        .where(Message.batch == batch)
        .order_by(func.coalesce(Person.sought, func.lower(Message.to_name)), Message.id)
    )


def send_now(batch: UUID) -> None:
    """Let what waits leave at once, and its links open. Twice is as once.

    Raises Refused when it was taken back.
    """
    sending = _locked(batch)
    if sending is None:
        raise Missing
    _check_stands(sending)
    if sending.leaves_at <= now():
        return
    were_to = sending.leaves_at
    sending.leaves_at = now()
    early = (Invitation.batch == batch) & (Invitation.invited_at > now())
    session.execute(_apart(update(Invitation).where(early).values(invited_at=now())))
    session.flush()
    outbox.let_go(batch)
    announce(SendingHurried(batch, sending.opening_id, were_to, sending.leaves_at))


def take_back(batch: UUID, *, by: UUID) -> Course:
    """Undo what has not left, as though it had not been done; twice is as once. What had left stays.

    Whoever came in by it leaves again, and its links are gone, but where somebody has used them.
    """
    sending = _locked(batch)
    if sending is None:
        raise Missing
    if sending.taken_back_at is None:
        _hold(batch)
        if not outbox.take_back(batch) and courses([sending])[0].left:
            raise Refused(_("All of it had left already, so nothing was taken back."))
        _undo(sending, by=by)
    return courses([sending])[0]


def _hold(batch: UUID) -> None:
    """The rows of everybody whom a letter is about, before the letters': so all lock them who revoke."""
    letters = select(Message.about).where(Message.batch == batch)
    links = select(Invitation.application_id).where(Invitation.id.in_(letters))
    about = Application.id.in_(links) | Application.id.in_(letters)
    session.execute(select(Application.id).where(about).order_by(Application.id).with_for_update())


def _undo(sending: Sending, *, by: UUID) -> None:
    skipped = (Message.batch == sending.id) & (Message.state == "skipped")
    told = Invitation.id.in_(select(Message.about).where(skipped))
    touched = Application.id.in_(select(Invitation.application_id).where(told)) | (
        Application.id.in_(select(Message.about).where(skipped))  # letters that name no link
    )
    ids = tuple(session.scalars(select(Application.id).where(touched).order_by(Application.id)))
    _shorten(sending.id, told)
    unsent = (Invitation.batch == sending.id) & told
    session.execute(_apart(delete(Invitation).where(unsent, unreferred(Invitation.id))))
    session.execute(_apart(delete(Application).where(_only_here(sending.id))))
    sending.taken_back_at = now()
    session.flush()
    left = courses([sending])[0].left
    announce(SendingTakenBack(sending.id, sending.opening_id, ids, left, by))
    session.expire_all()


def _shorten(batch: UUID, told: ColumnElement[bool]) -> None:
    """Links that were to last longer end as before, but where somebody has moved the end since."""
    rows = select(Extension, Invitation).join(Invitation, Invitation.id == Extension.invitation_id)
    for extension, invitation in session.execute(rows.where(Extension.batch == batch, told)):
        if invitation.expires_at == extension.until:
            invitation.expires_at = extension.ended_at
            session.delete(extension)
    session.flush()


def _only_here(batch: UUID) -> ColumnElement[bool]:
    """Who came in by this sending and of whom nothing else is known: no link, no work, no decision."""
    return (Application.came_by == batch) & unreferred(Application.id)


def _apart(statement: UpdateBase) -> UpdateBase:
    return statement.execution_options(synchronize_session=False)


def _locked(batch: UUID) -> Sending | None:
    return locked(select(Sending).where(Sending.id == batch))
