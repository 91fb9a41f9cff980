"""Today: who sees what as late, as waiting, as promised."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from hiring.kernel.clock import at, now
from hiring.kernel.database import writing
from hiring.openings.actions import close_opening
from hiring.openings.applications import note_stage
from tests.factories import assigned, browser, invited, opening, signed_in, staff


@pytest.mark.parametrize(("who", "status"), [("ola", 200), ("rae", 200), ("vic", 200), (None, 303)])
def test_today_is_for_staff(app: Flask, who: str | None, status: int) -> None:
    client = signed_in(app, who) if who else browser(app)
    assert client.get("/staff").status_code == status


def test_a_new_house_says_what_to_begin_with(app: Flask) -> None:
    page = signed_in(app, "rae").get("/staff").text
    assert "That is how it begins." in page
    assert 'href="/staff/openings"' in page


def test_a_reviewer_without_work_is_not_sent_to_rooms_that_are_closed_to_them(app: Flask) -> None:
    page = signed_in(app, "vic").get("/staff").text
    assert "Nothing waits for you." in page
    assert "/staff/openings" not in page


def test_what_waits_is_counted_as_the_rail_counts_it(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=8)
    page = signed_in(app, "vic").get("/staff").text
    assert "Today: 8 wait for you" in " ".join(page.split())
    assert '<b class="num ">8</b><span class="">wait for you</span>' in page


def test_a_link_says_what_is_done_and_the_line_under_it_where(app: Flask) -> None:
    opening_id, step_id = opening(title="Support lead", panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=8)
    page = signed_in(app, "vic").get("/staff").text
    assert link_and_line(page) == ("Mark 8 answers", "The invoice charged twice")
    invitation = invited(opening_id)
    with writing():
        note_stage(invitation.application_id, "submitted")
    page = signed_in(app, "rae").get("/staff").text
    assert link_and_line(page) == ("Decide about one person", "Support lead")


def link_and_line(page: str) -> tuple[str, str]:
    """The words of the first thing that waits, and the line under them."""
    found = re.search(
        r'<th role="rowheader".*?<a [^>]*>(.*?)</a>\s*<small>(.*?)</small>', page, re.S
    )
    assert found
    return found[1], found[2]


def test_an_opening_with_people_in_it_is_a_promise_and_one_without_is_none(app: Flask) -> None:
    opening_id, _step = opening(title="Support lead")
    rae = signed_in(app, "rae")
    assert "Support lead" not in rae.get("/staff").text
    invited(opening_id, "kit@example.org", "Kit Marlow")
    page = rae.get("/staff").text
    assert "Support lead: people hear" in page
    assert "1 person invited" in page
    assert "Kit" not in page


def test_a_promise_beyond_the_days_goes_on_into_later_and_has_no_end_there(app: Flask) -> None:
    invited(opening()[0])
    page = signed_in(app, "rae").get("/staff").text
    assert ">later</text>" in page
    assert 'class="due-mark"' not in page
    with at(now() + timedelta(days=20)):
        assert 'class="due-mark"' in signed_in(app, "rae").get("/staff").text


def test_a_question_without_an_answer_is_a_nought_and_no_section(app: Flask) -> None:
    invited(opening()[0])
    page = signed_in(app, "rae").get("/staff").text
    assert 'id="promised"' in page
    assert 'id="late"' not in page
    assert '<b class="num">0</b><span>late</span>' in page
    assert '<b class="num">0</b><span>waiting for you</span>' in page
    assert "Today: nothing waits for you" in page


def test_a_promise_past_its_day_is_late_while_someone_waits(app: Flask) -> None:
    opening_id, _step = opening(title="Support lead")
    one, two = invited(opening_id, "a@example.org"), invited(opening_id, "b@example.org")
    with writing():
        note_stage(one.application_id, "submitted")
        note_stage(two.application_id, "decided")
    with at(now() + timedelta(days=30)):
        page = signed_in(app, "rae").get("/staff").text
        assert "late since" in page
        assert "1 of 2 decided" in page
        with writing():
            note_stage(one.application_id, "decided")
        assert "late since" not in signed_in(app, "rae").get("/staff").text


def test_people_who_never_answered_are_owed_nothing_once_it_is_closed(app: Flask) -> None:
    opening_id, _step = opening(title="Support lead")
    invited(opening_id)
    rae = staff("rae")
    with writing():
        close_opening(opening_id, by=rae)
    assert "Support lead" not in signed_in(app, "rae").get("/staff").text


def test_another_recruiters_promise_carries_their_name(app: Flask) -> None:
    invited(opening()[0])
    assert "Rae Lindqvist" in signed_in(app, "ola").get("/staff").text
    assert "You" in signed_in(app, "rae").get("/staff").text
