"""What an operator does before anybody can sign in, or when nobody can."""

from __future__ import annotations

import click
from sqlalchemy import select

from hiring.accounts import actions, queries
from hiring.accounts.mail import password_link
from hiring.accounts.models import Account
from hiring.kernel.addresses import normalised
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused


@click.command("invite-owner")
@click.argument("name")
@click.argument("address")
def invite_owner(name: str, address: str) -> None:
    """Make NAME at ADDRESS the first owner, and print the link to choose a password."""
    if any(owner.password for owner in session.scalars(queries.holding("owner"))):
        raise click.ClickException("There is an owner already; owners invite others, in Settings.")
    try:
        with writing():
            account_id = actions.invite(address, name=name, roles={"owner"}, by=None)
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(password_link(session.get_one(Account, account_id)))


@click.command("password-link")
@click.argument("address")
def password_link_of(address: str) -> None:
    """Print a link to choose a new password for the account with ADDRESS."""
    try:
        email = normalised(address)
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    known = select(Account).where(Account.email == email, Account.active)
    account = session.scalars(known).one_or_none()
    if account is None:
        raise click.ClickException("There is no open account with this address.")
    click.echo(password_link(account))
