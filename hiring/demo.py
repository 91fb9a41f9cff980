"""A believable organisation to look around in, made through the real actions with a moved clock.

The words are in `demo_words.yaml`. Everything that happened is a line of one diary, told in the order
in which it happened: each line moves the clock and does one act, and after each the worker's sweeps
run, as they would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import yaml
from flask_security import hash_password
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hiring.accounts import actions as accounts
from hiring.accounts.models import Account, Organisation
from hiring.accounts.rules import DEMO_PASSWORD as PASSWORD
from hiring.accounts.settings import organisation
from hiring.accounts.views import LOGO_BYTES, LOGO_LONGEST
from hiring.assessments import actions as assessments
from hiring.assessments.models import Criterion, RubricLine
from hiring.assessments.queries import version_of
from hiring.assessments.shipped import begin_from, template_of
from hiring.attempts import actions as attempts
from hiring.attempts.models import Answer, Attempt
from hiring.attempts.queries import desk_of
from hiring.attempts.tasks import close_due
from hiring.demo_pilot import Pilot
from hiring.demo_workshop import FILES, Workshop
from hiring.kernel import storage
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.pictures import redrawn
from hiring.kernel.tokens import seal
from hiring.openings import import_reading, importing
from hiring.openings.actions import create_opening
from hiring.openings.inviting import invite
from hiring.openings.models import Application, Invitation
from hiring.openings.rules import Facts, Guest, StepPlan
from hiring.outbox.delivery import deliver
from hiring.people.models import Person
from hiring.reviewing import actions as reviewing
from hiring.reviewing.models import Assignment, Review
from hiring.reviewing.rules import Jotted
from hiring.shortlists import actions as shortlists
from hiring.shortlists.queries import shortlist_of
from hiring.shortlists.tasks import draw_exports

WORDS = Path(__file__).with_name("demo_words.yaml")
TEMPLATE = "the-invoice-charged-twice"
NOTES = 3  # of the reviewers on one person, cleared for documents
FRESH = "sam@example.org"  # who still holds an unused invitation, for a newcomer to take
Words = Mapping[str, Any]


@dataclass(order=True)
class Line:
    """One line of the diary."""

    when: datetime
    act: Callable[[], object] = field(compare=False)


class Asked(NamedTuple):
    """A published task: its id, and those of its criteria's lines by slug."""

    id: UUID
    lines: dict[str | None, UUID]


def fill() -> None:
    """Fill an empty database. Called once, in an application context, right after migrating."""
    words = yaml.safe_load(WORDS.read_text("utf-8"))
    house = House(words)
    with at(house.instant(words["opening"]["opened"]) - timedelta(days=6)):
        house.found()
    for line in sorted(house.diary()):
        if line.when <= now():
            with at(line.when):
                line.act()
                close_due()
                deliver()


def present() -> bool:
    """Whether this database holds the demo, with its well-known passwords."""
    return organisation().demo


def welcome(public_url: str) -> str:
    """What a newcomer is told at the start: sign-ins, and one fresh invitation link."""
    if not present():
        return f"Sign in at {public_url}/account/login"
    doors = {"recruiter": "rae", "reviewer": _busiest_reviewer(), "owner": "ola"}
    lines = [f"  {role:<10} {public_url}/account/login?as={who}" for role, who in doors.items()]
    fresh = fresh_invitation()
    if fresh is not None:
        lines.append(f"  {'candidate':<10} {public_url}/invitations/{seal('invitation', fresh)}")
    return f"The password of all staff is “{PASSWORD}”, and filled in already:\n\n" + "\n".join(
        lines
    )


def _busiest_reviewer() -> str:
    waiting = (
        select(Account.email)
        .join(Assignment, Assignment.account_id == Account.id)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Review.final_at.is_(None), Assignment.released_at.is_(None))
        .group_by(Account.email)
        .order_by(func.count().desc(), Account.email)
    )
    return (session.scalars(waiting).first() or "wen").partition("@")[0]


def fresh_invitation() -> UUID | None:
    """An invitation that nobody has used, for a newcomer to take."""
    unused = (
        select(Invitation.id)
        .join(Application, Application.id == Invitation.application_id)
        .join(Person, Person.id == Application.person_id)
        .where(
            Person.address == FRESH, Application.stage == "invited", Invitation.expires_at > now()
        )
    )
    return session.scalars(unused).first()


