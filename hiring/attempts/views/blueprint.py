"""The blueprint that the files of this package hang their views on."""

from __future__ import annotations

from flask import Blueprint

from hiring.attempts.face import left_empty, still_empty

pages = Blueprint("attempts", "hiring.attempts")
pages.add_app_template_filter(left_empty)
pages.add_app_template_filter(still_empty)
