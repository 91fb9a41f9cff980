"""The ruler of minutes in a real browser: each task's name stands under its own stretch."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, get_template_attribute
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LOOK = Path(__file__).parents[2] / "static/css/look.css"
PLACES = """() => {
  const left = (one) => Math.round(one.getBoundingClientRect().left);
  const from = left(document.querySelector("svg"));
  return [".major", "li:not([aria-hidden])"].map((which) =>
    [...document.querySelectorAll(which)].map((one) => left(one) - from));
}"""


@pytest.mark.parametrize("limit", [40, 50, 60])
def test_names_stand_under_their_tasks_however_much_of_the_limit_is_left(
    app: Flask, page: Page, limit: int
) -> None:
    with app.test_request_context():
        course = get_template_attribute("parts/course.html", "course")
        drawn = course("Time", [("One", "", 10), ("Two", "", 20), ("Three", "", 10)], length=limit)
    page.set_viewport_size({"width": 1280, "height": 400})
    page.set_content(f"<!DOCTYPE html><style>{LOOK.read_text('utf-8')}</style><main>{drawn}</main>")
    ticks, names = page.evaluate(PLACES)
    assert len(names) == 3
    assert all(abs(tick - name) <= 2 for tick, name in zip(ticks, names, strict=False))
