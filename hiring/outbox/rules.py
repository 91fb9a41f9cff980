"""Who sees how much of a mail, and when one that failed is tried again."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum

TRIES = 40  # about three days, at two hours between the later ones
LONGEST_WAIT = timedelta(hours=2)
DECIDED_BY_HAND = frozenset({"held", "failed"})
HIDDEN = "•••"
# The last part of an address when it is long enough to be a key: ours have 43 characters and more.
_KEY = re.compile(r"(https?://[^\s\"'<>]*?/)[\w.~-]{40,}")


class Sight(Enum):
    """How much of a mail somebody may see."""

    WHOLE = "whole"
    ENVELOPE = "envelope"  # address, kind and state
    OUTSIDE = "outside"  # kind and state: they mark people whose names are in here


def sight_of(roles: frozenset[str], *, blind: bool) -> Sight:
    """What roles allow. `blind`: names of some step, or of all, must be hidden from this viewer."""
    if blind:
        return Sight.OUTSIDE
    return Sight.WHOLE if "owner" in roles else Sight.ENVELOPE


def without_keys(text: str) -> str:
    """A letter without the links that open a door: they belong to whom it was sent."""
    return _KEY.sub(rf"\1{HIDDEN}", text)


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries; None when it is time to give up."""
    if tries >= TRIES:
        return None
    return min(timedelta(minutes=2 ** min(tries, 10) / 2), LONGEST_WAIT)
