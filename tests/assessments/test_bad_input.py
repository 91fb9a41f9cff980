"""Bad input while writing: a clear sentence, nothing misleads, and nothing that was typed is lost."""

from __future__ import annotations

import re
import time
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hiring.assessments import queries
from hiring.assessments.models import Version
from hiring.kernel.database import session
from tests.assessments.page import Draft
from tests.factories import draft_assessment, signed_in

TURNED = "Invoice \u202egnp.exe\u202c \u2066and\u2069 \u202btax"
STRAIGHT = "Invoice gnp.exe and tax"


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def begun(rae: FlaskClient) -> UUID:
    """A draft from the shipped template."""
    return draft_assessment()


@pytest.fixture
def window(rae: FlaskClient, begun: UUID) -> Draft:
    """A window with it."""
    return Draft(rae, begun)


def kept(assessment_id: UUID) -> Version:
    session.expire_all()
    return queries.draft_of(assessment_id)


@pytest.mark.parametrize("text", [">" * 10_000 + " hi", "> " * 10_000 + "hi", "- " * 10_000 + "hi"])
def test_ten_thousand_quotes_are_kept_shown_in_good_time_and_told(
    window: Draft, begun: UUID, text: str
) -> None:
    window.type("-prompt", text, nth=1)
    began = time.process_time()
    answer = window.pause()
    assert time.process_time() - began < 8
    assert answer.status_code == 200
    assert "more than 19 deep in one another" in answer.text
    assert kept(begun).tasks[1].prompt == text
    assert window.client.get(f"{window.path}/preview/tasks/2").status_code == 200
    assert window.press("publication").status_code == 422


def test_a_prompt_of_200_kilobytes_is_told_still_there_and_all_else_kept(
    window: Draft, begun: UUID
) -> None:
    before = kept(begun).tasks[1].prompt
    window.type("-prompt", "ä" * 200_000, nth=1)
    window.type("-lead", "Typed beside it.")
    answer = window.press()
    assert answer.status_code == 422
    assert "200,000 characters are more than the 100,000 that fit." in answer.text
    assert "ä" * 200_000 in answer.text
    assert kept(begun).tasks[1].prompt == before
    assert kept(begun).lead == "Typed beside it."


def test_marks_that_turn_the_order_stay_out_of_titles_names_and_options(
    window: Draft, begun: UUID
) -> None:
    window.type("version-title", TURNED)
    for ending in ("-title", "-teaser", "-name", "-note"):
        window.type(ending, TURNED, nth=-1)
    option = next(name for name in window.fields if "-option-" in name)
    window.fields[option] = TURNED
    assert window.press().status_code == 303
    version = kept(begun)
    assert version.title == STRAIGHT
    assert version.materials[-1].title == version.materials[-1].note == STRAIGHT
    assert version.tasks[-1].teaser == STRAIGHT
    assert STRAIGHT in {line.name for task in version.tasks for line in task.rubric}
    options = [o["text"] for task in version.tasks for o in task.settings.get("options", ())]
    assert STRAIGHT in options
    for page in (window.path, "/staff/assessments", f"{window.path}/preview"):
        html = window.client.get(page).text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)


def test_names_in_scripts_that_run_to_the_left_keep_their_marks(window: Draft, begun: UUID) -> None:
    title = "פנייה \u200fC++\u200f ועוד"  # a right-to-left mark is spelling, and ends at once
    window.type("version-title", title)
    window.press()
    assert kept(begun).title == title


def test_a_prompt_may_turn_its_own_lines(window: Draft, begun: UUID) -> None:
    window.type("-prompt", "One \u202eline\n\nThe next.", nth=0)
    window.press()
    assert kept(begun).tasks[0].prompt == "One \u202eline\n\nThe next."


def test_a_sign_that_turns_letters_is_kept_told_and_shown_to_nobody(
    window: Draft, begun: UUID
) -> None:
    window.type("-prompt", "Pay \u202eEUR 001\u202c now.", nth=1)
    answer = window.pause()
    assert "turns the order of letters, before “EUR 001" in answer.text
    assert kept(begun).tasks[1].prompt == "Pay \u202eEUR 001\u202c now."
    assert "\u202e" not in window.client.get(f"{window.path}/preview/tasks/2").text
    assert window.press("publication").status_code == 422
