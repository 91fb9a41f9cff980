"""Start, save, choose, submit, take back, close: each act of an attempt, under one lock, its row.

Saving is what everything rests on and what happens most, so it speaks Core: one row read and locked,
one revision inserted, one row updated. Nothing that was accepted is ever changed or thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import Row, Table, bindparam, insert, select, update

from hiring.assessments.kinds import Fields, FileFacts, Kind, Value, kind_of
from hiring.assessments.queries import PublishedTask, published_task, version_of
from hiring.attempts import queries, rules
from hiring.attempts.blinding import Masked, blind
from hiring.attempts.events import (
    AttemptClosed,
    AttemptStarted,
    AttemptSubmitted,
    ReminderDue,
    SubmissionTakenBack,
)
from hiring.attempts.models import Answer, Attempt, Reminder, Revision, Submission, TimeGrant
from hiring.attempts.rules import Offered, Standing
from hiring.attempts.timer import MOST_FACTOR, Timer
from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.words import clock
from hiring.openings.models import Application, Invitation
from hiring.openings.panel import Panel
from hiring.openings.questions import check_gate


@dataclass(frozen=True)
class Saved:
    """What became of a save: the revision that holds the text, and how the answer stands now."""

    kept: str  # same | standing | aside | echo | sealed
    reason: str
    number: int
    head: int
    beside: int
    words: int
    arrived_at: datetime
    answer_id: UUID
    timer: Timer

    @property
    def stands(self) -> bool:
        """Whether the text that was sent is the answer now."""
        return self.kept in {"same", "standing"}


def start(invitation_id: UUID, *, factor: float, at: datetime) -> UUID:
    """Begin the attempt that an invitation opens, or find the one that has begun; returns its id.

    However often and by however many it is called, one attempt is alive: the application's row is
    locked first. Raises Refused when the link was taken back or is too old, the step is closed, or a
    question before the clock stands in the way.
    """
    invitation = session.get_one(Invitation, invitation_id)
    mine = select(Application).where(Application.id == invitation.application_id)
    application = locked(mine)
    if application is None:
        raise Missing
    begun = queries.alive_attempt(application.id, step_id=invitation.step_id)
    if attempt_id := session.scalar(begun):
        return attempt_id
    check_open(invitation_id, at=at)
    check_gate(application)
    return _begin(application, invitation, factor=factor, at=at)


def check_open(invitation_id: UUID, *, at: datetime) -> None:
    """Raises Refused when an invitation lets nobody begin at this time."""
    invitation = session.get_one(Invitation, invitation_id, populate_existing=True)
    shared = select(Panel.closed_at).where(Panel.step_id == invitation.step_id)
    if invitation.revoked_at is not None:
        raise Refused(_("This invitation was taken back, so nothing has started."))
    if at < invitation.invited_at:
        told = _(
            "This link opens at %(clock)s, so nothing has started.",
            clock=clock(invitation.invited_at),
        )
        raise Refused(told)
    if invitation.expires_at <= at:
        raise Refused(_("This invitation has ended, so nothing has started."))
    if session.scalar(shared.with_for_update(read=True)) is not None:
        raise Refused(_("This opening takes no more answers, so nothing has started."))


def _begin(
    application: Application, invitation: Invitation, *, factor: float, at: datetime
) -> UUID:
    if not 1 <= factor <= MOST_FACTOR:
        raise Refused(_("Up to ten times the time can be chosen."), field="minutes")
    version = version_of(invitation.step.version_id)
    attempt = Attempt(
        application_id=application.id, step_id=invitation.step_id, invitation_id=invitation.id,
        person_id=application.person_id, version_id=version.id, started_at=at,
        limit_minutes=version.limit_minutes, factor=factor,
    )  # fmt: skip
    attempt.answers = [Answer(task_id=task.id) for task in version.tasks]
    session.add(attempt)
    if factor > 1:
        session.add(_taken(attempt))
    session.flush()
    announce(AttemptStarted(attempt_id=attempt.id, application_id=application.id))
    return attempt.id


def _taken(attempt: Attempt) -> TimeGrant:
    return TimeGrant(
        application_id=attempt.application_id, step_id=attempt.step_id,
        factor=attempt.factor, granted_at=attempt.started_at,
    )  # fmt: skip


def remind(invitation_id: UUID, *, at: datetime) -> bool:
    """Remind whoever was invited that their link ends soon; False when it is not owed any more."""
    application_id = session.get_one(Invitation, invitation_id).application_id
    locked(select(Application).where(Application.id == application_id))
    session.expire_all()
    due_at = queries.to_remind(at, application_id=application_id).get(invitation_id)
    if due_at is None:
        return False
    session.add(Reminder(invitation_id=invitation_id, due_at=due_at, written_at=at))
    session.flush()
    announce(ReminderDue(invitation_id=invitation_id, application_id=application_id))
    return True


def save(
    attempt_id: UUID,
    *,
    task_id: UUID,
    fields: Fields,
    base: int,
    tab: str,
    nth: int,
    arrived_at: datetime,
) -> Saved:
    """Keep what a form holds for a task, and say how. `arrived_at` is stamped before any lock.

    `nth` 0 comes from a form without a script: it is judged by its base alone. Raises Refused for a
    text that is too long, Missing for a task of another attempt or one that is not open yet.
    """
    task = published_task(task_id)
    kind = kind_of(task.kind)
    value = kind.read_answer(task.settings, fields)  # before the lock: a long text takes its time
    words, digest = kind.words(value), _digest(kind, value)
    row = _locked_open(attempt_id, task_id, task)
    if kind.takes_files:  # a form has only the words: what files there are is known here
        value = kind.with_files(value, kind.files_in(_standing_value(row, kind)))
        digest = _digest(kind, value)
    offered = Offered(base=base, tab=tab, nth=nth, digest=digest)
    return _keep(row, offered, value=value, words=words, arrived_at=arrived_at)


def change_files(
    attempt_id: UUID,
    *,
    task_id: UUID,
    change: Callable[[list[FileFacts]], list[FileFacts]],
    tab: str,
    arrived_at: datetime,
    begun_at: datetime | None = None,
) -> Saved:
    """Let other files belong to an answer: a revision like any other, with the words as they stand.

    `tab` is the window's, whose next save then knows of it. `begun_at` is when the file set out: it
    may arrive a while after the end. `change` is called with the answer locked; it raises Refused, and
    the files it returns stand beside the answer, for the person to choose, when they are one too many.
    """
    task = published_task(task_id)
    kind = kind_of(task.kind)
    row = _locked_open(attempt_id, task_id, task)
    standing = _standing_value(row, kind)
    files = change(kind.files_in(standing))
    too_many = len(files) > kind.most_files(task.settings)
    value = kind.with_files(standing, files[-1:] if too_many else files)
    offered = Offered(
        base=-1 if too_many else row.head, tab=tab, nth=0, digest=_digest(kind, value)
    )
    timer = queries.timer_in(row)
    in_time = timer.counts_file(begun_at or arrived_at, arrived_at=arrived_at)
    return _keep(row, offered, value=value, words=kind.words(value), arrived_at=arrived_at,
                 in_time=in_time)  # fmt: skip


def _digest(kind: Kind, value: Value) -> str:
    return "" if kind.is_empty(value) else rules.digest_of(value)


def _locked_open(attempt_id: UUID, task_id: UUID, task: PublishedTask) -> Row[Any]:
    row = _locked_answer(attempt_id, task_id=task_id)
    if task.opens_after_id and not queries.is_final(attempt_id, task.opens_after_id):
        raise Missing
    return row


def _standing_value(row: Row[Any], kind: Kind) -> Value:
    mine = (Revision.answer_id == row.id) & (Revision.number == row.head)
    return session.scalar(select(Revision.value).where(mine)) or kind.empty()


# The three statements of a save, built once: building one takes longer than running it. The first is
# one, not two: on PostgreSQL both rows are read again, as they are, once the lock is had.
_LOCKED_ANSWER = (
    select(Answer.id, Answer.head, Answer.last, Answer.head_tab, Answer.head_digest)
    .add_columns(Answer.seen, Answer.beside, Answer.final_at, *queries.time_columns())
    .select_from(Attempt)
    .join(Answer, Answer.attempt_id == Attempt.id)
    .where(Attempt.id == bindparam("attempt_id"), Answer.task_id == bindparam("task_id"))
    .where(Attempt.erased_at.is_(None))
    .with_for_update(of=[Attempt, Answer])
)
_REVISIONS, _ANSWERS = cast(Table, Revision.__table__), cast(Table, Answer.__table__)
_NEW_REVISION = insert(_REVISIONS)
_CHANGED_ANSWER = update(_ANSWERS).where(_ANSWERS.c.id == bindparam("answer_id"))


def _locked_answer(attempt_id: UUID, *, task_id: UUID) -> Row[Any]:
    wanted = {"attempt_id": attempt_id, "task_id": task_id}
    row = session.execute(_LOCKED_ANSWER, wanted).one_or_none()
    if row is None:
        raise Missing
    return row


def _keep(
    row: Row[Any],
    offered: Offered,
    *,
    value: dict[str, Any],
    words: int,
    arrived_at: datetime,
    in_time: bool | None = None,
) -> Saved:
    timer = queries.timer_in(row)
    standing = Standing(row.head, row.head_tab, row.head_digest, row.seen)
    if in_time is None:
        in_time = timer.counts(arrived_at)
    # closed on the books only: a save that arrived in time is not late because it waited for a lock
    state = "closed" if timer.closed_at else "submitted" if timer.submitted_at else "running"
    if state == "running" and row.final_at:
        state = "final"
    verdict = rules.judge(offered, standing, state=state, in_time=in_time)
    if verdict.kept == "echo" and (kept := _kept_before(row.id, offered, value=value)):
        return _saved(row, kept.kept, kept.number, "newer", words=words, timer=timer, at=arrived_at)
    number = row.head if verdict.kept == "same" else row.last + 1
    if verdict.kept != "same":
        _insert(row.id, offered, number=number, value=value, words=words,
                kept=verdict.kept, arrived_at=arrived_at)  # fmt: skip
    changes = _changes(row, offered, kept=verdict.kept, number=number)
    if changes:
        session.execute(_CHANGED_ANSWER, {"answer_id": row.id, **changes})
    return _saved(
        row, verdict.kept, number, verdict.reason, words=words, timer=timer, at=arrived_at
    )


def _kept_before(answer_id: UUID, offered: Offered, *, value: dict[str, Any]) -> Row[Any] | None:
    """The very same save, when a retry brings it again: it gets the answer that it got."""
    same = (Revision.tab == offered.tab) & (Revision.nth == offered.nth)
    wanted = select(Revision.number, Revision.kept, Revision.value)
    rows = session.execute(wanted.where(Revision.answer_id == answer_id, same)).all()
    return next((row for row in rows if row.value == value), None)


def _insert(answer_id: UUID, offered: Offered, **values: Any) -> None:
    facts = {"base": offered.base, "tab": offered.tab, "nth": offered.nth, **values}
    session.execute(_NEW_REVISION, {"id": uuid4(), "answer_id": answer_id, **facts})


def _changes(row: Row[Any], offered: Offered, *, kept: str, number: int) -> dict[str, Any]:
    standing = Standing(row.head, row.head_tab, row.head_digest, row.seen)
    changes: dict[str, Any] = {}
    if offered.nth > row.seen.get(offered.tab, 0):
        changes["seen"] = rules.remembered(standing, offered)
    if kept != "same":
        changes["last"] = number
    if kept == "standing":
        changes |= {"head": number, "head_tab": offered.tab, "head_digest": offered.digest}
    if kept == "aside":
        changes["beside"] = row.beside or number
    return changes


def _saved(
    row: Row[Any], kept: str, number: int, reason: str, *, words: int, timer: Timer, at: datetime
) -> Saved:
    return Saved(
        kept=kept, reason=reason if kept in {"aside", "sealed"} else "", number=number,
        head=max(number, row.head) if kept == "standing" else row.head,
        beside=row.beside or (number if kept == "aside" else 0),
        words=words, arrived_at=at, answer_id=row.id, timer=timer,
    )  # fmt: skip


def choose(
    attempt_id: UUID,
    *,
    task_id: UUID,
    number: int,
    seen: int,
    tab: str,
    own: int,
    arrived_at: datetime,
) -> None:
    """Let the text of revision `number` be the answer: the one that stands, or one kept beside it.

    `seen` is the newest revision when the choice was shown: what another window wrote since was not
    among it, so nothing is chosen until it is. `tab` and `own` are the choosing window and its newest
    revision; of what it wrote on since, the newest is meant. Choosing makes a new standing revision,
    and no text waits for a choice any more. Raises Refused for that, and when the time is over.
    """
    row = _locked_answer(attempt_id, task_id=task_id)
    timer = queries.timer_in(row)
    if timer.state(arrived_at) != "running":
        raise Refused(_over(timer))
    if row.final_at:
        raise Refused(_("Nothing was chosen: you have finished this task."))
    if not row.beside and queries.chosen_before(row.id, number, head=row.head):
        return
    chosen = _chosen(row.id, number, queries.texts_beside(row.id, since=row.beside))
    unseen = queries.written_elsewhere(row.id, since=seen, tab=tab, own=own)
    if unseen or (chosen is None and number != row.head):
        raise Refused(
            _("Nothing is chosen yet: another window wrote on. Look at the answers once more.")
        )
    changes: dict[str, Any] = {"beside": 0}
    if chosen is not None:
        changes |= _stand(row, chosen, task_id=task_id, arrived_at=arrived_at)
    session.execute(_CHANGED_ANSWER, {"answer_id": row.id, **changes})


def _over(timer: Timer) -> str:
    if timer.submitted_at is not None:
        return _("Nothing was chosen: you have handed in already. Take it back to choose.")
    return _("Nothing was chosen: the time is over. What stood at the end counts.")


def _chosen(answer_id: UUID, number: int, beside: list[queries.Kept]) -> queries.Kept | None:
    mine = (Revision.answer_id == answer_id) & (Revision.number == number)
    tab = session.scalar(select(Revision.tab).where(mine, Revision.kept == "aside"))
    return next(
        (kept for kept in beside if kept.number == number or (tab and kept.tab == tab)), None
    )


def _stand(
    row: Row[Any], chosen: queries.Kept, *, task_id: UUID, arrived_at: datetime
) -> dict[str, Any]:
    kind = kind_of(published_task(task_id).kind)
    digest = _digest(kind, chosen.value)
    offered = Offered(base=row.head, tab="", nth=0, digest=digest)
    number = row.last + 1
    _insert(row.id, offered, number=number, value=chosen.value, words=chosen.words,
            kept="standing", arrived_at=arrived_at)  # fmt: skip
    return {"head": number, "last": number, "head_tab": "", "head_digest": digest}


def finish(attempt_id: UUID, *, task_id: UUID, at: datetime) -> None:
    """Let what stands for a task be final, which opens the tasks that wait for it. Twice is as once.

    Raises Missing when none waits for it, Refused when the time is over or two texts want a choice.
    """
    if not queries.opens_another(task_id):
        raise Missing
    row = _locked_answer(attempt_id, task_id=task_id)
    if row.final_at:
        return
    if queries.timer_in(row).state(at) != "running":
        raise Refused(_("Nothing more opens: the work is handed in, or its time is over."))
    if row.beside:
        raise Refused(_("Not finished yet: this task has two texts. Choose which one counts."))
    session.execute(_CHANGED_ANSWER, {"answer_id": row.id, "final_at": at})


def submit(attempt_id: UUID, *, at: datetime) -> bool:
    """Hand in what stands. Repeating it changes nothing; False when the time was over already."""
    timer = locked_timer(attempt_id)
    if timer.submitted_at is not None or timer.closed_at is not None:
        return timer.submitted_at is not None
    if not timer.counts(at):
        return False
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    attempt.submitted_at = at
    submission = _receipt(attempt_id, by="candidate", at=at)
    session.flush()
    announce(AttemptSubmitted(attempt.id, attempt.application_id, submission.id, attempt.step_id))
    return True


def locked_timer(attempt_id: UUID) -> Timer:
    """The time of one attempt, locked until the act ends. Raises Missing."""
    wanted = select(*queries.time_columns()).where(Attempt.id == attempt_id)
    row = session.execute(wanted.with_for_update(of=Attempt)).one_or_none()
    if row is None:
        raise Missing
    return queries.timer_in(row)


def _receipt(attempt_id: UUID, *, by: str, at: datetime) -> Submission:
    desk = queries.desk_of(attempt_id)
    submission = Submission(
        attempt_id=attempt_id, code=rules.receipt_code(), by=by, made_at=at,
        revisions=desk.revisions, words=desk.words,
    )  # fmt: skip
    session.add(submission)
    return submission


def take_back(attempt_id: UUID, *, at: datetime) -> None:
    """Go on writing after a submission. Raises Refused when ten minutes or the time are over."""
    timer = locked_timer(attempt_id)
    if timer.submitted_at is None and timer.state(at) == "running":
        return
    until = timer.takes_back_until
    if until is None or not timer.may_take_back(at):
        raise Refused(_gone(until))
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    attempt.submitted_at = None
    for submission in session.scalars(_standing_submissions(attempt_id)):
        submission.taken_back_at = at
    session.flush()
    announce(SubmissionTakenBack(attempt.id, attempt.application_id, attempt.step_id))


def _gone(until: datetime | None) -> str:
    if until is None:
        return _(
            "The time has ended, so there is nothing left to take back. What was saved counts."
        )
    return _("It could be taken back until %(clock)s. It stays handed in.", clock=clock(until))


def _standing_submissions(attempt_id: UUID) -> Any:
    return select(Submission).where(
        Submission.attempt_id == attempt_id, Submission.taken_back_at.is_(None)
    )


def close(attempt_id: UUID, *, masked: Masked, at: datetime) -> bool:
    """Close an attempt that is due, for good, and make its blind answers; False when it is not due.

    Several may close at once: the first to have the row does it, the others find it done.
    """
    timer = locked_timer(attempt_id)
    if not timer.is_due(at):
        return False
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    attempt.closed_at = at
    attempt.closed_by = "submission" if attempt.submitted_at else "clock"
    attempt.finished_at = attempt.submitted_at or timer.closes_at
    if attempt.closed_by == "clock":
        _receipt(attempt_id, by="clock", at=attempt.finished_at)
    session.flush()
    made = blind(attempt, masked=masked, at=at)
    announce(_closed(attempt, tuple(answer.id for answer in made)))
    return True


def _closed(attempt: Attempt, blind_answer_ids: tuple[UUID, ...]) -> AttemptClosed:
    assert attempt.finished_at  # noqa: S101  close() has just set both
    assert attempt.closed_by  # noqa: S101
    return AttemptClosed(
        attempt_id=attempt.id, application_id=attempt.application_id, step_id=attempt.step_id,
        finished_at=attempt.finished_at, by=attempt.closed_by, blind_answer_ids=blind_answer_ids,
    )  # fmt: skip
