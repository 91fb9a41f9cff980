"""A mail address: when two spellings are one mailbox, and what is wrong with one that is none."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from hiring.kernel.refusals import Refused

LONGEST = 254
# Marks that turn the order of what follows them, and marks that are never seen. A name in some scripts
# is spelled with the joiners; an address never is.
TURNING = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = "\u200b\u2060\ufeff\u00ad"
# Scripts some of whose letters nobody can tell from Latin ones.
_LIKE_LATIN = {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"}
_GMAIL = ("gmail.com", "googlemail.com")
_JOINERS = "\u200c\u200d"
_NOT_IN_ADDRESSES = dict.fromkeys(map(ord, TURNING + UNSEEN + _JOINERS))


def normalised(address: str) -> str:
    """The one spelling of a mailbox, to compare by. Raises Refused when this is no address.

    The domain in its ASCII form, the local part case-folded; dots and plus signs stay, since only
    some providers ignore them.
    """
    told = fault(address)
    if told:
        raise Refused(told, field="address")
    found = _validated(plain(address))
    assert found  # noqa: S101  it has no fault
    local = unicodedata.normalize("NFC", found.local_part.casefold())
    return f"{local}@{found.ascii_domain or found.domain}"


def kin(normal: str) -> str:
    """The same for two normalised addresses that are perhaps one mailbox: without what follows a plus, and
    at Gmail, which has two domains, without dots. To ask by, not to decide by."""
    local, _at, domain = normal.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@{_GMAIL[0]}"
    return f"{local}@{domain}"


def fault(address: str) -> str | None:
    """What is wrong with an address, as a sentence; None when it can be written to."""
    text = plain(address)
    local, at, domain = text.partition("@")
    if not at:
        return _("There is no address here: an address has an @ in it.")
    return (
        _fault_of_form(text, local, domain) or _fault_of_domain(domain) or _fault_that_remains(text)
    )


def _fault_of_form(text: str, local: str, domain: str) -> str | None:
    faults = (
        ("@" in domain, later("There are two @ in this address.")),
        (not local, later("Something is missing before the @.")),
        (not domain, later("Something is missing after the @.")),
        (len(text) > LONGEST, later("No address is as long as this one.")),
        (".." in text, later("Two dots in a row.")),
        (bool(re.search(r"\s", text)), later("There is a space in the address.")),
    )
    return next((str(sentence) for is_so, sentence in faults if is_so), None)


def _fault_of_domain(domain: str) -> str | None:
    if domain.startswith((".", "-")) or domain.endswith((".", "-")):
        return _("The part after the @ begins or ends with a dot or hyphen.")
    if "." not in domain:
        return _("The part after the @ is not complete.")
    return None


def _fault_that_remains(text: str) -> str | None:
    return None if _validated(text) else _("No mail can go to this address.")


@lru_cache(maxsize=16)  # an address is asked about several times in a row, and asking is slow
def _validated(text: str) -> ValidatedEmail | None:
    try:
        return validate_email(text, check_deliverability=False, allow_display_name=False)
    except EmailNotValidError:
        return None


def told_apart(address: str) -> str:
    """The address, its domain in ASCII where it mixes letters that look alike: аpple.com is not apple.com."""
    local, at, domain = address.rpartition("@")
    if not at or not _mixes(domain):
        return address
    try:
        return f"{local}@{normalised(address).rpartition('@')[2]}"
    except Refused:
        return address


def _mixes(domain: str) -> bool:
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in domain if sign.isalpha()}
    return "LATIN" in scripts and bool(scripts & _LIKE_LATIN)


def plain(address: str) -> str:
    """An address as it was meant: without unseen letters, wide forms and the wrapping of links."""
    text = unicodedata.normalize("NFKC", address.translate(_NOT_IN_ADDRESSES)).strip()
    return text.removeprefix("mailto:").strip("<>").strip()
