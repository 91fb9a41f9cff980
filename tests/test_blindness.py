"""Nothing that a blind reviewer is sent names a person or tells another's mark: every route is walked.

Names, an address, another reviewer's note and the mean of her marks are planted; then three who mark
and have not finished open every address there is and press every button, with the ids of everything:
a reviewer, and two who could see names elsewhere because they own or recruit as well. A route that is
in neither VISITS nor PRESSES fails the suite. Levels are small numbers that stand on every page, so
they are changed, and no page may change with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hiring.accounts import actions as accounts
from hiring.accounts.models import Account
from hiring.assessments.models import Assessment, Material, Task, Version
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.closing import settle
from hiring.attempts.models import Attempt, Upload
from hiring.attempts.queries import desk_of
from hiring.attempts.tasks import make_copies
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.ledger.models import Entry
from hiring.openings.imports import Import
from hiring.openings.models import Application, Invitation, Opening, Step
from hiring.openings.sendings import Sending
from hiring.outbox.models import Message
from hiring.reviewing import actions as reviewing
from hiring.reviewing.models import Assignment, Mark
from hiring.reviewing.rules import Jotted
from hiring.shortlists import actions as shortlists
from hiring.shortlists.models import Export
from hiring.shortlists.tasks import draw_exports
from tests import papers
from tests.factories import (
    filed,
    handed_in,
    invited,
    opening,
    sheet_for,
    signed_in,
    staff,
    started,
    submitted,
    taken,
    version_with_files,
    waiting,
)

NAME, ADDRESS = "Zephyrine Quillon", "zq@canary-mail.example"
LATER_NAME, LATER_ADDRESS = "Ottoline Brandvold", "ob@canary-mail.example"
NOTE, REASON = "wens-own-note-7391", "Her raes-own-reason-5521 is kept"
MEAN = "20.2"  # of the levels that Wen gave, as the decision keeps it
FILED = "raes-file-said-8162"  # beside a name, in a column that we do not know
CANARIES = (
    "Zephyrine",
    "Quillon",
    "Ottoline",
    "Brandvold",
    "canary-mail",
    NOTE,
    REASON,
    MEAN,
    FILED,
)
ANSWER = f"Dear Marta,\n\nthe money is on its way.\n\n{NAME}\n{ADDRESS}"
BLIND = ("vic", "uma", "pat")  # a reviewer; an owner and a recruiter who mark as well
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}

Arguments = dict[str, Any]
Visit = Callable[[], Iterator[Arguments]]


# ── How to visit ─────────────────────────────────────────────────────────────


def plain() -> Iterator[Arguments]:
    """A route without arguments."""
    yield {}


def each(**columns: Any) -> Visit:
    """Once with every value there is: a column, or a list of values, for each argument."""

    def visit() -> Iterator[Arguments]:
        values = [
            c if isinstance(c, list) else session.scalars(select(c)).all() for c in columns.values()
        ]
        yield from (dict(zip(columns, one, strict=True)) for one in product(*values))

    return visit


def never() -> Iterator[Arguments]:
    """The address is a key that only the candidate's letter holds: no reviewer can have it."""
    yield from ()


