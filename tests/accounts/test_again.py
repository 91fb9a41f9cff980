"""*Send it again*: no text dies with a session, and nobody else's page can use that."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hiring.accounts.models import Account, SignIn
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from tests.accounts.crew import PASSWORD, address, joined, send, sign_in, signed_in, token_on

PATH = "/staff/settings/staff/invitation"
OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "name": 'Vic "the <b>bold</b>" Ökafor\n',
    "address": address("Vic"),
    "roles": ["reviewer", "recruiter"],
}


@pytest.fixture
def ola(app: Flask) -> FlaskClient:
    """Ola's browser."""
    joined("Ola", "owner")
    return signed_in(app, "Ola")


def end_sessions() -> None:
    """As if they had run out."""
    with writing():
        session.execute(update(SignIn).values(ended_at=now()))


def echoed(page: TestResponse) -> dict[str, list[str]]:
    """The fields that the page's form sends when its button is pressed."""
    fields: dict[str, list[str]] = {}
    form = re.search(
        r'<form method="post" action="([^"]*)" class="again">(.*?)</form>', page.text, re.S
    )
    assert form
    assert form.group(1) == PATH
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.group(2)):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


def test_an_ended_session_gives_every_field_back_and_one_press_sends_it(ola: FlaskClient) -> None:
    token = token_on(ola.get(PATH))
    end_sessions()
    page = ola.post(PATH, data={**TYPED, "csrf_token": token}, headers=OURS)
    assert page.status_code == 401
    fields = echoed(page)
    assert {k: v for k, v in fields.items() if k != "csrf_token"} == {
        "name": [TYPED["name"]], "address": [TYPED["address"]], "roles": TYPED["roles"],
    }  # fmt: skip
    assert "/account/login" in page.text
    assert sign_in(ola, "Ola").status_code == 302  # in another window of the same browser
    assert ola.post(PATH, data=fields, headers=OURS).status_code == 303
    assert session.scalars(select(Account.email)).all().count(address("Vic")) == 1


def test_what_was_typed_is_shown_by_its_label_and_what_pages_carry_is_not(
    ola: FlaskClient,
) -> None:
    carried = {"page": "4c72e0a1-7e0a-4c72-8a1b-1b2c3d4e5f60", "revision": "2", "after": "0",
               "note-4c72e0a1-7e0a-4c72-8a1b-1b2c3d4e5f60": "Says so.", "text": "Yes"}  # fmt: skip
    page = ola.post(PATH, data={**TYPED, **carried, "csrf_token": "stale"}, headers=OURS)
    assert {name: echoed(page)[name] for name in carried} == {n: [v] for n, v in carried.items()}
    shown = re.findall(r'<dt id="echo-\d+">([^<]*)</dt>\s*<dd>\s*(.*?)\s*</dd>', page.text, re.S)
    assert [label for label, _value in shown] == [
        "Name", "Mail address", "Roles", "Roles", "Note", "Your answer",
    ]  # fmt: skip


def test_whoever_signed_in_beside_a_form_is_told_to_go_back_to_it(
    app: Flask, ola: FlaskClient
) -> None:
    browser = app.test_client()
    page = browser.post(PATH, data={**TYPED, "csrf_token": "old"}, headers=OURS)
    (there,) = re.findall(r'href="(/account/login[^"]*)"', page.text)
    typed = {"email": address("Ola"), "password": PASSWORD}
    answer = send(browser, html.unescape(there), typed)
    assert answer.location
    assert "waits in the other window" in browser.get(answer.location).text


def test_a_lost_cookie_gives_every_field_back_too(app: Flask, ola: FlaskClient) -> None:
    page = app.test_client().post(PATH, data={**TYPED, "csrf_token": "old"}, headers=OURS)
    assert page.status_code in {400, 401}
    assert echoed(page)["name"] == [TYPED["name"]]


def test_whoever_lost_the_cookie_signs_in_and_presses_once(app: Flask, ola: FlaskClient) -> None:
    browser = app.test_client()
    page = browser.post(PATH, data={**TYPED, "csrf_token": "old"}, headers=OURS)
    assert "/account/login" in page.text
    sign_in(browser, "Ola")
    assert browser.post(PATH, data=echoed(page), headers=OURS).status_code == 303


def test_a_stale_token_alone_asks_for_one_press_and_no_sign_in(ola: FlaskClient) -> None:
    page = ola.post(PATH, data={**TYPED, "csrf_token": "stale"}, headers=OURS)
    assert page.status_code == 400
    assert "/account/login" not in page.text
    assert ola.post(PATH, data=echoed(page), headers=OURS).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/localhost"},
        {},
    ],
)
def test_what_comes_from_elsewhere_is_refused_and_not_echoed(
    ola: FlaskClient, headers: dict[str, str]
) -> None:
    page = ola.post(PATH, data={**TYPED, "csrf_token": "forged"}, headers=headers)
    assert page.status_code == 403
    assert "Ökafor" not in page.text
    assert session.query(Account).count() == 1
