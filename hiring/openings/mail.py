"""The letters that bring a link, say that it lasts longer, or that the next one comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from hiring.kernel.database import session
from hiring.kernel.links import link
from hiring.kernel.tokens import seal
from hiring.kernel.words import clock, day
from hiring.openings import queries
from hiring.openings.events import (
    InvitationExtended,
    PeopleInvited,
    PersonApplied,
    QuestionsPassed,
    WentOn,
)
from hiring.openings.letters import (
    about,
    addressed,
    asked,
    common,
    why_applied,
    why_invited,
    why_let_through,
    why_not_applied,
)
from hiring.openings.models import Extension, Invitation, Opening, Step
from hiring.openings.rules import lasts_until
from hiring.openings.sendings import leaving
from hiring.outbox.actions import Addressed, write_letter, write_letters
from hiring.outbox.wordings import Filling, composed
from hiring.people.queries import cards

INVITATION = "attempts.invitation"  # a room above ours: named, not imported


def send_invitations(event: PeopleInvited) -> None:
    """Word the invitations into the outbox, in the act that invites."""
    here = Invitation.id.in_(event.invitation_ids)
    links = session.scalars(select(Invitation).where(here)).all()
    kind = inviting_to(links[0].step.opening)
    _send(kind, links, batch=event.batch, not_before=event.leaves_at)


def send_extension(event: InvitationExtended) -> None:
    """Say that the link lasts longer, in the act that lets it."""
    batch = session.get_one(Extension, event.extension_id).batch
    invitation = queries.invitation_by_id(event.invitation_id)
    _send("extension", [invitation], batch=batch, not_before=leaving(batch))


def send_link(event: PersonApplied) -> None:
    """Word the letter with the link for somebody who left their address on the public page, or the one
    that says that it was taken back: the page tells a stranger neither.
    """
    invitation = queries.invitation_by_id(event.invitation_id)
    kind = "withdrawn" if invitation.is_withdrawn else "applied"
    _send(kind, [invitation], batch=None, not_before=event.not_before)


def send_passage(event: QuestionsPassed) -> None:
    """Say to somebody whose answer stood in the way that they can start."""
    if link := queries.open_link(queries.application_of(event.application_id)):
        _send("let-through", [link], batch=None, not_before=None)


def send_way_on(event: WentOn) -> None:
    """Tell somebody that they are through, and when their invitation to the next step goes out."""
    application, step = queries.application_of(event.application_id), queries.step_of(event.step_id)
    card = cards([application.person_id])[application.person_id]
    name, opening = card.name if card.named else "", step.opening
    with force_locale(card.language):
        due = event.due_at.astimezone(queries.zone()).date()
        until = lasts_until(due, step.open_days, hear_by=opening.hear_by, zone=queries.zone())
        values = _said(step, until=until, word="") | common(opening, name=name, link="")
        values |= {"step": str(step.position), "steps": str(len(opening.steps)), "due": day(due)}
        why = _("You get this letter because you handed in work for this opening.")
        filling = Filling(values, opening.title, why, card.language)
        letter = Addressed(
            filling, card.address, name, about=application.id,
            reply_to=queries.contact_of(opening).address, batch=event.batch,
            not_before=event.leaves_at,
        )  # fmt: skip
        write_letter("way-on", letter)


def _send(
    kind: str,
    invitations: Sequence[Invitation],
    *,
    batch: UUID | None,
    not_before: datetime | None,
) -> None:
    """Lay a letter about each invitation; what is the same in many is worded once."""
    people = cards(invitation.application.person_id for invitation in invitations)
    alike, contact = cache(partial(_alike, kind)), cache(queries.contact_of)
    letters = []
    for invitation in invitations:
        card = people[invitation.application.person_id]
        with force_locale(card.language):
            same = alike(invitation.step, invitation.expires_at, invitation.word, card.language)
            name = card.name if card.named else ""
            said = {**same.values, **addressed(name, link_of(invitation))}
        filling = replace(same, values=said)
        to = contact(invitation.step.opening).address
        letters.append(Addressed(filling, card.address, name, invitation.id, to, batch, not_before))
    write_letters(kind, letters)


def _alike(kind: str, step: Step, until: datetime, word: str, language: str) -> Filling:
    """What everybody is told who has a link of this kind to a step, until the same moment."""
    whys = {
        "applied": why_applied,
        "withdrawn": why_not_applied,
        "let-through": why_let_through,
    }
    why = whys[kind]() if kind in whys else why_invited(step.opening)
    values = {**_said(step, until=until, word=word), **about(step.opening)}
    return Filling(values, step.opening.title, why, language)


def _said(step: Step, *, until: datetime, word: str) -> dict[str, str]:
    """What every letter of one sending says."""
    minutes, tasks = queries.size_of(step.version_id)
    return {
        "minutes": str(minutes),
        "tasks": ngettext("One task", "%(num)s tasks", tasks),
        "until": _("%(day)s, %(clock)s", day=day(until), clock=clock(until)),
        "day": day(until),
        "hear_by": day(step.opening.hear_by),
        "word": word.strip(),
        **asked(step),
        "page": page_of(step.opening),
    }


def inviting_to(opening: Opening) -> str:
    """The kind of letter that invites: colleagues who try an assessment are no candidates."""
    return "pilot" if opening.kind == "pilot" else "invitation"


def page_of(opening: Opening) -> str:
    """The address of its public page; a pilot has none."""
    return link("openings.public", slug=opening.slug) if opening.kind == "hiring" else ""


def preview(opening: Opening, *, name: str, until: datetime, word: str) -> str:
    """The letter that an invitation would bring, as text; its link is made when it is sent."""
    values = _said(opening.steps[0], until=until, word=word)
    values |= common(opening, name=name, link=_("(their own link)"))
    _subject, letter = composed(
        inviting_to(opening), Filling(values, opening.title, why_invited(opening), "en")
    )
    return letter.text


def link_of(invitation: Invitation) -> str:
    """The address that lets its holder take the step."""
    return link(INVITATION, token=seal("invitation", invitation.id))
