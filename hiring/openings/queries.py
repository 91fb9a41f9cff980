"""Reading openings, and who stands where in them. Whoever shows names guards the step first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, func, select

from hiring.accounts.models import Account
from hiring.accounts.queries import names_of_accounts, reviewers
from hiring.accounts.settings import organisation
from hiring.assessments.models import Task, Version
from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.gather import Question, gather
from hiring.kernel.promises import Due, Promises
from hiring.kernel.refusals import Missing
from hiring.kernel.tokens import unseal
from hiring.openings.models import (
    Application,
    DueInvitation,
    Invitation,
    MoreDays,
    Opening,
    Step,
)
from hiring.openings.panel import Panel, panel_of
from hiring.openings.rules import Facts, end_of, with_more_days
from hiring.people.rules import sought

Row = TypeVar("Row")
HIRING = (
    Opening.kind == "hiring"
)  # a pilot is an opening among us: no page, no promise, no list of it


@dataclass(frozen=True)
class Unsettled(Question[frozenset[UUID]]):
    """Which applications of these openings have submitted, and may still take that back?"""

    opening_ids: frozenset[UUID]


@dataclass(frozen=True)
class LetThrough(Question[bool]):
    """Does a decision stand that let somebody through this step?"""

    step_id: UUID


@dataclass(frozen=True)
class Contact:
    """The member of staff whom people may ask."""

    name: str
    address: str


def opening_of(opening_id: UUID) -> Opening:
    """The opening. Raises Missing."""
    return _there(session.get(Opening, opening_id))


def opening_at(slug: str) -> Opening:
    """The opening at a public address. Raises Missing."""
    here = (Opening.slug == slug) & HIRING
    return _there(session.scalars(select(Opening).where(here)).one_or_none())


def step_of(step_id: UUID) -> Step:
    """The step, with its opening. Raises Missing."""
    return _there(session.get(Step, step_id))


def step_after(step_id: UUID) -> Step | None:
    """The step that follows in the same opening; None after the last. Raises Missing."""
    step = step_of(step_id)
    return next((one for one in step.opening.steps if one.position == step.position + 1), None)


def step_before(step_id: UUID) -> Step | None:
    """The step before in the same opening; None before the first. Raises Missing."""
    step = step_of(step_id)
    return next((one for one in step.opening.steps if one.position == step.position - 1), None)


def step_at(opening: Opening, number: int) -> Step:
    """The step with this number, from one. Raises Missing."""
    return _there(next((step for step in opening.steps if step.position == number), None))


def application_of(application_id: UUID) -> Application:
    """The application, with its opening. Raises Missing."""
    return _there(session.get(Application, application_id))


def invitation_of(token: str) -> Invitation:
    """The invitation behind a link, whether it is still open or not. Raises Missing for a forged link."""
    return _there(session.get(Invitation, unseal("invitation", token)))


def invitation_by_id(invitation_id: UUID) -> Invitation:
    """The invitation, with its application and step. Raises Missing."""
    return _there(session.get(Invitation, invitation_id))


def open_link(application: Application) -> Invitation | None:
    """The newest link that lets them begin the step where they are; None when nothing does."""
    if panel_of(application.step_id).closed_at is not None:
        return None
    mine = (Invitation.application_id == application.id) & (
        Invitation.step_id == application.step_id
    )
    newest = select(Invitation).where(mine).order_by(Invitation.invited_at.desc(), Invitation.id)
    return next((link for link in session.scalars(newest) if link.is_open(now())), None)


def more_days(invitation: Invitation) -> datetime | None:
    """Until when its holder can make an invitation last by a press; None when they have, or there are none.

    Also of one that has ended, while people have not heard and the step is open.
    """
    here = (MoreDays.application_id == invitation.application_id) & (
        MoreDays.step_id == invitation.step_id
    )
    over = invitation.revoked_at is not None or panel_of(invitation.step_id).closed_at is not None
    if over or session.scalar(select(MoreDays.id).where(here)) is not None:
        return None
    hear_by = invitation.step.opening.hear_by
    until = with_more_days(invitation.expires_at, hear_by=hear_by, zone=zone())
    return until if until > max(now(), invitation.expires_at) else None


def contact_of(opening: Opening) -> Contact:
    """Who answers for the opening."""
    row = select(Account.name, Account.email).where(Account.id == opening.contact_id)
    return Contact(*session.execute(row).one())


def facts_of(opening: Opening) -> Facts:
    """What is said of an opening."""
    return Facts(**{one.name: getattr(opening, one.name) for one in fields(Facts)})


def last_link(opening_id: UUID) -> datetime | None:
    """When the last link ends with which somebody may still begin; None when no link is open."""
    ends = (
        select(func.max(Invitation.expires_at))
        .join(Application, Application.id == Invitation.application_id)
        .where(Application.opening_id == opening_id, Application.stage == "invited")
        .where(Invitation.revoked_at.is_(None), Invitation.expires_at > now())
    )
    return session.scalar(ends)


def last_due(opening_id: UUID) -> datetime | None:
    """When the last invitation goes out that waits for its day; None when none does."""
    mine = Application.opening_id == opening_id
    rows = select(func.max(DueInvitation.due_at)).join(DueInvitation.application).where(mine)
    return session.scalar(rows)


def due_now() -> list[UUID]:
    """The applications whose invitation to their step is to go out now.

    Not those of whom `is_missed` speaks: they go out once the day by which people hear is moved.
    """
    rows = select(DueInvitation.application_id).where(DueInvitation.due_at <= now(), ~is_missed())
    return list(session.scalars(rows.order_by(DueInvitation.due_at)))


def is_missed() -> ColumnElement[bool]:
    """Of an invitation that waits for its day: people have heard by now, so it does not go out."""
    opening = Opening.id == Step.opening_id
    heard = select(Step.id).join(Opening, opening).where(Opening.hear_by < today())
    return DueInvitation.step_id.in_(heard)


def number_missed(opening_id: UUID) -> int:
    """How many people of an opening were let through and not invited before people heard."""
    rows = select(func.count()).select_from(DueInvitation).join(DueInvitation.application)
    return session.scalar(rows.where(Application.opening_id == opening_id, is_missed())) or 0


def by_step(opening_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many applications stand at which stage, by the step where they are; `stages_of` says what is
    counted as what, and *due* are those of the invited whose invitation waits for its day.
    """
    counted: dict[UUID, dict[str, int]] = defaultdict(dict)
    stages = (Application.step_id, Application.stage)
    rows = select(*stages, func.count()).where(Application.opening_id.in_(opening_ids))
    for step_id, stage, number in session.execute(rows.group_by(*stages)):
        counted[step_id][stage] = number
    open_still = Application.id.in_(unsettled(opening_ids)) & (Application.stage == "submitted")
    for step_id, stage, number in session.execute(rows.where(open_still).group_by(*stages)):
        counted[step_id][stage] -= number
        counted[step_id]["unsettled"] = number
    due = select(DueInvitation.step_id, func.count()).join(DueInvitation.application)
    here = due.where(Application.opening_id.in_(opening_ids)).group_by(DueInvitation.step_id)
    for step_id, number in session.execute(here):
        counted[step_id]["due"] = number
    return counted


