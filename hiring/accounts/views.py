"""The owner's settings: what the organisation says of itself, and its staff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from hiring.accounts import actions, queries
from hiring.accounts.colour import least_contrasts
from hiring.accounts.forms import InvitationForm, LogoForm, OrganisationForm, RolesForm
from hiring.accounts.rules import INVITED_FOR, ROLE_NOTES, ROLE_WORDS
from hiring.accounts.settings import organisation
from hiring.kernel import storage
from hiring.kernel.database import session, writing
from hiring.kernel.forms import Form
from hiring.kernel.guards import actor, any_staff, open_to_all, staff
from hiring.kernel.pages import form_page, paged, see_other
from hiring.kernel.pictures import redrawn
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.storage import StoredFile
from hiring.outbox.delivery import is_sending

pages = Blueprint("accounts", __name__)
LOGO_LONGEST, LOGO_BYTES = 640, 60_000  # pixels, four times what it is drawn at; bytes


@pages.app_template_filter()
def role_words(roles: frozenset[str]) -> str:
    """Roles as words, in the order of what they may do."""
    return ", ".join(str(words) for role, words in ROLE_WORDS.items() if role in roles)


@pages.get("/accent.css")
@open_to_all
def accent_css() -> Response:
    """The organisation's accent, as the stylesheet reads it. Its address changes with the hue."""
    css = Response(f":root{{--hue:{organisation().hue}}}", mimetype="text/css")
    css.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return css


@pages.get("/logo/<uuid:file_id>.webp")
@open_to_all
def logo(file_id: UUID) -> Response:
    """The organisation's logo; its address changes with it."""
    if organisation().logo_id != file_id:
        raise Missing
    file = session.get_one(StoredFile, file_id)
    answer = Response(storage.read(file), mimetype=file.media_type)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@pages.get("/account/signed-in")
@any_staff
def signed_in() -> str:
    """Where one is after signing in beside a form that waits in another window."""
    return render_template("accounts/signed_in.html")


@pages.route("/staff/settings", methods=["GET", "POST"])
@staff("owner")
def settings() -> BaseResponse:
    """What the organisation says of itself."""
    said = organisation()
    form = OrganisationForm(
        obj=said if said.named else replace(said, name=""), colour=said.accent[0]
    )
    if form.validate_on_submit():
        with form.refusals(), writing():
            actions.describe_organisation(**_described(form), by=actor())
        if not form.errors:
            flash(_("Kept. New pages, letters and documents say it so from now on."))
            return see_other("accounts.settings")
    return _settings(form, LogoForm(formdata=None, prefix="logo"))


def _settings(form: OrganisationForm, mark: LogoForm) -> Response:
    answer = form_page("accounts/settings.html", form=form, mark=mark, contrasts=least_contrasts())
    answer.status_code = 422 if mark.errors else answer.status_code
    return answer


def _described(form: OrganisationForm) -> dict[str, Any]:
    return {
        name: value for name, value in form.data.items() if name not in {"csrf_token", "colour"}
    }


@pages.post("/staff/settings/logo")
@staff("owner")
def change_logo() -> BaseResponse:
    """Show a logo from now on."""
    mark = LogoForm(prefix="logo")
    if mark.validate_on_submit():
        with mark.refusals():
            drawn = redrawn(mark.file.data.read(), longest=LOGO_LONGEST, most_bytes=LOGO_BYTES)
            with storage.laid(drawn.content) as lying, writing():
                actions.change_logo(lying, drawn, by=actor())
        if not mark.errors:
            flash(_("Your logo stands on every page that candidates read."))
            return see_other("accounts.settings")
    said = organisation()
    return _settings(OrganisationForm(formdata=None, obj=said, colour=said.accent[0]), mark)


@pages.post("/staff/settings/logo/removal")
@staff("owner")
def remove_logo() -> BaseResponse:
    """Show the name again."""
    with writing():
        actions.change_logo(None, by=actor())
    flash(_("The logo is gone; your name stands there again."))
    return see_other("accounts.settings")