VISITS: dict[str, Visit] = {
    "accounts.accent_css": plain,
    "accounts.end": each(account_id=Account.id),
    "accounts.invitation": plain,
    "accounts.logo": each(file_id=[UUID(int=7)]),
    "accounts.member": each(account_id=Account.id),
    "accounts.members": plain,
    "accounts.settings": plain,
    "accounts.signed_in": plain,
    "assessments.assessment": each(assessment_id=Assessment.id),
    "assessments.assessments": plain,
    "assessments.changes": each(assessment_id=Assessment.id, number=[2]),
    "assessments.criteria": plain,
    "assessments.gallery": each(assessment_id=Assessment.id),
    "assessments.picture": never,  # the texts of the house's own name none
    "assessments.preview": each(assessment_id=Assessment.id),
    "assessments.preview_task": each(assessment_id=Assessment.id, place=[1, 2, 3, 4]),
    "assessments.removal": each(assessment_id=Assessment.id),
    "assessments.sheet": each(material_id=Material.id),
    "assessments.templates": plain,
    "assessments.version": each(assessment_id=Assessment.id, number=[1]),
    "attempts.attempt": each(attempt_id=Attempt.id),
    "attempts.file": each(attempt_id=Attempt.id, file_id=Upload.id),
    "attempts.files": each(attempt_id=Attempt.id, task_id=Task.id),
    "attempts.invitation": never,
    "attempts.receipt": each(attempt_id=Attempt.id),
    "attempts.sheet": each(attempt_id=Attempt.id, number=[1], material_id=Material.id),
    "attempts.task": each(attempt_id=Attempt.id, number=[1, 2]),
    "attempts.time": each(attempt_id=Attempt.id),
    "dashboard.today": plain,
    "health.healthz": plain,
    "health.readyz": plain,
    "ledger.entries": plain,
    "ledger.entry": each(number=Entry.number),
    "ledger.verification": plain,
    "openings.applied": each(slug=Opening.slug),
    "openings.closing": each(opening_id=Opening.id),
    "openings.erasure": each(opening_id=Opening.id, application_id=Application.id),
    "openings.facts": each(opening_id=Opening.id),
    "openings.feed": plain,
    "openings.home": plain,
    "openings.confirmation": each(opening_id=Opening.id, import_id=Import.id),
    "openings.import_": each(opening_id=Opening.id, import_id=Import.id),
    "openings.imports_list": each(opening_id=Opening.id),
    "openings.invitations": each(opening_id=Opening.id),
    "openings.answers": each(opening_id=Opening.id, application_id=Application.id),
    "openings.name": each(opening_id=Opening.id, application_id=Application.id),
    "openings.new": plain,
    "openings.opening": each(opening_id=Opening.id),
    "openings.openings": plain,
    "openings.new_step": each(opening_id=Opening.id),
    "openings.panel": each(opening_id=Opening.id, number=[None, 1]),
    "openings.step": each(opening_id=Opening.id, number=[1]),
    "openings.public": each(slug=Opening.slug),
    "openings.questions": each(opening_id=Opening.id),
    "openings.pilot": each(version_id=Version.id),
    "shortlists.pilot": each(opening_id=Opening.id),
    "openings.address": each(opening_id=Opening.id, application_id=Application.id),
    "openings.sending": each(opening_id=Opening.id, batch=Sending.id),
    "outbox.letters": plain,
    "outbox.wording": each(kind=["invitation", "receipt"]),
    "outbox.letter": each(message_id=Message.id),
    "outbox.message": each(message_id=Message.id),
    "outbox.messages": plain,
    "reviewing.file": each(assignment_id=Assignment.id, number=[1, 2, 3, 4]),
    "reviewing.bench": each(assignment_id=Assignment.id),
    "reviewing.reviews": plain,
    "security.change_password": plain,
    "security.forgot_password": plain,
    "security.login": plain,
    "security.reset_password": never,
    "shortlists.csv": each(export_id=Export.id),
    "shortlists.export": each(export_id=Export.id),
    "shortlists.exports": each(opening_id=Opening.id),
    "shortlists.file": each(application_id=Application.id, file_id=Upload.id),
    "shortlists.pdf": each(export_id=Export.id),
    "shortlists.person": each(application_id=Application.id, number=[None, 1]),
    "shortlists.proposal": each(opening_id=Opening.id, number=[1]),
    "shortlists.shortlist": each(opening_id=Opening.id, number=[None, 1]),
}


def wens() -> Iterator[Arguments]:
    """Somebody else's account."""
    yield {"account_id": staff("wen")}


def ids_of(column: Any) -> list[str]:
    """All there are, as a form carries them."""
    return [str(id) for id in session.scalars(select(column))]


