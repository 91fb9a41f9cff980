"""Reading who people are. Guard the step before you call: a blind viewer must not get here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from hiring.kernel.addresses import told_apart
from hiring.kernel.database import session
from hiring.people.models import Person

Value = TypeVar("Value", bound=Any)
AT_ONCE = 500  # ids in one statement; databases bound the number of values


@dataclass(frozen=True)
class PersonCard:
    """Who a person is. `name` is never empty: someone whose name we do not know is their address."""

    id: UUID
    name: str
    address: str
    language: str
    named: bool
    erased: bool = False

    @property
    def shown(self) -> str:
        """The address as staff read it: one that looks like another's is spelled out."""
        return told_apart(self.address)


def cards(ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    """The cards of these persons, by id; ids that nobody has are left out."""
    found: dict[UUID, PersonCard] = {}
    for some in _portions(ids):
        for person in session.scalars(select(Person).where(Person.id.in_(some))):
            found[person.id] = card_of(person)
    return found


def card_of(person: Person) -> PersonCard:
    """One person's card. Of somebody erased it says that in the place of the name."""
    if person.erased_at is not None:
        name = _("Erased on %(day)s", day=format_date(person.erased_at, "d MMMM y"))
        return PersonCard(person.id, name, "", person.language, named=True, erased=True)
    return PersonCard(
        id=person.id,
        name=person.name or person.address,
        address=person.address,
        language=person.language,
        named=bool(person.name),
    )


def ids_by_address(normal: Iterable[str]) -> dict[str, UUID]:
    """The persons who are known under these normalised addresses."""
    found: dict[str, UUID] = {}
    for some in _portions(normal):
        rows = select(Person.normalised_address, Person.id)
        for address, id in session.execute(rows.where(Person.normalised_address.in_(some))):
            found[address] = id
    return found


def _portions(values: Iterable[Value]) -> Iterator[list[Value]]:
    ordered = sorted(set(values))
    for first in range(0, len(ordered), AT_ONCE):
        yield ordered[first : first + AT_ONCE]
