"""Forms at the door: flask-security's own, in our words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_security import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm
from wtforms import EmailField, PasswordField

ADDRESS = _("Mail address")
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""


class LostPasswordForm(ForgotPasswordForm):
    """Asks for the address that a link is mailed to."""

    email: EmailField = _again(ForgotPasswordForm.email, ADDRESS, autocomplete="username")


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
