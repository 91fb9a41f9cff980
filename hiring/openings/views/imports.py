"""Importing a file of people: it is read, looked through row by row, and invited from once confirmed."""

from __future__ import annotations

import re
from functools import partial
from uuid import UUID

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.kernel.database import session, writing
from hiring.kernel.forms import clean
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, page_or_fragment, paged, see_other, wants_fragment
from hiring.kernel.refusals import Missing, Refused
from hiring.openings import dialects, guests, import_reading, importing, imports, queries, sendings
from hiring.openings.forms.imports import ImportForm, ReadingForm
from hiring.openings.imports import Import
from hiring.openings.models import Opening
from hiring.openings.sendings import Course
from hiring.openings.views import import_words as words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.working import is_blind

_ROW = re.compile(r"(row|was)-([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")
BASE = "/staff/openings/<uuid:opening_id>/imports"
ONE = f"{BASE}/<uuid:import_id>"


@pages.get(BASE)
@staff("owner", "recruiter")
def imports_list(opening_id: UUID) -> ResponseReturnValue:
    """A file to choose or cells to paste, and what was imported before."""
    return _upload_page(queries.opening_of(opening_id), ImportForm())


@pages.post(BASE)
@staff("owner", "recruiter")
def upload(opening_id: UUID) -> ResponseReturnValue:
    """Read a file and keep it to be looked through; nobody is invited by it."""
    opening, form = queries.opening_of(opening_id), ImportForm()
    if form.validate():
        with form.refusals():
            content, name = form.taken()
            reading = import_reading.read(content)
            session.rollback()
            with writing():
                importing.keep(
                    opening.id, reading, content=content, name=name, by=actor(), id=form.id.data
                )
            return see_other("openings.import_", opening_id=opening_id, import_id=form.id.data)
    return _upload_page(queries.opening_of(opening_id), form)


def _upload_page(opening: Opening, form: ImportForm) -> ResponseReturnValue:
    page = paged(imports.imports_of(opening.id, by=actor() if is_blind(opening) else None))
    return form_page(
        "openings/imports.html", form=form, opening=opening, listed=page, state_of=words.state_of,
        most=f"{dialects.MOST_ROWS:,}", days=imports.KEPT.days,
    )  # fmt: skip


