"""Erasing who a person is. The row stays, without identity, as others point at it; the address is free
again, and whoever is invited by it later is a new person.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from hiring.kernel.clock import now
from hiring.kernel.database import change, locked, session
from hiring.kernel.events import announce
from hiring.kernel.references import unreferred
from hiring.people.events import PersonErased
from hiring.people.models import Consent, Person

STRANGER = timedelta(days=1)  # how long somebody of whom nothing else is known stays known
AT_ONCE = 100


def nobody() -> UUID:
    """Somebody who was erased and never had a name: for what stays of one who is known elsewhere."""
    id = uuid4()
    session.add(
        Person(
            id=id,
            name="",
            address="",
            normalised_address=f"erased:{id}",
            sought="",
            known_since=now(),
            erased_at=now(),
        )  # fmt: skip
    )
    session.flush()
    return id


def hold(person_id: UUID) -> Person:
    """The person, locked: nobody begins anything with them until this act is done."""
    found = locked(select(Person).where(Person.id == person_id))
    assert found is not None  # noqa: S101  rows of persons are never deleted
    return found


def agrees_still(person_id: UUID) -> bool:
    """Whether a consent of theirs still runs."""
    runs = (Consent.person_id == person_id) & (Consent.expires_at > now())
    return session.scalar(select(Consent.id).where(runs).limit(1)) is not None


def end_consent(person_id: UUID, purpose: str) -> None:
    """Forget what somebody agreed to for one purpose: it is over."""
    mine = (Consent.person_id == person_id) & (Consent.purpose == purpose)
    change(delete(Consent).where(mine))


def erase(person: Person, *, asked: bool) -> None:
    """Let a person whose row is locked be nobody. Twice is as once."""
    if person.erased_at is not None:
        return
    address, normal = person.address, person.normalised_address
    person.name = person.address = person.sought = ""
    person.normalised_address, person.erased_at = f"erased:{person.id}", now()
    change(delete(Consent).where(Consent.person_id == person.id))
    session.flush()
    announce(PersonErased(person.id, address, normal, asked))


def strangers(*, but: Collection[UUID] = ()) -> list[UUID]:
    """Some of those of whom nothing but name and address is known since yesterday: what brought them was
    taken back. `but`: not these.
    """
    runs = (Consent.person_id == Person.id) & (Consent.expires_at > now())
    rows = (
        select(Person.id)
        .where(Person.erased_at.is_(None), Person.known_since < now() - STRANGER)
        .where(Person.id.not_in(but))
        .where(~select(Consent.id).where(runs).exists(), unreferred(Person.id, but={"consents"}))
        .order_by(Person.known_since)
    )
    return list(session.scalars(rows.limit(AT_ONCE)))


def erase_stranger(person_id: UUID) -> bool:
    """Erase somebody of whom nothing else is known, if that is so still; whether it was."""
    person = hold(person_id)
    alone = select(Person.id).where(
        Person.id == person_id, Person.erased_at.is_(None), unreferred(Person.id, but={"consents"})
    )
    if session.scalar(alone) is None or agrees_still(person_id):
        return False
    erase(person, asked=False)
    return True
