"""Applying by the public page: a stranger leaves an address, and the link goes there and nowhere else.

Whose address it is stays untold: every answer is the same, and a link opens only in that mailbox.
Whoever floods waits: one machine, all together, and each mailbox, which gets one letter in a quarter of
an hour. What is counted bears neither address nor machine.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from hiring.accounts.actions import knock, turn
from hiring.accounts.queries import addresses_of, id_of_account
from hiring.accounts.rules import Pace
from hiring.kernel.addresses import normalised
from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Refused
from hiring.kernel.tokens import pseudonym
from hiring.openings import notice, queries
from hiring.openings.events import PanelChanged, PersonApplied
from hiring.openings.models import Application, Invitation, Opening
from hiring.openings.panel import locked_panel
from hiring.openings.rules import end_of, last_day
from hiring.people.actions import keep_consent, person_for
from hiring.people.queries import cards, ids_by_address

BETWEEN_LETTERS = timedelta(minutes=15)
LONGEST_DELAY = timedelta(hours=2)  # of a letter that waits for those before it
# A school or an office behind one address may send its class; then one a minute.
MACHINE = Pace(30, timedelta(minutes=1))
TOGETHER = Pace(200, timedelta(seconds=3))
# What mail programs make a link of; "St.John" and "J.R. Ewing" are names.
_LEADS = re.compile(r"[@/]|\bwww\.|\w{2}\.[a-z]{2,}\b")
QUICKEST = timedelta(seconds=3)  # in which no person has read the page and typed two lines


@dataclass(frozen=True)
class Applicant:
    """Who applies, as typed, and the sentence they agreed to."""

    address: str
    name: str
    agreed_to: str


def drawn_now() -> str:
    """A stamp for the form, from which one learns how long it was read."""
    return str(_signer().dumps(int(now().timestamp())))


def is_ours(drawn: str) -> bool:
    """Whether a stamp is one of ours."""
    return _drawn_at(drawn) is not None


def too_quick(drawn: str) -> bool:
    """Whether a form came back faster than anyone types, or with a stamp that is not ours."""
    at = _drawn_at(drawn)
    return at is None or now().timestamp() - at < QUICKEST.total_seconds()


def _drawn_at(drawn: str) -> int | None:
    try:
        return int(_signer().loads(drawn))
    except (BadSignature, ValueError, TypeError):
        return None


def fault_of_name(name: str) -> str | None:
    """What is wrong with a stranger's name: our letter greets a mailbox of their choice with it, so it
    leads nowhere.
    """
    if _LEADS.search(name) is None:
        return None
    return _("There is an address in this name. Write the name alone.")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="applying")


def wait_for(machine: str) -> timedelta | None:
    """Count an application from a machine; how long to wait when there were too many, else None."""
    return knock({pseudonym("apply machine", machine): MACHINE, pseudonym("apply", ""): TOGETHER})


def apply(opening_id: UUID, applicant: Applicant) -> None:
    """Let somebody apply; their link goes to their address. Who is in the opening gets the same link again,
    or a new one when the first step's has ended; whose invitation was taken back is told so, by letter.

    Nothing is told of who is known here. Raises Refused when the opening takes no applications, or for
    what is no address.
    """
    opening = queries.opening_of(opening_id)
    address = normalised(applicant.address)
    letter = {pseudonym(f"apply letter {opening_id}", address): Pace(1, BETWEEN_LETTERS)}
    if knock(letter) is not None:
        return  # the link went there a moment ago
    at = turn(pseudonym("apply mailbox", address), every=BETWEEN_LETTERS)
    if at - now() > LONGEST_DELAY:
        return  # somebody types one address into every opening there is
    locked_panel(opening.steps[0].id)
    session.refresh(opening)
    if not notice.takes_applications(opening):
        raise Refused(_("This opening takes no applications any more."))
    invitation = _invitation_of(opening, applicant)
    announce(PersonApplied(invitation.id, invitation.application_id, not_before=at))


def _invitation_of(opening: Opening, applicant: Applicant) -> Invitation:
    person = person_for(applicant.address, name=applicant.name)
    keep_consent(
        person.id, purpose=f"opening:{opening.id}", act="public-page", text=applicant.agreed_to,
        expires_at=end_of(notice.kept_until(opening), queries.zone()),
    )  # fmt: skip
    mine = (Application.opening_id == opening.id) & (Application.person_id == person.id)
    application = session.scalars(select(Application).where(mine)).one_or_none()
    application = application or _application(opening, person.id)
    newest = _newest_link(application)
    return _link(application, opening) if newest is None or _begins_anew(newest) else newest


def _application(opening: Opening, person_id: UUID) -> Application:
    application = Application(
        opening_id=opening.id, person_id=person_id, step_id=opening.steps[0].id,
        applied_at=now(), by_form=True,
    )  # fmt: skip
    session.add(application)
    session.flush()
    return application


def _newest_link(application: Application) -> Invitation | None:
    """The newest link to the step where they are, else to one before; one whose letter waits can still
    be taken back, and is none.
    """
    left = (Invitation.invited_at <= now()) | Invitation.revoked_at.is_not(None)
    sent = (Invitation.application_id == application.id) & left
    there, gone = Invitation.step_id != application.step_id, Invitation.revoked_at.is_not(None)
    newest = (
        select(Invitation)
        .where(sent)
        .order_by(there, gone, Invitation.invited_at.desc(), Invitation.id)
    )
    return session.scalars(newest.limit(1)).one_or_none()


def _begins_anew(newest: Invitation) -> bool:
    """Whether a link has ended that a stranger would be given now; one that was taken back stays so."""
    ended = newest.revoked_at is None and newest.expires_at <= now()
    application = newest.application
    at_first = application.step_id == newest.step_id and newest.step.position == 1
    return ended and at_first and application.stage == "invited"


def _link(application: Application, opening: Opening) -> Invitation:
    """A new link; whoever answers for the opening has invited everyone who reads its page."""
    invitation = Invitation(
        application_id=application.id, step_id=application.step_id,
        invited_by=opening.contact_id, invited_at=now(), expires_at=_until(opening),
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    return invitation


def _until(opening: Opening) -> datetime:
    return end_of(last_day(queries.today(), opening.hear_by), queries.zone())


def stand_back(application_id: UUID) -> None:
    """Take an applicant who is of the house off the panels of the opening: nobody marks beside their own.

    Called when their work is handed in for good, so that it tells nobody when they began.
    """
    application = queries.application_of(application_id)
    card = cards([application.person_id])[application.person_id]
    account_id = id_of_account(normalised(card.address))
    for step in application.opening.steps:
        panel = locked_panel(step.id)
        if account_id is not None and account_id in panel.account_ids:
            for member in panel.members:
                if member.account_id == account_id and member.left_at is None:
                    member.left_at = now()
            session.flush()
            announce(PanelChanged(step_id=step.id, by=account_id))


def applicants_among(account_ids: Collection[UUID], opening_id: UUID) -> frozenset[UUID]:
    """Those of these accounts whose own work is handed in for this opening."""
    known = addresses_of(account_ids)
    people = ids_by_address(known.values())
    done = select(Application.person_id).where(
        Application.opening_id == opening_id, Application.stage.in_(("submitted", "decided"))
    )
    there = set(session.scalars(done.where(Application.person_id.in_(people.values()))))
    return frozenset(id for id, address in known.items() if people.get(address) in there)
