"""What an opening, its panel and an invitation may be."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from hiring.kernel.refusals import Refused
from hiring.openings import rules

TODAY = date(2026, 11, 21)
SLUGS = [
    ("Customer support, second line", "customer-support-second-line"),
    ("  C++ / Rust:  developer!  ", "c-rust-developer"),
    ("Büro & Straße, façade", "buro-strasse-facade"),
    ("İstanbul ofisi", "istanbul-ofisi"),
    ("Διαχειριστής αποθήκης", "διαχειριστής-αποθήκης"),
    ("Адміністраторка Київ", "адміністраторка-київ"),
    ("客服 二线", "客服-二线"),
    ("दूसरी पंक्ति सहायक", "दूसरी-पंक्ति-सहायक"),
    ("مهندس دعم", "مهندس-دعم"),
    ("🚲", "opening"),
    ("../../etc/passwd?x=1#y", "etc-passwd-x-1-y"),
    ("<script>", "script"),
]


@pytest.mark.parametrize(("title", "slug"), SLUGS)
def test_a_title_in_any_script_becomes_an_address(title: str, slug: str) -> None:
    assert rules.slug_of(title) == slug


def test_a_long_title_is_cut_and_ends_in_no_hyphen() -> None:
    assert rules.slug_of("a " * 500) == "a-" * 29 + "a"


@pytest.mark.parametrize("day", [TODAY, date(2020, 1, 1), date(2028, 11, 21), date.max])
def test_people_hear_on_a_day_to_come_within_two_years(app: Flask, day: date) -> None:
    with pytest.raises(Refused) as refusal:
        rules.check_hear_by(day, today=TODAY)
    assert refusal.value.field == "hear_by"


def test_an_invitation_ends_between_tonight_and_the_day_people_hear(app: Flask) -> None:
    hear_by = date(2026, 12, 11)
    for day in (TODAY, hear_by):
        rules.check_until(day, today=TODAY, hear_by=hear_by)
    for day in (date(2026, 11, 20), date(2026, 12, 12), date.min, date.max):
        with pytest.raises(Refused) as refusal:
            rules.check_until(day, today=TODAY, hear_by=hear_by)
        assert refusal.value.field == "until"


@pytest.mark.parametrize(
    ("hear_by", "last"),
    [
        (date(2026, 12, 31), date(2026, 12, 5)),
        (date(2026, 11, 25), date(2026, 11, 25)),
        (date(2026, 11, 1), TODAY),
    ],
)
def test_an_invitation_lasts_a_fortnight_unless_people_hear_before(
    hear_by: date, last: date
) -> None:
    assert rules.last_day(TODAY, hear_by) == last


def test_a_day_ends_where_the_organisation_is() -> None:
    end = rules.end_of(date(2026, 12, 11), ZoneInfo("Europe/Brussels"))
    assert end.isoformat() == "2026-12-11T23:59:00+01:00"


@pytest.mark.parametrize(
    ("wanted", "size", "told"), [(2, 0, "Nobody"), (3, 1, "one"), (3, 2, "2 people")]
)
def test_a_panel_that_is_too_small_is_told(app: Flask, wanted: int, size: int, told: str) -> None:
    assert told in str(rules.thin_panel(wanted, size))


def test_a_panel_of_as_many_as_wanted_is_enough(app: Flask) -> None:
    assert rules.thin_panel(2, 2) is None


@pytest.mark.parametrize("wanted", [0, 10, -1])
def test_an_answer_wants_one_to_nine_marks(app: Flask, wanted: int) -> None:
    with pytest.raises(Refused):
        rules.check_wanted_marks(wanted)
