"""People as others write them down: one a line, in the dialects of address books and mail programs.

*Ana Pires <ana@example.org>*, *ana@example.org, Ana Pires*, *Ana Pires ana@example.org*, or the
address alone. What cannot be read is said in a sentence, with a guess at what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from flask_babel import gettext as _

from hiring.kernel.addresses import LONGEST, fault, plain
from hiring.people.rules import LONGEST_NAME, cleaned_name

# Whose names are mistyped most, as most private mail is theirs.
PROVIDERS = (
    "gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com",
    "proton.me", "protonmail.com", "gmx.net", "gmx.de", "web.de", "live.com",
    "mail.com", "ymail.com", "email.com", "me.com", "mac.com",
)  # fmt: skip
LONGEST_LINE = LONGEST_NAME + LONGEST + 20
_ALIKE = 0.86
_EDGES = " \t,;:|()[]{}<>\"'“”„«»‘’•·*–—-"
_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s+")
_WORD = re.compile(r"[^\s,;|<>()\"“”„«»]+")


@dataclass(frozen=True)
class Reading:
    """A line as it was understood. `wrong` says why it was not; `perhaps` is an address it may mean.

    `doubtful`: it can be used as it is, but looks mistyped.
    """

    name: str = ""
    address: str = ""
    wrong: str | None = None
    perhaps: str | None = None
    doubtful: bool = False


def read(line: str, *, domains: Collection[str] = ()) -> Reading:
    """Name and address of one line. `domains`: those of the other lines, to guess from."""
    if len(line) > LONGEST_LINE:
        return Reading(wrong=_("This line is too long to be one person."))
    text = line.replace("\uff20", "@")
    found = _addresses(text)
    if len(found) > 1:
        return Reading(wrong=_("More than one address in this line. One person a line."))
    if not found:
        return _without_address(text)
    return _judged(text, found[0], domains)


def rest_of(line: str) -> str:
    """What a line says beside its address, also when that cannot be read: most likely the name."""
    text = re.sub(r"\s*@\s*", "@", line)
    found = _addresses(text)
    return _name(text, found[0]) if found else ""


def domain_of(line: str) -> str | None:
    """The domain of a line that can be read, for guessing at its neighbours."""
    understood = read(line)
    return None if understood.wrong else understood.address.rpartition("@")[2].casefold()


def _addresses(text: str) -> list[str]:
    bracketed = re.findall(r"<([^<>]*@[^<>]*)>", text)
    return bracketed or [word for word in _WORD.findall(text) if "@" in word]


def _without_address(text: str) -> Reading:
    meant = re.sub(r"\s*[(\[{]\s*at\s*[)\]}]\s*", "@", text, flags=re.IGNORECASE)
    found = _addresses(meant) if meant != text else []
    perhaps = found[0] if len(found) == 1 and fault(found[0]) is None else None
    return Reading(wrong=_("There is no address in this line."), perhaps=perhaps)


def _judged(text: str, word: str, domains: Collection[str]) -> Reading:
    address = plain(word).rstrip(".")
    name = _name(text, word)
    wrong = fault(address)
    if wrong:
        return Reading(wrong=wrong, perhaps=_guess(text, address, domains))
    near = _nearly_a_provider(address)
    if near:
        domain, known = address.rpartition("@")[2], near.rpartition("@")[2]
        doubt = _("%(domain)s is nearly %(known)s.", domain=domain, known=known)
        return Reading(name, address, wrong=doubt, perhaps=near, doubtful=True)
    return Reading(name, address)


def _name(text: str, word: str) -> str:
    rest = text.replace(f"<{word}>", " ", 1) if f"<{word}>" in text else text.replace(word, " ", 1)
    return cleaned_name(_NUMBER.sub("", rest).strip(_EDGES).removesuffix(" mailto").strip(_EDGES))


def _guess(text: str, address: str, domains: Collection[str]) -> str | None:
    local, _at, domain = address.partition("@")
    candidates = [
        re.sub(r"\.{2,}", ".", address).strip("."),
        re.sub(r"@+", "@", address),
        _joined(text),
        *(f"{local}@{full}" for full in (*domains, *PROVIDERS) if full.startswith(f"{domain}.")),
    ]
    return next((c for c in candidates if c and not fault(c)), None)


def _joined(text: str) -> str:
    """The address with white space about its @ and a comma in its domain taken for slips."""
    closer = re.sub(r"\s*@\s*", "@", text)
    dotted = re.sub(r"(@[\w-]+)\s*,\s*(\w{2,6})\s*$", r"\1.\2", closer)
    found = _addresses(dotted)
    return found[0] if len(found) == 1 else ""


def _nearly_a_provider(address: str) -> str | None:
    local, _at, domain = address.rpartition("@")
    domain = domain.casefold()
    if domain in PROVIDERS:
        return None
    near = get_close_matches(domain, PROVIDERS, n=1, cutoff=_ALIKE)
    return f"{local}@{near[0]}" if near else None
