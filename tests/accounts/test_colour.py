"""The accent: every hue reads well in both schemes; a colour of one's own gives its hue, a grey none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hiring.accounts.colour import DARK, LEAST, LIGHT, contrasts, hue_of, least_contrasts
from hiring.kernel.refusals import Refused

LOOK = (Path(__file__).parents[2] / "static/css/look.css").read_text("utf-8")


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


@pytest.mark.parametrize(
    ("written", "hue"), [("#0000ff", 264), ("#f00", 29), ("00ff00", 142), (" #1F6F54 ", 166)]
)
def test_a_colour_of_ones_own_gives_its_hue(written: str, hue: int) -> None:
    assert hue_of(written) == hue


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
