"""What a step's rule proposes, and what becomes of it when a person presses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.measuring.scores import Score
from hiring.openings import sendings
from hiring.openings.queries import application_of
from hiring.outbox.delivery import deliver
from hiring.outbox.models import Message
from hiring.shortlists import proposing, queries
from hiring.shortlists.models import Decision
from hiring.shortlists.proposing import Proposal, proposal_of
from hiring.shortlists.shortlist import Row, Shortlist, Verdict
from tests.factories import signed_in, staff
from tests.shortlists.cast import shortlist as cast_shortlist
from tests.shortlists.hires import decided, handed_in, marked_at, two_steps

pytestmark = pytest.mark.usefixtures("app")


def made(proposes: str, bar: int | None, means: list[int | None]) -> Shortlist:
    """A shortlist with people of these raw means, under a rule."""
    drawn = cast_shortlist()
    first = drawn.rows[0]
    rows = tuple(
        replace(
            first, application_id=uuid4(), name=f"Person {n}", alias=f"Bird {n:02}", verdicts=(),
            standing=replace(first.standing, raw_mean=None if mean is None else Score(mean)),
        )
        for n, mean in enumerate(means)
    )  # fmt: skip
    return replace(drawn, proposes=proposes, bar=bar, rows=rows, unsettled=(), steps=2)


def verdict(word: str) -> Verdict:
    return Verdict(uuid4(), 1, word, "Because of it.", "Rae", uuid4(), now())


def with_verdict(shortlist: Shortlist, number: int, word: str) -> Shortlist:
    rows = list(shortlist.rows)
    rows[number] = replace(rows[number], verdicts=(verdict(word),))
    return replace(shortlist, rows=tuple(rows))


def names(rows: tuple[Row, ...]) -> str:
    return " ".join(row.name.removeprefix("Person ") for row in rows)


RULES = [  # rule, bar, means; who is to be advanced, who held, without a mean, tied at the cut
    ("mean", 60, [70, 60, 59, None], "0 1", "2", 1, 0),
    ("mean", 0, [0, 100], "1 0", "", 0, 0),
    ("mean", 100, [99, 100], "1", "0", 0, 0),
    ("best", 2, [70, 60, 50], "0 1", "2", 0, 0),
    ("best", 2, [70, 60, 60, 60], "0 1 2 3", "", 0, 3),
    ("best", 3, [70, 60, 60, 10], "0 1 2", "3", 0, 0),
    ("best", 9, [70, None], "0", "", 1, 0),
    ("best", 1, [None, None], "", "", 2, 0),
    ("everybody", None, [70, None], "0 1", "", 0, 0),
]


@pytest.mark.parametrize("row", RULES)
def test_a_rule_proposes(row: tuple[str, int | None, list[int | None], str, str, int, int]) -> None:
    rule, bar, means, *expected = row
    found = proposal_of(made(rule, bar, means))
    assert found
    people = [names(found.advance), names(found.hold)]
    assert [*people, found.unmeasured, found.tied] == expected


def test_no_rule_proposes_nothing_and_none_does_when_all_is_decided() -> None:
    assert proposal_of(made("nobody", None, [50, 60])) is None
    assert proposal_of(with_verdict(made("best", 1, [50]), 0, "advance")) is None


def test_what_is_decided_counts_for_the_cut_and_is_not_proposed_again() -> None:
    shortlist = with_verdict(made("best", 2, [70, 60, 50]), 0, "advance")
    found = proposal_of(shortlist)
    assert found
    assert (names(found.advance), names(found.hold)) == ("1", "2")


def test_a_hold_is_not_proposed_for_somebody_on_hold_and_an_advance_is() -> None:
    held = with_verdict(with_verdict(made("best", 1, [70, 60]), 0, "hold"), 1, "hold")
    found = proposal_of(held)
    assert found == Proposal((held.rows[0],), (), 0, 0)


def test_it_says_who_stands_together_at_the_cut() -> None:
    found = proposal_of(made("best", 2, [70, 60, 60]))
    assert found
    assert proposing.proposed(found) == "advance 3"
    assert "2 people have the same mean at the cut: they stand together." in proposing.notes(found)


def test_nothing_is_said_of_a_tie_among_people_who_are_all_decided() -> None:
    decided = with_verdict(made("best", 2, [70, 60, 60, 50]), 1, "advance")
    assert (proposal_of(decided) or Proposal((), (), 0, 0)).tied == 2
    decided = with_verdict(decided, 2, "advance")
    assert (proposal_of(decided) or Proposal((), (), 0, 9)).tied == 0


# ── pressed ──


@pytest.fixture
def placed(app: Flask) -> tuple[UUID, list[UUID]]:
    """An opening whose first step proposes the best two, and three people there, two of them better."""
    opening_id, first, _second = two_steps(proposes="best", bar=2)
    people = [handed_in(opening_id, name) for name in ("Ada Byron", "Bo Lind", "Cy Young")]
    marked_at(first, dict(zip(people, (4, 3, 1), strict=True)))
    return opening_id, people


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def path(opening_id: UUID) -> str:
    return f"/staff/openings/{opening_id}/steps/1/proposal"


def form(verdict: str, people: list[UUID], after: int = 0, **given: str) -> dict[str, object]:
    said = {"verdict": verdict, "reason": "The rule of step 1 proposes it.", "id": f"{uuid4()}"}
    return {**said, "person": [f"{id} {after}" for id in people], **given}


def stages(people: list[UUID]) -> list[str]:
    session.expire_all()
    return [application_of(id).stage for id in people]


def test_the_shortlist_shows_the_proposal_and_nothing_has_happened(
    rae: FlaskClient, placed: tuple[UUID, list[UUID]]
) -> None:
    opening_id, people = placed
    page = rae.get(f"/staff/openings/{opening_id}/steps/1/shortlist").text
    assert "The rule proposes: advance 2, hold 1" in page
    assert "Nothing happens by itself." in page
    assert stages(people) == ["submitted"] * 3
    assert "The rule proposes" not in rae.get(f"/staff/openings/{opening_id}/shortlist").text


def test_one_press_advances_the_ticked_and_their_letters_wait(
    rae: FlaskClient, placed: tuple[UUID, list[UUID]]
) -> None:
    opening_id, people = placed
    answer = rae.post(path(opening_id), data=form("advance", people[:2]), follow_redirects=True)
    assert answer.status_code == 200
    assert "2 people are advanced. Their letters leave at" in answer.text
    assert "Two letters leave at" in answer.text
    assert "Take back" in answer.text
    assert stages(people) == ["invited", "invited", "submitted"]
    waits = Message.not_before.is_not(None) & (Message.kind == "invitation")
    assert len(session.scalars(select(Message.id).where(waits)).all()) == 2
    told = session.scalars(select(Decision.told_at)).all()
    assert all(when and when > now() for when in told)
    page = rae.get(f"/staff/applications/{people[0]}/steps/1").text
    assert "Their letter leaves at" in page
    assert "Told on" not in page
    rae.post(path(opening_id), data=form("hold", people[2:]))
    assert "Nobody is like that" not in rae.get(path(opening_id)).text
    assert len(session.scalars(select(Decision.id)).all()) == 3


def test_one_alone_hears_at_once(rae: FlaskClient, placed: tuple[UUID, list[UUID]]) -> None:
    opening_id, people = placed
    page = rae.post(path(opening_id), data=form("advance", people[:1]), follow_redirects=True).text
    assert "One person is advanced." in page
    assert "leave at" not in page


def test_the_form_sent_twice_decides_once(
    rae: FlaskClient, placed: tuple[UUID, list[UUID]]
) -> None:
    opening_id, people = placed
    sent = form("advance", people[:2])
    for _press in range(2):
        assert rae.post(path(opening_id), data=sent).status_code == 303
    assert len(session.scalars(select(Decision.id)).all()) == 2


def test_letters_taken_back_take_the_advances_back(
    rae: FlaskClient, placed: tuple[UUID, list[UUID]]
) -> None:
    opening_id, people = placed
    sent = form("advance", people[:2])
    rae.post(path(opening_id), data=sent)
    batch = UUID(str(sent["id"]))
    with writing():
        sendings.take_back(batch, by=staff("rae"))
    assert stages(people) == ["submitted"] * 3
    rows = [queries.shortlist_of(opening_id, 1).row_of(id) for id in people[:2]]
    for row in rows:
        assert row
        assert [made.verdict for made in row.verdicts] == ["advance", "hold"]
        assert all(made.told_at is None for made in row.verdicts)
    with at(now() + timedelta(minutes=11)):
        deliver()
    left = (Message.kind == "invitation") & (Message.batch == batch)
    assert set(session.scalars(select(Message.state).where(left))) == {"skipped"}
    assert "The rule proposes: advance 2, hold 1" in rae.get(path(opening_id)).text


def test_with_an_interval_letters_taken_back_end_the_waiting(app: Flask, rae: FlaskClient) -> None:
    opening_id, first, _second = two_steps(proposes="everybody", wait_days=2, open_days=3)
    people = [handed_in(opening_id, name) for name in ("Ada Byron", "Bo Lind")]
    marked_at(first, {})
    sent = form("advance", people)
    rae.post(path(opening_id), data=sent)
    with writing():
        sendings.take_back(UUID(str(sent["id"])), by=staff("rae"))
    assert stages(people) == ["submitted"] * 2


@pytest.mark.parametrize("wait_days", [0, 2])
def test_who_is_decided_about_otherwise_before_the_letter_leaves_gets_none(
    rae: FlaskClient, wait_days: int
) -> None:
    opening_id, first, _second = two_steps(proposes="everybody", wait_days=wait_days, open_days=3)
    people = [handed_in(opening_id, name) for name in ("Ada Byron", "Bo Lind")]
    marked_at(first, {})
    sent = form("advance", people)
    rae.post(path(opening_id), data=sent)
    decided(people[0], "decline", after=1, number=1)
    with at(now() + timedelta(minutes=11)):
        deliver()
    states = select(Message.state).where(Message.batch == UUID(str(sent["id"])))
    assert sorted(session.scalars(states)) == ["kept", "skipped"]
    row = queries.shortlist_of(opening_id, 1).row_of(people[0])
    assert row
    assert [made.told_at for made in row.verdicts] == [None, None]
    assert "Told on" not in rae.get(f"/staff/applications/{people[0]}/steps/1").text


def test_an_advance_that_came_after_is_not_taken_back_with_the_letters(
    rae: FlaskClient, placed: tuple[UUID, list[UUID]]
) -> None:
    opening_id, people = placed
    sent = form("advance", people[:2])
    rae.post(path(opening_id), data=sent)
    decided(people[0], "hold", after=1, number=1)
    decided(people[0], "advance", after=2, number=1)
    with writing():
        sendings.take_back(UUID(str(sent["id"])), by=staff("rae"))
    assert stages(people) == ["invited", "submitted", "submitted"]


def test_what_another_decided_meanwhile_is_told_and_the_others_go_on(
    rae: FlaskClient, placed: tuple[UUID, list[UUID]]
) -> None:
    opening_id, people = placed
    decided(people[0], "decline", by="ola")
    sent = form("advance", people[:2])
    page = rae.post(path(opening_id), data=sent, follow_redirects=True).text
    assert "About one of the people you ticked nothing was decided." in page
    assert "Ola Nwosu decided meanwhile" in page
    assert stages(people) == ["decided", "invited", "submitted"]


WRONG = [
    ({"person": []}, 422, "Nobody is ticked"),
    ({"reason": "no"}, 422, "Say why in three words or more"),
    ({"verdict": "decline"}, 422, "A rule proposes to advance or to hold"),
    ({"verdict": ""}, 422, "A rule proposes to advance or to hold"),
    ({"person": ["forged 0"]}, 404, ""),
    ({"person": [f"{UUID(int=5)} 0"]}, 404, ""),
    ({"person": [f"{UUID(int=5)}"]}, 404, ""),
]


@pytest.mark.parametrize(("given", "status", "told"), WRONG)
def test_what_is_wrong_decides_nothing_and_keeps_the_reason(
    rae: FlaskClient,
    placed: tuple[UUID, list[UUID]],
    given: dict[str, str],
    status: int,
    told: str,
) -> None:
    opening_id, people = placed
    sent = {**form("advance", people[:1], reason="A reason of my own."), **given}
    answer = rae.post(path(opening_id), data=sent)
    assert answer.status_code == status
    assert told in answer.text
    assert "person" not in given or status == 404 or "A reason of my own." in answer.text
    assert session.scalars(select(Decision.id)).all() == []


def test_people_of_another_opening_are_nobody_here(
    rae: FlaskClient, placed: tuple[UUID, list[UUID]]
) -> None:
    other, _first, _second = two_steps(proposes="everybody")
    assert rae.post(path(other), data=form("advance", placed[1])).status_code == 404
    assert stages(placed[1]) == ["submitted"] * 3
