"""A hiring platform that any team can run itself: `create_app` puts the rooms together."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask
from flask_babel import Babel, get_locale, lazy_gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy
from werkzeug.routing import IntegerConverter, Map
from whitenoise import WhiteNoise

from hiring import cli, reactions
from hiring.accounts import security, settings
from hiring.accounts import views as accounts
from hiring.assessments import views as assessments
from hiring.attempts import views as attempts
from hiring.config import Config
from hiring.dashboard import views as dashboard
from hiring.kernel import (
    bodies,
    clock,
    errors,
    guards,
    headers,
    health,
    hosts,
    markdown,
    outlived,
    queue,
    rail,
    storage,
    words,
)
from hiring.kernel.assets import ROOT, asset
from hiring.kernel.database import db, watch
from hiring.kernel.migrations import migrate
from hiring.ledger import views as ledger
from hiring.openings import views as openings
from hiring.outbox import views as outbox
from hiring.reviewing import views as reviewing
from hiring.shortlists import views as shortlists

RECRUITING = frozenset({"owner", "recruiter"})
PLACES = (
    rail.Place(lazy_gettext("Today"), "dashboard.today"),
    rail.Place(lazy_gettext("Openings"), "openings.openings", RECRUITING, also=("shortlists",)),
    rail.Place(lazy_gettext("Reviews"), "reviewing.reviews", frozenset({"owner", "reviewer"})),
    rail.Place(lazy_gettext("Assessments"), "assessments.assessments", RECRUITING),
    rail.Place(lazy_gettext("Ledger"), "ledger.entries", RECRUITING, foot=True),
    rail.Place(
        lazy_gettext("Settings"),
        "accounts.settings",
        frozenset({"owner"}),
        foot=True,
        also=("outbox",),
    ),
)
ROOMS = (
    dashboard, shortlists, reviewing, attempts, openings, assessments, ledger, accounts, outbox, health,
)  # fmt: skip
csrf = CSRFProtect()


class Number(IntegerConverter):
    """A number in an address, of a size that a database knows: a larger one is an address of nothing."""

    def __init__(self, map: Map, **limits: Any) -> None:
        super().__init__(map, **{"max": 2**31 - 1, **limits})


babel = Babel()


def create_app(config: Config | None = None) -> Flask:
    """The application for `config`, or for the environment's `HIRING_*` variables."""
    config = config or Config.from_environment(os.environ)
    app = Flask(__name__, static_folder=None, template_folder=str(ROOT.parent / "templates"))
    app.url_map.converters["int"] = Number
    app.config.update(config.for_flask())
    clock.follow(config.clock_file)
    _open_stores(app, config)
    _dress(app)
    for room in ROOMS:
        app.register_blueprint(room.pages)
    reactions.wire()
    cli.install(app)
    _serve_static(app, fresh=config.env != "production")
    return app


def _open_stores(app: Flask, config: Config) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT.parent / "migrations"))
    with app.app_context():
        watch(db.engine)
    queue.install(app, file=config.data_dir / "queue.db", live=not app.testing)
    storage.install(app, config.data_dir / "files")
    outlived.install(app, config.data_dir / "erased.txt")


def _dress(app: Flask) -> None:
    bodies.install(app)
    headers.install(app)
    hosts.install(app)
    errors.install(app)
    words.install(app)
    babel.init_app(app, locale_selector=settings.language, timezone_selector=settings.time_zone)
    security.install(app)
    csrf.init_app(app)
    app.register_error_handler(CSRFError, lambda error: guards.ask_again())
    guards.install(app, load_viewer=security.load_viewer, libraries=security.RULES)
    app.jinja_env.globals["asset"] = asset
    app.add_template_filter(markdown.render, "markdown")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # asked when a template names them: the line under a saved answer needs none of them
    app.jinja_env.globals |= {
        "organisation": LocalProxy(settings.organisation),
        "language": LocalProxy(settings.language),
        "direction": LocalProxy(lambda: get_locale().text_direction),
        "viewer": LocalProxy(_viewer),
        "rail": _rail,
    }


def _viewer() -> guards.Viewer:
    try:
        return guards.viewer()
    except SQLAlchemyError:  # the page that says so is a page, too
        db.session.rollback()
        return guards.Viewer()


def _rail() -> list[list[rail.Link]]:
    try:
        return rail.links(PLACES)
    except SQLAlchemyError:
        db.session.rollback()
        return []


def _serve_static(app: Flask, *, fresh: bool) -> None:
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=ROOT,
        prefix="static/",
        autorefresh=fresh,
        immutable_file_test=lambda path, url: True,  # addresses carry a hash
    )
