"""Commands of the operator: `flask --app wsgi …`. Each is thin as a view."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from hiring import demo
from hiring.accounts.cli import invite_owner, password_link_of
from hiring.accounts.queries import counts
from hiring.kernel import queue
from hiring.ledger.cli import ledger


def install(app: Flask) -> None:
    """Offer the commands."""
    for command in (worker, ledger, fill_demo, start_real, invite_owner, password_link_of):
        app.cli.add_command(command)


def _app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]


@click.command()
def worker() -> None:
    """Do the slow work: send mail, draw documents, close attempts."""
    queue.work(_app())


@click.command("demo")
def fill_demo() -> None:
    """Fill an empty installation with a believable organisation. Its passwords are known to everybody."""
    if not current_app.config["SAFE_FOR_DEMO"]:
        raise click.ClickException(
            "A demo stays on this machine and sends no mail: its doors are open."
        )
    upgrade()
    _refuse_inhabited()
    demo.fill()
    click.echo(demo.welcome(current_app.config["PUBLIC_URL"]))


@click.command("start-real")
@click.argument("name")
@click.argument("address")
@click.pass_context
def start_real(context: click.Context, name: str, address: str) -> None:
    """Make an empty, safe installation whose owner is NAME at ADDRESS; prints the link to come in."""
    upgrade()
    _refuse_inhabited()
    context.invoke(invite_owner, name=name, address=address)


def _refuse_inhabited() -> None:
    if demo.present():
        raise click.ClickException("The demo lives here. Choose an empty folder: HIRING_DATA_DIR=…")
    if any(counts()):
        raise click.ClickException("Somebody has an account here already; nothing was changed.")
