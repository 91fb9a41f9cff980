"""Writing a mail, and deciding about one that is stuck."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Missing, Refused
from hiring.ledger.models import Entry
from hiring.outbox.actions import note_arrival, send_again
from hiring.outbox.models import Message
from tests.accounts.crew import joined
from tests.outbox.letters import LINK, row, states, write, written


def stuck(state: str) -> Message:
    """A mail in this state."""
    message_id = written()
    with writing():
        message = session.get_one(Message, message_id)
        message.state, message.error, message.tries = state, "no reply came", 3
    return message


def test_a_mail_is_worded_at_once_as_text_and_as_html(app: Flask) -> None:
    mail = row(written())
    assert (mail.state, mail.kind, mail.to_address) == (
        "waiting",
        "password-reset",
        "kit@post.example",
    )
    assert LINK in mail.text.splitlines()  # on a line of its own, whole
    assert f'href="{LINK}"' in mail.html
    assert 'style="' in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert "{{" not in mail.text + mail.html


def test_a_mail_vanishes_with_the_act_that_failed(app: Flask) -> None:
    def act() -> None:
        with writing():
            write()
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        act()
    assert states() == {}


def test_no_line_break_reaches_a_header(app: Flask) -> None:
    mail = row(written(to_name="Kit\r\nBcc: all@post.example", subject="Hello\nX: y"))
    assert (mail.to_name, mail.subject) == ("Kit Bcc: all@post.example", "Hello X: y")


def test_words_from_people_are_escaped_in_html_and_plain_in_text(app: Flask) -> None:
    mail = row(written(to_name="<b>Kit & Co</b>"))
    assert "Dear <b>Kit & Co</b>," in mail.text
    assert "Dear &lt;b&gt;Kit &amp; Co&lt;/b&gt;," in mail.html


@pytest.mark.parametrize("state", ["held", "failed"])
def test_a_stuck_mail_goes_out_again_when_a_person_says_so(app: Flask, state: str) -> None:
    ola, mail = joined("Ola", "owner"), stuck(state)
    with writing():
        send_again(mail.id, by=ola)
    again = row(mail.id)
    assert (again.state, again.error, again.tries, again.claimed_by) == ("waiting", None, 0, None)
    assert session.scalars(select(Entry.kind).where(Entry.subject == str(mail.id))).all() == [
        "mail-sent-again"
    ]


def test_a_held_mail_that_arrived_is_settled_and_never_sent(app: Flask) -> None:
    ola, mail = joined("Ola", "owner"), stuck("held")
    with writing():
        note_arrival(mail.id, by=ola)
    assert row(mail.id).state == "done"
    with writing(), pytest.raises(Refused, match="decided about this mail already"):
        send_again(mail.id, by=ola)


@pytest.mark.parametrize("state", ["waiting", "claimed", "done", "kept", "skipped"])
def test_only_what_is_stuck_is_decided_by_hand(app: Flask, state: str) -> None:
    ola, mail = joined("Ola", "owner"), stuck(state)
    for act in (send_again, note_arrival):
        with writing(), pytest.raises(Refused):
            act(mail.id, by=ola)
    assert row(mail.id).state == state


def test_what_was_refused_did_not_arrive(app: Flask) -> None:
    ola, mail = joined("Ola", "owner"), stuck("failed")
    with writing(), pytest.raises(Refused, match="did not arrive"):
        note_arrival(mail.id, by=ola)


def test_a_mail_that_does_not_exist_is_missing(app: Flask) -> None:
    with writing(), pytest.raises(Missing):
        send_again(uuid4(), by=uuid4())
