"""What one person wrote, task by task, beside the marks it was given: for the page on which one decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from hiring.accounts.queries import names_of_accounts
from hiring.assessments.kinds.files import Shown
from hiring.attempts.models import Upload
from hiring.attempts.queries import Work, alive_attempt, desk_of, uploads_of
from hiring.kernel.database import session
from hiring.kernel.downloads import IN_PLACE
from hiring.kernel.storage import StoredFile
from hiring.reviewing.files import text_of
from hiring.shortlists import words
from hiring.shortlists.shortlist import Row, Shortlist
from hiring.shortlists.standing import Strip


@dataclass(frozen=True)
class Note:
    """A reviewer's note on one criterion, with the level that they gave."""

    mark_id: UUID
    criterion: str
    level: int | None
    text: str
    by: str
    cleared: bool


@dataclass(frozen=True)
class Part:
    """One task: what was written, the marks on it, and what the reviewers noted."""

    work: Work
    strips: tuple[Strip, ...]
    notes: tuple[Note, ...]
    copies: Mapping[str, Shown]
    empty: bool  # left empty: levels by rule say nothing of what stands there

    def says(self, strip: Strip) -> str:
        """The sentence beside a criterion's marks: the rubric's for the middle one."""
        return words.meaning(strip, empty=self.empty)


def parts_of(row: Row, shortlist: Shortlist) -> list[Part]:
    """The tasks in their order. Names stand in the answers: guard the step before you call."""
    attempt_id = session.scalar(alive_attempt(row.application_id, step_id=shortlist.step_id))
    if attempt_id is None or not row.closed:
        return []
    names = names_of_accounts(given.account_id for given in row.given if given.account_id)
    copies = _copies(attempt_id, row.application_id)
    return [_part(work, row, shortlist, names, copies) for work in desk_of(attempt_id).works]


def _copies(attempt_id: UUID, application_id: UUID) -> dict[str, Shown]:
    """Each file by its id: the copy that reviewers had, never the original, which is sealed."""
    return {
        id: _shown(upload, application_id)
        for id, upload in uploads_of(attempt_id).items()
        if upload.state != "coming"
    }


def _shown(upload: Upload, application_id: UUID) -> Shown:
    stored = session.get(StoredFile, upload.copy_id) if upload.copy_id else None
    if upload.state == "failed" or (stored is None and upload.state == "done"):
        why = _("It is marked without this file: no copy could be made that is safe to show.")
        told = _("Whoever sent it was told: “%(why)s”", why=upload.why) if upload.why else ""
        return Shown(why=f"{why} {told}".strip())
    if stored is None:
        return Shown(waits=True)
    here: dict[str, Any] = {"application_id": application_id, "file_id": upload.id}
    url = url_for("shortlists.file", **here)
    return Shown(url=url, picture=stored.media_type in IN_PLACE, text=text_of(stored))


def _part(
    work: Work,
    row: Row,
    shortlist: Shortlist,
    names: dict[UUID, str],
    copies: Mapping[str, Shown],
) -> Part:
    strips = tuple(s for s in row.standing.strips if s.line.task_id == work.task.id)
    lines = {strip.line.id: strip.line.criterion for strip in strips}
    notes = tuple(
        Note(
            mark_id=given.mark_id,
            criterion=lines[given.line_id],
            level=given.level,
            text=given.note,
            by=names[given.account_id] if given.account_id else "",
            cleared=given.mark_id in row.cleared,
        )
        for given in row.given
        if given.note and given.line_id in lines
    )
    empty = any(read.empty for read in row.answers if read.task_id == work.task.id)
    return Part(work, strips, notes, copies, empty)
