"""The operator's two commands at the door."""

from __future__ import annotations

from flask import Flask

from hiring.kernel.database import session
from hiring.outbox.models import Message
from tests.accounts.crew import address, invited, joined, sign_in


def test_the_first_owner_of_an_empty_installation_gets_a_link(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["invite-owner", "Ola Brandt", address("Ola")])
    assert done.exit_code == 0, done.output
    path = done.output.strip().removeprefix("http://localhost:8000")
    page = app.test_client().get(path)
    assert address("Ola") in page.text
    assert session.query(Message).count() == 1


def test_a_second_first_owner_is_refused(app: Flask) -> None:
    joined("Ola", "owner")
    done = app.test_cli_runner().invoke(args=["invite-owner", "Una", address("Una")])
    assert done.exit_code == 1
    assert "There is an owner already" in done.output


def test_an_address_that_will_not_do_says_so(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["invite-owner", "Ola", "ola"])
    assert done.exit_code == 1
    assert "There is no address here: an address has an @ in it." in done.output


def test_an_owner_who_is_locked_out_gets_a_link_without_mail(app: Flask) -> None:
    joined("Ola", "owner")
    invited("Vic", "reviewer")
    done = app.test_cli_runner().invoke(args=["password-link", "OLA@osier.example"])
    assert done.exit_code == 0, done.output
    assert app.test_client().get(done.output.strip()).status_code == 200
    assert sign_in(app.test_client(), "Ola").status_code == 302  # the old one works until then
    for wrong in ("nobody@osier.example", "nobody"):
        assert app.test_cli_runner().invoke(args=["password-link", wrong]).exit_code == 1
