"""Forms at the door, which are flask-security's own in our words, and those of the owner."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_security import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm
from flask_security.utils import validate_redirect_url
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    EmailField,
    IntegerRangeField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, PasswordInput

from hiring.accounts import zones
from hiring.accounts.colour import hue_of
from hiring.accounts.rules import ROLE_WORDS, checked_roles
from hiring.accounts.settings import organisation
from hiring.kernel.clock import now
from hiring.kernel.forms import LINE, Form, stripped
from hiring.kernel.refusals import Refused

ADDRESS = _("Mail address")
TOO_LONG = _("That is longer than we keep: %(max)d characters at most.")
LONG = Length(max=LINE, message=TOO_LONG)
NEW_HINT = _("Twelve characters or more. A few words that nobody else would put together are best.")


def _again(field: Any, label: Any, description: Any = "", **attributes: str) -> Any:
    """A field of flask-security with its checks, and our label and attributes."""
    checks = field.kwargs.get("validators", [])
    return field.field_class(
        label, validators=checks, description=description, render_kw=attributes
    )


class SignInForm(LoginForm):
    """No *remember me*: the row of the session says how long it lasts."""

    email: EmailField = _again(LoginForm.email, ADDRESS, autocomplete="username")
    password: PasswordField = _again(
        LoginForm.password, _("Password"), autocomplete="current-password"
    )
    remember = None  # type: ignore[assignment]
    form_errors: list[str]
    own_errors: dict[Any, list[str]] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""

    def validate(self, **more: Any) -> bool:
        """Keeps what is wrong with a field by itself, of which flask-security makes one sentence."""
        fits = bool(super().validate(**more))
        told = self.ifield is None  # no account was looked for, so it tells of none
        self.own_errors = {f: [*f.errors] for f in (self.email, self.password) if told and f.errors}
        return fits

    def place_errors(self) -> None:
        """Let each field carry its error: the password that both do not fit, whoever has an account."""
        if self.own_errors is None or not self.form_errors:
            return
        for field, errors in (self.own_errors or {self.password: self.form_errors}).items():
            field.errors = errors
        self.form_errors = []

    def validate_next(self, field: Any) -> None:
        """An address elsewhere is not refused but forgotten: whoever signs in came for our pages."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""

    def prefill(self, address: str, password: str) -> None:
        """Write both fields, as only the demo does: its passwords are known to all."""
        self.email.data, self.password.data = address, password
        self.password.widget = PasswordInput(hide_value=False)


class LostPasswordForm(ForgotPasswordForm):
    """Asks for the address that a link is mailed to."""

    email: EmailField = _again(ForgotPasswordForm.email, ADDRESS, autocomplete="username")
    form_errors: list[str]

    def validate(self, **more: Any) -> bool:
        """An empty address is said to be missing: whether one has an account is never told."""
        fits = bool(super().validate(**more))
        if not (self.email.data or "").strip():
            self.form_errors.append(str(_("The address is missing.")))
        return fits


class NewPasswordForm(ResetPasswordForm):
    """Behind the link of an invitation or a reset."""

    password: PasswordField = _again(
        ResetPasswordForm.password, _("New password"), NEW_HINT, autocomplete="new-password"
    )
    password_confirm: PasswordField = _again(
        ResetPasswordForm.password_confirm, _("The same again"), autocomplete="new-password"
    )


class OtherPasswordForm(ChangePasswordForm):
    """For somebody who is signed in."""

    password: PasswordField = _again(
        ChangePasswordForm.password, _("Present password"), autocomplete="current-password"
    )
    new_password: PasswordField = _again(
        ChangePasswordForm.new_password, _("New password"), NEW_HINT, autocomplete="new-password"
    )
    new_password_confirm: PasswordField = _again(
        ChangePasswordForm.new_password_confirm, _("The same again"), autocomplete="new-password"
    )


def _roles() -> list[tuple[str, Any]]:
    return list(ROLE_WORDS.items())


class RolesForm(Form):
    """What an account may do."""

    roles = SelectMultipleField(
        _("Roles"), choices=_roles, option_widget=CheckboxInput(),
        validate_choice=False,
    )  # fmt: skip

    def validate_roles(self, field: Any) -> None:
        """Told together with what else is wrong; the action asks the same rule."""
        try:
            checked_roles(field.data or ())
        except Refused as refusal:
            raise ValidationError(refusal.sentence) from refusal


class InvitationForm(RolesForm):
    """Somebody new."""

    name = StringField(
        _("Name"), [DataRequired(_("The name is missing.")), LONG], filters=[stripped]
    )
    address = EmailField(
        ADDRESS, [DataRequired(_("The address is missing.")), LONG], filters=[stripped]
    )


class OrganisationForm(Form):
    """What stands on every page and letter."""

    name = StringField(
        _("Name"), [DataRequired(_("The name is missing.")), LONG], filters=[stripped]
    )
    line = StringField(
        _("One line about you"), [LONG], filters=[stripped],
        description=_("What you do and where, in one line. Candidates read it beside the name."),
    )  # fmt: skip
    postal_address = TextAreaField(
        _("Postal address"), [Length(max=1000, message=TOO_LONG)], filters=[stripped],
        description=_("Stands at the foot of letters and public pages."),
    )  # fmt: skip
    time_zone = SelectField(
        _("Time zone"), choices=lambda: zones.offered(now(), kept=organisation().time_zone),
        validate_choice=False,
        description=_("Look for a large city near you. Pages, letters and documents show times as there."),
    )  # fmt: skip
    colour = StringField(
        _("Your own colour"), [LONG], filters=[stripped],
        description=_("As # and six digits. We take its hue and set light and dark so that it stays"
                      " readable; afterwards the accent stands here as it is by day."),
    )  # fmt: skip
    hue = IntegerRangeField(
        _("Accent"), [NumberRange(0, 360, _("A hue is a number from 0 to 360."))],
        description=_("The one colour that is yours: the first button, what is chosen, where the focus is."),
    )  # fmt: skip

    def validate_colour(self, field: Any) -> None:
        """A colour that was written is the accent, wherever the slider stands."""
        if not field.data or field.data == organisation().accent[0]:  # as the page showed it
            return
        try:
            self.hue.data = hue_of(field.data)
        except Refused as refusal:
            raise ValidationError(refusal.sentence) from refusal


class LogoForm(Form):
    """The organisation's mark, for the head of what candidates read."""

    file = FileField(
        _("Logo"), [FileRequired(_("Choose a file."))],
        description=_("PNG, JPEG, WebP or GIF. It stands in place of your name, which is read aloud for it."),
    )  # fmt: skip
