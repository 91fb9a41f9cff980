"""The roof over flask-security: how it is set, where it stores, what it may not decide for itself."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, make_response, render_template, request
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_security import MailUtil, PasswordUtil, Security, SQLAlchemyUserDatastore
from flask_security.mail_util import EmailValidateException
from flask_security.utils import verify_password
from flask_wtf import FlaskForm
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from hiring.accounts import door, forms, mail, queries, rules, sign_ins
from hiring.accounts.models import Account, Passkey, RoleGrant
from hiring.accounts.settings import organisation
from hiring.kernel import clock
from hiring.kernel.addresses import normalised
from hiring.kernel.database import commit_pending, db, has_pending, session, writing
from hiring.kernel.guards import ROLES, Rule, Viewer
from hiring.kernel.pages import see_other
from hiring.kernel.refusals import Refused

SETTINGS: dict[str, Any] = {
    "SIGN_IN_ENDPOINT": "security.login",
    "SIGNED_IN_ENDPOINT": "accounts.signed_in",
    "SIGN_OUT_ENDPOINT": "security.logout",
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a long task must not die at its end
    "SECURITY_URL_PREFIX": "/account",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_DATETIME_FACTORY": clock.now,
    "SECURITY_JOIN_USER_ROLES": False,  # roles are grants in force, not a relationship
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_FRESHNESS": timedelta(minutes=-1),  # no page asks for a fresh sign-in yet
    "SECURITY_RETURN_GENERIC_RESPONSES": True,  # nobody learns who has an account
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_RESET_PASSWORD_WITHIN": rules.INVITED_FOR,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},  # it brings its own salt
    "SECURITY_HASHING_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": rules.SHORTEST_PASSWORD,
    "SECURITY_EMAIL_PLAINTEXT": False,  # our letters are worded in mail.py
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_POST_LOGIN_VIEW": "/staff",
    "SECURITY_POST_CHANGE_VIEW": "/staff",
    "SECURITY_POST_LOGOUT_VIEW": "/account/login",
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}
MESSAGES = {  # flask-security's sentences in our voice, with the kinds that our toasts know
    "GENERIC_AUTHN_FAILED": (_("Address and password do not fit together."), "wrong"),
    "EMAIL_NOT_PROVIDED": (_("The address is missing."), "wrong"),
    "INVALID_EMAIL_ADDRESS": (_("No mail can go to this address."), "wrong"),
    "PASSWORD_NOT_PROVIDED": (_("The password is missing."), "wrong"),
    "PASSWORD_INVALID_LENGTH": (_("Too short: it takes %(length)s characters or more."), "wrong"),
    "PASSWORD_IS_THE_SAME": (_("That is the present one."), "wrong"),
    "INVALID_PASSWORD": (_("This is not your present password."), "wrong"),
    "RETYPE_PASSWORD_MISMATCH": (_("The two are not the same."), "wrong"),
    "INVALID_REDIRECT": (_("That address is not one of ours."), "wrong"),
    "PASSWORD_RESET_REQUEST": (
        _("If %(email)s belongs to an account, a letter with a link is written to it. The link works"
          " for two hours."),
        "done",
    ),
    "PASSWORD_RESET_EXPIRED": (
        _("That link has ended. Ask for a new one here; it works for two hours."), "wait"
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _("That link was used already, or is not whole. Ask for a new one here."), "wait"
    ),
    "PASSWORD_RESET_NO_LOGIN": (_("Your password is kept. Sign in with it."), "done"),
    "PASSWORD_CHANGE": (_("Your new password is kept. Every other session has ended."), "done"),
}  # fmt: skip
RULES = {
    "security.login": Rule("open"),
    "security.logout": Rule("open"),
    "security.forgot_password": Rule("open"),
    "security.reset_password": Rule("bearer"),
    "security.change_password": Rule("staff", frozenset(ROLES)),
}


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security reads, then writes in the same transaction; beside others that fails at once.

    So its commit takes the way of `commit_pending`, and between a change and its commit nothing is
    flushed by accident.
    """

    def put(self, model: Any) -> Any:
        """Keep a change until commit."""
        session().autoflush = False
        session.add(model)
        return model

    def commit(self) -> None:
        """Write what was kept."""
        try:
            commit_pending()
        finally:
            session().autoflush = True


