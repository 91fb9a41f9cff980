"""Commands of the operator: `flask --app wsgi …`. Each is thin as a view."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask, current_app

from hiring.accounts.cli import invite_owner, password_link_of
from hiring.kernel import queue
from hiring.ledger.cli import ledger


def install(app: Flask) -> None:
    """Offer the commands."""
    for command in (worker, ledger, invite_owner, password_link_of):
        app.cli.add_command(command)


def _app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]


@click.command()
def worker() -> None:
    """Do the slow work: send mail, draw documents, close attempts."""
    queue.work(_app())
