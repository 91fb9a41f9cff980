"""Questions before the clock: asked of everyone, never a rejection, and every answer kept."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hiring.attempts import actions as attempts
from hiring.attempts import asking
from hiring.attempts.models import Attempt
from hiring.attempts.queries import to_remind
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.kernel.tokens import seal
from hiring.ledger.models import Entry
from hiring.openings import questions
from hiring.openings.models import Application, Invitation, Step
from hiring.openings.questions import Question, QuestionAnswer, QuestionAppeal, QuestionSheet
from hiring.outbox.models import Message
from tests.counting import statements
from tests.factories import browser, invited, opening, signed_in, staff, started
from tests.openings.test_views import url
from tests.races import together

LICENCE = Question("Do you have a driving licence for cars?", "You would drive to shops.",
                   (("Yes", True), ("No", False)))  # fmt: skip
SHIFT = Question("Which shifts suit you?", "We have no night shift.",
                 (("Early", True), ("Late", True), ("Nights only", False)))  # fmt: skip


def asks(opening_id: UUID, *asked: Question, seen: int = 0) -> int:
    rae = staff("rae")
    with writing():
        return questions.ask(opening_id, asked, seen=seen, by=rae)


@pytest.fixture
def open_one(app: Flask) -> UUID:
    """An opening that asks two questions."""
    opening_id, _step = opening()
    asks(opening_id, LICENCE, SHIFT)
    return opening_id


def link(invitation: Invitation, rest: str = "") -> str:
    return f"/invitations/{seal('invitation', invitation.id)}{rest}"


def answered(client: FlaskClient, invitation: Invitation, *chosen: int | str, **given: str) -> Any:
    """What the page says after these answers."""
    page = client.get(link(invitation)).text
    sheet = re.search(r'name="sheet"[^>]*value="([^"]*)"', page)
    sent = {f"q{n}": str(one) for n, one in enumerate(chosen, 1)}
    sent |= {"sheet": sheet[1] if sheet else "", **given}
    answer = client.post(link(invitation, "/answers"), data=sent)
    return client.get(answer.location.partition("#")[0]) if answer.location else answer


def rows() -> list[list[int]]:
    found = select(QuestionAnswer).order_by(QuestionAnswer.number)
    return [row.chosen for row in session.scalars(found)]


def test_whoever_answers_goes_on_to_the_start(app: Flask, open_one: UUID) -> None:
    invitation, kit = invited(open_one), browser(app)
    page = kit.get(link(invitation)).text
    assert "Two questions first. They are not on the clock." in page
    assert "Start: the clock" not in page
    page = answered(kit, invitation, 0, 1).text
    assert "Your answers are kept" in page
    assert "Start: the clock" in page
    assert kit.post(link(invitation, "/attempt"), data={"factor": "1"}).status_code == 303


def test_an_answer_in_the_way_keeps_the_clock_from_starting_and_is_no_rejection(
    app: Flask, open_one: UUID
) -> None:
    invitation, kit = invited(open_one), browser(app)
    page = answered(kit, invitation, 1, 0).text
    assert "You would drive to shops." in page
    assert "We have no night shift." not in page
    assert "nothing was decided about you" in page
    assert "Start: the clock" not in page
    answer = kit.post(link(invitation, "/attempt"), data={"factor": "1"})
    assert answer.status_code == 422
    assert "stands in the way" in answer.text
    with pytest.raises(Refused, match="stands in the way"), writing():
        attempts.start(invitation.id, factor=1.0, at=now())
    assert session.scalar(select(func.count(Attempt.id))) == 0
    assert "Invited" in signed_in(app, "rae").get(url(open_one)).text


def test_nothing_starts_before_the_questions_are_answered(app: Flask, open_one: UUID) -> None:
    invitation = invited(open_one)
    with pytest.raises(Refused, match="questions to answer first"), writing():
        attempts.start(invitation.id, factor=1.0, at=now())


def test_an_answer_is_put_right_once_and_both_are_kept(app: Flask, open_one: UUID) -> None:
    invitation, kit = invited(open_one), browser(app)
    assert "I answered wrongly" in answered(kit, invitation, 1, 0).text
    page = answered(kit, invitation, 0, 0).text
    assert "Start: the clock" in page
    assert "I answered wrongly" not in page
    assert rows() == [[1, 0], [0, 0]]
    sheet = session.scalars(select(QuestionSheet.id)).one()
    again = answered(kit, invitation, 0, 1, sheet=str(sheet))
    assert again.status_code == 422
    assert "put right once already" in again.text
    assert rows() == [[1, 0], [0, 0]]


def test_the_same_answer_twice_is_one(app: Flask, open_one: UUID) -> None:
    invitation, kit = invited(open_one), browser(app)
    answered(kit, invitation, 0, 0)
    answered(kit, invitation, 0, 0)
    assert rows() == [[0, 0]]


def test_nothing_is_changed_once_the_clock_runs(app: Flask, open_one: UUID) -> None:
    invitation, kit = invited(open_one), browser(app)
    answered(kit, invitation, 0, 0)
    sheet_id = session.scalars(select(QuestionSheet.id)).one()
    started(invitation)
    with pytest.raises(Refused, match="clock has started"), writing():
        asking.answer(invitation.id, [1, 1], sheet_id=sheet_id)
    assert answered(kit, invitation, 1, 1).status_code == 200
    assert rows() == [[0, 0]]


def test_a_person_lets_somebody_through_with_one_press(app: Flask, open_one: UUID) -> None:
    invitation, kit, rae = invited(open_one), browser(app), signed_in(app, "rae")
    answered(kit, invitation, 1, 2)
    for _press in range(2):
        page = kit.get(kit.post(link(invitation, "/appeal")).location).text
        assert "Somebody looks at it" in page
    roll = rae.get(url(open_one)).text
    assert "One person asks for you" in roll
    assert "asks for a person" in roll
    there = url(open_one, f"/applications/{invitation.application_id}")
    assert "Nights only" in rae.get(f"{there}/answers").text
    for _press in range(2):
        assert rae.post(f"{there}/passage").status_code == 303
    assert "asks for a person" not in rae.get(url(open_one)).text
    assert "Rae Lindqvist let them through" in rae.get(f"{there}/answers").text
    [entry] = session.scalars(select(Entry).where(Entry.kind == "let-through"))
    assert entry.actor == str(staff("rae"))
    [letter] = session.scalars(select(Message).where(Message.kind == "let-through"))
    assert link(invitation) in letter.text
    assert "Start: the clock" in kit.get(link(invitation)).text
    assert kit.post(link(invitation, "/attempt"), data={"factor": "1"}).status_code == 303


def test_nobody_is_told_to_start_by_a_link_that_opens_nothing(app: Flask, open_one: UUID) -> None:
    invitation, kit, rae = invited(open_one), browser(app), signed_in(app, "rae")
    answered(kit, invitation, 1, 2)
    there = url(open_one, f"/applications/{invitation.application_id}/passage")
    with at(invitation.expires_at):
        page = rae.get(rae.post(there).location).text
    assert "No link of theirs is open" in page
    assert session.scalars(select(Message.id).where(Message.kind == "let-through")).all() == []
    assert rae.get(rae.post(there).location).text.count("They can start") == 1


def test_nobody_asks_for_a_person_where_nothing_stands_in_the_way(
    app: Flask, open_one: UUID
) -> None:
    invitation, kit = invited(open_one), browser(app)
    page = kit.get(kit.post(link(invitation, "/appeal")).location).text
    assert "Answer the questions first" in page
    answered(kit, invitation, 0, 0)
    page = kit.get(kit.post(link(invitation, "/appeal")).location).text
    assert "Nothing stands in the way" in page
    assert session.scalar(select(func.count()).select_from(QuestionAppeal)) == 0


def test_a_change_is_for_those_who_have_not_answered(app: Flask, open_one: UUID) -> None:
    kit, ana = invited(open_one), invited(open_one, "ana@example.org", "Ana")
    one, other = browser(app), browser(app)
    answered(one, kit, 1, 0)
    stale = other.get(link(ana)).text
    sheet = re.search(r'name="sheet"[^>]*value="([^"]*)"', stale)
    asks(open_one, SHIFT, seen=1)
    assert "driving licence" in one.get(link(kit)).text
    assert "driving licence" not in other.get(link(ana)).text
    answer = other.post(link(ana, "/answers"), data={"sheet": sheet and sheet[1], "q1": "0"})
    assert "have changed meanwhile" in answer.text
    assert "Start: the clock" in answered(other, ana, 1).text
    asks(open_one, seen=2)
    assert "Start: the clock" in browser(app).get(link(invited(open_one, "b@example.org"))).text
    numbers = session.scalars(select(QuestionSheet.number).order_by(QuestionSheet.number))
    assert list(numbers) == [1, 2, 3]


@pytest.mark.parametrize("chosen", [(), (0,), ("", ""), ("7", "0"), ("-1", "0"), ("x" * 9999, "0")])
def test_an_answer_that_was_not_offered_is_none(
    app: Flask, open_one: UUID, chosen: tuple[Any, ...]
) -> None:
    invitation = invited(open_one)
    answer = answered(browser(app), invitation, *chosen)
    assert answer.status_code == 422
    assert "Choose one of these." in answer.text
    assert rows() == []


def test_who_is_stopped_is_not_reminded(app: Flask, open_one: UUID) -> None:
    invitation = invited(open_one)
    with at(invitation.expires_at - (invitation.expires_at - now()) / 20):
        assert list(to_remind(now())) == [invitation.id]
        answered(browser(app), invitation, 1, 0)
        assert to_remind(now()) == {}


# ── asked by who recruits ──


def typed(**given: str) -> dict[str, str]:
    """The form for one question, as Rae would send it."""
    return {
        "seen": "0", "questions-0-text": LICENCE.text, "questions-0-a1": "Yes",
        "questions-0-g1": "y", "questions-0-a2": "No", "questions-0-told": LICENCE.told, **given,
    }  # fmt: skip


def test_rae_asks_and_the_public_page_and_the_ledger_say_so(app: Flask) -> None:
    opening_id, _step = opening()
    rae = signed_in(app, "rae")
    assert 'value="Yes"' in rae.get(url(opening_id, "/questions")).text
    for _press in range(2):
        assert rae.post(url(opening_id, "/questions"), data=typed()).status_code == 303
    sheet = questions.sheet_of(opening_id)
    assert sheet is not None
    assert (sheet.number, sheet.questions) == (1, [LICENCE])
    assert LICENCE.text in rae.get(url(opening_id, "/questions")).text
    assert LICENCE.text in browser(app).get("/openings/support-lead").text
    [entry] = session.scalars(select(Entry).where(Entry.kind == "questions-changed"))
    assert entry.facts["questions"] == 1
    assert "licence" not in str(entry.facts)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"questions-0-text": ""}, "Write the question"),
        ({"questions-0-a2": ""}, "Two answers at least."),
        ({"questions-0-a2": "yes"}, "Two of the answers are the same."),
        ({"questions-0-g1": ""}, "Tick at least one answer with which one may start."),
        ({"questions-0-told": " "}, "Write what those are told"),
        ({"questions-0-text": "x" * 201}, "At most 200 characters"),
        ({"questions-0-told": "x" * 200_000}, "At most 2000 characters"),
        ({"questions-4-told": "alone"}, "Write the question"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_and_kept(
    app: Flask, given: dict[str, str], told: str
) -> None:
    opening_id, _step = opening()
    sent = typed(**{"questions-1-text": "And <b>this</b>?", **given})
    answer = signed_in(app, "rae").post(url(opening_id, "/questions"), data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert "And &lt;b&gt;this&lt;/b&gt;?" in answer.text
    assert questions.sheet_of(opening_id) is None


def test_two_who_ask_at_once_do_not_overwrite_each_other_unseen(app: Flask) -> None:
    opening_id, _step = opening()
    rae, ola = signed_in(app, "rae"), signed_in(app, "ola")
    rae.post(url(opening_id, "/questions"), data=typed())
    sent = typed(**{"questions-0-text": "Can you begin in May?"})
    answer = ola.post(url(opening_id, "/questions"), data=sent)
    assert answer.status_code == 422
    assert "Somebody changed the questions" in answer.text
    assert "Can you begin in May?" in answer.text
    assert ola.post(url(opening_id, "/questions"), data={**sent, "seen": "1"}).status_code == 303


def test_scripts_in_questions_are_words(app: Flask) -> None:
    evil = "<script>alert(1)</script>"
    opening_id, _step = opening()
    asks(opening_id, Question(evil, evil, ((evil, True), ("No", False))))
    invitation, kit, rae = invited(opening_id), browser(app), signed_in(app, "rae")
    texts = [kit.get("/openings/support-lead").text, kit.get(link(invitation)).text]
    texts.append(answered(kit, invitation, 1).text)
    there = f"/applications/{invitation.application_id}/answers"
    texts += [rae.get(url(opening_id, there)).text, rae.get(url(opening_id, "/questions")).text]
    for text in texts:
        assert evil not in text
        assert "&lt;script&gt;" in text


# ── nobody else ──


def test_who_marks_reads_no_answer_and_lets_nobody_through(app: Flask) -> None:
    opening_id, _step = opening(panel=("uma", "wen"))
    asks(opening_id, LICENCE)
    invitation = invited(opening_id)
    answered(browser(app), invitation, 1)
    there = url(opening_id, f"/applications/{invitation.application_id}")
    for who in ("uma", "wen"):
        client = signed_in(app, who)
        assert client.get(f"{there}/answers").status_code == 404
        assert client.post(f"{there}/passage").status_code == 404
        assert "stopped by a question" not in client.get(url(opening_id)).text


def test_an_id_of_another_opening_opens_nothing(app: Flask, open_one: UUID) -> None:
    other, _step = opening(title="Other")
    invitation, rae = invited(open_one), signed_in(app, "rae")
    answered(browser(app), invitation, 1, 0)
    there = url(other, f"/applications/{invitation.application_id}")
    assert rae.get(f"{there}/answers").status_code == 404
    assert rae.post(f"{there}/passage").status_code == 404


def test_the_roll_takes_as_many_queries_for_many_who_answered(app: Flask, open_one: UUID) -> None:
    rae = signed_in(app, "rae")

    def one_more(number: int) -> None:
        answered(browser(app), invited(open_one, f"k{number}@example.org"), 1, 0)

    one_more(0)
    with statements() as few:
        rae.get(url(open_one))
    for number in range(1, 8):
        one_more(number)
    with statements() as many:
        rae.get(url(open_one))
    assert len(many) == len(few)


# ── at once ──


def answers(invitation_id: str, chosen: int) -> str:
    """Answer from a process of one's own."""
    sheet_id = session.scalars(select(QuestionSheet.id)).one()
    session.rollback()
    with writing():
        asking.answer(UUID(invitation_id), [chosen, 0], sheet_id=sheet_id)
    return "kept"


@pytest.mark.race
def test_answers_at_once_are_two_at_most(app: Flask, open_one: UUID) -> None:
    invitation = invited(open_one)
    session.rollback()
    told = together(answers, *((str(invitation.id), n % 2) for n in range(6)))
    assert set(told) <= {"kept", "Refused"}
    assert sorted(rows()) == [[0, 0], [1, 0]]


def test_later_steps_ask_nothing(app: Flask, open_one: UUID) -> None:
    invitation = invited(open_one)
    with writing():
        application = session.get_one(Application, invitation.application_id)
        first = application.opening.steps[0]
        second = Step(opening_id=open_one, position=2, version_id=first.version_id)
        session.add(second)
        session.flush()
        assert not questions.gate_of(application).open
        application.step_id = second.id
        assert questions.gate_of(application).open
