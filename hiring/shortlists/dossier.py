"""What one person wrote, task by task, beside the marks it was given: for the page on which one decides."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hiring.accounts.queries import names_of_accounts
from hiring.attempts.queries import Work, alive_attempt, desk_of
from hiring.kernel.database import session
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

    @property
    def empty(self) -> bool:
        """Left empty: levels by rule say nothing of what stands there."""
        return self.work.kind.is_empty(self.work.value)

    def says(self, strip: Strip) -> str:
        """The sentence beside a criterion's marks: the rubric's for the middle one."""
        return words.meaning(strip, empty=self.empty)


def parts_of(row: Row, shortlist: Shortlist) -> list[Part]:
    """The tasks in their order. Names stand in the answers: guard the step before you call."""
    attempt_id = session.scalar(alive_attempt(row.application_id, step_id=shortlist.step_id))
    if attempt_id is None or not row.closed:
        return []
    names = names_of_accounts(given.account_id for given in row.given if given.account_id)
    return [_part(work, row, shortlist, names) for work in desk_of(attempt_id).works]


def _part(work: Work, row: Row, shortlist: Shortlist, names: dict[UUID, str]) -> Part:
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
    return Part(work=work, strips=strips, notes=notes)
