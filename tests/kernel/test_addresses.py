"""When two spellings are one mailbox, for staff and candidates alike, and what is no address."""

from __future__ import annotations

import pytest
from flask import Flask

from hiring.kernel.addresses import normalised
from hiring.kernel.refusals import Refused

ONE_MAILBOX = [
    ("Kit@Example.ORG", "kit@example.org"),
    (" <kit@example.org> ", "kit@example.org"),
    ("mailto:KIT@example.org", "kit@example.org"),
    ("kit@bücher.example", "kit@xn--bcher-kva.example"),
    ("kit@XN--BCHER-KVA.example", "kit@xn--bcher-kva.example"),
    ("ｋｉｔ@example.org", "kit@example.org"),
    ("STRASSE@example.org", "strasse@example.org"),
    ("straße@example.org", "strasse@example.org"),
    ("k.i.t@example.org", "k.i.t@example.org"),
    ("kit+jobs@example.org", "kit+jobs@example.org"),
    ("ÖLA@example.org", "öla@example.org"),
]


@pytest.mark.parametrize(("typed", "normal"), ONE_MAILBOX)
def test_spellings_of_one_mailbox_meet(app: Flask, typed: str, normal: str) -> None:
    assert normalised(typed) == normal


@pytest.mark.parametrize(
    "typed", ["", "kit", "kit@", "@x.org", "k it@x.org", "k\nit@x.org", "a@b@c.d", "o@x..y", "<b>"]
)
def test_what_is_no_address_is_refused(app: Flask, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        normalised(typed)
    assert refusal.value.field == "address"
