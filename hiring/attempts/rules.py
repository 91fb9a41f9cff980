"""What becomes of a save: the rules that keep two texts where one would overwrite the other.

Nothing here reads a database or a clock. A save offers a text together with the revision it was written
over, the tab it was written in and that tab's own count; the verdict says how it is kept.
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from statistics import quantiles
from typing import Any

from hiring.attempts.timer import MOST_FACTOR

TABS_REMEMBERED = 32  # of one answer; a script that invents tabs must not grow the row
ENOUGH = 10  # attempts, before anything is said of how long they took
REMINDED = (timedelta(days=3), timedelta(days=1))  # before an invitation ends
FACTORS = (1.0, 1.25, 1.5, 2.0, 3.0)
_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another


@dataclass(frozen=True)
class Offered:
    """A save as it arrived."""

    base: int  # the revision that stood when the text was written
    tab: str
    nth: int  # the tab's own count of its saves; 0 when no script counts
    digest: str

    @property
    def counted(self) -> bool:
        """Whether a script counted it. A form without one is judged by its base alone."""
        return self.nth > 0


@dataclass(frozen=True)
class Standing:
    """How an answer stands when a save comes to it. Revision 0 is the empty answer."""

    head: int = 0
    tab: str = ""  # that wrote the head
    digest: str = ""
    seen: Mapping[str, int] = field(
        default_factory=dict
    )  # tab → the highest count accepted from it


@dataclass(frozen=True)
class Verdict:
    """How a save is kept, and why: the reason words the sentence that the candidate reads."""

    kept: str  # same | standing | aside | echo | sealed
    reason: str = ""  # newer | submitted | final | closed | late


def judge(offered: Offered, standing: Standing, *, state: str, in_time: bool) -> Verdict:
    """Decide about a save. `state` is running, final, submitted or closed; `in_time` is judged at arrival.

    - The standing text again is the standing text: nothing to keep, and a repeated request is answered
      as the first was.
    - What the same tab has overtaken itself arrived late on the way: an echo, kept, never the answer.
    - After the end it is sealed; after submission, or once the task was finished, it is kept aside.
    - Written over what stands, or over what the same tab wrote last, it stands.
    - Otherwise another tab was faster: both texts are kept and the person chooses.
    """
    if offered.digest == standing.digest:
        return Verdict("same")
    if offered.counted and offered.nth <= standing.seen.get(offered.tab, 0):
        return Verdict("echo")
    if state == "closed" or not in_time:
        return Verdict("sealed", "late" if not in_time else "closed")
    if state in {"submitted", "final"}:
        return Verdict("aside", state)
    if offered.base == standing.head or (offered.counted and offered.tab == standing.tab):
        return Verdict("standing")
    return Verdict("aside", "newer")


def remembered(standing: Standing, offered: Offered) -> dict[str, int]:
    """What is known of each tab's counts once this save was taken: of the newest tabs and the head's."""
    mine = {offered.tab: max(offered.nth, standing.seen.get(offered.tab, 0))}
    heads = {tab: nth for tab, nth in standing.seen.items() if tab == standing.tab}
    others = [(tab, nth) for tab, nth in standing.seen.items() if tab not in {*mine, *heads}]
    return {**dict(others[2 - TABS_REMEMBERED :]), **heads, **mine}


def digest_of(value: Mapping[str, Any]) -> str:
    """A value's fingerprint, the same however its keys are ordered."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def factor_for(minutes: float, *, limit_minutes: int) -> float | None:
    """The factor that gives these minutes; None when it is under one or over ten times the limit."""
    if not math.isfinite(minutes):
        return None
    factor = minutes / limit_minutes
    return factor if 1 <= factor <= MOST_FACTOR else None


@dataclass(frozen=True)
class Measured:
    """How long people took, in whole minutes: half of them at most `median`, nine in ten at most `most`."""

    median: int
    most: int


def measured(minutes: Sequence[float]) -> Measured | None:
    """What can be said of the minutes that people took; nothing before ten have."""
    if len(minutes) < ENOUGH:
        return None
    tenths = quantiles(minutes, n=10, method="inclusive")
    return Measured(math.ceil(tenths[4]), math.ceil(tenths[8]))


def reminder_due(
    *, invited_at: datetime, expires_at: datetime, at: datetime, once: bool
) -> datetime | None:
    """When the reminder was due that is owed now: three days before the end, then one; None before.

    `once`: the last one only, for an address that nobody has answered for yet.

    Nobody is reminded on the day after they were invited, nor of the earlier one when it is late.
    """
    spans = REMINDED[-1:] if once else REMINDED
    due = [expires_at - before for before in spans if expires_at - before <= at < expires_at]
    latest = max(due, default=None)
    return latest if latest and latest >= invited_at + timedelta(days=1) else None


def receipt_code() -> str:
    """A receipt's code, such as 7C4-QK2: six letters that nobody mistakes for others."""
    letters = [secrets.choice(_CODE_LETTERS) for _ in range(6)]
    return "".join(letters[:3]) + "-" + "".join(letters[3:])
