"""The pages of openings: who may open and press what, what they tell, and what they make of bad input."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select

from hiring.accounts.actions import change_roles
from hiring.accounts.actions import invite as invite_staff
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.ledger.models import Entry
from hiring.openings import queries
from hiring.openings.actions import close_opening
from hiring.openings.applications import note_stage
from hiring.openings.inviting import invite
from hiring.openings.models import Invitation, Opening
from hiring.openings.panel import panel_of
from hiring.openings.rules import Guest
from hiring.outbox.models import Message
from tests.counting import statements
from tests.factories import browser, invited, opening, signed_in, staff, version

WHO = ("ola", "rae", "vic", "anonymous")
BASE = "/staff/openings/{id}"
CONTRACT = [  # method, path, then a status for each of WHO
    ("GET", "/", 303, 303, 303, 200),
    ("GET", "/openings/support-lead", 200, 200, 200, 200),
    ("GET", "/openings/nothing-here", 404, 404, 404, 404),
    ("GET", "/staff/openings", 200, 200, 404, 303),
    ("GET", "/staff/openings/new", 200, 200, 404, 303),
    ("POST", "/staff/openings", 422, 422, 404, 401),
    ("GET", BASE, 200, 200, 404, 303),
    ("GET", f"{BASE}/panel", 200, 200, 404, 303),
    ("POST", f"{BASE}/panel", 422, 422, 404, 401),
    ("GET", f"{BASE}/invitations", 200, 200, 404, 303),
    ("POST", f"{BASE}/invitations", 422, 422, 404, 401),
    ("GET", f"{BASE}/facts", 200, 200, 404, 303),
    ("POST", f"{BASE}/facts", 422, 422, 404, 401),
    ("GET", f"{BASE}/closing", 200, 200, 404, 303),
    ("POST", f"{BASE}/closing", 422, 422, 404, 401),
    ("POST", f"{BASE}/revocations", 422, 422, 404, 401),
    ("POST", f"{BASE}/repeats", 422, 422, 404, 401),
    ("GET", f"/staff/openings/{UUID(int=7)}", 404, 404, 404, 303),
    ("POST", f"/staff/openings/{UUID(int=7)}/invitations", 404, 404, 404, 401),
    ("POST", f"/staff/openings/{UUID(int=7)}/closing", 404, 404, 404, 401),
    ("GET", "/staff/openings/forged", 404, 404, 404, 404),
]
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("row", CONTRACT, ids=lambda row: f"{row[0]} {row[1][-22:]}")
def test_who_may_do_what(app: Flask, row: tuple[Any, ...]) -> None:
    method, path, *statuses = row
    opening_id, _step = opening()
    invited(opening_id)
    found = []
    for who in WHO:
        client = signed_in(app, who) if who != "anonymous" else browser(app)
        answer = client.open(path.format(id=opening_id), method=method, headers=SAME_ORIGIN)
        found.append(answer.status_code)
    assert found == statuses


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def open_one(app: Flask) -> UUID:
    """An opening with nobody in it."""
    return opening()[0]


def words(**given: Any) -> dict[str, Any]:
    """A form for a new opening, as Rae would fill it in."""
    return {
        "title": "Support lead", "terms": "employment", "pay": "€ 1", "place": "", "about": "",
        "hear_by": f"{now().date() + timedelta(days=20)}", "version": f"{version().id}",
        "panel": [f"{staff('vic')}", f"{staff('wen')}"], "wanted_marks": "2", **given,
    }  # fmt: skip


def lines(
    text: str, *, until: date | None = None, do: str = "check", **given: Any
) -> dict[str, Any]:
    """A guest list on its way."""
    until = until or now().date() + timedelta(days=7)
    return {"people": text, "until": f"{until}", "word": "", "do": do, **given}


def seen(*texts: str, **given: Any) -> dict[str, Any]:
    """Lines that were shown as ready, sent back as they were."""
    numbered = {f"line-{number}": text for number, text in enumerate(texts, 1)}
    return {**numbered, "read": [*texts], **given}


def letters() -> int:
    return session.scalar(select(func.count(Message.id)).where(Message.kind == "invitation")) or 0


def url(opening_id: UUID, rest: str = "") -> str:
    return f"/staff/openings/{opening_id}{rest}"


# ── a new opening ──


def test_an_opening_is_made_and_shown(rae: FlaskClient) -> None:
    answer = rae.post("/staff/openings", data=words())
    assert answer.status_code == 303
    page = rae.get(answer.location)
    assert "Nobody has been asked yet" in page.text
    assert "Vic Okafor, Wen Li" in page.text


def test_a_form_sent_twice_makes_one_opening_and_leads_to_it(app: Flask, rae: FlaskClient) -> None:
    sent = words(id=f"{uuid4()}")
    answers = [rae.post("/staff/openings", data=sent) for _press in range(2)]
    assert [answer.location for answer in answers] == [url(UUID(sent["id"]))] * 2
    assert session.scalar(select(func.count(Opening.id))) == 1
    assert signed_in(app, "ola").post("/staff/openings", data=sent).status_code == 404


def test_a_form_keeps_its_id_when_it_comes_back_and_a_forged_one_is_replaced(
    rae: FlaskClient,
) -> None:
    id = f"{uuid4()}"
    assert id in rae.post("/staff/openings", data=words(id=id, title="")).text
    for forged in ("", "x" * 100_000, "'; --", "\0"):
        assert rae.post("/staff/openings", data=words(id=forged)).status_code == 303
    assert session.scalar(select(func.count(Opening.id))) == 4


def test_who_cannot_sign_in_yet_is_offered_with_a_word_of_it(rae: FlaskClient) -> None:
    words()  # makes the panel's people, and something to choose
    ola = staff("ola")
    with writing():
        invite_staff("new@osier.example", name="Nia", roles={"reviewer"}, by=ola)
    page = rae.get("/staff/openings/new").text
    assert "Nia (invited, no password yet)" in page
    assert page.count("no password yet") == 1


def test_what_is_said_of_names_is_one_thing_and_true(
    app: Flask, rae: FlaskClient, open_one: UUID
) -> None:
    for path in ("/panel", "/closing"):
        page = rae.get(url(open_one, path)).text
        assert "Marking never meets names" in page
        assert "Reviewers see names" not in page
    assert "the start page leads everyone to it" in rae.get(url(open_one)).text
    assert "Support lead" in browser(app).get("/").text


def test_without_an_assessment_the_form_says_where_to_begin(rae: FlaskClient) -> None:
    assert "First an assessment" in rae.get("/staff/openings/new").text


WRONG = [
    ({"title": "  "}, "Give the opening a title."),
    ({"title": "x" * 100_000}, "At most 200 characters"),
    ({"pay": ""}, "Say what is paid."),
    ({"terms": "slavery"}, "Choose one of these."),
    ({"about": "x" * 100_000}, "At most 20000 characters"),
    ({"hear_by": "soon"}, "Write the day as 2027-01-31."),
    ({"hear_by": ""}, "Name the day by which people hear."),
    ({"hear_by": "2020-01-01"}, "still to come"),
    ({"hear_by": "9999-12-31"}, "two years"),
    ({"apply_by": "soon"}, "Write the day as 2027-01-31."),
    ({"apply_by": "2020-01-01"}, "Name today or a later day"),
    ({"apply_by": "9999-12-31"}, "after the day by which they hear"),
    ({"kept_months": "0"}, "Choose one of these."),
    ({"kept_months": "7" * 9}, "Choose one of these."),
    ({"version": f"{uuid4()}"}, "Choose one of these."),
    ({"version": "forged"}, "Choose one of these."),
    ({"panel": [f"{uuid4()}"]}, "Choose from these people only."),
    ({"panel": ["forged"]}, "Choose from these people only."),
    ({"wanted_marks": "10"}, "Choose one of these."),
    ({"wanted_marks": "many"}, "Choose one of these."),
]


@pytest.mark.parametrize(("given", "told"), WRONG)
def test_what_is_wrong_is_told_and_the_rest_is_kept(
    rae: FlaskClient, given: dict[str, Any], told: str
) -> None:
    sent = words(**{"place": "Ghent <b>&</b> 東京", **given})
    answer = rae.post("/staff/openings", data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Ghent &lt;b&gt;&amp;&lt;/b&gt; 東京" in answer.text
    assert session.scalar(select(func.count(Opening.id))) == 0


def test_scripts_in_every_field_are_words_on_every_page(app: Flask, rae: FlaskClient) -> None:
    evil = "<script>alert(1)</script>"
    sent = words(title=evil, pay=evil, place=evil, about=f"{evil}\n\n[x](javascript:alert(1))")
    where = rae.post("/staff/openings", data=sent).location
    slug = session.scalars(select(Opening.slug)).one()
    for client, path in ((rae, where), (rae, "/staff"), (rae, "/staff/openings"), (browser(app), "/"),
                         (browser(app), f"/openings/{slug}")):  # fmt: skip
        text = client.get(path).text
        assert evil not in text
        assert 'href="javascript' not in text


def test_a_panel_that_is_too_small_is_told_until_it_is_not(rae: FlaskClient) -> None:
    where = rae.post("/staff/openings", data=words(wanted_marks="3")).location
    assert "Each answer wants 3 reviews and 2 people mark" in rae.get(where).text
    rae.post(f"{where}/panel", data={"panel": [f"{staff('vic')}"], "wanted_marks": "1"})
    assert "it stays short of reviews" not in rae.get(where).text


def test_who_lost_the_role_is_said_to_leave_the_panel(app: Flask, rae: FlaskClient) -> None:
    opening_id, step_id = opening(panel=("vic", "wen"))
    wen, ola = staff("wen"), staff("ola")
    with writing():
        change_roles(wen, roles=["recruiter"], by=ola)
    assert "Each answer wants 2 reviews and one person marks" in rae.get(url(opening_id)).text
    page = rae.get(url(opening_id, "/panel")).text
    assert "Wen Li is no reviewer any more" in page
    assert f'value="{wen}"' not in page
    rae.post(url(opening_id, "/panel"), data={"panel": [f"{staff('vic')}"], "wanted_marks": "1"})
    assert panel_of(step_id).account_ids == {staff("vic")}
    assert "no reviewer any more" not in rae.get(url(opening_id, "/panel")).text


# ── what is said of it ──


def facts(client: FlaskClient, opening_id: UUID, **given: str) -> dict[str, str]:
    """The form as the page shows it, with some of it typed over."""
    seen = re.search(r'name="seen" type="hidden" value="(\w+)"', client.get(
        url(opening_id, "/facts")).text)  # fmt: skip
    assert seen
    said = asdict(queries.facts_of(queries.opening_of(opening_id)))
    typed = {name: f"{value}" for name, value in said.items() if value not in {None, False}}
    return {**typed, "seen": seen[1], **given}


def test_an_opening_is_said_otherwise_and_its_address_stays(
    app: Flask, rae: FlaskClient, open_one: UUID
) -> None:
    invited(open_one)
    sent = facts(rae, open_one, title="Support lead, nights", pay="€ 60,000")
    for _press in range(2):
        assert rae.post(url(open_one, "/facts"), data=sent).location == url(open_one)
    page = browser(app).get("/openings/support-lead").text
    assert "Support lead, nights" in page
    assert "€ 60,000" in page
    entries = session.scalars(select(Entry).where(Entry.kind == "opening-changed")).all()
    assert [entry.facts for entry in entries] == [{"changed": ["title", "pay"]}]
    assert "An opening was changed" in rae.get("/staff/ledger").text


def test_the_day_that_was_promised_is_moved_and_the_ledger_keeps_both(
    rae: FlaskClient, open_one: UUID
) -> None:
    invited(open_one)
    old = queries.opening_of(open_one).hear_by
    assert "One person was told a day in a letter" in rae.get(url(open_one, "/facts")).text
    new = old + timedelta(days=7)
    assert rae.post(url(open_one, "/facts"), data=facts(rae, open_one, hear_by=f"{new}")).location
    assert queries.opening_of(open_one).hear_by == new
    entry = session.scalars(select(Entry).where(Entry.kind == "opening-changed")).one()
    told = {"changed": ["hear_by"], "people_heard_by": f"{old}", "people_hear_by": f"{new}"}
    assert entry.facts == told


@pytest.mark.parametrize(
    ("days", "told"),
    [(-1, "still to come"), (3, "Someone may begin until"), (9999, "Nobody can wait")],
)
def test_a_day_that_breaks_a_promise_is_refused(
    rae: FlaskClient, open_one: UUID, days: int, told: str
) -> None:
    invited(open_one)
    day = now().date() + timedelta(days=days)
    sent = facts(rae, open_one, hear_by=f"{day}", place="Ghent <b>")
    answer = rae.post(url(open_one, "/facts"), data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Ghent &lt;b&gt;" in answer.text
    assert queries.opening_of(open_one).place == "Ghent"


def test_a_day_that_has_passed_may_stay_while_the_rest_is_said_otherwise(
    app: Flask, open_one: UUID
) -> None:
    with at(now() + timedelta(days=40)):
        ola = signed_in(app, "ola")
        sent = facts(ola, open_one, pay="€ 2")
        assert ola.post(url(open_one, "/facts"), data=sent).status_code == 303


def test_what_another_changed_meanwhile_is_not_overwritten_unseen(
    app: Flask, rae: FlaskClient, open_one: UUID
) -> None:
    mine, theirs = facts(rae, open_one, pay="€ 1"), facts(rae, open_one, pay="€ 2")
    assert signed_in(app, "ola").post(url(open_one, "/facts"), data=theirs).status_code == 303
    answer = rae.post(url(open_one, "/facts"), data={**mine, "title": ""})
    assert f'value="{mine["seen"]}"' in answer.text  # another fault first; theirs is still unseen
    answer = rae.post(url(open_one, "/facts"), data=mine)
    assert answer.status_code == 422
    assert "Somebody changed this opening" in answer.text
    assert 'value="€ 1"' in answer.text
    again = {**mine, "seen": facts(rae, open_one)["seen"]}
    assert rae.post(url(open_one, "/facts"), data=again).status_code == 303


# ── inviting ──


def test_nothing_is_sent_before_the_list_was_read(rae: FlaskClient, open_one: UUID) -> None:
    page = rae.post(url(open_one, "/invitations"), data=lines("Kit <kit@example.org>", do="invite"))
    assert "One person is ready" in page.text
    assert letters() == 0


def test_a_list_that_was_read_is_sent(rae: FlaskClient, open_one: UUID) -> None:
    sent = lines("", do="invite", **seen("Kit <kit@example.org>", "ana@example.org"))
    answer = rae.post(url(open_one, "/invitations"), data=sent)
    assert (answer.status_code, answer.location) == (303, url(open_one))
    page = rae.get(url(open_one)).text
    assert "Two letters leave at" in page
    assert "There is no mail server: then they are kept under Settings, Mail" in page
    assert "Two applications, none submitted yet" in page
    assert letters() == 2


def test_bad_lines_are_named_and_every_line_is_kept(rae: FlaskClient, open_one: UUID) -> None:
    invited(open_one, "kit@example.org", "Kit")
    typed = "Ana <ana@example.org>\n\nBo bo@x\nkit@EXAMPLE.org, Kit\nAna ana@Example.org\nSam s@gmial.com"
    page = rae.post(url(open_one, "/invitations"), data=lines(typed)).text
    assert "Four of five lines need a look" in page
    for told in (
        "not complete",
        "Invited on",
        "The same address as in line 1.",
        "nearly gmail.com",
    ):
        assert told in page
    for kept in ("Bo bo@x", "kit@EXAMPLE.org, Kit", "Ana ana@Example.org", "Sam s@gmial.com"):
        assert f'value="{kept}"' in page
    assert 'name="read" value="Ana &lt;ana@example.org&gt;"' in " ".join(page.split())
    assert letters() == 1


def test_who_is_ready_is_invited_and_the_rest_is_left(rae: FlaskClient, open_one: UUID) -> None:
    given = seen("Ana <ana@example.org>", **{"line-2": "Bo bo@x"})
    page = rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **given))
    assert page.status_code == 200
    assert "One line is left" in page.text
    assert 'value="Bo bo@x"' in page.text
    assert letters() == 1


def test_a_line_mended_a_moment_ago_is_shown_before_it_is_sent(
    rae: FlaskClient, open_one: UUID
) -> None:
    given = seen("ana@example.org", **{"line-2": "Bo bo@example.org"})
    page = rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **given))
    assert 'name="read" value="Bo &lt;bo@example.org&gt;"' in " ".join(page.text.split())
    assert letters() == 1


def test_a_ready_line_can_be_mended_and_is_shown_again_before_it_is_sent(
    rae: FlaskClient, open_one: UUID
) -> None:
    page = rae.post(url(open_one, "/invitations"), data=lines("Anna ana@example.org")).text
    assert re.search(
        r'<input id="line-1"\s+name="line-1"\s+value="Anna &lt;ana@example.org&gt;"', page
    )
    given = {"line-1": "Ana <ana@example.org>", "read": "Anna <ana@example.org>"}
    page = rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **given)).text
    assert letters() == 0
    assert 'name="read" value="Ana &lt;ana@example.org&gt;"' in " ".join(page.split())


@pytest.mark.parametrize("number", ["\N{SUPERSCRIPT TWO}", "9" * 5000, "-1"])
@pytest.mark.parametrize("press", ["split", "take"])
def test_a_press_beside_no_line_changes_nothing(
    rae: FlaskClient, open_one: UUID, press: str, number: str
) -> None:
    pressed = {"split": number, "take": f"{number} a@example.org"}[press]
    given = {"line-1": "Ana <ana@example.org>", press: pressed}
    page = rae.post(url(open_one, "/invitations"), data=lines("", do="", **given)).text
    assert "ana@example.org" in page


def test_a_line_of_two_people_becomes_two_lines(rae: FlaskClient, open_one: UUID) -> None:
    given = {"line-1": "Ana <ana@example.org>, Bo <bo@example.org>", "line-2": "Cy c@example.org"}
    page = rae.post(url(open_one, "/invitations"), data=lines("", **given)).text
    assert "Make two lines of it" in page
    page = rae.post(url(open_one, "/invitations"), data=lines("", do="", split="1", **given)).text
    assert "Three people are ready" in page
    for number, kept in (1, "Ana &lt;ana"), (2, "Cy &lt;c"), (3, "Bo &lt;bo"):
        assert f'name="line-{number}" value="{kept}@example.org&gt;"' in " ".join(page.split())
    assert 'name="line-4"' in page  # room for one more


def test_the_letter_is_read_before_it_is_sent(rae: FlaskClient, open_one: UUID) -> None:
    sent = lines("Kit <kit@example.org>", word="We met in Ghent.")
    page = rae.post(url(open_one, "/invitations"), data=sent).text
    for words_of_it in (
        "Dear Kit,",
        "We met in Ghent.</textarea>",
        "We met in Ghent.\n",
        "their own link",
    ):
        assert words_of_it in page
    assert letters() == 0


@pytest.mark.parametrize(
    ("line", "address", "name"),
    [
        ("王思远 w@example..org", "w@example.org", "王思远"),
        ("Bob Ray <bob.ray(at)example.org>", "bob.ray@example.org", "Bob Ray"),
    ],
)
def test_an_offered_address_can_be_taken_and_the_name_stays(
    rae: FlaskClient, open_one: UUID, line: str, address: str, name: str
) -> None:
    given = {"line-1": line, "take": f"1 {address}"}
    page = rae.post(url(open_one, "/invitations"), data=lines("", **given))
    assert "One person is ready" in page.text
    assert f'value="{name} &lt;{address}&gt;"' in page.text


def test_one_address_under_two_names_is_sent_to_nobody_before_it_is_said_whose_it_is(
    rae: FlaskClient, open_one: UUID
) -> None:
    ana, bob, both = "Ana Pires <a@example.org>", "Bob Ray <a@example.org>", "Mei m@example.org"
    page = rae.post(url(open_one, "/invitations"), data=lines(f"{ana}\n{bob}\n{both}")).text
    assert "Two of three lines need a look" in page
    assert "Line 2 has this address under another name." in page
    assert "Line 1 has this address under another name." in page
    rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **seen(ana, bob)))
    assert letters() == 0


def test_a_doubt_that_is_left_so_is_one_no_more(rae: FlaskClient, open_one: UUID) -> None:
    given = {"line-1": "s@gmial.com", "doubt": "s@gmial.com"}
    page = rae.post(url(open_one, "/invitations"), data=lines("", **given))
    assert "One person is ready" in page.text
    given = seen("s@gmial.com", sure="s@gmial.com")
    rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **given))
    assert letters() == 1


def test_a_list_sent_twice_goes_out_once_and_says_the_same(
    rae: FlaskClient, open_one: UUID
) -> None:
    given = seen("ana@example.org", "bo@example.org", batch=f"{uuid4()}")
    answers = [
        rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **given))
        for _twice in "12"
    ]
    assert [answer.location for answer in answers] == [url(open_one)] * 2
    assert letters() == 2


BAD_LISTS = [
    (lines("  \n \n"), "Write at least one address."),
    (lines("\n".join(f"p{n}@example.org" for n in range(501))), "at most 500 go at once"),
    (lines("x" * 100_000), "This is too long to be one person."),
    (lines("a@example.org", until=date(2020, 1, 1)), "That day has passed."),
    (lines("a@example.org", until=date(2099, 1, 1)), "an invitation must end by then"),
    (lines("a@example.org") | {"until": "later"}, "Write the day as 2027-01-31."),
    (lines("a@example.org") | {"word": "w" * 100_000}, "At most 2000 characters"),
]


@pytest.mark.parametrize(("sent", "told"), BAD_LISTS)
def test_a_list_that_cannot_go_is_kept_and_told_why(
    rae: FlaskClient, open_one: UUID, sent: dict[str, Any], told: str
) -> None:
    page = rae.post(url(open_one, "/invitations"), data=sent)
    assert told in page.text
    assert "Nothing has been sent" in page.text
    assert sent["people"].split("\n")[0].strip() in page.text
    assert letters() == 0


def test_a_list_for_an_opening_closed_meanwhile_is_kept(rae: FlaskClient, open_one: UUID) -> None:
    with writing():
        close_opening(open_one, by=staff("rae"))
    given = seen("Ana <ana@example.org>")
    page = rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **given))
    assert page.status_code == 422
    assert "takes no more answers" in page.text
    assert "ana@example.org" in page.text


# ── the roll ──


def test_the_roll_tells_the_stage_and_nothing_finer(rae: FlaskClient, open_one: UUID) -> None:
    one = invited(open_one, "kit@example.org", "Kit Marlow")
    page = rae.get(url(open_one)).text
    assert "Kit Marlow" in page
    assert "open until" in page
    with writing():
        note_stage(one.application_id, "submitted")
    page = rae.get(url(open_one)).text
    assert "One application, one to decide" in page
    assert "decide by" in page


def test_the_roll_is_searched_in_any_script_and_filtered(rae: FlaskClient, open_one: UUID) -> None:
    invited(open_one, "n@example.org", "Nguyễn Thị Minh Khai")
    invited(open_one, "o@example.org", "Олена Ткаченко")
    ended = invited(open_one, "e@example.org", "Ended One", expires_at=now() + timedelta(seconds=1))
    with writing():
        session.get_one(Invitation, ended.id).expires_at = now()
    for query, found in [
        ("q=nguyen+khai", "Nguyễn"), ("q=ОЛЕНА", "Олена"), ("q=e@example", "Ended"),
        ("stage=ended", "Ended"), ("q=100%25", None), ("q=_", None), ("stage=submitted", None),
        ("stage=forged&sort=forged&page=forged", "Олена"), ("sort=-name&page=99", "Олена"),
    ]:  # fmt: skip
        page = rae.get(f"{url(open_one)}?{query}").text
        assert (found in page) if found else ("Nobody is like that." in page), query
    assert "the link has ended" in rae.get(url(open_one)).text


def test_a_long_roll_comes_in_pages_and_asks_no_oftener(rae: FlaskClient, open_one: UUID) -> None:
    invited(open_one)
    rae.get(url(open_one))
    with statements() as few:
        rae.get(url(open_one))
    guests = [Guest(f"p{n}@example.org", f"P {n}") for n in range(120)]
    with writing():
        until = now() + timedelta(days=9)
        invite(
            open_one, guests=guests, expires_at=until, by=queries.opening_of(open_one).contact_id
        )
    with statements() as many:
        page = rae.get(f"{url(open_one)}?sort=name").text
    assert len(many) == len(few)
    assert "1 to 50 of 121" in page
    assert "101 to 121 of 121" in rae.get(f"{url(open_one)}?sort=name&page=3").text


def test_the_list_of_openings_asks_no_oftener_for_thirty(rae: FlaskClient) -> None:
    published = version().id
    opening(version_id=published)
    rae.get("/staff/openings")
    with statements() as few:
        rae.get("/staff/openings")
    for number in range(30):
        opening(version_id=published, title=f"Opening {number}", panel=())
    with statements() as many:
        page = rae.get("/staff/openings?q=opening&sort=-title").text
    assert len(many) == len(few)
    assert "30 in all" in page


def test_with_a_mail_server_letters_are_on_their_way(
    app: Flask, rae: FlaskClient, open_one: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://localhost:2525")
    chosen = {"application": [f"{invited(open_one).application_id}"]}
    rae.post(url(open_one, "/repeats"), data=chosen)
    assert "One invitation is on its way." in rae.get(url(open_one)).text


def test_every_name_leads_to_the_page_of_the_person(rae: FlaskClient, open_one: UUID) -> None:
    one, two = invited(open_one, "a@example.org"), invited(open_one, "b@example.org")
    with writing():
        note_stage(one.application_id, "submitted")
    page = rae.get(url(open_one)).text
    assert f'href="/staff/applications/{one.application_id}"' in page
    assert f'href="/staff/applications/{two.application_id}"' in page


def test_a_name_is_put_right_and_the_ledger_keeps_neither(rae: FlaskClient, open_one: UUID) -> None:
    one = invited(open_one, "sean@example.org", "Sean O'Nail")
    there = url(open_one, f"/applications/{one.application_id}/name")
    assert f'href="{there}"' in rae.get(f"/staff/applications/{one.application_id}").text
    assert "O&#39;Nail" in rae.get(there).text
    assert rae.post(there, data={"name": "Sean O'Neil"}).location == url(open_one)
    assert "Sean O&#39;Neil" in rae.get(url(open_one, "?q=neil")).text
    rae.post(there, data={"name": "Sean O'Neil"})  # nothing new, so nothing to keep
    (entry,) = session.scalars(select(Entry).where(Entry.kind == "name-corrected")).all()
    assert entry.subject == f"{queries.application_of(one.application_id).pseudonym}"
    assert entry.facts == {}
    assert "Neil" not in str(vars(entry))
    page = rae.post(there, data={"name": "x" * 201})
    assert page.status_code == 422
    assert "This name has 201 characters; 200 fit." in page.text
    assert "x" * 201 in page.text
    other = url(opening()[0], f"/applications/{one.application_id}/name")
    assert rae.get(other).status_code == 404


def test_the_chosen_are_taken_back_and_sent_again(rae: FlaskClient, open_one: UUID) -> None:
    one, two = invited(open_one, "a@example.org"), invited(open_one, "b@example.org")
    chosen = {"application": [f"{one.application_id}", f"{two.application_id}"]}
    assert rae.post(url(open_one, "/revocations"), data=chosen).status_code == 303
    assert "taken back" in rae.get(url(open_one)).text
    kept = session.scalars(select(Entry).where(Entry.kind == "invitation-revoked")).all()
    people = {f"{queries.application_of(id.application_id).pseudonym}" for id in (one, two)}
    assert {entry.subject for entry in kept} == people
    assert [entry.facts for entry in kept] == [{"links": 1}] * 2
    assert rae.post(url(open_one, "/repeats"), data=chosen).status_code == 303
    page = rae.get(url(open_one)).text
    assert "Two letters leave at" in page
    assert page.count("the letter leaves at") == 2
    assert letters() == 4


def test_a_form_that_comes_twice_sends_each_person_one_link(
    rae: FlaskClient, open_one: UUID
) -> None:
    people = [invited(open_one, f"{name}@example.org") for name in "ab"]
    page = rae.get(url(open_one)).text
    (id,) = re.findall(r'name="id"[^>]* value="([^"]+)"', page)
    chosen = {"id": id, "application": [f"{one.application_id}" for one in people]}
    for _ in range(2):
        assert rae.post(url(open_one, "/repeats"), data=chosen).status_code == 303
    assert letters() == 4


@pytest.mark.parametrize("day", ["gestern", "2026-13-45", "9999-99-99"])
def test_a_day_that_is_none_sends_nothing(rae: FlaskClient, open_one: UUID, day: str) -> None:
    chosen = {"application": [f"{invited(open_one).application_id}"], "until": day}
    answer = rae.post(url(open_one, "/repeats"), data=chosen)
    assert answer.status_code == 422
    assert f"No day is called “{day}”. Nothing was sent." in answer.text
    assert letters() == 1


def test_who_submitted_meanwhile_keeps_nobody_else_from_it(
    rae: FlaskClient, open_one: UUID
) -> None:
    people = [invited(open_one, f"{name}@example.org") for name in "abc"]
    chosen = {"application": [f"{one.application_id}" for one in people]}
    with writing():
        note_stage(people[1].application_id, "submitted")
    assert rae.post(url(open_one, "/repeats"), data=chosen).status_code == 303
    page = rae.get(url(open_one)).text
    assert "Two letters leave at" in page
    assert "For one of the people you chose nothing was done. This person has submitted" in page
    assert letters() == 5
    assert rae.post(url(open_one, "/revocations"), data=chosen).status_code == 303
    assert "2 invitations are taken back" in rae.get(url(open_one)).text
    assert session.get_one(Invitation, people[1].id).revoked_at is None
    alone = rae.post(
        url(open_one, "/repeats"), data={"application": [f"{people[1].application_id}"]}
    )
    assert alone.status_code == 422
    assert "This person has submitted" in alone.text
    assert letters() == 5


@pytest.mark.parametrize("path", ["/revocations", "/repeats"])
def test_people_of_another_opening_cannot_be_chosen(
    rae: FlaskClient, open_one: UUID, path: str
) -> None:
    other = invited(
        opening(version_id=session.scalars(select(Opening)).one().steps[0].version_id)[0]
    )
    for id in (f"{other.application_id}", f"{uuid4()}", "forged", "' OR 1=1 --"):
        assert rae.post(url(open_one, path), data={"application": [id]}).status_code == 404
    assert session.get_one(Invitation, other.id).revoked_at is None
    assert letters() == 1


# ── blind ──


def test_who_marks_an_opening_sees_its_numbers_and_no_names(app: Flask) -> None:
    opening_id, _step = opening(panel=("vic", "boss"))
    one = invited(opening_id, "kit@example.org", "Kit Marlow")
    roles, ola, both = ["recruiter", "reviewer"], staff("ola"), staff("boss")
    with writing():
        note_stage(one.application_id, "submitted")
        change_roles(both, roles=roles, by=ola)
    boss = signed_in(app, "boss")
    for path in ("", "?q=kit", "?stage=submitted", "/panel", "/closing", "/invitations"):
        page = boss.get(url(opening_id, path))
        assert page.status_code == 200
        for secret in ("Kit", "kit@example.org", f"{one.application_id}"):
            assert secret not in page.text, path
    assert "its names stay hidden from you" in boss.get(url(opening_id)).text
    for path in ("/revocations", "/repeats"):
        chosen = {"application": [f"{one.application_id}"]}
        assert boss.post(url(opening_id, path), data=chosen).status_code == 404
    there = url(opening_id, f"/applications/{one.application_id}/name")
    assert boss.get(there).status_code == boss.post(there).status_code == 404
    told = boss.post(url(opening_id, "/invitations"), data=lines("kit@example.org")).text
    assert "In this opening already." in told
    assert "Kit Marlow" not in told
    assert "Invited on" not in told


# ── panel, closing, the public ──


def test_a_panel_that_was_changed_meanwhile_is_not_overwritten(
    rae: FlaskClient, open_one: UUID
) -> None:
    page = rae.get(url(open_one, "/panel")).text
    seen = re.findall(r'name="seen"[^>]* value="([^"]+)"', page)[0]
    ticked = re.findall(r'name="panel"[^>]* value="([^"]+)"', page)
    first, late = (
        {"panel": who, "wanted_marks": "2", "seen": seen} for who in (ticked[:1], ticked)
    )
    assert rae.post(url(open_one, "/panel"), data=first).status_code == 303
    stale = rae.post(url(open_one, "/panel"), data=late)
    assert stale.status_code == 422
    assert "Somebody changed the panel meanwhile." in stale.text
    assert {f"{id}" for id in panel_of(queries.opening_of(open_one).steps[0].id).account_ids} == {
        *ticked[:1]
    }


def test_a_forged_panel_changes_nothing(rae: FlaskClient, open_one: UUID) -> None:
    page = rae.post(
        url(open_one, "/panel"), data={"panel": [f"{staff('ola')}"], "wanted_marks": "2"}
    )
    assert page.status_code == 422
    assert "Nothing was changed." in page.text


def test_closing_asks_for_the_number(rae: FlaskClient, open_one: UUID) -> None:
    invited(open_one)
    page = rae.post(url(open_one, "/closing"), data={"number": "7"})
    assert page.status_code == 422
    assert "It is 1 now. Nothing was closed." in page.text
    assert rae.post(url(open_one, "/closing"), data={"number": "1"}).status_code == 303
    page = rae.get(url(open_one)).text
    assert "the opening is closed" in page
    assert "Invite people" not in page
    assert "close the opening" not in page


def test_a_closed_opening_leaves_the_public_list_and_keeps_its_page(
    app: Flask, open_one: UUID
) -> None:
    client = browser(app)
    assert "Support lead" in client.get("/").text
    with writing():
        close_opening(open_one, by=queries.opening_of(open_one).contact_id)
    assert "Nothing is open today" in client.get("/").text
    page = client.get("/openings/support-lead").text
    assert "This opening has ended." in page
    assert 'content="noindex"' in page


def test_the_public_page_tells_the_facts_and_no_solution(app: Flask) -> None:
    opening(about="Two *evenings* a week.\n\n- you mend\n- you write")
    page = browser(app).get("/openings/support-lead").text
    for fact in (
        "€ 52,000\u00a0a year",
        "Ghent",
        "35 minutes",
        "Put the inbox in order",
        "<em>evenings</em>",
    ):
        assert fact in page
    for solution in ("€32.00", "the retry is named", "Chose Marta Smit", "10:15 against"):
        assert solution not in page


def test_all_that_can_be_changed_stands_on_the_page_with_how_people_come_in(
    app: Flask, rae: FlaskClient
) -> None:
    day = (now() + timedelta(days=9)).date()
    opening_id, _step = opening(apply_by=day, public_form=True, listed=False)
    kit = invited(opening_id)
    page = rae.get(url(opening_id)).text
    for said in ("People may apply by the public page", "not listed: its page opens by its address",
                 "no question before the clock", f"open until {day:%A}"):  # fmt: skip
        assert said in page
    for there in ("/facts", "/questions", "/panel", "/steps/new", "/closing"):
        assert f'href="{url(opening_id, there)}"' in page
    assert f'href="/staff/applications/{kit.application_id}"' in page


def test_a_step_that_nobody_marks_stands_on_today(app: Flask, rae: FlaskClient) -> None:
    opening_id, _step = opening(panel=())
    opening(title="Cook")
    page = rae.get("/staff").text
    assert "Support lead: Nobody marks it" in page
    assert f'href="{url(opening_id, "/panel")}"' in page
    assert "Cook: Nobody marks it" not in page
    by = staff("rae")
    with writing():
        close_opening(opening_id, by=by)
    assert "Nobody marks it" not in rae.get("/staff").text


@pytest.mark.parametrize(
    ("about", "told"),
    [
        (">" * 10_000 + " deep", "lie more than 19 deep in one another"),
        (
            "![a view](https://evil.example/a.png)",
            "This names a picture (https://evil.example/a.png)",
        ),
        ("Pay \u202eEUR 001\u202c a day", "turns the order of letters here, before “EUR 001"),
    ],
)
def test_what_the_public_page_would_not_show_as_meant_is_told_and_kept(
    rae: FlaskClient, open_one: UUID, about: str, told: str
) -> None:
    answer = rae.post(url(open_one, "/facts"), data=facts(rae, open_one, about=about))
    assert answer.status_code == 422
    assert told in answer.text
    assert f"{escape(about)}</textarea>" in answer.text
    assert queries.opening_of(open_one).about == ""
    fresh = rae.post("/staff/openings", data=words(about=about))
    assert (fresh.status_code, told in fresh.text) == (422, True)


def test_a_name_that_is_too_long_is_told_and_not_cut(rae: FlaskClient, open_one: UUID) -> None:
    page = rae.get(url(open_one, "/facts")).text
    assert "maxlength" not in page
    answer = rae.post(url(open_one, "/facts"), data=facts(rae, open_one, title="w" * 201))
    assert answer.status_code == 422
    assert "At most 200 characters" in answer.text
    assert "w" * 201 in answer.text


def test_an_address_that_is_perhaps_somebodys_other_one_is_asked_about(
    rae: FlaskClient, open_one: UUID
) -> None:
    invited(open_one, "ana.diaz@gmail.com")
    typed = "anadiaz@googlemail.com\nbo@example.org\nbo+jobs@example.org"
    page = rae.post(url(open_one, "/invitations"), data=lines(typed)).text
    assert "Perhaps the same mailbox as ana.diaz@gmail.com." in page
    assert "Perhaps the same mailbox as bo@example.org." in page
    doubts = {
        "line-1": "bo@example.org",
        "line-2": "bo+jobs@example.org",
        "doubt": "bo+jobs@example.org",
    }
    checked = rae.post(url(open_one, "/invitations"), data=lines("", **doubts)).text
    assert re.search(r'name="sure"\s+value="bo\+jobs@example.org"', checked)
    sent = seen("bo@example.org", "bo+jobs@example.org", sure="bo+jobs@example.org")
    again = rae.post(url(open_one, "/invitations"), data=lines("", do="invite", **sent))
    assert again.status_code == 303
    assert letters() == 3
