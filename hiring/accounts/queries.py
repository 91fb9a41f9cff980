"""What is asked about staff."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select

from hiring.accounts.models import Account, RoleGrant
from hiring.kernel.database import session


def names_of_accounts(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The name of each account, those included whose access has ended."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(set(ids))))
    return dict(rows.tuples().all())


def reviewers() -> list[Account]:
    """Everyone who may mark now, by name."""
    return list(session.scalars(holding("reviewer")))


def holding(role: str) -> Select[Account]:
    """The accounts that hold a role now, by name."""
    held = select(RoleGrant.account_id).where(RoleGrant.name == role, RoleGrant.held_to.is_(None))
    return (
        select(Account)
        .where(Account.id.in_(held), Account.ended_at.is_(None))
        .order_by(Account.name, Account.id)
    )
