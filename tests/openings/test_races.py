"""What recruiters press while candidates' attempts close, from separate processes on one database.

Seen to fail on PostgreSQL with what it is about taken back (an act for all the chosen, in
`views.working.repeat`); SQLite lets one writer in at a time, and shows that nobody is turned away.
"""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from hiring.kernel.database import session, writing
from hiring.openings.applications import note_stage
from hiring.openings.models import Invitation
from hiring.openings.panel import locked_panel
from tests.factories import invited, opening, signed_in
from tests.races import tell_held, together, wait_until_held

pytestmark = pytest.mark.race


def act(part: str, opening_id: str, step_id: str, application_ids: list[str]) -> str:
    """One of the two who meet: Rae at the roll, or the attempt of its last person as it closes."""
    return (
        sends(opening_id, application_ids) if part == "send" else closes(application_ids, step_id)
    )


def sends(opening_id: str, application_ids: list[str]) -> str:
    """Send everybody a fresh link, a moment after the closing has begun."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    rae = signed_in(app, "rae")
    wait_until_held()
    path = f"/staff/openings/{opening_id}/repeats"
    return str(rae.post(path, data={"application": application_ids}).status_code)


def closes(application_ids: list[str], step_id: str) -> str:
    """Lock as a closing attempt does: the application, and after a while the panel."""
    with writing():
        note_stage(UUID(application_ids[-1]), "invited")
        tell_held()
        time.sleep(1)
        locked_panel(UUID(step_id))
    return "closed"


def test_sending_again_and_closing_do_not_wait_for_each_other(app: Flask) -> None:
    opening_id, step_id = opening()
    people = [invited(opening_id, f"kit{n}@example.org") for n in range(3)]
    ids = sorted(str(one.application_id) for one in people)
    signed_in(app, "rae")
    session.rollback()
    both = ((part, str(opening_id), str(step_id), ids) for part in ("send", "close"))
    assert together(act, *both) == ["303", "closed"]
    assert session.scalar(select(func.count()).select_from(Invitation)) == 6
