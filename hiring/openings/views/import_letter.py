"""The letter to everyone on a list who is ready: read, confirmed, and stopped while it is being written."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import request
from flask.typing import ResponseReturnValue

from hiring.kernel.database import session, writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.openings import import_running, imports, mail, queries
from hiring.openings.forms.imports import ConfirmForm
from hiring.openings.imports import Import, ImportRow
from hiring.openings.models import Opening
from hiring.openings.rules import check_until, end_of, last_day
from hiring.openings.views import import_words as words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.imports import ONE, import_here


@pages.get(f"{ONE}/confirmation")
@staff("owner", "recruiter")
def confirmation(opening_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """The letter, until when it is open, and how many get it."""
    opening, found = import_here(opening_id, import_id)
    if found.is_running:
        return see_other("openings.import_", opening_id=opening_id, import_id=import_id)
    form = ConfirmForm(formdata=None)
    form.until.data = found.until or last_day(queries.today(), opening.hear_by)
    form.word.data, form.seen.data = found.word, str(found.revision)
    return _letter_page(opening, found, form)


@pages.post(f"{ONE}/confirmation")
@staff("owner", "recruiter")
def confirm(opening_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Let the worker invite everyone who is ready, once however often it is pressed."""
    opening, found = import_here(opening_id, import_id)
    form = ConfirmForm()
    if form.validate() and _lasts(opening, form) and request.form.get("do") == "invite":
        assert form.until.data  # noqa: S101  the form has required it
        with form.refusals():
            with writing():
                import_running.confirm(
                    import_id, until=form.until.data, word=form.word.data or "",
                    seen=form.seen.data or "", batch=form.id.data, by=actor(),
                )  # fmt: skip
            return see_other("openings.import_", opening_id=opening_id, import_id=import_id)
    opening, found = import_here(opening_id, import_id)
    if form.form_errors:  # what was changed meanwhile is told of now
        form.seen.data, form.id.data = str(found.revision), uuid4()
    return _letter_page(opening, found, form)


def _lasts(opening: Opening, form: ConfirmForm) -> bool:
    with form.refusals():
        check_until(form.until.data, today=queries.today(), hear_by=opening.hear_by)  # type: ignore[arg-type]
    return not form.errors


def _letter_page(opening: Opening, found: Import, form: ConfirmForm) -> ResponseReturnValue:
    counts = imports.counts_of(found)
    return form_page(
        "openings/import_letter.html",
        form=form,
        opening=opening,
        found=found,
        counts=counts,
        left=words.counted({**counts, "ready": 0}),
        letter=_letter(opening, found, form),
    )


def _letter(opening: Opening, found: Import, form: ConfirmForm) -> str | None:
    """The letter of the first who is ready, as far as it can be worded before it is sent."""
    first: ImportRow | None = session.scalars(
        imports.rows_of(found, standing="ready").limit(1)
    ).first()
    if first is None or not form.until.data:
        return None
    until = end_of(form.until.data, queries.zone())
    return mail.preview(opening, name=first.name, until=until, word=form.word.data or "")


@pages.post(f"{ONE}/stop")
@staff("owner", "recruiter")
def stop_import(opening_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Invite nobody more by this list."""
    import_here(opening_id, import_id)
    with writing():
        import_running.stop(import_id)
    return see_other("openings.import_", opening_id=opening_id, import_id=import_id)
