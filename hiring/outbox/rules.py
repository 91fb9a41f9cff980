"""Who sees how much of a mail, and when one that failed is tried again."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum

from flask_babel import gettext as _

TRIES = 40  # about three days, at two hours between the later ones
LONGEST_WAIT = timedelta(hours=2)
DECIDED_BY_HAND = frozenset({"held", "failed"})
HIDDEN = "•••"
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
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


def why_not(state: str, error: str) -> str:
    """In plain words why a letter did not arrive, from what the other side's server said."""
    if state == "held":
        return _("Nobody knows whether it arrived.")
    code = _STATUS.search(error)
    detail = code[0] if code else ""
    for beginning, told in _reasons().items():
        if detail.startswith(beginning) or (not detail and error.startswith(beginning)):
            return told
    if error.startswith("Unwritable"):
        return _("No mail can go to this address.")
    if error[:1] != "5":
        return _("Their mail server could not be reached for days.")
    return _("Their mail server refused it.")


def _reasons() -> dict[str, str]:
    nobody, full = _("There is no such mailbox."), _("The mailbox is full.")
    nowhere = _("There is no mail server by that name.")
    return {
        "5.1.2": nowhere, "5.4.4": nowhere, "5.1.10": nobody, "5.1.1": nobody, "5.1.3": nobody,
        "5.1.6": nobody, "5.2.1": _("The mailbox is switched off."), "5.2.2": full,
        "5.7": _("Their mail server does not take our mail."),
        "550": nobody, "551": nobody, "553": nobody, "552": full,
    }  # fmt: skip


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries; None when it is time to give up."""
    if tries >= TRIES:
        return None
    return min(timedelta(minutes=2 ** min(tries, 10) / 2), LONGEST_WAIT)
