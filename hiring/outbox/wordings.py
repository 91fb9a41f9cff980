"""Letters that an organisation words itself: the rooms above offer them, each with its variables.

What ships is the standard; what is kept over it is a new row, and so is bringing the standard back.
Letters that went out have their words in their own row and keep them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import Select, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from hiring.kernel.clock import now
from hiring.kernel.database import Base, Key, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.outbox.events import LetterWorded
from hiring.outbox.letters import Letter, worded
from hiring.outbox.texts import Variable, drawn, faults, plain

TEMPLATE = "outbox/mail/letter"


class Wording(Base):
    """One version of a letter's words. `standard`: what ships was brought back, and its words are empty."""

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("kind", "language", "number"),)
    id: Mapped[Key]
    kind: Mapped[str]
    language: Mapped[str]
    number: Mapped[int]
    subject: Mapped[str]
    body: Mapped[str]
    standard: Mapped[bool]
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID]  # an account of a room above
    saved_by_name: Mapped[str]


@dataclass(frozen=True)
class Wordable:
    """A letter as its room offers it: what ships, when it goes, what its button says."""

    kind: str
    name: LazyString
    goes: LazyString
    subject: LazyString
    body: tuple[LazyString | str, ...]  # paragraphs
    button: LazyString
    variables: Mapping[str, Variable]
    needed: tuple[str, ...] = ("link",)


@dataclass(frozen=True)
class Text:
    """The words that stand: those of a version, or what ships, which is version 0 until one is kept."""

    subject: str
    body: str
    number: int = 0
    standard: bool = True


@dataclass(frozen=True)
class Filling:
    """What one letter says for its variables, and what stands around it. `place`: beside our name."""

    values: Mapping[str, str]
    place: str
    why: str
    language: str = field(default="en")


_offered: dict[str, Wordable] = {}


def offer(letter: Wordable) -> None:
    """Let the organisation word this letter itself."""
    _offered[letter.kind] = letter


def offered() -> list[Wordable]:
    """All of them, in the order of the wiring."""
    return list(_offered.values())


def letter_of(kind: str) -> Wordable:
    """One of them. Raises Missing."""
    if kind not in _offered:
        raise Missing
    return _offered[kind]


def versions(kind: str, language: str) -> Select[Wording]:
    """What was kept of a letter, newest first."""
    mine = (Wording.kind == kind) & (Wording.language == language)
    return select(Wording).where(mine).order_by(Wording.number.desc())


def standing(kind: str, language: str) -> Text:
    """The words that the next letter of this kind gets."""
    row = session.scalars(versions(kind, language).limit(1)).first()
    if row is None or row.standard:
        return shipped(kind, language, number=row.number if row else 0)
    return Text(row.subject, row.body, row.number, standard=False)


def shipped(kind: str, language: str, *, number: int = 0) -> Text:
    """What ships, in a language."""
    letter = letter_of(kind)
    with force_locale(language):
        return Text(str(letter.subject), "\n\n".join(map(str, letter.body)), number)


def wrong(kind: str, subject: str, body: str) -> tuple[list[str], list[str]]:
    """What is wrong with a subject and a body, as sentences."""
    letter = letter_of(kind)
    return faults(subject, body, variables=letter.variables, needed=letter.needed)


def keep(
    kind: str,
    *,
    language: str,
    subject: str,
    body: str,
    seen: int,
    by: UUID,
    by_name: str,
) -> None:
    """Let the next letters of this kind have these words; words that stand already are no new version.

    `seen` is the version that was read before. Raises Refused for what is wrong with the words, or when
    somebody kept others meanwhile.
    """
    above, below = wrong(kind, subject, body)
    if above or below:
        raise Refused((above + below)[0], field="subject" if above else "body")
    stands, ships = standing(kind, language), shipped(kind, language)
    if (subject, body) == (stands.subject, stands.body):
        return
    standard = (subject, body) == (ships.subject, ships.body)
    words = ("", "") if standard else (subject, body)
    _add(kind, language, words, standard=standard, seen=seen, by=by, by_name=by_name)


def bring_back(kind: str, *, language: str, seen: int, by: UUID, by_name: str) -> None:
    """Let the next letters have the words that ship; twice is as once."""
    if not standing(kind, language).standard:
        _add(kind, language, ("", ""), standard=True, seen=seen, by=by, by_name=by_name)


def _add(
    kind: str,
    language: str,
    words: tuple[str, str],
    *,
    standard: bool,
    seen: int,
    by: UUID,
    by_name: str,
) -> None:
    told = _("Somebody kept other words meanwhile; yours are here. Press again to let yours stand.")
    if seen != standing(kind, language).number:
        raise Refused(told)
    row = Wording(
        kind=kind, language=language, number=seen + 1, subject=words[0], body=words[1],
        standard=standard, saved_at=now(), saved_by=by, saved_by_name=by_name,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:  # two who pressed at once: the number is one version's
        raise Refused(told) from None
    announce(LetterWorded(row.id, kind, row.number, standard, by))


def composed(kind: str, filling: Filling, text: Text | None = None) -> tuple[str, Letter]:
    """A letter's subject and its two forms; of the words that stand, unless others are given."""
    text = text or standing(kind, filling.language)
    with force_locale(filling.language):
        subject = " ".join(plain(text.subject, filling.values).split())
        words = {
            "subject": subject,
            "place": filling.place,
            "why": filling.why,
            "body": plain(text.body, filling.values),
            "blocks": drawn(text.body, filling.values),
            "button": str(letter_of(kind).button),
        }
    return subject, worded(TEMPLATE, words, language=filling.language)


def example(kind: str, language: str) -> Filling:
    """Believable values, for a letter that is only looked at."""
    letter = letter_of(kind)
    with force_locale(language):
        values = {name: str(one.example) for name, one in letter.variables.items()}
        why = _("This is what a letter looks like; nobody was written to.")
        return Filling(values, values.get("title", ""), why, language)
