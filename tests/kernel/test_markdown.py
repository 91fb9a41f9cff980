"""Markdown from authors: what is hostile is shown as text and in good time; a picture is ours or a link."""

from __future__ import annotations

import re
import time

import pytest

from hiring.kernel.markdown import (
    DEEPEST,
    is_too_deep,
    picture_address,
    picture_line,
    pictures,
    render,
    turned,
)

KEY = "0123456789abcdef0123"
ELSEWHERE = "https://elsewhere.example/p.png"
LONGEST = 100_000  # characters, as forms take


def test_a_picture_of_ours_is_shown_with_its_words_its_size_and_the_way_to_see_it_large() -> None:
    html = render(
        picture_line('A [chart] of "orders" \\ days\nand <b>', key=KEY, width=900, height=500)
    )
    address = picture_address(KEY)
    assert f'<a href="{address}" target="_blank" rel="noopener noreferrer">' in html
    assert f'<img src="{address}"' in html
    assert 'width="900" height="500" loading="lazy"' in html
    [shown] = pictures(picture_line("A [chart] of \\ days", key=KEY, width=900, height=500))
    assert (shown.words, shown.key) == ("A [chart] of \\ days", KEY)
    assert "<b>" not in html


@pytest.mark.parametrize(
    "text",
    [
        f"![x]({ELSEWHERE})",
        "![x](//elsewhere.example/p.png)",
        "![x](data:image/png;base64,AAAA)",
        "![x](javascript:alert(1))",
        f"![x][1]\n\n[1]: {ELSEWHERE}",
        f"![x](picture:{KEY})",
        f"![x](picture:{KEY[:-1]}-9x9)",
        f"![x](picture:{KEY.upper()}-9x9)",
        f"![x](PICTURE:{KEY}-9x9/../../evil)",
        "![x](/pictures/../staff)",
        "![x](/staff/settings/logo)",
        f'<img src="{ELSEWHERE}">',
        f'<img src="{picture_address(KEY)}" onload="alert(1)">',
        f'<picture><source srcset="{ELSEWHERE}"></picture><video src="{ELSEWHERE}">',
        f'<p style="background: url({ELSEWHERE})">x</p>',
    ],
)
def test_nothing_else_makes_a_browser_ask_for_anything(text: str) -> None:
    html = render(text)
    assert not re.search(
        r"<(img|picture|source|video|iframe|object|embed|link|style|script)\b", html
    )
    assert not re.search(r"<[^>]*\s(src|srcset|style|on\w+)=", html)
    assert "javascript:" not in re.findall(r'href="([^"]*)', html)


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000 + " hi",
        "> " * 10_000 + "hi",
        "- " * 10_000 + "hi",
        "1. " * 10_000 + "hi",
        "> - 1. " * 5_000 + "hi",
        "\n".join("  " * n + "- a" for n in range(300)),
        "[" * LONGEST,
        "![a](" * (LONGEST // 5),
        "*a " * (LONGEST // 3),
        "**a_" * (LONGEST // 4),
        "".join("`" * n + " " for n in range(440)),
        "|a" * (LONGEST // 4) + "\n" + "|-" * (LONGEST // 4),
        "|a|b|\n|-|-|\n" + "|x\n" * (LONGEST // 3),
        "<a " * (LONGEST // 3),
        "&" * LONGEST,
        "\u202e" * LONGEST,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_the_longest_text_is_drawn_in_good_time(text: str) -> None:
    began = time.process_time()
    html = render(text)
    is_too_deep(text)
    assert time.process_time() - began < 8  # 2 on an idle machine, for the worst of them
    assert html.count("<blockquote>") <= DEEPEST


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (">" * (DEEPEST - 1) + " hi", False),
        (">" * (DEEPEST + 1) + " hi", True),
        ("> " * 10_000 + "hi", True),
        ("- " * 30 + "hi", True),
        ("1. " * 30 + "hi", True),
        ("> a\n\n" * 50, False),
        ("-" * 60, False),
        ("\n".join("  " * n + "- a" for n in range(30)), True),
        ("\n".join("  " * n + "- a" for n in range(6)), False),
        ("```\n" + ">" * 500 + "\n```", False),
    ],
)
def test_what_lies_too_deep_to_be_drawn_is_told(text: str, deep: bool) -> None:
    assert is_too_deep(text) == deep


def test_a_sign_that_turns_all_letters_is_not_drawn_and_is_found_by_what_follows() -> None:
    text = "Pay \u202eEUR 001\u202c now, in \u2067\u05d0\u05d1\u2069."
    assert turned(text).startswith("EUR 001")  # type: ignore[union-attr]
    assert "\u202e" not in render(text)
    assert "\u2067" in render(text), "What keeps a name of another script together stays."
    assert turned("Pay EUR 001 now") is None
