"""Open sessions as rows. The cookie only names the row, so what ends the row ends the session at once.

Flask-Security keeps its sessions in the cookie alone; a copied cookie would outlive a sign-out.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import session as cookie
from flask_login import user_logged_out
from flask_security import password_changed, password_reset, user_authenticated
from flask_security.utils import set_request_attr
from sqlalchemy import select

from hiring.accounts.models import Account, SignIn
from hiring.accounts.rules import SIGN_IN_LASTS
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing

NAME = "sign_in"  # in the cookie
ADDRESS = "address"  # of whoever has just chosen a password, until they sign in with it


def wire() -> None:
    """Follow flask-security: what it calls a session becomes a row, and the row ends with it."""
    user_authenticated.connect(_begin)
    user_logged_out.connect(_end)
    password_changed.connect(_end_others)
    password_reset.connect(_end_others)
    password_reset.connect(_keep_address)


def account_of(uniquifier: str) -> Account | None:
    """The account of the present cookie, if its session is open and its access has not ended."""
    named = cookie.get(NAME)
    if not named:
        return None
    account = session.scalars(
        select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.id == UUID(named),
            SignIn.ended_at.is_(None),
            SignIn.began_at > now() - SIGN_IN_LASTS,
        )
        .where(Account.fs_uniquifier == uniquifier, Account.active)
    ).one_or_none()
    if account is not None:  # as flask-security's own loader tells its views
        set_request_attr("fs_authn_via", "session")
        set_request_attr("fs_paa", cookie.get("fs_paa", 0))
    return account


def address_to_come_in_with() -> str:
    """Whose password was chosen in this browser a moment ago, told once; empty when nobody's was."""
    return cookie.pop(ADDRESS, "")


def _keep_address(_app: object, *, user: Account, **_more: Any) -> None:
    cookie[ADDRESS] = user.email


def _begin(_app: object, *, user: Account, **_more: Any) -> None:
    # Committed by flask-security's own commit, at the end of the request that signs in.
    row = SignIn(id=uuid4(), account_id=user.id, began_at=now())
    session.add(row)
    cookie[NAME] = str(row.id)


def _end(_app: object, **_more: Any) -> None:
    named = cookie.pop(NAME, None)
    if named is None:
        return
    with writing():
        row = session.get(SignIn, UUID(named))
        if row is not None and row.ended_at is None:
            row.ended_at = now()


def _end_others(_app: object, *, user: Account, **_more: Any) -> None:
    # The session that a change of password opens anew is not yet in the database, and stays.
    opened = SignIn.account_id == user.id, SignIn.ended_at.is_(None)
    for row in session.scalars(select(SignIn).where(*opened)):
        row.ended_at = now()
