"""Importing people: nothing before it is confirmed, everyone once, and nothing half done."""

from __future__ import annotations

import random
import re
import time
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hiring.kernel import claims
from hiring.kernel.clock import at, now, wall
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.openings import import_reading, import_running, importing, imports
from hiring.openings.actions import close_opening
from hiring.openings.importing import Mend
from hiring.openings.imports import Import, ImportRow
from hiring.openings.models import Application, Invitation, Opening
from hiring.openings.tasks import forget_imports, go_on_with_imports
from hiring.outbox.models import Message
from hiring.people.models import Person
from tests.counting import statements
from tests.factories import browser, filed, invited, opening, signed_in, staff

LIST = "Name;E-mail;Town\nAna Pires;ana@example.org;Ghent\nJonas;jonas@exmaple;Gent\nMei;mei@example.org;\n"
WHO = ("ola", "rae", "vic", "anonymous")
ONE = "/staff/openings/{id}/imports/{import_id}"
NOBODYS = UUID(int=7)  # the same in every process: tests are named after it
CONTRACT = [
    ("GET", "/staff/openings/{id}/imports", 200, 200, 404, 303),
    ("POST", "/staff/openings/{id}/imports", 422, 422, 404, 401),
    ("GET", ONE, 200, 200, 404, 303),
    ("POST", f"{ONE}/rows", 303, 303, 404, 401),
    ("POST", f"{ONE}/reading", 422, 422, 404, 401),
    ("GET", f"{ONE}/confirmation", 200, 200, 404, 303),
    ("POST", f"{ONE}/confirmation", 422, 422, 404, 401),
    ("POST", f"{ONE}/stop", 303, 303, 404, 401),
    ("POST", f"{ONE}/removal", 303, 303, 404, 401),
    ("GET", f"/staff/openings/{{id}}/imports/{NOBODYS}", 404, 404, 404, 303),
    ("GET", f"/staff/openings/{NOBODYS}/imports/{{import_id}}", 404, 404, 404, 303),
]


@pytest.mark.parametrize("row", CONTRACT, ids=lambda row: f"{row[0]} {row[1][-22:]}")
def test_who_may_do_what(app: Flask, row: tuple[Any, ...]) -> None:
    method, path, *statuses = row
    opening_id, _step = opening()
    got = []
    for who in WHO:
        import_id = filed(opening_id, LIST)
        client = signed_in(app, who) if who != "anonymous" else browser(app)
        there = path.format(id=opening_id, import_id=import_id)
        headers = {"Sec-Fetch-Site": "same-origin"}
        got.append(client.open(there, method=method, headers=headers).status_code)
    assert got == statuses


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def opening_id(app: Flask) -> UUID:
    """An opening with nobody in it."""
    return opening()[0]


def place(opening_id: UUID, import_id: UUID, rest: str = "") -> str:
    """The address of an import."""
    return f"/staff/openings/{opening_id}/imports/{import_id}{rest}"


def letter(rae: FlaskClient, opening_id: UUID, import_id: UUID, **given: str) -> dict[str, str]:
    """What the page of the letter sends when it is pressed as it is."""
    page = rae.get(place(opening_id, import_id, "/confirmation")).text
    named = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        for name in ("id", "until", "seen")
    }
    return {"do": "invite", "word": "", **{n: one[1] for n, one in named.items() if one}, **given}


def addresses() -> list[str]:
    """Everyone who was written to."""
    written = select(Message.to_address).where(Message.kind == "invitation")
    return sorted(session.scalars(written))


def counts(import_id: UUID) -> dict[str, int]:
    """How the rows stand."""
    session.expire_all()
    return imports.counts_of(session.get_one(Import, import_id))


def by_hand(import_id: UUID, texts: dict[int, str]) -> dict[int, Mend]:
    """Lines mended on a page that nobody else has changed meanwhile."""
    return {number: Mend(line(import_id, number), text) for number, text in texts.items()}


def left_out(import_id: UUID, number: int) -> dict[int, Mend]:
    """A row left out by hand, as it stands."""
    text = line(import_id, number)
    return {number: Mend(text, text, out=True)}


def line(import_id: UUID, number: int) -> str:
    """A row's line as it stands."""
    here = (ImportRow.import_id == import_id) & (ImportRow.number == number)
    return session.scalars(select(ImportRow.text).where(here)).one()


def state_of(import_id: UUID) -> str:
    """How the import stands."""
    session.expire_all()
    return session.get_one(Import, import_id).state


