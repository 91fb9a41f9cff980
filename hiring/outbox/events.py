"""What a person can decide about mail."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MailSentAgain:
    """A mail whose delivery was unknown, or that was refused, goes out once more."""

    message_id: UUID
    was: str
    by: UUID


@dataclass(frozen=True)
class LetterWorded:
    """The next letters of a kind have other words: those of a version, or what ships."""

    wording_id: UUID
    kind: str
    number: int
    standard: bool
    by: UUID


@dataclass(frozen=True)
class ArrivalNoted:
    """A mail whose delivery was unknown did arrive, a person says."""

    message_id: UUID
    by: UUID
