"""Inviting: addresses are typed, looked through line by line, and only then sent."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import flash, request
from flask.typing import ResponseReturnValue

from hiring.kernel.database import writing
from hiring.kernel.guards import actor, staff
from hiring.kernel.pages import form_page, see_other
from hiring.openings import guests, mail, queries, sendings
from hiring.openings.forms.people import InviteForm
from hiring.openings.guests import Line
from hiring.openings.inviting import invite
from hiring.openings.models import Opening
from hiring.openings.rules import check_until, end_of, last_day
from hiring.openings.views import words
from hiring.openings.views.blueprint import pages
from hiring.openings.views.working import is_blind

# A long list is sent in several acts, so that candidates who save meanwhile do not wait for it; a
# sending that broke off is gone on with by pressing again.
AT_ONCE = 50
_FIELD = re.compile(r"line-(\d{1,5})")
_NUMBER = re.compile(r"[0-9]{1,5}")


@pages.get("/staff/openings/<uuid:opening_id>/invitations")
@staff("owner", "recruiter")
def invitations(opening_id: UUID) -> ResponseReturnValue:
    """An empty list, open for a fortnight unless people hear before."""
    opening, form = queries.opening_of(opening_id), InviteForm()
    form.until.data = last_day(queries.today(), opening.hear_by)
    return form_page("openings/invitations.html", form=form, opening=opening)


@pages.post("/staff/openings/<uuid:opening_id>/invitations")
@staff("owner", "recruiter")
def send(opening_id: UUID) -> ResponseReturnValue:
    """Show the list as it was understood; send it when that is what was pressed."""
    opening, form = queries.opening_of(opening_id), InviteForm()
    typed = _taken(_typed(form))
    with form.refusals():
        guests.check_number(typed)
    if form.form_errors or form.people.errors:
        return form_page("openings/invitations.html", form=form, opening=opening)
    lines = _checked(opening, typed, _batch(form))
    if form.validate() and _lasts(opening, form) and _is_sent(lines):
        with form.refusals():
            return _send(opening, form, lines)
    return _list_page(opening, form, lines)


def _typed(form: InviteForm) -> dict[int, str]:
    """The lines of the big field, or those of the list that came back from being looked through."""
    fields = [(_FIELD.fullmatch(name), text) for name, text in request.form.items()]
    lines = {int(name[1]): text.strip() for name, text in fields if name}
    if not lines:
        return guests.lines_of(form.people.data or "")
    return {number: lines[number] for number in sorted(lines) if lines[number]}


def _taken(lines: dict[int, str]) -> dict[int, str]:
    """The lines as a button beside one of them would have it: with another address, or as several."""
    number, _sep, address = request.form.get("take", "").partition(" ")
    if _NUMBER.fullmatch(number) and int(number) in lines and address:
        lines[int(number)] = guests.mended(lines[int(number)], address)
    number = request.form.get("split", "")
    if _NUMBER.fullmatch(number) and int(number) in lines:
        lines = guests.split(lines, int(number))
    return lines


def _checked(opening: Opening, lines: dict[int, str], batch: UUID | None) -> list[Line]:
    again = request.form.get("do") == "check"  # a doubt that was shown and left so is one no more
    sure = {*request.form.getlist("sure"), *(request.form.getlist("doubt") if again else ())}
    return guests.checked(
        lines, opening.id, sure=frozenset(sure), blind=is_blind(opening), batch=batch
    )


def _lasts(opening: Opening, form: InviteForm) -> bool:
    assert form.until.data  # noqa: S101  the form has required it
    with form.refusals():
        check_until(form.until.data, today=queries.today(), hear_by=opening.hear_by)
    return not form.errors


def _is_sent(lines: list[Line]) -> bool:
    """Whether *Invite the N now* was pressed and someone is ready."""
    return request.form.get("do") == "invite" and any(_was_read(line) for line in lines)


def _was_read(line: Line) -> bool:
    """Whether a line was shown as ready, as it is: nobody is written to whom nobody has read."""
    return line.guest is not None and line.shown in request.form.getlist("read")


def _send(opening: Opening, form: InviteForm, lines: list[Line]) -> ResponseReturnValue:
    assert form.until.data  # noqa: S101  the form has required it
    ready = [line.guest for line in lines if line.guest and _was_read(line)]
    letter: dict[str, Any] = {
        "expires_at": end_of(form.until.data, queries.zone()),
        "word": form.word.data or "",
    }
    number, batch = 0, _batch(form) or uuid4()
    leaves_at = _begun(opening.id, batch, people=len(ready))
    for some in (ready[first : first + AT_ONCE] for first in range(0, len(ready), AT_ONCE)):
        with writing():
            number += len(invite(opening.id, guests=some, **letter, batch=batch, by=actor()))
    left = {line.number: line.text for line in lines if not _was_read(line)}
    if left or not leaves_at:  # the opening's own page says of a sending that it waits
        flash(words.sent(number, leaves_at))
    if not left:
        return see_other("openings.opening", opening_id=opening.id)
    form.batch.data = str(uuid4())
    opening = queries.opening_of(opening.id)
    return _list_page(opening, form, _checked(opening, left, None), sent=number)


def _begun(opening_id: UUID, batch: UUID, *, people: int) -> datetime | None:
    """When the letters leave; None for at once."""
    with writing():
        sending = sendings.begin(batch, opening_id=opening_id, people=people, by=actor())
        return sendings.leaves_at(sending)


def _batch(form: InviteForm) -> UUID | None:
    try:
        return UUID(form.batch.data)
    except (TypeError, ValueError):
        return None


def _list_page(
    opening: Opening, form: InviteForm, lines: list[Line], sent: int = 0
) -> ResponseReturnValue:
    form.batch.data = form.batch.data or str(uuid4())
    wrong = [line for line in lines if not line.guest]
    return form_page(
        "openings/check.html",
        form=form,
        opening=opening,
        wrong=wrong,
        ready=[line for line in lines if line.guest],
        sent=sent,
        more=max((line.number for line in lines), default=0) + 1,
        letter=_letter(opening, form, lines),
        blind=is_blind(opening),
    )


def _letter(opening: Opening, form: InviteForm, lines: list[Line]) -> str | None:
    """The letter of the first who is ready, as far as it can be worded before it is sent."""
    first = next((line.guest for line in lines if line.guest), None)
    if first is None or not form.until.data:
        return None
    until = end_of(form.until.data, queries.zone())
    return mail.preview(opening, name=first.name, until=until, word=form.word.data or "")
