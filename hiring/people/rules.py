"""What a name keeps, and how a search compares it."""

from __future__ import annotations

import unicodedata

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
