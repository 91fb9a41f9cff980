"""A table beside a task is a real file too: taken from the desk, as long as its task is open."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hiring.attempts import queries
from hiring.kernel.clock import at, now
from hiring.kernel.tokens import seal
from tests import factories as make


@pytest.fixture
def attempt_id(app: Flask) -> UUID:
    """Kit's attempt at a list of lessons, whose last task opens after the second."""
    version = make.version_with_a_wait("did-the-reminders-work")
    return make.started(make.invited(make.opening(version_id=version.id)[0]))


@pytest.fixture
def kit(app: Flask, attempt_id: UUID) -> FlaskClient:
    """Kit's browser, which has opened the link."""
    browser = make.browser(app)
    token = seal("invitation", queries.invitation_id_of(attempt_id))
    browser.post(f"/invitations/{token}/attempt", data={})
    return browser


def sheets(kit: FlaskClient, attempt_id: UUID, number: int) -> list[str]:
    """The addresses of files on the page of a task."""
    page = kit.get(f"/attempts/{attempt_id}/tasks/{number}").text
    return re.findall(r'href="([^"]+\.csv)"', page)


def test_a_table_is_taken_home_cell_by_cell_as_it_stands(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    (address,) = sheets(kit, attempt_id, 1)
    answer = kit.get(address)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    material = next(m for m in queries.desk_of(attempt_id).work(1).task.materials if m.is_table)
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert rows == [material.table.header, *material.table.rows]
    assert len(rows) == 55


def test_a_table_is_not_found_by_others_nor_at_another_task_nor_when_time_is_over(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    (address,) = sheets(kit, attempt_id, 1)
    assert make.browser(app).get(address).status_code == 404
    assert kit.get(address.replace("/tasks/1/", "/tasks/4/")).status_code == 404
    assert kit.get(address).status_code == 200
    with at(now() + timedelta(hours=2)):
        assert kit.get(address).status_code == 404


def test_whoever_is_of_the_house_takes_it_from_the_preview(app: Flask, attempt_id: UUID) -> None:
    version = queries.desk_of(attempt_id).work(1).task.version
    rae = make.signed_in(app, "rae")
    page = rae.get(f"/staff/assessments/{version.assessment_id}/preview/tasks/1").text
    (address,) = re.findall(r'href="([^"]+\.csv)"', page)
    assert rae.get(address).data.startswith(b"\xef\xbb\xbf")
    assert make.browser(app).get(address).status_code in {302, 303, 404}