# ── bringing a file ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("pasted", [True, False])
def test_a_file_is_looked_through_and_nothing_is_sent(
    rae: FlaskClient, opening_id: UUID, pasted: bool
) -> None:
    content = LIST.encode("cp1252")
    sent: dict[str, Any] = (
        {"pasted": LIST} if pasted else {"file": (BytesIO(content), "people.csv")}
    )
    answer = rae.post(f"/staff/openings/{opening_id}/imports", data=sent)
    assert answer.status_code == 303
    page = rae.get(answer.location).text
    assert "<h1>2 ready, one needs a look</h1>" in page
    assert "UTF-8, semicolons, 3 columns; the first row is the heading." in page
    assert "jonas@exmaple" in page
    assert "Town: Gent" in page
    assert addresses() == []
    assert session.scalars(select(Person)).all() == []


def test_a_form_sent_twice_brings_one_file(rae: FlaskClient, opening_id: UUID) -> None:
    sent = {"id": str(uuid4()), "pasted": LIST}
    first, again = (rae.post(f"/staff/openings/{opening_id}/imports", data=sent) for _ in range(2))
    assert first.location == again.location
    assert session.scalar(select(func.count()).select_from(Import)) == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose a file, or paste cells."),
        ({"pasted": "<html><table>"}, "This is a web page"),
        ({"file": (b"PK\x03\x04x", "people.xlsx")}, "This is a workbook"),
        ({"file": (b"", "people.csv")}, "There is nothing in this file."),
        ({"file": (LIST.encode(), "a.csv"), "pasted": LIST}, "only one of them at a time"),
    ],
)
def test_what_cannot_be_read_is_told_and_what_was_pasted_is_kept(
    rae: FlaskClient, opening_id: UUID, sent: dict[str, Any], told: str
) -> None:
    typed = {n: (BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v for n, v in sent.items()}
    answer = rae.post(f"/staff/openings/{opening_id}/imports", data=typed)
    assert answer.status_code == 422
    assert told in answer.text
    if "pasted" in sent:
        assert (
            sent["pasted"].split("\n")[0].replace("<", "&lt;").replace(">", "&gt;") in answer.text
        )
    assert session.scalars(select(Import)).all() == []


def test_five_thousand_rows_of_rubbish_are_named_row_by_row(
    rae: FlaskClient, opening_id: UUID
) -> None:
    noise = random.Random(7)
    letters = "abc@@..,;\"'<>=+- \t\u202eéß漢\U0001f600"
    rows = ["".join(noise.choices(letters, k=noise.randrange(1, 60))) for _ in range(4_990)]
    text = "E-mail;Name\n" + "\n".join(rows) + "\nana@example.org;=cmd|'/C calc'!A0\n"
    began = time.monotonic()
    answer = rae.post(f"/staff/openings/{opening_id}/imports", data={"pasted": text})
    assert answer.status_code == 303
    page = rae.get(answer.location)
    assert page.status_code == 200
    assert "need a look" in page.text
    assert time.monotonic() - began < 60
    found = session.scalars(select(Import)).one()
    told = imports.counts_of(found)
    assert told["look"] + told["ready"] + told.get("twice", 0) > 4_000
    assert all(row.wrong for row in session.scalars(imports.rows_of(found, standing="look")))


# ── looking through it ───────────────────────────────────────────────────────


def test_a_row_is_mended_and_one_is_left_out(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = filed(opening_id, LIST)
    stood = {"row-3": "Jonas <jonas@exmaple>", "was-3": "Jonas <jonas@exmaple>"}
    rae.post(
        place(opening_id, import_id, "/rows"), data={**stood, "row-3": "Jonas <jo@example.org>"}
    )
    assert counts(import_id) == {"ready": 3}
    rows = {
        "row-2": "Ana Pires <ana@example.org>",
        "was-2": "Ana Pires <ana@example.org>",
        "out": "2",
    }
    rae.post(place(opening_id, import_id, "/rows"), data=rows)
    assert counts(import_id) == {"ready": 2, "out": 1}
    assert "Left out." in rae.get(place(opening_id, import_id, "?state=out")).text
    back = {**{n: v for n, v in rows.items() if n != "out"}, "was-out": "2"}
    rae.post(place(opening_id, import_id, "/rows"), data=back)
    assert counts(import_id) == {"ready": 3}


def test_going_on_takes_along_what_is_typed_and_ticked_and_counts_no_doubt_as_meant(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(opening_id, LIST.replace("jonas@exmaple", "jonas@gmial.com"))
    assert 'form="rows"' in rae.get(place(opening_id, import_id)).text
    ana, jonas = "Ana Pires <ana@example.org>", "Jonas <jonas@gmial.com>"
    answer = rae.post(place(opening_id, import_id, "/rows"), data={
        "row-2": ana, "was-2": ana, "out": "2", "row-3": jonas, "was-3": jonas, "doubt": jonas,
        "do": "go-on",
    })  # fmt: skip
    assert answer.location == place(opening_id, import_id, "/confirmation")
    assert counts(import_id) == {"ready": 1, "look": 1, "out": 1}


def test_an_offered_address_is_taken_by_a_press(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = filed(opening_id, "E-mail;Name\nana@gmial.com;Ana\nmei@gmial.com;Mei\n")
    page = rae.get(place(opening_id, import_id)).text
    assert 'value="2 ana@gmail.com"' in page
    stood = {f"{kind}-{n}": f"{who} <{who.lower()}@gmial.com>"
             for n, who in ((2, "Ana"), (3, "Mei")) for kind in ("row", "was")}  # fmt: skip
    doubts = ["Ana <ana@gmial.com>", "Mei <mei@gmial.com>"]
    rae.post(place(opening_id, import_id, "/rows"),
             data={**stood, "doubt": doubts, "take": "2 ana@gmail.com"})  # fmt: skip
    assert counts(import_id) == {"ready": 1, "look": 1}
    rae.post(place(opening_id, import_id, "/rows"), data={**stood, "doubt": doubts[1:]})
    assert counts(import_id) == {"ready": 2}, "A doubt that was shown and left so is one no more."


def test_an_offer_for_an_address_that_hides_its_sign_keeps_the_name(
    rae: FlaskClient, opening_id: UUID
) -> None:
    hidden = "Bob Ray <bob.ray(at)example.org>"
    import_id = filed(opening_id, f"E-mail\nana@example.org\n{hidden}\n")
    assert 'value="3 bob.ray@example.org"' in rae.get(place(opening_id, import_id)).text
    sent = {"row-3": hidden, "was-3": hidden, "take": "3 bob.ray@example.org"}
    rae.post(place(opening_id, import_id, "/rows"), data=sent)
    assert counts(import_id) == {"ready": 2}
    assert line(import_id, 3) == "Bob Ray <bob.ray@example.org>"


def test_hostile_rows_do_no_harm(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = filed(opening_id, LIST)
    jonas = "Jonas <jonas@exmaple>"
    odd = {"row-3": "J\0o\x07 <jo@example.org>", "was-3": jonas, "row-999999999": "x", "was-7": "y",
           "row-99999999999": "x", "row-²": "x", "take": "9" * 5_000 + " a@x.org"}  # fmt: skip
    assert rae.post(place(opening_id, import_id, "/rows"), data=odd).status_code == 303
    assert counts(import_id) == {"ready": 3}
    for take in ("3 \0", "² a@x.org", "3", "-1 a@x.org"):
        sent = {"row-3": "Jo <jo@example.org>", "was-3": "Jo <jo@example.org>", "take": take}
        assert rae.post(place(opening_id, import_id, "/rows"), data=sent).status_code == 303
    named = (BytesIO(LIST.encode()), "x" * 300 + ".csv")
    sent = {"file": named}
    answer = rae.post(f"/staff/openings/{opening_id}/imports", data=sent)
    assert rae.get(answer.location).status_code == 200


def test_a_page_of_rows_overwrites_nothing_that_it_did_not_change(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(opening_id, LIST)
    with writing():
        importing.mend(import_id, by_hand(import_id, {3: "Jonas <jo@example.org>"}))
        importing.mend(import_id, left_out(import_id, 2))
    ana, jonas = "Ana Pires <ana@example.org>", "Jonas <jonas@exmaple>"
    stale = {"row-2": ana, "was-2": ana, "row-3": jonas, "was-3": jonas, "doubt": jonas}
    rae.post(place(opening_id, import_id, "/rows"), data=stale)
    assert counts(import_id) == {"ready": 2, "out": 1}
    mei = "Mei <mei@example.org>"
    stale |= {"row-4": "Mei Lin <mei@example.org>", "was-4": mei}
    rae.post(place(opening_id, import_id, "/rows"), data=stale)
    assert counts(import_id) == {"ready": 2, "out": 1}
    assert line(import_id, 4) == "Mei Lin <mei@example.org>", "What it did change is taken over."


@pytest.mark.parametrize("do", ["", "go-on"])
def test_two_who_mend_one_row_are_told_and_nothing_of_either_is_lost(
    rae: FlaskClient, opening_id: UUID, do: str
) -> None:
    import_id = filed(opening_id, LIST)
    with writing():
        importing.mend(import_id, by_hand(import_id, {3: "Jonas <jo@example.org>"}))
    ana, jonas = "Ana Pires <ana@example.org>", "Jonas <jonas@exmaple>"
    mine = {"row-2": ana, "was-2": ana, "out": "2", "row-3": "J. Peeters <jp@example.org>",
            "was-3": jonas, "state": "look", "do": do}  # fmt: skip
    told = rae.post(place(opening_id, import_id, "/rows"), data=mine)
    assert told.status_code == 422
    assert "Somebody changed row 3 meanwhile" in told.text
    assert 'value="J. Peeters &lt;jp@example.org&gt;"' in told.text, "As it was typed."
    assert "Jonas &lt;jo@example.org&gt;</bdi>" in told.text, "As it stands."
    assert re.search(r'name="out"\s+value="2"\s+checked', told.text), "What was ticked is kept."
    assert counts(import_id) == {"ready": 3}, "Nothing of it was taken over yet."
    again = {**mine, "was-3": re.findall(r'name="was-3" value="([^"]*)"', told.text)[0]}
    again["was-3"] = again["was-3"].replace("&lt;", "<").replace("&gt;", ">")
    assert rae.post(place(opening_id, import_id, "/rows"), data=again).status_code == 303
    assert counts(import_id) == {"ready": 2, "out": 1}
    assert line(import_id, 3) == "J. Peeters <jp@example.org>"


def test_what_is_typed_while_the_list_runs_is_not_lost(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = many(opening_id, 3)
    was = "p000@example.org"
    answer = rae.post(
        place(opening_id, import_id, "/rows"), data={"row-2": "Pia <p@example.org>", "was-2": was}
    )
    assert answer.status_code == 422
    assert "being invited from at this moment" in answer.text
    assert "Pia &lt;p@example.org&gt;" in answer.text


def test_a_page_of_rows_is_come_back_to(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = filed(
        opening_id, "E-mail\n" + "".join(f"p{n}@example.org\n" for n in range(60)) + "x@y\n"
    )
    page = rae.get(place(opening_id, import_id, "?state=&page=2")).text
    assert re.search(r'name="page" value="2"', page)
    sent = {"row-62": "x@example.org", "was-62": "x@y", "state": "", "q": "", "page": "2"}
    answer = rae.post(place(opening_id, import_id, "/rows"), data=sent)
    assert answer.location.endswith("?state=&q=&page=2"), (
        "All rows, and not those that need a look."
    )


def test_one_mailbox_written_differently_is_one_person(rae: FlaskClient, opening_id: UUID) -> None:
    invited(opening_id, "kit@example.org")
    text = """E-mail
        ana@example.org
        ANA@EXAMPLE.ORG
        mailto:ana@example.org
        Kit@Example.org
        ö@müller.example
        ö@xn--mller-kva.example"""
    import_id = filed(opening_id, text)
    assert counts(import_id) == {"ready": 2, "twice": 3, "known": 1}
    page = rae.get(place(opening_id, import_id, "?state=twice")).text
    assert page.count("The same mailbox as in row 2: it gets one letter.") == 2
    assert "The same mailbox as in row 6" in page
    assert (
        "Invited to this opening before."
        in rae.get(place(opening_id, import_id, "?state=known")).text
    )
    with writing():  # the first is left out, so the second stands for both
        importing.mend(import_id, left_out(import_id, 2))
    assert counts(import_id) == {"ready": 2, "twice": 2, "known": 1, "out": 1}


def test_one_address_under_two_names_needs_a_look_until_somebody_says_whose_it_is(
    rae: FlaskClient, opening_id: UUID
) -> None:
    invited(opening_id, "kit@example.org")
    text = """Name;E-mail
        Ana Pires;ana@example.org
        Bob Ray;Ana@example.org
        pires, ANA;ana@example.org
        A. Pires;ana@example.org
        ;ana@example.org
        Mei;mei@example.org
        Lin Mei;mei@example.org
        Kit;kit@example.org
        Kim;kit@example.org"""
    import_id = filed(opening_id, text.replace(", ANA", " ANA"))
    assert counts(import_id) == {"look": 5, "ready": 1, "twice": 2, "known": 1}
    page = rae.get(place(opening_id, import_id)).text
    assert "In row 3 this address is Bob Ray’s. Whose is it?" in page
    assert page.count("In row 2 this address is Ana Pires’s.") >= 1
    assert "5 need a look" in page
    with writing():
        importing.mend(import_id, left_out(import_id, 3))
    assert counts(import_id) == {"ready": 2, "twice": 5, "known": 1, "out": 1}


def test_the_file_is_read_as_a_person_says_and_what_was_mended_stays(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(
        opening_id, "Name;E-mail;Town\nZo\xeb;zoe@example.org;K\xf6ln\nJo;jo@;x\n".encode("cp1252")
    )
    with writing():
        importing.mend(import_id, by_hand(import_id, {3: "Jo <jo@example.org>"}))
    with writing():
        importing.mend(import_id, left_out(import_id, 2))
    sent = {"encoding": "cp1250", "separator": ";", "heading": "y", "seen": "2",
            "role": ["kept", "address", "dropped"]}  # fmt: skip
    assert rae.post(place(opening_id, import_id, "/reading"), data=sent).status_code == 303
    assert counts(import_id) == {"ready": 1, "out": 1}
    row = session.scalars(select(ImportRow).where(ImportRow.number == 2)).one()
    assert (row.text, row.kept) == ("zoe@example.org", [["Name", "Zoë"]])
    again = rae.post(place(opening_id, import_id, "/reading"), data=sent)
    assert again.status_code == 422
    assert "Somebody changed this list meanwhile." in again.text


def test_reading_anew_leaves_a_doubt_one_and_costs_no_act_for_every_mended_row(
    rae: FlaskClient, opening_id: UUID
) -> None:
    text = "Name;E-mail\n" + "".join(f"P{n};p{n}@\n" for n in range(40))
    import_id, reading = filed(opening_id, text), import_reading.read(text.encode())
    asked = []
    for revision, rows in enumerate((range(2, 3), range(2, 42)), start=1):
        with writing():
            mends = by_hand(import_id, {n: f"p{n}@gmial.com" for n in rows})
            importing.mend(import_id, mends | by_hand(import_id, {2: f"p{revision}@gmail.com"}))
        anew = importing.with_mended(import_id, reading)
        session.rollback()
        with statements() as made, writing():
            importing.reread(import_id, anew, seen=str(2 * revision - 1))
        asked.append(len(made))
    assert asked[0] == asked[1]
    assert counts(import_id) == {"ready": 1, "look": 39}, "Nobody has said that gmial.com is meant."


def test_a_file_without_addresses_asks_which_column_has_them(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(opening_id, "Name;Mobile\nAna;+32 470\nMei;+32 471\n")
    page = rae.get(place(opening_id, import_id)).text
    assert "No column holds addresses." in page
    assert (
        rae.get(place(opening_id, import_id, "/confirmation")).text.count("Nobody is ready yet")
        == 2
    )


def test_rows_are_searched_filtered_and_paged_with_the_same_number_of_queries(
    rae: FlaskClient, opening_id: UUID
) -> None:
    few = filed(opening_id, LIST)
    many = filed(
        opening_id, "Name;E-mail\n" + "".join(f"P{n};p{n}@example.org\n" for n in range(400))
    )
    for path in ("?state=", "?state=ready", "?state=&q=p", "/confirmation"):
        rae.get(place(opening_id, few, path))
        with statements() as one:
            rae.get(place(opening_id, few, path))
        with statements() as all_:
            rae.get(place(opening_id, many, path))
        assert len(one) == len(all_)
    assert "p77@example.org" in rae.get(place(opening_id, many, "?q=P77@")).text
    assert "51 to 100 of 400" in rae.get(place(opening_id, many, "?page=2")).text
    assert "No row is like that." in rae.get(place(opening_id, many, "?q=nobody")).text
    settled = rae.get(place(opening_id, many, "?state=look")).text
    assert "Nothing needs a look." in settled


# ── confirming ───────────────────────────────────────────────────────────────


def test_who_is_ready_is_invited_by_the_worker_and_the_rest_stays(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(opening_id, LIST)
    sent = letter(rae, opening_id, import_id, word="Come and *show* us.")
    shown = rae.post(place(opening_id, import_id, "/confirmation"), data={**sent, "do": "look"})
    assert "Come and *show* us." in shown.text
    assert "Dear Ana Pires" in shown.text or "Ana Pires" in shown.text
    assert rae.post(place(opening_id, import_id, "/confirmation"), data=sent).status_code == 303
    assert addresses() == [], "The worker invites, not the press."
    page = rae.get(place(opening_id, import_id)).text
    assert "<h2>0 of 2 are invited</h2>" in page
    assert 'hx-trigger="every 1s"' in page
    go_on_with_imports()
    assert addresses() == ["ana@example.org", "mei@example.org"]
    assert len(set(session.scalars(select(Invitation.batch)))) == 1
    page = rae.get(place(opening_id, import_id)).text
    assert "2 were invited, one needs a look" in page
    assert "It is done." in page
    found = session.scalars(select(Import)).one()
    assert found.content is None, "The file itself goes when it was confirmed."


def test_what_was_left_is_mended_and_confirmed_again(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = filed(opening_id, LIST, confirmed=True)
    rows = {"row-3": "Jonas <jo@example.org>", "was-3": "Jonas <jonas@exmaple>"}
    rae.post(place(opening_id, import_id, "/rows"), data=rows)
    rae.post(place(opening_id, import_id, "/confirmation"), data=letter(rae, opening_id, import_id))
    go_on_with_imports()
    assert addresses() == ["ana@example.org", "jo@example.org", "mei@example.org"]
    assert counts(import_id) == {"invited": 3}


def test_pressed_twice_or_in_two_tabs_it_is_confirmed_once(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(opening_id, LIST)
    one, other = (letter(rae, opening_id, import_id) for _ in range(2))
    path = place(opening_id, import_id, "/confirmation")
    assert [rae.post(path, data=sent).status_code for sent in (one, one, other)] == [303] * 3
    go_on_with_imports()
    assert rae.post(path, data=one).status_code == 303
    late = rae.post(path, data=other)
    assert late.status_code == 422
    assert "Somebody changed this list after you opened it." in late.text
    go_on_with_imports()
    assert addresses() == ["ana@example.org", "mei@example.org"]


def test_a_list_changed_in_another_tab_is_looked_at_once_more(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(opening_id, LIST)
    sent = letter(rae, opening_id, import_id, word="Kept.")
    with writing():
        importing.mend(import_id, left_out(import_id, 2))
    path = place(opening_id, import_id, "/confirmation")
    answer = rae.post(path, data=sent)
    assert answer.status_code == 422
    assert "Kept." in answer.text
    assert state_of(import_id) == "draft"


@pytest.mark.parametrize(
    ("given", "told"),
    [({"until": "2020-01-01"}, "That day has passed."), ({"until": "soon"}, "Write the day as 2027-01-31."),
     ({"until": "2099-01-01"}, "an invitation must end by then")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_told_and_nobody_is_invited(
    rae: FlaskClient, opening_id: UUID, given: dict[str, str], told: str
) -> None:
    import_id = filed(opening_id, LIST)
    sent = letter(rae, opening_id, import_id, **given)
    answer = rae.post(place(opening_id, import_id, "/confirmation"), data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert state_of(import_id) == "draft"


def test_who_was_invited_meanwhile_is_passed_over_and_said(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = filed(opening_id, LIST)
    rae.post(place(opening_id, import_id, "/confirmation"), data=letter(rae, opening_id, import_id))
    invited(opening_id, "Mei@EXAMPLE.org", "Mei")
    go_on_with_imports()
    assert counts(import_id) == {"invited": 1, "passed": 1, "look": 1}
    assert session.scalar(select(func.count()).select_from(Invitation)) == 2
    assert "one was passed over" in rae.get(place(opening_id, import_id)).text
    page = rae.get(place(opening_id, import_id, "?state=passed")).text
    assert "Invited by somebody else meanwhile, so passed over." in page


def many(opening_id: UUID, number: int) -> UUID:
    """A confirmed list of so many, which nobody has begun with."""
    import_id = filed(
        opening_id, "E-mail\n" + "".join(f"p{n:03}@example.org\n" for n in range(number))
    )
    until = (now() + timedelta(days=7)).date()
    by = staff("rae")
    with writing():
        import_running.confirm(import_id, until=until, word="", seen="0", by=by, batch=uuid4())
    return import_id


def test_a_closed_opening_stops_it_cleanly(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = many(opening_id, 30)
    claims.claim_next(Import)
    with writing():
        import_running.invite_some(import_id)
    with writing():
        close_opening(opening_id, by=staff("rae"))
    with writing():
        import_running.give_back(import_id)
    go_on_with_imports()
    assert (state_of(import_id), counts(import_id)) == ("stopped", {"invited": 25, "ready": 5})
    assert (
        "This opening takes no more answers, so nobody was invited."
        in rae.get(place(opening_id, import_id)).text
    )
    assert rae.get(place(opening_id, import_id, "/confirmation")).status_code == 200
    with pytest.raises(Refused), writing():
        import_running.confirm(
            import_id, until=now().date(), word="", seen="2", by=staff("rae"), batch=uuid4()
        )


def test_an_act_asks_the_database_no_more_for_many_people_than_for_few(app: Flask) -> None:
    made = []
    for number in (2, 25):
        import_id = many(opening()[0], number)
        claims.claim_next(Import)
        with statements() as asked, writing():
            import_running.invite_some(import_id)
        made.append(len(asked))
        assert counts(import_id) == {"invited": number}
        go_on_with_imports()
    assert made[0] == made[1]


def test_it_is_stopped_by_a_press_and_gone_on_with(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = many(opening_id, 60)
    claims.claim_next(Import)
    with writing():
        import_running.invite_some(import_id)
    assert "<h2>25 of 60 are invited</h2>" in rae.get(place(opening_id, import_id)).text
    rae.post(place(opening_id, import_id, "/stop"))
    go_on_with_imports()
    assert (state_of(import_id), counts(import_id)) == ("stopped", {"invited": 25, "ready": 35})
    assert len(addresses()) == 25
    rae.post(place(opening_id, import_id, "/confirmation"), data=letter(rae, opening_id, import_id))
    go_on_with_imports()
    assert counts(import_id) == {"invited": 60}
    assert len(set(addresses())) == len(addresses()) == 60


def test_the_page_that_asks_how_far_it_is_is_led_to_the_end(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = many(opening_id, 3)
    asks = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = rae.get(place(opening_id, import_id), headers=asks)
    assert part.text.lstrip().startswith('<div id="import_running"')
    go_on_with_imports()
    ended = rae.get(place(opening_id, import_id), headers=asks)
    assert ended.headers["HX-Redirect"] == place(opening_id, import_id)


def test_nothing_is_mended_read_anew_or_deleted_while_it_runs(app: Flask, opening_id: UUID) -> None:
    import_id = many(opening_id, 3)
    reading = import_reading.read(b"a@example.org")
    for act in (
        lambda: importing.mend(import_id, by_hand(import_id, {2: "x"})),
        lambda: importing.forget(import_id),
        lambda: importing.reread(import_id, reading, seen="1"),
    ):
        with pytest.raises(Refused, match="at this moment"), writing():
            act()


def test_rows_of_a_list_over_which_workers_died_are_ready_again(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = many(opening_id, 3)
    with writing():
        found = session.get_one(Import, import_id)
        found.state, found.tries, found.claimed_by = "claimed", claims.TRIES, uuid4()
        found.claimed_at = wall() - timedelta(hours=1)
    go_on_with_imports()
    assert (state_of(import_id), counts(import_id)) == ("failed", {"ready": 3})
    assert "Go on with the 3 who are ready" in rae.get(place(opening_id, import_id)).text


def test_a_fault_is_tried_three_times_and_then_told(
    rae: FlaskClient, opening_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = many(opening_id, 3)
    with writing():  # a row that no rule lets through: as if the database had been tampered with
        session.get_one(Import, import_id).confirmed_by = None
    for _ in range(3):
        with pytest.raises(AssertionError):
            go_on_with_imports()
    assert (state_of(import_id), counts(import_id)) == ("failed", {"ready": 3})
    assert "It could not go on." in rae.get(place(opening_id, import_id)).text
    rae.post(place(opening_id, import_id, "/confirmation"), data=letter(rae, opening_id, import_id))
    go_on_with_imports()
    assert counts(import_id) == {"invited": 3}


def test_its_letters_wait_under_one_batch_and_are_taken_back_together(
    rae: FlaskClient, opening_id: UUID
) -> None:
    import_id = many(opening_id, 60)
    claims.claim_next(Import)
    for _ in range(2):
        with writing():
            import_running.invite_some(import_id)
    batch = session.get_one(Import, import_id).batch
    assert batch
    page = rae.get(place(opening_id, import_id)).text
    assert f"/staff/openings/{opening_id}/sendings/{batch}" in page
    assert "all can be taken back until then" in page
    rae.post(f"/staff/openings/{opening_id}/sendings/{batch}/withdrawal")
    with pytest.raises(Refused), writing():
        import_running.invite_some(import_id)
    with writing():
        import_running.give_back(import_id)
    go_on_with_imports()
    assert (state_of(import_id), counts(import_id)) == ("stopped", {"ready": 60})
    assert "The letters were taken back." in rae.get(place(opening_id, import_id)).text
    assert session.scalars(select(Application)).all() == []
    rae.post(place(opening_id, import_id, "/confirmation"), data=letter(rae, opening_id, import_id))
    go_on_with_imports()
    assert counts(import_id) == {"invited": 60}
    assert session.scalar(select(func.count()).select_from(Invitation)) == 60


# ── what stays ───────────────────────────────────────────────────────────────


def test_what_the_file_said_stays_with_the_application(rae: FlaskClient, opening_id: UUID) -> None:
    text = "Name;E-mail;Town;Score\nAna;ana@example.org;<script>Ghent</script>;=1+1\n"
    filed(opening_id, text, confirmed=True)
    application = session.scalars(select(Application)).one()
    said = [["Town", "<script>Ghent</script>"], ["Score", "=1+1"]]
    assert imports.kept_of(application.id) == said
    for path in (f"/staff/applications/{application.id}",
                 f"/staff/openings/{opening_id}/applications/{application.id}/name"):  # fmt: skip
        page = rae.get(path).text
        assert "&lt;script&gt;Ghent&lt;/script&gt;" in page
        assert "=1+1" in page


def test_a_list_that_nobody_confirms_is_forgotten_after_a_week(
    app: Flask, opening_id: UUID
) -> None:
    draft, done = filed(opening_id, LIST), filed(opening_id, LIST, confirmed=True)
    with at(now() + timedelta(days=6)):
        forget_imports()
    assert len(session.scalars(select(Import.id)).all()) == 2
    with at(now() + timedelta(days=8)):
        forget_imports()
        forget_imports()
    assert session.scalars(select(Import.id)).all() == [done] != [draft]
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 2
    assert counts(done) == {"invited": 2, "look": 1}, "The summary stays."


def test_a_list_is_deleted_by_a_press(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = filed(opening_id, LIST)
    assert rae.post(place(opening_id, import_id, "/removal")).status_code == 303
    assert session.scalars(select(ImportRow)).all() == []
    assert rae.get(place(opening_id, import_id)).status_code == 404


def test_who_marks_sees_their_own_list_and_nobody_who_is_in_the_opening_by_it(app: Flask) -> None:
    opening_id, _step = opening(panel=["uma"])
    theirs, mine = filed(opening_id, LIST), filed(opening_id, LIST, by="uma", confirmed=True)
    uma = signed_in(app, "uma")
    assert uma.get(place(opening_id, theirs)).status_code == 404
    assert uma.post(place(opening_id, theirs, "/stop")).status_code == 404
    page = uma.get(place(opening_id, mine, "?state=")).text
    assert "jonas@exmaple" in page
    assert "ana@example.org" not in page
    listed = uma.get(f"/staff/openings/{opening_id}/imports").text
    assert str(mine) in listed
    assert str(theirs) not in listed
    again = filed(opening_id, LIST, by="uma")
    page = uma.get(place(opening_id, again, "?state=known")).text
    assert "In this opening already." in page
    assert "before" not in page


def test_an_opening_of_another_holds_no_import_of_this(rae: FlaskClient, opening_id: UUID) -> None:
    import_id = filed(opening_id, LIST)
    other, _step = opening(title="Another")
    for rest in ("", "/confirmation"):
        assert rae.get(place(other, import_id, rest)).status_code == 404
    assert rae.post(place(other, import_id, "/stop")).status_code == 404
    assert session.scalars(select(Opening)).all()


def test_mailboxes_that_are_perhaps_one_are_asked_about_and_left_so_they_are_two(
    rae: FlaskClient, opening_id: UUID
) -> None:
    ana, bo = "ana.diaz@gmail.com\nanadiaz@googlemail.com", "bo+jobs@example.org\nbo@example.org"
    import_id = filed(opening_id, f"{ana}\n{bo}\nb.o@example.org\n")
    page = rae.get(place(opening_id, import_id)).text
    assert "<h1>3 ready, 2 need a look</h1>" in page
    assert "Perhaps the same mailbox as ana.diaz@gmail.com." in page
    assert "Perhaps the same mailbox as bo+jobs@example.org." in page
    with writing():
        importing.mend(
            import_id, {2: Mend("anadiaz@googlemail.com", "anadiaz@googlemail.com", sure=True)}
        )
    assert "<h1>4 ready, one needs a look</h1>" in rae.get(place(opening_id, import_id)).text
    invited(opening_id, "cy.young@gmail.com")
    later = rae.post(f"/staff/openings/{opening_id}/imports", data={"pasted": "cyyoung@gmail.com"})
    assert "Perhaps the same mailbox as cy.young@gmail.com." in rae.get(later.location).text
