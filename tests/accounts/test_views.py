"""The owner's pages: who may open and press what, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from hiring.accounts import actions
from hiring.accounts.models import Account, Organisation
from hiring.kernel.clock import at
from hiring.kernel.database import db, session, writing
from hiring.outbox.models import Message
from tests.accounts.crew import PASSWORD, address, invited, joined, send, signed_in, token_on

MAILS = Path(__file__).parent / "mails"
STAFF = "/staff/settings/staff"
NEW = "a lantern in the harbour"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
WHO = ["owner", "recruiter", "reviewer", "access_contact", None]
CONTRACT = [  # path, then a status for each of WHO
    ("GET", "/staff/settings", 200, 404, 404, 404, 303),
    ("POST", "/staff/settings", 422, 404, 404, 404, 401),
    ("GET", STAFF, 200, 404, 404, 404, 303),
    ("GET", f"{STAFF}/invitation", 200, 404, 404, 404, 303),
    ("POST", f"{STAFF}/invitation", 422, 404, 404, 404, 401),
    ("GET", f"{STAFF}/{{vic}}", 200, 404, 404, 404, 303),
    ("POST", f"{STAFF}/{{vic}}/roles", 422, 404, 404, 404, 401),
    ("POST", f"{STAFF}/{{vic}}/letter", 303, 404, 404, 404, 401),
    ("POST", f"{STAFF}/{{vic}}/ending", 303, 404, 404, 404, 401),
    ("GET", f"{STAFF}/00000000-0000-4000-8000-000000000000", 404, 404, 404, 404, 303),
    ("POST", f"{STAFF}/00000000-0000-4000-8000-000000000000/ending", 404, 404, 404, 404, 401),
    ("GET", "/accent.css", 200, 200, 200, 200, 200),
    ("GET", "/account/login", 302, 302, 302, 302, 200),
    ("GET", "/account/reset", 200, 200, 200, 200, 200),
    ("GET", "/account/reset/forged", 302, 302, 302, 302, 302),
    ("GET", "/account/change", 200, 200, 200, 200, 303),
]


@pytest.mark.parametrize(("row", "who"), [(r, w) for r in CONTRACT for w in range(len(WHO))])
def test_who_may_do_what(app: Flask, row: tuple[str, str, int], who: int) -> None:
    method, path, *statuses = row
    vic, role = invited("Vic", "reviewer"), WHO[who]
    if role:
        joined("Somebody", role)
    browser = signed_in(app, "Somebody") if role else app.test_client()
    sent = {"csrf_token": token_on(browser.get("/account/reset"))} if method == "POST" else None
    answer = browser.open(path.format(vic=vic), method=method, data=sent, headers=SAME_ORIGIN)
    assert answer.status_code == statuses[who]


@pytest.fixture
def ola(app: Flask) -> FlaskClient:
    """Ola's browser."""
    joined("Ola", "owner")
    return signed_in(app, "Ola")


def test_ola_invites_vic_and_sees_that_no_password_is_chosen_yet(ola: FlaskClient) -> None:
    typed = {"name": "Vic Okafor", "address": address("Vic"), "roles": ["reviewer", "recruiter"]}
    assert send(ola, f"{STAFF}/invitation", typed).location == STAFF
    page = ola.get(STAFF).text
    assert "The letter to Vic Okafor is written. There is no mail server" in page
    assert "Recruiter, Reviewer" in page
    assert "no password yet" in page
    assert "One person may sign in, one more is invited" in page
    assert "One in all" not in page


