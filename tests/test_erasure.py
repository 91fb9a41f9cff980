"""What is erased is nowhere: marks of one person are planted through the whole product, and looked for in
every column of every table and in every file, packed ones unpacked.

Nothing here knows what erasing does: it looks at all there is, tables that come later too.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import cast, func, select
from sqlalchemy.types import LargeBinary, Text

from hiring.attempts import asking, uploads
from hiring.attempts.closing import settle
from hiring.attempts.queries import desk_of, minutes_taken
from hiring.attempts.tasks import make_copies
from hiring.kernel import clearing
from hiring.kernel.clock import at, now
from hiring.kernel.database import Base, db, session, writing
from hiring.kernel.storage import lay
from hiring.kernel.tokens import seal
from hiring.ledger import queries as ledger
from hiring.ledger.models import Entry, Secret
from hiring.openings import erasing, import_running, notice, queries, questions
from hiring.openings.imports import Import, counts_of
from hiring.openings.models import Application, Invitation
from hiring.openings.questions import Question
from hiring.openings.sendings import Sending
from hiring.openings.tasks import erase_due, go_on_with_imports
from hiring.outbox.models import Message
from hiring.people.models import Person
from hiring.reviewing import actions as reviewing
from hiring.reviewing.models import Assignment
from hiring.reviewing.queries import progress_of_step
from hiring.reviewing.rules import Jotted
from hiring.shortlists import actions as shortlists
from hiring.shortlists.models import Decision, Export
from hiring.shortlists.queries import shortlist_of
from hiring.shortlists.tasks import draw_exports
from tests import papers
from tests.factories import (
    browser,
    filed,
    handed_in,
    opening,
    saved,
    sheet_for,
    signed_in,
    staff,
    started,
    submitted,
    version_with_files,
)

NAME, ADDRESS = "Theodosia Brackwater", "td@vellichor-post.example"
WROTE, BESIDE = "quendelbrot over the counter", "wimpernschlag beside it"
IN_FILE, FILE_NAME, PIECE = "murmelkiste inside", "fernwehplan", "zwischenstueck"
CELL, NOTED, DRAFTED = "kopfsteinpflaster", "haselnusskern", "brombeerranke"
REASON, OPTION, WORD = "because lichtermeer settles it", "pfefferminztee", "dear sternschnuppe"
MARKS = (
    "theodosia", "brackwater", "vellichor", "quendelbrot", "wimpernschlag", "murmelkiste",
    FILE_NAME, PIECE, CELL, NOTED, DRAFTED, "lichtermeer", "sternschnuppe",
)  # fmt: skip
OTHER = "Ilse Ackermann"
SHEET = f"E-mail;Name;Remark\n{ADDRESS};{NAME};{CELL}\nilse@other.example;{OTHER};fine\n"


# ── Looking everywhere ───────────────────────────────────────────────────────


def rows_everywhere() -> Iterator[tuple[str, str]]:
    """Each value of each column of each table, with its place."""
    session.rollback()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_bytes = isinstance(column.type, LargeBinary)
            shown = column if is_bytes else cast(column, Text)
            for value in session.scalars(select(shown).where(column.is_not(None))):
                words = bytes(value).decode("latin-1") if is_bytes else str(value)
                yield f"{table.name}.{column.name}", words
    session.rollback()


def files_everywhere(app: Flask) -> Iterator[tuple[str, str]]:
    """Each file of the data folder and the database's own, its name and what is packed in it."""
    db.engine.dispose()
    kept = [path for path in data_of(app).rglob("*") if path.is_file()]
    if db.engine.dialect.name == "sqlite":
        file = Path(str(db.engine.url.database))
        kept += file.parent.glob(f"{file.name}*")
    for path in kept:
        content = path.read_bytes()
        yield f"{path.name}", f"{path.name} {content.decode('latin-1')} {unpacked(content)}"


def data_of(app: Flask) -> Path:
    """The folder that is backed up."""
    return Path(app.extensions["store"].prefix).parent


