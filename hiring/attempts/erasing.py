"""Erasing what was written and handed in: texts, files and their copies, masked or not.

Attempts, answers and revisions stay as rows, with their times and numbers of words, so that what was
measured reads as before. Nothing comes into an erased attempt any more, not even late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from flask_babel import ngettext
from sqlalchemy import delete, func, select, update

from hiring.assessments.kinds import kind_of
from hiring.assessments.models import Task
from hiring.attempts.blind import BlindAnswer, BlindFile
from hiring.attempts.events import AnswersErased
from hiring.attempts.models import Answer, Attempt, Credit, Revision, Upload
from hiring.attempts.uploads import PIECE
from hiring.kernel.clearing import unwant, unwant_files
from hiring.kernel.clock import now
from hiring.kernel.database import change, session
from hiring.kernel.events import announce
from hiring.openings.erasing import Begun, Held, HeldAbout, Running
from hiring.openings.events import ApplicationErased, ApplicationParted, ErasureBegun
from hiring.outbox import erasing as letters


def begun(asked: Begun) -> frozenset[UUID]:
    """Those of these applications that have ever started a clock."""
    rows = select(Attempt.application_id).where(Attempt.application_id.in_(asked.application_ids))
    return frozenset(session.scalars(rows))


def running(asked: Running) -> frozenset[UUID]:
    """Those of these applications in which work stands open: its clock runs, or it closes in minutes."""
    rows = select(Attempt.application_id).where(
        Attempt.application_id.in_(asked.application_ids), Attempt.closed_at.is_(None),
        Attempt.set_aside_at.is_(None), Attempt.erased_at.is_(None),
    )  # fmt: skip
    return frozenset(session.scalars(rows))


def held(asked: HeldAbout) -> Held:
    """How many answers and files there are. Those of work that is not handed in tell staff nothing yet."""
    mine = (Attempt.application_id == asked.application_id) & Attempt.closed_at.is_not(None)
    answers = select(func.count(Answer.id)).join(Attempt).where(mine, Answer.head > 0)
    files = select(func.count(Upload.id)).join(Attempt).where(mine)
    written, handed_in = session.scalar(answers) or 0, session.scalar(files) or 0
    goes = (
        ngettext("%(num)s answer", "%(num)s answers", written) if written else "",
        ngettext("%(num)s file", "%(num)s files", handed_in) if handed_in else "",
    )
    return Held(goes=tuple(filter(None, goes)))


def hold(event: ErasureBegun) -> None:
    """Lock the attempts before the application, in the order in which handing in locks them."""
    mine = select(Attempt.id).where(Attempt.application_id == event.application_id)
    session.execute(mine.order_by(Attempt.id).with_for_update())


def erase(event: ApplicationErased) -> None:
    """Erase all attempts of an application, and let the rooms above know of their answers."""
    mine = select(Attempt).where(Attempt.application_id == event.application_id)
    attempts = session.scalars(mine.order_by(Attempt.id).with_for_update()).all()
    ids = [attempt.id for attempt in attempts]
    letters.erase_about(ids)
    blind = _blind_answers(ids)
    _forget_files(ids, [id for some in blind.values() for id in some])
    _empty(ids, racing=event.racing)
    for attempt in attempts:
        _end(attempt)
    session.flush()
    session.expire_all()
    for step_id, answer_ids in blind.items():
        announce(AnswersErased(step_id, tuple(answer_ids)))


def hand_over(event: ApplicationParted) -> None:
    """The attempts are a nobody's, as the application is."""
    mine = update(Attempt).where(Attempt.application_id == event.application_id)
    change(mine.values(person_id=event.person_id))


def _blind_answers(attempt_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = (
        select(BlindAnswer.step_id, BlindAnswer.id)
        .join(Answer, Answer.blind_answer_id == BlindAnswer.id)
        .where(Answer.attempt_id.in_(attempt_ids))
        .order_by(BlindAnswer.step_id, BlindAnswer.id)
    )
    for step_id, answer_id in session.execute(rows):
        found[step_id].append(answer_id)
    return found


def _forget_files(attempt_ids: Collection[UUID], blind_ids: Collection[UUID]) -> None:
    """The rows of files go, as they hold a name, a size and a hash; their bytes are unlinked after."""
    uploads = session.scalars(select(Upload).where(Upload.attempt_id.in_(attempt_ids))).all()
    kept = {id for upload in uploads for id in (upload.original_id, upload.copy_id) if id}
    unwant(key for upload in uploads for key in _keys(upload))
    change(delete(Upload).where(Upload.attempt_id.in_(attempt_ids)))
    given = BlindFile.blind_answer_id.in_(blind_ids)
    kept |= {id for id in session.scalars(select(BlindFile.file_id).where(given)) if id}
    change(delete(BlindFile).where(given))
    unwant_files(kept)


def _keys(upload: Upload) -> list[str]:
    """Where the file may lie, whole or in pieces, whether a row says so or a process died before."""
    return [f"{upload.id}", *(f"{upload.id}.{at}" for at in range(0, upload.size, PIECE))]


def _empty(attempt_ids: Collection[UUID], *, racing: bool) -> None:
    """Empty every revision and every masked answer, by the kind of its task."""
    rows = select(Answer.id, Answer.blind_answer_id, Task.kind).join(
        Task, Task.id == Answer.task_id
    )
    for answer_id, blind_id, kind in session.execute(
        rows.where(Answer.attempt_id.in_(attempt_ids))
    ):
        nothing = kind_of(kind).empty()
        change(
            update(Revision).where(Revision.answer_id == answer_id).values(value=nothing, tab="")
        )
        given = update(BlindAnswer).where(BlindAnswer.id == blind_id)
        change(given.values(value=nothing, ready=False))  # to be given to nobody any more
        if racing:
            change(given.values(withdrawn=True))
    traces = {"seen": {}, "head_tab": "", "head_digest": ""}
    change(update(Answer).where(Answer.attempt_id.in_(attempt_ids)).values(traces))
    change(update(Credit).where(Credit.attempt_id.in_(attempt_ids)).values(reason=""))


def _end(attempt: Attempt) -> None:
    """What runs stops at once; it is closed by nobody's clock, and set aside."""
    attempt.erased_at = now()
    if attempt.closed_at is None:
        attempt.closed_at = attempt.set_aside_at = attempt.finished_at = now()
        attempt.closed_by = "clock"
