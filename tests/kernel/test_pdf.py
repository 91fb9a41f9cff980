"""Drawing: nothing but our look is read, whatever the document names; the same document is the same bytes."""

from __future__ import annotations

from io import BytesIO

import page
import pikepdf
import pytest

from hiring.kernel import pdf
from hiring.kernel.pdf import Undrawable, draw

SECRET = "file:///etc/passwd"


def document(body: str = "<h1>One</h1>", head: str = "") -> str:
    look = '<link rel="stylesheet" href="report.css">'
    top = f'<!doctype html><html lang="en"><head><title>One</title>{look}{head}</head>'
    return f'{top}<body class="report">{body}'


@pytest.mark.parametrize(
    "hostile",
    [
        f'<link rel="attachment" href="{SECRET}">',
        f'<a rel="attachment" href="{SECRET}">x</a>',
        f'<img alt="x" src="{SECRET}">',
        '<img alt="x" src="https://look.invalid/../pyproject.toml">',
        '<img alt="x" src="https://look.invalid/css/../../pyproject.toml">',
        '<img alt="x" src="http://example.org/x.png">',
        '<img alt="x" src="data:image/png;base64,AAAA">',
        '<style>@import "http://example.org/x.css";</style>',
        f'<base href="file:///"><a rel="attachment" href="{SECRET}">x</a>',
        f'<object data="{SECRET}"></object>',
        f'<embed src="{SECRET}">',
        f'<p style="background: url({SECRET})">x</p>',
        '<link rel="stylesheet" href="no-such.css">',
    ],
)
def test_a_document_that_names_another_file_is_not_drawn(hostile: str) -> None:
    with pytest.raises(Undrawable, match="Error fetching"):
        draw(document(hostile), identifier="x")


@pytest.mark.parametrize("hostile", ['<image href="{}"/>', '<use href="{}#x"/>'])
def test_a_drawing_in_a_document_reads_no_file_either(hostile: str) -> None:
    drawn = draw(document(f"<svg><title>x</title>{hostile.format(SECRET)}</svg>"), identifier="x")
    with pikepdf.open(BytesIO(drawn)) as opened:
        streams = [o for o in opened.objects if isinstance(o, pikepdf.Stream)]
        assert not any(b"root:" in stream.read_bytes() for stream in streams)


def test_the_drawing_process_knows_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIRING_SECRET_KEY", "never to be printed")
    assert not any(name.startswith("HIRING") for name in pdf.KEPT)


def test_the_same_document_gives_the_same_bytes() -> None:
    text = document("<h1>Олена Ткаченко, <b>bold</b> and <i>Aoife</i></h1>")
    assert draw(text, identifier="a") == draw(text, identifier="a")
    assert draw(text, identifier="a") != draw(text, identifier="b")


def test_pages_are_told_as_they_are_laid_out() -> None:
    told: list[int] = []
    draw(
        document('<p>1</p><p style="break-before: page">2</p>'), identifier="x", on_page=told.append
    )
    assert told == [1, 2]


def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.05)
    with pytest.raises(Undrawable, match="more than"):
        draw(document("<p>x</p>" * 500), identifier="x")


def test_header_cells_say_what_they_head() -> None:
    table = (
        "<table><thead><tr><th scope='col'>A</th><th scope='col'>B</th></tr></thead>"
        "<tbody><tr><th scope='row'>1</th><td>2</td></tr></tbody></table>"
    )
    drawn = draw(document(f"<h1>x</h1>{table}"), identifier="x")
    assert page.is_pdf_compliant_bytes(drawn, profile="ua1")
    with pikepdf.open(BytesIO(drawn)) as opened:
        scopes = [
            str(found.A.Scope)
            for found in opened.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/TH" and "/A" in found
        ]
    assert sorted(scopes) == ["/Column", "/Column", "/Row"]
