"""What the proofreader finds, and what it lets pass."""

from __future__ import annotations

import pytest

from tests.proofreading import proofread

OWN = "<p> has script or style of its own, which the content policy refuses"
TOKENLESS = '<form action="/x"> carries no token: without script it is refused'
PAGE = """<!DOCTYPE html>
<html lang="en">
  <head><title>Today · Osier Works</title></head>
  <body><h1>Today</h1>%s</body>
</html>"""


@pytest.mark.parametrize(
    "well",
    [
        '<label for="name">Name</label><input id="name">',
        "<label>Name <input></label>",
        '<input type="hidden" name="csrf_token" value="x">',
        '<svg role="img" aria-label="half done"><title>half done</title><line x1="1" /></svg>',
        '<form method="post" action="/x"><input type="hidden" name="csrf_token" value="x"></form>',
        '<a href="#there">There</a><p id="there">It is <br> here.</p>',
        "<h2>One</h2><h3>Two</h3><h2>Three</h2>",
    ],
)
def test_what_is_well_passes(well: str) -> None:
    assert proofread(PAGE % well) == []
    assert proofread(f"<div>{well.partition('<a')[0]}</div>") == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<h1>Again</h1>", "a page has one h1, this one ['Today', 'Again']"),
        ("<h3>Deep</h3>", "<h3> “Deep” comes after an h1: a heading is skipped"),
        ("<p><em>never closed</p>", "<em> is never closed"),
        ('<p id="a"></p><p id="a"></p>', "the id a stands 2 times"),
        ('<input name="address">', '<input name="address"> has no label'),
        ('<label for="a"></label><input id="a">', '<input id="a"> has no label'),
        ('<button type="submit"></button>', '<button type="submit"> has no words'),
        ('<button><svg aria-hidden="true"><title>x</title></svg></button>', "<button> has no words"),
        ('<svg role="img"></svg>', "<svg> has no name"),
        ('<img src="/a.png">', "<img> has no alt"),
        ('<a href="#nowhere">There</a>', '<a href="#nowhere"> leads to nowhere on this page'),
        ('<label for="gone">Name</label>', '<label for="gone"> points with for to gone, which is not there'),
        ('<p id="a">', '<p id="a"> is never closed'),
        ("</p>", "</p> closes nothing, line 4"),
        ('<p style="color: red"></p>', OWN),
        ('<p onclick="x"></p>', OWN),
        ("<script>x</script>", "<script> is inline, which the content policy refuses"),
        ('<form method="post" action="/x"></form>', TOKENLESS),
        ("<p>None</p>", "<p> says None"),
        ('<a href="/"><button>x</button><a href="/">y</a></a>', '<a href="/"> stands in another'),
        ('<p class="a" class="b"></p>', "<p> has class twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(part: str, fault: str) -> None:
    assert proofread(PAGE % part) == [fault]


def test_a_page_has_a_title_and_a_language() -> None:
    bare = "<!DOCTYPE html><html><head><title> · Osier Works</title></head><body><h1>x</h1></body></html>"
    assert proofread(bare) == ["the page does not say its language"]
    assert len(proofread(bare.replace(" · Osier Works", " "))) == 2


def test_a_fragment_needs_no_title() -> None:
    assert proofread('<div id="rows"><p>One</p></div>') == []
