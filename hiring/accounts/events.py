"""What can happen to staff and to the organisation they work for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StaffInvited:
    """An account without a password; the letter carries a link to set one. `by` None: the operator."""

    account_id: UUID
    roles: tuple[str, ...]
    by: UUID | None


@dataclass(frozen=True)
class StaffInvitedAgain:
    """The same invitation once more, with a fresh link."""

    account_id: UUID
    by: UUID


@dataclass(frozen=True)
class RolesChanged:
    """Roles were granted or ended; `roles` are those held from now on."""

    account_id: UUID
    roles: tuple[str, ...]
    by: UUID


@dataclass(frozen=True)
class AccessEnded:
    """No role and no session is left."""

    account_id: UUID
    by: UUID


@dataclass(frozen=True)
class OrganisationChanged:
    """What the organisation says of itself changed; `what` names the fields."""

    what: tuple[str, ...]
    by: UUID | None