def able(panel: Panel) -> frozenset[UUID]:
    """Those on a panel who are reviewers still: others get no answers."""
    return panel.account_ids & {account.id for account in reviewers()}


def size_of(version_id: UUID) -> tuple[int, int]:
    """The minutes and the number of tasks of an assessment version, without loading what is in it."""
    tasks = select(func.count(Task.id)).where(Task.version_id == version_id).scalar_subquery()
    minutes, number = session.execute(
        select(Version.limit_minutes, tasks).where(Version.id == version_id)
    ).one()
    return minutes, number


def zone() -> ZoneInfo:
    """Where the organisation's days begin and end."""
    return ZoneInfo(organisation().time_zone)


def today() -> date:
    """The date where the organisation is."""
    return now().astimezone(zone()).date()


def open_openings() -> Select[Opening]:
    """The openings that the public is to find, the one that ends first before the others."""
    last = func.coalesce(Opening.apply_by, Opening.hear_by)
    still = Opening.closed_at.is_(None) & (last >= today())
    listed = Opening.listed.is_(True)
    return select(Opening).where(still, listed, HIRING).order_by(last, Opening.id)


def openings(*, q: str, state: str, sort: str) -> Select[Opening]:
    """The openings that a search in their titles and a state leave, in order. Made to be paged."""
    found = select(Opening).where(HIRING)
    for word in sought(q).split():
        found = found.where(Opening.sought.contains(word, autoescape=True))
    if state in {"open", "closed"}:
        found = found.where(Opening.closed_at.is_(None) == (state == "open"))
    columns = {"title": Opening.sought, "created": Opening.created_at}
    column = columns.get(sort.removeprefix("-"), Opening.hear_by)
    return found.order_by(column.desc() if sort.startswith("-") else column.asc(), Opening.id)


def counts_by_state() -> tuple[int, int]:
    """How many openings are open, and how many there are."""
    row = select(func.count().filter(Opening.closed_at.is_(None)), func.count()).select_from(
        Opening
    )
    return session.execute(row.where(HIRING)).one()


def upper_levels(version: Version) -> list[tuple[str, list[tuple[int, str]]]]:
    """Each criterion that a person marks, with what is said of its two highest levels.

    Said to the candidate, that is: the reviewer's sentences name the very facts to be found. What is
    scored by rule stays out, since its sentences are the solution.
    """
    lines = [line for task in version.tasks for line in task.rubric if not line.keyed]
    return [
        (line.name, [(level.number, level.told) for level in line.levels[-2:]]) for line in lines
    ]


