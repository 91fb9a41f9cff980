"""Staff for the tests of the door: they are invited and sign in as people do, with a real password."""

from __future__ import annotations

import re
from functools import cache
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from werkzeug.test import TestResponse

from hiring.accounts import actions
from hiring.kernel.database import writing

PASSWORD = "four otters under glass"


def invited(name: str, *roles: str, by: UUID | None = None) -> UUID:
    """An account without a password; its address is the name at osier.example."""
    with writing():
        return actions.invite(address(name), name=name, roles=roles, by=by)


def joined(name: str, *roles: str) -> UUID:
    """An account whose password is chosen."""
    account_id, hashed = invited(name, *roles), _hashed()
    with writing():
        actions.keep_password(account_id, hashed=hashed)
    return account_id


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A browser in which somebody who joined has signed in."""
    browser = app.test_client()
    answer = sign_in(browser, name)
    assert answer.status_code == 302, answer.text
    return browser


def sign_in(browser: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    """What happens when this password is typed."""
    typed = {"email": address(name), "password": password}
    return send(browser, "/account/login", typed)


def send(
    browser: FlaskClient, path: str, typed: dict[str, object], *, page: str = ""
) -> TestResponse:
    """Open the page of a form, fill it in and press its button."""
    token = token_on(browser.get(page or path))
    return browser.post(path, data={"csrf_token": token, **typed})


def token_on(page: TestResponse) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text
    return found.group(1)


def address(name: str) -> str:
    """Where somebody's mail goes."""
    return f"{name.casefold()}@osier.example"


@cache
def _hashed() -> str:
    return str(hash_password(PASSWORD))