@pages.get(ONE)
@staff("owner", "recruiter")
def import_(opening_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """The rows as they were understood; or how far it is, or how it ended."""
    opening, found = import_here(opening_id, import_id)
    if found.is_running:
        return _running_page(opening, found)
    if wants_fragment():  # it has just ended: the whole page, instead of how far it is
        return Response(headers={"HX-Redirect": request.path})
    return _rows_page(opening, found, _reading_form(found))


def import_here(opening_id: UUID, import_id: UUID) -> tuple[Opening, Import]:
    """An opening and its import. Who marks the opening sees what they brought themselves, and no other's."""
    opening = queries.opening_of(opening_id)
    found = imports.import_of(import_id, opening_id)
    if found.made_by != actor() and is_blind(opening):
        raise Missing
    return opening, found


def _running_page(opening: Opening, found: Import) -> ResponseReturnValue:
    counts = imports.progress_of(found.id)
    return page_or_fragment(
        "openings/import_running.html",
        "openings/_import_running.html",
        opening=opening,
        found=found,
        counts=counts,
        waits=_waits(found),
        done=words.done_of(found, counts),
        heading=words.heading_of(found, counts),
    )


def _rows_page(opening: Opening, found: Import, form: ReadingForm) -> ResponseReturnValue:
    blind, counts = is_blind(opening), imports.counts_of(found)
    standing = request.args.get("state", "look" if counts.get("look") else "")
    q = request.args.get("q", "").strip()
    page = paged(imports.rows_of(found, standing=standing, q=q, blind=blind))
    return form_page(
        "openings/import.html",
        form=form, opening=opening, found=found, counts=counts, listed=page, q=q, standing=standing,
        rows=imports.shown(page.rows, found), heading=words.heading_of(found, counts),
        counted=words.counted(counts), how=words.how_read(found), blind=blind,
        fault=partial(words.faults_of, blind=blind),
        standings=[one for one in words.standing_choices() if counts.get(one[0])],
        roles=words.role_choices(), waits=_waits(found),
        nothing="address" not in {one["role"] for one in found.columns},
    )  # fmt: skip


def _waits(found: Import) -> Course | None:
    """The sending of its letters, while they wait and can be taken back."""
    waiting = sendings.waiting_in(found.opening_id) if found.batch else []
    return next((one for one in waiting if one.sending.id == found.batch), None)


def _reading_form(found: Import) -> ReadingForm:
    form = ReadingForm(formdata=None, obj=found)
    form.offer(found.columns)
    form.seen.data = str(found.revision)
    return form


@pages.post(f"{ONE}/reading")
@staff("owner", "recruiter")
def reread(opening_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Read the file as a person says it was meant."""
    opening, found = import_here(opening_id, import_id)
    form, content = ReadingForm(), found.content
    form.offer(found.columns)
    if content is None:
        raise Refused(_("The file itself was deleted when this list was confirmed."))
    if form.validate():
        with form.refusals():
            reading = import_reading.read(content, **form.said(found))
            session.rollback()
            with writing():
                importing.reread(import_id, reading, seen=form.seen.data or "")
            return see_other("openings.import_", opening_id=opening_id, import_id=import_id)
    opening, found = import_here(opening_id, import_id)
    return _rows_page(opening, found, form)


@pages.post(f"{ONE}/rows")
@staff("owner", "recruiter")
def mend(opening_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Take the rows of one page as they were mended, or left out; then check them, or go on."""
    import_here(opening_id, import_id)
    goes_on = request.form.get("do") == "go-on"
    now_, was = _rows_sent()
    changed = {number: text for number, text in now_.items() if text != was.get(number)}
    doubts = set() if goes_on else set(request.form.getlist("doubt"))
    sure = {text for number, text in now_.items() if text == was.get(number) and text in doubts}
    unchanged = {number: text for number, text in now_.items() if text in sure}
    number, _sep, address = str(clean(request.form.get("take", ""))).partition(" ")
    if _NUMBER.fullmatch(number) and int(number) in now_ and address:
        changed[int(number)] = guests.mended(now_[int(number)], address)
        sure, unchanged = set(), {}
    chosen = set(request.form.getlist("out"))
    with writing():
        importing.mend(
            import_id,
            texts={**unchanged, **changed},
            sure=sure,
            out={number: str(number) in chosen for number in now_},
        )
    if goes_on:
        return see_other("openings.confirmation", opening_id=opening_id, import_id=import_id)
    state = {name: request.form[name] for name in ("state", "q") if request.form.get(name)}
    return see_other("openings.import_", opening_id=opening_id, import_id=import_id, **state)


def _rows_sent() -> tuple[dict[int, str], dict[int, str]]:
    """The rows as they came back, and as they were shown."""
    sent: dict[str, dict[int, str]] = {"row": {}, "was": {}}
    for name, text in request.form.items():
        if told := _ROW.fullmatch(name):
            sent[told[1]][int(told[2])] = str(clean(text)).strip()
    return sent["row"], sent["was"]


@pages.post(f"{ONE}/removal")
@staff("owner", "recruiter")
def remove_import(opening_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Delete the list, or what nobody was invited from."""
    import_here(opening_id, import_id)
    with writing():
        gone = importing.forget(import_id)
    flash(
        _("The list is deleted. Nobody was invited by it.")
        if gone
        else _("What was left is deleted.")
    )
    if gone:
        return see_other("openings.imports_list", opening_id=opening_id)
    return see_other("openings.import_", opening_id=opening_id, import_id=import_id)
