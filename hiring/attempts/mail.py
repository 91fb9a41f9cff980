"""What candidates hear of an attempt: that their link ends soon, and the receipt of what arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from hiring.attempts import queries
from hiring.attempts.events import AttemptClosed, AttemptSubmitted, ReminderDue
from hiring.attempts.queries import Desk
from hiring.kernel.words import day, number_word
from hiring.openings.mail import link_of
from hiring.openings.models import Opening
from hiring.openings.queries import (
    application_of,
    contact_of,
    invitation_by_id,
    more_days,
    size_of,
)
from hiring.outbox.actions import write_mail
from hiring.people.queries import cards


def send_receipt(event: AttemptSubmitted) -> None:
    """The candidate handed in."""
    _send(event.attempt_id, event.application_id)


def send_receipt_at_the_end(event: AttemptClosed) -> None:
    """Time ended before they pressed: what was saved is handed in, and they are told so."""
    if event.by == "clock":
        _send(event.attempt_id, event.application_id)


def send_reminder(event: ReminderDue) -> None:
    """Their link ends soon, and they have not begun: when it ends, and how to have more days."""
    invitation = invitation_by_id(event.invitation_id)
    opening = invitation.step.opening
    person_id = invitation.application.person_id
    card = cards({person_id})[person_id]
    name = card.name if card.named else ""
    with force_locale(card.language):
        minutes, _tasks = size_of(invitation.step.version_id)
        write_mail(
            "reminder",
            to_address=card.address,
            to_name=name,
            subject=_(
                "Until %(day)s: %(title)s", day=day(invitation.expires_at), title=opening.title
            ),
            template="attempts/mail/reminder",
            values={
                "name": name,
                "title": opening.title,
                "minutes": minutes,
                "until": invitation.expires_at,
                "later": more_days(invitation),
                "contact": contact_of(opening).name,
                "link": link_of(invitation),
            },
            language=card.language,
            about=invitation.id,
            reply_to=contact_of(opening).address,
        )


def _send(attempt_id: UUID, application_id: UUID) -> None:
    application = application_of(application_id)
    card = cards({application.person_id})[application.person_id]
    with force_locale(card.language):
        values = _values(attempt_id, application.opening)
        write_mail(
            "receipt",
            to_address=card.address,
            to_name=card.name if card.named else "",
            subject=str(values["heading"]),
            template="attempts/mail/receipt",
            values={"name": card.name if card.named else "", **values},
            language=card.language,
            about=attempt_id,
            reply_to=contact_of(application.opening).address,
        )


def _values(attempt_id: UUID, opening: Opening) -> dict[str, Any]:
    desk = queries.desk_of(attempt_id)
    invitation = invitation_by_id(queries.invitation_id_of(attempt_id))
    return {
        "title": opening.title,
        "heading": heading_of(desk),
        "desk": desk,
        "submission": queries.submission_of(attempt_id),
        "hear_by": opening.hear_by,
        "contact": contact_of(opening).name,
        "link": link_of(invitation),
    }


def heading_of(desk: Desk) -> str:
    """*We have your four answers*, or that there are none, by hand or by the clock."""
    written = len(desk.works) - len(desk.empty_numbers)
    if not written and desk.timer.submitted_at is not None:
        return _("You handed in, and no task has an answer")
    if not written:
        return _("Your time ended, and no task has an answer")
    return ngettext(
        "We have your answer",
        "We have your %(number)s answers",
        written,
        number=number_word(written),
    )
