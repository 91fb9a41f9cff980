"""Rows for tests, made as the platform makes them: by the rooms' own actions. One section a room.

Each function is one act in a transaction of its own and returns an id or a small value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, g
from flask import session as in_cookie
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hiring.accounts import actions as accounts
from hiring.accounts.models import Account, SignIn
from hiring.assessments import actions as assessments
from hiring.assessments import shipped
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import Task, Version
from hiring.attempts import actions as attempts
from hiring.attempts import uploads
from hiring.attempts.actions import Saved
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.closing import settle
from hiring.attempts.queries import desk_of
from hiring.attempts.uploads import Brought
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.papers import recognised
from hiring.openings import import_reading, import_running, importing, sendings
from hiring.openings.actions import create_opening
from hiring.openings.inviting import invite
from hiring.openings.models import Invitation, Step
from hiring.openings.rules import Facts, Guest, StepPlan
from hiring.openings.tasks import go_on_with_imports
from hiring.reviewing import actions as reviewing
from hiring.reviewing import queries as reviews
from hiring.reviewing.rules import Jotted, Sheet, for_people

# ── accounts ─────────────────────────────────────────────────────────────────

CAST = {
    "ola": ("Ola Nwosu", ("owner",)),
    "rae": ("Rae Lindqvist", ("recruiter",)),
    "vic": ("Vic Okafor", ("reviewer",)),
    "wen": ("Wen Li", ("reviewer",)),
    "zia": ("Zia Rahmani", ("reviewer",)),
    "uma": ("Uma Castillo", ("owner", "reviewer")),  # owns and marks
}
PASSWORD = "a long road to the sea"


@cache
def _hash() -> str:
    return str(hash_password(PASSWORD))


def staff(who: str) -> UUID:
    """A member of the standing cast, or a reviewer of any other name; made once, with a password."""
    name, roles = CAST.get(who, (who.title(), ("reviewer",)))
    email = f"{who}@osier.example"
    known = session.scalar(select(Account.id).where(Account.email == email))
    if known:
        return known
    password = _hash()
    with writing():
        account_id = accounts.invite(email, name=name, roles=roles, by=None)
        session.get_one(Account, account_id).password = password
    return account_id


def signed_in(app: Flask, who: str) -> FlaskClient:
    """A browser in which this member of the cast has signed in, with the token that forms carry."""
    account_id, client = staff(who), browser(app)
    with writing():
        row = SignIn(id=uuid4(), account_id=account_id, began_at=now())
        session.add(row)
        session.flush()
        named, uniquifier = row.id, session.get_one(Account, account_id).fs_uniquifier
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": uniquifier, "_fresh": True, "sign_in": str(named)})
    return client


def browser(app: Flask) -> FlaskClient:
    """An anonymous browser that has the token of a page's forms."""
    client = app.test_client()
    with app.test_request_context():
        g.pop("csrf_token", None)  # the test's own context keeps the token of the browser before
        token, kept = generate_csrf(), dict(in_cookie)
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    with client.session_transaction() as cookie:
        cookie.update(kept)
    return client


# ── assessments ──────────────────────────────────────────────────────────────


def version(slug: str = "the-invoice-charged-twice") -> Version:
    """A shipped template, begun by Rae and published."""
    rae, assessment_id = staff("rae"), uuid4()
    with writing():
        draft = shipped.begin_from(slug, assessment_id, by=rae)
        return assessments.publish(assessment_id, revision=draft.revision, by=rae)


def draft_assessment(slug: str | None = "the-invoice-charged-twice") -> UUID:
    """A draft of Rae's, from a shipped template, or empty: the assessment's id."""
    rae, assessment_id = staff("rae"), uuid4()
    with writing():
        if slug is None:
            assessments.begin(assessment_id, by=rae)
        else:
            shipped.begin_from(slug, assessment_id, by=rae)
    return assessment_id


