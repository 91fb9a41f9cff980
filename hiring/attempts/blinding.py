"""From an attempt to what a reviewer may see: the one place where answers and identity meet.

It fills `blind.py`'s table when an attempt closes: every answer masked, under one name that has nothing
to do with the person. Apart from `blind.py`, which must not be able to reach people at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hiring.assessments.kinds import Kind, kind_of
from hiring.assessments.models import Task
from hiring.assessments.queries import version_of
from hiring.attempts.aliases import fresh_alias
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.copies import give_files
from hiring.attempts.masking import Mask
from hiring.attempts.models import Answer, Attempt, Revision
from hiring.kernel.database import session
from hiring.openings.models import Step
from hiring.people.queries import cards

ROUND = 1  # later rounds, such as recordings after the blind marks, bring aliases of their own


@dataclass(frozen=True)
class Masked:
    """Answers masked for one person, by the revision they stand in."""

    mask: Mask
    values: Mapping[UUID, dict[str, Any]]

    def of(self, revision: Revision, kind: Kind) -> dict[str, Any]:
        """The revision's value without the person in it; masked now if it was not before."""
        found = self.values.get(revision.id)
        return kind.masked(revision.value, self.mask) if found is None else found


def mask_answers(attempt_id: UUID) -> Masked:
    """Mask what stands in an attempt, before the act that closes it: a long text takes its time."""
    rows = (
        select(Revision, Task.kind, Attempt.person_id)
        .join(Answer, (Answer.id == Revision.answer_id) & (Answer.head == Revision.number))
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Task, Task.id == Answer.task_id)
        .where(Attempt.id == attempt_id)
    )
    found = session.execute(rows).all()
    mask = _mask_of(found[0].person_id) if found else Mask((), frozenset())
    values = {row.Revision.id: kind_of(row.kind).masked(row.Revision.value, mask) for row in found}
    return Masked(mask, values)


def blind(attempt: Attempt, *, masked: Masked, at: datetime) -> list[BlindAnswer]:
    """Make the blind answers of an attempt that closes, one a task, all under one new alias.

    `masked` is what was masked before; where name or text changed since, it is masked again.
    """
    mask = _mask_of(attempt.person_id)
    masked = masked if masked.mask == mask else Masked(mask, {})
    alias = _alias_in(attempt.step_id)
    made = []
    for task in version_of(attempt.version_id).tasks:
        answer = next((answer for answer in attempt.answers if answer.task_id == task.id), None)
        if answer is not None:
            standing = _standing(answer)
            made.append(_blind_answer(task, standing, masked=masked, at=at))
            made[-1].step_id, made[-1].alias = attempt.step_id, alias
            session.add(made[-1])
            session.flush()
            answer.blind_answer_id = made[-1].id
            give_files(made[-1], kind_of(task.kind).files_in(standing.value) if standing else [])
    session.flush()
    return made


def _mask_of(person_id: UUID) -> Mask:
    card = cards({person_id})[person_id]
    return Mask.of(card.name if card.named else "", address=card.address)


def _alias_in(step_id: UUID) -> str:
    # The step's row is locked, so that two that close at once do not draw the same bird; in the
    # weaker way, which lets others go on pointing at the step.
    session.execute(select(Step.id).where(Step.id == step_id).with_for_update(key_share=True))
    mine = (BlindAnswer.step_id == step_id) & (BlindAnswer.round == ROUND)
    return fresh_alias(set(session.scalars(select(BlindAnswer.alias).where(mine).distinct())))


def _standing(answer: Answer) -> Revision | None:
    mine = (Revision.answer_id == answer.id) & (Revision.number == answer.head)
    return session.scalar(select(Revision).where(mine))


def _blind_answer(
    task: Task, standing: Revision | None, *, masked: Masked, at: datetime
) -> BlindAnswer:
    kind = kind_of(task.kind)
    value = standing.value if standing else kind.empty()
    return BlindAnswer(
        task_id=task.id, round=ROUND, value=masked.of(standing, kind) if standing else value,
        words=kind.words(value), empty=kind.is_empty(value),
        wants_person=kind.wants_person(value, task.rubric), blinded_at=at,
    )  # fmt: skip
