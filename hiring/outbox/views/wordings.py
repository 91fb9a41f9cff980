"""Settings → Letters: the words of the letters to candidates, their preview, and a letter to try."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hiring.kernel.database import session, writing
from hiring.kernel.gather import gather
from hiring.kernel.guards import actor, staff, viewer
from hiring.kernel.pages import page_or_fragment, see_other
from hiring.outbox import wordings
from hiring.outbox.actions import Addressed, write_letter
from hiring.outbox.forms import WordingForm
from hiring.outbox.letters import AddressOf, Letterhead
from hiring.outbox.views.blueprint import pages
from hiring.outbox.wordings import Text

SHOWN = 20  # versions
PAGE = "/staff/settings/letters/<kind>"


@pages.get("/staff/settings/letters")
@staff("owner", "recruiter")
def letters() -> str:
    """Which letters there are, when each goes, and whose words it has."""
    newest = {letter.kind: _versions(letter.kind)[:1] for letter in wordings.offered()}
    return render_template("outbox/letters.html", letters=wordings.offered(), newest=newest)


@pages.get(PAGE)
@staff("owner", "recruiter")
def wording(kind: str) -> ResponseReturnValue:
    """One letter: its words as they stand, its variables, how it reads."""
    stands = wordings.standing(kind, _language())
    form = WordingForm(subject=stands.subject, body=stands.body, seen=str(stands.number))
    return _page(kind, form)


@pages.post(PAGE)
@staff("owner", "recruiter")
def keep(kind: str) -> ResponseReturnValue:
    """Let the next letters have these words."""
    form = _typed(kind)
    if form.validate() and _is_right(kind, form):
        with form.refusals():
            text = _words(form)
            with writing():
                wordings.keep(
                    kind, language=_language(), subject=text.subject, body=text.body,
                    seen=form.version, by=actor(), by_name=viewer().name,
                )  # fmt: skip
            flash(_("Kept. The next letters read like this; those that went out keep their words."))
            return see_other("outbox.wording", kind=kind)
    return _page(kind, form)


@pages.post(f"{PAGE}/preview")
@staff("owner", "recruiter")
def preview(kind: str) -> ResponseReturnValue:
    """How what was typed would read, or what is wrong with it; nothing is kept."""
    form = _typed(kind)
    _is_right(kind, form)
    return _page(kind, form)


@pages.post(f"{PAGE}/test")
@staff("owner", "recruiter")
def try_out(kind: str) -> ResponseReturnValue:
    """Send the letter as it is typed to whoever presses, with values made up."""
    form = _typed(kind)
    if not form.validate() or not _is_right(kind, form):
        return _page(kind, form)
    address, filling = gather(AddressOf(actor()))[0], wordings.example(kind, _language())
    with writing():
        letter = Addressed(filling, to_address=address, to_name=viewer().name)
        write_letter(kind, letter, text=_words(form))
    told = _(
        "A letter to try is written to %(address)s. What you typed is not kept yet.",
        address=address,
    )
    return _page(kind, form, told=told)


@pages.post(f"{PAGE}/standard")
@staff("owner", "recruiter")
def standard(kind: str) -> ResponseReturnValue:
    """Bring back the words that ship."""
    wordings.letter_of(kind)
    with writing():
        stands = wordings.standing(kind, _language())
        wordings.bring_back(
            kind, language=_language(), seen=stands.number, by=actor(), by_name=viewer().name
        )
    flash(_("The words that come with Hiring are back. Yours are kept below, to be copied."))
    return see_other("outbox.wording", kind=kind)


def _typed(kind: str) -> WordingForm:
    wordings.letter_of(kind)
    return WordingForm(request.form)


def _words(form: WordingForm) -> Text:
    return Text(form.subject.data or "", (form.body.data or "").strip())


def _is_right(kind: str, form: WordingForm) -> bool:
    text = _words(form)
    above, below = wordings.wrong(kind, text.subject, text.body)
    form.subject.errors = [*form.subject.errors, *above]
    form.body.errors = [*form.body.errors, *below]
    return not form.errors


def _page(kind: str, form: WordingForm, **more: Any) -> ResponseReturnValue:
    wrong = bool(form.errors)
    text, language = _words(form), _language()
    stands, filling = wordings.standing(kind, language), wordings.example(kind, language)
    if form.form_errors:  # what came meanwhile has been told of
        form.seen.data = str(stands.number)
    composed = None if wrong else wordings.composed(kind, filling, text)
    return page_or_fragment(
        "outbox/wording.html",
        "outbox/_preview.html",
        status=422 if wrong and request.endpoint != "outbox.preview" else 200,
        form=form,
        letter=wordings.letter_of(kind),
        composed=composed,
        versions=_versions(kind),
        stands=stands,
        **more,
    )


def _versions(kind: str) -> list[wordings.Wording]:
    return list(session.scalars(wordings.versions(kind, _language()).limit(SHOWN)))


def _language() -> str:
    return str(gather(Letterhead())[0].language)
