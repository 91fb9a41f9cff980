"""Getting to know a person, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ScalarResult, select
from sqlalchemy.exc import IntegrityError

from hiring.kernel.addresses import normalised, plain
from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.refusals import Missing, Refused
from hiring.people import rules
from hiring.people.models import Consent, Person


def person_for(address: str, *, name: str, language: str = "en") -> Person:
    """The person of this mailbox, known from now on if not before; fills in a name that is missing.

    Safe when several ask for one new address at once. Who asks for many takes them in the order of
    their normalised addresses, or two askers could wait for each other.
    """
    normal = normalised(address)
    person = _known(normal) or _get_to_know(_new(normal, address, name, language))
    _fill_in(person, name)
    session.flush()
    return person


def _fill_in(person: Person, name: str) -> None:
    if not person.name and name.strip():
        person.name = rules.cleaned_name(name)
        person.sought = _sought(person)


def people_for(named: Iterable[tuple[str, str]]) -> dict[str, Person]:
    """The people of these addresses, each with a name or none, by normalised address; as `person_for`."""
    wanted: dict[str, tuple[str, str]] = {}
    for address, name in named:
        first, known_as = wanted.get(normalised(address), (address, ""))
        wanted[normalised(address)] = (first, known_as or name)
    here = Person.normalised_address.in_(wanted)
    known = {one.normalised_address: one for one in _held(here)}
    unknown = sorted(wanted.keys() - known)
    new = [_new(normal, *wanted[normal]) for normal in unknown]
    try:
        with session.begin_nested():
            session.add_all(new)
            session.flush()
    except IntegrityError:  # another act got to know one of them a moment ago: one by one, then
        new = [person_for(wanted[normal][0], name=wanted[normal][1]) for normal in unknown]
    for person in known.values():
        _fill_in(person, wanted[person.normalised_address][1])
    session.flush()
    return known | {person.normalised_address: person for person in new}


def rename(person_id: UUID, name: str) -> bool:
    """Put a person's name right; whether it was another one. Raises Refused for a name too long, Missing."""
    if told := rules.name_fault(name):
        raise Refused(told, field="name")
    person = _locked(person_id)
    name = rules.cleaned_name(name)
    if person.name == name:
        return False
    person.name = name
    person.sought = _sought(person)
    session.flush()
    return True


def readdress(person_id: UUID, address: str) -> None:
    """Write to a person elsewhere from now on. One mailbox stays one person.

    Raises Refused for an address that is none, that they have, or that somebody else is known by; Missing.
    """
    normal = normalised(address)
    person = _locked(person_id)
    if person.address == plain(address):
        raise Refused(_("That is the address we have. Nothing was changed."), field="address")
    try:
        with session.begin_nested():
            person.address, person.normalised_address = plain(address), normal
            person.sought = _sought(person)
            session.flush()
    except IntegrityError:
        told = _(
            "Somebody else is known by this address, so it cannot be theirs too. Take this invitation"
            " back, and invite that address."
        )
        raise Refused(told, field="address") from None


def keep_consent(
    person_id: UUID, *, purpose: str, act: str, text: str, expires_at: datetime
) -> Consent:
    """Keep what a person agreed to, by which act and in which words. The same words again add nothing."""
    here = (Consent.person_id == person_id) & (Consent.purpose == purpose) & (Consent.text == text)
    same = select(Consent).where(here, Consent.expires_at == expires_at)
    if known := session.scalars(same).first():
        return known
    consent = Consent(
        person_id=person_id, purpose=purpose, act=act, text=text, given_at=now(),
        expires_at=expires_at,
    )  # fmt: skip
    session.add(consent)
    session.flush()
    return consent


def _locked(person_id: UUID) -> Person:
    person = locked(select(Person).where(Person.id == person_id, Person.erased_at.is_(None)))
    if person is None:
        raise Missing
    return person


def _known(normal: str) -> Person | None:
    return _held(Person.normalised_address == normal).one_or_none()


def _held(which: ColumnElement[bool]) -> ScalarResult[Person]:
    """People held as known: who erases one waits, and finds what we are about to begin.

    In the order of their addresses, or two who ask for many could wait for each other.
    """
    known = select(Person).where(which).order_by(Person.normalised_address)
    held = known.with_for_update(read=True, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True))


def _new(normal: str, address: str, name: str, language: str = "en") -> Person:
    person = Person(
        name=rules.cleaned_name(name), address=plain(address), normalised_address=normal,
        language=language, known_since=now(),
    )  # fmt: skip
    person.sought = _sought(person)
    return person


def _get_to_know(person: Person) -> Person:
    try:
        with session.begin_nested():
            session.add(person)
            session.flush()
    except IntegrityError:  # another act got to know this address a moment ago
        known = _known(person.normalised_address)
        if known is None:
            raise
        return known
    return person


def _sought(person: Person) -> str:
    return rules.sought(f"{person.name} {person.address}")
