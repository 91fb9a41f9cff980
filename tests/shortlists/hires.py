"""People who hand in and reviewers who mark, through the real acts: what this room's tests begin from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hiring.accounts import actions as accounts
from hiring.attempts import actions as attempts
from hiring.attempts.closing import settle
from hiring.attempts.queries import answers_by_application
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.openings.models import Invitation, Step
from hiring.openings.queries import application_of, opening_of
from hiring.openings.rules import StepPlan
from hiring.openings.steps import close_step
from hiring.reviewing.models import Assignment, Review
from hiring.shortlists import actions
from tests.factories import WORDS, invited, marked, opening, staff, tasks_of, version

WHY = "Wrote to the customer first."


def handed_in(opening_id: UUID, name: str, *, text: str = WORDS, address: str = "") -> UUID:
    """Someone who was invited two days ago, wrote the same into every task and handed in for good."""
    begins = now() - timedelta(days=2)
    with at(begins):
        address = address or f"{abs(hash(name))}@example.org"
        invitation = invited(opening_id, address, name)
        application_id, invitation_id = invitation.application_id, invitation.id
        with writing():
            attempt_id = attempts.start(invitation_id, factor=1.0, at=begins)
    _write(attempt_id, invitation.step_id, text, begins + timedelta(minutes=5))
    with at(begins + timedelta(minutes=20)), writing():
        assert attempts.submit(attempt_id, at=now())
    with at(begins + timedelta(minutes=60)):
        assert settle(attempt_id)
    return application_id


def handing_in(opening_id: UUID, name: str) -> UUID:
    """Someone who handed in three minutes ago, and may still go on writing."""
    begins = now() - timedelta(minutes=13)
    with at(begins):
        invitation = invited(opening_id, f"{abs(hash(name))}@example.org", name)
        application_id, invitation_id = invitation.application_id, invitation.id
        with writing():
            attempt_id = attempts.start(invitation_id, factor=1.0, at=begins)
    with at(begins + timedelta(minutes=10)), writing():
        assert attempts.submit(attempt_id, at=now())
    return application_id


def _write(attempt_id: UUID, step_id: UUID, text: str, when: datetime) -> None:
    tasks = [(task.id, task.kind, task.settings) for task in tasks_of(step_id)]
    for task_id, kind, settings in tasks if text else []:
        fields = {"text": [text], "reason": [text]}
        if kind == "choice":
            fields["choices"] = fields["choice"] = settings["keyed"]
        with at(when), writing():
            attempts.save(
                attempt_id, task_id=task_id, fields=Fields(fields), base=0, tab="t", nth=1,
                arrived_at=when,
            )  # fmt: skip


class Fields(dict[str, list[str]]):
    """A form's fields as a kind reads them."""

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return (super().get(name) or [default])[0]

    def getlist(self, name: str) -> list[str]:
        return super().get(name) or []


def marked_by_all(step_id: UUID, *, level: int = 3, note: str = "") -> None:
    """Everything that lies with a reviewer gets this level, and the step is closed: nobody is blind."""
    open_ones = select(Assignment.id, Assignment.account_id).join(Review).where(
        Review.final_at.is_(None), Assignment.released_at.is_(None)
    )  # fmt: skip
    for assignment_id, account_id in session.execute(open_ones).all():
        marked(assignment_id, account_id, level=level, note=note)
    with writing():
        close_step(step_id, by=staff("rae"))


def decided(
    application_id: UUID,
    verdict: str,
    *,
    reason: str = WHY,
    after: int = 0,
    by: str = "rae",
    number: int | None = None,
) -> UUID:
    """Rae decides."""
    account_id = staff(by)
    with writing():
        return actions.decide(
            application_id,
            verdict=verdict,
            reason=reason,
            after=after,
            by=account_id,
            number=number,
        )


def also_marks(who: str) -> UUID:
    """A recruiter who is a reviewer too: on a panel they are blind, whatever their role shows."""
    with writing():
        roles = ("recruiter", "reviewer")
        return accounts.invite(f"{who}@osier.example", name=who.title(), roles=roles, by=None)


def two_steps(**given: Any) -> tuple[UUID, UUID, UUID]:
    """An opening of two steps with one mark an answer: its id, and those of its steps.

    What is given beside is of the second step: its interval, or of the first one's rule.
    """
    rule = {name: given.pop(name) for name in ("proposes", "bar") if name in given}
    other = version("nobody-asked-you").id
    plan = StepPlan(other, panel={staff("zia")}, wanted_marks=1, **given)
    opening_id, first = opening(panel=["vic"], wanted_marks=1, more=[plan])
    if rule:
        with writing():
            step = session.get_one(Step, first)
            step.proposes, step.bar = rule["proposes"], rule.get("bar")
    return opening_id, first, opening_of(opening_id).steps[1].id


def marked_at(step_id: UUID, levels: Mapping[UUID, int]) -> None:
    """Everything at a step is marked: by application the level, the same on each criterion."""
    for application_id, answers in answers_by_application(step_id).items():
        ids = [id for _task, id in answers]
        given = select(Assignment.id, Assignment.account_id).join(Review).where(
            Assignment.blind_answer_id.in_(ids), Review.final_at.is_(None)
        )  # fmt: skip
        for assignment_id, account_id in session.execute(given).all():
            marked(assignment_id, account_id, level=levels.get(application_id, 3))


def takes(application_id: UUID, *, text: str = WORDS) -> UUID:
    """Someone who was let through begins the step where they are now; the attempt's id."""
    application = application_of(application_id)
    mine = (Invitation.application_id == application_id) & (
        Invitation.step_id == application.step_id
    )
    invitation_id = session.scalars(
        select(Invitation.id).where(mine, Invitation.revoked_at.is_(None))
    ).one()
    with writing():
        attempt_id = attempts.start(invitation_id, factor=1.0, at=now())
    _write(attempt_id, application_of(application_id).step_id, text, now())
    return attempt_id


def done(attempt_id: UUID) -> None:
    """Handed in, and closed eleven minutes later."""
    with writing():
        attempts.submit(attempt_id, at=now())
    with at(now() + timedelta(minutes=11)):
        assert settle(attempt_id)
