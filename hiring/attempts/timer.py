"""The clock of an attempt: one pure function says when it closes, and everything else follows from it.

Times are the server's, judged at arrival. A minute that nobody speaks of is given to everyone; what is
on its way when that ends still counts for half a minute; the closing waits a little longer than that,
so that a save which arrived in time is never overtaken by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

UNSPOKEN = timedelta(seconds=60)  # given to everyone; the page shows the end without it
GRACE = timedelta(seconds=30)  # after the close, for what was on its way
PATIENCE = timedelta(seconds=35)  # after the close, before the attempt is closed by the clock
FINISHING = timedelta(minutes=5)  # after the close, for files that were on their way before it
REGRET = timedelta(minutes=10)  # for taking a submission back, while time remains
MOST_PAUSED = timedelta(minutes=15)  # all pauses of an attempt together
MOST_FACTOR = 10.0


def deadline_of(
    started_at: datetime,
    *,
    limit_minutes: int,
    factor: float = 1.0,
    paused: timedelta = timedelta(),
    credited: timedelta = timedelta(),
) -> datetime:
    """When an attempt closes: start + limit × factor + pauses + credits + 60 s.

    `factor` counts between 1 and 10, `paused` up to 15 minutes; neither they nor `credited` ever take
    time away.
    """
    asked = timedelta(minutes=limit_minutes * min(max(factor, 1.0), MOST_FACTOR))
    given_back = min(max(paused, timedelta()), MOST_PAUSED) + max(credited, timedelta())
    return started_at + asked + given_back + UNSPOKEN


@dataclass(frozen=True)
class Timer:
    """What decides about an attempt's time, as plain values, and what follows from it."""

    started_at: datetime
    limit_minutes: int
    factor: float = 1.0
    paused: timedelta = timedelta()
    credited: timedelta = timedelta()
    submitted_at: datetime | None = None
    closed_at: datetime | None = None
    uploading_since: datetime | None = None  # when the first file began that is still on its way

    @property
    def closes_at(self) -> datetime:
        """The deadline: what is recorded as the end when the clock closes the attempt."""
        return deadline_of(
            self.started_at,
            limit_minutes=self.limit_minutes,
            factor=self.factor,
            paused=self.paused,
            credited=self.credited,
        )

    @property
    def shown_end(self) -> datetime:
        """The end that the candidate sees."""
        return self.closes_at - UNSPOKEN

    @property
    def takes_back_until(self) -> datetime | None:
        """Until when a standing submission can be taken back: ten minutes, while time remains."""
        if self.submitted_at is None:
            return None
        return max(self.submitted_at, min(self.submitted_at + REGRET, self.shown_end))

    @property
    def is_due_at(self) -> datetime:
        """From when on the attempt is to be closed."""
        if self.takes_back_until:
            return self.takes_back_until
        since = self.uploading_since
        waits = FINISHING if since is not None and self.counts(since) else timedelta()
        return self.closes_at + PATIENCE + waits

    def counts(self, arrived_at: datetime) -> bool:
        """Whether a save that arrived then is in time."""
        return arrived_at <= self.closes_at + GRACE

    def counts_file(self, begun_at: datetime, *, arrived_at: datetime) -> bool:
        """Whether a file is in time: begun in time, and whole within five minutes after the end."""
        return self.counts(begun_at) and arrived_at <= self.closes_at + GRACE + FINISHING

    def refuses_file(self, at: datetime) -> str:
        """Why no file may set out at this moment: late or submitted; empty when one may."""
        if self.closed_at is not None or not self.counts(at):
            return "late"
        return "submitted" if self.submitted_at is not None else ""

    def takes_piece(self, begun_at: datetime, *, arrived_at: datetime) -> bool:
        """Whether what a file sends is still taken, of one that set out then."""
        return self.closed_at is None and self.counts_file(begun_at, arrived_at=arrived_at)

    def may_take_back(self, at: datetime) -> bool:
        """Whether a submission stands and can be taken back at this moment."""
        until = self.takes_back_until
        return self.closed_at is None and until is not None and at < until

    def is_due(self, at: datetime) -> bool:
        """Whether the attempt is open and must be closed now."""
        return self.closed_at is None and at >= self.is_due_at

    def state(self, at: datetime) -> str:
        """As the candidate sees it: running, submitted or closed; needs no write to be true."""
        if self.closed_at is not None or self.is_due(at):
            return "closed"
        if self.submitted_at is not None:
            return "submitted"
        return "running" if self.counts(at) else "closed"
