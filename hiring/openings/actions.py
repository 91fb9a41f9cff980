"""Opening, panel, inviting, closing: one verb per business act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError

from hiring.accounts.queries import reviewers
from hiring.assessments.models import Version
from hiring.kernel.addresses import normalised
from hiring.kernel.clock import now
from hiring.kernel.database import locked, made_before, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.words import day
from hiring.openings import notice, queries, rules
from hiring.openings.applying import applicants_among
from hiring.openings.events import (
    InvitationRevoked,
    NameCorrected,
    OpeningChanged,
    OpeningCreated,
    PanelChanged,
    PersonInvited,
    StepClosed,
)
from hiring.openings.models import (
    FACTS,
    STAGES,
    Application,
    DueInvitation,
    Invitation,
    MoreDays,
    Opening,
    Step,
)
from hiring.openings.panel import Panel, PanelMember, locked_panel
from hiring.openings.rules import Guest, StepPlan
from hiring.openings.sendings import leaving
from hiring.outbox.actions import take_back_about
from hiring.people.actions import person_for, rename
from hiring.people.rules import sought


def create_opening(
    title: str,
    *,
    terms: str,
    pay: str,
    hear_by: date,
    steps: Sequence[StepPlan],
    by: UUID,
    place: str = "",
    about: str = "",
    apply_by: date | None = None,
    kept_months: int = 6,
    public_form: bool = False,
    id: UUID | None = None,
) -> Opening:
    """An opening of some steps, each on a published version, with the accounts that mark it.

    The same `id` again gives what was made before. Raises Missing when it is another's.
    """
    id = id or uuid4()
    if known := made_before(Opening, id, maker="contact_id", by=by):
        return known
    rules.check_hear_by(hear_by, today=queries.today())
    notice.check_apply_by(apply_by, today=queries.today(), hear_by=hear_by)
    notice.check_kept(kept_months)
    rules.check_number_of_steps(len(steps))
    days = [(plan.wait_days, plan.open_days) for plan in steps[1:]]
    rules.check_fit(days, today=queries.today(), hear_by=hear_by)
    for plan in steps:
        check_plan(plan)
    opening = Opening(
        id=id, title=title, sought=sought(title), terms=terms, pay=pay, place=place, about=about,
        hear_by=hear_by, apply_by=apply_by, kept_months=kept_months, public_form=public_form,
        contact_id=by, created_at=now(),
    )  # fmt: skip
    _give_address(opening)
    for position, plan in enumerate(steps, start=1):
        make_step(opening.id, plan, position=position)
    session.refresh(opening)
    announce(OpeningCreated(opening_id=opening.id, by=by))
    return opening


def check_plan(plan: StepPlan) -> None:
    """What a new step rests on. Raises Refused."""
    rules.check_wanted_marks(plan.wanted_marks)
    rules.check_interval(plan.wait_days, plan.open_days)
    rules.check_rule(plan.proposes, plan.bar)
    _check_published(plan.version_id)
    _check_reviewers(plan.panel)


def make_step(opening_id: UUID, plan: StepPlan, *, position: int, id: UUID | None = None) -> Step:
    """A step and its panel; what it rests on is checked before."""
    step = Step(
        id=id or uuid4(), opening_id=opening_id, position=position, version_id=plan.version_id,
        wait_days=plan.wait_days, open_days=plan.open_days, proposes=plan.proposes,
        bar=plan.bar if plan.proposes in {"mean", "best"} else None,
    )  # fmt: skip
    session.add(step)
    session.flush()
    session.add(Panel(step_id=step.id, wanted_marks=plan.wanted_marks))
    session.flush()
    session.add_all(
        PanelMember(step_id=step.id, account_id=id, joined_at=now()) for id in set(plan.panel)
    )
    session.flush()
    return step


def _check_published(version_id: UUID) -> None:
    version = session.get(Version, version_id)
    if version is None or version.published_at is None:
        told = _("That assessment is not published, or it is gone. Choose another one.")
        raise Refused(told, field="version")


def _check_reviewers(panel: Iterable[UUID]) -> None:
    if not set(panel) <= {account.id for account in reviewers()}:
        told = _("Someone on this panel is no reviewer any more. Look through the names again.")
        raise Refused(told, field="panel")


def _give_address(opening: Opening) -> None:
    """Insert the opening under the first address that is free; two equal titles may race for one."""
    for slug in _addresses(rules.slug_of(opening.title)):
        if session.scalar(select(Opening.id).where(Opening.slug == slug)):
            continue
        opening.slug = slug
        try:
            with session.begin_nested():
                session.add(opening)
                session.flush()
        except IntegrityError:
            continue
        return


def _addresses(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def change_opening(
    opening_id: UUID,
    *,
    title: str,
    terms: str,
    pay: str,
    hear_by: date,
    place: str,
    about: str,
    apply_by: date | None,
    kept_months: int,
    public_form: bool,
    seen: str,
    by: UUID,
) -> Opening:
    """Say otherwise what is hired for, what is paid, and by when people hear; the address stays.

    `seen` is the print of what was read before: what another changed meanwhile is not overwritten.
    """
    opening = _locked_opening(opening_id)
    stood = queries.facts_of(opening)
    said = {"title": title, "terms": terms, "pay": pay, "place": place, "about": about,
            "hear_by": hear_by, "apply_by": apply_by, "kept_months": kept_months,
            "public_form": public_form}  # fmt: skip
    changed = tuple(name for name in FACTS if said[name] != stood[name])
    if not changed:
        return opening
    _check_seen(seen, stood)
    if "hear_by" in changed:
        rules.check_hear_by(hear_by, today=queries.today())
        rules.check_links_end(queries.last_link(opening_id), hear_by, zone=queries.zone())
        rules.check_due(queries.last_due(opening_id), hear_by, zone=queries.zone())
    if {"hear_by", "apply_by"} & {*changed}:
        passed = "apply_by" not in changed  # a day that stood and has passed may stay
        today = (apply_by or hear_by) if passed else queries.today()
        notice.check_apply_by(apply_by, today=today, hear_by=hear_by)
    notice.check_kept(kept_months)
    for name in changed:
        setattr(opening, name, said[name])
    opening.sought = sought(title)
    session.flush()
    announce(OpeningChanged(opening_id, changed, stood["hear_by"], hear_by, by))
    return opening


def _locked_opening(opening_id: UUID) -> Opening:
    opening = locked(select(Opening).where(Opening.id == opening_id))
    if opening is None:
        raise Missing
    return opening


def _check_seen(seen: str, stood: dict[str, Any]) -> None:
    if seen != rules.print_of(stood):
        told = _(
            "Somebody changed this opening after you opened the form. What you typed is here; look at"
            " the public page, then press again to let yours stand."
        )
        raise Refused(told)


def change_panel(
    step_id: UUID,
    *,
    members: Collection[UUID],
    wanted_marks: int,
    by: UUID,
    seen: str | None = None,
) -> Panel:
    """Who marks the step from now on, and how many marks an answer wants. Past members stay on record.

    `seen` is the print of the panel that a form showed: what came meanwhile is not overwritten.
    """
    rules.check_wanted_marks(wanted_marks)
    panel = locked_panel(step_id)
    if seen is not None and seen != panel.print:
        raise Refused(
            _("Somebody changed the panel meanwhile. Open this page again; nothing was changed.")
        )
    _check_reviewers(set(members) - panel.account_ids)
    opening_id = queries.step_of(step_id).opening_id
    check_no_applicant(set(members) - panel.account_ids, opening_id)
    for member in panel.members:
        if member.left_at is None and member.account_id not in members:
            member.left_at = now()
    for account_id in set(members) - panel.account_ids:
        panel.members.append(PanelMember(step_id=step_id, account_id=account_id, joined_at=now()))
    panel.wanted_marks = wanted_marks
    session.flush()
    announce(PanelChanged(step_id=step_id, by=by))
    return panel


def check_no_applicant(account_ids: Collection[UUID], opening_id: UUID) -> None:
    """Nobody marks beside their own work. Raises Refused."""
    if applicants_among(account_ids, opening_id):
        told = _("Somebody you added takes part in this opening, so they cannot mark it.")
        raise Refused(told, field="panel")


def invite(
    opening_id: UUID,
    *,
    guests: Collection[Guest],
    expires_at: datetime,
    by: UUID,
    word: str = "",
    batch: UUID | None = None,
) -> list[Invitation]:
    """Invite people to the first step; who is in the opening already is passed over.

    `batch` names the sending: the same one again sends nothing twice, and tells of what it sent before.
    One that was begun with `sendings.begin` leaves when that says, though it comes in many acts.
    """
    opening = queries.opening_of(opening_id)
    step = opening.steps[0]
    leaves_at = leaving(batch)
    _check_open(locked_panel(step.id))
    _check_lasts(expires_at, leaves_at)
    made = []
    for guest in sorted(guests, key=lambda guest: normalised(guest.address)):
        person = person_for(guest.address, name=guest.name)
        application = _application_of(person.id, opening_id=opening_id)
        if application is None:
            application = _apply(person.id, opening_id=opening_id, step_id=step.id, came_by=batch)
            times = {"invited_at": leaves_at or now(), "expires_at": expires_at}
            made.append(send(application, **times, word=word, by=by, batch=batch))
        elif batch:
            made += _sent(application, batch)
    return made


def _check_open(panel: Panel) -> None:
    if panel.closed_at is not None:
        raise Refused(_("This opening takes no more answers, so nobody was invited."))


def _check_lasts(expires_at: datetime, leaves_at: datetime | None) -> None:
    if expires_at <= now():
        told = _("That day has passed. Invitations are open at least until tonight.")
        raise Refused(told, field="until")
    if leaves_at and expires_at <= leaves_at:
        told = _("The letters leave in ten minutes, when that day is over. Choose a later one.")
        raise Refused(told, field="until")


def _application_of(person_id: UUID, *, opening_id: UUID) -> Application | None:
    there = (Application.opening_id == opening_id) & (Application.person_id == person_id)
    return session.scalars(select(Application).where(there)).one_or_none()


def _apply(
    person_id: UUID, *, opening_id: UUID, step_id: UUID, came_by: UUID | None
) -> Application:
    application = Application(
        opening_id=opening_id, person_id=person_id, step_id=step_id, applied_at=now(),
        came_by=came_by,
    )  # fmt: skip
    session.add(application)
    session.flush()
    return application


def _sent(application: Application, batch: UUID) -> Sequence[Invitation]:
    here = (Invitation.application_id == application.id) & (Invitation.batch == batch)
    return session.scalars(select(Invitation).where(here)).all()


def send(
    application: Application,
    *,
    invited_at: datetime,
    expires_at: datetime,
    word: str,
    by: UUID,
    batch: UUID | None,
) -> Invitation:
    """Invite somebody to the step where they are, whatever the caller has checked."""
    invitation = Invitation(
        application_id=application.id, step_id=application.step_id, invited_by=by,
        invited_at=invited_at, expires_at=expires_at, word=word, batch=batch,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    announce(PersonInvited(invitation_id=invitation.id, application_id=application.id, by=by))
    return invitation


def invite_again(
    application_id: UUID,
    *,
    expires_at: datetime,
    by: UUID,
    word: str = "",
    batch: UUID | None = None,
) -> Invitation:
    """A fresh link for someone who has not submitted. Links sent before stay as they were.

    `batch` names the sending: the same one again sends nothing and returns what it sent before.
    """
    leaves_at = leaving(batch)
    application = _locked_application(application_id)
    if batch and (sent := _sent(application, batch)):
        return sent[0]
    _check_open(locked_panel(application.step_id))
    _check_waits(application)
    _check_lasts(expires_at, leaves_at)
    if leaves_at is not None:
        _check_not_due(application)
    _forget_due(DueInvitation.application_id == application.id)
    times = {"invited_at": leaves_at or now(), "expires_at": expires_at}
    return send(application, **times, word=word, by=by, batch=batch)


def _check_not_due(application: Application) -> None:
    """What is taken back is as before, and an invitation that was ended for it would not come again."""
    due = session.get(DueInvitation, application.id)
    if due is not None:
        told = _("Their invitation goes out on %(day)s by itself. To send it sooner, choose them alone.",
                 day=day(due.due_at))  # fmt: skip
        raise Refused(told)


def revoke_invitation(application_id: UUID, *, by: UUID) -> list[Invitation]:
    """Take back every open link of someone who has not submitted; a fresh one can be sent later."""
    application = _locked_application(application_id)
    _check_waits(application)
    links = session.scalars(
        select(Invitation).where(
            Invitation.application_id == application.id,
            Invitation.step_id == application.step_id,
            Invitation.revoked_at.is_(None),
        )
    ).all()
    for invitation in links:
        invitation.revoked_at = now()
    _forget_due(DueInvitation.application_id == application.id)
    session.flush()
    ids = tuple(invitation.id for invitation in links)
    take_back_about([*ids, application.id])  # or the letter that says when the next one goes out
    if ids:
        announce(InvitationRevoked(application_id=application_id, invitation_ids=ids, by=by))
    return list(links)


def _forget_due(which: ColumnElement[bool]) -> None:
    session.execute(delete(DueInvitation).where(which))


def take_more_days(invitation_id: UUID) -> Invitation:
    """Let an invitation last longer, once a step, without a reason. Pressed twice, it lasts no longer.

    Raises Refused when there are no more days to take.
    """
    invitation = queries.invitation_by_id(invitation_id)
    application = _locked_application(invitation.application_id)
    session.refresh(invitation)
    _check_open(locked_panel(invitation.step_id))
    until = queries.more_days(invitation)
    if until is None and invitation.is_open(now()):
        return invitation  # pressed twice, or there is no later day: it lasts as it did
    if until is None or application.stage != "invited" or application.step_id != invitation.step_id:
        raise Refused(
            _("There are no more days to take: people hear soon, or they were taken before.")
        )
    session.add(MoreDays(
        application_id=application.id, step_id=invitation.step_id, invitation_id=invitation.id,
        taken_at=now(), ended_at=invitation.expires_at,
    ))  # fmt: skip
    invitation.expires_at = until
    session.flush()
    return invitation


def correct_name(application_id: UUID, name: str, *, by: UUID) -> None:
    """Put right the name of who applies, in every opening they are in. Answers masked before stay so."""
    if rename(queries.application_of(application_id).person_id, name):
        announce(NameCorrected(application_id=application_id, by=by))


def _check_waits(application: Application) -> None:
    if application.stage != "invited":
        raise Refused(_("This person has submitted; the invitation has done its work."))


def _locked_application(application_id: UUID) -> Application:
    application = locked(select(Application).where(Application.id == application_id))
    if application is None:
        raise Missing
    return application


def note_stage(application_id: UUID, stage: str, *, step_id: UUID | None = None) -> None:
    """Keep where an application stands, as the rooms above say. Who withdrew stays withdrawn.

    What happens at another step than `step_id`, where they are, changes nothing.
    """
    if stage not in STAGES:
        raise ValueError(stage)
    application = _locked_application(application_id)
    if application.stage != "withdrawn" and step_id in {None, application.step_id}:
        application.stage = stage
    session.flush()


def close_step(step_id: UUID, *, by: UUID) -> None:
    """Let the step take no more attempts, for good; those that run may finish. Twice is as once."""
    panel = locked_panel(step_id)
    if panel.closed_at is not None:
        return
    panel.closed_at = now()
    _forget_due(DueInvitation.step_id == step_id)
    session.flush()
    announce(StepClosed(step_id=step_id, by=by))


def close_opening(opening_id: UUID, *, by: UUID, ending: int | None = None) -> Opening:
    """Close every step, and take the opening from the public list. Twice is as once.

    `ending`: how many people's links end, as whoever closes it was told; refused when it is not so.
    """
    opening = queries.opening_of(opening_id)
    # the applications' rows before the panels', in the order in which sending again locks them
    here = Application.opening_id == opening_id
    session.execute(select(Application.id).where(here).order_by(Application.id).with_for_update())
    for step in opening.steps:
        close_step(step.id, by=by)
    session.refresh(opening)
    if opening.closed_at is None:
        _check_ending(opening_id, ending)
        opening.closed_at = now()
        session.flush()
        take_back_about(select(Invitation.id).join(Application).where(here))
        take_back_about(select(Application.id).where(here))
    return opening


def _check_ending(opening_id: UUID, ending: int | None) -> None:
    waiting = queries.stages_of({opening_id})[opening_id].get("invited", 0)
    if ending is not None and ending != waiting:
        told = _("It is %(number)s now. Nothing was closed.", number=waiting)
        raise Refused(told, field="number")
