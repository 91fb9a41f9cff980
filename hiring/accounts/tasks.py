"""What the worker does for the door: it forgets who knocked."""

from __future__ import annotations

from sqlalchemy import delete, select

from hiring.accounts.models import Knock
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing


def forget_knocks() -> None:
    """Take away the rows that hold nobody up any more."""
    calm = select(Knock.key).where(Knock.calm_at <= now())
    if session.scalar(calm.limit(1)) is None:
        return
    with (
        writing()
    ):  # a row in use is left for the next time, so nobody waits for us nor we for them
        unused = calm.with_for_update(skip_locked=True)
        session.execute(delete(Knock).where(Knock.key.in_(unused)))
