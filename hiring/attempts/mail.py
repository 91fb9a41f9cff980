"""What candidates hear of an attempt: that their link ends soon, and the receipt of what arrived."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from hiring.attempts import queries
from hiring.attempts.events import AttemptClosed, AttemptSubmitted, ReminderDue
from hiring.attempts.queries import Desk
from hiring.kernel.words import clock, day, number_word
from hiring.openings.letters import common, why_applied
from hiring.openings.mail import link_of
from hiring.openings.models import Invitation
from hiring.openings.queries import (
    contact_of,
    invitation_by_id,
    more_days,
    size_of,
)
from hiring.outbox.actions import Addressed, write_letter
from hiring.outbox.wordings import Filling
from hiring.people.queries import PersonCard, cards


def send_receipt(event: AttemptSubmitted) -> None:
    """The candidate handed in."""
    _send(event.attempt_id)


def send_receipt_at_the_end(event: AttemptClosed) -> None:
    """Time ended before they pressed: what was saved is handed in, and they are told so."""
    if event.by == "clock":
        _send(event.attempt_id)


def send_reminder(event: ReminderDue) -> None:
    """Their link ends soon, and they have not begun: when it ends, and how to have more days."""
    invitation = invitation_by_id(event.invitation_id)
    card = _card(invitation)
    with force_locale(card.language):
        values = _ending(invitation)
        _write("reminder", invitation, card, values, why=_why(invitation), about=invitation.id)


def _why(invitation: Invitation) -> str:
    if invitation.application.by_form and invitation.step.position == 1:
        return f"{why_applied()} {_('We remind you this once.')}"
    return _(
        "You get this letter because %(contact)s invited you. We remind you twice at most: three"
        " days and one day before the link ends.",
        contact=contact_of(invitation.step.opening).name,
    )


def _ending(invitation: Invitation) -> dict[str, str]:
    """What a reminder says of the link."""
    until, later = invitation.expires_at, more_days(invitation)
    minutes, _tasks = size_of(invitation.step.version_id)
    return {
        "minutes": str(minutes),
        "until": _("%(day)s, %(clock)s", day=day(until), clock=clock(until)),
        "day": day(until),
        "later": day(later) if later else "",
    }


def _send(attempt_id: UUID) -> None:
    invitation = invitation_by_id(queries.invitation_id_of(attempt_id))
    card = _card(invitation)
    with force_locale(card.language):
        values = {**_arrived(attempt_id), "hear_by": day(invitation.step.opening.hear_by)}
        why = _("You get this letter because you took a task.")
        _write("receipt", invitation, card, values, why=why, about=attempt_id)


def _card(invitation: Invitation) -> PersonCard:
    person_id = invitation.application.person_id
    return cards({person_id})[person_id]


def _write(
    kind: str,
    invitation: Invitation,
    card: PersonCard,
    values: Mapping[str, str],
    *,
    why: str,
    about: UUID,
) -> None:
    opening, name = invitation.step.opening, card.name if card.named else ""
    said = {**common(opening, name=name, link=link_of(invitation)), **values}
    filling = Filling(said, opening.title, why, card.language)
    letter = Addressed(filling, card.address, name, about, contact_of(opening).address)
    write_letter(kind, letter)


def _arrived(attempt_id: UUID) -> dict[str, str]:
    """What a receipt says of the work."""
    desk, submission = queries.desk_of(attempt_id), queries.submission_of(attempt_id)
    assert submission is not None  # noqa: S101  a receipt is of one
    words = current_app.jinja_env.get_template("attempts/mail/_arrived.txt")
    until = desk.timer.takes_back_until
    back = ""
    if submission.by == "candidate" and until and until > submission.made_at:
        back = _("until %(clock)s, on your page", clock=clock(until))
    return {
        "heading": heading_of(desk),
        "arrived": words.render(desk=desk, submission=submission).strip(),
        "receipt": submission.code,
        "revision": _("revision %(number)s", number=submission.revisions),
        "take_back": back,
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