# How each button is pressed: where, and what is typed. What ends an access or an opening comes last,
# and what could end the presser's own marking after that.
PRESSES: dict[str, tuple[Visit, Callable[[], Arguments]]] = {
    "accounts.invitation": (plain, lambda: {"name": "Kit", "address": "kit@osier.example", "roles": "owner"}),
    "accounts.change_logo": (plain, dict),
    "accounts.remove_logo": (plain, dict),
    "accounts.letter": (each(account_id=Account.id), dict),
    "accounts.roles": (each(account_id=Account.id), dict),
    "accounts.settings": (plain, lambda: {"name": ""}),
    "assessments.add_picture": (each(assessment_id=Assessment.id), dict),
    "assessments.begin": (plain, dict),
    "assessments.go_on": (each(assessment_id=Assessment.id), dict),
    "assessments.pick": (each(assessment_id=Assessment.id), dict),
    "assessments.publish": (each(assessment_id=Assessment.id), dict),
    "assessments.put_back": (each(assessment_id=Assessment.id), dict),
    "assessments.put_picture_back": (
        each(assessment_id=Assessment.id, picture_id=[UUID(int=7)]), dict
    ),
    "assessments.remove_picture": (
        each(assessment_id=Assessment.id, picture_id=[UUID(int=7)]), dict
    ),
    "assessments.remove": (each(assessment_id=Assessment.id), dict),
    "assessments.save": (each(assessment_id=Assessment.id), dict),
    "attempts.begin_upload": (
        each(attempt_id=Attempt.id, task_id=Task.id), lambda: {"name": "x", "size": 1, "sha256": "0" * 64}
    ),
    "attempts.piece": (each(attempt_id=Attempt.id, upload_id=Upload.id), lambda: {"offset": 0}),
    "attempts.removal": (each(attempt_id=Attempt.id, upload_id=Upload.id), dict),
    "attempts.choice": (each(attempt_id=Attempt.id, task_id=Task.id), dict),
    "attempts.finishing": (each(attempt_id=Attempt.id, task_id=Task.id), dict),
    "attempts.answer": (never, dict),
    "attempts.appeal": (never, dict),
    "attempts.more_days": (never, dict),
    "attempts.reopening": (each(attempt_id=Attempt.id), dict),
    "attempts.save": (each(attempt_id=Attempt.id, task_id=Task.id), lambda: {"text": "x"}),
    "attempts.start": (never, dict),
    "attempts.submission": (each(attempt_id=Attempt.id), dict),
    "openings.apply": (
        each(slug=Opening.slug), lambda: {"name": NAME, "address": ADDRESS, "agreed": "y"}
    ),
    "openings.confirm": (
        each(opening_id=Opening.id, import_id=Import.id), lambda: {"until": date.today().isoformat()}
    ),
    "openings.erase": (each(opening_id=Opening.id, application_id=Application.id), dict),
    "openings.create": (plain, lambda: {"title": "Support lead"}),
    "openings.mend": (
        each(opening_id=Opening.id, import_id=Import.id), lambda: {"row-2": "x", "was-2": "y"}
    ),
    "openings.name": (
        each(opening_id=Opening.id, application_id=Application.id), lambda: {"name": "x" * 201}
    ),
    "openings.remove_import": (each(opening_id=Opening.id, import_id=Import.id), dict),
    "openings.repeat": (
        each(opening_id=Opening.id), lambda: {"application": ids_of(Application.id)}
    ),
    "openings.reread": (
        each(opening_id=Opening.id, import_id=Import.id), lambda: {"encoding": "utf-8", "separator": ";"}
    ),
    "openings.revoke": (
        each(opening_id=Opening.id), lambda: {"application": ids_of(Application.id)}
    ),
    "openings.let_through": (
        each(opening_id=Opening.id, application_id=Application.id), dict
    ),
    "openings.save_questions": (
        each(opening_id=Opening.id), lambda: {"seen": "x", "questions-0-text": "Why?"}
    ),
    "openings.pilot": (each(version_id=Version.id), dict),
    "openings.save_facts": (each(opening_id=Opening.id), dict),
    "openings.save_panel": (each(opening_id=Opening.id, number=[1]), dict),
    "openings.save_step": (each(opening_id=Opening.id, number=[1]), lambda: {"proposes": "best"}),
    "openings.create_step": (each(opening_id=Opening.id), dict),
    "openings.send": (
        each(opening_id=Opening.id),
        lambda: {"people": f"{ADDRESS}\n{LATER_ADDRESS}", "until": date.today().isoformat()},
    ),
    "openings.address": (
        each(opening_id=Opening.id, application_id=Application.id), lambda: {"address": "x"}
    ),
    "openings.extend": (
        each(opening_id=Opening.id), lambda: {"application": ids_of(Application.id)}
    ),
    "openings.depart": (each(opening_id=Opening.id, batch=Sending.id), dict),
    "openings.withdraw": (each(opening_id=Opening.id, batch=Sending.id), dict),
    "openings.stop_import": (each(opening_id=Opening.id, import_id=Import.id), dict),
    "openings.upload": (
        each(opening_id=Opening.id), lambda: {"pasted": f"{ADDRESS};{FILED}\n{LATER_ADDRESS};{FILED}"}
    ),
    "outbox.keep": (each(kind=["reminder"]), lambda: {"body": "{"}),
    "outbox.preview": (each(kind=["reminder"]), lambda: {"subject": "x", "body": "{link}"}),
    "outbox.standard": (each(kind=["reminder"]), dict),
    "outbox.try_out": (each(kind=["reminder"]), lambda: {"subject": "x", "body": "{link}"}),
    "outbox.arrival": (each(message_id=Message.id), dict),
    "outbox.sending": (each(message_id=Message.id), dict),
    "security.change_password": (plain, lambda: {"password": "x"}),
    "security.forgot_password": (plain, lambda: {"email": ADDRESS}),
    "security.login": (plain, lambda: {"email": ADDRESS, "password": "x"}),
    "security.reset_password": (never, dict),
    "shortlists.accept": (
        each(opening_id=Opening.id, number=[1]),
        lambda: {
            "verdict": "hold", "reason": "not very good", "person": [f"{ids_of(Application.id)[0]} 1"]
        },
    ),
    "shortlists.ask": (each(opening_id=Opening.id), lambda: {"names": "names", "paper": "a4"}),
    "shortlists.clear": (each(application_id=Application.id), dict),
    "shortlists.decide": (
        each(application_id=Application.id), lambda: {"verdict": "hold", "reason": "x", "after": 0}
    ),
    "accounts.ending": (wens, dict),
    "openings.close": (each(opening_id=Opening.id), lambda: {"number": "1"}),
    "reviewing.keep": (each(assignment_id=Assignment.id), dict),
    "reviewing.finish": (each(assignment_id=Assignment.id), dict),
    "reviewing.pull": (plain, dict),
    "reviewing.conflict": (each(assignment_id=Assignment.id), dict),
    "reviewing.give_back": (each(assignment_id=Assignment.id), dict),
    "reviewing.give_back_all": (each(step_id=Step.id), dict),
    "security.logout": (plain, dict),
}  # fmt: skip


