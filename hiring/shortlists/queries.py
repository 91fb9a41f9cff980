"""Reading a shortlist: names, marks and decisions joined. Guard the opening before you call.

The number of statements does not depend on how many people there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from hiring.accounts.models import RoleGrant
from hiring.accounts.queries import names_of_accounts
from hiring.assessments.models import Version
from hiring.assessments.queries import version_of
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.queries import answers_by_application
from hiring.kernel.database import session
from hiring.kernel.promises import Due, Promises
from hiring.kernel.refusals import Missing
from hiring.ledger.models import Entry
from hiring.openings.models import Application, Opening, Step
from hiring.openings.panel import panel_of
from hiring.openings.queries import (
    HIRING,
    application_of,
    by_step,
    opening_of,
    step_at,
    step_of,
    zone,
)
from hiring.openings.stations import course_of
from hiring.people.queries import PersonCard, cards
from hiring.reviewing.queries import MarkSeen, blind_steps, marks_of_step
from hiring.shortlists.models import ClearedNote, Decision, Export
from hiring.shortlists.shortlist import Row, Shortlist, Verdict
from hiring.shortlists.standing import Given, Line, Read, standing_of

SHOW_NAMES = ("owner", "recruiter")
Written = Mapping[UUID, Sequence[tuple[UUID, UUID]]]  # application → task and blind answer
HANDED_IN = frozenset({"submitted", "decided"})


def last_step(opening: Opening) -> Step:
    """An opening's shortlist is that of its last step. Raises Missing while it has none."""
    if not opening.steps:
        raise Missing
    return opening.steps[-1]


def step_reached(application: Application, number: int | None) -> Step:
    """The step of this number if the application has come to it, or that where it is. Raises Missing."""
    here = step_of(application.step_id)
    if number is None:
        return here
    if number > here.position:
        raise Missing
    return step_at(application.opening, number)


def shortlist_of(opening_id: UUID, number: int | None = None) -> Shortlist:
    """The shortlist of a step, by default the last one, with names. Raises Missing."""
    opening = opening_of(opening_id)
    step = last_step(opening) if number is None else step_at(opening, number)
    version = version_of(step.version_id)
    applications = session.scalars(
        select(Application).where(Application.opening_id == opening_id)
    ).all()
    stages = Counter(one.stage for one in applications if one.step_id == step.id)
    marks = marks_of_step(step.id)
    marking = {mark.account_id for mark in marks if mark.account_id}
    took = [one for one in applications if _took(one, step, opening)]
    written = answers_by_application(step.id)
    blind = _blind_answers(BlindAnswer.step_id == step.id)
    rows = list(
        _rows(took, step.id, lines=lines_of(version), marks=marks, written=written, blind=blind)
    )
    return Shortlist(
        opening_id=opening.id,
        title=opening.title,
        hear_by=opening.hear_by,
        step_id=step.id,
        step=step.position,
        steps=len(opening.steps),
        assessment=version.title,
        version=version.number,
        fingerprint=version.fingerprint or "",
        minutes=version.limit_minutes,
        wanted=panel_of(step.id).wanted_marks,
        lines=lines_of(version),
        rows=tuple(row for row in rows if row.closed),
        unsettled=tuple(row for row in rows if not row.closed),
        others=_others(one for one in applications if one not in took),
        reviewers=len(marking),
        saw_names=len(_who_may_see_names(marking)),
        outside=stages["invited"],
        withdrawn=stages["withdrawn"],
        course=_course(opening),
        proposes=step.proposes,
        bar=step.bar,
    )


def row_of(application: Application, step: Step) -> Row | None:
    """Where one person stands at a step; None if they have not handed in there.

    Reads of nobody else: whoever decides about many reads each of them once.
    """
    if not _took(application, step, application.opening):
        return None
    written = answers_by_application(step.id, application_id=application.id)
    ids = {id for _task, id in written.get(application.id, ())}
    marks = marks_of_step(step.id, answer_ids=ids)
    blind = _blind_answers(BlindAnswer.id.in_(ids))
    lines = lines_of(version_of(step.version_id))
    return next(
        iter(_rows([application], step.id, lines=lines, marks=marks, written=written, blind=blind))
    )


def _course(opening: Opening) -> tuple[tuple[str, int], ...]:
    if len(opening.steps) == 1:
        return ()
    return tuple((station.title, station.minutes) for station in course_of(opening))


