"""How long others took, said on the invitation once ten have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from hiring.attempts.closing import settle
from hiring.attempts.queries import minutes_taken
from hiring.attempts.rules import Measured, measured
from hiring.kernel.clock import at, now
from hiring.kernel.tokens import seal
from tests import factories as make


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ([], None),
        ([20.0] * 9, None),
        ([20.0] * 10, Measured(20, 20)),
        ([float(n) for n in range(10, 31)], Measured(20, 28)),
        ([19.2] * 9 + [35.0], Measured(20, 21)),  # 19.2 in the middle is not 19; 20.78 is not 20
    ],
)
def test_what_is_said_of_the_minutes(minutes: Sequence[float], said: Measured | None) -> None:
    assert measured(minutes) == said


def took(opening_id: UUID, who: str, minutes: int, *, factor: float = 1.0, text: str = "x") -> None:
    """Somebody's attempt, begun now and handed in after so many minutes."""
    invitation = make.invited(opening_id, f"{who}@example.org", who)
    with at(now()) as begun:  # where the clock stands still
        attempt_id = make.started(invitation, factor=factor)
    with at(begun + timedelta(minutes=minutes)):
        make.saved(attempt_id, text)
        make.submitted(attempt_id)
    with at(begun + timedelta(minutes=minutes + 11)):
        assert settle(attempt_id)


def test_the_invitation_says_what_others_took_once_ten_have(app: Flask) -> None:
    opening_id, _step = make.opening()
    kit = make.invited(opening_id)
    address = f"/invitations/{seal('invitation', kit.id)}"
    for n in range(9):
        took(opening_id, f"P{n}", 20)
    took(opening_id, "Slower", 40, factor=1.5)
    assert "What others took" not in make.browser(app).get(address).text
    took(opening_id, "Tenth", 30)
    page = make.browser(app).get(address).text
    assert "What others took" in page
    assert "half of them at most that, nine in ten at most 21" in page
    taken = sorted(minutes_taken(kit.step.version_id))
    assert taken == [20.0] * 9 + [30.0]


def test_who_wrote_nothing_took_no_time(app: Flask) -> None:
    opening_id, _step = make.opening()
    took(opening_id, "Nobody", 5, text="")
    kit = make.invited(opening_id)
    assert minutes_taken(kit.step.version_id) == []
