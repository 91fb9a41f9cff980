"""Deciding, taking back, clearing notes, freezing and drawing: each through the real acts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from hiring.accounts.actions import describe_organisation
from hiring.attempts.blind import BlindAnswer
from hiring.kernel.claims import claim_next
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.pdf import Undrawable
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.storage import StoredFile, read
from hiring.ledger.models import Entry
from hiring.ledger.queries import faults, tip
from hiring.openings.queries import application_of
from hiring.shortlists import actions, pdf, queries
from hiring.shortlists.models import Decision, Export
from hiring.shortlists.tasks import draw_exports
from tests.factories import invited, opening, staff
from tests.shortlists.hires import (
    WHY,
    also_marks,
    decided,
    handed_in,
    handing_in,
    marked_by_all,
)

pytestmark = pytest.mark.usefixtures("app")
Placed = tuple[UUID, UUID]


@pytest.fixture
def placed(app: Flask) -> Placed:
    """An opening and one application in it, marked by two."""
    opening_id, step_id = opening()
    kit = handed_in(opening_id, "Kit Marlow")
    marked_by_all(step_id, note="Owns the mistake.")
    return opening_id, kit


def rows() -> int:
    return session.scalar(select(func.count(Decision.id))) or 0


def test_deciding_about_one_reads_nobody_elses_answers(app: Flask) -> None:
    opening_id, step_id = opening()
    kit, *others = (handed_in(opening_id, name) for name in ("Kit Marlow", "Ana Pires", "Bo Ek"))
    marked_by_all(step_id, note="Owns the mistake.")
    session.rollback()
    session.expunge_all()
    aliases = set()

    def read(answer: BlindAnswer, _context: object) -> None:
        aliases.add(answer.alias)

    event.listen(BlindAnswer, "load", read)
    decided(kit, "hold")
    event.remove(BlindAnswer, "load", read)
    assert len(aliases) == 1
    found = queries.shortlist_of(opening_id)
    application = application_of(kit)
    assert queries.row_of(application, application.opening.steps[0]) == found.row_of(kit)
    assert set(others) < {row.application_id for row in found.rows}


def test_a_decision_is_kept_with_its_reason_and_stands_in_the_ledger(placed: Placed) -> None:
    _opening_id, kit = placed
    id = decided(kit, "advance")
    row = queries.shortlist_of(placed[0]).row_of(kit)
    assert row
    assert row.decision
    assert (row.decision.id, row.decision.verdict, row.decision.reason) == (id, "advance", WHY)
    entry = session.get_one(Entry, row.decision.entry)
    assert entry.subject == str(application_of(kit).pseudonym)
    assert (entry.facts["verdict"], entry.facts["marks"]) == ("advance", len(row.given))
    assert WHY not in str(entry.facts)
    assert list(faults()) == []
    assert application_of(kit).stage == "decided"


def test_a_hold_puts_it_off(placed: Placed) -> None:
    decided(placed[1], "hold")
    assert application_of(placed[1]).stage == "submitted"
    with at(now() + timedelta(days=30)):
        decided(placed[1], "advance", after=1)
    assert application_of(placed[1]).stage == "decided"


def test_taking_back_is_a_new_row_that_names_the_old_one(placed: Placed) -> None:
    first = decided(placed[1], "decline")
    with at(now() + timedelta(hours=71)):
        second = decided(placed[1], "hold", after=1)
    assert session.get_one(Decision, second).reverses_id == first
    assert session.get_one(Decision, first).verdict == "decline"
    assert application_of(placed[1]).stage == "submitted"


def test_after_seventy_two_hours_it_stands(placed: Placed) -> None:
    decided(placed[1], "decline")
    with at(now() + timedelta(hours=73)), pytest.raises(Refused, match="72 hours"):
        decided(placed[1], "advance", after=1)
    assert rows() == 1


def test_the_same_press_twice_is_one_decision(placed: Placed) -> None:
    assert decided(placed[1], "advance") == decided(placed[1], "advance")
    assert rows() == 1


def test_who_saw_an_older_state_is_told_what_came_meanwhile(placed: Placed) -> None:
    decided(placed[1], "advance")
    with pytest.raises(Refused, match="Rae Lindqvist decided meanwhile"):
        decided(placed[1], "decline", reason="Another view of it.", by="ola")
    assert rows() == 1


@pytest.mark.parametrize(("verdict", "reason"), [("reject", WHY), ("advance", "too short")])
def test_nothing_half_is_kept(placed: Placed, verdict: str, reason: str) -> None:
    with pytest.raises(Refused):
        decided(placed[1], verdict, reason=reason)
    assert rows() == 0


def test_nobody_decides_before_the_work_is_handed_in_for_good() -> None:
    opening_id, step_id = opening()
    kit = handed_in(opening_id, "Kit Marlow")
    with writing():
        application_of(kit).stage = "submitted"
        from hiring.attempts.models import Answer  # noqa: PLC0415

        for answer in session.scalars(select(Answer)):
            answer.blind_answer_id = None
    with pytest.raises(Refused, match="not handed in for good"):
        decided(kit, "advance")
    assert step_id


def test_whoever_marks_the_step_decides_nothing_and_freezes_nothing() -> None:
    mia = also_marks("mia")
    opening_id, _step = opening(panel=["mia", "vic"])
    kit = handed_in(opening_id, "Kit Marlow")
    with pytest.raises(Missing):
        decided(kit, "advance", by="mia")
    with pytest.raises(Missing), writing():
        actions.clear_notes(kit, marks=[], by=mia)
    with pytest.raises(Missing), writing():
        actions.ask_for_export(opening_id, paper="a4", named=True, by=mia)


def test_notes_leave_the_house_only_when_cleared(placed: Placed) -> None:
    opening_id, kit = placed
    row = queries.shortlist_of(opening_id).row_of(kit)
    assert row
    noted = [given.mark_id for given in row.given if given.note]
    clear = {"by": staff("rae")}
    with writing():
        actions.clear_notes(kit, marks=noted[:2], **clear)
    with writing():
        actions.clear_notes(kit, marks=noted[1:3], **clear)
    found = queries.shortlist_of(opening_id).row_of(kit)
    assert found
    assert found.cleared == set(noted[1:3])
    with pytest.raises(Refused), writing():
        actions.clear_notes(kit, marks=noted[:4], **clear)
    silent = [given.mark_id for given in row.given if not given.note]
    with pytest.raises(Missing), writing():
        actions.clear_notes(kit, marks=silent[:1], **clear)


def asked_for(opening_id: UUID, *, named: bool = True) -> UUID:
    rae = staff("rae")
    with writing():
        return actions.ask_for_export(opening_id, paper="a4", named=named, by=rae)


def test_an_export_is_frozen_and_drawn_once(placed: Placed) -> None:
    opening_id, kit = placed
    decided(kit, "advance")
    head = tip()
    id = asked_for(opening_id)
    decided(kit, "hold", after=1, reason="Something came up.")
    draw_exports()
    export = queries.export_of(id)
    assert (export.state, export.ledger_number, export.people) == ("done", head.number, 1)
    assert export.frozen["people"][0]["decision"]["verdict"] == "advance"
    assert export.pdf
    assert export.csv
    assert read(export.pdf).startswith(b"%PDF-1.7")
    assert b"Kit Marlow" in read(export.csv)
    assert "Kit" not in export.pdf.name
    draw_exports()
    assert session.scalar(select(func.count(StoredFile.id))) == 2


def test_the_files_bear_the_organisations_day(placed: Placed) -> None:
    with writing():
        describe_organisation(
            name="Osier", line="", postal_address="", time_zone="Pacific/Auckland", hue=1, by=None
        )
    with at(datetime(2026, 12, 24, 21, 0, tzinfo=UTC)):
        id = asked_for(placed[0])
        draw_exports()
    export = queries.export_of(id)
    assert export.pdf
    assert export.csv
    assert export.pdf.name.endswith(" 2026-12-25.pdf")
    assert export.csv.name.endswith(" 2026-12-25.csv")


def test_a_drawing_that_fails_is_said_and_not_tried_for_ever(
    placed: Placed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object, **_named: object) -> bytes:
        raise Undrawable("no ink")

    id = asked_for(placed[0])
    monkeypatch.setattr(pdf, "draw", fails)
    draw_exports()
    assert (queries.export_of(id).state, queries.export_of(id).error) == ("failed", "no ink")
    assert claim_next(Export) is None


def test_an_export_by_alias_knows_no_name(placed: Placed) -> None:
    decided(placed[1], "advance", reason="Kit owns the mistake, and Marlow says when.")
    frozen = str(queries.export_of(asked_for(placed[0], named=False)).frozen)
    assert not re.search(r"\bKit\b", frozen)  # a kittiwake is nobody's name
    assert "Marlow" not in frozen


def test_an_export_by_alias_covers_every_candidate_of_the_opening_by_their_alias() -> None:
    opening_id, step_id = opening()
    kit = handed_in(opening_id, "Kit Marlow")
    jose = handed_in(opening_id, "José García-Núñez")
    handing_in(opening_id, "Ana O’Brien")
    invited(opening_id, "bo.berg@example.org", "")
    invited(opening_id, "p@example.org", "Priya Raman")
    marked_by_all(step_id, note="As good as Jose Garcia Nunez, Ana O'Brien, Priya and Berg.")
    rows = {row.application_id: row for row in queries.shortlist_of(opening_id).rows}
    noted = [given.mark_id for given in rows[kit].given if given.note][:1]
    with writing():
        actions.clear_notes(kit, marks=noted, by=staff("rae"))
    decided(kit, "decline", reason="José García-Núñez and Ana were better than Marlow here.")
    id = asked_for(opening_id, named=False)
    frozen = queries.export_of(id).frozen
    first = next(person for person in frozen["people"] if person["alias"] == rows[kit].alias)
    theirs, own = rows[jose].alias, rows[kit].alias
    assert first["decision"]["reason"] == f"{theirs} and [name] were better than {own} here."
    assert first["notes"] == [f"As good as {theirs}, [name], [name] and [name]."]
    draw_exports()
    assert "García" not in read(queries.export_of(id).csv).decode("utf-8-sig")


def test_an_empty_shortlist_makes_no_document() -> None:
    opening_id, _step_id = opening()
    with pytest.raises(Refused, match="Nobody has handed in"):
        asked_for(opening_id)
