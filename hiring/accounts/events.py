"""What can happen to staff."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StaffInvited:
    """An account without a password; the letter carries a link to set one."""

    account_id: UUID
    roles: tuple[str, ...]
    by: UUID | None


@dataclass(frozen=True)
class RolesChanged:
    """Roles were granted or ended."""

    account_id: UUID
    roles: tuple[str, ...]
    by: UUID


@dataclass(frozen=True)
class AccessEnded:
    """No role and no session is left."""

    account_id: UUID
    by: UUID
