"""The pace at the door: guessing at passwords and flooding a mailbox become slow, and nobody is shut out.

Strangers share one pace for each address that they type and one for the machine they sit at. A browser
that was let in before has a pace of its own, so that a stranger's guessing does not keep the true owner
out; and who is told to wait for a letter has one with a link that works, since such a link lives longer
than any wait. What is counted bears neither address nor machine, and is forgotten when it is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any
from uuid import UUID

from flask import Flask, Response, after_this_request, current_app, make_response, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import password_reset, user_authenticated

from hiring.accounts import actions, forms
from hiring.accounts.models import Account
from hiring.accounts.rules import Pace
from hiring.kernel.addresses import normalised
from hiring.kernel.database import session, writing
from hiring.kernel.guards import viewer
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.tokens import pseudonym, seal, unseal

REMEMBERED = timedelta(days=365)  # how long a browser that was let in is no stranger
NEIGHBOURS = 64  # bits of an IPv6 address: one household or office may use all that begin so

View = Callable[..., Any]
Paces = Mapping[str, Pace]


@dataclass(frozen=True)
class Door:
    """One page at which one knocks, and how often: on an address, from a machine, or as a `known` browser."""

    account: Pace
    machine: Pace
    known: Pace
    page: Callable[[str], Response]
    lets_in: bool = True  # and then the knock was none


def install(app: Flask) -> None:
    """Set the pace at sign-in, at asking for a link, and at typing one's present password."""
    for endpoint, door in DOORS.items():
        app.view_functions[endpoint] = _paced(door, app.view_functions[endpoint])
    user_authenticated.connect(_remember)
    password_reset.connect(_remember)


def _paced(door: Door, view: View) -> View:
    def paced() -> Response:
        paces = _paces(door) if request.method == "POST" else {}
        if not paces:
            return make_response(view())
        with writing():
            wait = actions.knock(paces)
        if wait is not None:
            return _too_soon(door, wait)
        answer = make_response(view())
        if door.lets_in and answer.status_code == 302:  # noqa: PLR2004  flask-security's way to say yes
            after_this_request(lambda answer: _let_in(paces, answer))
        return answer

    return paced


def _paces(door: Door) -> Paces:
    """Who knocks, and how often they may; nobody while no address was typed that could be one."""
    try:
        address = normalised(request.form.get("email", "")) if not viewer().account_id else ""
    except Refused:
        return {}
    at, known = str(request.endpoint), viewer().account_id or _known_to_belong_to(address)
    if known:
        return {pseudonym(f"{at} browser", str(known)): door.known}
    return {
        pseudonym(f"{at} account", address): door.account,
        pseudonym(f"{at} machine", machine_asking()): door.machine,
    }


def machine_asking() -> str:
    """The address that a request came from, or the part that is one household's."""
    text = request.remote_addr or ""
    try:
        address = ip_address(text)
    except ValueError:  # a proxy's own word for it
        return text
    bits = NEIGHBOURS if address.version == 6 else address.max_prefixlen  # noqa: PLR2004
    return str(ip_network((address, bits), strict=False))


def _too_soon(door: Door, wait: timedelta) -> Response:
    page = door.page(_in_words(wait))
    page.status_code = 429
    page.headers["Retry-After"] = str(ceil(wait.total_seconds()))
    return page


def _in_words(wait: timedelta) -> str:
    minutes = ceil(wait.total_seconds() / 60)
    return ngettext("in one minute", "in %(num)s minutes", minutes)


def _let_in(paces: Paces, answer: Response) -> Response:
    # After flask-security's own commit, which comes at the end of its request.
    with writing():
        actions.take_knock_back(paces)
    return answer


# ── Browsers that were let in before ──


def _known_to_belong_to(address: str) -> UUID | None:
    """The account of this address, if it was entered from this browser before."""
    try:
        account_id = unseal("known-browser", request.cookies.get(_cookie(), ""))
    except Missing:
        return None
    account = session.get(Account, account_id)
    return account_id if account is not None and account.email == address else None


def _remember(_app: object, *, user: Account, **_more: Any) -> None:
    token = seal("known-browser", user.id)

    def keep(answer: Response) -> Response:
        answer.set_cookie(
            _cookie(), token, max_age=REMEMBERED, httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
        return answer

    after_this_request(keep)


def _cookie() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


# ── What each page says to whoever has to wait ──


def _sign_in_page(when: str) -> Response:
    form = forms.SignInForm()
    form.form_errors.append(
        _(
            "There were many tries just now. The next is heard %(when)s. With a new password by"
            " mail you need not wait.",
            when=when,
        )
    )
    return _page("security/login_user.html", login_user_form=form)


def _lost_password_page(when: str) -> Response:
    form = forms.LostPasswordForm()
    form.form_errors.append(
        _(
            "Many letters were asked for just now. The links in them work for two hours; you can"
            " ask for another %(when)s.",
            when=when,
        )
    )
    return _page("security/forgot_password.html", forgot_password_form=form)


def _other_password_page(when: str) -> Response:
    form = forms.OtherPasswordForm()
    form.form_errors.append(
        _("There were many tries just now. The next is heard %(when)s.", when=when)
    )
    return _page("security/change_password.html", change_password_form=form)


def _page(template: str, **values: Any) -> Response:
    return make_response(current_app.extensions["security"].render_template(template, **values))


_guessing = partial(
    Door,
    account=Pace(10, timedelta(minutes=5)),
    machine=Pace(30, timedelta(seconds=30)),
    known=Pace(10, timedelta(minutes=1)),
)
# Three at once and then one in twenty minutes: among the letters of two hours there is always one.
_asking = partial(
    Door,
    account=Pace(3, timedelta(minutes=20)),
    machine=Pace(20, timedelta(minutes=2)),
    known=Pace(3, timedelta(minutes=20)),
    lets_in=False,
)
DOORS = {
    "security.login": _guessing(page=_sign_in_page),
    "security.change_password": _guessing(page=_other_password_page),
    "security.forgot_password": _asking(page=_lost_password_page),
}
