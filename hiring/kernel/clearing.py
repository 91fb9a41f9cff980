"""Files that nobody may read any more: a row says which, and the worker unlinks them after the commit.

A file is no part of a transaction. Unlinked inside one, it would be gone though the act was undone;
unlinked after it by whoever acted, it would stay when that process is killed. So the act leaves a row.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.clock import now
from hiring.kernel.database import Base, change, db, session, writing
from hiring.kernel.storage import StoredFile, clear_away

AT_ONCE = 200
log = logging.getLogger(__name__)
GRACE = timedelta(minutes=2)  # in which a request that began before may still lay a piece there


class UnwantedFile(Base):
    """Bytes under this key are to be unlinked. The row goes once they are."""

    __tablename__ = "unwanted_files"
    key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


def unwant(keys: Iterable[str]) -> None:
    """Let the worker unlink what lies under these keys, inside an act. Twice is as once."""
    wanted = set(keys)
    known = select(UnwantedFile.key).where(UnwantedFile.key.in_(wanted))
    new = sorted(wanted - set(session.scalars(known)))
    session.add_all(UnwantedFile(key=key, since=now()) for key in new)
    session.flush()


def unwant_files(file_ids: Iterable[UUID]) -> None:
    """Let kept files go: their rows in this act, their bytes by the worker."""
    ids = list(set(file_ids))
    mine = StoredFile.id.in_(ids)
    unwant(session.scalars(select(StoredFile.key).where(mine)).all())
    gone = delete(StoredFile).where(mine)
    change(gone)


def clear() -> None:
    """The worker's part: unlink what waits. What is gone already is no fault, so several may do it."""
    stay: set[str] = set()  # a key that cannot be unlinked must not keep the others waiting
    while keys := _waiting(but=stay):
        gone = {key for key in keys if _unlinked(key)}
        stay.update(set(keys) - gone)
        with writing():
            change(delete(UnwantedFile).where(UnwantedFile.key.in_(gone)))


def _unlinked(key: str) -> bool:
    try:
        clear_away([key])
    except Exception:
        log.exception("%s could not be unlinked; the next sweep tries it again.", key)
        return False
    return True


def _waiting(*, but: Collection[str]) -> list[str]:
    rows = select(UnwantedFile.key).where(UnwantedFile.since <= now() - GRACE)
    rows = rows.where(UnwantedFile.key.not_in(but))
    rows = rows.order_by(UnwantedFile.since, UnwantedFile.key)
    keys = list(session.scalars(rows.limit(AT_ONCE)))
    session.rollback()
    return keys


def overwrite() -> None:
    """Let go of what SQLite keeps beside its file of pages that were changed; its free pages it empties
    by itself. Where somebody still reads, the next time does it.
    """
    if db.engine.dialect.name == "sqlite":
        with closing(db.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
