"""The acts of marking: handing answers out, taking what is left over, and making marks final.

Whatever depends on who holds which answer of a step locks the step's panel first, so that twenty
reviewers who ask at once are served one after the other, on every database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from random import SystemRandom
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from hiring.accounts.queries import reviewers
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import RubricLine, Task
from hiring.attempts.blind import BlindAnswer, answers_to_mark
from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.openings.panel import Panel, locked_panel, steps_of_member
from hiring.reviewing import queries
from hiring.reviewing.events import AnswerAssigned, ReviewFinished
from hiring.reviewing.models import Assignment, Mark, Review
from hiring.reviewing.queries import Holding
from hiring.reviewing.rules import (
    CANNOT,
    NOTE,
    Given,
    Hands,
    Jotted,
    Level,
    Sheet,
    Window,
    draft_of,
    faults,
    for_people,
    is_idle,
    overwrites,
    read_draft,
)

AT_ONCE = 5  # answers that one pull takes at most, so that little is left over for nobody
_lot = SystemRandom()


# ── Handing out ──────────────────────────────────────────────────────────────


def assign(*, step_id: UUID, blind_answer_ids: Sequence[UUID]) -> None:
    """Score by rule what needs no reader, and give the rest to the panel. Harmless when repeated."""
    panel = locked_panel(step_id)
    answers = list(
        session.scalars(
            select(BlindAnswer).where(
                BlindAnswer.id.in_(blind_answer_ids), BlindAnswer.step_id == step_id
            )
        )
    )
    done = queries.ruled(blind_answer_ids)
    for answer in answers:
        if answer.id not in done:
            _mark_by_rule(answer)
    _hand_out(panel, [a for a in answers if a.wants_person and a.ready and not a.withdrawn])


def settle_panel(*, step_id: UUID) -> None:
    """After the panel changed: what lies before those who left goes to those who are on it now."""
    panel = locked_panel(step_id)
    members = _members(panel)
    for holding in queries.holdings(step_id):
        if not (holding.released or holding.final or holding.account_id in members):
            _give_up(holding.assignment_id)
    _hand_out(panel, session.scalars(answers_to_mark(step_id)))


def settle_account(*, account_id: UUID) -> None:
    """After an account's roles changed or its access ended: what it may not mark goes to others."""
    for step_id in queries.steps_with_open(account_id):
        settle_panel(step_id=step_id)


def _mark_by_rule(answer: BlindAnswer) -> None:
    task = session.get_one(Task, answer.task_id)
    levels = kind_of(task.kind).rule_levels(task.settings, answer.value, task.rubric)
    for line_id, level in levels.items():
        session.add(
            Mark(
                blind_answer_id=answer.id, rubric_line_id=line_id, level=level,
                made_by="rule", how_assigned="rule", round=answer.round, made_at=now(),
            )
        )  # fmt: skip
    session.flush()


def _hand_out(panel: Panel, answers: Iterable[BlindAnswer]) -> None:
    held = queries.holdings(panel.step_id)
    hands = Hands(_members(panel), panel.wanted_marks, _given(held))
    shuffled = sorted(answers, key=lambda answer: _lot.random())
    for answer in shuffled:
        barred = {h.account_id for h in held if h.blind_answer_id == answer.id}
        for account_id in hands.choose(
            answer.id, answer.alias, answer.task_id, rng=_lot, barred=barred
        ):
            _give(answer.id, account_id, how="platform")


def _members(panel: Panel) -> frozenset[UUID]:
    """Who is on the panel and still a reviewer."""
    return panel.account_ids & {account.id for account in reviewers()}


def _given(held: Collection[Holding]) -> list[Given]:
    return [
        Given(h.account_id, h.blind_answer_id, h.alias, h.task_id) for h in held if not h.released
    ]


def _give(answer_id: UUID, account_id: UUID, *, how: str) -> UUID:
    given = Assignment(
        blind_answer_id=answer_id, account_id=account_id, how=how,
        place=_lot.random(), assigned_at=now(),
    )  # fmt: skip
    session.add_all([given, Review(assignment=given)])
    session.flush()
    announce(AnswerAssigned(given.id, answer_id, account_id, how))
    return given.id


def _give_up(assignment_id: UUID, *, conflict: bool = False) -> None:
    assignment = session.get_one(Assignment, assignment_id)
    assignment.released_at, assignment.conflict = now(), conflict
    session.flush()


# ── Taking what is left over ─────────────────────────────────────────────────


