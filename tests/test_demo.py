"""The demo is made by the real acts: nothing written past them, and every act has left its trace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from hiring import demo
from hiring.accounts.models import Account, RoleGrant
from hiring.accounts.settings import organisation
from hiring.assessments.models import Task, Version
from hiring.attempts.blind import BlindAnswer, BlindFile
from hiring.attempts.models import Answer, Attempt, Submission
from hiring.config import Config
from hiring.kernel.clock import now
from hiring.kernel.database import Base, db, in_writing, session
from hiring.kernel.storage import StoredFile, read
from hiring.ledger.models import Entry
from hiring.ledger.queries import faults
from hiring.openings.models import Application, Invitation, Opening, Step
from hiring.openings.questions import standings_of
from hiring.outbox.models import Message
from hiring.reviewing.models import Assignment, Mark, Review
from hiring.shortlists.models import Decision, Export
from hiring.shortlists.pilot import told_by

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Watch:
    """What was written while it looked on."""

    outside: list[str] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)


@contextmanager
def watching() -> Iterator[Watch]:
    """Look at every statement that reaches the database."""
    watch = Watch()

    def look(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            watch.tables |= {name for name in Base.metadata.tables if name in statement}
            if not in_writing():
                watch.outside.append(statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield watch
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


def ids(column: Any, *conditions: Any) -> set[Any]:
    """The values of a column."""
    return set(session.scalars(select(column).where(*conditions)))


def entries(kind: str) -> list[Entry]:
    """The ledger's entries of one kind."""
    return list(session.scalars(select(Entry).where(Entry.kind == kind)))


def mails(kind: str) -> Counter[Any]:
    """How many mails of a kind there are about each thing."""
    return Counter(session.scalars(select(Message.about).where(Message.kind == kind)))


def test_the_demo_is_believable_and_every_act_left_its_trace(app: Flask) -> None:
    with watching() as watch:
        demo.fill()
    assert watch.outside == []
    assert {"decisions", "exports", "marks", "revisions", "messages"} <= watch.tables
    staff_have_roles_and_letters()
    the_version_is_published_and_in_the_ledger()
    applications_in_every_state()
    the_pair_has_people_at_both_steps()
    every_invitation_has_its_letter()
    every_attempt_is_whole()
    every_answer_is_marked_or_waits()
    every_decision_is_in_the_ledger()
    the_export_is_drawn()
    a_newcomer_is_told_where_to_go(app)
    the_workshop_has_a_file_a_picture_a_question_and_a_pilot_with_figures()
    assert list(faults()) == []
    assert session.scalar(select(func.max(Entry.happened_at))) <= now()


def staff_have_roles_and_letters() -> None:
    """Seven accounts, each with a letter and a line of the ledger."""
    accounts = ids(Account.id)
    assert len(accounts) == 7
    assert ids(RoleGrant.account_id) == accounts
    assert {entry.subject for entry in entries("staff-invited")} == {str(id) for id in accounts}


def the_version_is_published_and_in_the_ledger() -> None:
    """A version for the first opening, two for the second and one for the workshop's, published."""
    published = ids(Version.id, Version.published_at.is_not(None))
    assert {entry.subject for entry in entries("version-published")} == {
        str(id) for id in published
    }
    assert len(published) == 4


def applications_in_every_state() -> None:
    """Invited, submitted and decided: twelve, six and two in the openings, five in the pilot."""
    stages = Counter(session.scalars(select(Application.stage)))
    assert stages == {"invited": 6, "submitted": 14, "decided": 5}


def the_pair_has_people_at_both_steps() -> None:
    """Three were let through, two of them have taken the second step."""
    rows = select(Step.position, Application.stage).join(Step, Step.id == Application.step_id)
    pair = select(Step.opening_id).where(Step.position == 2)
    here = Counter(map(tuple, session.execute(rows.where(Step.opening_id.in_(pair)))))
    assert here == {
        (1, "invited"): 1, (1, "submitted"): 2, (2, "invited"): 1, (2, "submitted"): 2,
    }  # fmt: skip


def every_invitation_has_its_letter() -> None:
    """One letter each, kept since there is no mail server."""
    letters = mails("invitation") + mails("pilot")
    assert set(letters.values()) == {1}
    assert len(letters) == len(ids(Invitation.id)) == 28
    assert ids(Message.state) == {"kept"}


