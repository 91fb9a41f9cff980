"""The outbox's pages: the owner reads, recruiters see that it is so, whoever marks sees no name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import select, update

from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.gather import BlindTo, _answers
from hiring.outbox.delivery import deliver
from hiring.outbox.models import Message
from tests.accounts.crew import joined, send, signed_in, token_on
from tests.outbox.letters import LINK, row, written

OUTBOX = "/staff/settings/outbox"
KEY = LINK.rpartition("/")[2]
NOBODY = UUID(int=1)
WHO = ["owner", "recruiter", "reviewer", "access_contact", None]
CONTRACT = [
    ("GET", OUTBOX, 200, 200, 404, 404, 303),
    ("GET", f"{OUTBOX}/{{mail}}", 200, 404, 404, 404, 303),
    ("GET", f"{OUTBOX}/{{mail}}/letter", 200, 404, 404, 404, 303),
    ("POST", f"{OUTBOX}/{{mail}}/sending", 303, 404, 404, 404, 401),
    ("POST", f"{OUTBOX}/{{mail}}/arrival", 303, 404, 404, 404, 401),
    ("GET", f"{OUTBOX}/{NOBODY}", 404, 404, 404, 404, 303),
    ("GET", f"{OUTBOX}/{NOBODY}/letter", 404, 404, 404, 404, 303),
    ("POST", f"{OUTBOX}/{NOBODY}/sending", 404, 404, 404, 404, 401),
    ("POST", f"{OUTBOX}/{NOBODY}/arrival", 404, 404, 404, 404, 401),
]
CASES = [(row[0], row[1], who, row[2 + n]) for row in CONTRACT for n, who in enumerate(WHO)]


@pytest.mark.parametrize(("method", "path", "who", "status"), CASES)
def test_who_may_do_what(app: Flask, method: str, path: str, who: str | None, status: int) -> None:
    mail = set_state(written(), "held")
    if who:
        joined("Somebody", who)
    browser = signed_in(app, "Somebody") if who else app.test_client()
    sent = {"csrf_token": token_on(browser.get("/account/reset"))} if method == "POST" else None
    answer = browser.open(
        path.format(mail=mail), method=method, data=sent, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == status


def set_state(message_id: UUID, state: str) -> UUID:
    """A mail in this state."""
    with writing():
        session.execute(update(Message).where(Message.id == message_id).values(state=state))
    return message_id


@pytest.fixture
def ola(app: Flask) -> FlaskClient:
    """Ola's browser; her own invitation is in the outbox too."""
    joined("Ola", "owner")
    return signed_in(app, "Ola")


@pytest.fixture
def marking(app: Flask) -> Iterator[None]:
    """As if everybody sat on the panel of an open step."""
    kept, _answers[BlindTo] = _answers[BlindTo], [lambda asked: frozenset({uuid4()})]
    yield
    _answers[BlindTo] = kept


def test_a_newcomer_reads_every_mail_and_clicks_its_link(ola: FlaskClient) -> None:
    mail = written()
    deliver()
    listed = ola.get(OUTBOX).text
    assert "kept here" in listed
    assert "Two mails are kept here, and none leaves" in listed
    assert "<bdi>Kit</bdi>" in listed  # a search for the name finds what is seen
    page = ola.get(f"{OUTBOX}/{mail}").text
    assert f'<a href="{LINK}"' in page
    letter = ola.get(f"{OUTBOX}/{mail}/letter")
    assert f'href="{LINK}"' in letter.text
    policy = letter.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_a_letter_breaks_long_words_and_its_foot_says_one_thing_a_line(
    app: Flask, ola: FlaskClient
) -> None:
    mail = written(to_name="N" * 200)
    letter = lxml_html.fromstring(ola.get(f"{OUTBOX}/{mail}/letter").text)
    (sheet,) = letter.find_class("sheet")
    assert "overflow-wrap: anywhere" in sheet.get("style", "")
    (foot,) = letter.find_class("foot")
    lines = [" ".join(line.text_content().split()) for line in foot.iter("p")]
    assert len(lines) > 1
    assert lines[-1] == "This letter counts no opens and no clicks."


def test_with_a_mail_server_links_that_open_a_door_are_hidden(app: Flask, ola: FlaskClient) -> None:
    mail = written()
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    try:
        pages = [ola.get(f"{OUTBOX}/{mail}").text, ola.get(f"{OUTBOX}/{mail}/letter").text]
    finally:
        app.config["SMTP_URL"] = None
    assert all(KEY not in page and "Dear Kit" in page for page in pages)


def test_a_recruiter_sees_address_kind_and_state_and_no_more(app: Flask) -> None:
    mail = written(subject="A secret subject", to_name="Kit Secretname")
    joined("Rae", "recruiter")
    rae = signed_in(app, "Rae")
    page = rae.get(OUTBOX).text
    assert "kit@post.example" in page
    assert "Password reset" in page
    assert "secret" not in page.casefold()
    assert str(mail) not in page
    assert "kit@post.example" not in rae.get(f"{OUTBOX}?q=secret").text