def unpacked(content: bytes) -> str:
    """What stands in the parts of an archive, and on the pages of a PDF."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return " ".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    if content.startswith(b"%PDF-"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return ""


def found(places: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    """Every mark that is somewhere, with where."""
    return {
        (place, mark)
        for place, words in places
        for mark in MARKS
        if mark in re.sub(r"\\u00([0-9a-f]{2})", "", words.casefold())
    }


def clear(app: Flask) -> None:
    """Away with files of tests before: some are called a PDF and are none."""
    for path in (data_of(app) / "files").iterdir():
        path.unlink()


def test_the_search_finds_what_is_there(app: Flask) -> None:
    clear(app)
    laid = lay(papers.docx(IN_FILE))
    with writing():
        session.add(
            Person(name=NAME, address="a", normalised_address="a", sought="", known_since=now())
        )
    assert ("persons.name", "theodosia") in found(rows_everywhere())
    assert {mark for _place, mark in found(files_everywhere(app))} >= {"murmelkiste"}
    (data_of(app) / "files" / laid.key).unlink()


# ── What is planted ──────────────────────────────────────────────────────────


@pytest.fixture
def planted(app: Flask) -> UUID:
    """Theodosia, invited from a file, through everything there is; and Ilse beside her. Her application."""
    clear(app)
    wanted = version_with_files(types=["document", "text"])
    opening_id, _step = opening(version_id=wanted.id, panel=["wen", "zia"])
    asked = Question("Which tea?", "We have none.", ((OPTION, True), ("None", False)))
    with writing():
        questions.ask(opening_id, [asked], seen=0, by=staff("rae"))
    with at(now() - timedelta(days=2)):
        import_them(opening_id)
    filed(opening_id, SHEET)  # a second list that nobody has confirmed
    mine = select(Application).join(Person, Person.id == Application.person_id)
    application = session.scalars(mine.where(Person.name == NAME)).one()
    other = session.scalars(mine.where(Person.name == OTHER)).one()
    with at(now() - timedelta(days=1)):
        work(application.id, marked=True)
        work(other.id, marked=False)
    mark()
    decide(application.id, REASON)
    decide(other.id, "one of the two was enough")
    with writing():
        shortlists.ask_for_export(opening_id, paper="a4", named=True, by=staff("rae"))
        shortlists.ask_for_export(opening_id, paper="a4", named=False, by=staff("rae"))
    draw_exports()
    return application.id


def import_them(opening_id: UUID) -> None:
    """From a file with a remark on each of them."""
    id, rae, until = filed(opening_id, SHEET), staff("rae"), (now() + timedelta(days=9)).date()
    with writing():
        import_running.confirm(id, until=until, word=WORD, seen="0", by=rae, batch=uuid4())
    go_on_with_imports()


def work(application_id: UUID, *, marked: bool) -> None:
    """Answers, files whole and half, and two texts of which one stands aside; handed in for good."""
    mine = Invitation.application_id == application_id
    invitation = session.scalars(select(Invitation).where(mine)).one()
    application = session.get_one(Application, application_id)
    sheet_id = questions.gate_of(application).sheet_id
    with writing():
        asking.answer(invitation.id, [0], sheet_id=sheet_id)
    attempt_id = started(invitation)
    first = saved(attempt_id, f"{WROTE}\n\n{NAME}" if marked else "nothing special", task=4)
    if marked:
        saved(attempt_id, BESIDE, task=4, base=first.head - 1, tab="second window", nth=1)
        handed_in(attempt_id, papers.docx(IN_FILE), f"{FILE_NAME}.docx")
        handed_in(attempt_id, IN_FILE.encode(), f"{FILE_NAME}.txt")
        half_a_file(attempt_id)
    submitted(attempt_id)
    with at(now() + timedelta(minutes=30)):
        make_copies()
        settle(attempt_id)
        make_copies()


def half_a_file(attempt_id: UUID) -> None:
    """A first piece that lies in the store, and nothing after it."""
    content = (PIECE * 100_000).encode()
    task = desk_of(attempt_id).work(2).task
    brought = uploads.Brought(f"{FILE_NAME}-2.txt", len(content), uploads.digest_of(content))
    with writing():
        coming = uploads.begin(attempt_id, task_id=task.id, brought=brought, at=now())
    upload = uploads.upload_of(attempt_id, coming.id)
    assert uploads.lay_piece(upload, offset=0, content=content[: uploads.PIECE], at=now())
    with writing():
        uploads.count_piece(coming.id, offset=0, length=uploads.PIECE)


def mark() -> None:
    """Zia has marked everything, with notes; Wen has begun."""
    zia = staff("zia")
    for row in session.execute(select(Assignment.id, Assignment.account_id)).all():
        lines = sheet_for(row.id, row.account_id)
        with writing():
            if row.account_id == zia:
                sheet = {id: Jotted(1 + n % 3, NOTED) for n, id in enumerate(lines)}
                reviewing.finish(row.id, by=zia, sheet=sheet)
            else:
                drafted = dict.fromkeys(lines, Jotted(2, DRAFTED))
                reviewing.keep_draft(row.id, by=row.account_id, sheet=drafted)


def decide(application_id: UUID, reason: str) -> None:
    """Hire, and let what was noted go into documents."""
    rae = staff("rae")
    with writing():
        shortlists.decide(application_id, verdict="hire", reason=reason, after=0, by=rae)
    row = shortlist_of(session.get_one(Application, application_id).opening_id).row_of(
        application_id
    )
    assert row
    noted = [given.mark_id for given in row.given if given.note][:3]
    session.rollback()
    with writing():
        shortlists.clear_notes(application_id, marks=noted, by=rae)


def numbers(opening_id: UUID) -> dict[str, Any]:
    """All that the pages count and measure of an opening."""
    shortlist = shortlist_of(opening_id)
    means = {row.application_id: row.standing for row in (*shortlist.rows, *shortlist.unsettled)}
    lists = session.scalars(select(Import).order_by(Import.made_at)).all()
    return {
        "stages": dict(queries.stages_of({opening_id})[opening_id]),
        "standings": means,
        "dots": {row.application_id: shortlist.dots(row) for row in shortlist.rows},
        "progress": progress_of_step(shortlist.step_id),
        "minutes": minutes_taken(queries.step_of(shortlist.step_id).version_id),
        "decided": shortlist.made,
        "imported": counts_of(lists[0]),
        "entries": ledger.tip().number,
    }


def the_day_after(application_id: UUID) -> datetime:
    """When the opening's notice has said it would be gone."""
    held = session.get_one(Application, application_id).opening
    return datetime.combine(notice.kept_until(held), datetime.min.time(), queries.zone()) + (
        timedelta(days=1, minutes=1)
    )


