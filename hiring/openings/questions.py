"""Questions before the clock: what an opening needs, asked before Start and never on the clock.

An answer can stand in the way of the clock and is no rejection: it can be put right once, and a person
can be asked, who lets somebody through with one press. A changed sheet of questions is a new one, for
whoever has not answered; every answer is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import JSON, ColumnElement, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.kernel.clock import now
from hiring.kernel.database import Base, Key, locked, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.openings.events import QuestionsChanged, QuestionsPassed
from hiring.openings.models import Application, Opening, Step
from hiring.openings.queries import open_link

MOST, MOST_OPTIONS = 5, 4
ANSWERS_EACH = 2  # the first, and one that puts it right


@dataclass(frozen=True)
class Question:
    """One of several answers to a text; some go on, the others are told `told`."""

    text: str
    told: str
    options: tuple[tuple[str, bool], ...]

    def stops(self, chosen: int) -> bool:
        """Whether this answer stands in the way."""
        return not self.options[chosen][1]


class QuestionSheet(Base):
    """The questions of an opening, a row a version: never changed."""

    __tablename__ = "question_sheets"
    __table_args__ = (UniqueConstraint("opening_id", "number"),)
    id: Mapped[Key]
    opening_id: Mapped[UUID] = mapped_column(ForeignKey("openings.id"), index=True)
    number: Mapped[int]
    content: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))

    @property
    def questions(self) -> list[Question]:
        """What is asked, in order."""
        return [
            Question(one["text"], one["told"], tuple((text, on) for text, on in one["options"]))
            for one in self.content
        ]


class QuestionAnswer(Base):
    """What somebody answered to a sheet, by the places of the options: a row a time, never changed."""

    __tablename__ = "question_answers"
    __table_args__ = (UniqueConstraint("application_id", "number"),)
    id: Mapped[Key]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("question_sheets.id"), index=True)
    number: Mapped[int]
    chosen: Mapped[list[int]] = mapped_column(JSON)
    stops: Mapped[bool]
    given_at: Mapped[datetime]
    sheet: Mapped[QuestionSheet] = relationship(lazy="joined")


class QuestionAppeal(Base):
    """Somebody whose answer stands in the way asked for a person; `passed_by` let them through."""

    __tablename__ = "question_appeals"
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    asked_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    passed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


@dataclass(frozen=True)
class Gate:
    """How somebody stands before the clock. `sheet_id` is that of `questions`; `answers`: newest last."""

    sheet_id: UUID | None = None
    questions: tuple[Question, ...] = ()
    answers: tuple[tuple[int, ...], ...] = ()
    asked: bool = False
    passed: bool = False

    @property
    def chosen(self) -> tuple[int, ...] | None:
        """The answer that counts: the last one."""
        return self.answers[-1] if self.answers else None

    @property
    def stops(self) -> list[Question]:
        """The questions whose answer stands in the way."""
        pairs = zip(self.questions, self.chosen or (), strict=False)
        return [question for question, chosen in pairs if question.stops(chosen)]

    @property
    def open(self) -> bool:
        """Whether the clock may be started."""
        return not self.questions or self.passed or (self.chosen is not None and not self.stops)

    @property
    def may_correct(self) -> bool:
        """Whether the answer can be put right: once."""
        return 0 < len(self.answers) < ANSWERS_EACH


def yes_or_no() -> Question:
    """What an empty place offers."""
    return Question("", "", ((_("Yes"), True), (_("No"), False)))


def fault_of(question: Question) -> tuple[str, str] | None:
    """What is wrong with a question: the field and a sentence; None when it can be asked."""
    answers = [text.casefold() for text, _on in question.options]
    goes_on = [on for _text, on in question.options]
    faults = (
        (not question.text, "text", _("Write the question, or empty the rest of it.")),
        (len(answers) < 2, "a1", _("Two answers at least.")),  # noqa: PLR2004
        (len(set(answers)) < len(answers), "a1", _("Two of the answers are the same.")),
        (not any(goes_on), "g1", _("Tick at least one answer with which one may start.")),
        (not all(goes_on) and not question.told, "told",
         _("Write what those are told whose answer stands in the way.")),
    )  # fmt: skip
    return next(((field, told) for is_so, field, told in faults if is_so), None)


# ── Reading ──


def sheet_of(opening_id: UUID) -> QuestionSheet | None:
    """The newest questions of an opening; None when there never were any."""
    newest = select(QuestionSheet).where(QuestionSheet.opening_id == opening_id)
    return session.scalars(newest.order_by(QuestionSheet.number.desc()).limit(1)).one_or_none()


def gate_of(application: Application) -> Gate:
    """How somebody stands before the clock of their first step; later steps ask nothing."""
    if session.get_one(Step, application.step_id).position > 1:
        return Gate()
    rows = answers_of([application.id])[application.id]
    sheet = rows[0].sheet if rows else sheet_of(application.opening_id)
    if sheet is None:
        return Gate()
    appeal = session.get(QuestionAppeal, application.id)
    return Gate(
        sheet_id=sheet.id,
        questions=tuple(sheet.questions),
        answers=tuple(tuple(row.chosen) for row in rows),
        asked=appeal is not None,
        passed=appeal is not None and appeal.passed_at is not None,
    )


def answers_of(application_ids: Collection[UUID]) -> dict[UUID, list[QuestionAnswer]]:
    """What these answered, the oldest first: one query, however many."""
    mine = QuestionAnswer.application_id.in_(application_ids)
    found: dict[UUID, list[QuestionAnswer]] = {id: [] for id in application_ids}
    for row in session.scalars(select(QuestionAnswer).where(mine).order_by(QuestionAnswer.number)):
        found[row.application_id].append(row)
    return found


def standings_of(application_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """By application: *answered*, *stopped*, *asks* (for a person) or *passed*; none for the others."""
    appeals = {
        row.application_id: row.passed_at is not None
        for row in session.scalars(
            select(QuestionAppeal).where(QuestionAppeal.application_id.in_(application_ids))
        )
    }
    return {
        id: _standing(rows[-1], appeals.get(id))
        for id, rows in answers_of(application_ids).items()
        if rows
    }


def _standing(last: QuestionAnswer, passed: bool | None) -> str:
    if passed:
        return "passed"
    if not last.stops:
        return "answered"
    return "stopped" if passed is None else "asks"


def is_stopped() -> ColumnElement[bool]:
    """A condition on applications: an answer stands in the way, and nobody has let them through."""
    mine = QuestionAnswer.application_id == Application.id
    last = select(func.max(QuestionAnswer.number)).where(mine).correlate(Application)
    stops = select(QuestionAnswer.id).where(mine, QuestionAnswer.stops)
    stopped = stops.where(QuestionAnswer.number == last.scalar_subquery()).exists()
    through = (QuestionAppeal.application_id == Application.id) & QuestionAppeal.passed_at.is_not(
        None
    )
    return stopped & ~select(QuestionAppeal.application_id).where(through).exists()


def is_asking() -> ColumnElement[bool]:
    """A condition on applications: they asked for a person, and wait."""
    mine = QuestionAppeal.application_id == Application.id
    waits = select(QuestionAppeal.application_id).where(mine, QuestionAppeal.passed_at.is_(None))
    return is_stopped() & waits.exists()


def number_asking(opening_id: UUID) -> int:
    """How many wait for a person to look."""
    here = (Application.opening_id == opening_id) & (Application.stage == "invited")
    return session.scalar(select(func.count(Application.id)).where(here, is_asking())) or 0


# ── Acts ──


def ask(opening_id: UUID, questions: Sequence[Question], *, seen: int, by: UUID) -> int:
    """Let these be the questions for whoever has not answered yet; the number of the sheet.

    `seen` is the number of the sheet that was read before (0: none). The same questions again change
    nothing. Raises Refused when there are too many, or when somebody changed them meanwhile.
    """
    if locked(select(Opening).where(Opening.id == opening_id)) is None:
        raise Missing
    if len(questions) > MOST:
        raise Refused(_("At most five questions."))
    known = sheet_of(opening_id)
    number = known.number if known else 0
    if list(questions) == (known.questions if known else []):
        return number
    if seen != number:
        told = _(
            "Somebody changed the questions after you opened the page. What you typed is here; press"
            " again to let yours stand."
        )
        raise Refused(told)
    content = [
        {"text": q.text, "told": q.told, "options": [[text, on] for text, on in q.options]}
        for q in questions
    ]
    sheet = QuestionSheet(
        opening_id=opening_id, number=number + 1, content=content, made_at=now(), made_by=by
    )
    session.add(sheet)
    session.flush()
    announce(QuestionsChanged(opening_id, sheet.number, content, by))
    return sheet.number


def answer(application: Application, chosen: Sequence[int], *, sheet_id: UUID | None) -> None:
    """Keep an answer of somebody whose row is locked. The same again is as once.

    Raises Refused when the questions are others by now, or the answer was put right before.
    """
    gate = gate_of(application)
    if gate.sheet_id is None or gate.sheet_id != sheet_id:
        raise Refused(_("The questions have changed meanwhile. Look at them once more."))
    if gate.chosen == tuple(chosen):
        return
    if len(gate.answers) >= ANSWERS_EACH:
        raise Refused(_("Your answers were put right once already, and stay as they are."))
    stops = any(q.stops(one) for q, one in zip(gate.questions, chosen, strict=True))
    session.add(QuestionAnswer(
        application_id=application.id, sheet_id=gate.sheet_id, number=len(gate.answers) + 1,
        chosen=[*chosen], stops=stops, given_at=now(),
    ))  # fmt: skip
    session.flush()


def ask_a_person(application: Application) -> None:
    """Let a person look at an answer that stands in the way; the row is locked. Twice is as once."""
    gate = gate_of(application)
    if gate.open:
        raise Refused(_("Nothing stands in the way: you can start."))
    if gate.chosen is None:
        raise Refused(_("Answer the questions first."))
    if not gate.asked:
        session.add(QuestionAppeal(application_id=application.id, asked_at=now()))
        session.flush()


def let_through(application_id: UUID, *, by: UUID) -> None:
    """Let somebody start although an answer stands in the way. Twice is as once.

    Raises Refused when nothing does, and when no link of theirs would let them start.
    """
    application = locked(select(Application).where(Application.id == application_id))
    if application is None:
        raise Missing
    gate = gate_of(application)
    if gate.passed:
        return
    if not gate.stops:
        raise Refused(_("No answer of theirs stands in the way."))
    if open_link(application) is None:
        raise Refused(
            _("No link of theirs is open, so they could not start. Let it last longer, or send it again,"
              " and then let them through.")
        )  # fmt: skip
    appeal = session.get(QuestionAppeal, application_id)
    if appeal is None:
        appeal = QuestionAppeal(application_id=application_id, asked_at=now())
        session.add(appeal)
    appeal.passed_at, appeal.passed_by = now(), by
    session.flush()
    announce(QuestionsPassed(application_id, by))


def check_gate(application: Application) -> None:
    """Raises Refused while the questions are not answered, or an answer stands in the way of the clock."""
    gate = gate_of(application)
    if gate.open:
        return
    if gate.chosen is None:
        raise Refused(_("There are questions to answer first, so nothing has started."))
    raise Refused(_("One of your answers stands in the way, so nothing has started."))
