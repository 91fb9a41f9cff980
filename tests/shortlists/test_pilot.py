"""A pilot is an opening among us: out of every list, and what it tells is advice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hiring.attempts.closing import settle
from hiring.attempts.queries import minutes_taken
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.openings.models import Application, Invitation, Opening
from hiring.openings.queries import counts_by_state
from hiring.outbox.models import Message
from hiring.reviewing import actions as reviewing
from hiring.reviewing.models import Assignment
from hiring.reviewing.rules import Jotted
from tests.factories import (
    browser,
    opening,
    saved,
    sheet_for,
    signed_in,
    staff,
    started,
    submitted,
    version,
)

SITTERS = ("ana", "bo", "cy", "di", "ed")


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def begun(
    rae: FlaskClient,
    sitting: tuple[str, ...] = ("ana",),
    marking: tuple[str, ...] = ("vic", "wen"),
    **given: Any,
) -> Any:
    """Rae presses *Begin the pilot*."""
    version_id = given.pop("version_id", None) or version().id
    sent = {"sitting": [f"{staff(who)}" for who in sitting],
            "panel": [f"{staff(who)}" for who in marking], **given}  # fmt: skip
    return rae.post(f"/staff/versions/{version_id}/pilots", data=sent)


def sit(minutes: dict[str, int]) -> None:
    """Each sits it for so many minutes."""
    for who, took in minutes.items():
        rows = select(Invitation).join(Application, Application.id == Invitation.application_id)
        found = [row for row in session.scalars(rows) if f"{who}@" in address_of(row)]
        with at(now() + timedelta(seconds=1)):
            attempt_id = started(found[0])
            saved(attempt_id, "Done.")
        with at(now() + timedelta(minutes=took)):
            submitted(attempt_id)
        with at(now() + timedelta(minutes=took + 11)):
            assert settle(attempt_id)


def address_of(invitation: Invitation) -> str:
    about = select(Message.to_address).where(Message.about == invitation.id)
    return session.scalars(about).first() or ""


def pilot_id() -> UUID:
    return session.scalars(select(Opening.id).where(Opening.kind == "pilot")).one()


def told(client: FlaskClient) -> str:
    return client.get(f"/staff/openings/{pilot_id()}/pilot").text


def figures(page: str) -> set[str]:
    """The numbers that stand alone on a page."""
    return set(re.findall(r">\s*(\d+)\s*<", page))


def test_those_who_sit_it_are_written_to_and_it_stands_in_no_list(
    app: Flask, rae: FlaskClient
) -> None:
    answer = begun(rae, ("ana", "bo"))
    assert answer.status_code == 303
    page = rae.get(answer.location).text
    assert "Two of us take it" in page
    assert "A pilot tries an assessment among ourselves" in page
    for word in (
        "application,",
        "applications,",
        "Public page",
        "Shortlist",
        "hear by",
        "decide by",
    ):
        assert word not in page
    to = session.scalars(select(Message.to_address).where(Message.kind == "pilot"))
    assert sorted(to) == ["ana@osier.example", "bo@osier.example"]
    slug = session.get_one(Opening, pilot_id()).slug
    letters = list(session.scalars(select(Message.text).where(Message.kind == "pilot")))
    assert len(letters) == 2
    for text in letters:
        assert slug not in text  # there is no page to read
        assert "we try it among ourselves" in text
        assert "You hear by" not in text
    assert browser(app).get(f"/openings/{slug}").status_code == 404
    assert browser(app).post(f"/openings/{slug}/applications").status_code == 404
    outsider = browser(app)
    for client, path in ((outsider, "/"), (outsider, "/openings/feed.xml"), (rae, "/staff"),
                         (rae, "/staff/openings"), (rae, "/staff/openings?state=")):  # fmt: skip
        assert "Pilot:" not in client.get(path).text
    assert counts_by_state() == (0, 0)


def test_a_form_sent_twice_begins_one_pilot(app: Flask, rae: FlaskClient) -> None:
    sent = {"version_id": version().id, "id": f"{uuid4()}"}
    places = {begun(rae, **dict(sent)).location for _press in range(2)}
    assert len(places) == 1
    assert session.scalars(select(Opening.id)).one()


@pytest.mark.parametrize(
    ("sitting", "marking", "sentence"),
    [((), ("vic",), "Choose at least one"), (("vic",), ("vic", "wen"), "does not mark it")],
)
def test_whoever_sits_it_does_not_mark_it(
    rae: FlaskClient, sitting: tuple[str, ...], marking: tuple[str, ...], sentence: str
) -> None:
    answer = begun(rae, sitting, marking)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.scalars(select(Opening.id)).all() == []


def test_forged_ids_and_drafts_begin_nothing(rae: FlaskClient) -> None:
    assert rae.get(f"/staff/versions/{uuid4()}/pilots").status_code == 404
    path = f"/staff/versions/{version().id}/pilots"
    assert rae.post(path, data={"sitting": f"{uuid4()}"}).status_code == 422
    assert session.scalars(select(Opening.id)).all() == []


def test_of_fewer_than_five_only_who_sat_it_learns_the_minutes(
    app: Flask, rae: FlaskClient
) -> None:
    begun(rae, ("ola", "ana"))
    sit({"ola": 23, "ana": 31})
    page = told(rae)
    assert "fewer than five people" in page
    assert figures(page).isdisjoint({"23", "31"})
    page = told(signed_in(app, "ola"))
    assert "You took" in page
    assert figures(page) & {"23", "31"} == {"23"}


def test_of_five_the_minutes_are_told_and_candidates_are_not_told_them(
    app: Flask, rae: FlaskClient
) -> None:
    begun(rae, SITTERS)
    sit(dict(zip(SITTERS, (12, 14, 20, 22, 34), strict=True)))
    page = told(rae)
    assert "Half of them took at most" in page
    assert "fewer than five" not in page
    assert "One in ten needed" not in page
    opening = session.get_one(Opening, pilot_id())
    step = opening.steps[0]
    assert len(minutes_taken(step.version_id, step_id=step.id)) == 5
    assert minutes_taken(step.version_id) == []


def test_where_two_markers_lie_apart_the_criterion_is_named(app: Flask, rae: FlaskClient) -> None:
    begun(rae)
    sit({"ana": 20})
    for who, level in (("vic", 1), ("wen", 4)):
        mine = select(Assignment.id).where(Assignment.account_id == staff(who))
        for assignment_id in session.scalars(mine).all():
            by = staff(who)
            lines = sheet_for(assignment_id, by)
            with writing():
                sheet = {id: Jotted(level if n == 0 else 2, "") for n, id in enumerate(lines)}
                reviewing.finish(assignment_id, by=by, sheet=sheet)
    page = told(rae)
    assert "its anchors may be unclear" in page
    assert "Markers differed by two levels or more" in page
    assert "Vic" not in page


def test_who_still_marks_it_is_told_nothing(app: Flask, rae: FlaskClient) -> None:
    begun(rae, marking=("uma", "wen"))
    sit({"ana": 20})
    page = told(signed_in(app, "uma"))
    assert "Hidden from you while you mark" in page
    assert "Same level" not in page


def test_one_marker_is_said_to_show_no_differences(app: Flask, rae: FlaskClient) -> None:
    alone = begun(rae, ("ana",), ("vic",))
    assert "One review an answer shows no differences" in rae.get(alone.location).text


def test_the_page_of_the_version_leads_to_its_pilots(rae: FlaskClient) -> None:
    found = version()
    path = f"/staff/assessments/{found.assessment_id}/versions/{found.number}"
    assert '/pilot"' not in rae.get(path).text
    begun(rae, version_id=found.id)
    assert f"/staff/openings/{pilot_id()}/pilot" in rae.get(path).text


def test_an_opening_that_hires_is_no_pilot(rae: FlaskClient) -> None:
    opening_id, _step = opening()
    assert rae.get(f"/staff/openings/{opening_id}/pilot").status_code == 404


def test_the_minutes_change_at_every_fifth_so_that_one_more_cannot_be_reckoned_out(
    app: Flask, rae: FlaskClient
) -> None:
    begun(rae, (*SITTERS, "flo"))
    sit(dict(zip(SITTERS, (12, 14, 20, 22, 34), strict=True)))
    before = told(rae)
    assert "those of the first 5 who handed in" in before
    with at(now() + timedelta(hours=1)):
        sit({"flo": 2})
    after = told(rae)
    assert re.findall(r"of 6 people", after)
    assert figures(before) - {"5"} == figures(after) - {"6"}
