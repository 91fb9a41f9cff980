"""Several recruiters on one draft at the same moment, each in a process of their own."""

from __future__ import annotations

from collections import Counter
from uuid import UUID, uuid4

import pytest

from hiring.assessments import actions, queries
from hiring.assessments.drafting import saving
from hiring.assessments.parts import values_of
from hiring.kernel.database import session, writing
from hiring.kernel.prints import print_of
from tests.factories import draft_assessment, staff, version
from tests.races import together

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.race]
WINDOWS = 6


def retitle(assessment_id: str, base: str, title: str, rae: str) -> str:
    """Save another title, from a window that was opened before all the others saved."""
    with writing():
        draft = actions.draft(UUID(assessment_id))
        typed = saving.Typed("version", {**values_of(draft), "title": title}, base)
        saved = saving.save(draft, [typed], page=title, by=UUID(rae))
    return "kept" if saved.kept else "conflict"


def test_of_windows_that_save_at_once_one_is_kept_and_the_others_are_told() -> None:
    begun, rae = draft_assessment(), f"{staff('rae')}"
    base = print_of(values_of(queries.draft_of(begun)))
    windows = [[f"{begun}", base, f"Title {n}", rae] for n in range(WINDOWS)]
    told = together(retitle, *windows)
    session.rollback()
    session.expire_all()
    assert Counter(told) == {"kept": 1, "conflict": WINDOWS - 1}
    draft = queries.draft_of(begun)
    assert draft.title == f"Title {told.index('kept')}"
    assert draft.revision == 2


def publish(assessment_id: str, rae: str) -> int:
    """Let the draft go out."""
    with writing():
        return actions.publish(UUID(assessment_id), revision=1, by=UUID(rae)).number


def test_a_draft_that_several_publish_at_once_goes_out_once() -> None:
    begun, rae = draft_assessment(), f"{staff('rae')}"
    told = together(publish, *[[f"{begun}", rae]] * WINDOWS)
    assert Counter(told) == {1: 1, "Missing": WINDOWS - 1}


def go_on(assessment_id: str, rae: str) -> str:
    """Begin the next draft."""
    with writing():
        return f"{actions.go_on(UUID(assessment_id), by=UUID(rae)).id}"


def test_the_next_draft_that_several_begin_at_once_is_one() -> None:
    out, rae = version(), f"{staff('rae')}"
    told = together(go_on, *[[f"{out.assessment_id}", rae]] * WINDOWS)
    session.rollback()
    assert set(told) == {f"{queries.draft_of(out.assessment_id).id}"}


def begin(assessment_id: str, rae: str) -> str:
    """Send the form of a new assessment."""
    with writing():
        return f"{actions.begin(UUID(assessment_id), by=UUID(rae)).assessment_id}"


def test_an_assessment_that_equal_forms_begin_at_once_is_one() -> None:
    rae, new = f"{staff('rae')}", f"{uuid4()}"
    assert together(begin, *[[new, rae]] * WINDOWS) == [new] * WINDOWS
    session.rollback()
    assert len(session.execute(queries.rows()).all()) == 1
