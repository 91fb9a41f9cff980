"""What is due: each room says what it owes to whom and by when, and the start page shows it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hiring.kernel.gather import Question


@dataclass(frozen=True)
class Due:
    """One thing that is owed.

    `what` is the act in a few words, `about` what it concerns and how much of it is left. The page
    where it is done is an endpoint, since rooms below the views build no addresses. Without
    `due_at` it waits and is never late. `promised`: people outside were told the day; else it is
    work of our own. `number`: as how many it counts.
    """

    what: str
    about: str
    endpoint: str
    due_at: datetime | None
    owner_name: str
    mine: bool
    begun_at: datetime | None = None
    promised: bool = False
    number: int = 1
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Promises(Question[list[Due]]):
    """What does this account see as due: its own work, and what the organisation promised?

    A room leaves out what the account may not know. Names of candidates never stand here.
    """

    account_id: UUID
    roles: frozenset[str]
