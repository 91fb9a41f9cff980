"""The door: coming in, going out, a lost password, and what neither tells nor keeps."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from lxml import html as lxml_html
from sqlalchemy import create_engine, select, text

from hiring.accounts import actions
from hiring.accounts.models import Account, Organisation, SignIn
from hiring.accounts.rules import DEMO_PASSWORD
from hiring.kernel.clock import at, now
from hiring.kernel.database import in_writing, session, writing
from hiring.ledger.models import Head
from hiring.outbox.models import Message
from tests.accounts.crew import (
    PASSWORD,
    address,
    invited,
    joined,
    send,
    sign_in,
    signed_in,
    token_on,
)

NEW = "a lantern in the harbour"
INSIDE = "/account/change"  # a page that every member of staff may open


def link_in_letter(kind: str) -> str:
    """The path of the link in the newest letter of a kind."""
    newest = select(Message).where(Message.kind == kind).order_by(Message.written_at.desc())
    letter = session.scalars(newest.limit(1)).one()
    session.rollback()
    found = re.search(r"http://localhost:8000(/account/reset/\S+)", letter.text)
    assert found
    return found.group(1)


def choose(browser: FlaskClient, path: str, password: str, again: str | None = None) -> int:
    """Choose a password behind a link; the status of the answer."""
    typed = {"password": password, "password_confirm": again or password}
    return send(browser, path, typed).status_code


def test_the_right_password_opens_a_session_that_is_a_row(app: Flask, client: FlaskClient) -> None:
    ola = joined("Ola", "owner")
    answer = sign_in(client, "Ola")
    assert (answer.status_code, answer.location) == (302, "/staff")
    assert client.get(INSIDE).status_code == 200
    assert session.scalars(select(SignIn.account_id)).all() == [ola]


def test_an_address_may_be_typed_in_any_spelling(app: Flask, client: FlaskClient) -> None:
    joined("Ola", "owner")
    typed = {"email": " OLA@Osier.EXAMPLE", "password": PASSWORD}
    assert send(client, "/account/login", typed).status_code == 302


@pytest.mark.parametrize("name", ["Ola", "Una", "Nobody", "Vic"])
def test_what_is_wrong_reads_the_same_whoever_has_an_account(
    app: Flask, client: FlaskClient, name: str
) -> None:
    ola = joined("Ola", "owner")
    invited("Una", "owner")
    vic = joined("Vic", "reviewer")
    with writing():
        actions.end_access(vic, by=ola)
    answer = sign_in(client, name, "something else entirely")
    assert answer.status_code == 422
    assert wrong_on(answer.text) == {"password": "Address and password do not fit together."}
    assert f'value="{address(name)}"' in answer.text
    assert "something else entirely" not in answer.text


@pytest.mark.parametrize(
    ("email", "password", "wrong"),
    [
        ("", "", {"email": "The address is missing.", "password": "The password is missing."}),
        ("ola@osier.example", "", {"password": "The password is missing."}),
        ("nobody@osier.example", "", {"password": "The password is missing."}),
        ("", PASSWORD, {"email": "The address is missing."}),
        (
            "ola at osier",
            PASSWORD,
            {"email": "There is no address here: an address has an @ in it."},
        ),
    ],
)
def test_a_field_of_the_door_carries_its_own_error(
    app: Flask, client: FlaskClient, email: str, password: str, wrong: dict[str, str]
) -> None:
    joined("Ola", "owner")
    answer = send(client, "/account/login", {"email": email, "password": password})
    assert answer.status_code == 422
    assert wrong_on(answer.text) == wrong


def wrong_on(page: str) -> dict[str, str]:
    """What is wrong with each field, as its control refers to it."""
    whole = lxml_html.fromstring(page)
    return {
        one.name: whole.get_element_by_id(one.get("aria-describedby")).text_content()
        for one in whole.xpath("//input[@aria-invalid='true']")
    }


def test_signing_out_ends_the_row_so_that_a_copied_cookie_is_worth_nothing(app: Flask) -> None:
    joined("Ola", "owner")
    browser = signed_in(app, "Ola")
    copied = browser.get_cookie("__Host-session")
    assert copied
    token = token_on(browser.get(INSIDE))
    assert browser.get("/account/logout").location == "/"  # a GET changes nothing
    assert browser.post("/account/logout", data={"csrf_token": token}).status_code == 302
    assert session.scalars(select(SignIn.ended_at)).one() is not None
    thief = app.test_client()
    thief.set_cookie("__Host-session", copied.value, domain="localhost", secure=True)
    assert thief.get(INSIDE).status_code == 303


def test_a_session_ends_by_itself_after_two_weeks(app: Flask) -> None:
    joined("Ola", "owner")
    browser = signed_in(app, "Ola")
    with at(now() + timedelta(days=13)):
        assert browser.get(INSIDE).status_code == 200
    with at(now() + timedelta(days=15)):
        assert browser.get(INSIDE).status_code == 303


def test_an_invited_person_chooses_a_password_and_is_in(app: Flask, client: FlaskClient) -> None:
    invited("Vic", "reviewer")
    link = link_in_letter("staff-invitation")
    with at(now() + timedelta(days=6)):
        page = client.get(link)
        assert (page.status_code, address("Vic") in page.text) == (200, True)
        assert choose(client, link, NEW) == 302
    assert sign_in(client, "Vic", NEW).status_code == 302
    assert client.get(link).status_code == 302  # it works once


def test_whoever_has_chosen_a_password_finds_their_address_filled_in_once(
    app: Flask, client: FlaskClient
) -> None:
    invited("Vic", "reviewer")
    choose(client, link_in_letter("staff-invitation"), NEW)
    assert f'value="{address("Vic")}"' in client.get("/account/login").text
    assert address("Vic") not in client.get("/account/login").text
    assert address("Vic") not in app.test_client().get("/account/login").text


def test_the_demo_fills_in_its_own_password_and_nobody_elses(
    app: Flask, client: FlaskClient
) -> None:
    rae, hashed = invited("Rae", "recruiter"), str(hash_password(DEMO_PASSWORD))
    joined("Vic", "reviewer")  # with a password of their own
    described = {"name": "Osier", "line": "", "postal_address": "", "time_zone": "UTC", "hue": 1}
    with writing():
        actions.keep_password(rae, hashed=hashed)
        actions.describe_organisation(**described, by=None)  # type: ignore[arg-type]
        session.get_one(Organisation, 1).demo = True
    assert DEMO_PASSWORD in client.get("/account/login?as=rae").text
    page = client.get("/account/login?as=vic").text
    assert DEMO_PASSWORD not in page
    assert "as=vic" not in page


def test_the_first_field_of_the_door_has_the_focus(app: Flask, client: FlaskClient) -> None:
    def focused() -> str:
        page = client.get("/account/login").text
        (name,) = re.findall(r'<input(?=[^>]*\bautofocus\b)[^>]*\bname="(\w+)"', page)
        return str(name)

    assert focused() == "email"
    invited("Vic", "reviewer")
    choose(client, link_in_letter("staff-invitation"), NEW)
    assert focused() == "password"  # the address is filled in


def test_an_invitation_ends_after_seven_days(app: Flask, client: FlaskClient) -> None:
    invited("Vic", "reviewer")
    link = link_in_letter("staff-invitation")
    with at(now() + timedelta(days=8)):
        assert client.get(link).location == "/account/reset"
        assert "That link has ended" in client.get("/account/reset").text


def test_an_ended_access_takes_its_links_along(app: Flask, client: FlaskClient) -> None:
    ola, vic = joined("Ola", "owner"), invited("Vic", "reviewer")
    link = link_in_letter("staff-invitation")
    with writing():
        actions.end_access(vic, by=ola)
    assert client.get(link).status_code == 302
    assert "used already" in client.get("/account/reset").text


def test_a_lost_password_is_replaced_by_mail_and_ends_every_session(
    app: Flask, client: FlaskClient
) -> None:
    joined("Ola", "owner")
    elsewhere = signed_in(app, "Ola")
    assert send(client, "/account/reset", {"email": address("Ola")}).location == "/account/login"
    assert "a letter with a link is written to it" in client.get("/account/login").text
    assert choose(client, link_in_letter("password-reset"), NEW) == 302
    assert elsewhere.get(INSIDE).status_code == 303
    assert sign_in(client, "Ola").status_code == 422
    assert sign_in(client, "Ola", NEW).status_code == 302
    assert session.query(Message).where(Message.kind == "password-changed").count() == 1


def test_a_reset_ends_after_two_hours(app: Flask, client: FlaskClient) -> None:
    joined("Ola", "owner")
    send(client, "/account/reset", {"email": address("Ola")})
    link = link_in_letter("password-reset")
    with at(now() + timedelta(hours=1, minutes=59)):
        assert client.get(link).status_code == 200
    with at(now() + timedelta(hours=2, minutes=1)):
        assert client.get(link).status_code == 302


def test_a_reset_never_tells_whether_there_is_an_account(app: Flask, client: FlaskClient) -> None:
    joined("Ola", "owner")
    seen = set()
    for name in ("Ola", "Nobody"):
        answer = send(client, "/account/reset", {"email": address(name)})
        page = client.get("/account/login").text.replace(address(name), "")
        seen.add((answer.status_code, answer.location, re.sub(r'value="[^"]{40,}"', "", page)))
    assert len({(status, location) for status, location, _ in seen}) == 1
    assert session.query(Message).where(Message.kind == "password-reset").count() == 1


def test_a_reset_asked_for_under_another_name_sends_no_letter(app: Flask) -> None:
    joined("Ola", "owner")
    client = app.test_client()
    token = token_on(client.get("/account/reset"))
    typed = {"csrf_token": token, "email": address("Ola")}
    answer = client.post("/account/reset", data=typed, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert session.query(Message).where(Message.kind == "password-reset").count() == 0


def test_links_carry_the_public_address_whatever_name_was_asked(app: Flask) -> None:
    joined("Ola", "owner")
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "127.0.0.1:9"
    token = token_on(client.get("/account/reset"))
    client.post("/account/reset", data={"csrf_token": token, "email": address("Ola")})
    letter = session.scalars(select(Message).where(Message.kind == "password-reset")).one()
    assert "127.0.0.1" not in letter.text + letter.html
    assert "http://localhost:8000/account/reset/" in letter.text


def test_a_changed_password_keeps_this_session_and_ends_the_others(app: Flask) -> None:
    joined("Ola", "owner")
    here, there = signed_in(app, "Ola"), signed_in(app, "Ola")
    typed = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert send(here, INSIDE, typed).location == "/staff"
    assert here.get(INSIDE).status_code == 200
    assert there.get(INSIDE).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", None, "Too short: it takes 12 characters or more."),
        (NEW, "another one entirely", "The two are not the same."),
        ("vic@osier.example", None, "Too close to a name or address"),
        ("111111111111", None, "Too regular"),
        ("passwordpassword", None, "Too common"),
        ("", "", "The password is missing."),
    ],
)
def test_a_password_that_will_not_do_says_why(
    app: Flask, client: FlaskClient, password: str, again: str | None, sentence: str
) -> None:
    invited("Vic", "reviewer")
    typed = {"password": password, "password_confirm": again if again is not None else password}
    answer = send(client, link_in_letter("staff-invitation"), typed)
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_our_own_pages_only(app: Flask, client: FlaskClient, to: str) -> None:
    joined("Ola", "owner")
    typed = {"email": address("Ola"), "password": PASSWORD, "next": to}
    answer = send(client, "/account/login", typed)
    assert answer.status_code == 302
    assert answer.location in {"/staff", "/%5Cevil.example"}  # the last is a path of ours


def test_no_token_in_address_header_or_body_is_taken_for_a_sign_in(app: Flask) -> None:
    ola = joined("Ola", "owner")
    with app.test_request_context():
        token = session.get_one(Account, ola).get_auth_token()
    client = app.test_client()
    assert client.get(f"{INSIDE}?auth_token={token}").status_code == 303
    assert client.get(INSIDE, headers={"Authentication-Token": token}).status_code == 303


def test_no_password_is_hashed_while_others_wait_to_write(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited("Vic", "reviewer")
    joined("Ola", "owner")
    context = app.extensions["security"].pwd_context
    whole, seen = type(context).hash, []

    def watched(self: object, *args: object, **more: object) -> object:
        seen.append(in_writing())
        return whole(self, *args, **more)

    monkeypatch.setattr(type(context), "hash", watched)
    choose(client, link_in_letter("staff-invitation"), NEW)
    send(client, "/account/reset", {"email": address("Ola")})
    send(client, "/account/reset", {"email": address("Nobody")})
    sign_in(client, "Nobody")
    assert seen
    assert not any(seen)


def test_a_letter_with_a_link_is_seen_by_another_connection_at_once(
    app: Flask, client: FlaskClient
) -> None:
    joined("Ola", "owner")
    send(client, "/account/reset", {"email": address("Ola")})
    other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with other.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM messages")).scalars().all()
    other.dispose()
    assert kinds.count("password-reset") == 1


COMMITS = """
import sys, time
from sqlalchemy import create_engine, text
engine = create_engine(sys.argv[1], isolation_level="AUTOCOMMIT")
with engine.connect() as connection:
    print("ready", flush=True)
    while True:
        connection.execute(text("UPDATE ledger_heads SET number = number + 1"))
        time.sleep(0.001)
"""


@contextmanager
def commits_all_the_time(app: Flask) -> Iterator[None]:
    """Another process that commits to the same database without pause."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    command = [sys.executable, "-c", COMMITS, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        other.stdout.readline()
        try:
            yield
        finally:
            other.kill()


@pytest.mark.race
def test_forty_sign_ins_succeed_while_another_process_commits(app: Flask) -> None:
    joined("Ola", "owner")
    before = session.scalars(select(Head.number)).one()
    with commits_all_the_time(app):
        answers = [sign_in(app.test_client(), "Ola").status_code for _ in range(40)]
    assert answers == [302] * 40
    assert session.query(SignIn).count() == 40
    assert session.scalars(select(Head.number)).one() > before + 20
