"""The ledger's pages: the list, one entry, and whether the chain is whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import gettext

from hiring.accounts.queries import names_of_accounts
from hiring.kernel.database import session
from hiring.kernel.guards import blind_steps, staff
from hiring.kernel.pages import paged
from hiring.kernel.refusals import Missing
from hiring.ledger import queries
from hiring.ledger.actions import PLATFORM
from hiring.ledger.models import Entry

pages = Blueprint("ledger", __name__)
ABOUT_PEOPLE = ("decision", "reversal")  # whose facts tell of marks


@pages.get("/staff/ledger")
@staff("owner", "recruiter")
def entries() -> str:
    """Every entry, newest first; it holds pseudonyms, so anyone who recruits may read it."""
    kind, words = request.args.get("kind", ""), request.args.get("q", "").strip()
    page = paged(queries.entries(kind, words))
    return render_template(
        "ledger/entries.html",
        page=page,
        tip=queries.tip(),
        kinds_shown=[("", gettext("Any kind")), *((k, kind_words(k)) for k in queries.kinds())],
        kind=kind,
        words=words,
        names=_names(page.rows),
        about_people=() if blind_steps() else ABOUT_PEOPLE,
    )


@pages.get("/staff/ledger/<int:number>")
@staff("owner", "recruiter")
def entry(number: int) -> str:
    """One entry with what it rests on; who is blind to a step sees no text, and of decisions no fact."""
    row = session.get(Entry, number)
    if row is None:
        raise Missing
    texts = queries.secrets_of(number) if blind_steps() == frozenset() else None
    names = _names([row])
    return render_template(
        "ledger/entry.html", entry=row, texts=texts, names=names, about_people=ABOUT_PEOPLE
    )


@pages.get("/staff/ledger/verification")
@staff("owner", "recruiter")
def verification() -> str:
    """Walk the whole chain now and say what is wrong with it."""
    return render_template(
        "ledger/verification.html", tip=queries.tip(), faults=list(queries.faults())
    )


@pages.app_template_filter()
def kind_words(kind: str) -> str:
    """A kind of entry as words."""
    words = {
        "version-published": gettext("An assessment was published"),
        "decision": gettext("A decision was made"),
        "reversal": gettext("A decision was taken back"),
        "export": gettext("A shortlist was frozen for a document"),
        "organisation": gettext("The organisation was described"),
        "staff-invited": gettext("Somebody was invited to the staff"),
        "mail-sent-again": gettext("A stuck mail was sent again"),
        "letter-worded": gettext("A letter was worded anew"),
        "mail-arrived": gettext("A held mail was noted as arrived"),
        "roles": gettext("Roles were changed"),
        "access-ended": gettext("Access was ended"),
        "opening-changed": gettext("An opening was changed"),
        "name-corrected": gettext("A name was put right"),
        "address-mended": gettext("An address was put right"),
        "application-erased": gettext("What a person gave was erased"),
        "invitation-extended": gettext("An invitation lasts longer"),
        "invitation-revoked": gettext("An invitation was taken back"),
        "questions-changed": gettext("The questions before the clock were changed"),
        "let-through": gettext("Somebody was let through a question before the clock"),
        "sending-taken-back": gettext("Letters were taken back before they left"),
        "panel": gettext("A panel was changed"),
        "step-closed": gettext("A step was closed"),
        "step-added": gettext("A step was added"),
        "step-changed": gettext("A step was changed"),
    }
    return words.get(kind, kind)


@pages.app_template_filter()
def fact(value: Any, name: str = "") -> str:
    """A fact as words: a verdict by its word, lists with commas, nothing as a dash."""
    if name == "verdict":
        return _verdicts().get(value, value)
    if isinstance(value, list):
        return ", ".join(map(fact, value)) or "–"
    return "–" if value is None else str(value)


def _verdicts() -> dict[str, str]:
    return {
        "advance": gettext("Advance"),
        "hold": gettext("Hold"),
        "decline": gettext("Decline"),
        "hire": gettext("Hire"),
    }


def _names(rows: list[Entry]) -> dict[str, str]:
    ids = {UUID(row.actor) for row in rows if row.actor != PLATFORM}
    return {str(id): name for id, name in names_of_accounts(ids).items()}
