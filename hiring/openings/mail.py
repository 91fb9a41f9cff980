"""The letter that invites."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from hiring.kernel.links import link
from hiring.kernel.markdown import paragraphs
from hiring.kernel.tokens import seal
from hiring.openings import queries
from hiring.openings.events import PersonInvited
from hiring.openings.models import Invitation
from hiring.outbox.actions import write_mail
from hiring.people.queries import PersonCard, cards

INVITATION = "attempts.invitation"  # a room above ours: named, not imported


def send_invitation(event: PersonInvited) -> None:
    """Word the invitation into the outbox, in the act that invites."""
    invitation = queries.invitation_by_id(event.invitation_id)
    person_id = invitation.application.person_id
    card = cards([person_id])[person_id]
    opening = invitation.application.opening
    with force_locale(card.language):
        write_mail(
            "invitation",
            to_address=card.address,
            to_name=card.name if card.named else "",
            subject=_("A task for you: %(title)s", title=opening.title),
            template="openings/mail/invitation",
            values=_values(invitation, card),
            language=card.language,
            about=invitation.id,
            reply_to=queries.contact_of(opening).address,
            batch=invitation.batch,
        )


def _values(invitation: Invitation, card: PersonCard) -> dict[str, Any]:
    opening = invitation.application.opening
    minutes, tasks = queries.size_of(invitation.step.version_id)
    return {
        "name": card.name if card.named else "",
        "title": opening.title,
        "minutes": minutes,
        "tasks": tasks,
        "until": invitation.expires_at,
        "hear_by": opening.hear_by,
        "word": invitation.word,
        "paragraphs": paragraphs(invitation.word),
        "contact": queries.contact_of(opening).name,
        "link": link_of(invitation),
        "page": link("openings.public", slug=opening.slug),
    }


def link_of(invitation: Invitation) -> str:
    """The address that lets its holder take the step."""
    return link(INVITATION, token=seal("invitation", invitation.id))
