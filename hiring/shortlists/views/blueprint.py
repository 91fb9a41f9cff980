"""The blueprint that the files of this package hang their views on."""

from __future__ import annotations

from flask import Blueprint, render_template

from hiring.kernel.guards import is_blind_to
from hiring.openings.models import Opening
from hiring.shortlists import words

pages = Blueprint("shortlists", "hiring.shortlists")
pages.add_app_template_filter(words.verdict_word, "verdict_word")


def is_blind(opening: Opening) -> bool:
    """Whether the viewer marks a step of this opening: they see no name and no mark of any."""
    return is_blind_to(*(step.id for step in opening.steps))


def blind_page(opening: Opening) -> str | None:
    """What a viewer sees who marks here: no name and no mark, and why; None for all others."""
    return render_template("shortlists/blind.html", opening=opening) if is_blind(opening) else None
