"""The small nouns of the ground floor: clock, tokens, events, questions, text, Markdown, documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from hiring.kernel import clock, events, gather, markdown, tokens
from hiring.kernel.database import writing
from hiring.kernel.forms import clean, stripped
from hiring.kernel.refusals import Missing
from hiring.kernel.words import unbroken
from tests import factories

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_clock_stands_where_it_is_put() -> None:
    with clock.at(NOON):
        assert clock.now() == NOON
    assert clock.now() > NOON - timedelta(days=1)


def test_the_clock_takes_aware_instants_only() -> None:
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 11, 21)):  # noqa: DTZ001
        pass


def test_the_clock_follows_a_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock.follow(file)
    try:
        file.write_text("3600")
        ahead = clock.now() - clock.wall()
    finally:
        clock.follow(None)
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)


def test_a_token_opens_for_its_purpose_only(app: Flask) -> None:
    id = uuid4()
    token = tokens.seal("invitation", id)
    assert tokens.unseal("invitation", token) == id
    with pytest.raises(Missing):
        tokens.unseal("application", token)


@given(st.text(max_size=60))
def test_no_text_opens_anything(application: Flask, text: str) -> None:
    with application.app_context(), pytest.raises(Missing):
        tokens.unseal("invitation", text)


def test_one_changed_letter_closes_a_token(app: Flask) -> None:
    token = tokens.seal("invitation", UUID(int=7))
    for place in range(len(token) - 1):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(Missing):
            tokens.unseal("invitation", forged)


@dataclass(frozen=True)
class Rang:
    """An event of these tests."""

    bell: str


def test_listeners_hear_in_order_inside_the_act(app: Flask) -> None:
    heard: list[str] = []
    events.listen(Rang, lambda e: heard.append(e.bell), lambda e: heard.append(e.bell.upper()))
    with pytest.raises(RuntimeError, match="outside writing"):
        events.announce(Rang("ding"))
    with writing():
        events.announce(Rang("ding"))
    assert heard == ["ding", "DING"]
    events.listeners()[Rang].clear()


def test_nobody_answering_is_an_empty_list() -> None:
    @dataclass(frozen=True)
    class Weather(gather.Question[str]):
        """A question of this test."""

    assert gather.gather(Weather()) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\0b\x07c", "abc"),
        ("王思远 محمد 👍🏽\t", "王思远 محمد 👍🏽\t"),
        ("\u202eevil", "\u202eevil"),
        (None, None),
        (7, 7),
    ],
)
def test_text_is_cleaned_of_what_no_person_types(typed: object, kept: object) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/p.png)",
        "<a href='x' onclick='y'>z</a>",
        "> " * 5000 + "deep",
    ],
)
def test_markdown_lets_nothing_through(hostile: str) -> None:
    html = markdown.render(hostile)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<a href='x'" not in html


def test_code_that_is_wider_than_the_page_can_be_moved_by_keys() -> None:
    assert markdown.render("```\na = 1\n```") == '<pre tabindex="0"><code>a = 1\n</code></pre>\n'


def test_markdown_headings_stay_below_the_page_s_own() -> None:
    assert markdown.render("# One\n\n## Two") == "<h3>One</h3>\n<h4>Two</h4>\n"


@pytest.mark.parametrize("number", [2**31, 10**30])
def test_a_number_that_no_database_knows_is_an_address_of_nothing(app: Flask, number: int) -> None:
    rae = factories.signed_in(app, "rae")
    assert rae.get(f"/staff/ledger/{number}").status_code == 404


def test_a_page_number_and_odd_words_in_an_address_break_no_list(app: Flask) -> None:
    rae = factories.signed_in(app, "rae")
    odd = "endpoint=x&_external=1&_anchor=y&values=z&page=99999999999999999999999"
    for path in ("/staff/ledger", "/staff/openings", "/staff/assessments"):
        assert rae.get(f"{path}?{odd}").status_code == 200


@pytest.mark.parametrize(
    "address", ["/openings/%00", "/staff/openings?q=%00", "/staff/ledger?kind=a%00"]
)
def test_an_address_with_a_nul_is_an_address_of_nothing(app: Flask, address: str) -> None:
    assert factories.signed_in(app, "rae").get(address).status_code == 404


def test_a_look_at_an_address_that_takes_forms_only_leads_to_its_page_and_tells_nothing(
    app: Flask,
) -> None:
    """Whoever asks, and whether what it names exists or not: the page itself is the one that says."""
    some = str(uuid4())
    for address, page in (
        (f"/staff/assessments/{some}/draft", f"/staff/assessments/{some}"),
        (f"/staff/reviews/{some}/conflict", f"/staff/reviews/{some}"),
        (f"/attempts/{some}/answers/{some}/choice", f"/attempts/{some}"),
        ("/invitations/never-sealed/attempt", "/invitations/never-sealed"),
        (
            "/invitations/%0d%0aSet-Cookie:x/attempt?next=//a.example",
            "/invitations/%0D%0ASet-Cookie:x",
        ),
    ):
        browsers = (
            factories.browser(app),
            factories.signed_in(app, "ola"),
            factories.signed_in(app, "vic"),
        )
        for browser in browsers:
            answer = browser.get(address)
            assert (answer.status_code, answer.location) == (303, page)
            assert browser.get(page).status_code in {303, 404}


def test_every_address_that_takes_forms_only_has_a_page_above_it(app: Flask) -> None:
    browser = factories.browser(app)
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods.setdefault(rule.rule, set()).update(rule.methods or ())
    for address, known in methods.items():
        if "GET" not in known:
            filled = re.sub(
                r"<\w+>",
                "x",
                re.sub(r"<uuid:\w+>", str(uuid4()), address.replace("<int:number>", "1")),
            )
            assert browser.get(filled).status_code == 303, address


def test_what_no_form_sends_is_refused_where_it_is(app: Flask) -> None:
    assert factories.browser(app).delete("/").status_code == 405


def test_every_answer_forbids_what_is_inline_and_what_comes_from_elsewhere(app: Flask) -> None:
    for path in ("/account/login", "/healthz", "/nowhere", "/"):
        policy = app.test_client().get(path).headers["Content-Security-Policy"]
        parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert parts["default-src"] == parts["script-src"] == parts["style-src"] == "'self'"
        assert parts["object-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
        assert "unsafe" not in policy
        assert "//" not in policy


@pytest.mark.parametrize("unseen", ["\u200b", " \u202e\u200f ", "\u00ad\ufeff", "\u3000"])
def test_a_title_that_nobody_can_see_is_none(unseen: str) -> None:
    assert stripped(unseen) == ""
    assert stripped(f" {unseen}Ünsal ") != ""


def test_private_pages_are_kept_nowhere(app: Flask) -> None:
    for path in ("/account/login", "/", "/nowhere"):
        assert app.test_client().get(path).headers["Cache-Control"] == "no-store"


def test_a_figure_stays_on_one_line_with_its_word() -> None:
    assert unbroken("Saturday 12 December, 8 p") == "Saturday 12\u00a0December, 8\u00a0p"
    assert unbroken(Markup("<b>5 &lt; 6</b> 7")) == Markup("<b>5 &lt; 6</b> 7")
    assert isinstance(unbroken(Markup("1 day")), Markup)
