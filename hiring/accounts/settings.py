"""The organisation as every page and letter needs it: plain values, read once a request."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import g, has_app_context
from flask_babel import refresh
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from hiring.accounts.colour import written
from hiring.accounts.models import Organisation
from hiring.kernel.database import session


@dataclass(frozen=True)
class Profile:
    """Who this installation serves. `hue` is the accent, 0 to 360; `demo`: its passwords are known.

    `named`: an owner has said what it is called; until then it has a name that says nothing.
    """

    name: str = "Hiring"
    line: str = ""
    postal_address: str = ""
    time_zone: str = "UTC"
    language: str = "en"
    hue: int = 262
    demo: bool = False
    named: bool = False
    logo_id: UUID | None = None
    logo_width: int | None = None
    logo_height: int | None = None

    @property
    def accent(self) -> tuple[str, str]:
        """The accent as #rrggbb, by day and in the dark, for what no stylesheet of pages reaches."""
        return written(self.hue)


# As columns, built once: every page and every save asks for it, and a row of the ORM takes twice as long.
_PROFILE = select(
    Organisation.name,
    Organisation.line,
    Organisation.postal_address,
    Organisation.time_zone,
    Organisation.language,
    Organisation.hue,
    Organisation.demo,
    Organisation.logo_id,
    Organisation.logo_width,
    Organisation.logo_height,
).where(Organisation.id == 1)


def organisation() -> Profile:
    """The organisation's values; plain ones before it was named, and when no database answers.

    The second because the page that says so needs them too.
    """
    if "organisation" not in g:
        g.organisation = _read()
    return g.organisation


def forget() -> None:
    """Read afresh, after a change in the same request."""
    g.pop("organisation", None)
    refresh()  # flask-babel keeps zone and language


def language() -> str:
    """The language that pages are written in."""
    return organisation().language if has_app_context() else Profile.language


def time_zone() -> str:
    """The zone in which instants are shown."""
    return organisation().time_zone if has_app_context() else Profile.time_zone


def _read() -> Profile:
    try:
        row = session.execute(_PROFILE).one_or_none()
    except SQLAlchemyError:
        session.rollback()
        return Profile()
    if row is None:
        return Profile()
    return Profile(**row._mapping, named=True)