# ── What is planted ──────────────────────────────────────────────────────────


@pytest.fixture
def planted(app: Flask) -> UUID:
    """An opening: one person whose work Wen has marked, decided on, and one who was only invited."""
    pat, ola = staff("pat"), staff("ola")
    with writing():
        accounts.change_roles(pat, roles=["recruiter", "reviewer"], by=ola)
    opening_id, _step_id = opening(panel=[*BLIND, "wen"], wanted_marks=4)
    attempt_id = taken(opening_id, ADDRESS, NAME, ANSWER)
    waiting(opening_id, LATER_ADDRESS, "another@canary.example", name=LATER_NAME)
    application_id = session.get_one(Attempt, attempt_id).application_id
    filed(
        opening_id,
        f"E-mail;Name;Remark\n{ADDRESS};{NAME};{FILED}\nold@canary-mail.example;Quillon;{FILED}\n",
    )
    filed(opening_id, f"E-mail;Remark\nqq@canary-mail.example;{FILED}\n", confirmed=True)
    wen = staff("wen")
    mine = select(Assignment.id).where(Assignment.account_id == wen)
    for assignment_id in session.scalars(mine).all():
        lines = sheet_for(assignment_id, wen)
        with writing():
            sheet = {id: Jotted(1 + n % 4, NOTE) for n, id in enumerate(lines)}
            reviewing.finish(assignment_id, by=wen, sheet=sheet)
    rae = staff("rae")
    with writing():
        shortlists.decide(application_id, verdict="hold", reason=REASON, after=0, by=rae)
    decision = session.scalars(select(Entry.facts).where(Entry.kind == "decision")).one()
    assert decision["raw_mean"] == MEAN, "The mean that is looked for is not the one there is."
    return opening_id


