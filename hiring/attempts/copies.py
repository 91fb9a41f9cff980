"""Copies of files, for reviewers: made by the worker as soon as a file is whole, given at the closing.

The original is sealed; a copy names nobody (see `kernel.papers`). Here, as in `blinding.py`, a file and
its person meet: the blind answer gets the copy, a number and a neutral name, and no way back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from hiring.assessments.kinds import FileFacts
from hiring.attempts.blind import BlindAnswer, BlindFile
from hiring.attempts.events import CopiesMade
from hiring.attempts.models import Attempt, Upload
from hiring.kernel import claims
from hiring.kernel.clearing import unwant
from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.papers import ending_of_copy
from hiring.kernel.queue import nudge
from hiring.kernel.storage import Lying, forget, keep
from hiring.people.queries import cards

SETTLED = {"done": "clean", "failed": "left_out"}


def whose(upload: Upload) -> dict[str, str]:
    """Whom the copy must not name, as `masking.Mask.of` takes it."""
    person_id = session.get_one(Attempt, upload.attempt_id).person_id
    card = cards({person_id})[person_id]
    return {"name": card.name if card.named else "", "address": card.address}


def keep_copy(
    upload_id: UUID, *, lying: Lying, media_type: str, without: Mapping[str, str]
) -> None:
    """The worker has made a copy `without` this person; under another name by now, it is made again."""
    upload = session.get(Upload, upload_id, populate_existing=True)
    if upload is None or whose(upload) != without:  # erased, or under another name by now
        claims.settle(Upload, upload_id, "waiting")
        unwant([lying.key])
        return
    kept = keep(lying, name=f"file.{ending_of_copy(media_type)}", media_type=media_type)
    if claims.settle(Upload, upload_id, "done", copy_id=kept.id, why=""):
        settle(upload_id)
    else:
        forget(kept)


def give_up(upload_id: UUID, *, why: str) -> None:
    """No copy can be made: the answer is marked without this file, and says so."""
    if claims.settle(Upload, upload_id, "failed", why=why):
        settle(upload_id)


def try_again_or_give_up(upload_id: UUID) -> None:
    """Something of ours failed: try once more in a minute, and after three times no more."""
    upload = session.get(Upload, upload_id, populate_existing=True)
    if upload is None:
        return  # erased meanwhile
    if upload.tries >= claims.TRIES:
        give_up(upload_id, why=_("We failed at it, and it is not your fault."))
    else:
        claims.settle(Upload, upload_id, "waiting", not_before=now() + timedelta(minutes=1))


def settle(upload_id: UUID) -> None:
    """Let the blind answer have what became of this file. Twice is as once."""
    upload = session.get_one(Upload, upload_id, populate_existing=True, with_for_update=True)
    if upload.blind_file_id is None or upload.state not in SETTLED:
        return
    file = session.get_one(BlindFile, upload.blind_file_id, populate_existing=True)
    answer = locked(select(BlindAnswer).where(BlindAnswer.id == file.blind_answer_id))
    _hand_over(upload, file)
    session.flush()
    if answer is not None and not answer.ready and not _waits(answer.id):
        answer.ready = True
        session.flush()
        announce(CopiesMade(answer.step_id, answer.id))


def _hand_over(upload: Upload, file: BlindFile) -> None:
    file.state = SETTLED[upload.state]
    file.file_id = upload.copy_id if upload.state == "done" else None


def _waits(blind_answer_id: UUID) -> bool:
    mine = BlindFile.blind_answer_id == blind_answer_id
    waiting = select(BlindFile.id).where(mine, BlindFile.state == "waiting").limit(1)
    return session.scalar(waiting) is not None


def left_behind() -> list[UUID]:
    """Files that are settled and whose blind answer does not know it: a worker died between."""
    settled = Upload.state.in_(list(SETTLED)) & (BlindFile.state == "waiting")
    joined = select(Upload.id).join(BlindFile, BlindFile.id == Upload.blind_file_id)
    return list(session.scalars(joined.where(settled)))


def give_files(answer: BlindAnswer, files: Sequence[FileFacts]) -> None:
    """Give a blind answer the files of the answer that stands, those that are ready with their copies.

    Until all are, the answer is given to nobody. Called inside the act that closes the attempt.
    """
    for number, facts in enumerate(files, start=1):
        upload = session.get_one(
            Upload, UUID(facts["id"]), populate_existing=True, with_for_update=True
        )
        name = f"file-{number}.{ending_of_copy(facts['type'])}"
        file = BlindFile(blind_answer_id=answer.id, number=number, name=name)
        session.add(file)
        session.flush()
        upload.blind_file_id = file.id
        if upload.state in SETTLED:
            _hand_over(upload, file)
    session.flush()
    answer.ready = not _waits(answer.id)
    if not answer.ready:
        nudge("copies")


def make_again(application_id: UUID) -> None:
    """The person's name was put right: copies of what is not closed yet must not show the right one."""
    mine = select(Attempt.id).where(
        Attempt.application_id == application_id, Attempt.closed_at.is_(None)
    )
    again = update(Upload).where(Upload.attempt_id.in_(mine), Upload.state.in_(list(SETTLED)))
    session.execute(again.values(state="waiting", tries=0, not_before=now()))
    nudge("copies")