def erase(application_id: UUID) -> datetime:
    """Let the worker do it on the day; returns when that is."""
    day = the_day_after(application_id)
    with at(day):
        erase_due()
    with at(day + clearing.GRACE):
        clearing.clear()
    clearing.overwrite()
    return day


# ── The promise ──────────────────────────────────────────────────────────────


def test_on_its_day_nothing_of_a_person_is_left_anywhere(app: Flask, planted: UUID) -> None:
    everywhere = {mark for _place, mark in found(rows_everywhere())}
    assert everywhere == {*MARKS} - {"murmelkiste", PIECE}, "Something to look for was not planted."
    in_files = {mark for _place, mark in found(files_everywhere(app))}
    assert in_files >= {"murmelkiste", PIECE, "theodosia"}

    erase(planted)

    assert found(rows_everywhere()) == set()
    assert found(files_everywhere(app)) == set()


def test_numbers_and_ledger_read_as_before(app: Flask, planted: UUID) -> None:
    opening_id = session.get_one(Application, planted).opening_id
    before, tip = numbers(opening_id), ledger.tip()
    assert before["standings"][planted].marks
    session.rollback()

    erase(planted)

    assert numbers(opening_id) == {**before, "entries": before["entries"] + 2}
    assert list(ledger.faults(tip)) == []
    kinds = session.scalars(select(Entry.kind).order_by(Entry.number.desc()).limit(2)).all()
    assert kinds == ["application-erased", "application-erased"]


