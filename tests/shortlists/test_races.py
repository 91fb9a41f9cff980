"""Two recruiters who decide at the same moment, each in a process of their own."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from hiring.kernel.database import session, writing
from hiring.ledger.queries import faults
from hiring.shortlists import actions
from hiring.shortlists.models import Decision
from tests.factories import opening, staff
from tests.races import together
from tests.shortlists.hires import handed_in, marked_by_all

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.race]


def decide(application_id: str, account_id: str, verdict: str) -> str:
    """Decide, having seen no decision."""
    with writing():
        actions.decide(
            UUID(application_id), verdict=verdict, reason=f"I say {verdict} here.", after=0,
            by=UUID(account_id),
        )  # fmt: skip
    return verdict


def test_when_two_decide_at_once_one_stands_and_the_other_hears_so() -> None:
    opening_id, step_id = opening()
    kits = [handed_in(opening_id, f"Kit {number}") for number in range(3)]
    marked_by_all(step_id)
    who = {"advance": str(staff("rae")), "decline": str(staff("ola"))}
    pairs = [[str(kit), who[verdict], verdict] for kit in kits for verdict in who]
    results = together(decide, *pairs)
    session.rollback()
    assert sorted(results).count("Refused") == 3
    rows = session.execute(select(Decision.application_id, Decision.number)).all()
    assert sorted(rows) == sorted((kit, 1) for kit in kits)
    assert list(faults()) == []


def test_one_press_that_arrives_four_times_is_one_decision() -> None:
    opening_id, step_id = opening()
    kit = handed_in(opening_id, "Kit Marlow")
    marked_by_all(step_id)
    rae = str(staff("rae"))
    assert together(decide, *[[str(kit), rae, "advance"]] * 4) == ["advance"] * 4
    session.rollback()
    assert len(session.scalars(select(Decision.id)).all()) == 1
