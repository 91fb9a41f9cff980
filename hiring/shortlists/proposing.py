"""What a step's rule proposes. Pure: it looks at a shortlist and decides nothing; a person presses.

A rule that goes by means says nothing of people who have none yet. Where the best few are sought,
people with the same printed mean stand together: the cut never runs between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.openings import rules
from hiring.shortlists.shortlist import Row, Shortlist


@dataclass(frozen=True)
class Proposal:
    """Whom the rule would advance and put on hold, of those still to decide; each in the page's order."""

    advance: tuple[Row, ...]
    hold: tuple[Row, ...]
    unmeasured: int  # still to decide, with no mean yet: nothing is proposed about them
    tied: int  # with the same mean where the cut would have run between them, if one is still to decide

    @property
    def people(self) -> int:
        """About how many something is proposed."""
        return len(self.advance) + len(self.hold)


def proposal_of(shortlist: Shortlist) -> Proposal | None:
    """What the step's rule proposes now; None when the step has no rule, or nobody is to be decided."""
    if shortlist.proposes == "nobody" or shortlist.made == len(shortlist.rows):
        return None
    through, tied = _through(shortlist)
    waiting = [row for row in shortlist.ordered if not row.decided]
    measured = [row for row in waiting if _is_measured(row, shortlist)]
    return Proposal(
        advance=tuple(row for row in measured if row.application_id in through),
        hold=tuple(r for r in measured if r.application_id not in through and not r.held),
        unmeasured=len(waiting) - len(measured),
        tied=tied,
    )


def _is_measured(row: Row, shortlist: Shortlist) -> bool:
    return shortlist.proposes == "everybody" or bool(row.standing.printed)


def _through(shortlist: Shortlist) -> tuple[set[object], int]:
    """Who is through by the rule, decided or not, and how many stand together at the cut."""
    groups = [group for group in shortlist.groups if group.mean]
    bar, tied = shortlist.bar or 0, 0
    if shortlist.proposes == "everybody":
        return {row.application_id for row in shortlist.rows}, 0
    if shortlist.proposes == "mean":
        taken = list(takewhile(lambda group: Fraction(group.mean) >= bar, groups))
    else:
        taken, number = [], 0
        for group in groups:
            if number >= bar:
                break
            taken.append(group)
            number += len(group.rows)
        open_ = bool(taken) and any(not row.decided for row in taken[-1].rows)
        tied = len(taken[-1].rows) if open_ and number > bar else 0
    return {row.application_id for group in taken for row in group.rows}, tied


def rule_words(shortlist: Shortlist) -> str:
    """The rule of its step, as a sentence begins with it."""
    return rules.rule_words(shortlist.proposes, shortlist.bar)


def proposed(proposal: Proposal) -> str:
    """*advance four, hold nine*."""
    parts = [
        (len(proposal.advance), _("advance %(number)s", number=len(proposal.advance))),
        (len(proposal.hold), _("hold %(number)s", number=len(proposal.hold))),
    ]
    return ", ".join(words for number, words in parts if number)


def notes(proposal: Proposal) -> list[str]:
    """What has to be said beside: who stands together at the cut, and about whom nothing is proposed."""
    told = []
    if proposal.tied:
        told.append(
            _("%(number)s people have the same mean at the cut: they stand together.",
              number=proposal.tied)
        )  # fmt: skip
    if proposal.unmeasured:
        told.append(
            ngettext(
                "One person has no mean yet: nothing is proposed about them.",
                "%(num)s people have no mean yet: nothing is proposed about them.",
                proposal.unmeasured,
            )
        )
    return told


def reason(shortlist: Shortlist, verdict: str) -> str:
    """The reason that a form begins with, to be changed by whoever decides."""
    rule = rule_words(shortlist)
    if verdict == "advance":
        return _("The rule of step %(number)s proposes it: %(rule)s.",
                 number=shortlist.step, rule=rule[:1].lower() + rule[1:])  # fmt: skip
    return _("Not among those whom the rule of step %(number)s proposes: %(rule)s.",
             number=shortlist.step, rule=rule[:1].lower() + rule[1:])  # fmt: skip