@pytest.fixture
def drawn(planted: UUID) -> None:
    """Rae's shortlist of it, with names, on paper and as a sheet."""
    rae = staff("rae")
    with writing():
        shortlists.ask_for_export(planted, paper="a4", named=True, by=rae)
    draw_exports()


def routes(app: Flask, method: str = "GET") -> list[Rule]:
    """Every address that answers a method."""
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def walk(app: Flask, client: FlaskClient) -> Iterator[tuple[str, TestResponse]]:
    """Every route with the ids of everything, as a page and as a fragment."""
    with app.test_request_context():
        paths = {
            url_for(rule.endpoint, **given)
            for rule in routes(app)
            for given in VISITS.get(rule.endpoint, never)()
        }
    for path in sorted(paths):
        page = client.get(path)
        yield path, page
        if page.status_code == 200:
            yield path, client.get(path, headers=FRAGMENT)


def press(app: Flask, client: FlaskClient) -> Iterator[tuple[str, Arguments, TestResponse]]:
    """Every button with the ids of everything; where it leads to is the answer."""
    for endpoint, (visit, typed) in PRESSES.items():
        with app.test_request_context():
            paths = [url_for(endpoint, **given) for given in visit()]
        for path in sorted(paths):
            sent = typed()
            answer = client.post(path, data=sent)
            yield path, sent, answer
            if answer.location:
                yield path, sent, client.get(answer.location)


def found_in(answer: TestResponse) -> list[str]:
    """The canaries in everything that was sent: headers and body, and what a file holds unpacked."""
    sent = (str(answer.headers) + _text_of(answer)).casefold()
    inside = papers.found_in(answer.data) if "filename" in str(answer.headers) else []
    return [canary for canary in CANARIES if canary.casefold() in sent] + inside


def _text_of(answer: TestResponse) -> str:
    if answer.mimetype != "application/pdf":
        return answer.data.decode("utf-8", "replace")
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)


# ── What must hold ───────────────────────────────────────────────────────────


def test_every_route_says_how_a_blind_reviewer_visits_it(app: Flask) -> None:
    there = {rule.endpoint for rule in routes(app)}
    assert not there - VISITS.keys(), "Say in VISITS how a blind reviewer would visit these."
    assert not VISITS.keys() - there, "These are no routes any more."


def test_every_button_says_how_a_blind_reviewer_presses_it(app: Flask) -> None:
    there = {rule.endpoint for rule in routes(app, "POST")}
    assert not there - PRESSES.keys(), "Say in PRESSES how a blind reviewer would press these."
    assert not PRESSES.keys() - there, "These are no buttons any more."


@pytest.mark.parametrize("who", BLIND)
def test_whoever_still_marks_is_told_nobodys_name_and_nobody_elses_mark(
    app: Flask, drawn: None, who: str
) -> None:
    client = signed_in(app, who)
    for path, answer in walk(app, client):
        assert answer.status_code < 500 or path == "/readyz", path
        assert not found_in(answer), f"{path} tells {who}: {found_in(answer)}"


def test_the_answer_itself_is_there_to_be_marked(app: Flask, planted: UUID) -> None:
    pages = [a.text for path, a in walk(app, signed_in(app, "vic")) if "/staff/reviews/" in path]
    assert any("the money is on its way." in page for page in pages)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("rae", ["Zephyrine", "Ottoline", REASON, MEAN]), ("ola", ["canary-mail", NOTE, FILED])],
)
def test_the_walk_finds_what_others_may_see(
    app: Flask, drawn: None, who: str, sees: list[str]
) -> None:
    seen = {
        canary for _path, answer in walk(app, signed_in(app, who)) for canary in found_in(answer)
    }
    assert set(sees) <= seen


@pytest.mark.parametrize("who", BLIND)
def test_whatever_a_blind_reviewer_presses_tells_no_more_than_they_typed(
    app: Flask, drawn: None, who: str
) -> None:
    statuses = set()
    for path, typed, answer in press(app, signed_in(app, who)):
        assert answer.status_code < 500, path
        told = [c for c in found_in(answer) if c not in str(typed.values())]
        assert not told, f"{path} tells {who}: {told}"
        statuses.add(answer.status_code)
    assert statuses >= {200, 404, 422}


