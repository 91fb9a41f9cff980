"""What others read of assessments: versions with everything in them, the shelf, and the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Bundle, aliased

from hiring.assessments.kinds import Settings
from hiring.assessments.models import Criterion, Level, Material, RubricLine, Task, Version
from hiring.kernel.database import session
from hiring.kernel.gather import Question
from hiring.kernel.refusals import Missing


@dataclass(frozen=True)
class Pilot:
    """A pilot of a version: the opening that holds it, and when it was begun."""

    opening_id: UUID
    begun_at: datetime


@dataclass(frozen=True)
class PilotsOf(Question[list[Pilot]]):
    """Which pilots of this version are there, the newest first?"""

    version_id: UUID


SORTS = ("title", "minutes", "saved")


def version_of(version_id: UUID) -> Version:
    """A version with tasks, rubrics, levels and materials loaded. Raises Missing."""
    return _whole(Version.id == version_id)


@dataclass(frozen=True)
class PublishedTask:
    """A task that went out, as a save needs it. `opens_after_id`: the task to be finished before."""

    kind: str
    settings: Settings
    opens_after_id: UUID | None


_published: dict[UUID, PublishedTask] = {}


def published_task(task_id: UUID) -> PublishedTask:
    """What a save must know of a published task, which never changes: read once a process.

    Raises Missing for a task that is not published.
    """
    if task_id not in _published:
        wanted = (
            select(Task.kind, Task.settings, Task.opens_after_id)
            .join(Version, Version.id == Task.version_id)
            .where(Task.id == task_id, Version.published_at.is_not(None))
        )
        row = session.execute(wanted).one_or_none()
        if row is None:
            raise Missing
        _published[task_id] = PublishedTask(row.kind, row.settings, row.opens_after_id)
    return _published[task_id]


def numbered(assessment_id: UUID, number: int) -> Version:
    """A published version of an assessment by its number. Raises Missing."""
    return _whole(
        Version.assessment_id == assessment_id,
        Version.number == number,
        Version.published_at.is_not(None),
    )


def material_of(material_id: UUID) -> Material:
    """A material by its id. Raises Missing."""
    found = session.get(Material, material_id)
    if found is None:
        raise Missing
    return found


def of_number(assessment_id: UUID, number: int) -> Version:
    """A version of an assessment by its number, out or not. Raises Missing."""
    return _whole(Version.assessment_id == assessment_id, Version.number == number)


def draft_of(assessment_id: UUID) -> Version:
    """The draft of an assessment, whole. Raises Missing when all its versions went out."""
    return _whole(Version.assessment_id == assessment_id, Version.published_at.is_(None))


def newest_of(assessment_id: UUID) -> Version:
    """The newest version, draft or not, whole. Raises Missing."""
    newest = select(func.max(Version.number)).where(Version.assessment_id == assessment_id)
    return _whole(
        Version.assessment_id == assessment_id, Version.number == newest.scalar_subquery()
    )


def published_versions() -> Sequence[Version]:
    """The newest published version of each assessment, by title: what an opening can use.

    Of equal titles the one that went out last comes first.
    """
    later = aliased(Version)
    newer = select(later.id).where(
        later.assessment_id == Version.assessment_id,
        later.published_at.is_not(None),
        later.number > Version.number,
    )
    return session.scalars(
        select(Version)
        .where(Version.published_at.is_not(None), ~newer.exists())
        .order_by(func.lower(Version.title), Version.published_at.desc(), Version.id)
    ).all()


def numbers(assessment_id: UUID) -> Select[int, datetime | None]:
    """The versions of an assessment, the newest first: number, and when it went out."""
    return (
        select(Version.number, Version.published_at)
        .where(Version.assessment_id == assessment_id)
        .order_by(Version.number.desc())
    )


def shelf(*, q: str = "", but: Sequence[str] = ()) -> Select[Criterion]:
    """The criteria shelf, by name: what a reader scored in an assessment that went out, or was shipped.

    `q` stands in the name or in a sentence of a level; slugs in `but` are left out.
    """
    used = (
        select(RubricLine.id)
        .join(Task, Task.id == RubricLine.task_id)
        .join(Version, Version.id == Task.version_id)
        .where(RubricLine.criterion_id == Criterion.id, ~RubricLine.keyed)
        .where(or_(Version.published_at.is_not(None), Criterion.slug.is_not(None)))
    )
    found = select(Criterion).where(used.exists())
    if but:
        found = found.where(or_(Criterion.slug.is_(None), Criterion.slug.not_in(but)))
    if q:
        levels = used.join(Level, Level.rubric_line_id == RubricLine.id)
        said = or_(_has(Level.sees, q), _has(Level.told, q), _has(RubricLine.name, q))
        found = found.where(or_(_has(Criterion.name, q), levels.where(said).exists()))
    return found.order_by(func.lower(Criterion.name), Criterion.id)


def _has(column: Any, words: str) -> ColumnElement[bool]:
    return func.lower(column).contains(words.lower(), autoescape=True)


class Use(NamedTuple):
    """Where a criterion is marked: the newest version of an assessment, out or a draft."""

    assessment_id: UUID
    title: str
    number: int
    is_out: bool


def uses_of(criterion_ids: Iterable[UUID]) -> dict[UUID, list[Use]]:
    """Where each of these criteria is used, by title: one query, however many."""
    later = aliased(Version)
    newer = later.assessment_id == Version.assessment_id, later.number > Version.number
    wanted = (
        select(
            RubricLine.criterion_id, Version.assessment_id, Version.title, Version.number,
            Version.published_at,
        )
        .distinct()
        .join(Task, Task.id == RubricLine.task_id)
        .join(Version, Version.id == Task.version_id)
        .where(RubricLine.criterion_id.in_([*criterion_ids]))
        .where(~select(later.id).where(*newer).exists())
    )  # fmt: skip
    uses: dict[UUID, list[Use]] = {}
    for row in sorted(session.execute(wanted), key=lambda row: row.title.casefold()):
        use = Use(row.assessment_id, row.title, row.number, row.published_at is not None)
        uses.setdefault(row.criterion_id, []).append(use)
    return uses


def criteria_of_slugs(slugs: Sequence[str]) -> dict[str, UUID]:
    """The shipped criteria that have been used already, by slug."""
    rows = session.execute(select(Criterion.slug, Criterion.id).where(Criterion.slug.in_(slugs)))
    return {row.slug: row.id for row in rows if row.slug}


def latest_uses(criterion_ids: Sequence[UUID]) -> dict[UUID, RubricLine]:
    """How each of these criteria was anchored last, as `latest_use` says it: two queries and the levels."""
    wanted = (
        select(RubricLine.criterion_id, RubricLine.id)
        .join(Task, Task.id == RubricLine.task_id)
        .join(Version, Version.id == Task.version_id)
        .where(RubricLine.criterion_id.in_(criterion_ids), ~RubricLine.keyed)
        .order_by(Version.published_at.is_(None), Version.saved_at.desc(), RubricLine.id)
    )
    last: dict[UUID, UUID] = {}
    for criterion_id, line_id in session.execute(wanted):
        last.setdefault(criterion_id, line_id)
    lines = session.scalars(select(RubricLine).where(RubricLine.id.in_(last.values())))
    return {line.criterion_id: line for line in lines}


def latest_use(criterion_id: UUID) -> RubricLine | None:
    """How a criterion was anchored last in a published version, to begin from."""
    return session.scalars(
        select(RubricLine)
        .join(Task, Task.id == RubricLine.task_id)
        .join(Version, Version.id == Task.version_id)
        .where(RubricLine.criterion_id == criterion_id)
        .order_by(Version.published_at.is_(None), Version.saved_at.desc(), RubricLine.id)
        .limit(1)
    ).one_or_none()


def rows(*, q: str = "", sort: str = "-saved") -> Select[Any]:
    """The list: each assessment by its newest version, with the newest that went out."""
    later, out = aliased(Version), aliased(Version)
    newer = later.assessment_id == Version.assessment_id, later.number > Version.number
    went_out = out.assessment_id == Version.assessment_id, out.published_at.is_not(None)
    tasks = select(func.count(Task.id)).where(Task.version_id == Version.id)
    row: Bundle[Any] = Bundle(
        "row", Version.assessment_id, Version.title, Version.number, Version.limit_minutes,
        Version.saved_at, Version.published_at,
        select(func.max(out.number)).where(*went_out).scalar_subquery().label("out_number"),
        select(func.max(out.published_at)).where(*went_out).scalar_subquery().label("out_at"),
        tasks.scalar_subquery().label("tasks"),
    )  # fmt: skip
    found = select(row).where(~select(later.id).where(*newer).exists())
    if q:
        found = found.where(func.lower(Version.title).contains(q.lower(), autoescape=True))
    return found.order_by(*_order(sort))


def _order(sort: str) -> tuple[Any, Any]:
    column: Any = {
        "title": func.lower(Version.title),
        "minutes": Version.limit_minutes,
    }.get(sort.removeprefix("-"), Version.saved_at)
    return column.desc() if sort.startswith("-") else column.asc(), Version.id


def _whole(*which: ColumnElement[bool]) -> Version:
    version = session.scalars(select(Version).where(*which)).one_or_none()
    if version is None:
        raise Missing
    return version
