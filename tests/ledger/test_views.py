"""The ledger's pages: who may read them, what they show, and that texts are hidden from who marks."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from hiring.kernel.database import session, writing
from hiring.ledger.actions import append
from hiring.ledger.models import Entry
from hiring.ledger.queries import tip
from tests import factories
from tests.counting import statements

PATHS = ("/staff/ledger", "/staff/ledger/1", "/staff/ledger/verification")


def written(count: int = 1) -> None:
    """Some decisions of Rae's in the ledger."""
    rae = str(factories.staff("rae"))
    with writing():
        for number in range(count):
            facts = {"verdict": "hire", "raw_mean": "73.6", "takes_back": None}
            texts = {"reason": "A dated next step."}
            append("decision", actor=rae, subject=f"s-{number}", facts=facts, texts=texts)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("who", "status"), [("", 303), ("ola", 200), ("rae", 200), ("vic", 404), ("outsider", 404)]
)
def test_who_may_read_it(app: Flask, path: str, who: str, status: int) -> None:
    written()
    client = factories.signed_in(app, who) if who else app.test_client()
    assert client.get(path).status_code == status


def test_the_list_finds_by_kind_subject_and_hash(app: Flask) -> None:
    written(3)
    rae = factories.signed_in(app, "rae")
    assert rae.get("/staff/ledger?kind=decision").text.count("A decision was made</a>") == 3
    assert rae.get("/staff/ledger?q=s-1").text.count("A decision was made</a>") == 1
    assert rae.get(f"/staff/ledger?q={tip().hash[:9]}").text.count('<th role="rowheader"') == 1
    grouped = tip().short  # as the pages show it
    assert rae.get(f"/staff/ledger?q={grouped}").text.count('<th role="rowheader"') == 1
    nothing = rae.get("/staff/ledger?q=<script>").text
    assert "A decision was made</a>" not in nothing
    assert "No entry like that" in nothing


def test_a_text_is_hidden_from_a_viewer_who_still_marks(app: Flask) -> None:
    factories.opening(panel=("uma",), wanted_marks=1)
    written()
    page = f"/staff/ledger/{tip().number}"
    seeing = factories.signed_in(app, "rae").get(page).text
    assert "A dated next step." in seeing
    assert "73.6" in seeing
    owner_on_the_panel = factories.signed_in(app, "uma").get(page).text
    assert "A dated next step." not in owner_on_the_panel
    assert "73.6" not in owner_on_the_panel
    assert "Hidden while you mark." in owner_on_the_panel


def test_a_verdict_is_a_word_on_list_and_entry_but_hidden_from_a_viewer_who_still_marks(
    app: Flask,
) -> None:
    factories.opening(panel=("uma",), wanted_marks=1)
    written()
    rae, uma = factories.signed_in(app, "rae"), factories.signed_in(app, "uma")
    assert "A decision was made</a>: Hire</th>" in rae.get("/staff/ledger").text
    assert "<td>Hire</td>" in rae.get(f"/staff/ledger/{tip().number}").text
    assert "A decision was made</a></th>" in uma.get("/staff/ledger").text
    assert "Hire<" not in uma.get(f"/staff/ledger/{tip().number}").text


def test_an_entry_that_is_not_there_is_missing(app: Flask) -> None:
    assert factories.signed_in(app, "rae").get("/staff/ledger/999").status_code == 404


def test_the_list_asks_as_often_for_thirty_entries_as_for_one(app: Flask) -> None:
    written()
    rae = factories.signed_in(app, "rae")
    with statements() as few:
        rae.get("/staff/ledger?kind=decision")
    written(29)
    with statements() as many:
        rae.get("/staff/ledger?kind=decision")
    assert len(many) == len(few)


def test_a_changed_entry_is_named_on_the_page(app: Flask) -> None:
    written()
    rae = factories.signed_in(app, "rae")
    assert "<h1>The ledger is whole</h1>" in rae.get("/staff/ledger/verification").text
    with writing():
        session.execute(update(Entry).where(Entry.number == 1).values(subject="another"))
    page = rae.get("/staff/ledger/verification").text
    assert "<h1>The ledger is not whole</h1>" in page
    assert "Entry 1 was changed after it was written." in page
