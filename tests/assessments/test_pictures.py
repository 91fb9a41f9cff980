"""Pictures in an assessment's texts: brought, shown, kept as they went out; none from elsewhere is loaded."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hiring.assessments import actions, bundles, queries
from hiring.assessments.frozen import Frozen
from hiring.assessments.models import Picture
from hiring.assessments.pictures import MOST, MOST_BYTES
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.kernel.storage import StoredFile
from hiring.kernel.tokens import seal
from hiring.openings.models import Opening
from tests.assessments.page import PARTIAL, Draft
from tests.factories import assigned, browser, draft_assessment, invited, opening, signed_in

WORDS = "Bars [of orders] a day: 40, 60, 55"
ELSEWHERE = "![Spy](https://elsewhere.example/spy.png)"


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def begun(rae: FlaskClient) -> UUID:
    """A draft from the shipped template."""
    return draft_assessment()


@pytest.fixture
def window(rae: FlaskClient, begun: UUID) -> Draft:
    """A window with it."""
    return Draft(rae, begun)


def chart(colour: str = "navy") -> bytes:
    """A drawing with what a camera would add."""
    picture = Image.new("RGB", (900, 500), "white")
    ImageDraw.Draw(picture).rectangle((100, 100, 300, 500), fill=colour)
    exif, target = Image.Exif(), BytesIO()
    exif[0x010E] = "Where Rae lives"
    picture.save(target, "PNG", exif=exif)
    return target.getvalue()


def bring(
    client: FlaskClient,
    assessment_id: UUID,
    content: bytes | None = None,
    words: str = WORDS,
    **how: Any,
) -> TestResponse:
    """Send the gallery's form."""
    file = (BytesIO(chart() if content is None else content), "chart.png")
    data = (
        {"picture-file": file, "picture-words": words}
        if content != b""
        else {"picture-words": words}
    )
    path = f"/staff/assessments/{assessment_id}/pictures"
    return client.post(path, data=data, content_type="multipart/form-data", **how)


def brought(client: FlaskClient, assessment_id: UUID, **how: Any) -> str:
    """The line of a picture that was just brought."""
    answer = bring(client, assessment_id, **how)
    assert answer.status_code == 303, answer.text
    return one().line


def one() -> Picture:
    session.expire_all()
    return session.scalars(select(Picture).order_by(Picture.added_at.desc())).first()  # type: ignore[return-value]


def address_of(line: str) -> str:
    return "/pictures/" + re.findall(r"picture:([0-9a-f]{20})", line)[0] + ".webp"


CONTRACT = [  # method, path, then a status for Ola, Rae, Vic and somebody who is not signed in
    ("GET", "/pictures", (200, 200, 404, 303)),
    ("POST", "/pictures", (422, 422, 404, 401)),
    ("POST", "/pictures/{picture}/removal", (303, 303, 404, 401)),
    ("POST", "/pictures/{picture}/restoration", (303, 303, 404, 401)),
    ("POST", f"/pictures/{UUID(int=7)}/removal", (404, 404, 404, 401)),
]


@pytest.mark.parametrize("row", CONTRACT, ids=lambda row: f"{row[0]} {row[1]}")
def test_who_may_do_what_with_pictures(
    app: Flask, rae: FlaskClient, begun: UUID, row: tuple[str, str, tuple[int, ...]]
) -> None:
    method, path, statuses = row
    brought(rae, begun)
    address = f"/staff/assessments/{begun}" + path.format(picture=one().id)
    who = [signed_in(app, name) for name in ("ola", "rae", "vic")]
    found = [
        client.open(address, method=method, headers={"Sec-Fetch-Site": "same-origin"}).status_code
        for client in (*who, browser(app))
    ]
    assert tuple(found) == statuses


def test_a_picture_is_drawn_anew_and_handed_to_whoever_has_its_address(
    app: Flask, rae: FlaskClient, begun: UUID
) -> None:
    line = brought(rae, begun)
    assert line.startswith(r"![Bars \[of orders\] a day: 40, 60, 55](picture:")
    answer = browser(app).get(address_of(line))
    assert answer.mimetype == "image/webp"
    assert len(answer.data) <= MOST_BYTES
    assert b"Rae lives" not in answer.data
    assert Image.open(BytesIO(answer.data)).size == (900, 500)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browser(app).get("/pictures/00000000000000000000.webp").status_code == 404
    assert browser(app).get("/pictures/../secret.webp").status_code == 404


