"""Who may do what: every view carries one rule, nothing without a rule answers, and no is a 404."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from hiring.kernel.again import send_it_again
from hiring.kernel.gather import BlindTo, gather
from hiring.kernel.refusals import Missing

View = TypeVar("View", bound=Callable[..., Any])
ROLES = ("owner", "recruiter", "reviewer", "access_contact")


@dataclass(frozen=True)
class Viewer:
    """Who looks, as plain values: the kernel knows no accounts."""

    account_id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()

    def is_any(self, *roles: str) -> bool:
        """Whether the viewer holds one of these roles; an owner may do everything a recruiter may."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Rule:
    """Who may enter a view. `bearer`: the token or id in the URL is the key and the view checks it."""

    kind: str
    roles: frozenset[str] = frozenset()

    def admits(self, viewer: Viewer) -> bool:
        """Whether this viewer may enter at all; what they may see inside is the view's own matter."""
        return self.kind != "staff" or viewer.is_any(*self.roles)


def open_to_all(view: View) -> View:
    """Anyone may enter."""
    return _ruled(view, Rule("open"))


def bearer(view: View) -> View:
    """Whoever holds the link may enter; the view raises Missing for a token it does not know."""
    return _ruled(view, Rule("bearer"))


def staff(*roles: str) -> Callable[[View], View]:
    """Only signed-in staff with one of these roles."""
    return lambda view: _ruled(view, Rule("staff", frozenset(roles)))


def any_staff(view: View) -> View:
    """Every signed-in member of staff."""
    return _ruled(view, Rule("staff", frozenset(ROLES)))


def _ruled(view: View, rule: Rule) -> View:
    view.__rule__ = rule  # type: ignore[attr-defined]
    return view


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule of an endpoint: its view's own, or the one given for a library's view."""
    rules: dict[str, Rule] = app.extensions["rules_of_libraries"]
    return rules.get(endpoint) or getattr(app.view_functions[endpoint], "__rule__", None)


def install(app: Flask, *, load_viewer: Callable[[], Viewer], libraries: dict[str, Rule]) -> None:
    """Guard every request. `load_viewer` reads the session; `libraries` gives rules to views not ours."""
    app.extensions["load_viewer"] = load_viewer
    app.extensions["rules_of_libraries"] = libraries
    app.before_request(_guard)


def viewer() -> Viewer:
    """Who makes the present request, read once."""
    if "viewer" not in g:
        g.viewer = current_app.extensions["load_viewer"]()
    return g.viewer


def actor() -> UUID:
    """The signed-in account's id, for an action's `by=`."""
    account_id = viewer().account_id
    if account_id is None:
        raise Missing
    return account_id


def blind_steps() -> frozenset[UUID] | None:
    """The steps whose names this viewer must not see; None when nobody answered, which hides all."""
    if "blind_steps" not in g:
        parts = gather(BlindTo(actor()))
        g.blind_steps = frozenset().union(*parts) if parts else None
    return g.blind_steps


def is_blind_to(*step_ids: UUID) -> bool:
    """Whether names and others' marks of any of these steps are hidden from the viewer."""
    hidden = blind_steps()
    return hidden is None or not hidden.isdisjoint(step_ids)


def _guard() -> BaseResponse | tuple[str, int] | None:
    if request.endpoint is None:
        return None
    if any("\0" in text for text in (request.path, *request.args.values())):
        raise Missing  # no database knows such a text, and PostgreSQL says so with an error
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        raise Missing
    if rule.kind != "staff" or rule.admits(viewer()):
        return None
    if viewer().account_id is not None:
        raise Missing
    return _ask_to_sign_in()


def ask_again() -> BaseResponse | tuple[str, int]:
    """The answer to a POST without a good token: sign in first, where the session is gone too."""
    rule = rule_of(current_app, str(request.endpoint))
    if rule is not None and viewer().account_id is None and not rule.admits(viewer()):
        return _ask_to_sign_in()
    return send_it_again()


def _ask_to_sign_in() -> BaseResponse | tuple[str, int]:
    door = current_app.config["SIGN_IN_ENDPOINT"]
    if request.method not in {"GET", "HEAD"}:
        back = url_for(current_app.config["SIGNED_IN_ENDPOINT"])
        return send_it_again(sign_in_url=url_for(door, next=back), signed_out=True)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for(door)})
    return redirect(url_for(door, next=request.full_path.rstrip("?")), 303)