def version_with_a_wait(slug: str = "the-invoice-charged-twice") -> Version:
    """A shipped template of four tasks, the last one opening only after the second; published."""
    assessment_id = draft_assessment(slug)
    with writing():
        draft = assessments.draft(assessment_id)
        draft.tasks[3].opens_after = draft.tasks[1]
    with writing():
        revision = assessments.draft(assessment_id).revision
        return assessments.publish(assessment_id, revision=revision, by=staff("rae"))


def version_with_files(**settings: Any) -> Version:
    """The shipped template, its second task wanting files; published."""
    assessment_id = draft_assessment()
    with writing():
        task = assessments.draft(assessment_id).tasks[1]
        task.kind, task.title = "file", "The plan on one page"
        task.settings = {**kind_of("file").new_settings(), **EVERY_TYPE, **settings}
    with writing():
        revision = assessments.draft(assessment_id).revision
        return assessments.publish(assessment_id, revision=revision, by=staff("rae"))


EVERY_TYPE = {"types": ["pdf", "document", "sheet", "slides", "picture", "text"], "most_files": 3}


# ── openings ─────────────────────────────────────────────────────────────────


def opening(
    *,
    panel: Sequence[str] = ("vic", "wen", "zia"),
    wanted_marks: int = 2,
    more: Sequence[StepPlan] = (),
    **given: Any,
) -> tuple[UUID, UUID]:
    """An opening of Rae's for three weeks, on the shipped template: its id and its first step's."""
    version_id, by = given.pop("version_id", None) or version().id, staff("rae")
    members = {*map(staff, panel)}
    words = {
        "title": "Support lead", "terms": "employment", "pay": "€ 52,000 a year", "place": "Ghent",
        "hear_by": (now() + timedelta(days=21)).date(), **given,
    }  # fmt: skip
    with writing():
        first = StepPlan(version_id, panel=members, wanted_marks=wanted_marks)
        made = create_opening(Facts(**words), steps=[first, *more], by=by)
        return made.id, made.steps[0].id


def invited(
    opening_id: UUID, address: str = "kit@example.org", name: str = "Kit Marlow", **given: Any
) -> Invitation:
    """A person whom Rae invited, for a fortnight: the invitation, which knows its application."""
    given = {"expires_at": now() + timedelta(days=14), "by": staff("rae"), **given}
    with writing():
        return invite(opening_id, guests=[Guest(address, name)], **given)[0]


def waiting(opening_id: UUID, *addresses: str, name: str = "") -> UUID:
    """People whom Rae invited in one sending, which leaves in ten minutes: its batch."""
    batch, by, until = uuid4(), staff("rae"), now() + timedelta(days=14)
    guests = [Guest(address, name) for address in addresses]
    with writing():
        sendings.begin(batch, opening_id=opening_id, people=len(guests), by=by)
        invite(opening_id, guests=guests, expires_at=until, batch=batch, by=by)
    return batch


def filed(opening_id: UUID, text: str | bytes, *, confirmed: bool = False, by: str = "rae") -> UUID:
    """A file of people that Rae brought; confirmed, also invited from by the worker. The import's id."""
    content, account_id, id = text.encode() if isinstance(text, str) else text, staff(by), uuid4()
    reading = import_reading.read(content)
    session.rollback()
    with writing():
        importing.keep(
            opening_id, reading, content=content, name="people.csv", by=account_id, id=id
        )
    if confirmed:
        until = (now() + timedelta(days=7)).date()
        with writing():
            import_running.confirm(id, until=until, word="", seen="0", by=account_id, batch=uuid4())
        go_on_with_imports()
    return id


# ── attempts ─────────────────────────────────────────────────────────────────


def started(invitation: Invitation, *, factor: float = 1.0) -> UUID:
    """An attempt of this invitation that begins now; its id."""
    with writing():
        return attempts.start(invitation.id, factor=factor, at=now())


def saved(
    attempt_id: UUID,
    text: str,
    *,
    task: int = 2,
    base: int | None = None,
    tab: str = "t",
    nth: int = 0,
) -> Saved:
    """A save of a text as it arrives now, over what stands unless a base is given."""
    work = desk_of(attempt_id).work(task)
    fields: MultiDict[str, str] = MultiDict(work.kind.sample(choice=None, text=text))
    over = work.head if base is None else base
    with writing():
        return attempts.save(
            attempt_id, task_id=work.task.id, fields=fields, base=over, tab=tab, nth=nth,
            arrived_at=now(),
        )  # fmt: skip


