"""When a decision may be made, and when one may be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from hiring.kernel.refusals import Refused
from hiring.shortlists.models import VERDICTS
from hiring.shortlists.shortlist import MOST_NOTES, Verdict

REVERSIBLE = timedelta(hours=72)
FEWEST_WORDS = 3
LONGEST_REASON = 2000


def check_reason(reason: str) -> str:
    """The reason as it will be kept. Raises Refused when it says nothing, or far too much."""
    words = reason.split()
    if len(words) < FEWEST_WORDS:
        told = _("Say why in three words or more. The reason is kept with the decision.")
        raise Refused(told, field="reason")
    if len(reason) > LONGEST_REASON:
        told = _("A reason has at most %(most)s characters; this one has %(have)s.",
                 most=f"{LONGEST_REASON:,}", have=f"{len(reason):,}")  # fmt: skip
        raise Refused(told, field="reason")
    return reason.strip()


def verdicts_at(*, last: bool) -> tuple[str, ...]:
    """What can be decided at a step: people are hired at the last one."""
    return VERDICTS if last else tuple(verdict for verdict in VERDICTS if verdict != "hire")


def check_verdict(verdict: str, *, last: bool = True) -> None:
    """One of the four, or of the three before the last step. Raises Refused."""
    if verdict not in VERDICTS:
        raise Refused(_("Choose one of these."), field="verdict")
    if verdict not in verdicts_at(last=last):
        told = _("Nobody is hired before the last step. Advance them to the next one.")
        raise Refused(told, field="verdict")


def check_may_follow(last: Verdict | None, verdict: str, *, now: datetime) -> None:
    """Whether this verdict may come after the last decision. Raises Refused."""
    if last is None or (last.verdict == "hold" and verdict != "hold"):
        return
    if last.verdict == verdict:
        raise Refused(_("That is what stands already."), field="verdict")
    if not is_reversible(last, now=now):
        raise Refused(_("This decision is older than 72 hours and stands."))


def is_reversible(last: Verdict, *, now: datetime) -> bool:
    """A hold stays open; any other decision can be taken back for 72 hours."""
    return last.verdict == "hold" or now <= last.at + REVERSIBLE


def check_notes(number: int) -> None:
    """A document has room for three notes about a person. Raises Refused."""
    if number > MOST_NOTES:
        told = _("At most %(most)s notes about a person go into the document.", most=MOST_NOTES)
        raise Refused(told)
