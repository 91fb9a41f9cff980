"""Pictures of an assessment: brought to its draft, named by its texts, kept while any version shows them.

Every act wants the locked draft of `actions.draft`. A picture is no part of a draft's content: the
line in a text is. So these acts leave the revision alone and stand in nobody's way.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import exists, select

from hiring.assessments.models import Assessment, Picture, Version
from hiring.assessments.shown import keys_shown
from hiring.kernel import storage
from hiring.kernel.clock import now
from hiring.kernel.database import afterwards, session
from hiring.kernel.pictures import Picture as Drawn
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.storage import Lying, StoredFile

LONGEST = 1600  # pixels: twice what a prompt is wide
MOST_BYTES = 150_000
MOST = 40
KEY = 20  # letters of a key: eighty bits, so that nobody who was not shown a picture finds it


def file_of(key: str) -> StoredFile:
    """The file of a picture that is there. Raises Missing."""
    wanted = (
        select(StoredFile)
        .join(Picture, Picture.file_id == StoredFile.id)
        .where(Picture.key == key, Picture.removed_at.is_(None))
        .limit(1)
    )
    file = session.scalars(wanted).one_or_none()
    if file is None:
        raise Missing
    return file


def add(version: Version, drawn: Drawn, lying: Lying, *, words: str, by: UUID) -> Picture:
    """Keep a picture that was drawn and laid; the same one again is the one that is there."""
    key, there = lying.sha256[:KEY], version.assessment.pictures
    known = next((one for one in there if one.key == key), None)
    if len([one for one in there if not one.removed_at]) >= MOST and not known:
        raise Refused(_("Forty pictures are the most that an assessment can have."), field="file")
    if known is not None:
        known.words, known.removed_at = words, None
        afterwards(lambda: storage.clear_away([lying.key]))  # the same bytes lie there already
        return known
    file = storage.keep(lying, name=f"{key}.webp", media_type=drawn.media_type)
    picture = Picture(
        key=key, file=file, words=words, width=drawn.width, height=drawn.height,
        added_at=now(), added_by=by,
    )  # fmt: skip
    there.append(picture)
    session.flush()
    return picture


def remove(version: Version, picture_id: UUID) -> Picture:
    """Take a picture away that no version shows. Raises Refused where one does."""
    picture = _picture(version, picture_id)
    showing = [one for one in version.assessment.versions if picture.key in keys_shown(one)]
    if [one for one in showing if one.published_at]:
        raise Refused(
            _("Version %(number)s shows this picture and stays as it is.", number=showing[0].number)
        )
    if showing:
        raise Refused(_("The draft shows this picture. Take its line out of the text first."))
    picture.removed_at = picture.removed_at or now()
    return picture


def put_back(version: Version, picture_id: UUID) -> Picture:
    """Have a picture again that was taken away."""
    picture = _picture(version, picture_id)
    picture.removed_at = None
    return picture


def take_along(source: Assessment, copy: Assessment) -> None:
    """Give a copy of an assessment the pictures of the one it was made from; the files are shared."""
    names = ("key", "file_id", "words", "width", "height", "added_at", "added_by")
    for one in source.pictures:
        if not one.removed_at:
            copy.pictures.append(Picture(**{name: getattr(one, name) for name in names}))


def throw_away(assessment: Assessment) -> None:
    """Forget the pictures of an assessment that goes, and each file that no other assessment has."""
    files = {one.file_id: one.file for one in assessment.pictures}
    for one in assessment.pictures:
        session.delete(one)
    session.flush()
    for file_id, file in files.items():
        if not session.scalar(select(exists().where(Picture.file_id == file_id))):
            storage.forget(file)


def _picture(version: Version, picture_id: UUID) -> Picture:
    for picture in version.assessment.pictures:
        if picture.id == picture_id:
            return picture
    raise Missing
