"""Importing a file of people: it is read, looked through row by row, and invited from once confirmed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from uuid import UUID

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.kernel.database import session, writing
from hiring.kernel.forms import clean
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, page_or_fragment, paged, see_other, wants_fragment
from hiring.kernel.refusals import Missing
from hiring.openings import dialects, guests, import_reading, importing, imports, queries, sendings
from hiring.openings.forms.imports import ImportForm, ReadingForm
from hiring.openings.importing import Mend
from hiring.openings.imports import Import
from hiring.openings.models import Opening
from hiring.openings.sendings import Course
from hiring.openings.views import import_words as words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.working import is_blind

_NOTHING: Mapping[int, Mend] = MappingProxyType({})
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
            reading = import_reading.read(content, known=_known(opening))
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


def _rows_page(
    opening: Opening, found: Import, form: ReadingForm, typed: Mapping[int, Mend] = _NOTHING
) -> ResponseReturnValue:
    """`typed`: rows that came back and were not taken over; they are all that is shown then."""
    blind, counts = is_blind(opening), imports.counts_of(found)
    standing = request.values.get("state", "look" if counts.get("look") else "")
    q = request.values.get("q", "").strip()
    rows = imports.rows_of(found, standing=standing, q=q, blind=blind)
    page = paged(imports.rows_numbered(found, typed, blind=blind) if typed else rows)
    return form_page(
        "openings/import.html",
        form=form, opening=opening, found=found, counts=counts, listed=page, q=q, standing=standing,
        rows=imports.shown(page.rows, found), heading=words.heading_of(found, counts),
        counted=words.counted(counts), how=words.how_read(found), blind=blind,
        fault=partial(words.faults_of, blind=blind),
        typed=typed, standings=[one for one in words.standing_choices() if counts.get(one[0])],
        roles=words.role_choices(), waits=_waits(found),
        taken_back=sendings.is_taken_back(found.batch), readable=imports.has_file(found.id),
        nothing="address" not in {one["role"] for one in found.columns},
    )  # fmt: skip


def _waits(found: Import) -> Course | None:
    """The sending of its letters, while they wait and can be taken back."""
    waiting = sendings.waiting_in(found.opening_id) if found.batch else []
    return next((one for one in waiting if one.sending.id == found.batch), None)


def _known(opening: Opening) -> dict[str, str]:
    """The mailboxes of an opening, to ask about those that are perhaps one; of a blind reader's none."""
    return {} if is_blind(opening) else guests.kin_in(opening.id)


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
        raise importing.file_gone()
    if form.validate():
        with form.refusals():
            reading = import_reading.read(content, **form.said(found), known=_known(opening))
            reading = importing.with_mended(import_id, reading)
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
    opening, found = import_here(opening_id, import_id)
    form, mends = _reading_form(found), _mends()
    with form.refusals(), writing():
        importing.mend(import_id, mends)
    if form.errors:
        opening, found = import_here(opening_id, import_id)
        return _rows_page(opening, found, form, typed=mends)
    if request.form.get("do") == "go-on":
        return see_other("openings.confirmation", opening_id=opening_id, import_id=import_id)
    stood = {name: request.form[name] for name in ("state", "q", "page") if name in request.form}
    return see_other("openings.import_", opening_id=opening_id, import_id=import_id, **stood)


def _mends() -> dict[int, Mend]:
    """What was done to the rows of the page. Who goes on, or takes an offer, leaves no doubt as meant."""
    texts, was, taken = _sent("row"), _sent("was"), _taken()
    was_out, out = ({*request.form.getlist(name)} for name in ("was-out", "out"))
    settles = request.form.get("do") != "go-on" and not taken
    doubts = {*request.form.getlist("doubt")} if settles else set()
    mends = {}
    for number, typed in texts.items():
        shown = was.get(number, typed)
        text = guests.mended(typed, taken[number]) if number in taken else typed
        mends[number] = Mend(
            was=shown, text=text, was_out=str(number) in was_out, out=str(number) in out,
            sure=text == shown and text in doubts,
        )  # fmt: skip
    return mends


def _sent(kind: str) -> dict[int, str]:
    """The lines of this kind, by the numbers of their rows."""
    told = [(_ROW.fullmatch(name), text) for name, text in request.form.items()]
    return {
        int(name[2]): " ".join(str(clean(text)).split())
        for name, text in told
        if name and name[1] == kind
    }


def _taken() -> dict[int, str]:
    """The address that was offered beside a row and taken, by its number."""
    number, _sep, address = str(clean(request.form.get("take", ""))).partition(" ")
    return {int(number): address} if _NUMBER.fullmatch(number) and address else {}


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