def test_an_invitation_that_will_not_do_keeps_what_was_typed(ola: FlaskClient) -> None:
    typed = {"name": "<script>alert(1)</script>", "address": "vic at osier", "roles": ["reviewer"]}
    answer = send(ola, f"{STAFF}/invitation", typed)
    assert answer.status_code == 422
    assert "There is no address here: an address has an @ in it." in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    assert 'value="vic at osier"' in answer.text
    assert re.search(r'<input[^>]* checked[^>]* value="reviewer"', answer.text)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "address": address("Vic"), "roles": ["owner"]}, "The name is missing."),
        ({"name": "Vic", "address": "", "roles": ["owner"]}, "The address is missing."),
        ({"name": "Vic", "address": address("Vic"), "roles": []}, "Choose one role at least."),
        (
            {"name": "Vic", "address": address("Vic"), "roles": ["king"]},
            "Choose one role at least.",
        ),
        ({"name": "V" * 100_000, "address": address("Vic"), "roles": ["owner"]}, "at most"),
        ({"name": "Vic", "address": address("Ola"), "roles": ["owner"]}, "has an account"),
    ],
)
def test_bad_invitations_say_what_is_wrong_and_do_nothing(
    ola: FlaskClient, typed: dict[str, object], sentence: str
) -> None:
    answer = send(ola, f"{STAFF}/invitation", typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.query(Account).count() == 1


def test_ola_changes_what_vic_may_do(app: Flask, ola: FlaskClient) -> None:
    vic = joined("Vic", "reviewer")
    page = f"{STAFF}/{vic}"
    assert send(ola, f"{page}/roles", {"roles": ["recruiter"]}, page=page).location == page
    assert "The roles are changed" in ola.get(page).text
    assert session.get_one(Account, vic).role_names == {"recruiter"}


def test_ola_cannot_end_her_own_access_as_the_last_owner(ola: FlaskClient) -> None:
    me = session.scalars(select(Account.id)).one()
    answer = send(ola, f"{STAFF}/{me}/ending", {}, page=f"{STAFF}/{me}")
    assert answer.status_code == 422
    assert "Nobody else is owner and has signed in." in answer.text
    assert ola.get(STAFF).status_code == 200


def test_whose_access_ended_is_out_with_the_next_request(app: Flask, ola: FlaskClient) -> None:
    vic = joined("Vic", "recruiter")
    browser = signed_in(app, "Vic")
    assert browser.get("/account/change").status_code == 200
    answer = send(ola, f"{STAFF}/{vic}/ending", {}, page=f"{STAFF}/{vic}")
    assert answer.location == STAFF
    assert browser.get("/account/change").status_code == 303
    listed = ola.get(STAFF).text
    assert "ended on" in listed
    assert f'href="{STAFF}/{vic}"' in listed
    page = ola.get(f"{STAFF}/{vic}").text
    assert "It ended on" in page
    assert "<form class" not in page
    assert ola.get(f"{STAFF}/{vic}/ending").status_code == 404


def test_an_access_does_not_end_by_one_press(app: Flask, ola: FlaskClient) -> None:
    vic = joined("Vic", "recruiter")
    page = ola.get(f"{STAFF}/{vic}").text
    assert 'action="' + f"{STAFF}/{vic}/ending" not in page
    assert f'href="{STAFF}/{vic}/ending"' in page
    asked = ola.get(f"{STAFF}/{vic}/ending").text
    assert "End the access of Vic?" in asked
    assert session.get_one(Account, vic).ended_at is None
    for _ in range(2):  # a second press ends nothing more
        assert send(ola, f"{STAFF}/{vic}/ending", {}).location == STAFF


def test_who_has_no_password_yet_is_not_counted_among_those_who_may_sign_in(
    ola: FlaskClient,
) -> None:
    assert "One person may sign in<" in ola.get(STAFF).text
    invited("Vic", "reviewer")
    assert "One person may sign in, one more is invited" in ola.get(STAFF).text


def test_all_that_is_missing_in_an_invitation_is_said_at_once(ola: FlaskClient) -> None:
    page = send(ola, f"{STAFF}/invitation", {"name": "", "address": ""}).text
    for told in "The name is missing.", "The address is missing.", "Choose one role at least.":
        assert told in page


def test_the_organisation_is_described_on_every_page(ola: FlaskClient) -> None:
    typed = {
        "name": "Osier & Söhne", "line": "Cargo bikes", "postal_address": "Dok Noord 7\nGhent",
        "time_zone": "Europe/Brussels", "hue": "140",
    }  # fmt: skip
    assert send(ola, "/staff/settings", typed).location == "/staff/settings"
    page = ola.get("/staff/settings").text
    assert "Osier &amp; Söhne" in page
    assert "/accent.css?v=140" in page
    assert ola.get("/accent.css").text == ":root{--hue:140}"
    row = session.get_one(Organisation, 1)
    assert (row.time_zone, row.postal_address) == ("Europe/Brussels", "Dok Noord 7\nGhent")


def test_a_zone_is_chosen_by_region_and_city_and_stays_chosen(ola: FlaskClient) -> None:
    typed = {"name": "Osier", "time_zone": "America/Argentina/Buenos_Aires", "hue": "140"}
    send(ola, "/staff/settings", typed)
    page = ola.get("/staff/settings").text
    assert '<optgroup label="America">' in page
    assert (
        '<option selected value="America/Argentina/Buenos_Aires">Buenos Aires, Argentina (UTC−3)'
        in page
    )
    assert page.count("<option selected") == 1


def test_an_owner_is_asked_for_a_name_until_there_is_one(app: Flask, ola: FlaskClient) -> None:
    asked = "Say what you are called"
    assert asked in ola.get("/staff").text
    joined("Rae", "recruiter")
    assert asked not in signed_in(app, "Rae").get("/staff").text
    assert 'value="Hiring"' not in ola.get("/staff/settings").text
    typed = {"name": "Osier", "time_zone": "UTC", "hue": "140"}
    send(ola, "/staff/settings", typed)
    assert asked not in ola.get("/staff").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"time_zone": "Mars/Olympus"}, "There is no such time zone."),
        ({"hue": "361"}, "A hue is a number from 0 to 360."),
        ({"hue": "red;}body{display:none"}, "Not a valid integer"),
        ({"name": "  "}, "The name is missing."),
    ],
)
def test_wrong_settings_say_so_and_change_nothing(
    ola: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    typed = {"name": "Osier", "time_zone": "Europe/Brussels", "hue": "140", **wrong}
    answer = send(ola, "/staff/settings", typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.get(Organisation, 1) is None


def test_the_list_finds_people_by_name_address_and_role(ola: FlaskClient) -> None:
    for name, role in [("Vic", "reviewer"), ("Wen", "reviewer"), ("Rae", "recruiter")]:
        invited(name, role)
    assert "Wen" not in ola.get(f"{STAFF}?q=VIC").text
    assert "Vic" in ola.get(f"{STAFF}?q=vic@").text
    assert "Wen" in ola.get(f"{STAFF}?role=reviewer").text
    assert ">Rae<" not in ola.get(f"{STAFF}?role=reviewer").text
    assert "Nobody like that." in ola.get(f"{STAFF}?q=%25").text
    assert "Vic" in ola.get(f"{STAFF}?role=nonsense&page=99").text


def test_the_list_asks_as_little_for_thirty_as_for_one(ola: FlaskClient) -> None:
    ola.get(STAFF)
    with statements() as few:
        assert ola.get(STAFF).status_code == 200
    for n in range(30):
        invited(f"Person{n}", "reviewer")
    with statements() as many:
        assert ola.get(STAFF).status_code == 200
    assert len(many) == len(few)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_letters_to_staff_read_as_they_were_written(app: Flask, ola: FlaskClient) -> None:
    with writing():
        actions.describe_organisation(
            name="Osier", line="", postal_address="Dok Noord 7\nGhent", hue=262,
            time_zone="Europe/Brussels", by=None,
        )  # fmt: skip
    me = session.scalars(select(Account.id)).one()
    with at(datetime(2026, 11, 21, 11, 0, tzinfo=UTC)):
        invited("Vic", "reviewer", "recruiter", by=me)
        send(app.test_client(), "/account/reset", {"email": address("Ola")})
        typed = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
        send(ola, "/account/change", typed)
    for kind in ("staff-invitation", "password-reset", "password-changed"):
        to = address("Vic" if kind == "staff-invitation" else "Ola")
        found = select(Message).where(Message.kind == kind, Message.to_address == to)
        letter = session.scalars(found).one()
        words = f"To: {letter.to_name} <{letter.to_address}>\nSubject: {letter.subject}\n\n{letter.text}"
        words = re.sub(r"/account/reset/\S+", "/account/reset/TOKEN", words)
        assert words == (MAILS / f"{kind}.txt").read_text()
        assert "<style" in letter.html  # what stays is the dark scheme
        assert 'style="' in letter.html


@pytest.mark.parametrize("path", ["/staff/nothing", f"/staff/openings/{UUID(int=7)}", "/nothing"])
def test_staff_who_find_nothing_keep_their_way_around(
    app: Flask, ola: FlaskClient, path: str
) -> None:
    page = ola.get(path)
    assert page.status_code == 404
    assert "There is nothing at this address" in page.text
    assert 'href="/staff"' in page.text
    assert "in the middle of a task" not in page.text


def test_what_is_not_for_them_reads_as_what_never_was(app: Flask, ola: FlaskClient) -> None:
    vic = joined("Vic", "reviewer")
    browser = signed_in(app, "Vic")
    assert browser.get(f"{STAFF}/{vic}").text == browser.get(f"{STAFF}/{uuid4()}").text


def test_a_candidate_who_finds_nothing_is_told_where_the_work_is(
    app: Flask, ola: FlaskClient
) -> None:
    assert "in the middle of a task" in app.test_client().get("/staff-of-nobody").text
    assert "in the middle of a task" in ola.get("/invitations/forged").text
