"""Work that must not be done twice: claimed row by row in one UPDATE; a dead worker's claim is found.

What happens to an orphan depends on what doing it twice would do: mail is held for a person, a
document is simply drawn again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, UpdateBase, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hiring.kernel.clock import now, wall
from hiring.kernel.database import Key, session, writing
from hiring.kernel.queue import LIVES_SECONDS, living_workers, this_worker

TRIES = 3
STUCK = timedelta(minutes=15)  # nobody works at one row for so long; its thread has died


class Claimable:
    """Columns of a row that is work: waiting → claimed → done, failed or held."""

    id: Mapped[Key]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    not_before: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


Work = TypeVar("Work", bound=Claimable)


def claim_next(model: type[Work], *conditions: ColumnElement[bool]) -> UUID | None:
    """Claim one due row for this process and return its id; None when nothing is due.

    Several may ask at once: the conditional UPDATE lets exactly one have each row.
    """
    due = (model.state == "waiting") & ((model.not_before.is_(None)) | (model.not_before <= now()))
    found = session.scalars(select(model.id).where(due, *conditions).limit(20)).all()
    session.rollback()
    return next((id for id in found if _claim(model, id)), None)


def _claim(model: type[Work], id: UUID) -> bool:
    values = {
        "state": "claimed",
        "claimed_by": this_worker(),
        "claimed_at": wall(),
        "tries": model.tries + 1,
    }
    with writing():
        return _change(update(model).where(model.id == id, model.state == "waiting").values(values))


def settle(
    model: type[Work], id: UUID, state: str, *, error: str | None = None, **values: Any
) -> bool:
    """End this process's claim; False when the claim was taken from it meanwhile. Inside writing()."""
    mine = (model.id == id) & (model.state == "claimed") & (model.claimed_by == this_worker())
    ended = {"state": state, "error": error, "settled_at": now(), **values}
    return _change(update(model).where(mine).values(ended))


def hold_orphans(model: type[Work]) -> int:
    """Hold what a dead worker had claimed: whether it was done is unknown, and a person decides."""
    values = {"state": "held", "error": "The worker died while it had this; it may have been done."}
    return _end_orphans(model, values)


def give_back_orphans(model: type[Work]) -> int:
    """Let what a dead worker had claimed be done again, since doing it twice harms nobody."""
    given_up = {"state": "failed", "error": "The worker died three times over this."}
    spent = _end_orphans(model, given_up, model.tries >= TRIES)
    return spent + _end_orphans(model, {"state": "waiting", "claimed_by": None})


def _end_orphans(
    model: type[Work], values: dict[str, Any], *conditions: ColumnElement[bool]
) -> int:
    living = living_workers()
    quiet = model.claimed_at < wall() - timedelta(seconds=LIVES_SECONDS)
    stuck = model.claimed_at < wall() - STUCK
    dead = (model.state == "claimed") & ((quiet & model.claimed_by.not_in(living)) | stuck)
    if session.scalar(select(model.id).where(dead, *conditions).limit(1)) is None:
        return 0
    with writing():
        return _count(update(model).where(dead, *conditions).values(values))


def _change(statement: UpdateBase) -> bool:
    return _count(statement) == 1


def _count(statement: UpdateBase) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)  # noqa: S101  an UPDATE has no other result
    return int(result.rowcount)
