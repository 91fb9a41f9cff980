"""What a name keeps, and how a search compares it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from flask_babel import gettext as _

from hiring.kernel.addresses import TURNING, UNSEEN

LONGEST_NAME = 200
# What would turn the page around it, and what nobody sees; the joiners stay, some scripts spell with them.
_NOT_IN_NAMES = dict.fromkeys(map(ord, TURNING + UNSEEN))


def cleaned_name(name: str) -> str:
    """A name as it is kept: one line, single spaces, no letters that turn the page around."""
    return unicodedata.normalize("NFC", " ".join(name.translate(_NOT_IN_NAMES).split()))


def name_fault(name: str) -> str | None:
    """What is wrong with a name, as a sentence; None when it can be kept. It is never cut."""
    if len(cleaned_name(name)) <= LONGEST_NAME:
        return None
    return _(
        "This name has %(length)s characters; %(limit)s fit.",
        length=len(cleaned_name(name)),
        limit=LONGEST_NAME,
    )


def sought(text: str) -> str:
    """A text as a search compares it: case-folded, and Latin letters without their accents."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", text.casefold()):
        if unicodedata.combining(letter) and letters and letters[-1].isascii():
            continue
        letters.append(letter)
    return unicodedata.normalize("NFC", "".join(letters))


def are_one_name(names: Sequence[str]) -> bool:
    """Whether these may all be one person's name, as lists have it: in any order, in part, by initials."""
    words = [set(re.findall(r"\w+", sought(name))) for name in names]
    whole = max(words, key=len, default=set())
    return all(_is_part(some, whole) for some in words)


def _is_part(words: set[str], whole: set[str]) -> bool:
    return all(any(_is_short(*sorted((word, one), key=len)) for one in whole) for word in words)


def _is_short(short: str, word: str) -> bool:
    return short == word or (len(short) == 1 and word.startswith(short))
