"""What is a password, which roles are ours, and which zones the machine knows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from hiring.accounts.rules import checked_roles, checked_zone, password_fault
from hiring.accounts.zones import offered
from hiring.kernel.refusals import Refused


def test_roles_are_some_of_ours(app: Flask) -> None:
    assert checked_roles(["owner", "owner"]) == {"owner"}
    for wrong in ([], ["king"], ["owner", "king"]):
        with pytest.raises(Refused):
            checked_roles(wrong)


def test_a_zone_is_one_that_the_machine_knows(app: Flask) -> None:
    assert checked_zone("Europe/Brussels") == "Europe/Brussels"
    for wrong in ("Europe/Osier", "", "../etc/passwd"):
        with pytest.raises(Refused):
            checked_zone(wrong)


def test_zones_are_offered_by_region_and_city_with_their_distance_now(app: Flask) -> None:
    with app.test_request_context():
        winter = offered(datetime(2026, 1, 10, tzinfo=UTC), kept="Europe/Kiev")
        summer = offered(datetime(2026, 7, 10, tzinfo=UTC), kept="UTC")
    america, europe = winter["America"], winter["Europe"]
    assert isinstance(america, dict)
    assert isinstance(europe, dict)
    assert america["America/Argentina/Buenos_Aires"] == "Buenos Aires, Argentina (UTC−3)"
    assert america["America/St_Johns"] == "St Johns (UTC−3:30)"
    assert europe["Europe/Brussels"] == "Brussels (UTC+1)"
    assert europe["Europe/Kiev"] == "Kiev (UTC+2)"  # an old name that was kept stays to be chosen
    assert list(europe.values()) == sorted(europe.values())
    assert isinstance(summer["Europe"], dict)
    assert summer["Europe"]["Europe/Brussels"] == "Brussels (UTC+2)"
    assert "Europe/Kiev" not in summer["Europe"]
    every = [zone for zones in summer.values() if isinstance(zones, dict) for zone in zones]
    assert all(checked_zone(zone) for zone in ["UTC", *every])
    assert len(every) == len(set(every)) > 300


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("four otters under glass", True),
        ("ola brandt 2026!", False),  # little is left when the name is taken out
        ("osierosierosier", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("abcdefghijklmno", False),
        ("123456789012", False),
        ("passwordpassword", False),
        ("Password123!", False),
        ("P@ssw0rd2026!", False),
        ("qwertyuiop123", False),
        ("correcthorsebatterystaple", False),
        ("Welcome-2026!!", False),
        ("summer rain on the tin roof", True),  # a common word among others is no fault
        ("a bicycle for two people", True),
        ("k7#9x!2$Qz@1", True),
        ("李雷的四只水獭在玻璃下面睡觉", True),
    ],
)
def test_a_password_is_not_what_anybody_would_try_first(
    app: Flask, password: str, fine: bool
) -> None:
    about = ("ola@osier.example", "Ola Brandt", "Osier")
    assert (password_fault(password, about=about) is None) is fine