def test_the_line_is_shown_to_be_pasted_and_a_script_gets_the_gallery_alone(
    rae: FlaskClient, begun: UUID
) -> None:
    line = brought(rae, begun)
    page = rae.get(f"/staff/assessments/{begun}/pictures?new={one().key}").text
    assert "Added. Paste its line" in page
    assert line in page
    fragment = bring(rae, begun, chart("red"), headers=PARTIAL)
    assert fragment.status_code == 200
    assert fragment.text.startswith('<div id="gallery"')
    assert f'data-new="{one().key}"' in fragment.text


def test_the_button_in_the_draft_keeps_what_was_typed_and_leads_to_the_pictures(
    window: Draft, begun: UUID
) -> None:
    window.type("-lead", "Typed before the press.")
    answer = window.press(then="pictures")
    assert answer.location == f"{window.path}/pictures"
    assert queries.draft_of(begun).lead == "Typed before the press."


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (b"", WORDS, "Choose a file."),
        (None, " \t", "Describe the picture in words."),
        (b"%PDF-1.7", WORDS, "This is not a picture that we can read."),
        (None, "x" * 1001, "1,001 characters are more than the 1,000 that fit."),
    ],
)
def test_what_is_no_picture_or_has_no_words_is_told_and_the_words_stay(
    rae: FlaskClient, begun: UUID, content: bytes | None, words: str, sentence: str
) -> None:
    for headers in ({}, PARTIAL):
        answer = bring(rae, begun, content, words, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert words.strip() in answer.text
    assert session.scalar(select(func.count(Picture.id))) == 0
    assert session.scalar(select(func.count(StoredFile.id))) == 0


def test_every_page_that_shows_the_text_shows_the_picture(
    app: Flask, window: Draft, begun: UUID
) -> None:
    line, rae = brought(window.client, begun), window.client
    shown = f'src="{address_of(line)}" alt="{WORDS}" width="900" height="500"'
    window.type("-lead", f"Look.\n\n{line}")
    window.type("-prompt", f"Look.\n\n{line}", nth=1)
    window.type("-content", f"**P1** {line}\n\nMore", nth=-1)
    assert window.pause().text.count(shown) >= 2
    assert rae.get(f"{window.path}/preview").text.count(shown) == 1
    assert rae.get(f"{window.path}/preview/tasks/2").text.count(shown) >= 1
    assert window.press("publication").status_code == 303
    assert rae.get(f"{window.path}/versions/1").text.count(shown) >= 2
    opening_id, step_id = opening(version_id=queries.numbered(begun, 1).id, panel=["vic"])
    slug = session.get_one(Opening, opening_id).slug
    assert shown in browser(app).get(f"/openings/{slug}").text
    kit = browser(app)
    begin = f"/invitations/{seal('invitation', invited(opening_id).id)}/attempt"
    desk = kit.post(begin).location
    assert shown in kit.get(f"{desk}/tasks/2").text
    assigned(step_id)
    vic = signed_in(app, "vic")
    [bench] = set(
        re.findall(r'href="(/staff/reviews/[0-9a-f-]{36})"', vic.get("/staff/reviews").text)
    )
    assert shown in vic.get(bench).text


def test_a_picture_from_elsewhere_is_a_link_and_does_not_go_out(window: Draft) -> None:
    field = window.type("-prompt", f"See {ELSEWHERE} and ![](//elsewhere.example/x.gif)", nth=1)
    html = window.pause().text
    assert "<img" not in html
    assert '<a href="https://elsewhere.example/spy.png" rel="noopener noreferrer">Spy</a>' in html
    assert "Task 2 names a picture that is elsewhere" in html
    assert window.press("publication").status_code == 422
    assert f'href="#{field}"' in window.press("publication").text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"![x](picture:{'a' * 20}-9x9)", "Task 2 shows a picture that is not here."),
        ("{line}", "Task 2 shows a picture without words"),
        (">" * 10_000 + " hi", "Task 2 has quotations or lists more than 19 deep"),
    ],
)
def test_the_checklist_names_what_candidates_would_not_see(
    window: Draft, begun: UUID, text: str, sentence: str
) -> None:
    line = re.sub(r"!\[.*\]\(", "![ ](", brought(window.client, begun))
    window.type("-prompt", text.format(line=line), nth=1)
    window.pause()
    assert sentence in window.press("publication").text
    assert queries.newest_of(begun).published_at is None
    window.type("-prompt", "A prompt.", nth=1)
    assert window.press("publication").status_code == 303


