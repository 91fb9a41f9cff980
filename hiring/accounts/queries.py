"""What is asked about staff."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from hiring.accounts.models import Account, RoleGrant, SignIn
from hiring.accounts.rules import SIGN_IN_LASTS
from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.refusals import Missing


def names_of_accounts(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The name of each account, those included whose access has ended."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(set(ids))))
    return dict(row for row in rows)


def addresses_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The address of each account, normalised, as it is kept."""
    rows = session.execute(select(Account.id, Account.email).where(Account.id.in_(set(ids))))
    return dict(row for row in rows)


def id_of_account(address: str) -> UUID | None:
    """The account of a normalised address, if it is one of the house."""
    return session.scalar(select(Account.id).where(Account.email == address))


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


def number_holding(*roles: str) -> int:
    """How many accounts hold one of these roles now."""
    held = (RoleGrant.name.in_(roles)) & RoleGrant.held_to.is_(None)
    return (
        session.scalar(
            select(func.count(RoleGrant.account_id.distinct()))
            .join(Account, Account.id == RoleGrant.account_id)
            .where(held, Account.ended_at.is_(None))
        )
        or 0
    )


def staff(*, words: str = "", role: str = "") -> Select[Account]:
    """All staff by name, those whose access has ended last; found by name or address, or by role."""
    statement = holding(role) if role else select(Account)
    if words:
        places = (func.lower(Account.name), func.lower(Account.email))
        found = (place.contains(words.lower(), autoescape=True) for place in places)
        statement = statement.where(or_(*found))
    return statement.order_by(None).order_by(
        Account.ended_at.is_not(None), func.lower(Account.name), Account.id
    )


def counts() -> tuple[int, int]:
    """How many accounts are open, and how many of them were invited and have no password yet."""
    opened = session.scalars(select(Account.password).where(Account.ended_at.is_(None))).all()
    return len(opened), sum(password is None for password in opened)


def account_of(account_id: UUID) -> Account:
    """An account whose access has not ended. Raises Missing."""
    account = anybody(account_id)
    if account.ended_at is not None:
        raise Missing
    return account


def anybody(account_id: UUID) -> Account:
    """An account, also when its access has ended. Raises Missing."""
    account = session.get(Account, account_id)
    if account is None:
        raise Missing
    return account


def open_sessions(account_id: UUID) -> int:
    """In how many browsers this account is signed in."""
    counted = select(func.count()).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    return session.scalar(counted.where(SignIn.began_at > now() - SIGN_IN_LASTS)) or 0
