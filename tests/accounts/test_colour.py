"""The accent: every hue reads well in both schemes; a colour of one's own gives its hue, a grey none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hiring.accounts.colour import DARK, LEAST, LIGHT, contrasts, hue_of, least_contrasts, written
from hiring.accounts.settings import Profile
from hiring.kernel.refusals import Refused
from hiring.outbox.letters import ACCENT

LOOK = (Path(__file__).parents[2] / "static/css/look.css").read_text("utf-8")
MAIL = (Path(__file__).parents[2] / "static/css/mail.css").read_text("utf-8")


def numbers(token: str) -> list[list[float]]:
    """The numbers of a token of the stylesheet, in light and in dark."""
    [line] = re.findall(rf"--{token}: light-dark\((.*)\);", LOOK)
    return [
        [float(n) for n in re.findall(r"[\d.]+", part)]
        for part in re.findall(r"oklch\(([^)]*)", line)
    ]


def test_it_is_reckoned_with_the_stylesheets_own_colours() -> None:
    assert numbers("accent") == [[*LIGHT.accent], [*DARK.accent]]
    assert numbers("paper") == [[*LIGHT.paper], [*DARK.paper]]


def test_every_hue_reads_well_in_both_schemes() -> None:
    assert all(ratio >= LEAST for hue in range(361) for ratio in contrasts(hue))
    assert min(least_contrasts()) >= LEAST


def test_letters_write_the_accent_as_pages_draw_it_and_every_hue_reads_well_there() -> None:
    assert written(Profile.hue) == ACCENT
    sheets = re.findall(r"\.mail \.sheet \{[^}]*background: (#[0-9a-f]{6})", MAIL)
    words = re.findall(r"\.mail \.act \{[^}]*[; ]color: (#[0-9a-f]{6})", MAIL)
    assert [len(sheets), len(words), *map(MAIL.count, ACCENT)] == [2, 2, 2, 2]
    for hue in range(361):
        for accent, sheet, word in zip(written(hue), sheets, words, strict=True):
            assert min(ratio(accent, sheet), ratio(accent, word)) >= LEAST, (hue, accent)


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, after WCAG 2.2."""
    darker, lighter = sorted(_luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("typed", "hue"), [("#0000ff", 264), ("#f00", 29), ("00ff00", 142), (" #1F6F54 ", 166)]
)
def test_a_colour_of_ones_own_gives_its_hue(typed: str, hue: int) -> None:
    assert hue_of(typed) == hue


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("#888888", "#888888 is a grey. The accent needs a colour."),
        ("#fff", "#ffffff is a grey. The accent needs a colour."),
        ("red", "Write a colour as # and six digits, such as #1f6f54."),
        ("#12345", "Write a colour as # and six digits, such as #1f6f54."),
        ("#fff;}", "Write a colour as # and six digits, such as #1f6f54."),
    ],
)
def test_a_grey_and_what_is_no_colour_are_refused(written: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        hue_of(written)
    assert refused.value.sentence == sentence