def test_a_picture_that_a_text_shows_cannot_be_taken_away(window: Draft, begun: UUID) -> None:
    line, rae = brought(window.client, begun), window.client
    away = f"{window.path}/pictures/{one().id}/removal"
    window.type("-lead", line)
    window.press()
    assert "The draft shows this picture." in rae.post(away, follow_redirects=True).text
    window.press("publication")
    late = rae.post(away, follow_redirects=True).text
    assert "went out meanwhile" in late
    rae.post(f"{window.path}/versions")
    window.open()
    window.type("-lead", "No picture any more.")
    window.press()
    assert (
        "Version 1 shows this picture and stays as it is."
        in rae.post(away, follow_redirects=True).text
    )
    assert rae.get(address_of(line)).status_code == 200


def test_one_that_nothing_shows_goes_and_comes_back(app: Flask, window: Draft, begun: UUID) -> None:
    line, rae = brought(window.client, begun), window.client
    base = f"{window.path}/pictures/{one().id}"
    page = rae.post(f"{base}/removal", follow_redirects=True).text
    assert "Put it back" in page
    assert line not in page
    assert browser(app).get(address_of(line)).status_code == 404
    rae.post(f"{base}/restoration")
    assert browser(app).get(address_of(line)).status_code == 200
    rae.post(f"{base}/removal")
    assert brought(rae, begun) == line  # brought once more, it is the same one
    assert session.scalar(select(func.count(Picture.id))) == 1
    assert session.scalar(select(func.count(StoredFile.id))) == 1


def test_what_a_version_shows_is_in_its_fingerprint_and_never_changes(
    window: Draft, begun: UUID
) -> None:
    first, second = (brought(window.client, begun, content=chart(c)) for c in ("navy", "red"))
    prints = []
    for line in (first, second):
        window.type("-lead", line)
        window.press()
        prints.append(bundles.fingerprint(queries.draft_of(begun)))
    assert prints[0] != prints[1]
    with pytest.raises(Frozen):
        _change_a_key()


def _change_a_key() -> None:
    with writing():
        one().key = "b" * 20


def test_a_copy_has_the_pictures_and_outlives_the_draft_it_was_made_from(
    app: Flask, window: Draft, begun: UUID
) -> None:
    line, rae = brought(window.client, begun), window.client
    brought(rae, begun, content=chart("red"))
    copied = uuid4()
    with writing():
        source = queries.draft_of(begun)
        actions.copy(source.id, copied, by=source.saved_by)
        actions.copy(source.id, copied, by=source.saved_by)
    assert line in rae.get(f"/staff/assessments/{copied}/pictures").text
    assert session.scalar(select(func.count(Picture.id))) == 4
    with writing():
        actions.throw_away(begun, revision=queries.draft_of(begun).revision)
    assert browser(app).get(address_of(line)).status_code == 200
    with writing():
        actions.throw_away(copied, revision=queries.draft_of(copied).revision)
    assert browser(app).get(address_of(line)).status_code == 404
    assert session.scalar(select(func.count(StoredFile.id))) == 0


def lying(app: Flask) -> int:
    """How many files lie in the store."""
    return sum(len(part) for part in app.extensions["store"].list())


def test_a_draft_that_went_out_meanwhile_takes_no_picture_and_says_so(
    app: Flask, window: Draft, begun: UUID
) -> None:
    assert window.press("publication").status_code == 303
    before = lying(app)
    answer = bring(window.client, begun)
    assert answer.status_code == 422
    assert "went out meanwhile" in answer.text
    assert window.client.get(f"{window.path}/pictures").location == f"{window.path}/versions/1"
    assert lying(app) == before
    assert session.scalar(select(func.count(Picture.id))) == 0


def test_forty_pictures_are_the_most(rae: FlaskClient, begun: UUID) -> None:
    brought(rae, begun)
    names = ("file_id", "words", "width", "height", "added_by")
    with writing():
        first = session.scalars(select(Picture)).one()
        given = {name: getattr(first, name) for name in names}
        session.add_all(
            Picture(
                assessment_id=begun, key=f"{n:020x}", added_at=now() + timedelta(seconds=n), **given
            )
            for n in range(1, MOST)
        )
    answer = bring(rae, begun, chart("red"))
    assert "Forty pictures are the most" in answer.text
    assert answer.status_code == 422
