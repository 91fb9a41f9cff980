"""The steps of an opening and who marks them: made, added, changed, closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import select

from hiring.accounts.queries import reviewers
from hiring.assessments.models import Version
from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.gather import gather
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import queries, rules
from hiring.openings.applying import applicants_among
from hiring.openings.events import (
    PanelChanged,
    StepAdded,
    StepChanged,
    StepClosed,
)
from hiring.openings.inviting import forget_due
from hiring.openings.models import (
    Application,
    DueInvitation,
    Opening,
    Step,
)
from hiring.openings.panel import Panel, PanelMember, locked_panel
from hiring.openings.queries import LetThrough
from hiring.openings.rules import StepPlan


def check_plans(steps: Sequence[StepPlan], *, hear_by: date) -> None:
    """What the steps of a new opening rest on. Raises Refused."""
    rules.check_number_of_steps(len(steps))
    days = [(plan.wait_days, plan.open_days) for plan in steps[1:]]
    rules.check_fit(days, today=queries.today(), hear_by=hear_by)
    for plan in steps:
        _check_plan(plan)


def _check_plan(plan: StepPlan) -> None:
    rules.check_wanted_marks(plan.wanted_marks)
    rules.check_interval(plan.wait_days, plan.open_days)
    rules.check_rule(plan.proposes, plan.bar)
    _check_published(plan.version_id)
    check_reviewers(plan.panel)


def make_step(opening_id: UUID, plan: StepPlan, *, position: int, id: UUID | None = None) -> Step:
    """A step and its panel; what it rests on is checked before."""
    step = Step(
        id=id or uuid4(), opening_id=opening_id, position=position, version_id=plan.version_id,
        wait_days=plan.wait_days, open_days=plan.open_days, proposes=plan.proposes,
        bar=plan.bar if plan.proposes in {"mean", "best"} else None,
    )  # fmt: skip
    session.add(step)
    session.flush()
    session.add(Panel(step_id=step.id, wanted_marks=plan.wanted_marks))
    session.flush()
    session.add_all(
        PanelMember(step_id=step.id, account_id=id, joined_at=now()) for id in set(plan.panel)
    )
    session.flush()
    return step


def _check_published(version_id: UUID) -> None:
    version = session.get(Version, version_id)
    if version is None or version.published_at is None:
        told = _("That assessment is not published, or it is gone. Choose another one.")
        raise Refused(told, field="version")


def check_reviewers(panel: Iterable[UUID]) -> None:
    """Only reviewers mark. Raises Refused."""
    if not set(panel) <= {account.id for account in reviewers()}:
        told = _("Someone on this panel is no reviewer any more. Look through the names again.")
        raise Refused(told, field="panel")


def add_step(opening_id: UUID, plan: StepPlan, *, by: UUID, id: UUID) -> Step:
    """One more step, after the last. The same `id` again gives what was made before.

    Raises Refused once somebody was let through the last step: they would have missed it.
    """
    opening = _held(opening_id)
    if known := session.get(Step, id):
        if known.opening_id != opening_id:
            raise Missing
        return known
    _check_may_grow(opening)
    _check_plan(plan)
    check_no_applicant(plan.panel, opening_id)
    later = [(step.wait_days, step.open_days) for step in opening.steps[1:]]
    later.append((plan.wait_days, plan.open_days))
    rules.check_fit(later, today=queries.today(), hear_by=opening.hear_by)
    step = make_step(opening_id, plan, position=len(opening.steps) + 1, id=id)
    session.refresh(opening)
    announce(StepAdded(step.id, by))
    return step


def _held(opening_id: UUID) -> Opening:
    """The opening with its steps as they are, while nobody decides, adds a step or closes it."""
    opening = queries.opening_of(opening_id)
    here = Application.opening_id == opening_id
    session.execute(select(Application.id).where(here).order_by(Application.id).with_for_update())
    locked_panel(opening.steps[0].id)
    session.refresh(opening)
    return opening


def _check_may_grow(opening: Opening) -> None:
    rules.check_number_of_steps(len(opening.steps) + 1)
    if opening.closed_at is not None:
        raise Refused(_("This opening is closed, so no step was added."))
    passed: list[bool] = gather(LetThrough(opening.steps[-1].id))
    if any(passed):
        raise Refused(
            _("Somebody was let through the last step already, and would have missed this one. No step"
              " was added.")
        )  # fmt: skip


def change_step(
    step_id: UUID,
    *,
    wait_days: int,
    open_days: int,
    proposes: str,
    bar: int | None,
    seen: str,
    by: UUID,
) -> Step:
    """Another interval, another rule, from now on; the assessment of a step stays.

    `seen` is the print of what a form showed: what came meanwhile is not overwritten.
    """
    rules.check_interval(wait_days, open_days)
    rules.check_rule(proposes, bar)
    step = locked(select(Step).where(Step.id == step_id))
    if step is None:
        raise Missing
    if seen != step.print:
        raise Refused(
            _("Somebody changed this step meanwhile. Open this page again; nothing was changed.")
        )
    step.wait_days, step.open_days, step.proposes = wait_days, open_days, proposes
    step.bar = bar if proposes in {"mean", "best"} else None
    session.flush()
    announce(StepChanged(step_id, by))
    return step


def change_panel(
    step_id: UUID,
    *,
    members: Collection[UUID],
    wanted_marks: int,
    by: UUID,
    seen: str | None = None,
) -> Panel:
    """Who marks the step from now on, and how many marks an answer wants. Past members stay on record.

    `seen` is the print of the panel that a form showed: what came meanwhile is not overwritten.
    """
    rules.check_wanted_marks(wanted_marks)
    panel = locked_panel(step_id)
    if seen is not None and seen != panel.print:
        raise Refused(
            _("Somebody changed the panel meanwhile. Open this page again; nothing was changed.")
        )
    check_reviewers(set(members) - panel.account_ids)
    opening_id = queries.step_of(step_id).opening_id
    check_no_applicant(set(members) - panel.account_ids, opening_id)
    for member in panel.members:
        if member.left_at is None and member.account_id not in members:
            member.left_at = now()
    for account_id in set(members) - panel.account_ids:
        panel.members.append(PanelMember(step_id=step_id, account_id=account_id, joined_at=now()))
    panel.wanted_marks = wanted_marks
    session.flush()
    announce(PanelChanged(step_id=step_id, by=by))
    return panel


def check_no_applicant(account_ids: Collection[UUID], opening_id: UUID) -> None:
    """Nobody marks beside their own work. Raises Refused."""
    if applicants_among(account_ids, opening_id):
        told = _("Somebody you added takes part in this opening, so they cannot mark it.")
        raise Refused(told, field="panel")


def close_step(step_id: UUID, *, by: UUID) -> None:
    """Let the step take no more attempts, for good; those that run may finish. Twice is as once."""
    panel = locked_panel(step_id)
    if panel.closed_at is not None:
        return
    panel.closed_at = now()
    forget_due(DueInvitation.step_id == step_id)
    session.flush()
    announce(StepClosed(step_id=step_id, by=by))
