"""What stands around every public page."""

from __future__ import annotations

import json
import re
from uuid import UUID
from xml.etree import ElementTree

import pytest
from flask import Flask

from hiring.accounts.models import Organisation
from hiring.kernel.database import session, writing
from hiring.openings.actions import close_opening
from hiring.openings.models import Opening
from hiring.openings.rules import StepPlan
from tests import factories as make
from tests.factories import browser, opening, signed_in, staff, version
from tests.openings.test_views import facts

NASTY = '</script><b> & "quotes" ]]> \u202e عربى'
ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_foot_says_where_we_are_and_not_our_name_again(app: Flask) -> None:
    with writing():
        where = {"postal_address": "Dok Noord 7, Ghent", "time_zone": "Europe/Brussels"}
        session.add(Organisation(name="Osier", line="Cargo bikes", **where))
    for path in ("/", "/nothing-here"):
        page, _, foot = browser(app).get(path).text.partition("<footer>")
        assert "<p>Cargo bikes</p>" in page
        assert "Dok Noord 7, Ghent" in foot
        assert "Osier" not in foot


def entries(app: Flask) -> list[ElementTree.Element]:
    answer = browser(app).get("/openings/feed.xml")
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.text).findall(f"{ATOM}entry")  # noqa: S314  our own page


def test_what_is_open_stands_in_the_feed_and_what_was_closed_does_not(app: Flask) -> None:
    assert entries(app) == []
    opening_id, _step = make.opening(
        title=f"Support {NASTY}", about="**Bikes** & more", place="Ghent"
    )
    [entry] = entries(app)
    assert entry.findtext(f"{ATOM}title") == f"Support {NASTY}"
    assert entry.findtext(f"{ATOM}content") == "<p><strong>Bikes</strong> &amp; more</p>\n"
    assert "Ghent" in (entry.findtext(f"{ATOM}summary") or "")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert (
        browser(app).get(link.attrib["href"].removeprefix("http://localhost:8000")).status_code
        == 200
    )
    with writing():
        close_opening(opening_id, by=make.staff("rae"))
    assert entries(app) == []


@pytest.mark.parametrize("terms", ["employment", "contract"])
def test_a_search_engine_reads_what_the_page_says(app: Flask, terms: str) -> None:
    opening_id, _step = make.opening(
        title=f"Support {NASTY}", about="**Bikes**", terms=terms, pay="€ 1 & up"
    )
    page = browser(app).get(f"/openings/{slug_of(opening_id)}").text
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    said = json.loads(data)
    assert (said["@type"], said["title"]) == ("JobPosting", f"Support {NASTY}")
    assert said["description"] == "<p>€ 1 &amp; up</p><p><strong>Bikes</strong></p>\n"
    assert said.get("employmentType") == ("CONTRACTOR" if terms == "contract" else None)
    with writing():
        close_opening(opening_id, by=make.staff("rae"))
    assert "ld+json" not in browser(app).get(f"/openings/{slug_of(opening_id)}").text


def slug_of(opening_id: UUID) -> str:
    return session.get_one(Opening, opening_id).slug


def test_an_opening_for_the_invited_stands_in_no_list_and_opens_by_its_address(app: Flask) -> None:
    opening_id, _step = opening(title="Night porter", listed=False)
    opening(title="Cook")
    outsider, rae = browser(app), signed_in(app, "rae")
    for path in ("/", "/openings/feed.xml"):
        assert "Night porter" not in outsider.get(path).text
        assert "Cook" in outsider.get(path).text
    page = outsider.get("/openings/night-porter").text
    assert "Night porter" in page
    assert 'content="noindex"' in page
    assert "JobPosting" not in page
    assert "Night porter" in rae.get("/staff/openings").text
    assert "it stands in no list" in rae.get(f"/staff/openings/{opening_id}").text
    sent = facts(rae, opening_id, listed="y")
    assert rae.post(f"/staff/openings/{opening_id}/facts", data=sent).status_code == 303
    assert "Night porter" in outsider.get("/").text
    sent.pop("listed")
    sent["seen"] = facts(rae, opening_id)["seen"]
    assert rae.post(f"/staff/openings/{opening_id}/facts", data=sent).status_code == 303
    assert "Night porter" not in outsider.get("/").text


def test_a_new_opening_is_listed_unless_one_says_otherwise(app: Flask) -> None:
    opening()
    page = signed_in(app, "rae").get("/staff/openings/new").text
    [box] = re.findall(r'<input[^>]*name="listed"[^>]*>', page)
    assert "checked" in box


def test_the_first_paragraph_leads_and_the_rest_follows(app: Flask) -> None:
    opening(title="Cook", about="We cook for two hundred.\n\nBring **knives**.")
    opening(title="Baker", about="# First\n\nWe bake.")
    opening(title="Clerk", about="<p>x" + "long " * 200)
    page = browser(app).get("/openings/cook").text
    head, _, rest = page.partition("The work")
    assert "We cook for two hundred." in head.partition('class="hero"')[2]
    assert "<strong>knives</strong>" in rest
    assert "We cook for" not in rest
    for slug, said in (("baker", "We bake."), ("clerk", "&lt;p&gt;xlong")):
        page = browser(app).get(f"/openings/{slug}").text
        assert said in page.partition("The work")[2]


def test_what_is_wrong_with_the_form_stands_where_the_form_is(app: Flask) -> None:
    opening(public_form=True)
    page = browser(app).post("/openings/support-lead/applications", data={"name": "Kit"})
    assert page.status_code == 422
    before, _, form = page.text.partition('id="apply"')
    assert "Nothing was sent." in form
    assert "Nothing was sent." not in before


def test_each_step_is_named_before_its_ruler(app: Flask) -> None:
    second = StepPlan(version("nobody-asked-you").id, panel={staff("zia")})
    opening(more=[second])
    page = browser(app).get("/openings/support-lead").text
    marks = [page.index("<h2>Step 1,"), page.index('aria-label="Step 1"'),
             page.index("<h2>Step 2,"), page.index('aria-label="Step 2"')]  # fmt: skip
    assert marks == sorted(marks)
