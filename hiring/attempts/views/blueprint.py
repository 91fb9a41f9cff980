"""The blueprint that the files of this package hang their views on."""

from __future__ import annotations

from flask import Blueprint

from hiring.attempts.face import empties

pages = Blueprint("attempts", "hiring.attempts")
pages.add_app_template_filter(empties)
