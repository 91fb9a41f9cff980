"""Imports: a file of people that was read, its rows, and how each stands. Nobody is invited by a file that
nobody has confirmed.

Apart from `models.py` because only these pages read it, and erasure: what a row says of a person lies here,
tied to the application once they are invited.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    Subquery,
    UniqueConstraint,
    case,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.claims import Claimable
from hiring.kernel.database import Base, Key, session
from hiring.kernel.refusals import Missing
from hiring.openings.models import Application
from hiring.people.models import Person
from hiring.people.rules import are_one_name, sought

STATES = ("draft", "waiting", "claimed", "done", "stopped", "failed")
ROW_STATES = ("kept", "out", "waiting", "invited", "passed")
RUNNING = frozenset({"waiting", "claimed"})
KEPT = timedelta(days=7)  # how long rows that nobody has invited lie here after the last touch
# How a row stands: what was decided of it, or what it is found to be.
STANDINGS = ("look", "ready", "twice", "known", "out", "waiting", "invited", "passed")
SECRET = ("waiting", "invited", "passed")  # people in the opening: not for who marks it


class Import(Claimable, Base):
    """A file of people. draft → waiting → claimed → done, or stopped; whoever mends what was left confirms
    again. `content` is the file itself, for reading it otherwise, and goes once it was confirmed.

    `columns`: of each column its heading, a sample and its role. `revision` counts changes, for two tabs.
    """

    __tablename__ = "imports"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)
    state: Mapped[str] = mapped_column(default="draft", index=True)
    opening_id: Mapped[UUID] = mapped_column(ForeignKey("openings.id"), index=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    encoding: Mapped[str]
    separator: Mapped[str]
    heading: Mapped[bool]
    columns: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    until: Mapped[date | None]
    word: Mapped[str] = mapped_column(default="")
    batch: Mapped[UUID | None]  # of the invitations of the last confirming
    wanted: Mapped[int] = mapped_column(default=0)  # rows that were confirmed last
    left: Mapped[dict[str, int] | None] = mapped_column(JSON)  # counted before rows were forgotten

    @property
    def is_running(self) -> bool:
        """Whether the worker has it, or will."""
        return self.state in RUNNING

    @property
    def kept_until(self) -> datetime:
        """When the rows that nobody has invited are deleted, unless somebody goes on with them."""
        return self.touched_at + KEPT


class ImportRow(Base):
    """One row of a file. `text` is the line that is read, as composed or as mended by hand; `normal` is the
    mailbox that was understood, empty while it needs a look.

    `kept`: heading and value of each cell that is no part of the line. Erasure finds it by the application.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        CheckConstraint(f"state IN {ROW_STATES}", name="state"),
        Index("ix_import_rows_import_id_normal", "import_id", "normal"),
        Index("ix_import_rows_import_id_state", "import_id", "state"),
    )
    id: Mapped[Key]
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="kept")
    text: Mapped[str]
    sought: Mapped[str]
    mended: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    normal: Mapped[str | None]
    wrong: Mapped[str] = mapped_column(default="")
    perhaps: Mapped[str | None]
    doubtful: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[list[list[str]]] = mapped_column(JSON)
    # a plain id: an application that is taken back goes, and its row is as before
    application_id: Mapped[UUID | None] = mapped_column(index=True)


@dataclass(frozen=True)
class Shown:
    """A row with how it stands now, and of a second one of the same mailbox the first one's number.

    `other`: number and name of a row of the same mailbox that names somebody else.
    """

    row: ImportRow
    standing: str
    first: int | None
    other: tuple[int, str] | None = None


def import_of(import_id: UUID, opening_id: UUID) -> Import:
    """The import of this opening. Raises Missing."""
    found = session.get(Import, import_id)
    if found is None or found.opening_id != opening_id:
        raise Missing
    return found


def has_file(import_id: UUID) -> bool:
    """Whether the file itself is here still, to be read otherwise; its bytes are not loaded."""
    there = select(Import.id).where(Import.id == import_id, Import.content.is_not(None))
    return session.scalar(there) is not None


def imports_of(opening_id: UUID, *, by: UUID | None = None) -> Select[Import]:
    """The imports of an opening, or only those that one account made, the newest first. Made to be paged."""
    here = select(Import).where(Import.opening_id == opening_id)
    if by is not None:
        here = here.where(Import.made_by == by)
    return here.order_by(Import.made_at.desc(), Import.id)


def import_behind(batch: UUID, *, by: UUID | None = None) -> Import | None:
    """The list that a sending was last confirmed from, or only one that this account brought."""
    found = select(Import).where(Import.batch == batch)
    return session.scalars(found if by is None else found.where(Import.made_by == by)).first()


