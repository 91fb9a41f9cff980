"""Reading attempts: their time, how each answer stands, what is kept beside it, and which are due."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, select, true

from hiring.assessments.kinds import FileFacts, Kind, kind_of
from hiring.assessments.models import Task
from hiring.assessments.queries import version_of
from hiring.attempts.models import (
    Answer,
    Attempt,
    Credit,
    Pause,
    Reminder,
    Revision,
    Submission,
    TimeGrant,
    Upload,
)
from hiring.attempts.rules import REMINDED, reminder_due
from hiring.attempts.timer import Timer
from hiring.kernel.database import session
from hiring.kernel.refusals import Missing
from hiring.kernel.storage import StoredFile
from hiring.openings.models import Application, Invitation, Opening, Step
from hiring.openings.panel import Panel
from hiring.openings.queries import HIRING
from hiring.openings.questions import is_stopped


@dataclass(frozen=True)
class Kept:
    """A revision as it is shown back to the person who wrote it."""

    number: int
    kept: str
    value: dict[str, Any]
    words: int
    arrived_at: datetime
    tab: str


@dataclass(frozen=True)
class Work:
    """One task of an attempt with what stands for it."""

    number: int  # from one, in the order of the assessment
    task: Task
    kind: Kind
    answer_id: UUID
    head: int
    last: int
    beside: int
    value: dict[str, Any]
    saved_at: datetime | None
    final_at: datetime | None
    waits_for: int | None  # the number of the task that must be finished first

    @property
    def words(self) -> int:
        """How many words stand."""
        return self.kind.words(self.value)

    @property
    def empty(self) -> bool:
        """Whether nothing stands."""
        return self.kind.is_empty(self.value)


@dataclass(frozen=True)
class Desk:
    """An attempt as its candidate sees it."""

    attempt_id: UUID
    application_id: UUID
    step_id: UUID
    timer: Timer
    finished_at: datetime | None
    works: tuple[Work, ...]

    @property
    def to_do(self) -> list[int]:
        """The tasks that can be worked on, those with nothing in them first."""
        open_ = [work for work in self.works if not (work.waits_for or work.final_at)]
        return [work.number for work in sorted(open_, key=lambda work: not work.empty)]

    def opens(self, work: Work) -> list[Work]:
        """The tasks that wait for this one to be finished."""
        return [one for one in self.works if one.waits_for == work.number]

    def opened_by(self, work: Work) -> Work:
        """The first task that finishing this one opened. Raises Missing."""
        found = (one for one in self.works if one.task.opens_after_id == work.task.id)
        if (first := next(found, None)) is None:
            raise Missing
        return first

    def after(self, work: Work) -> Work | None:
        """The next task in order that is open and can be changed."""
        return next((one for one in self.works[work.number :] if one.number in self.to_do), None)

    @property
    def words(self) -> int:
        """All words that stand."""
        return sum(work.words for work in self.works)

    @property
    def revisions(self) -> int:
        """How many saves were accepted in all."""
        return sum(work.last for work in self.works)

    @property
    def empty_numbers(self) -> list[int]:
        """The tasks with nothing in them."""
        return [work.number for work in self.works if work.empty]

    def work(self, number: int) -> Work:
        """The task with this number, from one. Raises Missing."""
        if not 1 <= number <= len(self.works):
            raise Missing
        return self.works[number - 1]

    def work_on(self, task_id: UUID) -> Work:
        """The task with this id. Raises Missing."""
        found = next((work for work in self.works if work.task.id == task_id), None)
        if found is None:
            raise Missing
        return found


def time_columns() -> tuple[ColumnElement[Any], ...]:
    """What a Timer is made of, for a statement that selects from attempts."""
    granted = (
        select(func.max(TimeGrant.factor))
        .where(TimeGrant.application_id == Attempt.application_id)
        .where(TimeGrant.step_id == Attempt.step_id)
    )
    paused = select(func.sum(Pause.seconds)).where(Pause.attempt_id == Attempt.id)
    credited = select(func.sum(Credit.seconds)).where(Credit.attempt_id == Attempt.id)
    coming = (Upload.attempt_id == Attempt.id) & (Upload.state == "coming")
    uploading = select(func.min(Upload.begun_at)).where(coming)
    return (
        *_columns(Attempt.started_at, Attempt.limit_minutes, Attempt.factor),
        *_columns(Attempt.submitted_at, Attempt.closed_at),
        granted.scalar_subquery().label("granted"),
        paused.scalar_subquery().label("paused"),
        credited.scalar_subquery().label("credited"),
        uploading.scalar_subquery().label("uploading"),
    )


def _columns(*attributes: Any) -> tuple[ColumnElement[Any], ...]:
    return attributes


def timer_in(row: Row[Any]) -> Timer:
    """The Timer of a row that holds `time_columns`: the largest factor in force counts."""
    return Timer(
        started_at=row.started_at,
        limit_minutes=row.limit_minutes,
        factor=max(row.factor, row.granted or 1.0),
        paused=timedelta(seconds=row.paused or 0),
        credited=timedelta(seconds=row.credited or 0),
        submitted_at=row.submitted_at,
        closed_at=row.closed_at,
        uploading_since=row.uploading,
    )


def timer_of(attempt_id: UUID) -> Timer:
    """The time of one attempt. Raises Missing."""
    row = session.execute(select(*time_columns()).where(Attempt.id == attempt_id)).one_or_none()
    if row is None:
        raise Missing
    return timer_in(row)


def alive_attempt(application_id: UUID, *, step_id: UUID) -> Select[UUID]:
    """The one attempt of an application at a step that was not set aside, if it has begun."""
    return select(Attempt.id).where(
        Attempt.application_id == application_id,
        Attempt.step_id == step_id,
        Attempt.set_aside_at.is_(None),
    )


def desk_of(attempt_id: UUID) -> Desk:
    """An attempt with its tasks and what stands for each. Raises Missing."""
    about = (Attempt.id, Attempt.application_id, Attempt.step_id, Attempt.version_id)
    wanted = select(*about, Attempt.finished_at, *time_columns()).where(Attempt.id == attempt_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise Missing
    return Desk(
        attempt_id=row.id,
        application_id=row.application_id,
        step_id=row.step_id,
        timer=timer_in(row),
        finished_at=row.finished_at,
        works=_works(attempt_id, version_id=row.version_id),
    )


def _works(attempt_id: UUID, *, version_id: UUID) -> tuple[Work, ...]:
    columns = (Answer.id, Answer.task_id, Answer.head, Answer.last, Answer.beside, Answer.final_at)
    wanted = (
        select(*columns, Revision.value, Revision.arrived_at)
        .outerjoin(Revision, (Revision.answer_id == Answer.id) & (Revision.number == Answer.head))
        .where(Answer.attempt_id == attempt_id)
    )
    stands = {row.task_id: row for row in session.execute(wanted)}
    tasks = [task for task in version_of(version_id).tasks if task.id in stands]
    unfinished: dict[UUID | None, int] = {
        task.id: n for n, task in enumerate(tasks, start=1) if stands[task.id].final_at is None
    }
    return tuple(
        _work(n, task, stands[task.id], waits_for=unfinished.get(task.opens_after_id))
        for n, task in enumerate(tasks, start=1)
    )


def _work(number: int, task: Task, row: Row[Any], *, waits_for: int | None) -> Work:
    kind = kind_of(task.kind)
    return Work(
        number=number,
        task=task,
        kind=kind,
        answer_id=row.id,
        head=row.head,
        last=row.last,
        beside=row.beside,
        value=row.value if row.value is not None else kind.empty(),
        saved_at=row.arrived_at,
        final_at=row.final_at,
        waits_for=waits_for,
    )


def is_final(attempt_id: UUID, task_id: UUID) -> bool:
    """Whether an attempt's answer to this task cannot be changed any more, because a later one was opened."""
    mine = (Answer.attempt_id == attempt_id) & (Answer.task_id == task_id)
    return session.scalar(select(Answer.final_at).where(mine)) is not None


