"""What a person sees when something cannot be shown, may not be done, or broke."""

from __future__ import annotations

import logging
from contextlib import suppress
from http import HTTPStatus

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from hiring.kernel.bodies import hear_out
from hiring.kernel.guards import rule_of, viewer
from hiring.kernel.refusals import Missing, Refused

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer our two refusals and every fault with a page of ours."""
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _broken)


def _missing(_error: Missing) -> tuple[str, int]:
    return _not_found()


def _not_found() -> tuple[str, int]:
    """The same words for what never was and for what is not for you; staff keep their rail."""
    page = "errors/nowhere.html" if _is_at_work() else "errors/not_found.html"
    return render_template(page), 404


def _is_at_work() -> bool:
    """Whether staff asked, and not for a page that a candidate or anyone may open."""
    rule = rule_of(current_app, request.endpoint) if request.endpoint else None
    if rule is not None and rule.kind != "staff":
        return False
    try:
        return viewer().account_id is not None
    except SQLAlchemyError:  # no database answers: the page that asks it nothing
        return False


def _refused(refusal: Refused) -> tuple[str, int]:
    return render_template("errors/refused.html", sentence=refusal.sentence), 422


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    if error.code == HTTPStatus.NOT_FOUND:
        return _not_found()
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        hear_out()
        return render_template("errors/refused.html", sentence=_too_large()), error.code
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED and (page := _page_above()):
        return redirect(page, 303)
    if error.code in {400, 405, 415, 429}:
        return render_template("errors/refused.html", sentence=error.description), error.code
    return error


def _page_above() -> str | None:
    """The nearest page above an address that only takes forms, for who reloads or copies what a browser
    shows after a refusal. It is read from the address alone, so it tells nothing of what exists: the
    page itself says who may see it.
    """
    routes, path = current_app.create_url_adapter(request), request.path
    while routes and path and request.method in {"GET", "HEAD"}:
        path = path.rpartition("/")[0]
        with suppress(HTTPException):
            endpoint, values = routes.match(path or "/", method="GET")
            return url_for(endpoint, **values)
    return None


def _too_large() -> str:
    text = current_app.config["MAX_FORM_MEMORY_SIZE"]
    whole = request.max_content_length or text
    if whole < text:
        return _(
            "This is more than we take at once: %(whole)s megabytes.",
            whole=f"{whole / 1_000_000:.2g}",
        )
    return _(
        "This is more than we take at once: %(whole)s megabytes, of which %(text)s in one text.",
        whole=f"{whole / 1_000_000:.3g}", text=text // 1_000_000,
    )  # fmt: skip


def _database(error: OperationalError) -> tuple[str, int]:
    log.error("The database did not answer: %s", error)
    return render_template("errors/broken.html"), 503


def _broken(error: Exception) -> tuple[str, int]:
    log.exception("A page broke.", exc_info=error)
    return render_template("errors/broken.html"), 500
