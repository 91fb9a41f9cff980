"""Who may come in, as what, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from hiring.accounts import rules
from hiring.accounts.events import (
    AccessEnded,
    OrganisationChanged,
    RolesChanged,
    StaffInvited,
    StaffInvitedAgain,
)
from hiring.accounts.models import Account, Knock, Organisation, RoleGrant, SignIn
from hiring.kernel import storage
from hiring.kernel.addresses import normalised
from hiring.kernel.clock import now
from hiring.kernel.database import Instant, locked, session
from hiring.kernel.events import announce
from hiring.kernel.pictures import Picture
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.storage import Lying, StoredFile


def invite(address: str, *, name: str, roles: Iterable[str], by: UUID | None) -> UUID:
    """Open an account without a password; a letter brings the link to choose one.

    Somebody whose access has ended comes back to their own account. Raises Refused for an address
    that has an open account.
    """
    email, asked = normalised(address), rules.checked_roles(roles)
    account = locked(select(Account).where(Account.email == email)) or _new(email)
    if account.ended_at is None and account.roles:
        raise Refused(
            _("%(name)s has an account with this address already.", name=account.name),
            field="address",
        )
    account.name, account.active, account.ended_at = name, True, None
    account.invited_at, account.invited_by = now(), by
    _grant(account, asked, by=by)
    session.flush()
    announce(StaffInvited(account.id, tuple(sorted(asked)), by))
    return account.id


def _new(email: str) -> Account:
    account = Account(id=uuid4(), name="", email=email, invited_at=now())
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise Refused(
            _("Somebody invited this address at the same moment."), field="address"
        ) from None
    return account


def keep_password(account_id: UUID, *, hashed: str) -> None:
    """Give an account its password without a letter: the demo and the operator do so."""
    _locked_account(account_id).password = hashed
    session.flush()


def invite_again(account_id: UUID, *, by: UUID) -> None:
    """Send the link once more, valid from now. Raises Refused when a password was chosen already."""
    account = _locked_account(account_id)
    if account.password is not None:
        raise Refused(_("%(name)s has chosen a password already.", name=account.name))
    account.invited_at = now()
    session.flush()
    announce(StaffInvitedAgain(account.id, by))


def change_roles(account_id: UUID, *, roles: Iterable[str], by: UUID) -> None:
    """Let these roles, and no other, be held from now on; open sessions end. Raises Refused."""
    account, asked = _locked_account(account_id), rules.checked_roles(roles)
    if asked == account.role_names:
        return
    if "owner" not in asked:
        _refuse_to_lose_the_last_owner(account)
    for grant in account.roles:
        if grant.name not in asked:
            grant.held_to = now()
    _grant(account, asked - account.role_names, by=by)
    _end_sign_ins(account)
    session.flush()
    announce(RolesChanged(account.id, tuple(sorted(asked)), by))


def end_access(account_id: UUID, *, by: UUID) -> None:
    """End every role and every session now; links in letters die too. Raises Refused."""
    account = _locked_account(account_id)
    _refuse_to_lose_the_last_owner(account)
    for grant in account.roles:
        grant.held_to = now()
    account.active, account.ended_at, account.password = False, now(), None
    account.fs_uniquifier = uuid4().hex
    _end_sign_ins(account)
    session.flush()
    announce(AccessEnded(account.id, by))


def describe_organisation(
    *, name: str, line: str, postal_address: str, time_zone: str, hue: int, by: UUID | None
) -> None:
    """What the organisation says of itself on every page and letter. Raises Refused."""
    wanted = {
        "name": name, "line": line, "postal_address": postal_address,
        "time_zone": rules.checked_zone(time_zone), "hue": hue,
    }  # fmt: skip
    row = locked(select(Organisation).where(Organisation.id == 1))
    if row is None:
        row = Organisation(id=1, **wanted)
        session.add(row)
        changed = tuple(wanted)
    else:
        changed = tuple(field for field, value in wanted.items() if getattr(row, field) != value)
    for field in changed:
        setattr(row, field, wanted[field])
    session.flush()
    if changed:
        announce(OrganisationChanged(changed, by))


def change_logo(lying: Lying | None, drawn: Picture | None = None, *, by: UUID) -> None:
    """Show a logo in place of the name from now on, or the name again. Raises Refused before there is one."""
    row = locked(select(Organisation).where(Organisation.id == 1))
    if row is None:
        raise Refused(_("Say what you are called first."), field="file")
    before = session.get(StoredFile, row.logo_id) if row.logo_id else None
    row.logo_id = row.logo_width = row.logo_height = None
    if lying and drawn:
        row.logo_id = storage.keep(lying, name="logo.webp", media_type=drawn.media_type).id
        row.logo_width, row.logo_height = drawn.width, drawn.height
    session.flush()
    if before is not None:
        storage.forget(before)
    if before is not None or lying:
        announce(OrganisationChanged(("logo",), by))


def knock(paces: Mapping[str, rules.Pace]) -> timedelta | None:
    """Count a knock under every key; when one has had enough, under none: how long to wait then."""
    rows = {
        key: _knocks(key) for key in sorted(paces)
    }  # in one order, or two could wait for each other
    at = now()  # not before: a row that was made for this knock is calm by now
    wait = max(pace.wait(rows[key].calm_at, at=at) for key, pace in paces.items())
    if wait > timedelta(0):
        return wait
    for key, pace in paces.items():
        rows[key].calm_at = pace.after(rows[key].calm_at, at=at)
    session.flush()
    return None


def take_knock_back(paces: Mapping[str, rules.Pace]) -> None:
    """Whoever was let in has not knocked: others at the same address need not wait for them."""
    for key in sorted(paces):
        _knocks(key).calm_at -= paces[key].then
    session.flush()


def turn(key: str, *, every: timedelta) -> datetime:
    """Take the next turn under a key, of which there is one in each `every`: when it is, now or later."""
    row = _knocks(key)
    at = max(now(), row.calm_at)
    row.calm_at = at + every
    session.flush()
    return at


def _knocks(key: str) -> Knock:
    # Made if it is not there, and locked in any case: nobody can take it away before it is read.
    first = text(
        "INSERT INTO knocks (key, calm_at) VALUES (:key, :at)"
        " ON CONFLICT (key) DO UPDATE SET key = excluded.key"
    ).bindparams(bindparam("at", type_=Instant()))
    session.execute(first, {"key": key, "at": now()})
    row = locked(select(Knock).where(Knock.key == key))
    assert row is not None  # noqa: S101  made one line above
    return row


def _locked_account(account_id: UUID) -> Account:
    account = locked(select(Account).where(Account.id == account_id))
    if account is None or account.ended_at is not None:
        raise Missing
    return account


def _grant(account: Account, roles: Iterable[str], *, by: UUID | None) -> None:
    for role in sorted(roles):
        account.grants.append(
            RoleGrant(account_id=account.id, name=role, held_from=now(), granted_by=by)
        )


def _refuse_to_lose_the_last_owner(account: Account) -> None:
    # Every owner's grant is locked, so that two owners cannot end each other at the same moment.
    held = (RoleGrant.name == "owner") & RoleGrant.held_to.is_(None)
    grants = select(RoleGrant).where(held).order_by(RoleGrant.id).with_for_update()
    owners = {
        g.account_id for g in session.scalars(grants.execution_options(populate_existing=True))
    }
    others = select(Account.id).where(
        Account.id.in_(owners - {account.id}), Account.password.is_not(None)
    )
    if account.id in owners and session.scalar(others.limit(1)) is None:
        raise Refused(
            _("Nobody else is owner and has signed in. Make somebody owner first."), field="roles"
        )


def _end_sign_ins(account: Account) -> None:
    opened = SignIn.account_id == account.id, SignIn.ended_at.is_(None)
    session.execute(update(SignIn).where(*opened).values(ended_at=now()))