def files_standing(attempt_id: UUID, task_id: UUID) -> list[FileFacts]:
    """The files that belong to an answer as it stands."""
    head = (Revision.answer_id == Answer.id) & (Revision.number == Answer.head)
    mine = (Answer.attempt_id == attempt_id) & (Answer.task_id == task_id)
    value = session.scalar(select(Revision.value).join(Answer, head).where(mine))
    kind = session.scalar(select(Task.kind).where(Task.id == task_id))
    return kind_of(kind).files_in(value) if kind and value else []


def uploads_of(attempt_id: UUID) -> dict[str, Upload]:
    """Every file of an attempt, on its way or whole, by its id as answers name it."""
    mine = select(Upload).where(Upload.attempt_id == attempt_id).order_by(Upload.begun_at)
    return {str(upload.id): upload for upload in session.scalars(mine)}


def original_of(attempt_id: UUID, upload_id: UUID) -> StoredFile:
    """The sealed original of a file, for whoever handed it in. Raises Missing."""
    mine = (Upload.id == upload_id) & (Upload.attempt_id == attempt_id)
    found = session.scalar(
        select(StoredFile).join(Upload, Upload.original_id == StoredFile.id).where(mine)
    )
    if found is None:
        raise Missing
    return found


def copy_of(application_id: UUID, upload_id: UUID) -> StoredFile:
    """The copy of a file that stood in an answer when it closed: what was taken out or came late is
    nobody's to see. Raises Missing.
    """
    mine = (Upload.id == upload_id) & (Attempt.application_id == application_id)
    found = session.scalar(
        select(StoredFile)
        .join(Upload, Upload.copy_id == StoredFile.id)
        .join(Attempt, Attempt.id == Upload.attempt_id)
        .where(mine, Upload.blind_file_id.is_not(None))
    )
    if found is None:
        raise Missing
    return found


