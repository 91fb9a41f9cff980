"""The reviewer's pages: who may open and press what, what they say, and what they never say."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import select
from werkzeug.test import TestResponse

from hiring.kernel.database import session
from hiring.reviewing import queries
from hiring.reviewing.models import Assignment, Mark, Review
from hiring.reviewing.rules import NOTE
from tests.counting import statements
from tests.factories import (
    assigned,
    browser,
    marked,
    opening,
    sheet_for,
    signed_in,
    staff,
    tasks_of,
)

CHOICE, WRITTEN, REFUNDS = 1, 2, 3
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
NASTY = [
    "<script>alert(1)</script>",
    "\u202eنص עברית 王思远 Ñandú 🦡",
    "{{ 7*7 }} ${7*7} %(x)s",
    "a\x00b",
]


@pytest.fixture
def mine(app: Flask) -> UUID:
    """One written answer before Vic, who is the whole panel."""
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id)
    [assignment_id] = session.scalars(select(Assignment.id))
    return assignment_id


@pytest.fixture
def vic(app: Flask, mine: UUID) -> FlaskClient:
    return signed_in(app, "vic")


HIDDEN = ("page", "seen")


def filled(assignment_id: UUID, *, level: str = "3", note: str = "") -> dict[str, str]:
    """The rubric's form, the same on every criterion."""
    lines = sheet_for(assignment_id, staff("vic"))
    return {f"level-{id}": level for id in lines} | {f"note-{id}": note for id in lines}


def made(assignment_id: UUID) -> list[int | None]:
    """The levels that are final."""
    return [mark.level for mark in queries.own_marks(assignment_id)]


def url(assignment_id: object, part: str = "") -> str:
    return f"/staff/reviews/{assignment_id}{part}"


def text_of(answer: TestResponse) -> str:
    """What a page says, its white space evened."""
    return " ".join(lxml_html.fromstring(answer.text).text_content().split())


# ── Who may ──────────────────────────────────────────────────────────────────

WHO = ["vic", "wen", "ola", "rae", None]
BENCH = "/staff/reviews/{mine}"
CONTRACT = [  # method and path, then a status for each of WHO
    ("GET", "/staff/reviews", 200, 200, 200, 404, 303),
    ("POST", "/staff/reviews", 303, 303, 303, 404, 401),
    ("GET", BENCH, 200, 404, 404, 404, 303),
    ("POST", BENCH, 422, 404, 404, 404, 401),
    ("POST", f"{BENCH}/draft", 303, 404, 404, 404, 401),
    ("POST", f"{BENCH}/conflict", 303, 404, 404, 404, 401),
    ("POST", f"{BENCH}/return", 303, 404, 404, 404, 401),
    ("POST", "/staff/reviews/steps/{step}/returns", 303, 404, 404, 404, 401),
    ("GET", "/staff/reviews/{nobody}", 404, 404, 404, 404, 303),
    ("POST", "/staff/reviews/{nobody}", 404, 404, 404, 404, 401),
    ("POST", "/staff/reviews/{nobody}/draft", 404, 404, 404, 404, 401),
    ("POST", "/staff/reviews/{nobody}/conflict", 404, 404, 404, 404, 401),
    ("POST", "/staff/reviews/{nobody}/return", 404, 404, 404, 404, 401),
    ("POST", "/staff/reviews/steps/{nobody}/returns", 404, 404, 404, 404, 401),
    ("GET", "/staff/reviews/12", 404, 404, 404, 404, 404),
]


@pytest.mark.parametrize("row", CONTRACT, ids=lambda row: f"{row[0]} {row[1][-22:]}")
def test_who_may_do_what(app: Flask, mine: UUID, row: tuple[Any, ...]) -> None:
    method, path, *statuses = row
    step = queries.assignment_of(mine, staff("vic")).blind_answer.step_id
    place, found = path.format(mine=mine, step=step, nobody=uuid4()), []
    for name in WHO:
        client = signed_in(app, name) if name else browser(app)
        found.append(client.open(place, method=method, headers=SAME_ORIGIN).status_code)
    assert found == statuses


def test_what_others_may_not_see_answers_like_what_never_was(app: Flask, mine: UUID) -> None:
    wen = signed_in(app, "wen")
    there, nowhere = wen.get(url(mine)), wen.get(url(uuid4()))
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text


# ── My queue ─────────────────────────────────────────────────────────────────


def test_the_queue_says_what_waits_by_task(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=3, tasks=(CHOICE, WRITTEN))
    page = signed_in(app, "vic").get("/staff/reviews")
    assert "Six answers wait for you" in text_of(page)
    assert text_of(page).count("3 wait") == 2
    assert page.text.count(">Begin") == 2


