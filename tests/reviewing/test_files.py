"""Copies on the bench: who may open them, how they are served, and what stands there without one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.attempts.closing import settle
from hiring.attempts.tasks import make_copies
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.openings.models import Step
from hiring.reviewing import actions
from hiring.reviewing.models import Assignment
from tests import papers
from tests.factories import (
    browser,
    handed_in,
    invited,
    marked,
    opening,
    signed_in,
    staff,
    started,
    submitted,
    version_with_files,
)

FILES = {
    "plan.pdf": papers.pdf(), "board.jpg": papers.picture(),
    "cut.png": papers.picture("PNG", (900, 900))[:2000], "notes.csv": b"name;score\n=1+1;2\n",
}  # fmt: skip


@pytest.fixture
def mine(app: Flask) -> UUID:
    """Vic's assignment: an answer with four files, one of which cannot be copied."""
    version_id = version_with_files(most_files=5).id
    opening_id, _step_id = opening(panel=["vic"], wanted_marks=1, version_id=version_id)
    attempt_id = started(invited(opening_id))
    for name, content in FILES.items():
        handed_in(attempt_id, content, name)
    submitted(attempt_id)
    with at(now() + timedelta(minutes=11)):
        assert settle(attempt_id)
    make_copies()
    return session.scalars(select(Assignment.id)).one()


@pytest.mark.parametrize(
    ("who", "status"), [("vic", 200), ("wen", 404), ("ola", 404), ("rae", 404), (None, 303)]
)
def test_only_who_holds_the_answer_opens_its_files(
    app: Flask, mine: UUID, who: str | None, status: int
) -> None:
    client = signed_in(app, who) if who else browser(app)
    for number in (1, 2, 4):
        assert client.get(f"/staff/reviews/{mine}/files/{number}").status_code == status


def test_what_is_not_there_is_not_found(app: Flask, mine: UUID) -> None:
    vic = signed_in(app, "vic")
    for number in (0, 3, 5, 99999):
        assert vic.get(f"/staff/reviews/{mine}/files/{number}").status_code == 404


def test_who_gave_an_answer_back_opens_its_files_no_more(app: Flask, mine: UUID) -> None:
    with writing():
        actions.release(mine, by=staff("vic"))
    assert signed_in(app, "vic").get(f"/staff/reviews/{mine}/files/1").status_code == 404


def test_files_can_be_looked_at_again_once_the_marks_are_final(app: Flask, mine: UUID) -> None:
    marked(mine, staff("vic"))
    vic = signed_in(app, "vic")
    assert "file-2.webp" in vic.get(f"/staff/reviews/{mine}").text
    assert vic.get(f"/staff/reviews/{mine}/files/2").status_code == 200


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, "attachment; filename=file-1.pdf"), (2, "inline; filename=file-2.webp"),
     (4, "attachment; filename=file-4.csv")],
)  # fmt: skip
def test_a_file_is_served_so_that_nothing_in_it_runs(
    app: Flask, mine: UUID, number: int, shown: str
) -> None:
    answer = signed_in(app, "vic").get(f"/staff/reviews/{mine}/files/{number}")
    assert answer.headers["Content-Disposition"] == shown
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_bench_shows_what_can_be_seen_and_says_what_cannot(app: Flask, mine: UUID) -> None:
    page = signed_in(app, "vic").get(f"/staff/reviews/{mine}").text
    assert f'src="/staff/reviews/{mine}/files/2"' in page
    assert "name;score\n&#39;=1+1;2" in page
    assert "No copy of this file could be made" in page
    for told in ("plan.pdf", "board.jpg", "cut.png", "notes.csv", "cut off"):
        assert told not in page


def test_staff_who_may_see_names_are_told_what_was_left_out(app: Flask, mine: UUID) -> None:
    marked(mine, staff("vic"))
    rae = signed_in(app, "rae")
    opening_id = session.scalars(select(Step.opening_id)).one()
    rows = rae.get(f"/staff/openings/{opening_id}/shortlist").text
    person = rows.split("/staff/applications/")[1].split('"')[0].split("#")[0]
    page = rae.get(f"/staff/applications/{person}").text
    assert "It is marked without this file" in page
    assert "cut.png" in page
    copies = {
        part.split('"')[0]
        for part in page.split(f"/staff/applications/{person.split('/')[0]}/files/")[1:]
    }
    assert len(copies) == 3
    for file_id in copies:
        url = f"/staff/applications/{person.split('/')[0]}/files/{file_id}"
        served = rae.get(url)
        assert served.status_code == 200
        assert "sandbox" in served.headers["Content-Security-Policy"]
        assert signed_in(app, "vic").get(url).status_code == 404
