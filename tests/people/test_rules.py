"""When two spellings are one mailbox, and what a name keeps."""

from __future__ import annotations

import pytest
from flask import Flask

from hiring.kernel.refusals import Refused
from hiring.people.rules import cleaned_name, normalised, sought

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
]


@pytest.mark.parametrize(("typed", "normal"), ONE_MAILBOX)
def test_spellings_of_one_mailbox_meet(app: Flask, typed: str, normal: str) -> None:
    assert normalised(typed) == normal


@pytest.mark.parametrize(
    "typed", ["", "kit", "kit@", "@x.org", "k it@x.org", "k\nit@x.org", "a@b@c.d"]
)
def test_what_is_no_address_is_refused(app: Flask, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        normalised(typed)
    assert refusal.value.field == "address"


def test_a_name_loses_what_would_turn_the_page_around_and_keeps_what_joins_letters() -> None:
    assert cleaned_name("  Ana\u202e \n Pires ") == "Ana Pires"
    assert cleaned_name("می\u200cخواهم") == "می\u200cخواهم"
    assert len(cleaned_name("x" * 100_000)) == 200


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("OLENA", "Olena"),
        ("олена", "ОЛЕНА"),
        ("nguyen", "Nguyễn"),
        ("aoife ni", "Aoife Ní"),
        ("ß", "SS"),
    ],
)
def test_a_search_finds_other_cases_and_accents(word: str, name: str) -> None:
    assert sought(word) in sought(name)