def _took(application: Application, step: Step, opening: Opening) -> bool:
    """Whether they handed in at this step: there and not withdrawn, or at a later one."""
    position = {one.id: one.position for one in opening.steps}[application.step_id]
    if application.stage == "withdrawn" or position < step.position:
        return False
    return position > step.position or application.stage in HANDED_IN


def lines_of(version: Version) -> tuple[Line, ...]:
    """The rubric of a version, in its order; tasks that are not marked have none."""
    return tuple(
        Line(
            id=line.id,
            task_id=task.id,
            task=task.title,
            task_weight=task.weight,
            criterion=line.name,
            weight=line.weight,
            keyed=line.keyed,
            sentences=tuple(level.sees for level in line.levels),
        )
        for task in version.tasks
        for line in task.rubric
    )


def _others(applications: Iterable[Application]) -> tuple[tuple[str, str], ...]:
    named = cards(application.person_id for application in applications)
    return tuple((card.name, card.address) for card in named.values())


def _rows(
    handed_in: Sequence[Application],
    step_id: UUID,
    *,
    lines: tuple[Line, ...],
    marks: list[MarkSeen],
    written: Written,
    blind: Mapping[UUID, BlindAnswer],
) -> Iterable[Row]:
    ids = [application.id for application in handed_in]
    named = cards(application.person_id for application in handed_in)
    given = given_by_answer(marks)
    verdicts = verdicts_of(handed_in, step_id)
    cleared = _cleared(ids)
    wanted = panel_of(step_id).wanted_marks
    for application in handed_in:
        answers = [blind[id] for _task, id in written.get(application.id, ())]
        mine = [one for answer in answers for one in given[answer.id]]
        read = [Read(a.id, a.task_id, a.empty, a.wants_person) for a in answers]
        yield Row(
            application_id=application.id,
            name=named[application.person_id].name,
            address=named[application.person_id].address,
            alias=answers[0].alias if answers else "",
            closed=bool(answers),
            standing=standing_of(lines, read, mine, wanted=wanted),
            answers=tuple(read),
            given=tuple(mine),
            verdicts=tuple(verdicts[application.id]),
            cleared=frozenset(cleared[application.id]),
            gone_on=application.step_id != step_id,
        )


def _blind_answers(which: ColumnElement[bool]) -> dict[UUID, BlindAnswer]:
    rows = session.scalars(select(BlindAnswer).where(which))
    return {row.id: row for row in rows}


def given_by_answer(marks: Iterable[MarkSeen]) -> defaultdict[UUID, list[Given]]:
    """The levels of these marks as the arithmetic takes them, by the answer they were given to."""
    given: defaultdict[UUID, list[Given]] = defaultdict(list)
    for mark in marks:
        given[mark.blind_answer_id].append(
            Given(
                mark_id=mark.id,
                answer_id=mark.blind_answer_id,
                line_id=mark.rubric_line_id,
                level=mark.level,
                by_rule=mark.made_by == "rule",
                account_id=mark.account_id,
                note=mark.note,
            )
        )
    return given


def _who_may_see_names(marking: Collection[UUID]) -> set[UUID]:
    held = select(RoleGrant.account_id).where(
        RoleGrant.account_id.in_(marking), RoleGrant.name.in_(SHOW_NAMES)
    )
    return set(session.scalars(held))


def _cleared(application_ids: Collection[UUID]) -> defaultdict[UUID, set[UUID]]:
    cleared: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = select(ClearedNote.application_id, ClearedNote.mark_id)
    for application_id, mark_id in session.execute(
        rows.where(ClearedNote.application_id.in_(application_ids))
    ):
        cleared[application_id].add(mark_id)
    return cleared


def verdicts_of(
    applications: Collection[Application], step_id: UUID
) -> defaultdict[UUID, list[Verdict]]:
    """All decisions on these applications at a step, by application, the first one first."""
    ids = [application.id for application in applications]
    rows = session.scalars(
        select(Decision)
        .where(Decision.application_id.in_(ids), Decision.step_id == step_id)
        .order_by(Decision.number)
    ).all()
    names = names_of_accounts(row.decided_by for row in rows)
    entries = _entries([str(application.pseudonym) for application in applications])
    found: defaultdict[UUID, list[Verdict]] = defaultdict(list)
    for row in rows:
        found[row.application_id].append(
            _verdict(row, by=names[row.decided_by], entry=entries.get(str(row.id)))
        )
    return found


