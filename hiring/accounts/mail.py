"""Letters to staff: an invitation, a way to a new password, and word that it was changed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_security.recoverable import generate_reset_password_token

from hiring.accounts.events import StaffInvited, StaffInvitedAgain
from hiring.accounts.models import Account
from hiring.accounts.rules import INVITED_FOR, RESET_FOR, ROLE_WORDS
from hiring.accounts.settings import organisation
from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.links import link
from hiring.outbox.actions import write_mail


def send_invitation(event: StaffInvited | StaffInvitedAgain) -> None:
    """Tell somebody that they have an account, as what, and how to come in."""
    account = session.get_one(Account, event.account_id)
    by = session.get(Account, event.by) if event.by else None
    _write(
        "staff-invitation",
        account,
        subject=_("Your account at %(name)s", name=organisation().name),
        roles=[ROLE_WORDS[role] for role in ROLE_WORDS if role in account.role_names],
        by=by.name if by else None,
        link=password_link(account),
        until=now() + INVITED_FOR,
        reply_to=by.email if by else None,
    )


def send_reset(account: Account, *, token: str) -> None:
    """Bring the link that somebody asked for; flask-security made its token."""
    _write(
        "password-reset",
        account,
        subject=_("Choose a new password"),
        link=link("security.reset_password", token=token),
        until=now() + (RESET_FOR if account.password else INVITED_FOR),
    )


def send_notice(account: Account) -> None:
    """Say that the password was changed, in case it was not them."""
    _write(
        "password-changed",
        account,
        subject=_("Your password was changed"),
        at=now(),
        link=link("security.forgot_password"),
    )


def password_link(account: Account) -> str:
    """The address where the holder of this link chooses the account's password."""
    token = generate_reset_password_token(account)  # type: ignore[no-untyped-call]
    return link("security.reset_password", token=token)


def _write(
    kind: str, account: Account, *, subject: str, reply_to: str | None = None, **values: Any
) -> None:
    write_mail(
        kind,
        to_address=account.email,
        to_name=account.name,
        subject=subject,
        template=f"accounts/mail/{kind}",
        values=values,
        language=account.language,
        about=account.id,
        reply_to=reply_to,
    )