def handed_in(attempt_id: UUID, content: bytes, name: str, *, task: int = 2) -> UUID:
    """A file that came whole into an answer, its copy not made yet; its id."""
    work, paper = desk_of(attempt_id).work(task), recognised(content, name=name)
    brought = Brought(name, len(content), uploads.digest_of(content))
    with writing():
        upload_id = uploads.begin(attempt_id, task_id=work.task.id, brought=brought, at=now()).id
    original = uploads.lay_original(upload_id, content)
    with writing():
        uploads.put_in(
            upload_id, attempt_id=attempt_id, original=original, paper=paper, tab="", at=now()
        )
    return upload_id


def submitted(attempt_id: UUID) -> None:
    """Handed in now."""
    with writing():
        attempts.submit(attempt_id, at=now())


def taken(
    opening_id: UUID,
    address: str = "kit@example.org",
    name: str = "Kit Marlow",
    text: str = "Done.",
) -> UUID:
    """A person who was invited, wrote a text in the second task, and whose attempt is closed; its id."""
    attempt_id = started(invited(opening_id, address, name))
    saved(attempt_id, text)
    submitted(attempt_id)
    with at(now() + timedelta(minutes=11)):
        assert settle(attempt_id)
    return attempt_id


# ── reviewing ────────────────────────────────────────────────────────────────

WORDS = "We took the money twice.\n\nThe second charge goes back today, before 17:00."


def blind_answers(
    step_id: UUID, *, candidates: int = 1, tasks: Sequence[int] = (2,), text: str = WORDS
) -> list[UUID]:
    """Masked answers, as closing an attempt leaves them, not yet given to anyone; no person behind them."""
    first = session.scalar(select(func.count()).where(BlindAnswer.step_id == step_id)) or 0
    with writing():
        rows = [
            _blind(step_id, task, alias=f"Alias {first + number}", text=text)
            for number in range(candidates)
            for task in tasks_of(step_id)
            if task.position in tasks
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def _blind(step_id: UUID, task: Task, *, alias: str, text: str) -> BlindAnswer:
    kind = kind_of(task.kind)
    option = task.settings["options"][0]["key"] if task.settings.get("options") else None
    value = kind.sample(choice=option if text else None, text=text)
    return BlindAnswer(
        step_id=step_id, task_id=task.id, alias=alias, value=value, words=kind.words(value),
        empty=kind.is_empty(value), wants_person=kind.wants_person(value, task.rubric),
        blinded_at=now(),
    )  # fmt: skip


def tasks_of(step_id: UUID) -> list[Task]:
    """The tasks of a step's assessment, in order."""
    of_step = select(Version).join(Step, Step.version_id == Version.id).where(Step.id == step_id)
    return list(session.scalars(of_step).one().tasks)


def assigned(step_id: UUID, **given: object) -> list[UUID]:
    """Masked answers that the platform has given out; their ids."""
    ids = blind_answers(step_id, **given)  # type: ignore[arg-type]
    with writing():
        reviewing.assign(step_id=step_id, blind_answer_ids=ids)
    return ids


def sheet_for(assignment_id: UUID, account_id: UUID, *, level: int = 3, note: str = "") -> Sheet:
    """The same level on every criterion that a person marks."""
    answer = reviews.assignment_of(assignment_id, account_id).blind_answer
    lines = for_people(session.get_one(Task, answer.task_id).rubric)
    return {line.id: Jotted(level, note) for line in lines}


def marked(assignment_id: UUID, account_id: UUID, *, level: int = 3, note: str = "") -> None:
    """Final marks for an assignment."""
    sheet = sheet_for(assignment_id, account_id, level=level, note=note)
    with writing():
        reviewing.finish(assignment_id, by=account_id, sheet=sheet)
