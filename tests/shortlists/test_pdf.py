"""The document: conformant, readable aloud, the same bytes twice, and every name prints.

Both checkers must find no error. outloud's warnings that stay: it takes figures whose text begins with
a name in Han or Tamil script for no language, and WeasyPrint's running heads for content (PDF 1.7 knows
no tagged artifact; they lie outside the structure tree).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import outloud
import page
import pikepdf
import pymupdf
import pytest
from flask import Flask

from hiring.shortlists import pdf
from hiring.shortlists.frozen import Frozen, freeze
from hiring.shortlists.shortlist import Row
from hiring.shortlists.standing import Given, Read, standing_of
from tests.shortlists import cast
from tests.shortlists.cast import frozen

pytestmark = pytest.mark.usefixtures("app")
SCRIPTS = ("Nguyễn Thị Minh Khai", "Олена Ткаченко", "Κατερίνα Δήμου", "王思远", "Kaj Lindqvist")
Draw = Callable[..., bytes]


@pytest.fixture(scope="module")
def draw(application: Flask) -> Draw:
    """Draws each document once for all tests that look at it."""

    @cache
    def once(**wishes: Any) -> bytes:
        with application.app_context():
            return pdf.draw(frozen(**wishes), identifier="a test")

    return once


def text_of(drawn: bytes, number: int) -> str:
    with pymupdf.open(stream=drawn) as opened:
        return str(opened[number].get_text())


def test_it_is_a_pdf_for_universal_access(draw: Draw) -> None:
    report = page.validate_pdf_bytes(draw(), profile="ua1")
    assert [(f.rule_id, f.message) for f in report.failures] == []


def test_read_aloud_it_has_no_error(draw: Draw, tmp_path: Path) -> None:
    file = tmp_path / "shortlist.pdf"
    file.write_bytes(draw())
    result = outloud.check(str(file))
    assert result.error is None
    assert (result.errors, result.verdict) == (0, "review")
    assert {finding.rule for finding in result.findings} <= {"FIG-012", "PAG-001"}


def test_the_same_row_gives_the_same_bytes(draw: Draw) -> None:
    assert pdf.draw(frozen(), identifier="a test") == draw()


def test_page_one_reads_alone(draw: Draw) -> None:
    first = " ".join(text_of(draw(), 0).split())
    for words in (
        *SCRIPTS, "Nine people, without places", "small differences mean nothing", "96.8",
        "not yet decided", "5 of 9 made", "All hear by 11 December", "Page 1 of",
    ):  # fmt: skip
        assert words in first


def test_every_page_ends_with_the_head_of_the_ledger(draw: Draw) -> None:
    drawn = draw()
    with pymupdf.open(stream=drawn) as opened:
        for number, sheet in enumerate(opened, start=1):
            text = " ".join(sheet.get_text().split())
            assert "Ledger head 9f3c 51d0 77be a71e · 1,284 entries" in text
            assert f"Page {number} of {len(opened)}" in text


def test_no_letter_of_any_name_is_missing(draw: Draw) -> None:
    with pymupdf.open(stream=draw()) as opened:
        fonts = {font[3] for sheet in opened for font in sheet.get_fonts()}
        text = "".join(sheet.get_text() for sheet in opened)
    assert "\ufffd" not in text
    for script in ("Arabic", "Tamil", "CJK"):
        assert any(script in font for font in fonts), fonts
    assert "ரகுநாதன்"[:3] in text


def test_it_is_built_of_headings_figures_and_bookmarks(draw: Draw) -> None:
    with pikepdf.open(BytesIO(draw())) as opened:
        assert str(opened.Root.Lang) == "en"
        assert str(opened.docinfo["/Title"]) == "Shortlist: Customer support, second line"
        with opened.open_outline() as outline:
            marks = [
                (item.title, [child.title for child in item.children]) for item in outline.root
            ]
        kinds = Counter(kind for kind, _alt in elements(opened))
        alternatives = [alt for kind, alt in elements(opened) if kind == "/Figure"]
    people = frozen()["people"]
    [(title, below)] = marks
    assert title == "Nine people, without places"
    assert below[0] == "How this was measured"
    assert below[-len(people) :] == [person["name"] for person in people]
    assert (kinds["/H1"], kinds["/H2"]) == (1, 1 + len(people))
    assert all(alternatives)
    assert people[0]["said"] in alternatives


def elements(opened: pikepdf.Pdf) -> list[tuple[str, str]]:
    """The kind and the alternative text of every structure element."""
    return [
        (str(found["/S"]), str(found.get("/Alt", "")))
        for found in opened.objects
        if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/StructElem"
    ]


def test_it_fits_the_american_sheet_too(draw: Draw) -> None:
    with pymupdf.open(stream=draw(paper="letter")) as opened:
        assert (round(opened[0].rect.width), round(opened[0].rect.height)) == (612, 792)
    assert page.is_pdf_compliant_bytes(draw(paper="letter"), profile="ua1")


def test_by_alias_it_names_nobody(draw: Draw) -> None:
    drawn = draw(named=False)
    with pymupdf.open(stream=drawn) as opened:
        text = " ".join(" ".join(sheet.get_text().split()) for sheet in opened)
        bookmarks = str(opened.get_toc())
    for person in frozen()["people"]:
        assert person["name"] not in text + bookmarks
    assert "Heron 1" in text


def test_no_reviewer_is_named(draw: Draw) -> None:
    with pymupdf.open(stream=draw()) as opened:
        text = " ".join(sheet.get_text() for sheet in opened)
    assert not any(name in text for name in ("Vic Adeyemi", "Wen Li", "Zia Haddad"))


def test_a_word_without_end_is_broken_and_not_cut_off() -> None:
    made = hostile_export("w" * 300)
    made["title"] = "Support"
    with pymupdf.open(stream=pdf.draw(made, identifier="x")) as opened:
        for sheet in opened:
            for word in sheet.get_text("words"):
                assert word[2] <= sheet.rect.width, word


def test_what_was_left_empty_is_no_wrong_choice_and_its_levels_no_marks() -> None:
    found = cast.shortlist()
    lines = found.lines
    answers = [Read(cast.uid("e", line.task), line.task_id, True, False) for line in lines]
    given = [
        Given(cast.uid("e", line.id), cast.uid("e", line.task), line.id, 1, by_rule=True)
        for line in lines
    ]
    standing = standing_of(lines, answers, given, wanted=2)
    row = Row(cast.uid("e"), "Ada Byron", "Wren", closed=True, standing=standing)
    made = freeze(replace(found, rows=(row,)), cast.asked())
    sentences = {s["sentence"] for task in made["people"][0]["tasks"] for s in task["strips"]}
    assert sentences == {"Left empty, so the lowest level."}
    html = " ".join(pdf.page(made).split())
    assert "nothing was written" not in html
    assert "0.0 raw mean · by rule" in html


def test_what_the_sentences_are_is_said_before_them() -> None:
    html = pdf.page(frozen())
    assert html.index("the lower of two") < html.index(frozen()["people"][0]["notes"][0][:20])


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script> {{ 7 * 7 }} \u202egnp.exe",
        '"><img src="file:///etc/passwd"> <a rel="attachment" href="file:///etc/passwd">x</a>',
        "a" * 1000,
    ],
)
def test_what_people_typed_is_printed_and_never_obeyed(hostile: str) -> None:
    made = hostile_export(hostile)
    drawn = pdf.draw(made, identifier="x")
    assert page.is_pdf_compliant_bytes(drawn, profile="ua1")
    with pikepdf.open(BytesIO(drawn)) as opened:
        assert not opened.attachments
    with pymupdf.open(stream=drawn) as opened:
        assert ("{{ 7 * 7 }}" in hostile) == any(
            "{{ 7 * 7 }}" in sheet.get_text() for sheet in opened
        )


def hostile_export(text: str) -> Frozen:
    made = frozen()
    made["people"] = made["people"][:1]
    made["title"] = made["people"][0]["name"] = text
    made["people"][0]["notes"] = [text]
    assert made["people"][0]["decision"]
    made["people"][0]["decision"]["reason"] = text
    return made
