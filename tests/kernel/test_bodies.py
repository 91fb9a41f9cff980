"""What a request brings along: what cannot be read is refused for what it is, and a refusal arrives."""

from __future__ import annotations

from http.client import HTTPConnection
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import signed_in
from tests.live import LiveServer

PATH = "/staff/settings"
OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = "application/x-www-form-urlencoded"
PART = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
GARBLED = "What arrived is cut off or garbled"


@pytest.fixture
def ola(app: Flask) -> FlaskClient:
    """Ola's browser, which sends a good token as scripts do: in a header."""
    return signed_in(app, "ola")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", PART + b"cut off here"),
        ("multipart/form-data; boundary=x", b"something else altogether"),
        ("multipart/form-data; boundary=\xe9", PART),
        (FORM, b"name=\xff\xfe"),
        (FORM, b"name=Osier\xe9"),
    ],
)
@pytest.mark.parametrize("token", [True, False])
def test_what_cannot_be_read_is_said_to_be_so(
    ola: FlaskClient, kind: str, body: bytes, token: bool
) -> None:
    if not token:
        ola.environ_base.pop("HTTP_X_CSRFTOKEN")
    answer = ola.post(PATH, data=body, content_type=kind, headers=OURS)
    assert answer.status_code == 400
    assert GARBLED in answer.text
    assert "Send it again" not in answer.text


@pytest.mark.parametrize(
    ("body", "kept"),
    [(b"name=100%&line=50%25", "100%"), (b"name=%zz&line=%E9%", "%zz"), (b"name=%FF", "%FF")],
)
def test_a_stray_percent_sign_is_text(ola: FlaskClient, body: bytes, kept: str) -> None:
    assert ola.post(PATH, data=body, content_type=FORM, headers=OURS).status_code == 303
    assert f'value="{kept}"' in ola.get(PATH).text


def test_a_form_without_our_mark_is_not_called_old(ola: FlaskClient) -> None:
    ola.environ_base.pop("HTTP_X_CSRFTOKEN")
    answer = ola.post(PATH, data={"name": "Osier"}, headers=OURS)
    assert "This came without the mark that our pages carry" in answer.text
    assert "What you typed stands below" in answer.text
    empty = ola.post(PATH, data={}, headers=OURS)
    assert "it did not arrive: go back one page" in empty.text
    old = ola.post(PATH, data={"name": "Osier", "csrf_token": "old"}, headers=OURS)
    assert "The page had been open so long" in old.text


def test_what_is_too_large_is_told_how_much_we_take(ola: FlaskClient) -> None:
    answer = ola.post(PATH, data={"name": "x" * 16_000_000}, headers=OURS)
    assert answer.status_code == 413
    assert "16 megabytes, of which 8 in one text" in answer.text


def test_a_browser_that_sends_too_much_hears_so(live_server: LiveServer) -> None:
    connection = HTTPConnection("127.0.0.1", live_server.config.port, timeout=60)
    body = urlencode({"email": "x" * 40_000_000})
    connection.request("POST", "/account/login", body, {"Content-Type": FORM})
    answer = connection.getresponse()
    assert answer.status == 413
    assert "This is more than we take at once" in answer.read().decode()
    connection.close()


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml"])
@pytest.mark.parametrize("path", [PATH, "/account/login", "/account/reset", "/staff/assessments"])
def test_only_forms_are_taken(ola: FlaskClient, path: str, kind: str) -> None:
    body = '{"email": "ola@osier.example", "password": "guessed", "name": 5}'
    answer = ola.post(path, data=body, content_type=kind, headers=OURS)
    assert answer.status_code == 415
    assert "Only forms can be sent here. Nothing was done." in answer.text


def test_a_file_in_place_of_a_text_is_an_empty_text(ola: FlaskClient) -> None:
    answer = ola.post(PATH, data={"name": (BytesIO(b"Osier"), "name.txt")}, headers=OURS)
    assert answer.status_code == 422
