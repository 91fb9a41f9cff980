"""What can be done to assessments: begin, write, publish, go on; throw away what never went out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from hiring.assessments import bundles, frozen, pictures
from hiring.assessments.events import VersionPublished
from hiring.assessments.models import Assessment, Criterion, RubricLine, Version
from hiring.assessments.queries import newest_of, version_of
from hiring.assessments.rules import needs
from hiring.kernel.clock import now
from hiring.kernel.database import locked, made_before, session
from hiring.kernel.events import announce
from hiring.kernel.forms import LINE
from hiring.kernel.refusals import Missing, Refused

frozen.guard()
EMPTY: dict[str, Any] = {
    "title": "", "summary": "", "lead": "", "limit_minutes": 30, "materials": [], "tasks": [],
}  # fmt: skip


def begin(
    assessment_id: UUID,
    *,
    by: UUID,
    content: Mapping[str, Any] = EMPTY,
    template: str | None = None,
) -> Version:
    """A new assessment with a draft of version 1. The same id again gives what was begun before."""
    if made_before(Assessment, assessment_id, maker="created_by", by=by):
        return newest_of(assessment_id)
    session.add(Assessment(id=assessment_id, template=template, created_at=now(), created_by=by))
    session.flush()
    return _new_draft(assessment_id, number=1, content=content, by=by)


def begin_empty(assessment_id: UUID, *, by: UUID) -> Version:
    """A new assessment with an empty draft; one that somebody began so and left as it was serves again."""
    untouched = (
        select(Version)
        .join(Assessment, Assessment.id == Version.assessment_id)
        .where(Assessment.created_by == by, Version.number == 1, Version.published_at.is_(None))
        .where(Version.revision == 1, Version.title == "", ~Assessment.pictures.any())
        .where(Assessment.template.is_(None), ~Version.tasks.any())
        .order_by(Assessment.created_at.desc())
        .limit(1)
    )
    return session.scalars(untouched).one_or_none() or begin(assessment_id, by=by)


def copy(version_id: UUID, assessment_id: UUID, *, by: UUID) -> Version:
    """A new assessment with a draft of all that a version has; its criteria keep their identity.

    The same id again gives what was begun before. Raises Missing when there is no such version.
    """
    source = version_of(version_id)
    content = bundles.plain(source)
    content["title"] = _("Copy of %(title)s", title=source.title)[:LINE]
    began = made_before(Assessment, assessment_id, maker="created_by", by=by)
    version = begin(assessment_id, by=by, content=content)
    if not began:
        pictures.take_along(source.assessment, version.assessment)
        session.flush()
    return version


def shelve(name: str, *, slug: str | None = None) -> Criterion:
    """A criterion on the shelf: the shipped one of that slug if it stands there already, else a new one."""
    of_that_slug = select(Criterion).where(Criterion.slug == slug)
    known = session.scalar(of_that_slug) if slug else None
    if known is not None:
        return known
    criterion = Criterion(slug=slug, name=name, added_at=now())
    try:
        with session.begin_nested():
            session.add(criterion)
    except IntegrityError:  # two began from templates at once
        return session.scalars(of_that_slug).one()
    return criterion


def draft(assessment_id: UUID) -> Version:
    """The draft of an assessment, locked until the act ends. Raises Missing when there is none."""
    found = locked(
        select(Version).where(
            Version.assessment_id == assessment_id, Version.published_at.is_(None)
        )
    )
    if found is None:
        raise Missing
    return found


def publish(assessment_id: UUID, *, revision: int, by: UUID) -> Version:
    """Let the draft go out, as it was when `revision` was read. From here it never changes."""
    version = draft(assessment_id)
    if version.revision != revision:
        raise Refused(
            _(
                "The draft was saved after you opened it. Nothing went out. "
                "Read it once more, then publish."
            )
        )
    left = [need.words for need in needs(version) if not need.done]
    if left:
        raise Refused(_("Nothing went out yet. %(left)s", left=" ".join(left)))
    _name_on_shelf(version)
    session.flush()  # its parts first: from the next line on they are frozen
    fingerprint = bundles.fingerprint(version)
    version.published_at, version.published_by = now(), by
    version.fingerprint, version.removed = fingerprint, None
    session.flush()
    announce(VersionPublished(version.id, number=version.number, fingerprint=fingerprint, by=by))
    return version


def throw_away(assessment_id: UUID, *, revision: int) -> str:
    """Delete an assessment that never went out, as it was when `revision` was read; its title.

    Raises Missing when there is no draft or a version of it went out, Refused when it was saved since.
    """
    version = draft(assessment_id)
    if version.number > 1:
        raise Missing
    if version.revision != revision:
        raise Refused(_("The draft was saved after you opened this page. Nothing was deleted."))
    own = {line.criterion_id for task in version.tasks for line in task.rubric}
    for task in version.tasks:
        task.opens_after = None
    session.flush()
    pictures.throw_away(version.assessment)
    session.delete(version)
    session.flush()
    session.execute(delete(Assessment).where(Assessment.id == assessment_id))
    used = select(RubricLine.id).where(RubricLine.criterion_id == Criterion.id)
    session.execute(
        delete(Criterion)
        .where(Criterion.id.in_(own), Criterion.slug.is_(None), ~used.exists())
        .execution_options(synchronize_session=False)
    )
    return version.title


def go_on(assessment_id: UUID, *, by: UUID) -> Version:
    """The next draft, with everything that the newest version has; the one there is, if there is one."""
    if locked(select(Assessment).where(Assessment.id == assessment_id)) is None:
        raise Missing
    newest = session.scalars(
        select(Version)
        .where(Version.assessment_id == assessment_id)
        .order_by(Version.number.desc())
        .limit(1)
    ).one()
    if newest.published_at is None:
        return newest
    content = bundles.plain(newest)
    return _new_draft(assessment_id, number=newest.number + 1, content=content, by=by)


def _name_on_shelf(version: Version) -> None:
    """A criterion of our own stands on the shelf under the name that went out last."""
    names = {line.criterion_id: line.name for task in version.tasks for line in task.rubric}
    own = select(Criterion).where(Criterion.id.in_(names), Criterion.slug.is_(None))
    for criterion in session.scalars(own):
        criterion.name = names[criterion.id]


def _new_draft(
    assessment_id: UUID, *, number: int, content: Mapping[str, Any], by: UUID
) -> Version:
    version = Version(assessment_id=assessment_id, number=number, saved_at=now(), saved_by=by)
    bundles.fill(version, content)
    session.add(version)
    session.flush()
    return version
