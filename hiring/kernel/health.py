"""`/healthz`: the process lives. `/readyz`: database, migrations and worker are well."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hiring.kernel.database import session
from hiring.kernel.guards import open_to_all
from hiring.kernel.migrations import at_head
from hiring.kernel.queue import living_workers

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@open_to_all
def healthz() -> Response:
    """Asks nothing of anything else."""
    return jsonify(ok=True)


@pages.get("/readyz")
@open_to_all
def readyz() -> tuple[Response, int]:
    """503 while one of the three is not well, naming each."""
    checks = {"database": _database(), "migrations": False, "worker": False}
    if checks["database"]:
        checks["migrations"] = at_head()
        checks["worker"] = checks["migrations"] and bool(living_workers())
    return jsonify(checks), 200 if all(checks.values()) else 503


def _database() -> bool:
    try:
        return session.scalar(text("SELECT 1")) == 1
    except SQLAlchemyError:
        session.rollback()
        return False