def stages_of(opening_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many applications stand at which stage, by opening.

    *submitted* counts those that can be decided: who may still take it back is *unsettled* instead.
    """
    counted: dict[UUID, dict[str, int]] = defaultdict(dict)
    stages = (Application.opening_id, Application.stage)
    rows = select(*stages, func.count()).where(Application.opening_id.in_(opening_ids))
    for opening_id, stage, number in session.execute(rows.group_by(*stages)):
        counted[opening_id][stage] = number
    open_still = Application.id.in_(unsettled(opening_ids)) & (Application.stage == "submitted")
    for opening_id, stage, number in session.execute(rows.where(open_still).group_by(*stages)):
        counted[opening_id][stage] -= number
        counted[opening_id]["unsettled"] = number
    return counted


def unsettled(opening_ids: Collection[UUID]) -> frozenset[UUID]:
    """The applications of these openings that have submitted, and may still take that back."""
    return frozenset().union(*gather(Unsettled(frozenset(opening_ids))))


def promises(asked: Promises) -> list[Due]:
    """By when the people in an opening hear: owed while someone waits, or may still come in."""
    if asked.roles.isdisjoint({"owner", "recruiter"}):
        return []
    hiring = select(Opening).where(HIRING)
    opened = session.scalars(hiring.order_by(Opening.hear_by, Opening.id)).all()
    stages = stages_of({opening.id for opening in opened})
    names = names_of_accounts({opening.contact_id for opening in opened})
    return (
        _not_invited(asked)
        + _unmarked(opened, names, asked)
        + [
            _promise(opening, stages[opening.id], names[opening.contact_id], asked.account_id)
            for opening in opened
            if _owes(opening, stages[opening.id])
        ]
    )


def _not_invited(asked: Promises) -> list[Due]:
    """The invitations that did not go out, an opening a line: somebody has to do something about them."""
    people = func.count(DueInvitation.application_id)
    rows = (
        select(Opening, people)
        .join(Application, Application.opening_id == Opening.id)
        .join(DueInvitation, DueInvitation.application_id == Application.id)
        .where(is_missed(), HIRING, Opening.closed_at.is_(None))
        .group_by(Opening.id)
    )
    found = session.execute(rows).all()
    names = names_of_accounts({opening.contact_id for opening, __ in found})
    return [
        Due(
            what=ngettext(
                "One person was let through and not invited",
                "%(num)s people were let through and not invited",
                number,
            ),
            about=_("%(title)s: the day by which people hear has passed", title=opening.title),
            endpoint="openings.opening",
            values={"opening_id": opening.id, "stage": "missed"},
            due_at=end_of(opening.hear_by, zone()),
            owner_name=names[opening.contact_id],
            mine=opening.contact_id == asked.account_id,
            number=number,
        )
        for opening, number in found
    ]


def _unmarked(opened: Sequence[Opening], names: Mapping[UUID, str], asked: Promises) -> list[Due]:
    """The steps of open openings that nobody marks: what is handed in there would lie."""
    open_still = [one for one in opened if one.closed_at is None and one.hear_by >= today()]
    steps = {step.id: step for opening in open_still for step in opening.steps}
    able_now = {account.id for account in reviewers()}
    panels = session.scalars(select(Panel).where(Panel.step_id.in_(steps)))
    bare = [steps[one.step_id] for one in panels
            if one.closed_at is None and not one.account_ids & able_now]  # fmt: skip
    return [_unmarked_step(step, names[step.opening.contact_id], asked) for step in bare]


def _unmarked_step(step: Step, owner: str, asked: Promises) -> Due:
    opening = step.opening
    several = len(opening.steps) > 1
    told = (
        _("Nobody marks step %(number)s", number=step.position) if several else _("Nobody marks it")
    )
    return Due(
        what=_("%(title)s: %(told)s", title=opening.title, told=told),
        about=_("What is handed in there reaches no reviewer. Choose a panel."),
        endpoint="openings.panel",
        values={"opening_id": opening.id} | ({"number": step.position} if several else {}),
        due_at=None,
        owner_name=owner,
        mine=opening.contact_id == asked.account_id,
    )


def _owes(opening: Opening, stages: dict[str, int]) -> bool:
    coming = stages.get("invited", 0) and opening.closed_at is None and opening.hear_by >= today()
    return bool(stages.get("submitted", 0) or stages.get("unsettled", 0) or coming)


def _promise(opening: Opening, stages: dict[str, int], owner: str, account_id: UUID) -> Due:
    decided, waiting = stages.get("decided", 0), stages.get("submitted", 0)
    coming = stages.get("invited", 0) + stages.get("unsettled", 0)
    told = (
        _("%(done)s of %(all)s decided", done=decided, all=decided + waiting)
        if decided + waiting
        else ngettext("%(num)s person invited", "%(num)s people invited", coming)
    )
    return Due(
        what=_("%(title)s: people hear", title=opening.title),
        about=told,
        endpoint="openings.opening",
        values={"opening_id": opening.id},
        begun_at=opening.created_at,
        due_at=end_of(opening.hear_by, zone()),
        owner_name=owner,
        mine=opening.contact_id == account_id,
        promised=True,
    )


def _there(found: Row | None) -> Row:
    if found is None:
        raise Missing
    return found
