"""Who a candidate is. Other rooms hold a bare person id; only this one turns it into a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.database import Base, Key


class Person(Base):
    """A person, known once: two spellings of one mailbox are one person.

    The name may be empty: nobody is forced to know it. `sought` is name and address as a search
    compares them, since databases fold no other letters than ASCII.
    """

    __tablename__ = "persons"
    id: Mapped[Key]
    name: Mapped[str]
    address: Mapped[str]
    normalised_address: Mapped[str] = mapped_column(unique=True)
    sought: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    known_since: Mapped[datetime]
    erased_at: Mapped[datetime | None]  # from then on nothing of the above says who it was


class Consent(Base):
    """What a person agreed to, for one purpose: a row a time, never changed.

    `text` is the sentence as it was read, `act` what they did, `purpose` a plain word of the room that
    asked, such as *opening:<id>*.
    """

    __tablename__ = "consents"
    id: Mapped[Key]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    purpose: Mapped[str] = mapped_column(index=True)
    act: Mapped[str]
    text: Mapped[str]
    given_at: Mapped[datetime]
    expires_at: Mapped[datetime]