def _verdict(row: Decision, *, by: str, entry: int | None) -> Verdict:
    return Verdict(
        id=row.id,
        number=row.number,
        verdict=row.verdict,
        reason=row.reason,
        by=by,
        by_id=row.decided_by,
        at=row.decided_at,
        reverses=row.reverses_id is not None,
        told_at=row.told_at,
        entry=entry,
    )


def _entries(pseudonyms: Collection[str]) -> dict[str, int]:
    """The number of the ledger's entry on each decision, by the decision's id."""
    rows = session.execute(
        select(Entry.facts, Entry.number).where(
            Entry.kind.in_(("decision", "reversal")), Entry.subject.in_(pseudonyms)
        )
    )
    return {str(facts.get("decision")): number for facts, number in rows}


def are_in(application_ids: Collection[UUID], opening_id: UUID) -> bool:
    """Whether all of these applications are there, and in this opening."""
    here = Application.id.in_(application_ids) & (Application.opening_id == opening_id)
    found = set(session.scalars(select(Application.id).where(here)))
    return found == set(application_ids)


def card_of(application_id: UUID) -> PersonCard:
    """Who an application is. Guard the step before you call."""
    person_id = application_of(application_id).person_id
    return cards([person_id])[person_id]


def decisions_lately(step_id: UUID, *, but: UUID, most: int = 5) -> list[tuple[UUID, Verdict]]:
    """The last decisions on others of this step, with their applications, the newest first."""
    newest = (
        select(Decision)
        .where(Decision.step_id == step_id, Decision.application_id != but)
        .order_by(Decision.decided_at.desc(), Decision.number.desc())
        .limit(most)
    )
    rows = session.scalars(newest).all()
    names = names_of_accounts(row.decided_by for row in rows)
    return [(r.application_id, _verdict(r, by=names[r.decided_by], entry=None)) for r in rows]


def export_of(export_id: UUID) -> Export:
    """An export. Raises Missing."""
    found = session.get(Export, export_id)
    if found is None:
        raise Missing
    return found


def exports_of(step_id: UUID) -> Select[Export]:
    """The exports of a step, the newest first."""
    return (
        select(Export).where(Export.step_id == step_id).order_by(Export.asked_at.desc(), Export.id)
    )


def is_blind(opening: Opening, account_id: UUID) -> bool:
    """Whether names and marks of this opening are hidden from an account: it marks one of its steps."""
    return not blind_steps(account_id).isdisjoint(step.id for step in opening.steps)


def has_let_through(step_id: UUID) -> bool:
    """Whether a decision stands that lets somebody through this step: an advance or a hire."""
    later = aliased(Decision)
    newer = select(later.id).where(
        later.application_id == Decision.application_id,
        later.step_id == Decision.step_id,
        later.number > Decision.number,
    )
    stands = (Decision.step_id == step_id) & Decision.verdict.in_(("advance", "hire"))
    return session.scalar(select(Decision.id).where(stands, ~newer.exists()).limit(1)) is not None


def promises(asked: Promises) -> list[Due]:
    """The decisions that are still to be made, an opening a line; none of a step one is blind to."""
    if asked.roles.isdisjoint(SHOW_NAMES):
        return []
    hidden = blind_steps(asked.account_id)
    handed_in = select(Application.opening_id).where(Application.stage == "submitted")
    openings = session.scalars(select(Opening).where(Opening.id.in_(handed_in), HIRING)).all()
    stages = by_step({opening.id for opening in openings})
    return [
        _due(step, waiting, asked.account_id)
        for opening in openings
        for step in opening.steps
        if hidden.isdisjoint(one.id for one in opening.steps)
        and (waiting := stages[step.id].get("submitted", 0))
    ]


def _due(step: Step, people: int, account_id: UUID) -> Due:
    opening = step.opening
    several = len(opening.steps) > 1
    return Due(
        what=ngettext("Decide about one person", "Decide about %(num)s people", people),
        about=_("%(title)s, step %(number)s", title=opening.title, number=step.position)
        if several
        else opening.title,
        endpoint="shortlists.shortlist",
        due_at=datetime.combine(opening.hear_by, time(17), zone()),
        owner_name=names_of_accounts([opening.contact_id])[opening.contact_id],
        mine=opening.contact_id == account_id,
        values={"opening_id": opening.id} | ({"number": step.position} if several else {}),
    )
