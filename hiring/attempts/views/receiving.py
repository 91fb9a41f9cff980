"""Files that come in with a request, and how the candidate's pages show those that are here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from hiring.assessments.kinds import kind_of
from hiring.assessments.kinds.files import Shown
from hiring.assessments.queries import published_task
from hiring.attempts import queries, uploads
from hiring.attempts.models import Upload
from hiring.attempts.queries import Work
from hiring.attempts.uploads import Brought
from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.papers import bare_name
from hiring.kernel.refusals import Refused

MOST = 110_000_000  # bytes of a form: five files of the largest size


class NotAllTaken(Refused):
    """Some of the files were not taken; all else that came with them is kept."""


def take_whole(attempt_id: UUID, task_id: UUID, *, at: datetime) -> list[str]:
    """Take the files of a plain form, each for itself; what was wrong with the others, as sentences."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent or not kind_of(published_task(task_id).kind).takes_files:
        return []
    return [wrong for file in sent if (wrong := _wrong_with(file, attempt_id, task_id, at=at))]


def _wrong_with(sent: FileStorage, attempt_id: UUID, task_id: UUID, *, at: datetime) -> str:
    try:
        _take_one(attempt_id, task_id, sent, at=at)
    except Refused as refusal:
        name = bare_name(sent.filename or "")
        return _("“%(name)s” was not taken. %(why)s", name=name, why=refusal.sentence)
    return ""


def _take_one(attempt_id: UUID, task_id: UUID, sent: FileStorage, *, at: datetime) -> None:
    content = sent.read()
    brought = Brought(sent.filename or "", len(content), uploads.digest_of(content))
    with writing():
        coming = uploads.begin(attempt_id, task_id=task_id, brought=brought, at=at)
    if not coming.there:
        put_in(uploads.upload_of(attempt_id, coming.id), content, tab="", at=now())


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
    except Refused:
        with writing():
            uploads.discard(upload_id)
        uploads.forget_pieces(upload)
        raise
    uploads.forget_pieces(upload)


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
