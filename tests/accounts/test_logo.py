"""The organisation's logo: drawn anew, shown where candidates read the name, taken away by one press."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hiring.accounts import actions
from hiring.accounts.colour import written
from hiring.accounts.models import Organisation
from hiring.kernel.database import session, writing
from hiring.kernel.storage import StoredFile
from hiring.outbox.letters import ACCENT
from tests.factories import browser, opening, signed_in, staff
from tests.outbox.letters import row
from tests.outbox.letters import written as letter

LOGO = re.compile(
    r'<img class="logo"\s+src="(/logo/[^"]+)"\s+alt="Osier &amp; Co"\s+width="64\d"\s+height="\d+">'
)


@pytest.fixture
def ola(app: Flask) -> FlaskClient:
    """The owner's browser, in a house that has a name."""
    client = signed_in(app, "ola")
    with writing():
        actions.describe_organisation(
            name="Osier & Co", line="", postal_address="", time_zone="UTC", hue=1, by=staff("ola")
        )
    return client


def png(width: int = 2000, colour: str = "navy") -> bytes:
    target = BytesIO()
    Image.new("RGBA", (width, 500), colour).save(target, "PNG")
    return target.getvalue()


def send(client: FlaskClient, content: bytes | None = None) -> TestResponse:
    data = {} if content is None else {"logo-file": (BytesIO(content), "logo.png")}
    return client.post("/staff/settings/logo", data=data, content_type="multipart/form-data")


def test_a_logo_stands_where_candidates_read_the_name(app: Flask, ola: FlaskClient) -> None:
    opening()
    assert send(ola, png()).location == "/staff/settings"
    for page in ("/", "/account/login", "/nothing"):
        html = browser(app).get(page).text
        assert len(LOGO.findall(html)) == 1, page
    [address] = LOGO.findall(browser(app).get("/").text)
    answer = browser(app).get(address)
    assert answer.mimetype == "image/webp"
    assert Image.open(BytesIO(answer.data)).size == (640, 160)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_another_one_takes_its_place_and_the_name_comes_back(app: Flask, ola: FlaskClient) -> None:
    opening()
    send(ola, png())
    [before] = LOGO.findall(browser(app).get("/").text)
    send(ola, png(colour="red"))
    [after] = LOGO.findall(browser(app).get("/").text)
    assert before != after
    assert browser(app).get(before).status_code == 404
    assert session.scalar(select(func.count(StoredFile.id))) == 1
    for _press in range(2):
        assert ola.post("/staff/settings/logo/removal").status_code == 303
    html = browser(app).get("/").text
    assert not LOGO.findall(html)
    assert "Osier &amp; Co</a>" in html
    assert browser(app).get(after).status_code == 404
    assert session.scalar(select(func.count(StoredFile.id))) == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Choose a file."),
        (b"<svg onload=alert(1)>", "This is not a picture that we can read."),
    ],
)
def test_what_is_no_picture_changes_nothing(
    ola: FlaskClient, content: bytes | None, sentence: str
) -> None:
    answer = send(ola, content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "The logo was not changed" in answer.text
    assert 'value="Osier &amp; Co"' in answer.text
    session.expire_all()
    assert session.get_one(Organisation, 1).logo_id is None


def test_a_house_without_a_name_is_asked_for_it_first(app: Flask) -> None:
    answer = send(signed_in(app, "ola"), png())
    assert answer.status_code == 422
    assert "Say what you are called first." in answer.text


def test_only_an_owner_changes_it(app: Flask) -> None:
    for who, status in (("rae", 404), ("vic", 404)):
        assert send(signed_in(app, who), png()).status_code == status
        assert signed_in(app, who).post("/staff/settings/logo/removal").status_code == status
    assert browser(app).get("/logo/00000000-0000-0000-0000-000000000007.webp").status_code == 404


def test_a_colour_that_is_written_becomes_the_accent(ola: FlaskClient) -> None:
    typed = {"name": "Osier & Co", "time_zone": "UTC", "hue": "140"}
    assert ola.post("/staff/settings", data={**typed, "colour": "#1f6f54"}).status_code == 303
    session.expire_all()
    assert session.get_one(Organisation, 1).hue == 166
    grey = ola.post("/staff/settings", data={**typed, "colour": "#777"})
    assert grey.status_code == 422
    assert "is a grey. The accent needs a colour." in grey.text
    assert 'value="#777"' in grey.text


def test_the_colour_that_is_yours_stands_in_its_field_and_the_slider_still_counts(
    ola: FlaskClient,
) -> None:
    ours = f'value="{written(1)[0]}"'
    assert ours in ola.get("/staff/settings").text
    as_shown = {"name": "Osier & Co", "time_zone": "UTC", "colour": written(1)[0]}
    assert ola.post("/staff/settings", data={**as_shown, "hue": "200"}).status_code == 303
    session.expire_all()
    assert session.get_one(Organisation, 1).hue == 200
    assert ours not in ola.get("/staff/settings").text


def test_letters_have_the_accent_by_day_and_in_the_dark(ola: FlaskClient) -> None:
    light, dark = written(1)
    html = row(letter()).html
    [button] = [link for link in lxml_html.fromstring(html).iter("a") if link.get("class") == "act"]
    assert f"background: {light}" in button.get("style", "")
    assert f"background: {dark} !important" in html
    for usual in ACCENT:
        assert usual not in html
