"""Every page of this room: who may open it, what it shows, and what a script may send it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pymupdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from hiring.kernel.clock import at, now
from hiring.kernel.database import db, session, writing
from hiring.openings.steps import change_panel
from hiring.shortlists import actions, pdf, queries
from hiring.shortlists.models import Decision, Export
from hiring.shortlists.tasks import draw_exports
from tests.factories import browser, invited, opening, signed_in, staff
from tests.shortlists.hires import WHY, also_marks, decided, handed_in, handing_in, marked_by_all

pytestmark = pytest.mark.usefixtures("app")
NAME = "Kit Marlow"


@dataclass(frozen=True)
class Placed:
    """An opening with one marked application and one export."""

    opening_id: UUID
    step_id: UUID
    kit: UUID
    export_id: UUID

    def path(self, page: str) -> str:
        opening_page, export_page = (
            f"/staff/openings/{self.opening_id}",
            f"/staff/exports/{self.export_id}",
        )
        return {
            "shortlist": f"{opening_page}/shortlist",
            "exports": f"{opening_page}/exports",
            "person": f"/staff/applications/{self.kit}",
            "decisions": f"/staff/applications/{self.kit}/decisions",
            "cleared-notes": f"/staff/applications/{self.kit}/cleared-notes",
            "export": export_page,
            "pdf": f"{export_page}.pdf",
            "csv": f"{export_page}.csv",
        }[page]


@pytest.fixture
def placed(app: Flask) -> Placed:
    opening_id, step_id = opening()
    kit = handed_in(opening_id, NAME)
    marked_by_all(step_id, note="Owns the mistake.")
    rae = staff("rae")
    with writing():
        export_id = actions.ask_for_export(opening_id, paper="a4", named=True, by=rae)
    return Placed(opening_id, step_id, kit, export_id)


GET = ("shortlist", "exports", "person", "export", "pdf", "csv")
POST = ("exports", "decisions", "cleared-notes")
MAY = {"ola", "rae"}


@pytest.mark.parametrize("who", ["ola", "rae", "vic", "", "outsider"])
@pytest.mark.parametrize("where", GET)
def test_pages_open_to_owner_and_recruiter_alone(
    app: Flask, placed: Placed, where: str, who: str
) -> None:
    visitor = browser(app) if who in {"", "outsider"} else signed_in(app, who)
    drawn = where not in {"pdf", "csv"}
    expected = 303 if who in {"", "outsider"} else 200 if who in MAY and drawn else 404
    assert visitor.get(placed.path(where)).status_code == expected


@pytest.mark.parametrize(("who", "expected"), [("vic", 404), ("", 401)])
@pytest.mark.parametrize("where", POST)
def test_nobody_else_changes_anything(
    app: Flask, placed: Placed, where: str, who: str, expected: int
) -> None:
    visitor = signed_in(app, who) if who else browser(app)
    sent = {"verdict": "hire", "reason": WHY, "after": "0", "names": "names", "paper": "a4"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert visitor.post(placed.path(where), data=sent, headers=headers).status_code == expected
    assert (made(Decision), made(Export)) == (0, 1)


def made(model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("where", GET)
def test_whoever_marks_the_step_finds_no_name_and_no_mark(app: Flask, where: str) -> None:
    also_marks("mia")
    opening_id, step_id = opening(panel=["mia", "vic"])
    kit = handed_in(opening_id, NAME)
    rae = staff("rae")
    with writing():
        export_id = actions.ask_for_export(opening_id, paper="a4", named=True, by=rae)
    draw_exports()
    placed = Placed(opening_id, step_id, kit, export_id)
    answer = signed_in(app, "mia").get(placed.path(where))
    text = answer.get_data(as_text=True)
    assert answer.status_code == (404 if where in {"export", "pdf", "csv"} else 200)
    assert not re.search(r"\bKit\b", text)
    assert "Marlow" not in text
    assert "raw mean" not in text.lower()
    for post in POST:
        sent = {"verdict": "hire", "reason": WHY, "names": "names", "paper": "a4"}
        assert signed_in(app, "mia").post(placed.path(post), data=sent).status_code == 404
    assert (made(Decision), made(Export)) == (0, 1)


@pytest.mark.parametrize(
    "path",
    [
        "openings/{}/shortlist",
        "openings/{}/exports",
        "applications/{}",
        "exports/{}",
        "exports/{}.pdf",
    ],
)
def test_what_does_not_exist_is_missing(app: Flask, path: str) -> None:
    rae = signed_in(app, "rae")
    assert rae.get(f"/staff/{path.format(uuid4())}").status_code == 404
    assert rae.get(f"/staff/{path.format('nothing')}").status_code == 404


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def test_the_shortlist_says_where_people_stand_without_places(
    rae: FlaskClient, placed: Placed
) -> None:
    text = rae.get(placed.path("shortlist")).get_data(as_text=True)
    for words in ("One person so far", NAME, "small differences mean nothing", "72.7"):
        assert words in " ".join(text.split())


def test_an_empty_shortlist_says_what_comes_next(rae: FlaskClient, app: Flask) -> None:
    opening_id, _step = opening()
    invited(opening_id, "kit@example.org", NAME)
    text = rae.get(f"/staff/openings/{opening_id}/shortlist").get_data(as_text=True)
    assert "Nobody has handed in yet" in text
    assert NAME not in text


def said(client: FlaskClient, path: str) -> str:
    return " ".join(client.get(path).get_data(as_text=True).split())


@pytest.fixture
def unsettled(app: Flask) -> tuple[Placed, UUID]:
    """One who has handed in for good, and Ada, who did so three minutes ago."""
    opening_id, step_id = opening()
    kit = handed_in(opening_id, NAME)
    return Placed(opening_id, step_id, kit, uuid4()), handing_in(opening_id, "Ada Byron")


def test_who_may_still_take_it_back_is_in_a_place_of_their_own_and_in_no_count(
    rae: FlaskClient, unsettled: tuple[Placed, UUID]
) -> None:
    placed, ada = unsettled
    page = said(rae, placed.path("shortlist"))
    for words in (
        "One person so far",
        "0 of 1 made",
        "1 to make",
        "Reviewers get it",
        "a few minutes: <a",
    ):
        assert words in page
    assert page.count("Ada Byron") == 1
    assert "in a few minutes the work" in said(rae, f"/staff/applications/{ada}").lower()
    opening_page = said(rae, f"/staff/openings/{placed.opening_id}")
    for words in ("Two applications, one to decide", "can be decided in a few minutes"):
        assert words in opening_page
    assert "Reviewers get it after the ten minutes" in opening_page
    assert "1 to decide" in said(rae, "/staff/openings?state=all")
    assert "Decide about one person" in said(rae, "/staff")
    sent = {"verdict": "advance", "reason": WHY, "after": "0"}
    assert rae.post(f"/staff/applications/{ada}/decisions", data=sent).status_code == 422
    assert made(Decision) == 0


def test_who_may_still_take_it_back_is_left_out_of_the_document_which_says_so(
    rae: FlaskClient, unsettled: tuple[Placed, UUID]
) -> None:
    placed, _ada = unsettled
    where = rae.post(placed.path("exports"), data={"names": "names", "paper": "a4"}).location
    assert "1 person" in said(rae, where)
    assert "1 more could still take it back" in said(rae, where)
    draw_exports()
    with pymupdf.open(stream=rae.get(f"{where}.pdf").data) as opened:
        first, whole = opened[0].get_text(), " ".join(page.get_text() for page in opened)
    assert "One more person had handed in" in first
    csv = rae.get(f"{where}.csv").get_data(as_text=True)
    assert "Handed in and left out" in csv
    assert "Ada Byron" not in whole + csv


def test_the_first_who_hands_in_is_no_empty_list(rae: FlaskClient, app: Flask) -> None:
    opening_id, _step = opening()
    handing_in(opening_id, "Ada Byron")
    page = said(rae, f"/staff/openings/{opening_id}/shortlist")
    assert "The first work has just come in" in page
    assert "Ada Byron" in page
    sent = {"names": "names", "paper": "a4"}
    assert rae.post(f"/staff/openings/{opening_id}/exports", data=sent).status_code == 422


def test_a_hold_is_still_to_decide_wherever_it_is_counted(rae: FlaskClient, placed: Placed) -> None:
    decide(rae, placed, verdict="hold")
    for words in ("It is put off, and still to decide.", "They stay among those to decide."):
        assert words in said(rae, placed.path("person"))
    page = said(rae, placed.path("shortlist"))
    for words in (
        "0 of 1 made",
        "1 to make, 1 of them on hold",
        f"{placed.path('person')}#decide",
        "on hold since",
    ):
        assert words in page
    assert "one to decide" in said(rae, f"/staff/openings/{placed.opening_id}")
    assert "Decide about one person" in said(rae, "/staff")
    paper = pdf.page(queries.export_of(_frozen_again(rae, placed)).frozen)  # type: ignore[arg-type]
    for words in (
        "still to decide",
        "put off and still to decide",
        "One of the others is on hold.",
    ):
        assert words in " ".join(paper.split())


def _frozen_again(client: FlaskClient, placed: Placed) -> UUID:
    sent = {"names": "names", "paper": "a4"}
    return UUID(client.post(placed.path("exports"), data=sent).location.rpartition("/")[2])


def test_who_left_the_panel_looked_and_came_back_is_printed_as_having_seen_names(
    app: Flask, rae: FlaskClient
) -> None:
    mia, vic, by = also_marks("mia"), staff("vic"), staff("rae")
    opening_id, step_id = opening(panel=["mia", "vic"])
    handed_in(opening_id, NAME)
    where, looks = f"/staff/openings/{opening_id}/shortlist", signed_in(app, "mia")
    assert NAME not in said(looks, where)
    for members in ({vic}, {vic, mia}):
        with writing():
            change_panel(step_id, members=members, wanted_marks=2, by=by)
        assert (NAME in said(looks, where)) == (members == {vic})
    handed_in(opening_id, "Ada Byron")
    marked_by_all(step_id)
    assert "1 of 2 reviewers" in said(rae, where)
    with writing():
        export_id = actions.ask_for_export(opening_id, paper="a4", named=True, by=by)
    paper = " ".join(pdf.page(queries.export_of(export_id).frozen).split())  # type: ignore[arg-type]
    assert (
        "Marked by people whose role also shows names: 1 of 2. While they were on the panel"
        in paper
    )


def test_someone_who_has_not_handed_in_has_nothing_to_decide(rae: FlaskClient) -> None:
    opening_id, _step = opening()
    waiting = invited(opening_id, "ada@example.org", "Ada")
    path = f"/staff/applications/{waiting.application_id}"
    text = rae.get(path).get_data(as_text=True)
    assert "has not handed in" in text
    sent = {"verdict": "advance", "reason": WHY, "after": "0"}
    answer = rae.post(f"{path}/decisions", data=sent)
    assert answer.status_code == 422
    assert made(Decision) == 0


def test_the_opening_tells_truly_of_work_that_may_still_be_taken_back(rae: FlaskClient) -> None:
    opening_id, _step = opening()
    for name in ("Ada Byron", "Bo Berg"):
        handing_in(opening_id, name)
    invited(opening_id, "priya@example.org", "Priya Raman")
    page = said(rae, f"/staff/openings/{opening_id}")
    assert "Three applications, two to decide in a few minutes" in page
    assert "<dt>Submitted</dt> <dd> 2 </dd>" in page
    assert "2 of them can be decided in a few minutes" in page
    page = said(rae, f"/staff/openings/{opening_id}/shortlist")
    assert "Once that work is in for good it is shown here. One more person is invited" in page
    assert "A shortlist begins" not in page


def test_after_deciding_the_next_person_is_one_click_away(rae: FlaskClient) -> None:
    opening_id, step_id = opening()
    ids = [handed_in(opening_id, name) for name in ("Ada Byron", "Bo Berg", "Cleo Marsh")]
    marked_by_all(step_id)
    order = [row.application_id for row in queries.shortlist_of(opening_id).ordered]
    decided(order[0], "advance")
    pages = {id: said(rae, f"/staff/applications/{id}") for id in ids}
    for here, there in ((0, 1), (1, 2), (2, 1)):
        link = f'Next to decide: <a href="/staff/applications/{order[there]}">'
        assert link in pages[order[here]]
    decided(order[1], "advance")
    assert "Next to decide" not in said(rae, f"/staff/applications/{order[2]}")


def test_every_scale_of_the_rubric_is_said(rae: FlaskClient, placed: Placed) -> None:
    page = said(rae, placed.path("shortlist"))
    for scale in ("1 to 4 count as 0, 33, 67 and 100", "1 to 2 count as 0 and 100"):
        assert scale in page


def test_what_was_left_empty_is_no_wrong_choice(rae: FlaskClient) -> None:
    opening_id, step_id = opening()
    kit = handed_in(opening_id, NAME, text="")
    marked_by_all(step_id)
    page = said(rae, f"/staff/applications/{kit}")
    assert "Left empty, so the lowest level." in page
    assert "Chose another option" not in page
    assert "</b> mean of the marks · by rule ·" in page
    assert "of two marks, the lower" in page
    assert "by rule</span></td>" in said(rae, f"/staff/openings/{opening_id}/shortlist")


def decide(client: FlaskClient, placed: Placed, **sent: str) -> Any:
    fields = {"verdict": "advance", "reason": WHY, "after": "0", **sent}
    return client.post(placed.path("decisions"), data=fields)


def test_deciding_leads_back_to_the_person_and_says_that_nobody_was_told(
    rae: FlaskClient, placed: Placed
) -> None:
    answer = decide(rae, placed)
    assert (answer.status_code, answer.location) == (303, placed.path("person"))
    text = " ".join(rae.get(placed.path("person")).get_data(as_text=True).split())
    for words in (
        "Advance is decided. Nobody has been told.",
        WHY,
        "Another decision can follow until",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": "too short"}, "three words or more"),
        ({"reason": ""}, "three words or more"),
        ({"reason": "word " * 20_000}, "at most 2,000 characters"),
        ({"verdict": "reject"}, "Choose one of these"),
        ({"verdict": ""}, "Choose one of these"),
        ({"reason": "<script>alert(1)</script>"}, "three words or more"),
    ],
)
def test_what_cannot_be_a_decision_comes_back_as_it_was_typed(
    rae: FlaskClient, placed: Placed, sent: dict[str, str], words: str
) -> None:
    answer = decide(rae, placed, **sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text
    assert "<script>alert" not in text
    if 0 < len(sent.get("reason", "")) < 50:
        assert sent["reason"].replace("<", "&lt;").replace(">", "&gt;") in text
    assert made(Decision) == 0


def test_a_stale_form_is_refused_with_what_was_typed_and_can_be_sent_knowingly(
    rae: FlaskClient, placed: Placed
) -> None:
    decided(placed.kit, "advance", by="ola")
    answer = decide(rae, placed, verdict="decline", reason="I see it otherwise.")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Ola Nwosu decided meanwhile" in text
    assert "I see it otherwise." in text
    assert 'name="after" type="hidden" value="1"' in text
    assert (
        decide(rae, placed, verdict="decline", reason="I see it otherwise.", after="1").status_code
        == 303
    )


@pytest.mark.parametrize("after", ["", "-1", "x", "9" * 400, "1.5", "²"])
def test_a_forged_number_counts_as_none(rae: FlaskClient, placed: Placed, after: str) -> None:
    decided(placed.kit, "advance", by="ola")
    assert decide(rae, placed, verdict="hold", after=after).status_code == 422
    assert made(Decision) == 1


def test_pressing_twice_decides_once(rae: FlaskClient, placed: Placed) -> None:
    assert [decide(rae, placed).status_code for _press in range(2)] == [303, 303]
    assert made(Decision) == 1


def test_after_three_days_there_is_no_form(app: Flask, placed: Placed) -> None:
    with at(now() - timedelta(hours=80)):
        decided(placed.kit, "decline")
    text = signed_in(app, "rae").get(placed.path("person")).get_data(as_text=True)
    assert "older than 72 hours and stands" in text
    assert "Keep this decision" not in text


def test_notes_are_ticked_and_cleared(rae: FlaskClient, placed: Placed) -> None:
    row = queries.shortlist_of(placed.opening_id).row_of(placed.kit)
    assert row
    notes = [str(given.mark_id) for given in row.given if given.note]
    path = placed.path("cleared-notes")
    assert rae.post(path, data={"note": notes[:3]}).status_code == 303
    assert rae.get(placed.path("person")).get_data(as_text=True).count("checked") == 3
    assert rae.post(path, data={"note": notes[:4]}).status_code == 422
    assert rae.post(path, data={"note": ["nonsense"]}).status_code == 404
    assert rae.post(path, data={"note": [str(uuid4())]}).status_code == 404
    assert rae.post(path).status_code == 303
    assert "checked" not in rae.get(placed.path("person")).get_data(as_text=True)


def test_a_document_is_asked_for_drawn_and_downloaded(rae: FlaskClient, placed: Placed) -> None:
    answer = rae.post(placed.path("exports"), data={"names": "aliases", "paper": "letter"})
    assert answer.status_code == 303
    assert "waits for the worker" in rae.get(answer.location).get_data(as_text=True)
    draw_exports()
    assert "1 by alias" in said(rae, placed.path("exports"))
    assert "Download the PDF" in rae.get(answer.location).get_data(as_text=True)
    pdf, csv = rae.get(f"{answer.location}.pdf"), rae.get(f"{answer.location}.csv")
    assert (pdf.mimetype, csv.mimetype) == ("application/pdf", "text/csv")
    for file in (pdf, csv):
        assert file.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "Kit" not in file.headers["Content-Disposition"]
        assert "by alias" in file.headers["Content-Disposition"]
        assert b"Marlow" not in file.data
    with pikepdf.open(BytesIO(pdf.data)) as opened:
        assert [int(side) for side in opened.pages[0].MediaBox] == [0, 0, 612, 792]


def test_a_form_sent_twice_freezes_one_document_and_leads_to_it(
    app: Flask, rae: FlaskClient, placed: Placed
) -> None:
    sent = {"id": f"{uuid4()}", "names": "names", "paper": "a4"}
    answers = [rae.post(placed.path("exports"), data=sent) for _press in range(2)]
    assert [answer.location for answer in answers] == [f"/staff/exports/{sent['id']}"] * 2
    assert made(Export) == 2  # one was there
    assert signed_in(app, "ola").post(placed.path("exports"), data=sent).status_code == 404


def test_the_fragment_asks_again_only_while_it_waits(rae: FlaskClient, placed: Placed) -> None:
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    waiting = rae.get(placed.path("export"), headers=partial)
    assert waiting.get_data(as_text=True).lstrip().startswith('<div id="export"')
    assert "every 1s" in waiting.get_data(as_text=True)
    draw_exports()
    assert "every 1s" not in rae.get(placed.path("export"), headers=partial).get_data(as_text=True)


@pytest.mark.parametrize("sent", [{"names": "x"}, {"paper": "a0"}, {"names": "", "paper": ""}])
def test_only_what_is_offered_can_be_printed(
    rae: FlaskClient, placed: Placed, sent: dict[str, str]
) -> None:
    fields = {"names": "names", "paper": "a4", **sent}
    assert rae.post(placed.path("exports"), data=fields).status_code == 422
    assert made(Export) == 1


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7*7 }}", "محمد العطار", "O'Neil & Söhne"]
)
def test_any_name_is_shown_as_text(rae: FlaskClient, name: str) -> None:
    opening_id, step_id = opening()
    kit = handed_in(opening_id, name)
    marked_by_all(step_id)
    for path in (f"openings/{opening_id}/shortlist", f"applications/{kit}"):
        text = rae.get(f"/staff/{path}").get_data(as_text=True)
        assert "<script>alert" not in text
        assert ">49<" not in text


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_twelve_people_need_no_more_queries_than_one(rae: FlaskClient) -> None:
    opening_id, step_id = opening()
    path = f"/staff/openings/{opening_id}/shortlist"
    decided_one = handed_in(opening_id, "Kit 0")
    with counted() as for_one:
        assert rae.get(path).status_code == 200
    for number in range(1, 12):
        handed_in(opening_id, f"Kit {number}")
    marked_by_all(step_id)
    decided(decided_one, "advance")
    with counted() as for_twelve:
        assert rae.get(path).status_code == 200
    assert len(for_twelve) <= len(for_one) + 1, "\n".join(for_twelve)
