"""The last step of a file: all of it is here, so it is checked, kept, and belongs to its answer.

Mostly the request does it that brings the last piece. When that died, the file is whole all the same and
is not lost: the closing of its attempt does it then. What never arrived is cleared away afterwards.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from hiring.assessments.queries import published_task
from hiring.attempts import queries, uploads
from hiring.attempts.models import Upload
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Missing, Refused

log = logging.getLogger(__name__)


def put_in(upload: Upload, content: bytes, *, tab: str, at: datetime) -> None:
    """Check a file that is whole, keep it, and let it belong to the answer. Raises Refused: then it
    is forgotten.
    """
    upload_id, attempt_id = upload.id, upload.attempt_id
    try:
        paper = uploads.checked(published_task(upload.task_id), content, name=upload.name)
        original = uploads.lay_original(upload_id, content)
        with writing():
            uploads.put_in(
                upload_id, attempt_id=attempt_id, original=original, paper=paper, tab=tab, at=at
            )
    except (Refused, Missing):
        with writing():
            uploads.give_up(upload_id)
        raise
    uploads.forget_pieces(upload)


def bring_in_whole(attempt_id: UUID) -> None:
    """Before an attempt closes: no piece was taken after the end, so what is whole came in time."""
    for upload in uploads.whole(attempt_id):
        end(upload.id, at=min(now(), queries.timer_of(attempt_id).closes_at))


def end(upload_id: UUID, *, at: datetime) -> bool:
    """Let a file that nobody sends any more belong to its answer if it is whole, or forget it."""
    upload = session.get_one(Upload, upload_id)
    content = uploads.assembled(upload) if upload.arrived == upload.size else None
    session.rollback()
    try:
        if content is not None:
            put_in(upload, content, tab="", at=at)
            return True
    except (Refused, Missing) as refusal:
        log.info("A file that came whole was not taken: %s", refusal)
        return False
    with writing():
        uploads.give_up(upload_id)
    return True
