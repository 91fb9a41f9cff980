"""The roof over flask-security: how it is set, where it stores, what it may not decide for itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response, make_response, render_template
from flask_login import current_user
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf import FlaskForm

from hiring.accounts import forms, sign_ins
from hiring.accounts.models import Account, Passkey, RoleGrant
from hiring.kernel import clock
from hiring.kernel.database import commit_pending, db, session
from hiring.kernel.guards import ROLES, Rule, Viewer

INVITED_FOR = timedelta(days=7)  # how long the link in an invitation opens the door
SETTINGS: dict[str, Any] = {
    "SIGN_IN_ENDPOINT": "security.login",
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
    "SECURITY_RESET_PASSWORD_WITHIN": INVITED_FOR,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},  # it brings its own salt
    "SECURITY_HASHING_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_POST_LOGIN_VIEW": "/staff",
    "SECURITY_POST_CHANGE_VIEW": "/staff",
    "SECURITY_POST_LOGOUT_VIEW": "/account/login",
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}
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
        return super().put(model)

    def commit(self) -> None:
        """Write what was kept."""
        try:
            commit_pending()
        finally:
            session().autoflush = True


def install(app: Flask) -> None:
    """Open /account in this application."""
    app.config.update(SETTINGS)
    datastore = Datastore(db, Account, RoleGrant, Passkey)
    security = Security(
        app, datastore, render_template=_page, login_form=forms.SignInForm,
        forgot_password_form=forms.LostPasswordForm, reset_password_form=forms.NewPasswordForm,
        change_password_form=forms.OtherPasswordForm,
    )  # fmt: skip
    security.want_json(lambda request: False)
    manager = security.login_manager
    manager.user_loader(sign_ins.account_of)
    manager.request_loader(lambda request: None)  # no tokens: they would outlive their session
    sign_ins.wire()


def load_viewer() -> Viewer:
    """Who the session's cookie says, if that session is still open."""
    if not current_user.is_authenticated:
        return Viewer()
    return Viewer(current_user.id, current_user.name, current_user.role_names)


def _page(template: str, **values: Any) -> Response:
    wrong = any(isinstance(value, FlaskForm) and value.errors for value in values.values())
    return make_response(render_template(template, **values), 422 if wrong else 200)
