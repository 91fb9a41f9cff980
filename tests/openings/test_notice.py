"""What the public page says of an opening's end, of what is kept and of who reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from hiring.accounts.models import Organisation
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.ledger.models import Entry
from hiring.openings import queries
from hiring.openings.actions import change_opening
from hiring.openings.notice import months_later
from tests.factories import browser, invited, opening, signed_in, staff
from tests.openings.test_views import facts, url


def public(app: Flask) -> str:
    return browser(app).get("/openings/support-lead").text


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 12, 11), 6, date(2027, 6, 11)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
        (date(2026, 12, 1), 36, date(2029, 12, 1)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_there_is(
    day: date, months: int, later: date
) -> None:
    assert months_later(day, months) == later


def test_the_page_says_until_when_one_may_apply_and_how_long_things_are_kept(app: Flask) -> None:
    hear_by = date(2027, 3, 31)
    with at(now().replace(year=2027, month=3, day=1)):
        opening(hear_by=hear_by, apply_by=date(2027, 3, 20), kept_months=11 - 5)
        page = public(app)
        assert "Saturday 20\u00a0March" in page
        assert "until Thursday 30 September, six months after the day by which you hear" in page
        assert "Open until" not in browser(app).get("/").text
        assert "open until Saturday 20 March" in browser(app).get("/").text
        feed = browser(app).get("/openings/feed.xml").text
        assert "open until Saturday 20 March" in feed
        assert "kept until Thursday 30 September" in feed


def test_who_reads_is_told_in_numbers_and_without_names(app: Flask) -> None:
    opening(panel=("vic", "wen", "zia"), wanted_marks=2)
    staff("ola")
    page = public(app)
    assert "Two of three reviewers read each answer" in page
    assert "Two people see your name" in page  # Rae and Ola
    assert "Okafor" not in page


def test_a_panel_that_is_not_complete_is_no_fraction(app: Flask) -> None:
    opening(panel=("vic",), wanted_marks=2)
    assert "Two reviewers read each answer" in public(app)


def test_after_the_closing_date_the_page_stays_and_the_opening_is_listed_no_more(
    app: Flask,
) -> None:
    today = queries.today()
    opening_id, _step = opening(apply_by=today)
    invitation = invited(opening_id)
    assert "ld+json" in public(app)
    with at(now() + timedelta(days=1)):
        page = public(app)
        assert "No more applications since" in page
        assert "ld+json" not in page
        assert 'content="noindex"' in page
        assert "Support lead" not in browser(app).get("/").text
        assert "Support lead" not in browser(app).get("/openings/feed.xml").text
        assert invitation.expires_at > now() + timedelta(days=10)


def test_a_search_engine_is_told_until_when(app: Flask) -> None:
    with writing():
        session.add(Organisation(name="Osier", time_zone="Europe/Brussels"))
    with at(now().replace(year=2027, month=3, day=1)):
        opening(hear_by=date(2027, 3, 31), apply_by=date(2027, 3, 29))
        [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', public(app))
        assert json.loads(data)["validThrough"] == "2027-03-29T23:59+02:00"


def test_the_notice_is_changed_and_the_ledger_keeps_what(app: Flask) -> None:
    opening_id, _step = opening()
    rae, day = signed_in(app, "rae"), queries.today() + timedelta(days=5)
    sent = facts(rae, opening_id, apply_by=f"{day}", kept_months="12")
    assert rae.post(url(opening_id, "/facts"), data=sent).status_code == 303
    found = queries.opening_of(opening_id)
    assert (found.apply_by, found.kept_months) == (day, 12)
    entry = session.query(Entry).filter_by(kind="opening-changed").one()
    assert entry.facts == {"changed": ["apply_by", "kept_months"]}


def test_a_closing_date_that_has_passed_may_stay(app: Flask) -> None:
    opening_id, _step = opening(apply_by=queries.today())
    with at(now() + timedelta(days=3)):
        rae = signed_in(app, "rae")
        sent = facts(rae, opening_id, pay="€ 2")
        assert rae.post(url(opening_id, "/facts"), data=sent).status_code == 303
        sent = facts(rae, opening_id, apply_by=f"{queries.today() - timedelta(days=1)}")
        assert "That day has passed" in rae.post(url(opening_id, "/facts"), data=sent).text


def test_people_cannot_be_told_before_they_may_apply(app: Flask) -> None:
    day = queries.today() + timedelta(days=20)
    opening_id, _step = opening(apply_by=day)
    found = queries.opening_of(opening_id)
    said = replace(queries.facts_of(found), hear_by=day - timedelta(days=1))
    seen = queries.facts_of(found).print
    with pytest.raises(Refused, match="after the day by which they hear"), writing():
        change_opening(opening_id, said, seen=seen, by=staff("rae"))


def test_the_day_of_posting_is_that_of_the_house(app: Flask) -> None:
    with writing():
        session.add(Organisation(name="Osier", time_zone="Europe/Brussels"))
    with at(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)):
        opening()
        told = re.search(r'application/ld\+json">(.+?)</script>', public(app))
    assert told
    assert json.loads(told[1])["datePosted"] == "2026-11-22"
