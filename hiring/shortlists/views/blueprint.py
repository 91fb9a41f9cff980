"""The blueprint that the files of this package hang their views on."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from hiring.kernel.guards import is_blind_to
from hiring.openings.models import Opening
from hiring.shortlists import words
from hiring.shortlists.queries import last_step

pages = Blueprint("shortlists", "hiring.shortlists")
pages.add_app_template_filter(words.verdict_word, "verdict_word")


def blind_page(opening: Opening) -> str | None:
    """What a viewer sees who marks this step: no name and no mark, and why; None for all others."""
    step_id: UUID = last_step(opening).id
    return (
        render_template("shortlists/blind.html", opening=opening) if is_blind_to(step_id) else None
    )
