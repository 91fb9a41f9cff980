"""The letters that invite: to the first step, to the next one, and to wait for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.links import link
from hiring.kernel.markdown import paragraphs
from hiring.kernel.tokens import seal
from hiring.kernel.words import day
from hiring.openings import queries
from hiring.openings.events import InvitationExtended, PersonApplied, PersonInvited, WentOn
from hiring.openings.models import Extension, Invitation, Opening, Step
from hiring.openings.rules import lasts_until
from hiring.openings.sendings import leaving
from hiring.outbox.actions import write_mail
from hiring.outbox.letters import worded
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
            not_before=invitation.invited_at if invitation.invited_at > now() else None,
        )


def send_extension(event: InvitationExtended) -> None:
    """Say that the link lasts longer, in the act that lets it."""
    invitation = queries.invitation_by_id(event.invitation_id)
    opening = invitation.application.opening
    card = cards([invitation.application.person_id])[invitation.application.person_id]
    extension = session.get_one(Extension, event.extension_id)
    with force_locale(card.language):
        write_mail(
            "extension",
            to_address=card.address,
            to_name=card.name if card.named else "",
            subject=_("Until %(day)s: %(title)s", day=day(event.until), title=opening.title),
            template="openings/mail/extension",
            values=_values(invitation, card),
            language=card.language,
            about=invitation.id,
            reply_to=queries.contact_of(opening).address,
            batch=extension.batch,
            not_before=leaving(extension.batch),
        )


def send_link(event: PersonApplied) -> None:
    """Word the letter with the link for somebody who left their address on the public page."""
    invitation = queries.invitation_by_id(event.invitation_id)
    person_id = invitation.application.person_id
    card, opening = cards([person_id])[person_id], invitation.application.opening
    with force_locale(card.language):
        write_mail(
            "applied",
            to_address=card.address,
            to_name=card.name if card.named else "",
            subject=_("Your link: %(title)s", title=opening.title),
            template="openings/mail/applied",
            values=_values(invitation, card),
            language=card.language,
            about=invitation.id,
            reply_to=queries.contact_of(opening).address,
            not_before=event.not_before,
        )


def send_way_on(event: WentOn) -> None:
    """Tell somebody that they are through, and when their invitation to the next step goes out."""
    application, step = queries.application_of(event.application_id), queries.step_of(event.step_id)
    card = cards([application.person_id])[application.person_id]
    name = card.name if card.named else ""
    with force_locale(card.language):
        until = lasts_until(
            event.due_at.astimezone(queries.zone()).date(),
            step.open_days,
            hear_by=step.opening.hear_by,
            zone=queries.zone(),
        )
        write_mail(
            "way-on",
            to_address=card.address,
            to_name=name,
            subject=_("You are through: %(title)s", title=step.opening.title),
            template="openings/mail/way_on",
            values={**_said(step, until=until, word=""), "name": name, "due": event.due_at},
            language=card.language,
            about=application.id,
            reply_to=queries.contact_of(step.opening).address,
            batch=event.batch,
            not_before=event.leaves_at,
        )


def _values(invitation: Invitation, card: PersonCard) -> dict[str, Any]:
    said = _said(invitation.step, until=invitation.expires_at, word=invitation.word)
    return {**said, "name": card.name if card.named else "", "link": link_of(invitation)}


def _said(step: Step, *, until: datetime, word: str) -> dict[str, Any]:
    """What every letter of one sending says."""
    opening = step.opening
    minutes, tasks = queries.size_of(step.version_id)
    return {
        "title": opening.title,
        "step": step.position,
        "steps": len(opening.steps),
        "after": [queries.size_of(one.version_id)[0] for one in opening.steps[step.position :]],
        "minutes": minutes,
        "tasks": tasks,
        "until": until,
        "hear_by": opening.hear_by,
        "word": word,
        "paragraphs": paragraphs(word),
        "contact": queries.contact_of(opening).name,
        "page": link("openings.public", slug=opening.slug),
    }


def preview(opening: Opening, *, name: str, until: datetime, word: str) -> str:
    """The letter that an invitation would bring, as text; its link is made when it is sent."""
    said = _said(opening.steps[0], until=until, word=word)
    blank = {"name": name, "to_name": name, "subject": "", "link": _("(their own link)")}
    return worded("openings/mail/invitation", {**said, **blank}, language="en").text


def link_of(invitation: Invitation) -> str:
    """The address that lets its holder take the step."""
    return link(INVITATION, token=seal("invitation", invitation.id))
