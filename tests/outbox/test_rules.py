"""Who sees how much, and when a mail is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hiring.outbox.rules import TRIES, Sight, sight_of, wait_after, without_keys


@pytest.mark.parametrize(
    ("roles", "blind", "sight"),
    [
        ({"owner"}, False, Sight.WHOLE),
        ({"owner", "reviewer"}, True, Sight.OUTSIDE),
        ({"recruiter"}, False, Sight.ENVELOPE),
        ({"recruiter"}, True, Sight.OUTSIDE),
    ],
)
def test_who_marks_sees_no_names(roles: set[str], blind: bool, sight: Sight) -> None:
    assert sight_of(frozenset(roles), blind=blind) is sight


def test_links_that_open_a_door_are_hidden_and_others_stay() -> None:
    key = "A-_9" * 11
    text = f'Open https://x.example/invitations/{key} or <a href="https://x.example/a/{key}/b">'
    shown = without_keys(text + " https://x.example/openings/customer-support-second-line")
    assert key not in shown.replace(f"{key}/b", "")
    assert "https://x.example/openings/customer-support-second-line" in shown


def test_waits_grow_to_two_hours_and_end_after_about_three_days() -> None:
    waits = [wait_after(n) for n in range(1, TRIES)]
    assert all(waits)
    known = [w for w in waits if w]
    assert known[0] == timedelta(minutes=1)
    assert known == sorted(known)
    assert known[-1] == timedelta(hours=2)
    assert timedelta(days=2) < sum(known, timedelta()) < timedelta(days=4)
    assert wait_after(TRIES) is None