def every_attempt_is_whole() -> None:
    """Twenty-three attempts: an answer a task, a receipt for each handed in, blind answers once closed."""
    attempts = list(session.scalars(select(Attempt)))
    assert len(attempts) == 23
    for attempt in attempts:
        answers = list(session.scalars(select(Answer).where(Answer.attempt_id == attempt.id)))
        assert {answer.task_id for answer in answers} == ids(
            Task.id, Task.version_id == attempt.version_id
        )
        assert all(answer.blind_answer_id for answer in answers) == bool(attempt.closed_at)
        assert bool(ids(Submission.id, Submission.attempt_id == attempt.id)) == bool(
            attempt.closed_at
        )
    assert Counter(attempt.closed_by for attempt in attempts) == {
        "submission": 21,
        "clock": 1,
        None: 1,
    }
    assert len(mails("receipt")) == 22


def every_answer_is_marked_or_waits() -> None:
    """One or two reviewers each; final reviews have their marks; nobody twice; one answer is empty."""
    wanted = ids(BlindAnswer.id, BlindAnswer.wants_person)
    given = Counter(session.scalars(select(Assignment.blind_answer_id)))
    assert set(given) == wanted
    assert set(given.values()) == {1, 2}
    final = ids(Review.assignment_id, Review.final_at.is_not(None))
    assert ids(Mark.assignment_id, Mark.made_by == "person") == final
    assert 0 < len(final) < sum(given.values())
    assert len(ids(BlindAnswer.id, BlindAnswer.empty)) == 1


def every_decision_is_in_the_ledger() -> None:
    """Nine decisions, each with its line, its reason hashed and the marks it rested on."""
    decisions = ids(Decision.id)
    written = {entry.facts["decision"]: entry for entry in entries("decision")}
    assert set(written) == {str(id) for id in decisions}
    assert len(decisions) == 9
    assert all(entry.facts["marks"] for entry in written.values())
    assert all("reason" in entry.facts["texts"] for entry in written.values())


def the_export_is_drawn() -> None:
    """One export, done, with both files and its line."""
    export = session.scalars(select(Export)).one()
    assert export.state == "done"
    assert export.pdf_id
    assert export.csv_id
    assert [entry.subject for entry in entries("export")] == [str(export.id)]


def a_newcomer_is_told_where_to_go(app: Flask) -> None:
    """Four addresses that open, and the password."""
    welcome = demo.welcome("http://localhost:8000")
    assert demo.PASSWORD in welcome
    paths = [
        word.removeprefix("http://localhost:8000") for word in welcome.split() if "http" in word
    ]
    assert len(paths) == 4
    client = app.test_client()
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200
    assert demo.PASSWORD in client.get("/account/login?as=rae").text


@pytest.mark.parametrize(
    "setting",
    [
        {"HIRING_HOST": "0.0.0.0"},
        {"HIRING_PUBLIC_URL": "https://hiring.example.org"},
        {"HIRING_SMTP_URL": "smtp://mail.example.org:25"},
    ],
)
def test_a_demo_stays_on_this_machine(setting: dict[str, str], tmp_path: Any) -> None:
    config = Config.from_environment({"HIRING_DATA_DIR": str(tmp_path), **setting})
    assert not config.safe_for_demo


def the_workshop_has_a_file_a_picture_a_question_and_a_pilot_with_figures() -> None:
    """And the house has its logo."""
    workshop = session.scalars(
        select(Opening).where(Opening.title == "Workshop mechanic, Saturdays")
    ).one()
    step = workshop.steps[0]
    prompt = session.scalars(
        select(Task.prompt).where(Task.version_id == step.version_id, Task.position == 1)
    ).one()
    assert "![Two sprockets side by side" in prompt
    assert re.search(r"\(picture:[0-9a-f]{20}-1200x560\)", prompt)
    handed = session.execute(select(BlindFile, BlindAnswer).join(BlindAnswer)).one()
    assert handed.BlindFile.state == "clean"
    assert handed.BlindAnswer.ready
    copy = read(session.get_one(StoredFile, handed.BlindFile.file_id))
    assert copy.startswith(b"%PDF")
    assert b"Kobe" not in copy
    here = session.scalars(select(Application.id).where(Application.opening_id == workshop.id))
    assert sorted(standings_of(here.all()).values()) == ["answered", "asks"]
    assert organisation().logo_id
    pilot = session.scalars(select(Opening).where(Opening.kind == "pilot")).one()
    told = told_by(pilot.id, to=session.scalars(select(Account.id)).first())
    assert (told.people, told.sat) == (5, 5)
    assert told.median
    assert told.unclear
