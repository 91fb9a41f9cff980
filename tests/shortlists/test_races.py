"""Two recruiters who decide at the same moment, each in a process of their own."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hiring.kernel.database import session, writing
from hiring.ledger.queries import faults
from hiring.shortlists import actions
from hiring.shortlists.models import Decision, Export
from tests.factories import opening, staff
from tests.races import together
from tests.shortlists.hires import handed_in, marked_by_all

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.race]


def decide(account_id: str, verdict: str, application_ids: list[str]) -> list[str]:
    """Decide about one after the other, having seen no decision; what became of each."""
    return [_decide(UUID(account_id), verdict, UUID(id)) for id in application_ids]


def _decide(account_id: UUID, verdict: str, application_id: UUID) -> str:
    reason = f"I say {verdict} here."
    try:
        with writing():
            actions.decide(application_id, verdict=verdict, reason=reason, after=0, by=account_id)
    except Exception as error:  # noqa: BLE001  the test judges what it was
        return type(error).__name__
    return verdict


def placed(people: int) -> list[str]:
    """So many applications to decide on."""
    opening_id, step_id = opening()
    kits = [str(handed_in(opening_id, f"Kit {number}")) for number in range(people)]
    marked_by_all(step_id)
    return kits


def test_when_recruiters_decide_at_once_one_stands_and_the_others_hear_so() -> None:
    kits = placed(8)
    verdicts = {"advance": "rae", "decline": "ola", "hire": "ola", "hold": "rae"}
    results = together(decide, *[[str(staff(who)), word, kits] for word, who in verdicts.items()])
    session.rollback()
    for answers in zip(*results, strict=True):
        assert sorted(answers).count("Refused") == len(verdicts) - 1, answers
    rows = session.execute(select(Decision.application_id, Decision.number)).all()
    assert sorted((str(id), number) for id, number in rows) == sorted((kit, 1) for kit in kits)
    assert list(faults()) == []


def test_one_press_that_arrives_four_times_is_one_decision() -> None:
    kits, rae = placed(4), str(staff("rae"))
    assert together(decide, *[[rae, "advance", kits]] * 4) == [["advance"] * 4] * 4
    session.rollback()
    assert len(session.scalars(select(Decision.id)).all()) == len(kits)


def freeze(opening_id: str, account_id: str, id: str) -> str:
    """What each process of the race does: the same form, sent by an impatient hand."""
    with writing():
        return str(actions.ask_for_export(
            UUID(opening_id), paper="a4", named=True, by=UUID(account_id), id=UUID(id)
        ))  # fmt: skip


def test_a_form_that_arrives_four_times_at_once_freezes_one_document() -> None:
    opening_id, _step = opening()
    handed_in(opening_id, "Kit Marlow")
    id = str(uuid4())
    assert together(freeze, *[[f"{opening_id}", f"{staff('rae')}", id]] * 4) == [id] * 4
    session.rollback()
    assert session.scalars(select(Export.id)).all() == [UUID(id)]
