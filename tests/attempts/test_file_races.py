"""Files at the same moment, from separate processes: begun, finished, copied and closed once each."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from hiring.attempts import actions, queries, tasks, uploads
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.blinding import mask_answers
from hiring.attempts.models import Upload
from hiring.attempts.uploads import Brought
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.papers import PDF
from hiring.reviewing.models import Assignment
from tests import factories as make
from tests import papers
from tests.races import together

pytestmark = pytest.mark.race
CONTENT = b"%PDF-1.7 the same in each process %%EOF"


@pytest.fixture
def attempt_id(app: Flask) -> str:
    """An attempt whose second task wants files."""
    version_id = make.version_with_files().id
    return str(make.started(make.invited(make.opening(version_id=version_id)[0])))


def begins(attempt_id: str) -> str:
    work = queries.desk_of(UUID(attempt_id)).work(2)
    session.rollback()
    brought = Brought("plan.pdf", len(CONTENT), uploads.digest_of(CONTENT))
    with writing():
        begun = uploads.begin(UUID(attempt_id), task_id=work.task.id, brought=brought, at=now())
    return str(begun.id)


def finishes(attempt_id: str, upload_id: str) -> str:
    original = uploads.lay_original(UUID(upload_id), CONTENT)
    with writing():
        saved = uploads.put_in(
            UUID(upload_id),
            attempt_id=UUID(attempt_id),
            original=original,
            paper=PDF,
            tab="",
            at=now(),
        )
    return saved.kept if saved else "there"


def test_a_file_that_is_begun_six_times_at_once_is_one(app: Flask, attempt_id: str) -> None:
    session.rollback()
    assert len(set(together(begins, *[(attempt_id,)] * 6))) == 1
    assert session.scalar(select(func.count()).select_from(Upload)) == 1


def test_a_file_that_is_finished_six_times_at_once_is_one_revision(
    app: Flask, attempt_id: str
) -> None:
    upload_id = begins(attempt_id)
    session.rollback()
    kept = together(finishes, *[(attempt_id, upload_id)] * 6)
    assert sorted(kept) == ["standing", *["there"] * 5]
    work = queries.desk_of(UUID(attempt_id)).work(2)
    assert (work.last, len(work.value["files"])) == (1, 1)


def closes_or_copies(attempt_id: str, act: str) -> None:
    if act == "copy":
        tasks.make_copies()
        return
    masked = mask_answers(UUID(attempt_id))
    session.rollback()
    later = now() + timedelta(minutes=11)
    with at(later), writing():
        actions.close(UUID(attempt_id), masked=masked, at=later)


def test_closing_and_copying_at_once_gives_the_answer_out_once(app: Flask, attempt_id: str) -> None:
    make.handed_in(UUID(attempt_id), papers.picture(), "board.jpg")
    make.submitted(UUID(attempt_id))
    session.rollback()
    acts = ["close", "copy", "close", "copy"]
    assert together(closes_or_copies, *[(attempt_id, act) for act in acts]) == [None] * 4
    tasks.make_copies()
    session.expire_all()
    ready = select(BlindAnswer.id).where(BlindAnswer.wants_person, BlindAnswer.ready)
    assert session.scalars(ready).one()
    assert session.scalar(select(func.count()).select_from(Assignment)) == 2
