"""Who sees how much, and when a mail is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from hiring.outbox.rules import TRIES, Sight, sight_of, wait_after, why_not, without_keys


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


@pytest.mark.parametrize(
    ("state", "error", "told"),
    [
        ("held", "", "Nobody knows whether it arrived."),
        ("failed", "550 5.1.1 User unknown", "There is no such mailbox."),
        ("failed", "550 No such user here", "There is no such mailbox."),
        ("failed", "552 5.2.2 over quota", "The mailbox is full."),
        ("failed", "550 5.7.1 rejected by policy", "Their mail server does not take our mail."),
        ("failed", "550 5.1.2 bad domain", "There is no mail server by that name."),
        ("failed", "554 no", "Their mail server refused it."),
        ("failed", "451 try again later", "Their mail server could not be reached for days."),
        ("failed", "Unwritable: no", "No mail can go to this address."),
    ],
)
def test_why_a_letter_did_not_arrive_is_said_in_plain_words(
    app: Flask, state: str, error: str, told: str
) -> None:
    assert why_not(state, error) == told
