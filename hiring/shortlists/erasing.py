"""Erasing the reasons of decisions and the documents that name somebody; verdicts and their days stay."""

from __future__ import annotations

from uuid import UUID

from flask_babel import ngettext
from sqlalchemy import delete, func, select, update

from hiring.attempts.blind import BlindAnswer
from hiring.attempts.models import Answer, Attempt
from hiring.kernel.clearing import unwant_files
from hiring.kernel.database import change, session
from hiring.openings.erasing import Held, HeldAbout
from hiring.openings.events import ApplicationErased
from hiring.reviewing.erasing import numbers
from hiring.shortlists.models import ClearedNote, Decision, Export


def held(asked: HeldAbout) -> Held:
    """What stands of marks and decisions, and the documents that go."""
    answers = [id for id, _step, _alias in _known_as(asked.application_id)]
    notes, marks = numbers(answers)
    mine = Decision.application_id == asked.application_id
    decisions = session.scalar(select(func.count()).select_from(Decision).where(mine)) or 0
    documents = len(_naming(asked.application_id))
    goes = (
        ngettext("%(num)s note of a reviewer", "%(num)s notes of reviewers", notes) if notes else "",
        ngettext("the reason of %(num)s decision", "the reasons of %(num)s decisions", decisions)
        if decisions else "",
        ngettext("%(num)s document they stand in", "%(num)s documents they stand in", documents)
        if documents else "",
    )  # fmt: skip
    stays = (
        ngettext("%(num)s mark, as a level", "%(num)s marks, as levels", marks) if marks else "",
        ngettext("%(num)s decision with its day", "%(num)s decisions with their days", decisions)
        if decisions else "",
    )  # fmt: skip
    return Held(goes=tuple(filter(None, goes)), stays=tuple(filter(None, stays)))


def erase(event: ApplicationErased) -> None:
    """Empty the reasons, and let every document go in which this person stands, by name or by alias."""
    mine = Decision.application_id == event.application_id
    change(update(Decision).where(mine).values(reason=""))
    change(delete(ClearedNote).where(ClearedNote.application_id == event.application_id))
    gone = _naming(event.application_id)
    files = [id for export in gone for id in (export.pdf_id, export.csv_id) if id]
    change(delete(Export).where(Export.id.in_([export.id for export in gone])))
    session.expire_all()
    unwant_files(files)


def _known_as(application_id: UUID) -> list[tuple[UUID, UUID, str]]:
    """The masked answers of an application, each with its step and the alias it is read under."""
    rows = (
        select(BlindAnswer.id, BlindAnswer.step_id, BlindAnswer.alias)
        .join(Answer, Answer.blind_answer_id == BlindAnswer.id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.application_id == application_id)
    )
    return [(row.id, row.step_id, row.alias) for row in session.execute(rows)]


def _naming(application_id: UUID) -> list[Export]:
    known_as = {(step_id, alias) for _id, step_id, alias in _known_as(application_id)}
    steps = {step_id for step_id, _alias in known_as}
    rows = session.scalars(select(Export).where(Export.step_id.in_(steps)).order_by(Export.id))
    return [
        export
        for export in rows
        if any((export.step_id, one["alias"]) in known_as for one in export.frozen["people"])
    ]