@pytest.mark.parametrize("who", BLIND)
def test_anothers_levels_change_nothing_that_a_blind_reviewer_is_sent(
    app: Flask, drawn: None, who: str
) -> None:
    client = signed_in(app, who)
    with at(now()):
        before = {(path, n): _still(answer) for n, (path, answer) in enumerate(walk(app, client))}
        with writing():
            session.execute(update(Mark).values(level=1))
        after = {(path, n): _still(answer) for n, (path, answer) in enumerate(walk(app, client))}
    assert len(before) > 30
    assert [path for path, _n in before] == [path for path, _n in after]
    assert [key for key in before if before[key] != after[key]] == []


def _still(answer: TestResponse) -> str:
    """What was sent, without what is drawn anew for every page: a form's token, its new id, the window's."""
    return re.sub(
        r'(?:name="(?:csrf_token|id|page)"[^>]*|"X-CSRFToken":\s*")\S+', "", _text_of(answer)
    )


# ── Files ────────────────────────────────────────────────────────────────────

FILES = {  # every place in which programs write who somebody is, and one that cannot be copied
    f"{NAME}.pdf": papers.pdf(), f"{NAME}.docx": papers.docx(), f"{NAME}.jpg": papers.picture(),
    "cut.png": papers.picture("PNG", size=(900, 900))[:2000],
}  # fmt: skip


@pytest.fixture
def files(app: Flask) -> UUID:
    """Files by somebody, with the copies made and before three who mark; the opening."""
    pat, ola = staff("pat"), staff("ola")
    with writing():
        accounts.change_roles(pat, roles=["recruiter", "reviewer"], by=ola)
    version_id = version_with_files(most_files=5).id
    opening_id, _step_id = opening(version_id=version_id, panel=BLIND, wanted_marks=3)
    attempt_id = started(invited(opening_id, ADDRESS, NAME))
    for name, content in FILES.items():
        handed_in(attempt_id, content, name)
    submitted(attempt_id)
    with at(now() + timedelta(minutes=11)):
        assert settle(attempt_id)
    make_copies()
    return opening_id


@pytest.mark.parametrize("who", BLIND)
def test_no_file_names_whoever_made_it(app: Flask, files: UUID, who: str) -> None:
    opened = {}
    for path, answer in walk(app, signed_in(app, who)):
        assert answer.status_code < 500 or path == "/readyz", path
        assert not found_in(answer), f"{path} tells {who}: {found_in(answer)}"
        if "/files/" in path and answer.status_code == 200:
            opened[path] = answer.headers["Content-Disposition"]
    assert len(opened) == 3
    told = sorted(words.rpartition("=")[2] for words in opened.values())
    assert told == ["file-1.pdf", "file-2.docx", "file-3.webp"]


def test_the_walk_finds_files_that_name_somebody(app: Flask, files: UUID) -> None:
    attempt_id = session.scalars(select(Attempt.id)).one()
    file_id = desk_of(attempt_id).work(2).value["files"][1]["id"]
    with app.test_request_context():
        path = url_for(
            "shortlists.file",
            application_id=session.scalars(select(Application.id)).one(),
            file_id=file_id,
        )
    answer = signed_in(app, "rae").get(path)
    assert answer.status_code == 200
    assert found_in(answer) == []
    assert papers.found_in(papers.docx())
    page = signed_in(app, "rae").get(path.rpartition("/files")[0])
    assert "Zephyrine" in found_in(page)


def test_the_row_that_marking_reads_has_no_way_to_a_person(app: Flask, planted: UUID) -> None:
    columns = set(BlindAnswer.__table__.columns.keys())
    assert not {c for c in columns if "person" in c and c != "wants_person"}
    assert {key.column.table.name for key in BlindAnswer.__table__.foreign_keys} == {
        "steps",
        "tasks",
    }
    text = " ".join(str(value) for value in session.scalars(select(BlindAnswer.value)))
    assert not [canary for canary in CANARIES if canary in text]
    assert session.scalars(select(Invitation.id)).all()
