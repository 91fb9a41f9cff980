"""The worker's part: drawing the exports that wait. Drawing one twice harms nobody, so orphans wait again."""

from __future__ import annotations

import time
from typing import cast
from uuid import UUID

from hiring.kernel import claims
from hiring.kernel.database import session, writing
from hiring.kernel.pdf import Undrawable
from hiring.kernel.refusals import Refused
from hiring.kernel.storage import clear_away, lay
from hiring.shortlists import actions, pdf
from hiring.shortlists.frozen import Frozen, local
from hiring.shortlists.models import Export
from hiring.shortlists.sheet import sheet

SECONDS_BETWEEN_NOTES = 0.5


def draw_exports() -> None:
    """Draw whatever waits, one after the other."""
    claims.give_back_orphans(Export)
    while export_id := claims.claim_next(Export):
        _draw(export_id)


def _draw(export_id: UUID) -> None:
    frozen = cast(Frozen, session.get_one(Export, export_id).frozen)
    session.rollback()  # hold no read transaction while it is drawn
    try:
        document = pdf.draw(frozen, identifier=str(export_id), on_page=_Progress(export_id))
    except Undrawable as failure:
        with writing():
            actions.give_up(export_id, error=str(failure))
        return
    laid = lay(document), lay(sheet(frozen))
    try:
        with writing():
            actions.finish_export(export_id, pdf=laid[0], csv=laid[1], name=_name(frozen))
    except Refused:  # another worker draws it, or somebody who stands in it was erased meanwhile
        clear_away([one.key for one in laid])


def _name(frozen: Frozen) -> str:
    """*Shortlist Customer support, second line by alias 2026-11-21*, with nothing that a disk refuses."""
    title = "".join(c for c in frozen["title"] if c.isalnum() or c in " ,.-")[:80].strip()
    people = "with names" if frozen["named"] else "by alias"
    day = local(frozen["asked_at"], frozen).date()
    return " ".join(f"Shortlist {title} {people} {day}".split())


class _Progress:
    """Writes the number of pages down, twice a second at most."""

    def __init__(self, export_id: UUID) -> None:
        self.export_id = export_id
        self.noted = 0.0

    def __call__(self, page: int) -> None:
        if time.monotonic() - self.noted < SECONDS_BETWEEN_NOTES:
            return
        self.noted = time.monotonic()
        with writing():
            actions.note_pages(self.export_id, page)
