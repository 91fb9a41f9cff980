"""The receipt, as the candidate reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.attempts.models import Submission
from hiring.attempts.tasks import close_due
from hiring.kernel.clock import at
from hiring.kernel.database import session
from hiring.outbox.models import Message
from tests import factories as make

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def attempt_id(app: Flask) -> Iterator[UUID]:
    """Kit began at noon, and it is a quarter past."""
    with at(NOON):
        opening_id, _ = make.opening(title="Customer support, second line")
        attempt_id = make.started(make.invited(opening_id))
    with at(NOON + 15 * MINUTES):
        yield attempt_id


def letter() -> Message:
    return session.scalars(select(Message).where(Message.kind == "receipt")).one()


def text_of(message: Message) -> str:
    """The letter with its code and link, which are random, named."""
    code = session.scalars(select(Submission.code)).one()
    link = r"http://localhost:\d+/invitations/\S{43}"
    return re.sub(link, "<link>", message.text).replace(code, "<code>")


def test_a_receipt_says_what_arrived_and_until_when_it_can_be_taken_back(attempt_id: UUID) -> None:
    make.saved(attempt_id, "Dear Marta, we took it twice.")
    make.submitted(attempt_id)
    message = letter()
    assert message.subject == "We have your answer"
    assert (message.to_address, message.reply_to) == ("kit@example.org", "rae@osier.example")
    assert text_of(message) == dedent(
        """\
        Hiring · Customer support, second line

        We have your answer

        Dear Kit Marlow,

        Your work reached us on Saturday 14 November at 12:15. 6 words are in. Tasks 1, 3, and 4 were left empty; in tasks 1 and 3 an empty answer gets the lowest level.

        Whoever marks your work sees neither your name nor your address. You hear from us by Saturday 5 December, yes or no.

        Receipt: <code>, revision 1
        Take it back: until 12:25, on your page
        You hear by: Saturday 5 December

        <link>

        If something went wrong during the task, answer this mail.

        Rae Lindqvist, Hiring

        --\N{SPACE}
        You get this letter because you took a task. This letter counts no opens and no clicks.
        """  # noqa: E501  letters are not wrapped
    )


def test_a_receipt_at_the_end_of_time_says_so(attempt_id: UUID) -> None:
    for task in (1, 2, 3, 4):
        make.saved(attempt_id, "Two words", task=task)
    with at(NOON + 40 * MINUTES):
        close_due()
    message = letter()
    assert message.subject == "We have your four answers"
    assert (
        "Your time ended on Saturday 14 November at 12:35, and what was saved in time is"
        " handed in. All tasks are in, 8 words." in message.text
    )
    assert "Take it back" not in message.text


def test_a_receipt_for_nothing_says_that_there_is_nothing(attempt_id: UUID) -> None:
    with at(NOON + 40 * MINUTES):
        close_due()
    assert letter().subject == "Your time ended, and no task has an answer"
    assert (
        "Your time ended on Saturday 14 November at 12:35. Tasks 1, 2, 3, and 4 were left empty;"
        in letter().text
    )


def test_a_receipt_for_an_empty_hand_in_does_not_say_that_time_ended(attempt_id: UUID) -> None:
    make.submitted(attempt_id)
    assert letter().subject == "You handed in, and no task has an answer"
    assert "Your time ended" not in letter().text


def test_the_written_form_leads_to_the_receipt_and_names_no_time_taken(attempt_id: UUID) -> None:
    make.submitted(attempt_id)
    assert re.search(r'href="http://localhost:\d+/invitations/\S{43}"', letter().html)
    assert "started" not in letter().html + letter().text
