"""Who we are and who asks: the names we answer to, and the machine that a request came from.

A page under a name that is not ours could be made to lead people there. A machine that asks is the
one that speaks to us; behind reverse proxies it is the one that they name, and nobody else may.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request
from werkzeug.middleware.proxy_fix import ProxyFix

HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # this machine, for whoever watches over it


def install(app: Flask) -> None:
    """Ask every request for the name that it was sent to, before anything else."""
    app.extensions["hosts"] = names_of(app.config["PUBLIC_URL"])
    app.before_request(_refuse_others)
    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=0, x_host=0
        )


def names_of(public_url: str) -> frozenset[str]:
    """The host of the public address, as browsers write it, and this machine's own names."""
    host = urlsplit(public_url).hostname or ""
    return HERE | {host if host.isascii() else host.encode("idna").decode()}


def is_ours(host: str, names: Collection[str]) -> bool:
    """Whether a Host header, with or without a port, is one of these names."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".") in names
    except ValueError:  # a bracket that nobody closed
        return False


def _refuse_others() -> tuple[str, int] | None:
    if is_ours(request.host, current_app.extensions["hosts"]):
        return None
    url = current_app.config["PUBLIC_URL"]
    return render_template("errors/elsewhere.html", public_url=url), 400
