"""What an invitation's link shows, however often it is opened; and the press that starts the clock."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.assessments.kinds import kind_of
from hiring.assessments.queries import version_of
from hiring.attempts import actions, queries
from hiring.attempts.binding import bind
from hiring.attempts.face import face_of
from hiring.attempts.forms import AnswersForm, StartForm
from hiring.attempts.rules import measured
from hiring.attempts.timer import Timer
from hiring.attempts.views.blueprint import pages
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.kernel.guards import bearer
from hiring.kernel.pages import see_other
from hiring.kernel.refusals import Refused
from hiring.kernel.words import clock, day
from hiring.openings.inviting import take_more_days
from hiring.openings.models import Invitation
from hiring.openings.panel import panel_of
from hiring.openings.queries import contact_of, invitation_of, open_link
from hiring.openings.queries import more_days as more_days_of
from hiring.openings.questions import gate_of
from hiring.openings.stations import course_of

GONE = 410


@pages.get("/invitations/<token>")
@bearer
def invitation(token: str) -> ResponseReturnValue:
    """What awaits; nothing starts. Who has begun finds the way back, who is too late the reason."""
    invited = invitation_of(token)
    if state := begun(invited):
        timer = _timer_of(invited)
        face = face_of(timer, at=now()) if timer and state == "running" else None
        values = {"opening": invited.step.opening, "state": state, "face": face}
        return render_template("attempts/begun.html", token=token, **values)
    if reason := closed(invited):
        return gone(invited, reason, token=token)
    return page_of(invited, StartForm(), token=token)


@pages.post("/invitations/<token>/attempt")
@bearer
def start(token: str) -> ResponseReturnValue:
    """Start, or go on with what has begun, in this browser. Pressed twice, it starts once."""
    at = now()
    invited, form = invitation_of(token), StartForm()
    if not begun(invited) and (reason := closed(invited)):
        return gone(invited, reason, token=token)
    limit = version_of(invited.step.version_id).limit_minutes
    with form.refusals():
        form.offer(limit)
        if form.validate():
            factor, invited_id = form.chosen(limit), invited.id
            with writing():
                attempt_id = actions.start(invited_id, factor=factor, at=at)
            return bind(
                make_response(see_other("attempts.attempt", attempt_id=attempt_id)), attempt_id
            )
    return page_of(invitation_of(token), form, token=token)


@pages.post("/invitations/<token>/more-days")
@bearer
def more_days(token: str) -> ResponseReturnValue:
    """Let the invitation last longer: one press, no reason."""
    invited = invitation_of(token)
    if begun(invited) or closed(invited) == "erased":
        return see_other("attempts.invitation", token=token)
    invitation_id = invited.id
    try:
        with writing():
            until = take_more_days(invitation_id).expires_at
    except Refused as refusal:
        flash(refusal.sentence, "wait")
    else:
        flash(_("You have until %(day)s, %(clock)s.", day=day(until), clock=clock(until)), "good")
    return see_other("attempts.invitation", token=token)


def _grouped(sentences: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    """Each sentence once, with the tasks it holds for."""
    grouped: dict[str, list[int]] = {}
    for number, sentence in sentences:
        grouped.setdefault(sentence, []).append(number)
    return [(", ".join(map(str, numbers)), said) for said, numbers in grouped.items() if said]


def begun(invited: Invitation) -> str | None:
    """How the attempt stands that has begun; None when none has."""
    if invited.application.erased_at is not None:
        return None
    timer = _timer_of(invited)
    return timer.state(now()) if timer else None


def _timer_of(invited: Invitation) -> Timer | None:
    alive = queries.alive_attempt(invited.application_id, step_id=invited.step_id)
    attempt_id = session.scalar(alive)
    return queries.timer_of(attempt_id) if attempt_id else None


def closed(invited: Invitation) -> str | None:
    """Why an invitation lets nobody begin; None when it does."""
    if invited.application.erased_at is not None:
        return "erased"
    if invited.revoked_at is not None:
        return "revoked"
    if panel_of(invited.step_id).closed_at is not None:
        return "closed"
    if now() < invited.invited_at:
        return "early"
    return "expired" if invited.expires_at <= now() else None


def gone(invited: Invitation, reason: str, *, token: str) -> ResponseReturnValue:
    """The page of a link that lets nobody begin."""
    opening = invited.step.opening
    values = {"contact": contact_of(opening), "reason": reason,
              "opens_at": invited.invited_at, "expires_at": invited.expires_at,
              "erased_at": invited.application.erased_at}  # fmt: skip
    later = more_days_of(invited) if reason == "expired" else None
    newer = open_link(invited.application) is not None
    page = render_template(
        "attempts/gone.html", opening=opening, later=later, newer=newer, token=token, **values
    )
    return page, GONE


def page_of(
    invited: Invitation, form: StartForm, *, token: str, asked: AnswersForm | None = None
) -> ResponseReturnValue:
    """The page before the start; `asked` holds the answers to the questions if some were just sent."""
    version = version_of(invited.step.version_id)
    form.offer(version.limit_minutes)
    gate = gate_of(invited.application)
    if asked is None:
        asked = AnswersForm(formdata=None)
        asked.offer(gate)
    page = render_template(
        "attempts/invitation.html",
        token=token,
        form=form,
        gate=gate,
        asked=asked,
        version=version,
        opening=invited.step.opening,
        expires_at=invited.expires_at,
        panel=panel_of(invited.step_id),
        stations=course_of(invited.step.opening),
        step=invited.step.position,
        later=more_days_of(invited),
        measured=measured(queries.minutes_taken(version.id)),
        tools=_grouped((task.position, task.ai_sentence) for task in version.tasks),
        devices=_grouped((task.position, task.phone_sentence) for task in version.tasks),
        files=_grouped(
            (task.position, kind_of(task.kind).asks(task.settings)) for task in version.tasks
        ),
    )
    return make_response(page, 422 if form.errors or asked.errors else 200)