def opens_another(task_id: UUID) -> bool:
    """Whether a task waits for this one."""
    waiting = select(Task.id).where(Task.opens_after_id == task_id).limit(1)
    return session.scalar(waiting) is not None


def texts_beside(answer_id: UUID, *, since: int) -> list[Kept]:
    """The texts that wait for a choice: the newest of each tab that was kept aside since `since`."""
    if not since:
        return []
    kept = (Revision.kept == "aside") & (Revision.number >= since)
    rows = select(Revision).where(Revision.answer_id == answer_id, kept).order_by(Revision.number)
    # without a script every window is nameless: each of their texts is one of its own
    newest = {row.tab or row.number: _kept(row) for row in session.scalars(rows)}
    went_on = _newest_standing(answer_id, since=since) if newest else {}
    waiting = (kept for kept in newest.values() if kept.number > went_on.get(kept.tab, 0))
    return sorted(waiting, key=lambda kept: kept.number)


def _newest_standing(answer_id: UUID, *, since: int) -> dict[str, int]:
    """By window: its newest text that became the answer. What it had beside before is part of that."""
    mine = (Revision.answer_id == answer_id) & (Revision.number >= since) & (Revision.tab != "")
    stood = Revision.kept == "standing"
    rows = select(Revision.tab, func.max(Revision.number).label("newest"))
    return {
        row.tab: row.newest
        for row in session.execute(rows.where(mine, stood).group_by(Revision.tab))
    }


def chosen_before(answer_id: UUID, number: int, *, head: int) -> bool:
    """Whether the text of revision `number` is the answer: a choice that is pressed twice is one."""
    two = Revision.number.in_([number, head])
    rows = select(Revision.number, Revision.value).where(Revision.answer_id == answer_id, two)
    texts = {row.number: row.value for row in session.execute(rows)}
    return number in texts and texts[number] == texts.get(head)