@pages.get("/staff/settings/staff")
@staff("owner")
def members() -> str:
    """Everybody who has or had an account."""
    words, role = request.args.get("q", "").strip(), request.args.get("role", "")
    return render_template(
        "accounts/staff.html",
        page=paged(queries.staff(words=words, role=role if role in ROLE_WORDS else "")),
        counts=queries.counts(),
        words=words,
        role=role,
        roles=[("", _("Any role")), *ROLE_WORDS.items()],
    )


@pages.route("/staff/settings/staff/invitation", methods=["GET", "POST"])
@staff("owner")
def invitation() -> BaseResponse:
    """Invite somebody."""
    form = InvitationForm()
    if form.validate_on_submit():
        with form.refusals(), writing():
            actions.invite(
                form.address.data or "", name=form.name.data or "",
                roles=form.roles.data or [], by=actor(),
            )  # fmt: skip
        if not form.errors:
            flash(_sent(form.name.data or ""))
            return see_other("accounts.members")
    return form_page("accounts/invitation.html", form=form, notes=ROLE_NOTES, days=INVITED_FOR.days)


def _sent(name: str) -> str:
    """What became of the letter: without a mail server nothing goes out."""
    if is_sending():
        return _("The letter to %(name)s is on its way.", name=name)
    return _(
        "The letter to %(name)s is written. There is no mail server, so it is kept under Settings,"
        " Mail, for you to pass on.",
        name=name,
    )


@pages.get("/staff/settings/staff/<uuid:account_id>")
@staff("owner")
def member(account_id: UUID) -> BaseResponse:
    """One account: its roles, its invitation, its end; of an ended one, when that was."""
    account = queries.anybody(account_id)
    return _member(account_id, RolesForm(roles=sorted(account.role_names)))


@pages.post("/staff/settings/staff/<uuid:account_id>/roles")
@staff("owner")
def roles(account_id: UUID) -> BaseResponse:
    """Let these roles be held from now on."""
    form = RolesForm()
    if form.validate_on_submit():
        with form.refusals(), writing():
            actions.change_roles(account_id, roles=form.roles.data or [], by=actor())
        if not form.errors:
            flash(_("The roles are changed, and open sessions have ended."))
            return see_other("accounts.member", account_id=account_id)
    return _member(account_id, form)


@pages.post("/staff/settings/staff/<uuid:account_id>/letter")
@staff("owner")
def letter(account_id: UUID) -> BaseResponse:
    """Send the invitation once more."""
    with writing():
        actions.invite_again(account_id, by=actor())
    flash(_sent(queries.account_of(account_id).name))
    return see_other("accounts.member", account_id=account_id)


@pages.get("/staff/settings/staff/<uuid:account_id>/ending")
@staff("owner")
def end(account_id: UUID) -> str:
    """Ask before an access ends."""
    return render_template(
        "accounts/ending.html", account=queries.account_of(account_id), form=Form()
    )


@pages.post("/staff/settings/staff/<uuid:account_id>/ending")
@staff("owner")
def ending(account_id: UUID) -> BaseResponse:
    """End somebody's access at once."""
    account, form = queries.anybody(account_id), RolesForm()
    if account.ended_at is not None:  # the same press twice
        return see_other("accounts.members")
    name = account.name
    form.roles.data = sorted(account.role_names)
    try:
        with writing():
            actions.end_access(account_id, by=actor())
    except Refused as refusal:
        form.refuse(refusal)
        return _member(account_id, form)
    flash(_("The access of %(name)s has ended, and with it every open session.", name=name))
    return see_other("accounts.members")


def _member(account_id: UUID, form: RolesForm) -> BaseResponse:
    account = queries.anybody(account_id)
    by = account.invited_by
    return form_page(
        "accounts/member.html",
        form=form,
        account=account,
        notes=ROLE_NOTES,
        invited_by=queries.names_of_accounts([by])[by] if by else None,
        until=account.invited_at + INVITED_FOR,
        open_sessions=queries.open_sessions(account_id),
    )
