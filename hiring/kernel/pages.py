"""Answers: a whole page or its fragment, a form with what was wrong, and the redirect after a change."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request, send_file, url_for
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response as BaseResponse

from hiring.kernel.database import session
from hiring.kernel.forms import Form

Row = TypeVar("Row")
ROWS = 50  # of a list on one page


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


def download(content: bytes, *, media_type: str, name: str) -> Response:
    """A file to be kept, never shown in the page's own place."""
    return send_file(BytesIO(content), media_type, as_attachment=True, download_name=name)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a long list: its rows, and what the pager says."""

    rows: list[Row]
    number: int
    total: int

    @property
    def first(self) -> int:
        """The place of the first row in the whole list, from 1; 0 when it is empty."""
        return (self.number - 1) * ROWS + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row."""
        return (self.number - 1) * ROWS + len(self.rows)

    @property
    def links(self) -> list[tuple[int, str, bool]]:
        """(number, address, current) of the first, the last and the neighbouring pages."""
        last = max(1, -(-self.total // ROWS))
        near = {1, last, *range(self.number - 1, self.number + 2)}
        return [(n, _address(n), n == self.number) for n in sorted(near) if 1 <= n <= last]

    @property
    def next(self) -> str | None:
        """The address of the next page, if there is one."""
        return _address(self.number + 1) if self.last < self.total else None


def paged(statement: Select[Row]) -> Page[Row]:
    """The page of `statement` that the URL's `page` asks for: two queries, however long the list."""
    number = max(1, request.args.get("page", 1, type=int))
    total = (
        session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    )
    number = min(number, max(1, -(-total // ROWS)))
    rows = session.scalars(statement.limit(ROWS).offset((number - 1) * ROWS)).unique().all()
    return Page(list(rows), number, total)


def _address(number: int) -> str:
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'page': number})}"
