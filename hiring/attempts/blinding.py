"""From an attempt to what a reviewer may see: the one place where answers and identity meet.

It fills `blind.py`'s table when an attempt closes: every answer masked, under one name that has nothing
to do with the person. Apart from `blind.py`, which must not be able to reach people at all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hiring.assessments.kinds import kind_of
from hiring.assessments.models import Task
from hiring.assessments.queries import version_of
from hiring.attempts.aliases import fresh_alias
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.masking import Mask
from hiring.attempts.models import Answer, Attempt, Revision
from hiring.kernel.database import session
from hiring.openings.models import Step
from hiring.people.queries import cards

ROUND = 1  # later rounds, such as recordings after the blind marks, bring aliases of their own


def blind(attempt: Attempt, *, at: datetime) -> list[BlindAnswer]:
    """Make the blind answers of an attempt that closes, one a task, all under one new alias."""
    mask = _mask_of(attempt.person_id)
    alias = _alias_in(attempt.step_id)
    made = []
    for task in version_of(attempt.version_id).tasks:
        answer = next((answer for answer in attempt.answers if answer.task_id == task.id), None)
        if answer is not None:
            made.append(_blind_answer(task, _standing(answer, task), mask=mask, at=at))
            made[-1].step_id, made[-1].alias = attempt.step_id, alias
            session.add(made[-1])
            session.flush()
            answer.blind_answer_id = made[-1].id
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


def _standing(answer: Answer, task: Task) -> dict[str, Any]:
    mine = (Revision.answer_id == answer.id) & (Revision.number == answer.head)
    value = session.scalar(select(Revision.value).where(mine))
    return value if value is not None else kind_of(task.kind).empty()


def _blind_answer(task: Task, value: dict[str, Any], *, mask: Mask, at: datetime) -> BlindAnswer:
    kind = kind_of(task.kind)
    return BlindAnswer(
        task_id=task.id, round=ROUND, value=kind.masked(value, mask), words=kind.words(value),
        empty=kind.is_empty(value), wants_person=kind.wants_person(value, task.rubric), blinded_at=at,
    )  # fmt: skip
