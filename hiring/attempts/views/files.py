"""Files at the desk: taken piece by piece where a script sends them, to open, and to take out again.

Without a script they come with the form of the answer, see `desk.save_posted`.
"""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.attempts import arriving, queries, uploads
from hiring.attempts.binding import check_bound
from hiring.attempts.forms import place_in, whole
from hiring.attempts.models import Upload
from hiring.attempts.uploads import Brought
from hiring.attempts.views import receiving
from hiring.attempts.views.blueprint import pages
from hiring.attempts.views.desk import refused, save_posted
from hiring.kernel.bodies import takes_files
from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.downloads import inert
from hiring.kernel.guards import bearer
from hiring.kernel.pages import see_other, wants_fragment
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.storage import read

UNPROCESSABLE = 422


@pages.post("/attempts/<uuid:attempt_id>/answers/<uuid:task_id>/uploads")
@bearer
@takes_files(receiving.one_piece)
def begin_upload(attempt_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Announce a file, or learn how much of it is here already."""
    at = now()
    check_bound(attempt_id)
    try:
        brought = _brought()
        with writing():
            coming = uploads.begin(attempt_id, task_id=task_id, brought=brought, at=at)
    except Refused as refusal:
        return jsonify(refused=refusal.sentence), UNPROCESSABLE
    return jsonify(
        at=url_for("attempts.piece", attempt_id=attempt_id, upload_id=coming.id),
        arrived=coming.arrived, there=coming.there, piece=uploads.PIECE,
    )  # fmt: skip


def _brought() -> Brought:
    digest = request.form.get("sha256", "")
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Refused(_("Your browser did not say what it sends. Load the page again."))
    size = whole(request.form.get("size", ""), otherwise=0)
    return Brought(request.form.get("name", ""), size, digest)


@pages.post("/attempts/<uuid:attempt_id>/uploads/<uuid:upload_id>")
@bearer
@takes_files(receiving.one_piece)
def piece(attempt_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    """Take the next piece; with the last one the file belongs to the answer."""
    at = now()
    check_bound(attempt_id)
    try:
        upload = _with_piece(uploads.upload_of(attempt_id, upload_id), at)
        if upload.state == "coming" and upload.arrived < upload.size:
            return jsonify(arrived=upload.arrived, there=False)
        _finish(upload, tab=place_in(request.form).tab, at=at)
    except Refused as refusal:
        return jsonify(refused=refusal.sentence), UNPROCESSABLE
    return jsonify(arrived=upload.size, there=True)


def _with_piece(upload: Upload, at: datetime) -> Upload:
    """The upload with what this request brings."""
    attempt_id, upload_id = upload.attempt_id, upload.id
    offset, sent = whole(request.form.get("offset", ""), otherwise=-1), request.files.get("piece")
    content = sent.read(uploads.PIECE + 1) if sent else b""
    if not uploads.lay_piece(upload, offset=offset, content=content, at=at):
        return upload
    with writing():
        uploads.count_piece(upload_id, offset=offset, length=len(content))
    return uploads.upload_of(attempt_id, upload_id)


def _finish(upload: Upload, *, tab: str, at: datetime) -> None:
    """All of it is here. Twice is as once."""
    if upload.state != "coming":
        return
    content = uploads.assembled(upload)
    if content is None and not uploads.is_there(upload.id):
        upload_id = upload.id
        with writing():
            uploads.start_over(upload_id)
        raise Refused(_("It changed on the way, or on your device. Choose it again."))
    if content is not None:
        arriving.put_in(upload, content, tab=tab, at=at)


@pages.get("/attempts/<uuid:attempt_id>/answers/<uuid:task_id>/files")
@bearer
def files(attempt_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """The files of an answer as they stand now, for a page that has just sent one."""
    check_bound(attempt_id)
    work = queries.desk_of(attempt_id).work_on(task_id)
    if work.waits_for or not work.kind.takes_files:
        raise Missing
    return render_template(
        "kinds/file/_files.html", task=work.task, kind=work.kind, value=work.value,
        attempt_id=attempt_id, **receiving.at_desk(attempt_id, work),
    )  # fmt: skip


@pages.post("/attempts/<uuid:attempt_id>/uploads/<uuid:upload_id>/removal")
@bearer
@takes_files(receiving.whole_files)
def removal(attempt_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    """Take a file out of the answer, or give up one that is on its way. What else the form holds is kept."""
    at = now()
    check_bound(attempt_id)
    task_id = uploads.upload_of(attempt_id, upload_id).task_id
    if not wants_fragment():
        try:
            save_posted(attempt_id, task_id, at)
        except Refused as refusal:
            return refused(attempt_id, task_id, refusal)
    with writing():
        uploads.take_out(upload_id, attempt_id=attempt_id, tab=place_in(request.form).tab, at=at)
    if wants_fragment():
        return jsonify(there=False)
    number = queries.desk_of(attempt_id).work_on(task_id).number
    return see_other("attempts.task", attempt_id=attempt_id, number=number)


@pages.get("/attempts/<uuid:attempt_id>/files/<uuid:file_id>")
@bearer
def file(attempt_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """A candidate's own file, as it was handed in."""
    check_bound(attempt_id)
    original = queries.original_of(attempt_id, file_id)
    return inert(read(original), media_type=original.media_type, name=original.name)
