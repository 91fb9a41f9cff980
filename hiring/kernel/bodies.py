"""What a request brings along: read whole or refused with the reason, never taken for an empty form."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask, Request, abort, current_app, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

from hiring.kernel.clock import now

View = TypeVar("View", bound=Callable[..., Any])
LISTENED = (
    100_000_000  # bytes of what is too large: so much is heard out, so that the answer is heard
)
LISTENS_SECONDS = 60
AT_ONCE = 65_536  # bytes
SMALL = 300_000  # bytes that no view need be asked about: a save goes its short way
FORMS = {"", "application/x-www-form-urlencoded", "multipart/form-data"}


class WholeRequest(Request):
    """A form that cannot be read is refused. Werkzeug would hand on an empty one, and blame the token."""

    def make_form_data_parser(self) -> FormDataParser:
        """The parser, told to speak up."""
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except ValueError as fault:
            # the page that says so may ask for the form once more
            vars(self).update(form=ImmutableMultiDict(), files=ImmutableMultiDict())
            raise BadRequest(
                _("What arrived is cut off or garbled, so we could not read it. Send it once more.")
            ) from fault


def install(app: Flask) -> None:
    """Read every request so."""
    app.request_class = WholeRequest
    app.before_request(_take_forms_alone)
    app.before_request(_let_files_in)


def takes_files(most: Callable[..., int | None]) -> Callable[[View], View]:
    """Let a view take a body of as many bytes as `most` says of the view's own arguments; None: of as
    many as any. It is asked before a byte is read, so that nothing is taken in only to be refused.
    """

    def given(view: View) -> View:
        view.__takes__ = most  # type: ignore[attr-defined]
        return view

    return given


def _let_files_in() -> None:
    g.came_at = now()
    view = current_app.view_functions.get(request.endpoint or "")
    most: Callable[..., int | None] | None = getattr(view, "__takes__", None)
    if most is None or 0 < (request.content_length or 0) <= SMALL:
        return
    if (bytes_ := most(**(request.view_args or {}))) is not None:
        request.max_content_length = bytes_


def came_at() -> datetime:
    """When the present request began to arrive: a large one takes its time."""
    at: datetime = g.came_at
    return at


def _take_forms_alone() -> None:
    """Libraries read JSON where a form is expected: past what counts the fields of forms, and no text."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and request.mimetype not in FORMS:
        abort(415, _("Only forms can be sent here. Nothing was done."))


def hear_out() -> None:
    """Take what is still on its way and drop it, within bounds.

    A browser that is answered while it speaks, and then cut off, shows a lost line instead of the
    answer.
    """
    told_its_end = request.environ.get("wsgi.input_terminated")  # else we might wait for ever
    if not told_its_end or (request.content_length or 0) > LISTENED:
        return
    heard, until = 0, time.monotonic() + LISTENS_SECONDS
    with suppress(OSError):  # it hung up
        while heard < LISTENED and time.monotonic() < until:
            part = request.environ["wsgi.input"].read(AT_ONCE)
            if not part:
                return
            heard += len(part)
