"""People as others write them down: one a line, in the dialects of address books and mail programs.

*Ana Pires <ana@example.org>*, *ana@example.org, Ana Pires*, *Ana Pires ana@example.org*, or the
address alone. What cannot be read is said in a sentence, with a guess at what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise

from flask_babel import gettext as _

from hiring.kernel.addresses import LONGEST, fault, plain, told_apart
from hiring.people.rules import LONGEST_NAME, cleaned_name, name_fault

# Whose names are mistyped most, as most private mail is theirs.
PROVIDERS = (
    "gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com",
    "proton.me", "protonmail.com", "gmx.net", "gmx.de", "web.de", "live.com",
    "mail.com", "ymail.com", "email.com", "me.com", "mac.com",
)  # fmt: skip
LONGEST_LINE = LONGEST_NAME + LONGEST + 20
_ALIKE = 0.86
_POINTS = " \t,;:|•·*–—-"
# What mail programs and people put around a name, or around the address beside it.
_AROUND = {
    '"': '"',
    "'": "'",
    "“": "”",
    "„": "“",
    "«": "»",
    "‘": "’",
    "(": ")",
    "[": "]",
    "{": "}",
    "<": ">",
}
_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s+")
_WORD = re.compile(r"[^\s,;|<>()\"“”„«»]+")
_BRACKETED = re.compile(r"<([^<>]*@[^<>]*)>")
_BARE = re.compile(r"[^\s,;|<>()\"“”„«»]*@[^\s,;|<>()\"“”„«»]*")


@dataclass(frozen=True)
class Reading:
    """A line as it was understood. `wrong` says why it was not; `perhaps` is an address it may mean.

    `doubtful`: it can be used as it is, but looks mistyped. `several`: it may be more than one person.
    """

    name: str = ""
    address: str = ""
    wrong: str | None = None
    perhaps: str | None = None
    doubtful: bool = False
    several: bool = False


def read(line: str, *, domains: Collection[str] = ()) -> Reading:
    """Name and address of one line. `domains`: those of the other lines, to guess from."""
    if len(line) > LONGEST_LINE:
        return Reading(wrong=_("This is too long to be one person."))
    text = line.replace("\uff20", "@")
    found = _addresses(text)
    if len(found) > 1:
        told = _("More than one address here; it takes one person at a time.")
        return Reading(wrong=told, several=True)
    if not found:
        return _without_address(text)
    return _judged(text, found[0], domains)


def rest_of(line: str) -> str:
    """What a line says beside its address, also when that cannot be read: most likely the name."""
    text = re.sub(r"\s*@\s*", "@", line)
    text = text if "@" in text else _with_its_sign(text)
    found = _addresses(text)
    return _name(text, found[0]) if found else ""


def parts_of(line: str) -> list[str]:
    """A line of several people as so many lines. Names go before addresses, unless one begins the line."""
    found = list((_BRACKETED if _BRACKETED.search(line) else _BARE).finditer(line))
    address_first = bool(found) and not line[: found[0].start()].strip(_POINTS)
    cuts = [m.start() for m in found[1:]] if address_first else [m.end() for m in found[:-1]]
    return [line[a:b].strip(_POINTS) for a, b in pairwise([0, *cuts, len(line)])]


def written(name: str, address: str) -> str:
    """Name and address as one line, which is read as what was written."""
    return f"{name} <{address}>" if name else address


def domain_of(line: str) -> str | None:
    """The domain of a line that can be read, for guessing at its neighbours."""
    understood = read(line)
    return None if understood.wrong else understood.address.rpartition("@")[2].casefold()


def _addresses(text: str) -> list[str]:
    return _BRACKETED.findall(text) or [word for word in _WORD.findall(text) if "@" in word]


def _without_address(text: str) -> Reading:
    meant = _with_its_sign(text)
    found = _addresses(meant) if meant != text else []
    perhaps = found[0] if len(found) == 1 and fault(found[0]) is None else None
    return Reading(wrong=_("There is no address here."), perhaps=perhaps)


def _with_its_sign(text: str) -> str:
    """A line whose address hides its sign from machines, as in *bob(at)example.org*."""
    return re.sub(r"\s*[(\[{]\s*at\s*[)\]}]\s*", "@", text, flags=re.IGNORECASE)


def _judged(text: str, word: str, domains: Collection[str]) -> Reading:
    address = plain(word).rstrip(".")
    name = _name(text, word)
    wrong = fault(address)
    if wrong:
        return Reading(wrong=wrong, perhaps=_guess(text, address, domains))
    if told := name_fault(name):
        return Reading(wrong=told)
    near = _nearly_a_provider(address)
    if near:
        domain, known = address.rpartition("@")[2], near.rpartition("@")[2]
        doubt = _("%(domain)s is nearly %(known)s.", domain=domain, known=known)
        return Reading(name, address, wrong=doubt, perhaps=near, doubtful=True)
    if (apart := told_apart(address)) != address:
        doubt = _("Letters of two alphabets that look alike: to machines it is %(domain)s.",
                  domain=apart.rpartition("@")[2])  # fmt: skip
        return Reading(name, address, wrong=doubt, doubtful=True)
    return Reading(name, address)


def _name(text: str, word: str) -> str:
    at = text.index(word)
    before, after = text[:at], text[at + len(word) :]
    while before and _AROUND.get(before[-1]) == after[:1]:
        before, after = before[:-1], after[1:]
    rest, stood = f"{before} {after}", ""
    while rest != stood:  # a mark may stand in a quote, and a quote behind a mark
        stood = rest = cleaned_name(rest)
        rest = _NUMBER.sub("", rest).strip(_POINTS).lstrip(">)]}”»").rstrip("<([{„«")
        rest = _unwrapped(rest.removesuffix(" mailto"))
    return rest


def _unwrapped(name: str) -> str:
    """Without the quotes or brackets around all of it; those inside, as in O'Neil "Sean", stay."""
    inner = re.sub(r"\\(.)", r" ", name[1:-1])
    if len(name) < 2 or _AROUND.get(name[0]) != name[-1] or {name[0], name[-1]} & {*inner}:  # noqa: PLR2004
        return name
    return re.sub(r"\\(.)", r"\1", name[1:-1])


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
    near = _nearest(domain)
    return f"{local}@{near}" if near else None


@lru_cache(maxsize=1_000)
def _nearest(domain: str) -> str | None:
    return next(iter(get_close_matches(domain, PROVIDERS, n=1, cutoff=_ALIKE)), None)
