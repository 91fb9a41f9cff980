"""Acts that meet on the way from one step to the next, each in a process of its own."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hiring.attempts import actions as attempts
from hiring.attempts.models import Attempt
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.ledger.queries import faults
from hiring.openings.actions import close_opening
from hiring.openings.models import Application, DueInvitation, Invitation
from hiring.openings.panel import panel_of
from hiring.openings.tasks import invite_due
from hiring.shortlists import actions
from hiring.shortlists.models import Decision
from tests.factories import staff
from tests.races import together
from tests.shortlists.hires import decided, handed_in, marked_at, takes, two_steps

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.race]


def placed(people: int, **given: int) -> tuple[UUID, UUID, UUID, list[str]]:
    """An opening of two steps with so many people to decide on at the first."""
    opening_id, first, second = two_steps(**given)
    kits = [str(handed_in(opening_id, f"Kit {number}")) for number in range(people)]
    marked_at(first, {})
    return opening_id, first, second, kits


def advance(account_id: str, application_ids: list[str]) -> list[str]:
    """Let them through one after the other, having seen no decision; what became of each."""
    return [_decide(account_id, id, "advance", 0) for id in application_ids]


def take_back(account_id: str, application_ids: list[str]) -> list[str]:
    """Decline one after the other, having seen their advance."""
    return [_decide(account_id, id, "decline", 1) for id in application_ids]


def _decide(account_id: str, application_id: str, verdict: str, after: int) -> str:
    reason = f"By {account_id} it is."
    try:
        with writing():
            actions.decide(
                UUID(application_id), verdict=verdict, reason=reason, after=after, number=1,
                by=UUID(account_id),
            )  # fmt: skip
    except Refused as refusal:
        return str(refusal.sentence)
    return verdict


def links(step_id: UUID) -> int:
    rows = select(func.count(Invitation.id)).where(Invitation.step_id == step_id)
    return session.scalar(rows) or 0


def test_two_recruiters_let_one_person_through_once() -> None:
    _opening, _first, second, kits = placed(6)
    results = together(advance, [f"{staff('rae')}", kits], [f"{staff('ola')}", kits])
    session.rollback()
    for pair in zip(*results, strict=True):
        assert sorted(word == "advance" for word in pair) == [False, True], pair
    assert links(second) == len(kits)
    assert session.scalar(select(func.count(Decision.id))) == len(kits)
    assert list(faults()) == []


def test_a_list_accepted_twice_at_once_lets_each_through_once() -> None:
    _opening, _first, second, kits = placed(6)
    rae = f"{staff('rae')}"
    assert together(advance, *[[rae, kits]] * 3) == [["advance"] * len(kits)] * 3
    session.rollback()
    assert links(second) == len(kits)
    assert session.scalar(select(func.count(Decision.id))) == len(kits)


def act(part: str, *given: object) -> object:
    """What one of two processes does."""
    return {
        "advance": advance, "close": close, "take back": take_back, "hand in": hand_in,
        "start": start, "sweep": sweep,
    }[part](*given)  # type: ignore[operator]  # fmt: skip


def close(opening_id: str, account_id: str) -> str:
    """Close the opening, whoever waits in it, once the first are through."""
    time.sleep(0.5)
    with writing():
        close_opening(UUID(opening_id), by=UUID(account_id))
    return "closed"


def test_an_advance_beside_closing_leaves_no_invitation_that_waits() -> None:
    opening_id, _first, second, kits = placed(8, wait_days=2, open_days=3)
    rae, ola = f"{staff('rae')}", f"{staff('ola')}"
    results, _closed = together(
        act, ["advance", rae, kits], ["close", f"{opening_id}", ola]
    )  # fmt: skip
    session.rollback()
    assert panel_of(second).closed_at is not None
    assert session.scalar(select(func.count(DueInvitation.application_id))) == 0
    through = select(func.count(Application.id)).where(Application.step_id == second)
    assert session.scalar(through) == results.count("advance")


def hand_in(attempt_ids: list[str]) -> str:
    """The candidates hand in, one after the other."""
    for id in attempt_ids:
        with writing():
            attempts.submit(UUID(id), at=now())
    return "handed in"


def test_an_advance_taken_back_beside_the_work_handed_in_leaves_one_truth() -> None:
    _opening, first, second, kits = placed(8)
    for id in kits:
        decided(UUID(id), "advance")
    working = [f"{takes(UUID(id))}" for id in kits]
    results, _done = together(act, ["take back", f"{staff('rae')}", kits], ["hand in", working])
    session.rollback()
    session.expire_all()
    for id, became in zip(kits, results, strict=True):
        application = session.get_one(Application, UUID(id))
        back = (first, "decided") if became == "decline" else (second, "submitted")
        assert (application.step_id, application.stage) == back, became


def start(invitation_ids: list[str]) -> list[str]:
    """The candidates press Start, one after the other; who found the link taken back."""
    return [_start(UUID(id)) for id in invitation_ids]


def _start(invitation_id: UUID) -> str:
    try:
        with writing():
            attempts.start(invitation_id, factor=1.0, at=now())
    except Refused as refusal:
        return str(refusal.sentence)
    return "begun"


def test_an_advance_taken_back_beside_start_ends_the_link_or_leaves_the_attempt() -> None:
    _opening, first, second, kits = placed(8)
    for id in kits:
        decided(UUID(id), "advance")
    by_person = {
        f"{row.application_id}": f"{row.id}"
        for row in session.scalars(select(Invitation).where(Invitation.step_id == second))
    }
    invitations = [by_person[id] for id in kits]
    back, begun = together(act, ["take back", f"{staff('rae')}", kits], ["start", invitations])
    session.rollback()
    session.expire_all()
    assert back == ["decline"] * len(kits)
    for id, became in zip(kits, begun, strict=True):
        application = session.get_one(Application, UUID(id))
        assert (application.step_id, application.stage) == (first, "decided")
        mine = (Attempt.application_id == UUID(id)) & (Attempt.step_id == second)
        number = session.scalar(select(func.count(Attempt.id)).where(mine))
        assert number == (1 if became == "begun" else 0), became
        assert became == "begun" or "taken back" in became
    open_ones = (Invitation.step_id == second) & Invitation.revoked_at.is_(None)
    assert session.scalar(select(func.count(Invitation.id)).where(open_ones)) == 0


def sweep() -> int:
    """A worker's sweep."""
    return invite_due()


def test_two_workers_send_one_invitation_each_when_its_day_has_come() -> None:
    _opening, _first, second, kits = placed(6, wait_days=1, open_days=3)
    for id in kits:
        decided(UUID(id), "advance")
    with writing():
        for row in session.scalars(select(DueInvitation)).all():
            row.due_at = now()
    assert sum(together(act, *[["sweep"]] * 3)) == len(kits)
    session.rollback()
    assert links(second) == len(kits)
    assert session.scalar(select(func.count(DueInvitation.application_id))) == 0
