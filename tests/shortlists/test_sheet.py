"""The sheet opens as text in any spreadsheet, and its numbers stay numbers."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from flask import Flask

from hiring.shortlists.frozen import Frozen
from hiring.shortlists.sheet import safe, sheet
from tests.shortlists.cast import frozen


def rows(made: Frozen) -> list[dict[str, str]]:
    text = sheet(made).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 30", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "|calc", "%0A"],
)
def test_a_text_that_could_be_a_formula_is_made_plain(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "cell", [0, -3, 84.4, -0.5, None, "", "Kaj - Lindqvist", "王思远", "O’Neil"]
)
def test_numbers_and_plain_texts_are_left_alone(cell: object) -> None:
    assert safe(cell) == cell  # type: ignore[arg-type]


def test_it_has_one_row_a_person_in_the_order_of_the_document(app: Flask) -> None:
    made = frozen()
    found = rows(made)
    assert [row["Person"] for row in found] == [person["name"] for person in made["people"]]
    assert [row["Raw mean"] for row in found] == [person["mean"] for person in made["people"]]
    assert found[0]["Dated next step, mean level"] == "4.0"
    assert {row["Ledger head"] for row in found} == {made["ledger_hash"]}


def test_it_has_no_ranking_and_tells_time_on_the_organisations_clock(app: Flask) -> None:
    made = frozen()
    first = rows(made)[0]
    assert "Group" not in first
    assert first["Frozen at"] == "2026-11-21T15:30:00+01:00"
    assert made["people"][0]["decision"]
    made["people"][0]["decision"]["at"] = "2026-07-01T08:05:09.123456+00:00"
    assert rows(made)[0]["Decided at"] == "2026-07-01T10:05:09+02:00"


def test_what_was_frozen_before_exports_knew_a_zone_is_written_still(app: Flask) -> None:
    made = frozen()
    del made["zone"]
    assert rows(made)[0]["Frozen at"] == "2026-11-21T14:30:00+00:00"


def test_names_and_reasons_cannot_run_anything(app: Flask) -> None:
    made = frozen()
    made["people"][0]["name"] = '=HYPERLINK("http://evil.example","x")'
    assert made["people"][0]["decision"]
    made["people"][0]["decision"]["reason"] = '+cmd|"/c calc"!A1, with "quotes"\r\nand lines'
    first = rows(made)[0]
    assert first["Person"] == '\'=HYPERLINK("http://evil.example","x")'
    assert first["Reason"] == '\'+cmd|"/c calc"!A1, with "quotes"\r\nand lines'


def test_it_is_utf_8_with_its_mark_and_rfc_4180_lines(app: Flask) -> None:
    made = sheet(frozen())
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.count(b"\r\n") >= len(frozen()["people"]) + 1
    assert "محمد العطار" in made.decode("utf-8-sig")


def test_aliases_stand_for_names_everywhere(app: Flask) -> None:
    text = sheet(frozen(named=False)).decode("utf-8-sig")
    assert not any(person["name"] in text for person in frozen()["people"])
    assert "Alias" in text.splitlines()[0]
