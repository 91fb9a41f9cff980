"""The roll: who is in an opening, where they stand, and what their link still opens.

Names are in it, so whoever is blind to the opening never gets here. It knows no times of the work:
when someone began or handed in would tell who took more time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select

from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.openings.models import Application, DueInvitation, Invitation, Step
from hiring.openings.queries import is_missed, today, unsettled
from hiring.openings.questions import is_asking, standings_of
from hiring.openings.returned import Returned, has_returned, returned
from hiring.people.models import Person
from hiring.people.queries import PersonCard, cards
from hiring.people.rules import sought

SHOWN = ("invited", "ended", "asks", "returned", "missed", "submitted", "decided", "withdrawn")
_ORDER = {"submitted": 0, "invited": 1, "decided": 2, "withdrawn": 3}


@dataclass(frozen=True)
class Standing:
    """One line of the roll. `open_until` is empty when no link of theirs opens anything any more.
    `leaves_at`: their newest letter waits until then, and can be taken back.

    `unsettled`: submitted, and may still take that back. `by_form`: came by the public page.
    `gate`: how they stand before the questions: answered, stopped, asks, passed, or empty.
    """

    application_id: UUID
    card: PersonCard
    stage: str
    invited_at: datetime
    open_until: datetime | None
    revoked: bool
    unsettled: bool
    leaves_at: datetime | None
    returned: Returned | None
    by_form: bool
    step: int
    due_at: datetime | None  # when an invitation goes out that waits for its day
    missed: bool  # it does not: people have heard by now
    gate: str = ""


def applications(
    opening_id: UUID, *, q: str = "", stage: str = "", sort: str = "stage", step: int = 0
) -> Select[Application]:
    """The applications of an opening that a search, a stage and a step leave, in order. Made to be paged.

    `step`: the number of the step where they are; 0 for any.
    """
    found = (
        select(Application)
        .join(Person, Person.id == Application.person_id)
        .where(Application.opening_id == opening_id)
    )
    for word in sought(q).split():
        found = found.where(Person.sought.contains(word, autoescape=True))
    if step:
        here = (Step.opening_id == opening_id) & (Step.position == step)
        found = found.where(Application.step_id.in_(select(Step.id).where(here)))
    if stage in SHOWN:
        found = found.where(_is_at(stage))
    return found.order_by(*_order(sort), Application.id)


def _is_at(stage: str) -> ColumnElement[bool]:
    if stage == "asks":
        return (Application.stage == "invited") & is_asking()
    if stage == "ended":
        waits = select(DueInvitation.due_at).where(DueInvitation.application_id == Application.id)
        return (Application.stage == "invited") & ~_has_open_link() & ~waits.exists()
    if stage == "missed":
        waits = select(DueInvitation.due_at).where(DueInvitation.application_id == Application.id)
        return waits.where(is_missed()).exists()
    if stage == "returned":
        return has_returned()
    return Application.stage == stage


def _has_open_link() -> ColumnElement[bool]:
    return (
        select(Invitation.id)
        .where(
            Invitation.application_id == Application.id,
            Invitation.step_id == Application.step_id,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now(),
        )
        .exists()
    )


def _order(sort: str) -> Sequence[ColumnElement[Any]]:
    columns: dict[str, ColumnElement[Any]] = {
        "name": func.coalesce(Person.sought, ""),
        "address": func.lower(Person.address),
        "invited": Application.applied_at.expression,
        "stage": case(_ORDER, value=Application.stage, else_=9),
    }
    column = columns.get(sort.removeprefix("-"), columns["stage"])
    return (column.desc() if sort.startswith("-") else column.asc(), columns["name"])


def standings(page: Collection[Application]) -> list[Standing]:
    """The lines of the roll for these applications, in their order: the same queries, however many."""
    people = cards(application.person_id for application in page)
    links = _links({application.id for application in page})
    due = _due({application.id for application in page})
    may_go_on = unsettled({application.opening_id for application in page})
    stuck = returned({link.id for some in links.values() for link in some})
    gates = standings_of({application.id for application in page})
    return [
        _standing(
            application,
            people[application.person_id],
            links[application.id],
            unsettled=application.id in may_go_on,
            stuck=stuck,
            due_at=due.get(application.id),
            gate=gates.get(application.id, ""),
        )
        for application in page
    ]


def _links(application_ids: Collection[UUID]) -> dict[UUID, list[Invitation]]:
    found: dict[UUID, list[Invitation]] = defaultdict(list)
    rows = select(Invitation).where(Invitation.application_id.in_(application_ids))
    for invitation in session.scalars(rows.order_by(Invitation.invited_at, Invitation.id)):
        found[invitation.application_id].append(invitation)
    return found


def _due(application_ids: Collection[UUID]) -> dict[UUID, datetime]:
    rows = select(DueInvitation.application_id, DueInvitation.due_at)
    here = rows.where(DueInvitation.application_id.in_(application_ids))
    return {row.application_id: row.due_at for row in session.execute(here)}


def _standing(
    application: Application,
    card: PersonCard,
    links: list[Invitation],
    *,
    unsettled: bool,
    stuck: Mapping[UUID, Returned],
    due_at: datetime | None,
    gate: str,
) -> Standing:
    here = [link for link in links if link.step_id == application.step_id]
    ends = [link.expires_at for link in here if link.is_open(now())]
    return Standing(
        application_id=application.id,
        card=card,
        stage=application.stage,
        invited_at=here[-1].invited_at if here else application.applied_at,
        open_until=max(ends, default=None),
        revoked=bool(here) and all(link.revoked_at for link in here),
        unsettled=unsettled,
        returned=stuck.get(here[-1].id) if here and not here[-1].revoked_at else None,
        leaves_at=here[-1].invited_at if here and here[-1].invited_at > now() else None,
        by_form=application.by_form,
        step=next(s.position for s in application.opening.steps if s.id == application.step_id),
        due_at=due_at,
        missed=due_at is not None and application.opening.hear_by < today(),
        gate=gate,
    )
