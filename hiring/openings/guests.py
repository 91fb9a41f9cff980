"""The guest list: lines as a recruiter typed them, each understood or with what is wrong with it.

Nothing is sent from a list that nobody has looked through, and every line is kept as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, literal, select

from hiring.kernel.addresses import kin, normalised
from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.refusals import Refused
from hiring.kernel.words import day
from hiring.openings.models import Application, Invitation
from hiring.openings.rules import Guest
from hiring.people.lines import domain_of, parts_of, read, rest_of, written
from hiring.people.models import Person
from hiring.people.queries import ids_by_address
from hiring.people.rules import are_one_name

MOST_LINES = 500


@dataclass(frozen=True)
class Line:
    """One line. With a guest it is ready; otherwise `wrong` says why not and `hint` what to do.

    `parts`: what it falls into, if it seems to be several people.
    """

    number: int
    text: str
    guest: Guest | None = None
    wrong: str = ""
    hint: str = ""
    perhaps: str | None = None
    doubtful: bool = False
    parts: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The line as it is to be read once more: as it was understood, or as it was typed."""
        return written(self.guest.name, self.guest.address) if self.guest else self.text


@dataclass(frozen=True)
class Known:
    """When someone who is in the opening was last invited, and whether a link still opens."""

    at: datetime
    open: bool


def lines_of(text: str) -> dict[int, str]:
    """The lines that have something on them, by their number, counted from one as an editor does."""
    lines = {number: line.strip() for number, line in enumerate(text.split("\n"), 1)}
    return {number: line for number, line in lines.items() if line}


def check_number(lines: Mapping[int, str]) -> None:
    """Some, and not more than can be looked through."""
    if not lines:
        raise Refused(_("Write at least one address."), field="people")
    if len(lines) > MOST_LINES:
        told = _(
            "These are %(number)s lines; at most %(most)s go at once. Nothing has been sent.",
            number=len(lines),
            most=MOST_LINES,
        )
        raise Refused(told, field="people")


def mended(text: str, address: str) -> str:
    """The line with this address in place of the one that could not be read."""
    return written(rest_of(text), address)


def split(lines: Mapping[int, str], number: int) -> dict[int, str]:
    """The lines, this one taken for several people; numbers stay, and what is new comes last."""
    parts = parts_of(lines[number])
    after = enumerate(parts[1:], max(lines) + 1)
    return {**lines, number: parts[0], **dict(after)}


def checked(
    lines: Mapping[int, str],
    opening_id: UUID,
    *,
    sure: frozenset[str],
    blind: bool,
    batch: UUID | None,
) -> list[Line]:
    """Each line with what it means. `sure`: lines whose doubt was shown before and that were left so.
    `batch`: this list's own sending; who was invited by it is no surprise when the form comes twice.

    `blind`: the reader marks this opening and is told no more than that someone is in it.
    """
    domains = sorted({domain for text in lines.values() if (domain := domain_of(text))})
    understood = [_understood(number, text, domains, sure) for number, text in lines.items()]
    apart = _without_doubles(_without_known(understood, opening_id, blind, batch))
    return _without_kin(apart, {} if blind else kin_in(opening_id), sure)


def _understood(number: int, text: str, domains: list[str], sure: frozenset[str]) -> Line:
    reading = read(text, domains=domains)
    if reading.wrong and not (reading.doubtful and text in sure):
        return Line(
            number, text, wrong=reading.wrong, perhaps=reading.perhaps, doubtful=reading.doubtful,
            parts=tuple(parts_of(text)) if reading.several else (),
        )  # fmt: skip
    guest = Guest(reading.address, reading.name)
    return Line(number, text, guest=guest, doubtful=reading.doubtful)


def _without_known(
    lines: list[Line], opening_id: UUID, blind: bool, batch: UUID | None
) -> list[Line]:
    known = _known(
        {normalised(line.guest.address) for line in lines if line.guest}, opening_id, batch
    )
    return [_told_of(line, known, blind) for line in lines]


def _told_of(line: Line, known: Mapping[str, Known], blind: bool) -> Line:
    found = known.get(normalised(line.guest.address)) if line.guest else None
    if found is None:
        return line
    if blind:
        wrong, hint = _("In this opening already."), _("Leave the line empty.")
    else:
        wrong = _("Invited on %(day)s.", day=day(found.at))
        hint = (
            _("Leave the line empty.")
            if found.open
            else _("The link has ended: send it again from the list.")
        )
    return Line(line.number, line.text, wrong=wrong, hint=hint)


def _known(normal: set[str], opening_id: UUID, batch: UUID | None) -> dict[str, Known]:
    people = ids_by_address(normal)
    last = func.max(Invitation.invited_at)
    live = func.max(Invitation.expires_at).filter(Invitation.revoked_at.is_(None))
    of_this = func.count().filter(Invitation.batch == batch) if batch else literal(0)
    rows = (
        select(Application.person_id, last, live)
        .join(Invitation, Invitation.application_id == Application.id)
        .where(Application.opening_id == opening_id)
        .group_by(Application.person_id)
        .having(of_this == 0)
    )
    invited = {
        person: Known(at, bool(end and end > now())) for person, at, end in session.execute(rows)
    }
    return {address: invited[id] for address, id in people.items() if id in invited}


def _without_doubles(lines: list[Line]) -> list[Line]:
    of_mailbox: dict[str, list[Line]] = {}
    for line in lines:
        if line.guest:
            of_mailbox.setdefault(normalised(line.guest.address), []).append(line)
    told = {
        line.number: line
        for several in of_mailbox.values()
        if several[1:]
        for line in _doubles(several)
    }
    return [told.get(line.number, line) for line in lines]


def _doubles(lines: list[Line]) -> list[Line]:
    """Lines of one mailbox: the first stands for all, unless they name different people."""
    first, *others = lines
    if are_one_name([line.guest.name for line in lines if line.guest]):
        told = _("The same address as in line %(number)s.", number=first.number)
        hint = _("Leave one of them empty.")
        return [Line(line.number, line.text, wrong=told, hint=hint) for line in others]
    return [_disputed(line, first if line is not first else others[0]) for line in lines]


def kin_in(opening_id: UUID) -> dict[str, str]:
    """The mailboxes of an opening, by what they are alike in."""
    here = select(Person.normalised_address).join(Application, Application.person_id == Person.id)
    rows = session.scalars(here.where(Application.opening_id == opening_id))
    return {kin(normal): normal for normal in rows if normal}


def _without_kin(lines: list[Line], known: dict[str, str], sure: frozenset[str]) -> list[Line]:
    """Two spellings that are perhaps one mailbox: the second is asked about, and can be left as it is."""
    found = []
    for line in lines:
        normal = normalised(line.guest.address) if line.guest else ""
        other = known.setdefault(kin(normal), normal)
        if other == normal:
            found.append(line)
        elif line.text in sure:
            found.append(replace(line, doubtful=True))
        else:
            told = _("Perhaps the same mailbox as %(address)s.", address=other)
            found.append(Line(line.number, line.text, wrong=told, doubtful=True))
    return found


def _disputed(line: Line, other: Line) -> Line:
    told = _("Line %(number)s has this address under another name.", number=other.number)
    hint = _("Whose is it? Leave one of them empty, or mend it.")
    return Line(line.number, line.text, wrong=told, hint=hint)