def test_the_queue_goes_on_where_one_has_begun(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=2, tasks=(CHOICE, WRITTEN))
    vic = staff("vic")
    task = queries.piles(vic)[1]
    assert task.next_id
    marked(task.next_id, vic)
    tree = lxml_html.fromstring(signed_in(app, "vic").get("/staff/reviews").text)
    [likely] = tree.xpath("//ol//a[@class='act']")
    assert likely.get("href") == url(queries.piles(vic)[1].next_id)
    assert "Go on" in likely.text_content()


def test_an_empty_queue_says_what_comes_and_offers_what_is_left_over(app: Flask) -> None:
    page = signed_in(app, "wen").get("/staff/reviews")
    assert "Nothing waits for you" in text_of(page)
    assert "Take what is left over" in text_of(page)


def test_the_queue_asks_the_database_as_often_for_thirty_answers_as_for_one(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    client = signed_in(app, "vic")
    counts = []
    for more in (1, 29):
        assigned(step_id, candidates=more)
        with statements() as seen:
            client.get("/staff/reviews")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_bench_asks_as_often_in_a_long_pile_as_in_a_short_one(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    client, counts = signed_in(app, "vic"), []
    for more in (1, 29):
        assigned(step_id, candidates=more)
        with statements() as seen:
            client.get(url(queries.next_of(staff("vic"))))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_taking_what_is_left_over_leads_to_it(app: Flask, vic: FlaskClient, mine: UUID) -> None:
    vic.post(url(mine, "/return"))
    answer = vic.post("/staff/reviews")
    assert answer.location == url(mine)
    assert "1 more answer is yours" in text_of(vic.get(answer.location))


def test_taking_when_nothing_is_left_over_says_so(app: Flask) -> None:
    wen = signed_in(app, "wen")
    page = wen.post("/staff/reviews", follow_redirects=True)
    assert "Nothing is left over for you just now" in text_of(page)


def test_what_was_not_begun_can_be_given_back_at_once(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=3)
    client, begun = signed_in(app, "vic"), queries.next_of(staff("vic"))
    assert begun
    client.post(url(begun, "/draft"), data=filled(begun))
    page = client.post(f"/staff/reviews/steps/{step_id}/returns", follow_redirects=True)
    assert "2 answers were given back" in text_of(page)
    assert "One answer waits for you" in text_of(page)


# ── The bench ────────────────────────────────────────────────────────────────


def test_the_bench_shows_answer_rubric_and_task_and_nothing_of_who_or_when(
    vic: FlaskClient, mine: UUID
) -> None:
    page = vic.get(url(mine))
    words = text_of(page)
    assert "Alias 0" in words
    assert "We took the money twice." in words
    assert "Event log" in words
    answer = queries.assignment_of(mine, staff("vic")).blind_answer
    for told in (answer.id, answer.step_id, answer.task_id, staff("vic")):
        assert str(told) not in page.text
    assert str(answer.blinded_at.year) not in re.sub(r"v=\w+", "", words)
    assert not page.text.count("<time")


def test_a_keyed_criterion_is_not_shown(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, tasks=(CHOICE,))
    page = signed_in(app, "vic").get(url(queries.next_of(staff("vic"))))
    assert page.text.count("<fieldset") == 1


def test_save_and_next_brings_the_next_answer_of_the_task(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, candidates=2)
    client, vic = signed_in(app, "vic"), staff("vic")
    first = queries.next_of(vic)
    assert first
    answer = client.post(url(first), data=filled(first, note="¶1 owns it."))
    second = queries.next_of(vic)
    assert answer.status_code == 303
    assert answer.location == url(second)
    assert second
    last = client.post(url(second), data=filled(second), follow_redirects=True)
    assert "That was the last one" in text_of(last)
    assert text_of(last).count("Nothing waits for you") == 1


def test_the_end_of_a_pile_is_said_and_the_next_one_is_a_press_away(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, tasks=(CHOICE, WRITTEN))
    client, vic = signed_in(app, "vic"), staff("vic")
    first = queries.next_of(vic)
    assert first
    answer = client.post(url(first), data=filled(first))
    assert answer.location == "/staff/reviews"
    page = client.get(answer.location)
    assert "This pile is done" in text_of(page)
    (focus,) = lxml_html.fromstring(page.text).xpath("//*[@data-focus]")
    assert focus.get("href") == url(queries.next_of(vic))
    assert "data-focus" not in client.get("/staff/reviews").text


def test_answers_and_criteria_are_counted_by_their_names(vic: FlaskClient, mine: UUID) -> None:
    page = text_of(vic.get(url(mine)))
    assert "0 of 1 answer marked" in page
    assert "0 of 5 criteria marked" in page


def test_an_incomplete_rubric_comes_back_whole_and_is_kept(vic: FlaskClient, mine: UUID) -> None:
    sent = filled(mine, note="As typed, <b>here</b>")
    left_out = next(name for name in sent if name.startswith("level-"))
    del sent[left_out]
    page = vic.post(url(mine), data=sent)
    assert page.status_code == 422
    assert "No level yet" in text_of(page)
    assert "As typed, &lt;b&gt;here&lt;/b&gt;" in page.text
    assert (
        page.text.count("checked") == len(sheet_for(mine, staff("vic"))) - 1 + 1
    )  # and the keys' box
    assert made(mine) == []
    assert "As typed, &lt;b&gt;here&lt;/b&gt;" in vic.get(url(mine)).text


@pytest.mark.parametrize("level", ["", "0", "5", "-1", "9" * 40, "٣", "cannot judge", "3 OR 1=1"])
def test_a_level_that_does_not_exist_counts_as_none(
    vic: FlaskClient, mine: UUID, level: str
) -> None:
    page = vic.post(url(mine), data=filled(mine, level=level))
    assert page.status_code == 422
    assert made(mine) == []


def test_a_note_that_is_too_long_comes_back_as_typed(vic: FlaskClient, mine: UUID) -> None:
    long = "word " * 20_000
    sent = filled(mine)
    noted = next(name for name in sent if name.startswith("note-"))
    page = vic.post(url(mine), data=sent | {noted: long})
    assert page.status_code == 422
    assert f"{NOTE:,} fit" in text_of(page)
    assert long.strip() in page.text
    assert made(mine) == []


@pytest.mark.parametrize("nasty", NASTY)
def test_a_note_is_text_and_nothing_else(vic: FlaskClient, mine: UUID, nasty: str) -> None:
    vic.post(url(mine), data=filled(mine, note=nasty))
    notes = {mark.note for mark in queries.own_marks(mine)}
    assert notes == {nasty.replace("\x00", "")}
    page = vic.get(url(mine))
    assert "<script>alert" not in page.text
    assert nasty.replace("\x00", "") in lxml_html.fromstring(page.text).text_content()


def test_a_criterion_of_another_task_is_absent(vic: FlaskClient, mine: UUID) -> None:
    for part in ("", "/draft"):
        answer = vic.post(url(mine, part), data=filled(mine) | {f"level-{uuid4()}": "3"})
        assert answer.status_code == 404
    assert made(mine) == []


def test_sent_twice_it_counts_once(vic: FlaskClient, mine: UUID) -> None:
    for _twice in range(2):
        assert vic.post(url(mine), data=filled(mine)).status_code == 303
    assert set(made(mine)) == {3}
    assert len(made(mine)) == len(sheet_for(mine, staff("vic")))


def test_other_marks_from_a_stale_page_show_what_is_final(vic: FlaskClient, mine: UUID) -> None:
    vic.post(url(mine), data=filled(mine, level="4", note="First"))
    page = vic.post(url(mine), data=filled(mine, level="1", note="Second"))
    assert page.status_code == 422
    assert "did not change them" in text_of(page)
    assert "First" in page.text
    assert "Second" in page.text
    assert set(made(mine)) == {4}


def test_final_marks_are_shown_to_who_made_them_without_a_form(
    vic: FlaskClient, mine: UUID
) -> None:
    vic.post(url(mine), data=filled(mine, level="cannot", note="Why"))
    page = vic.get(url(mine))
    assert "Your marks are final" in text_of(page)
    assert "cannot judge" in text_of(page)
    assert 'type="radio"' not in page.text


# ── Drafts ───────────────────────────────────────────────────────────────────


def test_a_draft_is_kept_as_they_go_and_found_again(vic: FlaskClient, mine: UUID) -> None:
    one, two, *_rest = sheet_for(mine, staff("vic"))
    sent = {f"level-{one}": "2", f"level-{two}": "cannot", f"note-{one}": "¶2"}
    fragment = vic.post(url(mine, "/draft"), data=sent, headers=PARTIAL)
    assert fragment.status_code == 200
    assert re.fullmatch(r"2 of 5 criteria marked, kept \d\d:\d\d", text_of(fragment))
    assert not re.search(r"<(?!input)", fragment.text)  # words, and what was seen: the place stays
    page = vic.get(url(mine))
    assert page.text.count("checked") == 2 + 1
    assert "¶2" in page.text
    assert made(mine) == []


def kept_with(page: TestResponse, **typed: str) -> dict[str, str]:
    """What a window that shows this page sends with what was typed into it."""
    names = {name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', page.text) for name in HIDDEN}
    return {name: found[1] for name, found in names.items() if found} | typed


def test_two_windows_on_an_answer_do_not_put_out_each_other(vic: FlaskClient, mine: UUID) -> None:
    one = sheet_for(mine, staff("vic")).popitem()[0]
    note = f"note-{one}"
    first, second = vic.get(url(mine)), vic.get(url(mine))
    sent = kept_with(first, **{note: "From window one"})
    for text in ("From window one", "From window one, longer"):  # its own saves pass, seen or not
        fragment = vic.post(url(mine, "/draft"), data={**sent, note: text}, headers=PARTIAL)
        assert "kept" in text_of(fragment)
    late = kept_with(second, **{note: "From window two"})
    for _ in range(2):
        fragment = vic.post(url(mine, "/draft"), data=late, headers=PARTIAL)
        assert "Another window of yours marked this answer meanwhile." in text_of(fragment)
        assert "From window one, longer" in text_of(fragment)
        late |= kept_with(fragment)
    assert "From window one, longer" in vic.get(url(mine)).text

    page = vic.post(url(mine), data={**filled(mine), **late})
    assert page.status_code == 422
    assert "From window one, longer" in text_of(page)
    assert "From window two" in page.text
    assert "All that you put down is kept" not in page.text
    again = vic.post(url(mine), data={**filled(mine), **kept_with(page, **{note: "Both"})})
    assert again.status_code == 303
    assert set(made(mine)) == {3}


def test_without_a_script_a_draft_that_cannot_be_kept_comes_back_as_typed(
    vic: FlaskClient, mine: UUID
) -> None:
    one = sheet_for(mine, staff("vic")).popitem()[0]
    page = vic.post(url(mine, "/draft"), data={f"note-{one}": "w" * 100_000})
    assert page.status_code == 422
    assert "w" * 100_000 in page.text


def test_a_draft_that_arrives_after_the_marks_are_final_says_so(
    vic: FlaskClient, mine: UUID
) -> None:
    vic.post(url(mine), data=filled(mine))
    fragment = vic.post(url(mine, "/draft"), data=filled(mine, level="1"), headers=PARTIAL)
    assert text_of(fragment) == "These marks are final."
    assert set(made(mine)) == {3}


def test_a_draft_without_a_session_is_not_lost(app: Flask, mine: UUID) -> None:
    page = browser(app).post(
        url(mine), data=filled(mine, note="Kept through the door"), headers=SAME_ORIGIN
    )
    assert page.status_code == 401
    assert "Kept through the door" in page.text


# ── Parting with an answer ───────────────────────────────────────────────────


def test_who_knows_the_person_is_free_of_the_answer_and_of_what_they_put_down(app: Flask) -> None:
    _, step_id = opening(panel=["vic", "wen"], wanted_marks=1)
    assigned(step_id)
    [given] = session.scalars(select(Assignment))
    who = "vic" if given.account_id == staff("vic") else "wen"
    client, assignment_id = signed_in(app, who), given.id
    lines = sheet_for(assignment_id, staff(who))
    client.post(url(assignment_id, "/draft"), data={f"note-{id}": "I know her" for id in lines})
    page = client.post(url(assignment_id, "/conflict"), follow_redirects=True)
    assert "somebody else marks it" in text_of(page)
    assert session.get_one(Review, assignment_id).draft == {}
    gone = client.get(url(assignment_id))
    assert gone.status_code == 200
    assert "is no longer yours" in text_of(gone)
    assert "We took the money twice" not in gone.text


def test_marks_for_an_answer_that_was_given_back_do_not_count_and_notes_can_be_copied(
    vic: FlaskClient, mine: UUID
) -> None:
    vic.post(url(mine, "/return"))
    page = vic.post(url(mine), data=filled(mine, note="A page of thought"))
    assert page.status_code == 422
    assert "does not count" in text_of(page)
    assert "A page of thought" in page.text
    assert session.scalars(select(Mark)).all() == []


def test_final_marks_are_not_parted_with(vic: FlaskClient, mine: UUID) -> None:
    vic.post(url(mine), data=filled(mine))
    for part in ("/return", "/conflict"):
        page = vic.post(url(mine, part))
        assert page.status_code == 422
        assert "final" in text_of(page)


def test_the_task_of_a_choice_lists_the_options_and_not_the_key(app: Flask) -> None:
    _, step_id = opening(panel=["vic"], wanted_marks=1)
    assigned(step_id, tasks=(CHOICE,))
    page = signed_in(app, "vic").get(url(queries.next_of(staff("vic"))))
    task = next(task for task in tasks_of(step_id) if task.position == CHOICE)
    assert all(option["text"] in text_of(page) for option in task.settings["options"])
    assert "the rule counts" not in page.text