class House:
    """The organisation as its words have it, and the diary of what happened in it."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.zone = ZoneInfo(words["organisation"]["time_zone"])
        self.today = now().astimezone(self.zone).date()
        self.staff: dict[str, UUID] = {}
        self.version_id: UUID
        self.opening_id: UUID
        self.step_id: UUID

    @cached_property
    def asked(self) -> list[Asked]:
        """The tasks of the first opening, read once: they never change."""
        return [
            Asked(task.id, {slug_of(line): line.id for line in task.rubric})
            for task in version_of(self.version_id).tasks
        ]

    def instant(self, when: Words) -> datetime:
        """A time of the words as an instant."""
        if "minutes_ago" in when:
            return now() - timedelta(minutes=when["minutes_ago"])
        clock = time.fromisoformat(when["time"])
        return datetime.combine(self.day(when), clock, self.zone)

    def day(self, when: Words) -> date:
        """A day of the words, counted from today."""
        return self.today + timedelta(days=when["day"])

    def found(self) -> None:
        """The organisation, its staff with their passwords, and the published template."""
        hashed = hash_password(PASSWORD)  # slow on purpose, so before the act
        with writing():
            accounts.describe_organisation(**_organisation_of(self.words["organisation"]), by=None)
            session.get_one(Organisation, 1).demo = True
            for person in self.words["staff"]:
                self.staff[person["key"]] = accounts.invite(
                    person["email"], name=person["name"], roles=person["roles"],
                    by=self.staff.get("ola"),
                )  # fmt: skip
        with writing():
            for account_id in self.staff.values():
                accounts.keep_password(account_id, hashed=hashed)
        self._show_logo()
        with writing():
            draft = begin_from(TEMPLATE, uuid4(), by=self.staff["rae"])
            assessment_id, revision = draft.assessment_id, draft.revision
        with writing():
            published = assessments.publish(assessment_id, revision=revision, by=self.staff["rae"])
            self.version_id = published.id

    def _show_logo(self) -> None:
        source = (FILES / "logo.png").read_bytes()
        drawn = redrawn(source, longest=LOGO_LONGEST, most_bytes=LOGO_BYTES)
        with storage.laid(drawn.content) as lying, writing():
            accounts.change_logo(lying, drawn, by=self.staff["ola"])

    def diary(self) -> Iterator[Line]:
        """Every act there was, in no order; the caller sorts and leaves out what has not come yet."""
        opening = self.words["opening"]
        yield Line(self.instant(opening["opened"]), self.open)
        for applicant in self.words["applicants"]:
            yield from Course(self, applicant).diary()
        yield from Pair(self, self.words["pair"]).diary()
        more = Pilot(self, Pair(self, self.words["pilot"])), Workshop(self, self.words["workshop"])
        yield from (Line(when, act) for one in more for when, act in one.diary())
        export = self.words["export"]
        yield Line(self.instant(export["at"]), partial(self.export, export))
        brought = self.words["import"]
        yield Line(self.instant(brought["at"]), partial(self.bring, brought))

    def open(self) -> None:
        """Create the opening with its step and panel."""
        words = self.words["opening"]
        panel = [self.staff[key] for key in words["panel"]]
        plan = StepPlan(self.version_id, panel=panel, wanted_marks=words["wanted_marks"])
        with writing():
            opening = create_opening(
                Facts(
                    title=words["title"], terms=words["kind"], pay=words["pay"], place=words["where"],
                    about=words["about"], hear_by=self.day(words["hear_by"]),
                    apply_by=self.day(words["open_until"]), public_form=words["public_form"],
                ),
                steps=[plan], by=self.staff[words["by"]],
            )  # fmt: skip
            self.opening_id, self.step_id = opening.id, opening.steps[0].id

    def export(self, words: Words) -> None:
        """Freeze the shortlist as it stood."""
        with writing():
            shortlists.ask_for_export(
                self.opening_id, paper="a4", named=True, by=self.staff[words["by"]]
            )
        draw_exports()

    def bring(self, words: Words) -> None:
        """A file of people that waits to be looked through."""
        content = words["text"].encode()
        reading = import_reading.read(content)
        with writing():
            importing.keep(
                self.opening_id, reading, content=content, name=words["name"],
                by=self.staff[words["by"]], id=uuid4(),
            )  # fmt: skip


def _organisation_of(words: Words) -> dict[str, Any]:
    return {
        "name": words["name"], "line": words["line"], "time_zone": words["time_zone"], "hue": 262,
        "postal_address": f"{words['legal_name']}, {words['address']}, {words['place']}",
    }  # fmt: skip


class Course:
    """One applicant's way through the opening."""

    def __init__(self, house: House, words: Words) -> None:
        self.house = house
        self.words = words
        self.application_id: UUID
        self.attempt_id: UUID

    def diary(self) -> Iterator[Line]:
        """Invited, started, each answer saved, submitted or not, marked, decided."""
        yield Line(self.house.instant(self.words["invited"]), self.invite)
        if "started" in self.words:
            began = self.house.instant(self.words["started"])
            yield Line(began, self.start)
            yield from self._writing(began)
            yield from self._marking()
        if "submitted" in self.words:
            yield Line(self.house.instant(self.words["submitted"]), self.submit)
        if "decision" in self.words:
            yield Line(self.house.instant(self.words["decision"]["at"]), self.decide)

    def invite(self) -> None:
        """The letter goes out."""
        opening = self.house.words["opening"]
        guest = Guest(self.words["email"], self.words["name"])
        with writing():
            invited = invite(
                self.house.opening_id, guests=[guest], by=self.house.staff[opening["by"]],
                expires_at=self.house.instant(opening["open_until"]),
            )  # fmt: skip
            self.application_id, self.invitation_id = invited[0].application_id, invited[0].id

    def start(self) -> None:
        """They press Start."""
        with writing():
            factor = self.words.get("more_time", 1.0)
            self.attempt_id = attempts.start(self.invitation_id, factor=factor, at=now())

    def _writing(self, began: datetime) -> Iterator[Line]:
        written = [(key, words) for key, words in self.words["answers"].items() if _typed(words)]
        ended = self.words.get("submitted")
        end = self.house.instant(ended) if ended else began + timedelta(minutes=16)
        for place, (key, words) in enumerate(written, 1):
            when = began + (end - began) * place / (len(written) + 1)
            for nth in (1, 2):
                yield Line(when + timedelta(seconds=nth), partial(self.save, key, words, nth))

    def save(self, key: str, words: Words, nth: int) -> None:
        """One save: the first half of the text, then all of it."""
        text = words["text"] if nth > 1 else words["text"][: len(words["text"]) // 2]
        typed = MultiDict({"text": text, "reason": text, "choices": words.get("choice") or ""})
        with writing():
            attempts.save(
                self.attempt_id, task_id=self._task(key).id, fields=typed,
                base=self._answer(key).head, tab="demo", nth=nth, arrived_at=now(),
            )  # fmt: skip

    def submit(self) -> None:
        """They hand in."""
        with writing():
            attempts.submit(self.attempt_id, at=now())

    def _marking(self) -> Iterator[Line]:
        for key, words in self.words["answers"].items():
            for place, review in enumerate(words.get("reviews", [])):
                yield Line(self.house.instant(review["at"]), partial(self.mark, key, place, review))

    def mark(self, key: str, place: int, review: Words) -> None:
        """The k-th review of an answer, by the k-th reviewer who was given it."""
        given = self._assignments(key)
        if place >= len(given):
            return
        lines = self._task(key).lines
        sheet = {
            lines[slug]: Jotted(mark["level"], mark.get("note", ""))
            for slug, mark in review["marks"].items()
        }
        with writing():
            reviewing.finish(given[place].id, by=given[place].account_id, sheet=sheet)

    def decide(self) -> None:
        """The recruiter's decision, with its reason."""
        words = self.words["decision"]
        with writing():
            shortlists.decide(
                self.application_id, verdict=words["kind"], reason=words["reason"], after=0,
                by=self.house.staff[words["by"]],
            )  # fmt: skip
            self._clear_notes(by=self.house.staff[words["by"]])

    def _clear_notes(self, *, by: UUID) -> None:
        row = shortlist_of(self.house.opening_id).row_of(self.application_id)
        noted = [given.mark_id for given in row.given if given.note] if row else []
        shortlists.clear_notes(self.application_id, marks=noted[:NOTES], by=by)

    def _task(self, key: str) -> Asked:
        return self.house.asked[list(self.words["answers"]).index(key)]

    def _answer(self, key: str) -> Answer:
        task_id = self._task(key).id
        return next(
            a for a in session.get_one(Attempt, self.attempt_id).answers if a.task_id == task_id
        )

    def _assignments(self, key: str) -> list[Assignment]:
        given = select(Assignment).where(
            Assignment.blind_answer_id == self._answer(key).blind_answer_id
        )
        return list(session.scalars(given.order_by(Assignment.assigned_at, Assignment.place)))


class Pair:
    """An opening of two steps on the shipped pair: people write what its samples say."""

    def __init__(self, house: House, words: Words) -> None:
        self.house, self.words = house, words
        self.opening_id: UUID
        self.at: dict[tuple[str, int], UUID] = {}  # by address and step: the attempt

    def diary(self) -> Iterator[Line]:
        """Published and opened, then each one's way as far as it went."""
        instant = self.house.instant
        yield Line(instant(self.words["opened"]), self.open)
        for applicant in self.words["applicants"]:
            who = applicant["email"]
            yield Line(
                instant(self.words["opened"]) + timedelta(hours=2), partial(self.invite, applicant)
            )
            for number, took in enumerate(applicant["took"], start=1):
                began = instant(took["at"])
                yield Line(began, partial(self.start, who, number))
                hand_in = partial(self.hand_in, who, number, took["quality"])
                yield Line(began + timedelta(minutes=18 + number), hand_in)
                if "marked" in took:
                    mark = partial(self.mark, who, number, took["quality"])
                    yield Line(instant(took["marked"]), mark)
                if "verdict" in took:
                    yield Line(instant(took["decided"]), partial(self.decide, who, number, took))

    def open(self) -> None:
        """Publish both parts, and make the opening."""
        rae, words = self.house.staff[self.words["by"]], self.words
        plans = [self._plan(step, rae) for step in words["steps"]]
        with writing():
            self.opening_id = create_opening(
                Facts(
                    title=words["title"], terms=words["kind"], pay=words["pay"], place=words["where"],
                    about=words["about"], hear_by=self.house.day(words["hear_by"]),
                ),
                steps=plans, by=rae,
            ).id  # fmt: skip

    def _plan(self, step: Words, by: UUID) -> StepPlan:
        with writing():
            draft = begin_from(step["template"], uuid4(), by=by)
            assessment_id, revision = draft.assessment_id, draft.revision
        with writing():
            version_id = assessments.publish(assessment_id, revision=revision, by=by).id
        panel = {self.house.staff[key] for key in step["panel"]}
        given = {name: step[name] for name in step if name not in {"template", "panel"}}
        return StepPlan(version_id, panel, **given)

    def invite(self, applicant: Words) -> None:
        """The letter to the first step goes out."""
        with writing():
            invite(
                self.opening_id, guests=[Guest(applicant["email"], applicant["name"])],
                expires_at=self.house.instant(self.words["open_until"]),
                by=self.house.staff[self.words["by"]],
            )  # fmt: skip

    def start(self, who: str, number: int) -> None:
        """They press Start."""
        newest = select(Invitation).where(Invitation.application_id == self._application(who))
        invitation = session.scalars(newest.order_by(Invitation.invited_at.desc())).first()
        assert invitation  # noqa: S101  invited before, by this diary
        with writing():
            self.at[who, number] = attempts.start(invitation.id, factor=1.0, at=now())

    def hand_in(self, who: str, number: int, quality: str) -> None:
        """They have written what the samples of this quality say, and submit."""
        attempt_id = self.at[who, number]
        samples = self.samples(number, quality)
        desk = desk_of(attempt_id)
        for work in desk.works:
            if sample := samples.get(work.number):
                value = {"text": sample["text"], "reason": sample["text"]}
                typed = MultiDict({**value, "choices": sample.get("choice") or ""})
                with writing():
                    attempts.save(
                        attempt_id, task_id=work.task.id, fields=typed, base=work.head, tab="demo",
                        nth=1, arrived_at=now(),
                    )  # fmt: skip
            if desk.opens(work):
                with writing():
                    attempts.finish(attempt_id, task_id=work.task.id, at=now())
        with writing():
            attempts.submit(attempt_id, at=now())

    def mark(self, who: str, number: int, quality: str) -> None:
        """Whoever was given the answers gives the reference marks."""
        samples = self.samples(number, quality)
        for work in desk_of(self.at[who, number]).works:
            blind = select(Answer.blind_answer_id).where(Answer.id == work.answer_id)
            given = select(Assignment).where(Assignment.blind_answer_id.in_(blind))
            marks = samples.get(work.number, {}).get("marks", {})
            slugs = {slug_of(line): line for line in work.task.rubric}
            sheet = {
                slugs[slug].id: Jotted(mark["level"], mark.get("why", ""))
                for slug, mark in marks.items()
                if slug in slugs and not slugs[slug].keyed
            }
            for one in session.scalars(given).all() if sheet else []:
                with writing():
                    reviewing.finish(one.id, by=one.account_id, sheet=sheet)

    def decide(self, who: str, number: int, took: Words) -> None:
        """The recruiter's decision at a step."""
        with writing():
            shortlists.decide(
                self._application(who), verdict=took["verdict"], reason=took["reason"], after=0,
                number=number, by=self.house.staff[self.words["by"]],
            )  # fmt: skip

    def samples(self, number: int, quality: str) -> dict[int, Mapping[str, Any]]:
        """The samples of this quality to a step's assessment, by the number of the task."""
        template = template_of(self.words["steps"][number - 1]["template"])
        tasks = [task["key"] for task in template.content["tasks"]]
        return {
            tasks.index(sample["task"]) + 1: sample
            for sample in template.samples
            if sample.get("quality", quality) == quality
        }

    def _application(self, who: str) -> UUID:
        mine = (Application.opening_id == self.opening_id) & (Person.address == who)
        rows = select(Application.id).join(Person, Person.id == Application.person_id)
        return session.scalars(rows.where(mine)).one()


def slug_of(line: RubricLine) -> str | None:
    """What samples call the criterion of a line."""
    return session.get_one(Criterion, line.criterion_id).slug


def _typed(words: Words) -> bool:
    return bool(words["text"] or words.get("choice"))
