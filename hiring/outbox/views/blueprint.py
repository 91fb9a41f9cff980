"""The blueprint that the files of this package hang their views on."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("outbox", "hiring.outbox")
