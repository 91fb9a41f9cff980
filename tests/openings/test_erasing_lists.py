"""What erasing somebody does to the files of people that name them, in their opening and in others."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.openings import erasing, import_reading, importing
from hiring.openings.imports import Import, ImportRow
from tests import factories as make

ADDRESS = "kit@example.org"
SHEET = f"Name;E-mail\nKit Marlow;{ADDRESS}\nIlse Ackermann;ilse@example.org\n"
READ = {"encoding": "utf-8", "separator": ";", "heading": "y", "role": ["name", "address"]}


def erase(application_id: UUID) -> None:
    rae = make.staff("rae")
    with writing():
        assert erasing.erase(application_id, by=rae)
    session.expire_all()


def rows(import_id: UUID) -> list[tuple[str, str]]:
    """The line of each row and how it stands."""
    session.rollback()
    found = select(ImportRow.text, ImportRow.state).where(ImportRow.import_id == import_id)
    return [(row[0], row[1]) for row in session.execute(found.order_by(ImportRow.number))]


# ── In the opening where they were erased ──


@pytest.mark.parametrize("seen", ["0", "1"])
def test_a_list_that_was_read_before_brings_nobody_back(app: Flask, seen: str) -> None:
    opening_id, _step = make.opening()
    import_id, invitation = make.filed(opening_id, SHEET), make.invited(opening_id)
    read_before = import_reading.read(SHEET.encode())
    erase(invitation.application_id)
    with pytest.raises(Refused), writing():
        importing.reread(import_id, read_before, seen=seen)
    assert ("", "passed") in rows(import_id)
    assert session.get_one(Import, import_id).revision == 1


def test_reading_again_is_not_offered_when_the_file_is_gone(app: Flask) -> None:
    opening_id, _step = make.opening()
    import_id, invitation = make.filed(opening_id, SHEET), make.invited(opening_id)
    rae, page = make.signed_in(app, "rae"), f"/staff/openings/{opening_id}/imports/{import_id}"
    assert "Read it again" in rae.get(page).text
    erase(invitation.application_id)
    shown = rae.get(page).text
    assert "Read it again" not in shown
    assert "as somebody in it was erased" in shown
    pressed = rae.post(f"{page}/reading", data={**READ, "seen": "1"})
    assert "or somebody in it was erased" in pressed.text
    assert ("", "passed") in rows(import_id)
