"""The pictures of a draft: brought, taken away, put back; and the address that hands their bytes out."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from hiring.assessments import actions, pictures, queries
from hiring.assessments.forms.pictures import PictureForm
from hiring.assessments.models import Picture, Version
from hiring.assessments.shown import keys_shown
from hiring.assessments.views.blueprint import pages
from hiring.kernel import storage
from hiring.kernel.database import writing
from hiring.kernel.guards import actor, bearer, staff
from hiring.kernel.pages import see_other, wants_fragment
from hiring.kernel.pictures import redrawn
from hiring.kernel.refusals import Missing, Refused


@pages.get("/pictures/<key>.webp")
@bearer
def picture(key: str) -> Response:
    """The bytes of a picture. Candidates, reviewers and, on an opening's page, anyone may be shown it:
    its address stands only on pages that they may read, and nobody guesses one.
    """
    file = pictures.file_of(key)
    answer = Response(storage.read(file), mimetype=file.media_type)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Disposition"] = "inline"
    return answer


@pages.get("/staff/assessments/<uuid:assessment_id>/pictures")
@staff("owner", "recruiter")
def gallery(assessment_id: UUID) -> BaseResponse:
    """The pictures that the draft can show, and the form that brings one more."""
    version = queries.newest_of(assessment_id)
    if version.published_at is not None:
        return see_other("assessments.version", assessment_id=assessment_id, number=version.number)
    return _gallery(version, PictureForm(formdata=None, prefix="picture"))


@pages.post("/staff/assessments/<uuid:assessment_id>/pictures")
@staff("owner", "recruiter")
def add_picture(assessment_id: UUID) -> BaseResponse:
    """Draw a picture anew and keep it."""
    form, added = PictureForm(prefix="picture"), ""
    if form.validate_on_submit():
        with form.refusals():
            added = _add(assessment_id, form)
    if added and not wants_fragment():
        return see_other(
            "assessments.gallery", assessment_id=assessment_id, new=added, _anchor=added
        )
    shown = PictureForm(formdata=None, prefix="picture") if added else form
    return _gallery(queries.newest_of(assessment_id), shown, added=added)


def _add(assessment_id: UUID, form: PictureForm) -> str:
    drawn = redrawn(form.file.data.read(), longest=pictures.LONGEST, most_bytes=pictures.MOST_BYTES)
    with storage.laid(drawn.content) as lying, writing():
        version = _draft(assessment_id)
        return pictures.add(version, drawn, lying, words=form.words.data or "", by=actor()).key


@pages.post("/staff/assessments/<uuid:assessment_id>/pictures/<uuid:picture_id>/removal")
@staff("owner", "recruiter")
def remove_picture(assessment_id: UUID, picture_id: UUID) -> BaseResponse:
    """Take a picture away that nothing shows."""
    try:
        with writing():
            pictures.remove(_draft(assessment_id), picture_id)
    except Refused as refused:
        flash(refused.sentence, "wrong")
        return see_other("assessments.gallery", assessment_id=assessment_id)
    return see_other("assessments.gallery", assessment_id=assessment_id, gone=picture_id)


@pages.post("/staff/assessments/<uuid:assessment_id>/pictures/<uuid:picture_id>/restoration")
@staff("owner", "recruiter")
def put_picture_back(assessment_id: UUID, picture_id: UUID) -> BaseResponse:
    """Have a picture again."""
    with writing():
        key = pictures.put_back(_draft(assessment_id), picture_id).key
    return see_other("assessments.gallery", assessment_id=assessment_id, _anchor=key)


def _draft(assessment_id: UUID) -> Version:
    """The locked draft. Raises Refused when it went out meanwhile, Missing when there never was one."""
    queries.newest_of(assessment_id)
    with suppress(Missing):
        return actions.draft(assessment_id)
    raise Refused(_("This version went out meanwhile and stays as it is. Nothing was changed."))


def _gallery(version: Version, form: PictureForm, *, added: str = "") -> Response:
    there = [one for one in version.assessment.pictures if not one.removed_at]
    html = render_template(
        "assessments/_gallery.html" if wants_fragment() else "assessments/gallery.html",
        version=version,
        form=form,
        pictures=sorted(there, key=lambda one: one.added_at, reverse=True),
        fixed=_fixed(version),
        new=added or request.args.get("new", ""),
        gone=_gone(version),
    )
    response = make_response(html, 422 if form.errors else 200)
    response.vary.add("HX-Request-Type")
    return response


def _fixed(version: Version) -> dict[str, list[int]]:
    """The numbers of the versions that show a picture, by its key: it cannot be taken away."""
    fixed: dict[str, list[int]] = {}
    for one in version.assessment.versions:
        for key in keys_shown(one):
            fixed.setdefault(key, []).append(one.number)
    return fixed


def _gone(version: Version) -> Picture | None:
    """The picture that was taken away a moment ago, to be put back."""
    gone = request.args.get("gone", "")
    return next(
        (p for p in version.assessment.pictures if p.removed_at and str(p.id) == gone), None
    )
