"""Letters that the organisation words itself: what is refused, what is drawn, what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.ledger.models import Entry
from hiring.openings.mail import link_of, preview
from hiring.openings.queries import opening_of
from hiring.outbox import wordings
from hiring.outbox.models import Message
from hiring.outbox.texts import Variable, drawn, faults, plain
from hiring.outbox.wordings import Wording
from tests.factories import invited, opening, signed_in, staff
from tests.races import together

KNOWN = {
    "name": Variable("their name", "Ana", optional=True),
    "title": Variable("the title", "Support"),
    "link": Variable("their link", "https://x.example/1"),
}
VALUES = {"name": "Ana", "title": "Support", "link": "https://x.example/1"}
WORDS = "# {title}\n\nHello {name},\n\nplease have a look.\n\n{link}\n\nUse it by: {until}"


def told(body: str, subject: str = "Work for you") -> list[str]:
    above, below = faults(subject, body, variables=KNOWN, needed=("link",))
    return above + below


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def kept(body: str = WORDS, subject: str = "Come and see: {title}", seen: int = 0) -> None:
    """Rae keeps other words for the invitation."""
    by = staff("rae")
    with writing():
        wordings.keep(
            "invitation", language="en", subject=subject, body=body, seen=seen, by=by, by_name="Rae"
        )


def letter(kind: str = "invitation") -> Message:
    session.rollback()
    return session.scalars(select(Message).where(Message.kind == kind)).one()


# ── what is wrong with a text ──


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Hello {nmae}\n{link}", "Line 1: there is no variable {nmae}. Is it {name}?"),
        ("Hello\n\n{zzz} {link}", "Line 3: there is no variable {zzz}."),
        ("{link}\nHello {name", "Line 2: a brace { or } stands alone."),
        ("{link} }", "Line 1: a brace { or } stands alone."),
        ("{{link}}", "Line 1: a brace { or } stands alone."),
        ("{link} { title }", "Line 1: a brace { or } stands alone."),
        ("Hello", "{link} is missing: nobody could use a letter without it."),
        (
            "Dear {name}, press {link}",
            "{link} needs a line without a variable that may have nothing",
        ),
        ("{link}" + "x" * 20_000, "At most 20,000 characters fit."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(app: Flask, body: str, says: str) -> None:
    assert any(one.startswith(says) for one in told(body))


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        (" ", "A letter without a subject is taken for junk."),
        ("{link}", "A link belongs into the letter"),
        ("Until {until}", "there is no variable {until}."),
        ("x" * 201, "At most 200 characters fit."),
    ],
)
def test_a_subject_is_checked_too(app: Flask, subject: str, says: str) -> None:
    assert any(one.startswith(says) for one in told("{link}", subject))


def test_every_letter_that_ships_is_right_in_its_own_eyes(app: Flask) -> None:
    for one in wordings.offered():
        ships = wordings.shipped(one.kind, "en")
        assert wordings.wrong(one.kind, ships.subject, ships.body) == ([], []), one.kind


# ── what becomes of a text ──


@pytest.mark.parametrize("name", ["{link}", "<script>alert(1)</script>", "**Ana** [x](y)", "# Ana"])
def test_what_a_variable_says_is_never_read_as_text_of_ours(app: Flask, name: str) -> None:
    values = {**VALUES, "name": name}
    assert plain("Hello {name}\n\n{link}", values) == f"Hello {name}\n\nhttps://x.example/1"
    [block, act] = drawn("Hello {name}\n\n{link}", values)
    assert (block.kind, act.kind) == ("paragraph", "act")
    assert "<" not in block.text.replace("&lt;", "")
    assert block.text.unescape() == f"Hello {name}"


def test_a_line_whose_variable_has_nothing_to_say_is_left_out(app: Flask) -> None:
    values = {**VALUES, "name": ""}
    assert plain("Hello {name},\n\nBye {name}\n{title}", values) == "Support"


def test_one_text_is_drawn_as_heading_button_rows_and_paragraphs(app: Flask) -> None:
    text = "# For {name}\n\n{link}\n\nWhere: {title}\nWho: {name}\n\nOr press {link} <here>"
    blocks = drawn(text, VALUES)
    assert [block.kind for block in blocks] == ["heading", "act", "rows", "paragraph"]
    assert blocks[2].rows == (("Where", "Support"), ("Who", "Ana"))
    link = '<a href="https://x.example/1">https://x.example/1</a>'
    assert blocks[3].text == f"Or press {link} &lt;here&gt;"


def test_a_text_of_rubbish_is_quickly_drawn(app: Flask) -> None:
    text = "{link}\n" + "> " * 9_000 + "\n\u202e# \n: {title}\n\n"
    assert drawn(text, VALUES)
    assert plain(text, VALUES)


# ── what is kept ──


def test_the_next_letters_have_the_words_and_those_that_went_keep_theirs(app: Flask) -> None:
    opening_id, _step = opening(title="Support lead")
    before = invited(opening_id, "ana@example.org", "Ana")
    kept()
    made = invited(opening_id, "kit@example.org", "Kit <b>Marlow</b>")
    first, then = (
        session.scalars(select(Message).where(Message.about == one.id)).one()
        for one in (before, made)
    )
    assert "You are invited to take a task" in first.text
    assert then.subject == "Come and see: Support lead"
    assert "Hello Kit <b>Marlow</b>,\n\nplease have a look.\n\n" + link_of(made) in then.text
    assert "Hello Kit &lt;b&gt;Marlow&lt;/b&gt;," in then.html
    assert "You are invited to take a task" not in then.text


def test_the_look_through_a_list_shows_the_words_that_stand(app: Flask) -> None:
    opening_id, _step = opening(title="Support lead")
    kept()
    text = preview(opening_of(opening_id), name="Ana", until=now() + timedelta(days=3), word="Hi.")
    assert "please have a look." in text


def test_what_ships_can_be_brought_back_and_all_versions_stay(app: Flask, rae: FlaskClient) -> None:
    kept()
    page = rae.get("/staff/settings/letters/invitation").text
    assert "please have a look." in page
    assert rae.post("/staff/settings/letters/invitation/standard").status_code == 303
    rae.post("/staff/settings/letters/invitation/standard")
    rows = session.execute(select(Wording.number, Wording.standard).order_by(Wording.number)).all()
    assert [tuple(row) for row in rows] == [(1, False), (2, True)]
    made = invited(opening()[0])
    assert "You are invited to take a task" in letter().text
    assert link_of(made) in letter().html
    assert "please have a look." in rae.get("/staff/settings/letters/invitation").text
    entries = session.scalars(select(Entry.facts).where(Entry.kind == "letter-worded")).all()
    assert [entry["as_shipped"] for entry in entries] == [False, True]


def test_words_that_stand_already_are_no_new_version(app: Flask) -> None:
    ships = wordings.shipped("invitation", "en")
    kept(ships.body, ships.subject)
    kept()
    kept(seen=1)
    assert len(session.scalars(select(Wording)).all()) == 1


# ── the page ──

CONTRACT = [  # method, path, then a status for Ola, Rae, Vic and nobody
    ("GET", "", 200, 200, 404, 303),
    ("GET", "/invitation", 200, 200, 404, 303),
    ("GET", "/password-reset", 404, 404, 404, 303),
    ("POST", "/invitation", 422, 422, 404, 401),
    ("POST", "/invitation/preview", 200, 200, 404, 401),
    ("POST", "/invitation/test", 422, 422, 404, 401),
    ("POST", "/invitation/standard", 303, 303, 404, 401),
    ("POST", "/nothing/standard", 404, 404, 404, 401),
    ("POST", "/nothing/preview", 404, 404, 404, 401),
]
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("row", CONTRACT)
def test_who_may_word_letters(app: Flask, row: tuple[Any, ...]) -> None:
    method, path, *statuses = row
    for who, status in zip(("ola", "rae", "vic", ""), statuses, strict=True):
        client = signed_in(app, who) if who else app.test_client()
        answer = client.open(
            f"/staff/settings/letters{path}", method=method, data={}, headers=SAME_ORIGIN
        )
        assert answer.status_code == status, who


def test_wrong_words_are_shown_again_with_what_is_wrong(rae: FlaskClient) -> None:
    typed = {"subject": "Hello", "body": "Dear {nmae},\n\nno link", "seen": "0"}
    answer = rae.post("/staff/settings/letters/invitation", data=typed)
    assert answer.status_code == 422
    for said in ("Line 1: there is no variable {nmae}.", "{link} is missing", "Dear {nmae},"):
        assert said in answer.text
    assert not session.scalars(select(Wording)).all()


def test_what_another_kept_meanwhile_is_not_overwritten_unseen(rae: FlaskClient) -> None:
    typed = {"subject": "Mine", "body": "Mine.\n\n{link}", "seen": "0"}
    kept()
    answer = rae.post("/staff/settings/letters/invitation", data=typed)
    assert answer.status_code == 422
    assert "Somebody kept other words meanwhile" in answer.text
    assert 'value="1"' in answer.text
    again = rae.post("/staff/settings/letters/invitation", data={**typed, "seen": "1"})
    assert again.status_code == 303
    assert wordings.standing("invitation", "en").subject == "Mine"


def test_the_preview_says_how_it_reads_and_keeps_nothing(rae: FlaskClient) -> None:
    typed = {"subject": "For {name}", "body": "Minutes: {minutes}\n\n{link}", "seen": "0"}
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    path = "/staff/settings/letters/invitation/preview"
    answer = rae.post(path, data=typed, headers=part)
    assert "For Ana Pires" in answer.text
    assert "Minutes: 35" in answer.text
    assert "<html" not in answer.text
    wrong = rae.post(path, data={**typed, "body": "{link"}, headers=part)
    assert "Line 1: a brace { or } stands alone." in wrong.text
    assert not session.scalars(select(Wording)).all()


def test_a_letter_to_try_goes_to_who_presses_and_keeps_nothing(rae: FlaskClient) -> None:
    typed = {"subject": "For {name}", "body": "Hello <{name}>\n\n{link}", "seen": "0"}
    answer = rae.post("/staff/settings/letters/invitation/test", data=typed)
    assert "A letter to try is written to rae@osier.example." in answer.text
    assert "Hello &lt;{name}&gt;" in answer.text
    made = letter("invitation-test")
    assert (made.to_address, made.subject) == ("rae@osier.example", "For Ana Pires")
    assert "Hello <Ana Pires>" in made.text
    assert not session.scalars(select(Wording)).all()


def keeps(body: str) -> str:
    """What each of two who press at once does."""
    kept(body)
    return "kept"


@pytest.mark.race
def test_of_two_who_keep_words_at_once_one_is_told(app: Flask) -> None:
    staff("rae")
    session.rollback()
    done = together(keeps, ["One.\n\n{link}"], ["Two.\n\n{link}"])
    assert sorted(done) == ["Refused", "kept"]
    assert len(session.scalars(select(Wording)).all()) == 1


def test_a_text_that_is_too_long_is_not_read_line_by_line(app: Flask) -> None:
    body = "\n".join("{abcdefghij}" for _line in range(20_000))
    assert told(body) == ["At most 20,000 characters fit."]
    assert told("{link}", "{abc}" * 5_000) == ["At most 200 characters fit."]
