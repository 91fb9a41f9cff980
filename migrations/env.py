"""How migrations run: in one explicit transaction; on SQLite a copy is taken first and keys are checked.

Batch migration of a parent table with foreign keys on silently deletes its children, so on SQLite they
are off while it runs and every key is checked before the commit. What fails leaves the old database.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import context
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine

from hiring.kernel.database import db

KEPT = {"compare_type": True, "target_metadata": db.metadata}


def run() -> None:
    """Bring the application's own database to the wanted revision."""
    if db.engine.dialect.name == "sqlite":
        run_on_sqlite()
    else:
        with db.engine.begin() as connection:
            context.configure(connection=connection, **KEPT)
            context.run_migrations()


def run_on_sqlite() -> None:
    # An engine of its own: the application's begins transactions by itself, and inside one the
    # pragma for foreign keys does nothing.
    engine = create_engine(db.engine.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        copy_before_change(connection, engine.url.database)
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            context.configure(
                connection=connection, render_as_batch=True, transactional_ddl=False, **KEPT
            )
            context.run_migrations()
            refuse_broken_keys(connection)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
        # Now, while nobody else is here: of several processes that changed the mode at their first
        # connection, all but one would be told that the database is locked, whatever their patience.
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def refuse_broken_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"The migration would leave rows without their parent: {broken[:5]}")


def copy_before_change(connection: Connection, file: str) -> None:
    """`hiring.db.before-<revision>` beside the database, when there is something to change."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None or current == context.script.get_current_head():
        return
    with (
        closing(sqlite3.connect(file)) as here,
        closing(sqlite3.connect(Path(f"{file}.before-{current}"))) as there,
    ):
        here.backup(there)


run()