def test_every_page_that_showed_them_answers_and_says_erased(app: Flask, planted: UUID) -> None:
    rae, ola, zia = (signed_in(app, who) for who in ("rae", "ola", "zia"))
    paths = list(pages_of(planted))
    assert {rae.get(path).status_code for path in paths} == {200}
    letters = [f"/staff/settings/outbox/{id}" for id in session.scalars(select(Message.id))]
    by = staff("rae")
    with writing():
        erasing.erase(planted, by=by)

    pages = {path: rae.get(path, follow_redirects=True) for path in paths}
    assert {page.status_code for page in pages.values()} == {200}
    assert not [path for path, page in pages.items() if "Theodosia" in page.text]
    assert all("Erased on" in pages[path].text for path in (paths[0], paths[1], paths[-1]))
    assert {ola.get(path).status_code for path in ("/staff/settings/outbox", *letters)} == {200}
    benches = [f"/staff/reviews/{id}" for id in session.scalars(select(Assignment.id))]
    assert any("What was written here was erased" in zia.get(path).text for path in benches)


def pages_of(application_id: UUID) -> Iterator[str]:
    """The staff's pages on which this person stands."""
    application = session.get_one(Application, application_id)
    here = f"/staff/openings/{application.opening_id}"
    yield from (here, f"{here}/shortlist", f"{here}/exports", f"{here}/imports", "/staff/ledger")
    yield from (f"{here}/applications/{application_id}/{page}" for page in ("name", "erasure"))
    yield from (f"{here}/imports/{id}" for id in session.scalars(select(Import.id)))
    yield from (f"{here}/sendings/{id}" for id in session.scalars(select(Sending.id)))
    yield from (f"/staff/ledger/{number}" for number in session.scalars(select(Entry.number)))
    yield from ("/staff", "/staff/openings", f"/staff/applications/{application_id}")


def test_asked_for_sooner_it_goes_for_one_and_not_for_the_other(app: Flask, planted: UUID) -> None:
    opening_id = session.get_one(Application, planted).opening_id
    link = session.scalars(select(Invitation.id).where(Invitation.application_id == planted)).one()
    exports = session.scalar(select(func.count()).select_from(Export))
    rae = signed_in(app, "rae")
    page = f"/staff/openings/{opening_id}/applications/{planted}/erasure"
    asked = rae.get(page).text
    for words in ("2 answers", "2 documents", "in the ledger", "the imported file"):
        assert words in asked, words
    assert "Nobody has decided" not in asked

    for _press in range(2):
        assert rae.post(page).status_code == 303
    with at(now() + clearing.GRACE):
        clearing.clear()
    clearing.overwrite()

    assert exports == 2
    assert session.scalar(select(func.count()).select_from(Export)) == 0
    entry = session.scalars(select(Entry).order_by(Entry.number.desc()).limit(1)).one()
    assert (entry.kind, entry.actor, entry.facts) == (
        "application-erased", str(staff("rae")), {"asked": True}
    )  # fmt: skip
    kit = browser(app).get(f"/invitations/{seal('invitation', link)}")
    assert kit.status_code == 410
    assert "What you gave was erased" in kit.text
    others = {"invitations.word", "messages.text", "messages.html"}  # a word to all of a list
    left = found(rows_everywhere())
    assert left == {(place, "sternschnuppe") for place in others}
    assert {mark for _place, mark in found(files_everywhere(app))} <= {"sternschnuppe"}
    there = session.scalars(select(Person.name).where(Person.erased_at.is_(None))).all()
    assert there == [OTHER]
    assert session.scalar(select(func.count()).where(Decision.reason != "")) == 1
    assert session.scalar(select(func.count()).select_from(Secret)) == 1