def pull(account_id: UUID, *, step_id: UUID | None = None) -> list[UUID]:
    """Take a few answers of one task that are short of marks; the ids of the assignments.

    What another reviewer has left untouched for two days counts as left over. Empty when there is
    nothing that this reviewer may take.
    """
    mine = steps_of_member(account_id)
    for step in sorted(mine if step_id is None else mine & {step_id}):
        panel = locked_panel(step)
        if account_id in _members(panel) and (taken := _take(panel, account_id)):
            return taken
    return []


def _take(panel: Panel, account_id: UUID) -> list[UUID]:
    held = queries.holdings(panel.step_id)
    left = _left_over(panel, held, account_id)
    if not left:
        return []
    task_id = left[0].task_id
    return [
        _take_one(answer, panel.wanted_marks, held, account_id)
        for answer in [answer for answer in left if answer.task_id == task_id][:AT_ONCE]
    ]


def _left_over(panel: Panel, held: Collection[Holding], account_id: UUID) -> list[BlindAnswer]:
    """What this reviewer may take, those with the fewest marks in sight first, else by lot."""
    in_sight: dict[UUID, int] = {}
    for holding in held:
        if not holding.released and not _lies_idle(holding):
            in_sight[holding.blind_answer_id] = in_sight.get(holding.blind_answer_id, 0) + 1
    never = {
        h.blind_answer_id for h in held
        if h.account_id == account_id and (h.conflict or not h.released)
    }  # fmt: skip
    left = [
        answer
        for answer in session.scalars(answers_to_mark(panel.step_id))
        if answer.id not in never and in_sight.get(answer.id, 0) < panel.wanted_marks
    ]
    return sorted(left, key=lambda answer: (in_sight.get(answer.id, 0), _lot.random()))


def _take_one(
    answer: BlindAnswer, wanted: int, held: Collection[Holding], account_id: UUID
) -> UUID:
    here = [h for h in held if h.blind_answer_id == answer.id]
    lying = sorted((h for h in here if _lies_idle(h)), key=lambda h: h.touched_at)
    if sum(not h.released for h in here) >= wanted:
        _give_up(lying[0].assignment_id)
    own = next((h for h in here if h.account_id == account_id), None)
    return _give_again(own) if own else _give(answer.id, account_id, how="pulled")


def _give_again(own: Holding) -> UUID:
    assignment = session.get_one(Assignment, own.assignment_id)
    assignment.released_at, assignment.assigned_at, assignment.how = None, now(), "pulled"
    assignment.place = _lot.random()
    session.flush()
    announce(AnswerAssigned(assignment.id, own.blind_answer_id, own.account_id, assignment.how))
    return assignment.id


def _lies_idle(holding: Holding) -> bool:
    unfinished = not (holding.final or holding.released)
    return unfinished and is_idle(touched_at=holding.touched_at, at=now())


# ── A reviewer's work ────────────────────────────────────────────────────────


def keep_draft(
    assignment_id: UUID, *, by: UUID, sheet: Sheet, window: Window | None = None
) -> None:
    """Keep what was put down so far. Raises Refused when the marks are final or the answer is gone,
    and when another window of the reviewer's kept something that `window` has not seen.
    """
    assignment = queries.assignment_of(assignment_id, by)
    review = _locked_review(assignment)
    _refuse_given_back(assignment)
    if review.final_at is not None:
        raise Refused(_("These marks are final."))
    if any(len(one.note) > NOTE for one in sheet.values()):
        raise Refused(
            _("A note is too long: %(most)s characters at most. Nothing new was kept.", most=NOTE)
        )
    _refuse_unseen(assignment, review, sheet, window)
    review.draft = draft_of(sheet, window.page if window else "")
    review.kept_at = now()


def finish(assignment_id: UUID, *, by: UUID, sheet: Sheet, window: Window | None = None) -> None:
    """Make the marks of an answer final. The same marks once more change nothing.

    Raises Refused when a criterion has no level, when other marks are final already, when the answer
    is no longer this reviewer's, and for what another window kept, as `keep_draft`.
    """
    assignment = queries.assignment_of(assignment_id, by)
    answer = assignment.blind_answer
    locked_panel(answer.step_id)
    review = _locked_review(assignment)
    _refuse_given_back(assignment)
    lines = for_people(session.get_one(Task, answer.task_id).rubric)
    if review.final_at is not None:
        return _refuse_other_marks(assignment_id, lines, sheet)
    _refuse_unseen(assignment, review, sheet, window)
    if faults(sheet, lines):
        raise Refused(
            _("Each criterion needs a level or “cannot judge” before the marks are final.")
        )
    review.draft, review.final_at = {}, now()
    session.add_all(_mark(assignment, line, sheet[line.id]) for line in lines)
    session.flush()
    announce(ReviewFinished(assignment_id, answer.id, answer.step_id, by))
    return None


