"""What can happen to a person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PersonErased:
    """Nothing here says any more who this was. The address stands in this event alone, and only for as
    long as the rooms need to find what else bears it. `asked`: somebody wanted it; else their day came.
    """

    person_id: UUID
    address: str
    normalised_address: str
    asked: bool
