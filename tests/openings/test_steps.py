"""The form of a new opening with its steps, the steps' own pages, and what is shown of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hiring.kernel.clock import at, now
from hiring.kernel.database import session
from hiring.kernel.tokens import seal
from hiring.ledger.models import Entry
from hiring.openings.models import Opening, Step
from hiring.openings.panel import panel_of
from hiring.openings.queries import opening_of
from hiring.openings.rules import StepPlan
from hiring.openings.views.making import rearranged
from tests.factories import browser, invited, opening, signed_in, staff, version


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def words(**given: Any) -> dict[str, Any]:
    """A form of two steps, as Rae would fill it in."""
    first, second = version(), version("nobody-asked-you")
    return {
        "title": "Support lead", "terms": "employment", "pay": "€ 1", "place": "Ghent", "about": "",
        "hear_by": f"{now().date() + timedelta(days=30)}", "kept_months": "6",
        "version": f"{first.id}", "panel": [f"{staff('vic')}"], "wanted_marks": "1",
        "proposes": "best", "mean": "60", "best": "4",
        "step-2-version": f"{second.id}", "step-2-panel": [f"{staff('zia')}"],
        "step-2-wanted_marks": "3", "step-2-wait_days": "2", "step-2-open_days": "9",
        "step-2-proposes": "mean", "step-2-mean": "55", "step-2-best": "5", **given,
    }  # fmt: skip


def steps() -> list[Step]:
    return list(session.scalars(select(Step).order_by(Step.position)))


def test_an_opening_of_two_steps_is_made_as_it_was_typed(rae: FlaskClient) -> None:
    sent = words()
    answer = rae.post("/staff/openings", data=sent)
    assert answer.status_code == 303
    one, two = steps()
    assert (f"{one.version_id}", one.proposes, one.bar) == (sent["version"], "best", 4)
    assert (f"{two.version_id}", two.proposes, two.bar) == (sent["step-2-version"], "mean", 55)
    assert (two.wait_days, two.open_days) == (2, 9)
    assert panel_of(one.id).account_ids == {staff("vic")}
    assert panel_of(two.id).wanted_marks == 3
    page = rae.get(answer.location).text
    assert "Invited 2 days after the advance" in page
    assert "Proposed: the best 4" in page


@pytest.mark.parametrize("do", ["add", "remove 2", "up 2", "down 1"])
def test_a_press_on_the_steps_makes_nothing_and_loses_nothing(rae: FlaskClient, do: str) -> None:
    typed = words(about="A long text.", hear_by="not a day", title="", do=do)
    page = rae.post("/staff/openings", data=typed)
    assert page.status_code == 200
    for kept in ("A long text.", "not a day", "Ghent", "Nobody asked you"):
        assert kept in page.text
    assert session.scalar(select(func.count(Opening.id))) == 0


def test_steps_change_places_and_intervals_stay_where_they_are() -> None:
    typed = MultiDict(
        {"title": "T", "version": "a", "step-2-version": "b", "step-2-wait_days": "7"}
    )
    typed.setlist("step-2-panel", ["x", "y"])
    for do in ("up 2", "down 1"):
        found = rearranged(typed, do)
        assert (found["version"], found["step-2-version"]) == ("b", "a")
        assert (found.getlist("panel"), found.getlist("step-2-panel")) == (["x", "y"], [])
        assert (found["step-2-wait_days"], found["title"]) == ("7", "T")
    assert rearranged(rearranged(typed, "up 2"), "up 2") == typed


def test_a_step_that_is_taken_out_leaves_the_others() -> None:
    typed = MultiDict(
        {"version": "a", "step-2-version": "b", "step-3-version": "c", "step-3-bar": "1"}
    )
    one, two = rearranged(typed, "remove 1"), rearranged(typed, "remove 2")
    assert (one["version"], one["step-2-version"], "step-3-version" in one) == ("b", "c", False)
    assert (two["version"], two["step-2-version"]) == ("a", "c")


@pytest.mark.parametrize(
    "do", ["up 1", "down 2", "remove 9", "remove x", "sing", "begin", "up ²", "up -1"]
)
def test_a_forged_press_changes_nothing(do: str) -> None:
    typed = MultiDict({"version": "a", "step-2-version": "b"})
    assert rearranged(typed, do) == typed


def test_the_last_step_cannot_be_taken_out_and_a_sixth_is_not_added(app: Flask) -> None:
    one = MultiDict({"version": "a"})
    assert rearranged(one, "remove 1") == one
    five = MultiDict({"version": "a", **{f"step-{n}-version": "b" for n in (2, 3, 4, 5)}})
    assert rearranged(five, "add") == five


WRONG = [
    ({"step-2-version": f"{uuid4()}"}, "Choose one of these."),
    ({"step-2-panel": ["forged"]}, "Choose from these people only."),
    ({"step-2-wait_days": "soon"}, "Write a whole number."),
    ({"step-2-wait_days": ""}, "Say after how many days it goes out"),
    ({"step-2-wait_days": "-1"}, "An invitation goes out at once (0)"),
    ({"step-2-wait_days": "9" * 5000}, "Write a whole number."),
    ({"step-2-open_days": "0"}, "A link stays open for one day at least"),
    ({"step-2-open_days": "91"}, "A link stays open for one day at least"),
    ({"step-2-wait_days": "15", "step-2-open_days": "15"}, "people hear in 30"),
    ({"proposes": "fate"}, "Choose one of these."),
    ({"step-2-proposes": "mean", "step-2-mean": "101"}, "Name the mean"),
    ({"step-2-proposes": "mean", "step-2-mean": ""}, "Name the mean"),
    ({"proposes": "best", "best": "0"}, "Say how many it proposes"),
    ({"proposes": "best", "best": "few"}, "Write a whole number."),
]


@pytest.mark.parametrize(("given", "told"), WRONG)
def test_what_is_wrong_with_a_step_is_told_and_the_rest_is_kept(
    rae: FlaskClient, given: dict[str, Any], told: str
) -> None:
    answer = rae.post("/staff/openings", data=words(**given))
    assert answer.status_code == 422
    assert told in answer.text
    assert "Ghent" in answer.text
    assert session.scalar(select(func.count(Opening.id))) == 0


def test_the_shipped_pair_is_offered_as_two_steps(rae: FlaskClient) -> None:
    second = version("two-days-one-stall-the-first-day")
    assert "Or begin with" not in rae.get("/staff/openings/new").text
    first = version("two-days-one-stall-the-plan")
    page = rae.get("/staff/openings/new").text
    assert f'value="begin {first.id} {second.id}"' in page
    page = rae.get(f"/staff/openings/new?version={first.id}&version={second.id}").text
    assert f'<option selected value="{second.id}">' in page.partition('id="step-2-version"')[2]


def test_beginning_with_a_pair_keeps_what_was_typed(rae: FlaskClient) -> None:
    first = version("two-days-one-stall-the-plan")
    second = version("two-days-one-stall-the-first-day")
    typed = {"title": "Market help", "about": "At dawn.", "panel": [f"{staff('vic')}"]}
    press = {"version": f"{version().id}", "do": f"begin {first.id} {second.id}"}
    page = rae.post("/staff/openings", data={**typed, **press}).text
    one, _, two = page.partition('id="step-2-version"')
    assert f'<option selected value="{first.id}">' in one
    assert f'<option selected value="{second.id}">' in two
    ticked = f'checked id="step-2-panel-[0-9]+" name="step-2-panel" type="checkbox" value="{staff("vic")}"'
    assert re.search(ticked, two)
    assert 'value="Market help"' in page
    assert "At dawn." in page


def test_the_pair_to_begin_with_is_the_one_that_went_out_last(rae: FlaskClient) -> None:
    slugs = "two-days-one-stall-the-plan", "two-days-one-stall-the-first-day"
    for days_ago in (9, 1, 5):
        with at(now() - timedelta(days=days_ago)):
            pair = [version(slug) for slug in slugs]
        if days_ago == 1:
            newest = " ".join(f"{one.id}" for one in pair)
    assert f'value="begin {newest}"' in rae.get("/staff/openings/new").text


def test_equal_titles_are_told_apart_by_when_they_went_out(rae: FlaskClient) -> None:
    with at(datetime(2026, 3, 5, 9, 30, tzinfo=UTC)):
        version()
    with at(datetime(2026, 4, 7, 16, 0, tzinfo=UTC)):
        version()
    alone = version("nobody-asked-you")
    page = rae.get("/staff/openings/new").text
    earlier, later = page.index("published 5 March, "), page.index("published 7 April, ")
    assert later < earlier
    assert "published" not in page.partition(f'value="{alone.id}"')[2].partition("</option>")[0]


def test_a_step_added_to_the_form_takes_what_goes_with_the_first(rae: FlaskClient) -> None:
    second = version("two-days-one-stall-the-first-day")
    first = version("two-days-one-stall-the-plan")
    page = rae.post("/staff/openings", data={"version": f"{first.id}", "do": "add"}).text
    assert f'<option selected value="{second.id}">' in page.partition('id="step-2-version"')[2]


# ── a step's own pages ──


def two(**given: Any) -> UUID:
    plan = StepPlan(version("nobody-asked-you").id, panel={staff("zia")}, **given)
    return opening(panel=["vic"], wanted_marks=1, more=[plan])[0]


def test_each_step_has_a_panel_of_its_own_and_the_old_address_is_the_first(
    rae: FlaskClient,
) -> None:
    opening_id = two()
    base = f"/staff/openings/{opening_id}"
    changed = {"panel": [f"{staff('wen')}"], "wanted_marks": "1"}
    assert rae.post(f"{base}/steps/2/panel", data=changed).status_code == 303
    one, second = opening_of(opening_id).steps
    assert panel_of(one.id).account_ids == {staff("vic")}
    assert panel_of(second.id).account_ids == {staff("wen")}
    rae.post(f"{base}/panel", data={"panel": [f"{staff('zia')}"], "wanted_marks": "1"})
    session.expire_all()
    assert panel_of(one.id).account_ids == {staff("zia")}
    assert rae.get(f"{base}/steps/3/panel").status_code == 404


def test_a_rule_and_an_interval_are_changed_and_stand_in_the_ledger(rae: FlaskClient) -> None:
    where = f"/staff/openings/{two()}/steps/2"
    page = rae.get(where).text
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    sent = {"wait_days": "3", "open_days": "5", "proposes": "mean", "mean": "70", "seen": seen}
    assert rae.post(where, data=sent).status_code == 303
    step = steps()[1]
    assert (step.wait_days, step.open_days, step.proposes, step.bar) == (3, 5, "mean", 70)
    entry = session.scalars(select(Entry).where(Entry.kind == "step-changed")).one()
    assert entry.facts["bar"] == 70
    answer = rae.post(where, data=sent)
    assert answer.status_code == 422
    assert "changed this step meanwhile" in answer.text


def test_the_first_step_has_a_rule_and_no_interval(rae: FlaskClient) -> None:
    where = f"/staff/openings/{two()}/steps/1"
    page = rae.get(where).text
    assert "Its invitation goes out" not in page
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    assert rae.post(where, data={"proposes": "everybody", "seen": seen}).status_code == 303
    assert (steps()[0].proposes, steps()[0].bar) == ("everybody", None)


def test_a_step_is_added_later_once_however_often_it_is_sent(rae: FlaskClient) -> None:
    base = f"/staff/openings/{opening()[0]}/steps"
    assert "What comes after step 1?" in rae.get(f"{base}/new").text
    sent = {
        "id": f"{uuid4()}", "version": f"{version('nobody-asked-you').id}", "wanted_marks": "1",
        "panel": [f"{staff('zia')}"], "wait_days": "0", "open_days": "5", "proposes": "nobody",
    }  # fmt: skip
    assert rae.post(base, data={**sent, "open_days": "40"}).status_code == 422
    for _press in range(2):
        assert rae.post(base, data=sent).status_code == 303
    assert [step.open_days for step in steps()] == [14, 5]


# ── what candidates read ──


def test_the_invitation_says_which_step_it_is_and_what_comes_after(app: Flask) -> None:
    link = seal("invitation", invited(two()).id)
    page = browser(app).get(f"/invitations/{link}").text
    assert "Step 1 of 2" in page
    assert "for whoever goes on" in page
    alone = seal("invitation", invited(opening()[0], "ada@example.org").id)
    assert "Step 1 of" not in browser(app).get(f"/invitations/{alone}").text


def test_a_new_opening_is_asked_for_under_headings_and_the_last_steps_rule_in_a_fold(
    rae: FlaskClient,
) -> None:
    version()
    page = rae.get("/staff/openings/new").text
    headings = re.findall(r"<h2[^>]*>\s*([^<]+?)\s*</h2>", page)
    assert headings == ["What people read", "Days", "How people come in", "How it is done"]
    sent = words(**{"step-2-proposes": "nobody", "do": "none"})
    one, two_ = rae.post("/staff/openings", data=sent).text.split('id="step-2"')
    assert "A rule for the last step" not in one
    assert "A rule for the last step" in two_
