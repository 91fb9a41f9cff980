"""The criteria shelf: sixteen from the start, our own beside them; picked, one stays itself everywhere."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hiring.assessments import actions, queries, shelf, shipped
from hiring.assessments.drafting import adding
from hiring.assessments.models import Criterion, RubricLine, Version
from hiring.kernel.database import session, writing
from tests.assessments.page import Draft
from tests.counting import statements
from tests.factories import browser, draft_assessment, signed_in, staff, version

SHELF = "/staff/assessments/criteria"


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def empty(rae: FlaskClient) -> UUID:
    """A draft with one written task and no criterion."""
    assessment_id = draft_assessment(None)
    with writing():
        adding.add_task(actions.draft(assessment_id), "written", by=staff("rae"))
    return assessment_id


def draft(assessment_id: UUID) -> Version:
    session.expire_all()
    return queries.draft_of(assessment_id)


def pick(client: FlaskClient, assessment_id: UUID, criterion: str, **more: str) -> TestResponse:
    form = {"task": str(draft(assessment_id).tasks[0].id), "criterion": criterion, **more}
    return client.post(f"/staff/assessments/{assessment_id}/criteria", data=form)


def test_sixteen_stand_there_from_the_start_with_both_sentences_on_each_level() -> None:
    assert len(shelf.general()) == 16
    known = {
        (line["shelf"], line["name"])
        for template in shipped.templates()
        for task in template.content["tasks"]
        for line in task["criteria"]
    }
    for one in shelf.general():
        assert (one.slug, one.name) in known  # it is the criterion that the templates mark
        assert 3 <= len(one.levels) <= 5
        sentences = [sentence for level in one.levels for sentence in level]
        assert all(sentence.endswith(".") for sentence in sentences)
        assert len({*sentences}) == len(sentences)
    of_number_six = [
        "takes-initiative",
        "influences-without-authority",
        "owns-the-outcome",
        "coaches-in-the-moment",
    ]
    assert [one.slug for one in shelf.general()][:4] == of_number_six


def test_the_page_shows_them_to_who_writes_assessments(app: Flask, rae: FlaskClient) -> None:
    html = rae.get(SHELF).text
    assert "16 criteria are on the shelf" in html
    assert html.count("<details") == 16
    assert "Put it into" not in html
    assert signed_in(app, "ola").get(SHELF).status_code == 200
    assert signed_in(app, "vic").get(SHELF).status_code == 404
    assert browser(app).get(SHELF).status_code == 303


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("INITIATIVE", ["Takes initiative"]),
        ("next month's data", ["Figures that can be repeated"]),
        ("no such words", []),
        ("%", []),
    ],
)
def test_names_and_sentences_are_searched(rae: FlaskClient, words: str, names: list[str]) -> None:
    html = rae.get(SHELF, query_string={"q": words}).text
    assert re.findall(r"<b><bdi>([^<]+)</bdi></b>", html) == names
    assert ("No criterion has" in html) == (not names)


def test_our_own_stand_there_once_out_where_they_are_used_and_are_found(rae: FlaskClient) -> None:
    out = version()
    line = out.tasks[1].rubric[0]
    html = rae.get(SHELF).text
    assert "A note the next shift can use" in html
    assert f'href="/staff/assessments/{out.assessment_id}"' in html
    assert "The right two first" not in html  # nobody marks it: a rule does
    found = rae.get(SHELF, query_string={"q": line.levels[-1].sees.upper()}).text
    assert line.name in found


def test_the_button_in_a_task_keeps_the_page_and_leads_to_the_shelf_for_it(
    rae: FlaskClient, empty: UUID
) -> None:
    window, task = Draft(rae, empty), draft(empty).tasks[0]
    window.type("-prompt", "Typed before the press.")
    answer = window.press(then=f"shelf {task.id}")
    assert draft(empty).tasks[0].prompt == "Typed before the press."
    html = rae.get(answer.location).text
    assert "Choose a criterion for task 1" in html
    assert html.count("Put it into task 1") == 16
    assert f'name="task" value="{task.id}"' in " ".join(html.split())


def test_a_criterion_in_general_words_is_put_into_the_rubric_and_is_the_templates_own(
    rae: FlaskClient, empty: UUID
) -> None:
    answer = pick(rae, empty, "dated-next-step")
    [line] = draft(empty).tasks[0].rubric
    assert f"#line-{line.id}-name" in answer.location
    given = shelf.general_of("dated-next-step")
    assert given is not None
    assert (line.name, line.weight, line.keyed) == (given.name, 100, False)
    assert [(level.sees, level.told) for level in line.levels] == [*given.levels]
    others = [one for task in version().tasks for one in task.rubric]
    assert line.criterion_id in {one.criterion_id for one in others}
    assert session.scalar(select(func.count()).where(Criterion.slug == "dated-next-step")) == 1


def test_one_that_was_used_can_be_put_in_as_it_was_written_last(
    rae: FlaskClient, empty: UUID
) -> None:
    [source] = [
        one for task in version().tasks for one in task.rubric if one.name == "Dated next step"
    ]
    page = rae.get(f"{SHELF}?assessment_id={empty}&task={draft(empty).tasks[0].id}").text
    assert f'value="{source.criterion_id}"' in page
    pick(rae, empty, str(source.criterion_id))
    [line] = draft(empty).tasks[0].rubric
    assert line.criterion_id == source.criterion_id
    assert [level.sees for level in line.levels] == [level.sees for level in source.levels]


def test_the_same_one_twice_a_forged_one_and_a_task_that_is_gone_change_nothing(
    rae: FlaskClient, empty: UUID
) -> None:
    pick(rae, empty, "takes-initiative")
    again = pick(rae, empty, "takes-initiative")
    assert "This criterion is on the task already." in rae.get(again.location).text
    gone = pick(rae, empty, "plain-words", task=str(uuid4()))
    assert "That task was taken out meanwhile." in rae.get(gone.location).text
    for forged in (str(uuid4()), "no-such-slug", ""):
        assert pick(rae, empty, forged).status_code == 404
    assert session.scalar(select(func.count(RubricLine.id))) == 1
    assert rae.post(f"/staff/assessments/{version().assessment_id}/criteria").status_code == 404


def test_the_shelf_asks_as_often_for_many_as_for_few(rae: FlaskClient) -> None:
    version()
    rae.get(SHELF)
    with statements() as few:
        rae.get(SHELF)
    for slug in (
        "did-the-reminders-work",
        "wrong-on-the-last-day-of-the-month",
        "nobody-asked-you",
    ):
        version(slug)
    session.expire_all()
    with statements() as many:
        rae.get(SHELF)
    assert len(many) == len(few)
