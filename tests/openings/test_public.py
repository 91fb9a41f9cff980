"""What stands around every public page."""

from __future__ import annotations

from flask import Flask

from hiring.accounts.models import Organisation
from hiring.kernel.database import session, writing
from tests.factories import browser


def test_the_foot_says_where_we_are_and_not_our_name_again(app: Flask) -> None:
    with writing():
        address = "Dok Noord 7, Ghent"
        session.add(Organisation(name="Osier", postal_address=address, time_zone="Europe/Brussels"))
    for path in ("/", "/nothing-here"):
        foot = browser(app).get(path).text.partition("<footer>")[2]
        assert address in foot
        assert "Osier" not in foot
