"""Files that come in with a request, and how the candidate's pages show those that are here."""

from __future__ import annotations

from datetime import datetime
from os import SEEK_END
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from hiring.assessments.kinds import kind_of
from hiring.assessments.kinds.files import Shown
from hiring.assessments.queries import published_task
from hiring.attempts import arriving, queries, uploads
from hiring.attempts.binding import is_bound
from hiring.attempts.models import Upload
from hiring.attempts.queries import Work
from hiring.attempts.uploads import Brought
from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.papers import bare_name
from hiring.kernel.refusals import Refused

WORDS = 8_000_000  # bytes of a form beside its files: as much as any form may have
ONE_PIECE = uploads.PIECE + 100_000


class NotAllTaken(Refused):
    """Some of the files were not taken; all else that came with them is kept."""


def whole_files(attempt_id: UUID, **_others: UUID) -> int | None:
    """How many bytes a form of this desk may have: the files of one task, while they are taken at all.

    None, the usual, for who did not open the invitation, and after the end.
    """
    if not is_bound(attempt_id):
        return None
    desk = queries.desk_of(attempt_id)
    if desk.timer.refuses_file(now()) == "late":
        return None
    return WORDS + max(map(_most_bytes, desk.works))


def _most_bytes(work: Work) -> int:
    settings = work.task.settings
    return work.kind.most_files(settings) * work.kind.most_bytes(settings)


def one_piece(**_others: UUID) -> int:
    """How many bytes a piece of a file may have, with what goes around it."""
    return ONE_PIECE


def take_whole(attempt_id: UUID, task_id: UUID, *, at: datetime) -> list[str]:
    """Take the files of a plain form, each for itself; what was wrong with the others, as sentences."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    task = published_task(task_id)
    kind = kind_of(task.kind)
    if not sent or not kind.takes_files:
        return []
    most = kind.most_files(task.settings)
    wrong = [_wrong_with(file, attempt_id, task_id, at=at) for file in sent[:most]]
    no_room = _("There is no more room for it. Take another one out first.")
    return [told for told in wrong if told] + [_not_taken(file, no_room) for file in sent[most:]]


def _wrong_with(sent: FileStorage, attempt_id: UUID, task_id: UUID, *, at: datetime) -> str:
    try:
        _take_one(attempt_id, task_id, sent, at=at)
    except Refused as refusal:
        return _not_taken(sent, refusal.sentence)
    return ""


def _not_taken(sent: FileStorage, why: str) -> str:
    name = bare_name(sent.filename or "")
    return _("“%(name)s” was not taken. %(why)s", name=name, why=why)


def _take_one(attempt_id: UUID, task_id: UUID, sent: FileStorage, *, at: datetime) -> None:
    size = sent.stream.seek(0, SEEK_END)
    sent.stream.seek(0)
    uploads.check_size(
        published_task(task_id), size
    )  # before it is read: it lies on the disk so far
    content = sent.read()
    brought = Brought(sent.filename or "", len(content), uploads.digest_of(content))
    with writing():
        coming = uploads.begin(attempt_id, task_id=task_id, brought=brought, at=at)
    if not coming.there:
        arriving.put_in(uploads.upload_of(attempt_id, coming.id), content, tab="", at=now())


def own_files(attempt_id: UUID) -> dict[str, Shown]:
    """A candidate's own files by their ids: to be opened as they were handed in."""
    mine = queries.uploads_of(attempt_id)
    return {id: _own(upload) for id, upload in mine.items() if upload.original_id is not None}


def _own(upload: Upload) -> Shown:
    here: dict[str, Any] = {"attempt_id": upload.attempt_id, "file_id": upload.id}
    url = url_for("attempts.file", **here)
    if upload.state == "failed":
        kept = _("It is kept, but we cannot show it to reviewers.")
        return Shown(url=url, why=f"{kept} {upload.why}")
    return Shown(url=url)


def at_desk(attempt_id: UUID, work: Work) -> dict[str, Any]:
    """What the control for files needs beside the answer; nothing for kinds without."""
    if not work.kind.takes_files:
        return {}
    mine = queries.uploads_of(attempt_id).values()
    here: dict[str, Any] = {"attempt_id": attempt_id, "task_id": work.task.id}
    return {
        "copies": own_files(attempt_id),
        "copied": not any(up.state in {"waiting", "claimed"} for up in mine),
        "coming": [up for up in mine if up.state == "coming" and up.task_id == work.task.id],
        "uploads_at": url_for("attempts.begin_upload", **here),
        "files_at": url_for("attempts.files", **here),
    }