def written_elsewhere(answer_id: UUID, *, since: int, tab: str, own: int) -> bool:
    """Whether a window other than `tab`, whose newest revision is `own`, wrote after revision `since`."""
    newer = (Revision.answer_id == answer_id) & (Revision.number > since) & (Revision.number != own)
    counted = Revision.kept.in_(["standing", "aside"])
    others = select(Revision.id).where(newer, counted, (Revision.tab != tab) | (Revision.tab == ""))
    return session.scalars(others.limit(1)).first() is not None


def sealed_texts(attempt_id: UUID) -> Mapping[UUID, Kept]:
    """What came after the end, by answer: the newest of each. Kept, not scored, not shown to staff."""
    rows = (
        select(Revision)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(Answer.attempt_id == attempt_id, Revision.kept == "sealed")
        .order_by(Revision.number)
    )
    return {row.answer_id: _kept(row) for row in session.scalars(rows)}


def waiting_texts(desk: Desk) -> list[tuple[Work, Kept]]:
    """What waits beside the answers, each with the task that it was written for."""
    return [
        (work, kept)
        for work in desk.works
        for kept in texts_beside(work.answer_id, since=work.beside)
    ]


def _kept(row: Revision) -> Kept:
    return Kept(row.number, row.kept, row.value, row.words, row.arrived_at, row.tab)


def submission_of(attempt_id: UUID) -> Submission | None:
    """The submission that stands, if any."""
    mine = (Submission.attempt_id == attempt_id) & Submission.taken_back_at.is_(None)
    return session.scalars(select(Submission).where(mine)).one_or_none()


def due_attempts(at: datetime) -> list[UUID]:
    """The open attempts whose time is over or whose submission can no longer be taken back."""
    rows = session.execute(
        select(Attempt.id, *time_columns()).where(Attempt.closed_at.is_(None))
    ).all()
    return [row.id for row in rows if timer_in(row).is_due(at)]


def minutes_taken(
    version_id: UUID, *, step_id: UUID | None = None, person_id: UUID | None = None
) -> list[float]:
    """The minutes, pauses left out, of each closed attempt that had the usual time and wrote something.

    Of a version wherever people are hired with it; or of one step, which may be a pilot's, and of it
    perhaps of one person. In the order in which they were closed.
    """
    here = Attempt.step_id == step_id if step_id else Attempt.step_id.in_(_hiring_steps())
    whose = Attempt.person_id == person_id if person_id else true()
    paused = select(func.sum(Pause.seconds)).where(Pause.attempt_id == Attempt.id)
    written = (Submission.attempt_id == Attempt.id) & (Submission.revisions > 0)
    more = (TimeGrant.application_id == Attempt.application_id) & (TimeGrant.factor > 1)
    rows = select(
        Attempt.started_at, Attempt.finished_at, paused.scalar_subquery().label("paused")
    ).where(
        here, whose, Attempt.version_id == version_id, Attempt.closed_at.is_not(None), Attempt.factor == 1,
        select(Submission.id).where(written, Submission.taken_back_at.is_(None)).exists(),
        ~select(TimeGrant.id).where(more, TimeGrant.step_id == Attempt.step_id).exists(),
    ).order_by(Attempt.closed_at, Attempt.id)  # fmt: skip
    return [
        ((row.finished_at - row.started_at).total_seconds() - (row.paused or 0)) / 60
        for row in session.execute(rows)
    ]


def _hiring_steps() -> Select[UUID]:
    return select(Step.id).join(Opening, Opening.id == Step.opening_id).where(HIRING)


