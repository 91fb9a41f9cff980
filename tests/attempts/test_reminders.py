"""Letters that remind who has not begun, and more days by a press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from hiring.attempts.rules import reminder_due
from hiring.attempts.tasks import remind_due
from hiring.kernel.clock import at
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.kernel.tokens import seal
from hiring.openings.actions import close_opening
from hiring.openings.inviting import invite_again, revoke_invitation, take_more_days
from hiring.openings.mail import link_of
from hiring.openings.models import Application, Invitation, MoreDays
from hiring.outbox.models import Message
from tests import factories as make
from tests.races import together

MAILS = Path(__file__).parent / "mails"
NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def invitation(app: Flask) -> Iterator[Invitation]:
    """Kit is invited at noon, for ten days; people hear a day after the third week."""
    with at(NOON):
        opening_id, _step = make.opening(title="Support lead")
        yield make.invited(opening_id, expires_at=NOON + 10 * DAY)


def reminders() -> int:
    session.rollback()
    return (
        session.scalar(select(func.count()).select_from(Message).where(Message.kind == "reminder"))
        or 0
    )


def swept(moment: datetime) -> int:
    """How many were reminded by sweeps at this moment: the second finds nothing to do."""
    with at(moment):
        done = remind_due()
        assert remind_due() == 0
    return done


@pytest.mark.parametrize(
    ("days", "hours", "due"),
    [
        (10, 6 * 24, None),
        (10, 7 * 24, 7),
        (10, 8 * 24, 7),
        (10, 9 * 24, 9),
        (10, 10 * 24, None),  # it has ended
        (4, 24, 1),
        (3, 1, None),  # invited for three days: the first would come at once
        (3, 48, 2),
        (1, 1, None),
    ],
)
def test_when_a_reminder_is_due(days: int, hours: int, due: int | None) -> None:
    times = {"invited_at": NOON, "expires_at": NOON + days * DAY}
    owed = reminder_due(**times, at=NOON + hours * HOUR, once=False)
    assert owed == (None if due is None else NOON + due * DAY)


def test_who_has_not_begun_is_reminded_three_days_and_one_day_before(
    invitation: Invitation,
) -> None:
    assert swept(NOON + 7 * DAY - HOUR) == 0
    assert swept(NOON + 7 * DAY) == 1
    assert swept(NOON + 8 * DAY) == 0
    assert swept(NOON + 9 * DAY + HOUR) == 1
    assert swept(NOON + 10 * DAY) == 0
    assert reminders() == 2
    first = session.scalars(select(Message).where(Message.kind == "reminder")).first()
    assert first is not None
    assert first.subject == "Until Tuesday 24 November: Support lead"
    assert (first.to_address, first.reply_to) == ("kit@example.org", "rae@osier.example")
    assert first.text.replace(link_of(invitation), "LINK") == (MAILS / "reminder.txt").read_text()


def test_an_address_that_anybody_may_have_typed_is_reminded_once_and_told_why(
    invitation: Invitation,
) -> None:
    with writing():
        session.get_one(Application, invitation.application_id).by_form = True
    assert swept(NOON + 7 * DAY) == 0
    assert swept(NOON + 9 * DAY) == 1
    assert swept(NOON + 9 * DAY + HOUR) == 0
    letter = session.scalars(select(Message).where(Message.kind == "reminder")).one()
    assert "because this address was left on the page of the opening" in letter.text
    assert "We remind you this once." in letter.text
    assert "invited you" not in letter.text.split("You get this letter", 1)[1]


def test_a_worker_that_was_down_reminds_of_the_last_only(invitation: Invitation) -> None:
    assert swept(NOON + 9 * DAY + HOUR) == 1
    assert reminders() == 1


def test_who_began_or_whose_link_or_step_is_closed_is_left_in_peace(invitation: Invitation) -> None:
    opening_id = invitation.application.opening_id
    revoked = make.invited(opening_id, "ana@example.org", expires_at=NOON + 10 * DAY)
    with at(NOON + DAY):
        make.started(invitation)
        with writing():
            revoke_invitation(revoked.application_id, by=make.staff("rae"))
    assert swept(NOON + 8 * DAY) == 0
    make.invited(opening_id, "bo@example.org", expires_at=NOON + 10 * DAY)
    with writing():
        close_opening(opening_id, by=make.staff("rae"))
    assert swept(NOON + 8 * DAY) == 0


def test_of_two_links_the_one_that_lasts_longest_counts(invitation: Invitation) -> None:
    with at(NOON + 6 * DAY), writing():
        invite_again(invitation.application_id, expires_at=NOON + 14 * DAY, by=make.staff("rae"))
    assert swept(NOON + 8 * DAY) == 0
    assert swept(NOON + 11 * DAY) == 1


def remind_in_another_process(moment: str) -> int:
    """What each process of the race does."""
    with at(datetime.fromisoformat(moment)):
        return remind_due()


@pytest.mark.race
def test_two_workers_remind_once(invitation: Invitation) -> None:
    moment = (NOON + 8 * DAY).isoformat()
    assert sum(together(remind_in_another_process, [moment], [moment], [moment])) == 1
    assert reminders() == 1


# ── more days ────────────────────────────────────────────────────────────────


def more(invitation: Invitation) -> datetime:
    with writing():
        return take_more_days(invitation.id).expires_at


def test_one_press_gives_five_more_days_once(app: Flask, invitation: Invitation) -> None:
    kit, token = make.browser(app), seal("invitation", invitation.id)
    assert "I need more days" in kit.get(f"/invitations/{token}").text
    for _press in range(2):
        assert kit.post(f"/invitations/{token}/more-days").status_code == 303
    page = kit.get(f"/invitations/{token}").text
    assert "You have until Sunday 29 November" in page
    assert "I need more days" not in page
    row = session.scalars(select(MoreDays)).one()
    assert (row.ended_at, row.invitation_id) == (NOON + 10 * DAY, invitation.id)
    assert swept(NOON + 9 * DAY) == 0
    assert swept(NOON + 12 * DAY) == 1


def test_the_days_end_before_people_hear(app: Flask) -> None:
    with at(NOON):
        hear_by = (NOON + 12 * DAY).date()
        opening_id, _step = make.opening(hear_by=hear_by)
        invitation = make.invited(opening_id, expires_at=NOON + 10 * DAY)
        assert more(invitation) == datetime(2026, 11, 26, 23, 59, tzinfo=UTC)


def test_a_link_that_has_ended_can_still_be_made_to_last(
    app: Flask, invitation: Invitation
) -> None:
    kit, token = make.browser(app), seal("invitation", invitation.id)
    with at(NOON + 11 * DAY):
        ended = kit.get(f"/invitations/{token}")
        assert ended.status_code == 410
        assert "I need more days" in ended.text
        assert kit.post(f"/invitations/{token}/more-days").status_code == 303
        assert kit.get(f"/invitations/{token}").status_code == 200
    with at(NOON + 16 * DAY):
        ended = kit.get(f"/invitations/{token}")
        assert ended.status_code == 410
        assert "I need more days" not in ended.text
        with pytest.raises(Refused, match="no more days"):
            more(invitation)


def test_a_link_that_was_taken_back_gives_no_days(invitation: Invitation) -> None:
    with writing():
        revoke_invitation(invitation.application_id, by=make.staff("rae"))
    with pytest.raises(Refused):
        more(invitation)


def test_who_has_begun_needs_no_days(app: Flask, invitation: Invitation) -> None:
    make.started(invitation)
    token = seal("invitation", invitation.id)
    assert make.browser(app).post(f"/invitations/{token}/more-days").status_code == 303
    assert session.scalars(select(MoreDays)).all() == []


def take_in_another_process(invitation_id: str) -> str:
    """What each process of the race does."""
    with at(NOON + HOUR), writing():
        return take_more_days(UUID(invitation_id)).expires_at.isoformat()


@pytest.mark.race
def test_presses_at_once_give_the_days_once(invitation: Invitation) -> None:
    told = together(take_in_another_process, *[[str(invitation.id)]] * 4)
    assert {datetime.fromisoformat(one) for one in told} == {NOON + 15 * DAY}
