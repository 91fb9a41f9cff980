"""The one Migrate object, and what `/readyz` and the start ask of it: is the schema the code's own?"""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import Migrate

from hiring.kernel.database import db

migrate = Migrate(compare_type=True)


def at_head() -> bool:
    """Whether the database has every migration."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == scripts.get_current_head()
