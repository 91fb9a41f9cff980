"""What a password may be, what a role allows in words, and how long a door stays open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from hiring.kernel.refusals import Refused

INVITED_FOR = timedelta(days=7)  # how long the link in an invitation opens the door
RESET_FOR = timedelta(hours=2)  # and the link in a letter that somebody asked for
SIGN_IN_LASTS = timedelta(days=14)
SHORTEST_PASSWORD = 12
DEMO_PASSWORD = "a bicycle for two people"  # noqa: S105  everybody may know it; the demo is closed in
ROLE_WORDS: dict[str, LazyString] = {
    "owner": lazy_gettext("Owner"),
    "recruiter": lazy_gettext("Recruiter"),
    "reviewer": lazy_gettext("Reviewer"),
    "access_contact": lazy_gettext("Access contact"),
}
ROLE_NOTES: dict[str, LazyString] = {
    "owner": lazy_gettext("Staff, settings and mail, and all that a recruiter may."),
    "recruiter": lazy_gettext("Assessments, openings, invitations and decisions."),
    "reviewer": lazy_gettext("Marks answers without learning whose they are."),
    "access_contact": lazy_gettext("Gives candidates more time; nobody else learns to whom."),
}
# What stands first in every list of guesses; a password is not better for repeating or numbering it.
_GUESSED = tuple(
    """
    password passwort motdepasse wachtwoord contrasena correcthorsebatterystaple trustnoone letmein
    iloveyou iloveu welcome willkommen welkom bienvenue qwertyuiop qwertzuiop qwerty qwertz azertyuiop
    azerty asdfghjkl asdfgh zxcvbnm yxcvbnm 1qaz2wsx 1q2w3e4r5t 1q2w3e4r qazwsx 1234567890 123456789
    12345678 123456 654321 abcdef abc123 administrator admin root guest default changeme changeit
    secret geheim login master superman batman starwars pokemon football baseball basketball soccer
    monkey dragon princess sunshine shadow whatever freedom michael jennifer charlie liverpool arsenal
    chelsea hello hallo spring summer autumn winter january february march april june july august
    september october november december monday tuesday wednesday thursday friday saturday sunday test
    """.split()  # noqa: SIM905  read more easily so
)
_WRITTEN_SO = str.maketrans("0134578@$!", "oieastbasi")  # passw0rd, p@$$word
_DIFFERENT = 5  # letters, at least
_OF_ITS_OWN = 8  # characters that are not somebody's name


@dataclass(frozen=True)
class Pace:
    """How often one may knock: so many times at once, then once in each `then`.

    Only what was heard counts, so whoever waits is heard in the end, however many knock besides.
    """

    at_once: int
    then: timedelta

    def wait(self, calm_at: datetime, *, at: datetime) -> timedelta:
        """How long from `at` until one more is heard; zero or less is now."""
        return calm_at - at - self.then * (self.at_once - 1)

    def after(self, calm_at: datetime, *, at: datetime) -> datetime:
        """When all is forgotten, with one more knock at `at`."""
        return max(calm_at, at) + self.then


def checked_roles(roles: Iterable[str]) -> frozenset[str]:
    """The roles asked for. Raises Refused for none, or one that does not exist."""
    asked = frozenset(roles)
    if not asked or not asked <= ROLE_WORDS.keys():
        raise Refused(_("Choose one role at least."), field="roles")
    return asked


def checked_zone(name: str) -> str:
    """A time zone that this machine knows. Raises Refused."""
    if name not in available_timezones():
        raise Refused(_("There is no such time zone. Choose one of the list."), field="time_zone")
    return name


def password_fault(password: str, *, about: Iterable[str]) -> str | None:
    """What makes a password easy to guess, as a sentence; `about`: names that others know."""
    steps = {ord(b) - ord(a) for a, b in pairwise(password)}
    if len(set(password)) < _DIFFERENT or len(steps) <= 2:  # noqa: PLR2004  as in 123456789012
        return _("Too regular: this is among the first that anybody would try.")
    if any(_left(spelled) < _OF_ITS_OWN for spelled in _spellings(password)):
        return _("Too common: this is among the first that anybody would try.")
    rest = password.casefold()
    for word in re.findall(r"\w{3,}", " ".join(about).casefold()):
        rest = rest.replace(word, "")
    if len(rest) < _OF_ITS_OWN:
        return _("Too close to a name or address that others know.")
    return None


def _spellings(password: str) -> set[str]:
    plain = password.casefold()
    return {plain, plain.translate(_WRITTEN_SO)}


def _left(password: str) -> int:
    """How much is left of a password without what everybody tries, and what is only repeated."""
    rest = password
    for word in _GUESSED:
        rest = rest.replace(word, "")
    if rest == password:
        return len(password)
    return len(set(rest))
