"""What can happen around an opening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class OpeningCreated:
    """An opening with its first step and panel stands."""

    opening_id: UUID
    by: UUID


@dataclass(frozen=True)
class OpeningChanged:
    """What is said of an opening was changed; `what` names the columns. Both days, moved or not."""

    opening_id: UUID
    what: tuple[str, ...]
    heard_by: date
    hear_by: date
    by: UUID


@dataclass(frozen=True)
class PeopleInvited:
    """Invitations of one sending were made, in the order of their ids; a listener writes their letters,
    which leave at once or at `leaves_at`.
    """

    invitation_ids: tuple[UUID, ...]
    batch: UUID | None
    leaves_at: datetime | None
    by: UUID


@dataclass(frozen=True)
class PersonApplied:
    """Somebody left an address on the public page; their link goes there, not before `not_before`."""

    invitation_id: UUID
    application_id: UUID
    not_before: datetime


@dataclass(frozen=True)
class NameCorrected:
    """The name of who applies was put right; neither the old one nor the new stands here."""

    application_id: UUID
    by: UUID


@dataclass(frozen=True)
class AddressMended:
    """Letters to who applies go elsewhere now; neither the old address nor the new stands here."""

    application_id: UUID
    by: UUID


@dataclass(frozen=True)
class InvitationExtended:
    """A link lasts until later; its letter is written by a listener."""

    extension_id: UUID
    invitation_id: UUID
    application_id: UUID
    ended_at: datetime
    until: datetime
    by: UUID


@dataclass(frozen=True)
class InvitationRevoked:
    """Every open link of an application was taken back."""

    application_id: UUID
    invitation_ids: tuple[UUID, ...]
    by: UUID


@dataclass(frozen=True)
class SendingTakenBack:
    """What had not left of a sending was undone; so many letters had left and stay.

    `application_ids`: whose letter was ended. Who came in by this sending is gone from the opening.
    """

    sending_id: UUID
    opening_id: UUID
    application_ids: tuple[UUID, ...]
    left: int
    by: UUID


@dataclass(frozen=True)
class SendingHurried:
    """The letters of a sending leave now, and not when they were to."""

    sending_id: UUID
    opening_id: UUID
    were_to_leave_at: datetime
    leaves_at: datetime


@dataclass(frozen=True)
class WentOn:
    """Somebody is through to a step, and their invitation to it goes out on its day."""

    application_id: UUID
    step_id: UUID
    due_at: datetime
    by: UUID
    batch: UUID | None = None
    leaves_at: datetime | None = None  # its letter, if not at once


@dataclass(frozen=True)
class StepAdded:
    """An opening has one more step."""

    step_id: UUID
    by: UUID


@dataclass(frozen=True)
class StepChanged:
    """A step follows the one before otherwise, or has another rule that proposes."""

    step_id: UUID
    by: UUID


@dataclass(frozen=True)
class StepClosed:
    """A step takes no more attempts."""

    step_id: UUID
    by: UUID


@dataclass(frozen=True)
class PanelChanged:
    """Who marks a step, or how many marks an answer wants, is different now."""

    step_id: UUID
    by: UUID


@dataclass(frozen=True)
class QuestionsChanged:
    """What is asked before the clock is different for whoever has not answered: the new sheet."""

    opening_id: UUID
    number: int
    content: list[dict[str, Any]]
    by: UUID


@dataclass(frozen=True)
class QuestionsPassed:
    """A person let somebody start although an answer of theirs stands in the way."""

    application_id: UUID
    by: UUID


@dataclass(frozen=True)
class ErasureBegun:
    """An application is about to be erased: rows that are locked before its own are locked now."""

    application_id: UUID


@dataclass(frozen=True)
class ApplicationErased:
    """What somebody gave in an opening is gone: each room erases its own. `racing`: nobody had decided,
    so they are out of the numbers too. `asked`: sooner than its day; `by` whoever was asked.
    """

    application_id: UUID
    pseudonym: UUID
    racing: bool
    asked: bool
    by: UUID | None


@dataclass(frozen=True)
class ApplicationParted:
    """An erased application belongs to nobody now; whose it was is known elsewhere still."""

    application_id: UUID
    person_id: UUID
