"""Answers: a whole page or its fragment, a form with what was wrong, and the redirect after a change."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from hiring.kernel.forms import Form


def wants_fragment() -> bool:
    """Whether htmx swaps a part: it asks for `full` on Back and on boosted links."""
    return request.headers.get("HX-Request-Type") == "partial"


def page_or_fragment(page: str, fragment: str, *, status: int = 200, **values: Any) -> Response:
    """The fragment for a partial swap, else the page that includes the same fragment."""
    response = make_response(
        render_template(fragment if wants_fragment() else page, **values), status
    )
    response.vary.add("HX-Request-Type")
    return response


def form_page(page: str, *, form: Form, **values: Any) -> Response:
    """A page with a form: 422 when something on it was wrong, with everything that was typed."""
    return make_response(render_template(page, form=form, **values), 422 if form.errors else 200)


def see_other(endpoint: str, **values: Any) -> BaseResponse:
    """After a change: go and look (303, so that a reload never repeats the POST)."""
    return redirect(url_for(endpoint, **values), 303)
