"""The owner's settings: the organisation and its staff."""

from __future__ import annotations

from flask import Blueprint, Response

from hiring.accounts.settings import organisation
from hiring.kernel.guards import open_to_all

pages = Blueprint("accounts", __name__)


@pages.get("/accent.css")
@open_to_all
def accent_css() -> Response:
    """The organisation's accent, as the stylesheet reads it. Its address changes with the hue."""
    css = Response(f":root{{--hue:{organisation().hue}}}", mimetype="text/css")
    css.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return css