def test_no_time_of_a_receipt_reaches_a_recruiter_not_even_by_the_order(app: Flask) -> None:
    joined("Rae", "recruiter")
    rae, start = signed_in(app, "Rae"), now()
    for n in range(8):
        with at(start + timedelta(minutes=n)):
            written(f"person{n}@post.example", kind="receipt")
    page = rae.get(f"{OUTBOX}?kind=receipt").text
    assert "<time" not in page
    assert "Written" not in page
    assert "Mail, in no order of time" in page
    ids = select(Message.to_address).where(Message.kind == "receipt").order_by(Message.id)
    assert re.findall(r"person\d@", page) == [
        a.removesuffix("post.example") for a in session.scalars(ids)
    ]


def test_an_owner_who_marks_learns_no_time_either(
    app: Flask, ola: FlaskClient, marking: None
) -> None:
    with at(datetime(2026, 2, 3, 14, 31, tzinfo=UTC)):
        mail = written(kind="receipt")
        deliver()
    for path in (OUTBOX, f"{OUTBOX}/{mail}"):
        page = ola.get(path).text
        assert "14:31" not in page
        assert "<time" not in page


def test_an_owner_who_marks_sees_neither_names_nor_letters(
    app: Flask, ola: FlaskClient, marking: None
) -> None:
    mail = written(subject="A secret subject", to_name="Kit Secretname")
    pages = [ola.get(path) for path in (OUTBOX, f"{OUTBOX}?q=kit", f"{OUTBOX}/{mail}")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    for page in pages:
        assert "secret" not in page.text.casefold()
        assert "kit@post.example" not in page.text
        assert KEY not in page.text
    assert ola.get(f"{OUTBOX}/{mail}/letter").status_code == 404


def test_a_held_mail_says_what_is_unknown_and_is_sent_again_by_a_click(ola: FlaskClient) -> None:
    mail = set_state(written(), "held")
    assert "One mail is held and waits for you" in ola.get(OUTBOX).text
    page = f"{OUTBOX}/{mail}"
    assert "Nobody knows whether this arrived" in ola.get(page).text
    assert send(ola, f"{page}/sending", {}, page=page).location == page
    assert row(mail).state == "waiting"
    again = send(ola, f"{page}/sending", {}, page="/account/change")
    assert again.status_code == 422
    assert "decided about this mail already" in again.text


def test_a_held_mail_that_arrived_is_settled_by_a_click(ola: FlaskClient) -> None:
    mail = set_state(written(), "held")
    send(ola, f"{OUTBOX}/{mail}/arrival", {}, page=f"{OUTBOX}/{mail}")
    assert row(mail).state == "done"
    assert "It arrived" not in ola.get(f"{OUTBOX}/{mail}").text.replace("Noted: it arrived.", "")


def test_a_refused_mail_offers_no_arrival(ola: FlaskClient) -> None:
    page = ola.get(f"{OUTBOX}/{set_state(written(), 'failed')}").text
    assert "The other side refused this" in page
    assert "It arrived" not in page


def test_the_list_is_searched_and_filtered_by_its_address(ola: FlaskClient) -> None:
    set_state(written("kit@post.example"), "held")
    written("lou@post.example", kind="receipt", subject="We have your four answers")
    assert "lou@post.example" not in ola.get(f"{OUTBOX}?state=held").text
    assert "kit@post.example" not in ola.get(f"{OUTBOX}?kind=receipt").text
    assert "lou@post.example" in ola.get(f"{OUTBOX}?q=FOUR+answers").text
    assert "No mail like that." in ola.get(f"{OUTBOX}?q=%25&state=nonsense").text


def test_fifty_mails_stand_on_a_page_newest_first(ola: FlaskClient) -> None:
    start = now()
    for n in range(55):
        with at(start + timedelta(minutes=n)):
            written(f"person{n}@post.example")
    first, second = ola.get(OUTBOX).text, ola.get(f"{OUTBOX}?page=2").text
    assert "1 to 50 of 56" in first
    assert "person54@" in first
    assert "person3@" in second
    assert "person3@" not in first


def test_an_empty_outbox_says_what_will_be_here(app: Flask) -> None:
    joined("Ola", "owner")
    ola = signed_in(app, "Ola")
    with writing():
        session.execute(Message.__table__.delete())
    assert "appear here the moment they are written" in ola.get(OUTBOX).text


def test_what_a_person_typed_cannot_act_in_a_letter(ola: FlaskClient) -> None:
    mail = written(to_name="<img src=x onerror=alert(1)>", subject="<script>alert(1)</script>")
    for path in (OUTBOX, f"{OUTBOX}/{mail}", f"{OUTBOX}/{mail}/letter"):
        page = ola.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
