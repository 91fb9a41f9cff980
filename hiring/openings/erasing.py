"""Erasing what one person gave in one opening, on its day or sooner, and in the end who they are.

The application's row stays, with its stage, its times and the pseudonym by which the ledger knows it,
and so do levels: numbers read as before. Texts, files, letters and the name go. Where the same person
is known elsewhere still, the row is handed to a nobody, and their other applications keep them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, case, delete, func, select, update

from hiring.accounts.queries import id_of_account
from hiring.kernel import outlived
from hiring.kernel.clock import now
from hiring.kernel.database import afterwards, change, locked, session
from hiring.kernel.events import announce
from hiring.kernel.gather import Question, gather
from hiring.ledger.erasing import number_about as number_of_entries
from hiring.openings import notice, queries
from hiring.openings.events import ApplicationErased, ApplicationParted, ErasureBegun
from hiring.openings.imports import Import, ImportRow
from hiring.openings.models import Application, DueInvitation, Invitation, MoreDays, Opening
from hiring.openings.questions import QuestionAnswer, QuestionAppeal
from hiring.outbox import erasing as letters
from hiring.people import erasing as people
from hiring.people.events import PersonErased
from hiring.people.models import Consent, Person

UNCONFIRMED = timedelta(days=14)  # after the link ended that nobody who applied has used
AT_ONCE = 100
_FREE = ImportRow.state.in_({"kept", "out", "waiting"})  # nobody was invited by these rows yet
IN_THE_RACE = ("invited", "submitted")


@dataclass(frozen=True)
class Begun(Question[frozenset[UUID]]):
    """Which of these applications have ever started a clock?"""

    application_ids: frozenset[UUID]


@dataclass(frozen=True)
class Running(Question[frozenset[UUID]]):
    """In which of these applications does a clock run, or is work not closed yet?"""

    application_ids: frozenset[UUID]


@dataclass(frozen=True)
class HeldAbout(Question["Held"]):
    """What does a room hold of an application that erasing takes away, and what of it stays?"""

    application_id: UUID


@dataclass(frozen=True)
class Held:
    """Both as short words with their numbers: *three answers*."""

    goes: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def held_about(application: Application) -> Held:
    """All that the house holds of an application, by what becomes of it; also of the rooms above."""
    parts = [_own(application), *gather(HeldAbout(application.id))]
    return Held(
        goes=tuple(words for part in parts for words in part.goes),
        stays=tuple(words for part in parts for words in part.stays),
    )


def _own(application: Application) -> Held:
    letters_ = letters.number_about(_letters_about(application.id))
    mine = QuestionAnswer.application_id == application.id
    asked = session.scalar(select(func.count()).select_from(QuestionAnswer).where(mine)) or 0
    rows = ImportRow.application_id == application.id
    filed = session.scalar(select(func.count()).select_from(ImportRow).where(rows)) or 0
    entries = number_of_entries(str(application.pseudonym))
    goes = (
        _some(letters_, lambda n: ngettext("%(num)s letter", "%(num)s letters", n)),
        _some(asked, lambda n: _("what they answered before the clock")),
        _some(filed, lambda n: _("what the imported file said of them")),
    )
    stays = (
        _some(entries, lambda n: ngettext(
            "%(num)s entry in the ledger, under a pseudonym",
            "%(num)s entries in the ledger, under a pseudonym", n)),
    )  # fmt: skip
    return Held(tuple(filter(None, goes)), tuple(filter(None, stays)))


def _some(number: int, words: Callable[[int], str]) -> str:
    return words(number) if number else ""


# ── What is due ──


def due(only: UUID | None = None, *, but: Collection[UUID] = ()) -> dict[UUID, str]:
    """Some of the applications whose day is over, or that nobody ever confirmed, and which of both (`day`
    or `unconfirmed`); those of pilots stay.

    `only`: this one, if it is due. `but`: not these, so that what fails is not all that is ever tried.
    """
    here = select(Application.id).where(Application.erased_at.is_(None))
    here = here.where(Application.id.not_in(but))
    here = here.order_by(Application.applied_at, Application.id)
    if only is not None:
        here = here.where(Application.id == only)
    over = [*_outdated(here), *_agreed_no_longer(here)]
    found = dict.fromkeys(_unconfirmed(here), "unconfirmed") | dict.fromkeys(over, "day")
    return dict(islice(found.items(), AT_ONCE))


def _outdated(here: Select[UUID]) -> list[UUID]:
    """Those whose opening keeps nothing any longer: its day is over where the organisation is."""
    kept = select(Application.opening_id).where(Application.erased_at.is_(None)).distinct()
    openings = session.scalars(select(Opening).where(queries.HIRING, Opening.id.in_(kept))).all()
    over = [one.id for one in openings if notice.kept_until(one) < queries.today()]
    return list(session.scalars(here.where(Application.opening_id.in_(over)).limit(AT_ONCE)))


def _agreed_no_longer(here: Select[UUID]) -> list[UUID]:
    """Those who agreed to a day that has passed: moving it later binds nobody who read the day before. Nor
    does a later consent: anybody may type an address.
    """
    rows = (
        select(Application.id, Application.opening_id, Consent.purpose)
        .join(Consent, Consent.person_id == Application.person_id)
        .where(Application.id.in_(here.order_by(None)), Consent.purpose.startswith("opening:"))
        .group_by(Application.id, Application.opening_id, Consent.purpose)
        .having(func.min(Consent.expires_at) <= now())
    )
    return [row.id for row in session.execute(rows) if row.purpose == _purpose(row.opening_id)]


def _purpose(opening_id: UUID) -> str:
    return f"opening:{opening_id}"


def _unconfirmed(here: Select[UUID]) -> list[UUID]:
    """Who left an address on a public page, and whose link nobody has used until days after its end."""
    mine = Invitation.application_id == Application.id
    ended = func.coalesce(Invitation.revoked_at, Invitation.expires_at)
    lately = select(Invitation.id).where(mine, ended > now() - UNCONFIRMED)
    answered = select(QuestionAnswer.id).where(QuestionAnswer.application_id == Application.id)
    more = select(MoreDays.id).where(MoreDays.application_id == Application.id)
    rows = (
        here.where(Application.by_form, Application.stage == "invited")
        .where(select(Invitation.id).where(mine).exists())
        .where(~lately.exists(), ~answered.exists(), ~more.exists())
    )
    ids = frozenset(session.scalars(rows))
    return sorted(ids.difference(*gather(Begun(ids)))) if ids else []


# ── Acts ──


def erase(application_id: UUID, *, by: UUID | None = None, again: bool = False) -> bool:
    """Erase what somebody gave in an opening: since `by` was asked to, or by its day if that is over.
    `again`: it was asked for before an older backup was put back.

    Returns whether it was: not what was erased before, nor what is kept longer by now. Who is still in
    the race leaves it: nobody can decide about what is not there.
    """
    announce(ErasureBegun(application_id))
    application = locked(select(Application).where(Application.id == application_id))
    if application is None or application.erased_at is not None:
        return False
    asked = again or by is not None
    why = _asked(again) if asked else _due_now(application_id)
    if not why:
        return False
    if asked:
        afterwards(partial(outlived.add, [application.pseudonym]))
    racing = application.stage in IN_THE_RACE
    if racing:
        application.stage = "withdrawn"
    application.erased_at, application.erased_by, application.erased_for = now(), by, why
    session.flush()
    _hold_lists(application)
    _forget_own(application_id)
    announce(
        ApplicationErased(application_id, application.pseudonym, racing=racing, asked=asked, by=by)
    )
    _part(application, asked=asked)
    return True


def _asked(again: bool) -> str:
    return "again" if again else "asked"


def _due_now(application_id: UUID) -> str:
    """Why it is due, or nothing. Whoever works at this moment may end that first."""
    running = gather(Running(frozenset({application_id})))
    return "" if any(running) else due(application_id).get(application_id, "")


def asked_for() -> set[UUID]:
    """The pseudonyms of those who asked for it."""
    asked = Application.erased_for.in_(("asked", "again"))
    return set(session.scalars(select(Application.pseudonym).where(asked)))


def come_back(pseudonyms: Collection[UUID]) -> list[UUID]:
    """The applications of these that stand here as though nothing had been erased: of an older backup."""
    standing = select(Application.id, Application.pseudonym).where(Application.erased_at.is_(None))
    if not pseudonyms:
        return []
    return [row.id for row in session.execute(standing) if row.pseudonym in pseudonyms]


def _letters_about(application_id: UUID) -> list[UUID]:
    links = select(Invitation.id).where(Invitation.application_id == application_id)
    return [application_id, *session.scalars(links)]


def _forget_own(application_id: UUID) -> None:
    letters.erase_about(_letters_about(application_id))
    links = update(Invitation).where(Invitation.application_id == application_id)
    change(links.where(Invitation.revoked_at.is_(None)).values(revoked_at=now()))
    change(links.values(word=""))
    for table in (DueInvitation, QuestionAnswer, QuestionAppeal):
        change(delete(table).where(table.application_id == application_id))
    forget_rows(ImportRow.application_id == application_id)


def _hold_lists(application: Application) -> None:
    """The files that name them, before the person: in this order the worker holds them who invites."""
    theirs = select(Person.normalised_address).where(Person.id == application.person_id)
    named = ImportRow.normal == theirs.scalar_subquery()
    rows = select(ImportRow.import_id).where((ImportRow.application_id == application.id) | named)
    lists = select(Import.id).where(Import.id.in_(rows)).order_by(Import.id)
    session.execute(lists.with_for_update())


def _part(application: Application, *, asked: bool) -> None:
    """From the person: who is known elsewhere stays known there, and everybody else is nobody now."""
    person = people.hold(application.person_id)
    here = ImportRow.import_id.in_(
        select(Import.id).where(Import.opening_id == application.opening_id)
    )
    forget_rows(here & (ImportRow.normal == person.normalised_address))
    people.end_consent(person.id, _purpose(application.opening_id))
    others = (Application.person_id == person.id) & Application.erased_at.is_(None)
    known = session.scalar(select(Application.id).where(others).limit(1)) is not None
    if known or people.agrees_still(person.id):
        application.person_id = people.nobody()
        session.flush()
        announce(ApplicationParted(application.id, application.person_id))
    else:
        people.erase(person, asked=asked)


def forget_everywhere(event: PersonErased) -> None:
    """What letters and files of people say of somebody who is nobody now. Who is of the house as well
    keeps the letters about their account. Unasked, a file that was brought to another opening lately still
    brings them there: it has a day of its own.
    """
    letters.erase_to(event.address, but_about=id_of_account(event.normalised_address))
    named = ImportRow.normal == event.normalised_address
    forget_rows(named if event.asked else named & ~_FREE)


def forget_rows(which: ColumnElement[bool]) -> None:
    """Empty these rows of files, with the files they came from. They count on, and invite nobody."""
    ids = list(session.scalars(select(ImportRow.import_id).where(which).distinct()))
    if not ids:
        return
    state = case((_FREE, "passed"), else_=ImportRow.state)
    empty = dict.fromkeys(("text", "sought", "name", "address", "wrong"), "")
    gone: dict[str, Any] = {**empty, "normal": None, "perhaps": None, "kept": [], "state": state}
    change(update(ImportRow).where(which).values(gone))
    lists = select(Import).where(Import.id.in_(ids)).order_by(Import.id)
    for found in session.scalars(lists.with_for_update()):
        found.content, found.word = None, found.word if found.is_running else ""
        found.revision += 1  # a page that was drawn before would bring back what it read
        found.columns = [{**column, "sample": ""} for column in found.columns]
    session.flush()
    session.expire_all()