def _refuse_unseen(
    assignment: Assignment, review: Review, sheet: Sheet, window: Window | None
) -> None:
    if window is None or not overwrites(window, review.draft, sheet):
        return
    kept = read_draft(review.draft)
    lines = for_people(session.get_one(Task, assignment.blind_answer.task_id).rubric)
    others = [
        _there(line.name, kept.get(line.id, Jotted()))
        for line in lines
        if kept.get(line.id, Jotted()) != sheet.get(line.id, Jotted())
    ]
    sentence = _(
        "Another window of yours marked this answer meanwhile. There stands %(others)s. What you put"
        " down here is still on this page, and is not kept yet.",
        others="; ".join(others),
    )
    raise Refused(sentence, field="window")


def _there(name: str, jotted: Jotted) -> str:
    without = {None: _("no level"), CANNOT: _("cannot judge")}
    level = jotted.level if isinstance(jotted.level, int) else without[jotted.level]
    words = _("%(name)s: %(level)s", name=name, level=level)
    return f"{words}, “{jotted.note}”" if jotted.note else words


def release(assignment_id: UUID, *, by: UUID) -> None:
    """Give an answer back, for others to take. Raises Refused when its marks are final."""
    assignment = _unfinished(assignment_id, by)
    if assignment.released_at is None:
        _give_up(assignment.id)


def release_untouched(*, step_id: UUID, by: UUID) -> int:
    """Give back whatever of a step this reviewer has not begun; how many that were. Raises Missing
    for a step that they have nothing to do with.
    """
    locked_panel(step_id)
    untouched = session.scalars(queries.untouched(by, step_id)).all()
    if not untouched and step_id not in steps_of_member(by):
        raise Missing
    for assignment_id in untouched:
        _give_up(assignment_id)
    return len(untouched)


def declare_conflict(assignment_id: UUID, *, by: UUID) -> None:
    """The reviewer knows who wrote this: it goes to another member of the panel, if there is one."""
    assignment = _unfinished(assignment_id, by)
    if assignment.conflict:
        return
    _give_up(assignment.id, conflict=True)
    queries.review_of(assignment.id).draft = {}
    answer = assignment.blind_answer
    _hand_out(locked_panel(answer.step_id), [answer])


def _unfinished(assignment_id: UUID, by: UUID) -> Assignment:
    assignment = queries.assignment_of(assignment_id, by)
    locked_panel(assignment.blind_answer.step_id)
    if _locked_review(assignment).final_at is not None:
        raise Refused(_("These marks are final; the answer cannot be given back any more."))
    return assignment


def _locked_review(assignment: Assignment) -> Review:
    """The work on an assignment, locked, and the assignment as it is now."""
    review = locked(select(Review).where(Review.assignment_id == assignment.id))
    session.refresh(assignment, ["released_at", "conflict"])
    if review is None:
        raise Missing
    return review


def _refuse_given_back(assignment: Assignment) -> None:
    if assignment.released_at is not None:
        raise Refused(
            _("This answer is no longer yours: it was given back, or taken over after two days.")
        )


def _refuse_other_marks(assignment_id: UUID, lines: Sequence[RubricLine], sheet: Sheet) -> None:
    final = {
        mark.rubric_line_id: Jotted(CANNOT if mark.level is None else mark.level, mark.note)
        for mark in queries.own_marks(assignment_id)
    }
    other = [line for line in lines if sheet.get(line.id) != final.get(line.id)]
    if other:
        sent = "; ".join(_there(line.name, sheet.get(line.id, Jotted())) for line in other)
        raise Refused(
            _("These marks are final. What was sent now did not change them: %(sent)s", sent=sent)
        )


def _mark(assignment: Assignment, line: RubricLine, jotted: Jotted) -> Mark:
    return Mark(
        blind_answer_id=assignment.blind_answer_id, rubric_line_id=line.id,
        assignment_id=assignment.id, made_by="person", how_assigned=assignment.how,
        round=assignment.blind_answer.round, level=_number(jotted.level), note=jotted.note,
        made_at=now(),
    )  # fmt: skip


def _number(level: Level) -> int | None:
    return None if level == CANNOT else level