def to_remind(at: datetime, *, application_id: UUID | None = None) -> dict[UUID, datetime]:
    """The invitations that end within days, of which nobody has begun, nor was reminded of what is due now,
    each with when that was due.

    Of several links that one person may use, the one that lasts longest counts. All, or one application's.
    """
    ends = func.max(Invitation.expires_at)
    lasting = (
        select(Invitation.application_id, Invitation.step_id, ends.label("ends"))
        .where(Invitation.revoked_at.is_(None))
        .group_by(Invitation.application_id, Invitation.step_id)
        .having(ends > at, ends <= at + max(REMINDED))
    )
    if application_id:
        lasting = lasting.where(Invitation.application_id == application_id)
    rows = session.execute(_waiting(lasting.subquery())).all()
    due = {_due(link, at) for link in {row.application_id: row for row in rows}.values()}
    since = Reminder.due_at > at - max(REMINDED)
    known = session.execute(select(Reminder.invitation_id, Reminder.due_at).where(since)).all()
    owed = due - {(row.invitation_id, row.due_at) for row in known}
    return {id: when for id, when in owed if when}


def _due(link: Row[Any], at: datetime) -> tuple[UUID, datetime | None]:
    """An address that anybody may have typed is reminded once, until somebody there has done a step."""
    once = link.by_form and link.position == 1
    times = {"invited_at": link.invited_at, "expires_at": link.expires_at}
    return link.id, reminder_due(**times, at=at, once=once)


def _waiting(lasting: Subquery) -> Select[*tuple[Any, ...]]:
    """The invitations of `lasting` that can still be used and were not."""
    begun = select(Attempt.id).where(
        Attempt.application_id == Invitation.application_id,
        Attempt.step_id == Invitation.step_id,
        Attempt.set_aside_at.is_(None),
    )
    times = (Invitation.invited_at, Invitation.expires_at)
    return (
        select(Invitation.id, Application.id.label("application_id"), *times)
        .add_columns(Application.by_form, Step.position)
        .select_from(Invitation)
        .join(lasting, Invitation.application_id == lasting.c.application_id)
        .where(Invitation.step_id == lasting.c.step_id, Invitation.expires_at == lasting.c.ends)
        .join(Application, Application.id == Invitation.application_id)
        .join(Step, Step.id == Invitation.step_id)
        .where(Application.stage == "invited", Application.step_id == Invitation.step_id)
        .join(Panel, Panel.step_id == Invitation.step_id)
        .where(Panel.closed_at.is_(None), Invitation.revoked_at.is_(None), ~begun.exists())
        .where(~is_stopped())
    )


def unsettled(opening_ids: Collection[UUID]) -> frozenset[UUID]:
    """The applications of these openings that have submitted, and may still take that back."""
    rows = (
        select(Attempt.application_id)
        .join(Step, Step.id == Attempt.step_id)
        .where(Step.opening_id.in_(opening_ids), Attempt.set_aside_at.is_(None))
        .where(Attempt.submitted_at.is_not(None), Attempt.closed_at.is_(None))
    )
    return frozenset(session.scalars(rows))


def answers_by_application(
    step_id: UUID, *, application_id: UUID | None = None
) -> dict[UUID, list[tuple[UUID, UUID]]]:
    """By application: the task and the blind answer of each answer of its attempt that is alive.

    `application_id`: of this one only.

    This leads from a blind answer back to who wrote it: for rooms that show names, behind their guard.
    """
    rows = (
        select(Attempt.application_id, Answer.task_id, Answer.blind_answer_id)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.step_id == step_id, Attempt.set_aside_at.is_(None))
        .where(Answer.blind_answer_id.is_not(None))
    )
    if application_id is not None:
        rows = rows.where(Attempt.application_id == application_id)
    found: dict[UUID, list[tuple[UUID, UUID]]] = {}
    for who, task_id, blind_answer_id in session.execute(rows):
        if blind_answer_id is not None:
            found.setdefault(who, []).append((task_id, blind_answer_id))
    return found


def invitation_id_of(attempt_id: UUID) -> UUID:
    """The invitation that an attempt began with: its link leads back to it."""
    return session.scalars(select(Attempt.invitation_id).where(Attempt.id == attempt_id)).one()
