"""The files of a masked answer as a reviewer is shown them: copies that name nobody, under neutral names."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from hiring.assessments.kinds.files import MOST_READ, Shown
from hiring.attempts.blind import BlindFile, files_of
from hiring.kernel.database import session
from hiring.kernel.downloads import IN_PLACE
from hiring.kernel.refusals import Missing
from hiring.kernel.storage import StoredFile, read
from hiring.reviewing import queries


def copies_on_bench(assignment_id: UUID, blind_answer_id: UUID) -> dict[str, Shown]:
    """Each file by its number, as the masked answer names it."""
    files = session.scalars(files_of(blind_answer_id))
    return {str(file.number): _shown(file, assignment_id) for file in files}


def _shown(file: BlindFile, assignment_id: UUID) -> Shown:
    stored = session.get(StoredFile, file.file_id) if file.file_id else None
    if stored is None:
        why = _(
            "No copy of this file could be made that is safe to show. Mark the answer without it."
        )
        return Shown(why=why)
    url = url_for("reviewing.file", assignment_id=assignment_id, number=file.number)
    return Shown(url=url, picture=stored.media_type in IN_PLACE, text=text_of(stored))


def text_of(stored: StoredFile) -> list[tuple[str, Markup]]:
    """A plain text to be read where it stands, unless it is very long."""
    if not stored.media_type.startswith("text/") or stored.size > MOST_READ:
        return []
    return [("pre", escape(read(stored).decode("utf-8", "replace")))]


def file_on_bench(assignment_id: UUID, number: int, *, by: UUID) -> tuple[str, StoredFile]:
    """The name and the copy of a file of an answer that this reviewer holds or has marked. Raises Missing."""
    assignment = queries.assignment_of(assignment_id, by)
    if assignment.released_at is not None:
        raise Missing
    files = {file.number: file for file in session.scalars(files_of(assignment.blind_answer_id))}
    file = files.get(number)
    stored = session.get(StoredFile, file.file_id) if file and file.file_id else None
    if file is None or stored is None:
        raise Missing
    return file.name, stored
