"""The operator's commands: a demo where nothing is yet, and an empty, safe start for real use."""

from __future__ import annotations

import re

from flask import Flask

from hiring import demo
from hiring.accounts.models import Account
from hiring.kernel.database import session


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """A command's status and what it said."""
    result = app.test_cli_runner().invoke(args=list(arguments))
    return result.exit_code, result.output


def test_a_real_start_makes_one_owner_and_prints_the_way_in(app: Flask) -> None:
    status, said = run(app, "start-real", "Ola Brandt", "ola@osier.example")
    assert status == 0
    address = re.search(r"http://localhost:8000(/account/reset/\S+)", said)
    assert address
    assert "New password" in app.test_client().get(address[1]).text
    assert [account.password for account in session.query(Account)] == [None]


def test_a_real_start_leaves_what_is_there_alone(app: Flask) -> None:
    run(app, "start-real", "Ola Brandt", "ola@osier.example")
    status, said = run(app, "start-real", "Mallory", "mallory@example.org")
    assert status == 1
    assert "Somebody has an account here already" in said
    status, said = run(app, "demo")
    assert status == 1
    assert not demo.present()