def counts_of(found: Import) -> dict[str, int]:
    """How many rows stand how; what was forgotten since counts as it stood then."""
    each = _standings(found)
    rows = select(each.c.standing, func.count()).group_by(each.c.standing)
    return {**(found.left or {}), **_counted(rows)}


def progress_of(import_id: UUID) -> dict[str, int]:
    """How many rows wait, were invited and were passed over: one cheap look while the worker has it."""
    rows = select(ImportRow.state, func.count()).where(ImportRow.import_id == import_id)
    return _counted(rows.group_by(ImportRow.state))


def _counted(rows: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(rows)}


def rows_of(found: Import, *, standing: str = "", q: str = "", blind: bool = False) -> Select[Any]:
    """The rows that a standing and a search leave, in the order of the file. Made to be paged.

    `blind`: without those who are in the opening by it.
    """
    rows = select(ImportRow).where(ImportRow.import_id == found.id)
    if standing in STANDINGS:
        each = _standings(found)
        rows = rows.join(each, each.c.id == ImportRow.id).where(each.c.standing == standing)
    if blind:
        rows = rows.where(ImportRow.state.not_in(SECRET))
    for word in sought(q).split():
        rows = rows.where(ImportRow.sought.contains(word, autoescape=True))
    return rows.order_by(ImportRow.number)


def rows_numbered(found: Import, numbers: Collection[int], *, blind: bool) -> Select[Any]:
    """These rows alone, in the order of the file; `blind` as above."""
    return rows_of(found, blind=blind).where(ImportRow.number.in_(numbers))


def shown(rows: Sequence[ImportRow], found: Import) -> list[Shown]:
    """The rows with how they stand: one query, however many."""
    each = _standings(found)
    asked = select(each).where(each.c.id.in_([row.id for row in rows]))
    told = {id: (standing, first) for id, standing, first in session.execute(asked)}
    disputed = _disputed(found)
    return [Shown(row, *told[row.id], _other(row, disputed)) for row in rows]


def _other(
    row: ImportRow, disputed: Mapping[str, Sequence[tuple[int, str]]]
) -> tuple[int, str] | None:
    named = disputed.get(row.normal or "", ())
    return next((one for one in named if one[1] != row.name), None)


def ready_ones(found: Import) -> Select[UUID]:
    """The rows that can be invited as they stand."""
    each = _standings(found)
    return select(each.c.id).where(each.c.standing == "ready")


def kept_of(application_id: UUID) -> list[list[str]]:
    """What a file said of this person beside name and address: heading and value."""
    rows = select(ImportRow.kept).where(ImportRow.application_id == application_id)
    return [pair for kept in session.scalars(rows.order_by(ImportRow.number)) for pair in kept]


def _standings(found: Import) -> Subquery:
    """Of each row how it stands, and the first row of its mailbox: asked of what is so at this moment, so
    that who was invited meanwhile is known at once. Two sets made once, not a look for every row.
    """
    here = (ImportRow.import_id == found.id) & ImportRow.normal.is_not(None)
    firsts = (
        select(ImportRow.normal, func.min(ImportRow.number).label("number"))
        .where(here, ImportRow.state != "out")
        .group_by(ImportRow.normal)
        .subquery()
    )
    known = (
        select(Person.normalised_address)
        .join(Application, Application.person_id == Person.id)
        .where(Application.opening_id == found.opening_id)
    )
    unlike = ImportRow.normal.in_(list(_disputed(found))) & ImportRow.normal.not_in(known)
    standing = case(
        (ImportRow.state != "kept", ImportRow.state),
        (ImportRow.normal.is_(None) | unlike, "look"),
        (firsts.c.number < ImportRow.number, "twice"),
        (ImportRow.normal.in_(known), "known"),
        else_="ready",
    )
    return (
        select(ImportRow.id, standing.label("standing"), firsts.c.number.label("first"))
        .outerjoin(firsts, firsts.c.normal == ImportRow.normal)
        .where(ImportRow.import_id == found.id)
        .subquery()
    )


def _disputed(found: Import) -> dict[str, list[tuple[int, str]]]:
    """The mailboxes under which rows name different people: number and name of each, in their order."""
    named = (ImportRow.import_id == found.id) & (ImportRow.state == "kept") & (ImportRow.name != "")
    several = (
        select(ImportRow.normal)
        .where(named)
        .group_by(ImportRow.normal)
        .having(func.min(ImportRow.name) != func.max(ImportRow.name))
    )
    rows = select(ImportRow.normal, ImportRow.number, ImportRow.name).where(named)
    by_mailbox: dict[str, list[tuple[int, str]]] = {}
    for normal, number, name in session.execute(
        rows.where(ImportRow.normal.in_(several)).order_by(ImportRow.number)
    ):
        by_mailbox.setdefault(normal or "", []).append((number, name))
    return {
        normal: rows
        for normal, rows in by_mailbox.items()
        if not are_one_name([name for _number, name in rows])
    }
