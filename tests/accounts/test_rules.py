"""What is a password, which roles are ours, and which zones the machine knows."""

from __future__ import annotations

import pytest
from flask import Flask

from hiring.accounts.rules import checked_roles, checked_zone, password_fault
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


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("four otters under glass", True),
        ("ola brandt 2026!", False),  # little is left when the name is taken out
        ("osierosierosier", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("abcdefghijklmno", False),
        ("123456789012", False),
        ("李雷的四只水獭在玻璃下面睡觉", True),
    ],
)
def test_a_password_is_not_what_anybody_would_try_first(
    app: Flask, password: str, fine: bool
) -> None:
    about = ("ola@osier.example", "Ola Brandt", "Osier")
    assert (password_fault(password, about=about) is None) is fine
