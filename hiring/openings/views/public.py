"""What anyone may read: the openings of today, and each on a page of its own."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hiring.accounts.settings import organisation
from hiring.kernel.clock import now
from hiring.kernel.database import session
from hiring.kernel.guards import open_to_all, viewer
from hiring.kernel.links import link
from hiring.kernel.markdown import render
from hiring.kernel.pages import see_other
from hiring.kernel.prints import print_of
from hiring.openings import applying, notice, queries
from hiring.openings.forms.questions import ApplyForm
from hiring.openings.models import Opening
from hiring.openings.posting import posting_of
from hiring.openings.questions import sheet_of
from hiring.openings.views.blueprint import pages
from hiring.openings.views.words import course_words

LONGEST_LEAD = 400  # characters with their tags


@pages.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    """Staff go to their day; everyone else sees what is open."""
    if viewer().account_id is not None:
        return see_other("dashboard.today")
    found = session.scalars(queries.open_openings()).all()
    return render_template("openings/home.html", openings=found)


@pages.get("/openings/feed.xml")
@open_to_all
def feed() -> Response:
    """What is open, for programs that read news (Atom, RFC 4287)."""
    found = session.scalars(queries.open_openings()).all()
    newest = max((opening.created_at for opening in found), default=now())
    page = render_template("openings/feed.xml", openings=found, updated=newest, link=link,
                           kept_until=notice.kept_until)  # fmt: skip
    return Response(page, mimetype="application/atom+xml")


@pages.get("/openings/<slug>")
@open_to_all
def public(slug: str) -> str:
    """An opening to read: the facts, the work on its ruler, and the sentences one is marked by."""
    return notice_page(queries.opening_at(slug), ApplyForm(formdata=None))


def notice_page(opening: Opening, form: ApplyForm) -> str:
    """The page of an opening, with the form by which one applies where that is possible."""
    takes = notice.takes_applications(opening)
    agreement = notice.agreement(opening)
    if takes:
        _prepare(form, agreement)
    lead, about = _parted(render(opening.about))
    stages, open_ = notice.stages(opening), notice.is_open(opening)
    return render_template(
        "openings/public.html",
        opening=opening,
        stages=stages,
        lead=lead,
        about=about,
        course_words=course_words,
        upper_levels=queries.upper_levels,
        open=open_,
        form=form,
        sheet=sheet_of(opening.id),
        takes=takes,
        agreement=agreement,
        naming=notice.naming(),
        kept_until=notice.kept_until(opening),
        contact=queries.contact_of(opening),
        posting=posting_of(opening, organisation()) if open_ and opening.listed else None,
    )


def _parted(html: Markup) -> tuple[Markup, Markup]:
    """The first paragraph of a text, if it begins with one short enough to be set large, and the rest."""
    first, end, rest = html.partition(Markup("</p>"))
    if not html.startswith("<p>") or len(first) > LONGEST_LEAD:
        return Markup(), html
    return first + end, rest.strip()


def _prepare(form: ApplyForm, agreement: str) -> None:
    form.read.data = print_of(agreement)
    if not applying.is_ours(form.drawn.data or ""):
        form.drawn.data = applying.drawn_now()