class Post(MailUtil):
    """Letters go to the outbox. Asking for a new password commits nothing, so it gets its own unit."""

    def normalize(self, email: str) -> str:
        """The one spelling of a mailbox."""
        try:
            return normalised(email)
        except Refused as refusal:
            raise EmailValidateException(refusal.sentence) from refusal

    validate = normalize

    def send_mail(self, *_words: Any, **context: Any) -> None:
        """Word our own letter for the occasion."""
        if "reset_token" in context:
            with writing():
                mail.send_reset(context["user"], token=context["reset_token"])
        elif has_pending():  # it is committed together with the new password
            mail.send_notice(context["user"])


class Passwords(PasswordUtil):
    """Beside the length: nothing that anybody would try first. Asks no other machine."""

    def validate(
        self, password: str, is_register: bool, **more: Any
    ) -> tuple[list[Any] | None, str]:
        """The faults as sentences, or None, and the password as it will be hashed."""
        faults, normal = super().validate(password, is_register, **more)
        user = more["user"]
        known = (user.email, user.name, organisation().name)
        fault = None if faults else rules.password_fault(normal, about=known)
        return ([fault] if fault else faults), normal


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


class _Links(URLSafeTimedSerializer):
    """Links to choose a password. An invitation may wait for days, a reset only for hours."""

    default_signer = _Signer

    def loads(self, s: str | bytes, max_age: int | None = None, **more: Any) -> Any:  # type: ignore[override]
        data = super().loads(s, max_age=max_age, **more)
        if data[1] is not None:  # the account had a password when the link was made
            super().loads(s, max_age=int(rules.RESET_FOR.total_seconds()), **more)
        return data


def install(app: Flask) -> None:
    """Open /account in this application."""
    app.config.update(SETTINGS, **{f"SECURITY_MSG_{name}": m for name, m in MESSAGES.items()})
    security = Security(
        app,
        Datastore(db, Account, RoleGrant, Passkey),
        mail_util_cls=Post,
        password_util_cls=Passwords,
        render_template=_page,
        login_form=forms.SignInForm,
        forgot_password_form=forms.LostPasswordForm,
        reset_password_form=forms.NewPasswordForm,
        change_password_form=forms.OtherPasswordForm,
    )
    security.want_json(lambda request: False)
    security.reset_serializer = _Links(app.config["SECRET_KEY"], salt="choose-password")
    security.login_manager.user_loader(sign_ins.account_of)
    security.login_manager.request_loader(lambda request: None)  # no tokens: they outlive sessions
    sign_ins.wire()
    door.install(app)


def load_viewer() -> Viewer:
    """Who the session's cookie says, if that session is still open."""
    if not current_user.is_authenticated:
        return Viewer()
    return Viewer(current_user.id, current_user.name, current_user.role_names)


def _page(template: str, **values: Any) -> Any:
    if template == "security/login_user.html":
        form = values["login_user_form"]
        form.place_errors()
        if request.method == "GET":
            form.email.data = sign_ins.address_to_come_in_with()
        if organisation().demo:
            values["demo_staff"] = _prefilled(form)
    wrong = any(isinstance(value, FlaskForm) and value.errors for value in values.values())
    asked_for_link = template == "security/forgot_password.html" and request.method == "POST"
    if asked_for_link and not wrong:
        return see_other("security.login")  # a reload must not send a second letter
    return make_response(render_template(template, **values), 422 if wrong else 200)


def _prefilled(form: forms.SignInForm) -> list[Account]:
    """The demo's staff; the form is filled for the one whose address begins with `?as=`.

    Whoever came later and chose a password of their own is not among them.
    """
    everyone = session.scalars(queries.staff())
    people = [a for a in everyone if a.active and a.password and _is_the_demos(a.password)]
    asked = request.args.get("as", "")
    for account in people:
        if request.method == "GET" and asked and account.email.startswith(f"{asked}@"):
            form.prefill(account.email, rules.DEMO_PASSWORD)
    return people


@lru_cache(maxsize=256)
def _is_the_demos(hashed: str) -> bool:
    return bool(verify_password(rules.DEMO_PASSWORD, hashed))
