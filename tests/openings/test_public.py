"""What stands around every public page."""

from __future__ import annotations

from flask import Flask

from hiring.accounts.models import Organisation
from hiring.kernel.database import session, writing
from tests.factories import browser


def test_the_foot_says_where_we_are_and_not_our_name_again(app: Flask) -> None:
    with writing():
        where = {"postal_address": "Dok Noord 7, Ghent", "time_zone": "Europe/Brussels"}
        session.add(Organisation(name="Osier", line="Cargo bikes", **where))
    for path in ("/", "/nothing-here"):
        page, _, foot = browser(app).get(path).text.partition("<footer>")
        assert "<p>Cargo bikes</p>" in page
        assert "Dok Noord 7, Ghent" in foot
        assert "Osier" not in foot
