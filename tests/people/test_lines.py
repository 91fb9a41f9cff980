"""Lines as people write them: the dialects that are understood, and what is said of the others."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from hiring.people.lines import LONGEST_LINE, parts_of, read, rest_of, written

ANA = ("Ana Pires", "ana@example.org")
UNDERSTOOD = [
    ("Ana Pires <ana@example.org>", *ANA),
    ("ana@example.org, Ana Pires", *ANA),
    ("Ana Pires ana@example.org", *ANA),
    ("Ana Pires, ana@example.org", *ANA),
    ("ana@example.org; Ana Pires", *ANA),
    ("Ana Pires\tana@example.org", *ANA),
    ("Ana Pires (ana@example.org)", *ANA),
    ("  ana@example.org   Ana   Pires  ", *ANA),
    ("Ana Pires <ana@example.org>,", *ANA),
    ("Ana Pires <mailto:ana@example.org>", *ANA),
    ("- Ana Pires ana@example.org", *ANA),
    ("• Ana Pires: ana@example.org", *ANA),
    ("12. Ana Pires ana@example.org.", *ANA),
    ("“Ana Pires” <ana@example.org>", *ANA),
    ("Ana Pires ana＠example.org", *ANA),
    ("Ana Pires \u202eana@example.org", *ANA),
    ("\ufeffAna Pires ana@example.org\u200b", *ANA),
    ('"Pires, Ana" <ana@example.org>', "Pires, Ana", ANA[1]),
    ("ana@example.org", "", ANA[1]),
    ("<ana@example.org>", "", ANA[1]),
    ("mailto:ana@example.org", "", ANA[1]),
    ("Shaun O'Neil <s.o'neil@example.org>", "Shaun O'Neil", "s.o'neil@example.org"),
    ("Jean-Luc ana+jobs@sub.example.org", "Jean-Luc", "ana+jobs@sub.example.org"),
    ("王思远 wang@example.org", "王思远", "wang@example.org"),
    ("محمد العطار, m.attar@example.org", "محمد العطار", "m.attar@example.org"),
    ("Олена ana@bücher.example", "Олена", "ana@bücher.example"),
    ("<script>alert(1)</script> ana@example.org", "<script>alert(1)</script>", ANA[1]),
    ("<b>Bob</b> <bob@example.org>", "<b>Bob</b>", "bob@example.org"),
    ('O\'Neil "Sean" <sean@example.org>', 'O\'Neil "Sean"', "sean@example.org"),
    ('"Sean \\"Sean\\" O\'Neil" <sean@example.org>', 'Sean "Sean" O\'Neil', "sean@example.org"),
    ("'Ana Pires' <ana@example.org>", *ANA),
    ("„Ana Pires“ <ana@example.org>", *ANA),
    ("Ana (Annie) Pires (ana@example.org)", "Ana (Annie) Pires", ANA[1]),
    ("> Ana Pires <ana@example.org>", *ANA),
    ('"" <ana@example.org>', "", ANA[1]),
]


@pytest.mark.parametrize(("line", "name", "address"), UNDERSTOOD)
def test_a_dialect_is_understood(app: Flask, line: str, name: str, address: str) -> None:
    reading = read(line)
    assert (reading.wrong, reading.name, reading.address) == (None, name, address)


REFUSED = [
    ("Ana Pires", "There is no address here.", None),
    ("Ana ana(at)example.org", "There is no address here.", "ana@example.org"),
    ("Ana ana [at] example.org", "There is no address here.", "ana@example.org"),
    ("Ana ana.pires@cafe", "The part after the @ is not complete.", "ana.pires@cafe.example"),
    ("Ana ana@gmail", "The part after the @ is not complete.", "ana@gmail.com"),
    ("Ana ana@example,org", "The part after the @ is not complete.", "ana@example.org"),
    ("王思远 wang@example..org", "Two dots in a row.", "wang@example.org"),
    ("ana..p@example.org", "Two dots in a row.", "ana.p@example.org"),
    ("Ana ana @ example.org", "Something is missing before the @.", "ana@example.org"),
    ("Ana @example.org", "Something is missing before the @.", "Ana@example.org"),
    ("ana@", "Something is missing after the @.", None),
    ("ana@@example.org", "There are two @ in this address.", "ana@example.org"),
    ("ana@-example.org", "The part after the @ begins or ends with a dot or hyphen.", None),
    ("ana@exa_mple.org", "No mail can go to this address.", None),
    ("ana@localhost.test", "No mail can go to this address.", None),
    ("<ana pires@example.org>", "There is a space in the address.", None),
    ("a@x.org, b@x.org", "More than one address here; it takes one person at a time.", None),
    (
        "A <a@x.org>, B <b@x.org>",
        "More than one address here; it takes one person at a time.",
        None,
    ),
    ("x" * 100_000, "This is too long to be one person.", None),
    ("x" * 201 + " a@x.org", "This name has 201 characters; 200 fit.", None),
    ("a" * 300 + "@example.org", "No address is as long as this one.", None),
]


@pytest.mark.parametrize(("line", "wrong", "perhaps"), REFUSED)
def test_what_cannot_be_read_is_told_with_a_guess(
    app: Flask, line: str, wrong: str, perhaps: str | None
) -> None:
    reading = read(line, domains=["cafe.example"])
    assert reading.wrong == wrong
    if perhaps:
        assert reading.perhaps == perhaps


def test_a_provider_that_is_nearly_known_is_doubted_and_can_be_used(app: Flask) -> None:
    reading = read("Sam sam@gmial.com")
    assert (reading.doubtful, reading.perhaps) == (True, "sam@gmail.com")
    assert (reading.name, reading.address) == ("Sam", "sam@gmial.com")


@pytest.mark.parametrize("domain", ["gmail.com", "mail.com", "ymail.com", "hotmail.fr", "gmx.at"])
def test_a_provider_that_there_is_stands_above_doubt(app: Flask, domain: str) -> None:
    assert read(f"Sam sam@{domain}").wrong is None


def test_the_name_beside_an_address_that_cannot_be_read_is_kept(app: Flask) -> None:
    assert rest_of("王思远 wang@example..org") == "王思远"
    assert rest_of("Ana ana @ cafe") == "Ana"
    assert rest_of("Bob Ray <bob.ray(at)example.org>") == "Bob Ray"
    assert rest_of("Bob Ray, bob.ray [ AT ] example.org") == "Bob Ray"
    assert rest_of("Bob (at) Ray") == ""


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("A <a@x.org>, B <b@x.org>", ["A <a@x.org>", "B <b@x.org>"]),
        ("A a@x.org; B b@x.org", ["A a@x.org", "B b@x.org"]),
        ("a@x.org, A, b@x.org, B", ["a@x.org, A", "b@x.org, B"]),
        ("a@x.org b@x.org c@x.org", ["a@x.org", "b@x.org", "c@x.org"]),
    ],
)
def test_a_line_of_several_falls_into_one_a_person(line: str, parts: list[str]) -> None:
    assert parts_of(line) == parts


@given(st.text(max_size=30))
def test_what_was_understood_is_understood_again(name: str) -> None:
    first = read(f"{name} <ana@example.org>")
    if first.wrong is None:
        assert read(written(first.name, first.address)) == first


@given(st.text(max_size=LONGEST_LINE + 5))
def test_no_line_breaks_the_reader(line: str) -> None:
    reading = read(line)
    assert reading.wrong or "@" in reading.address


def test_letters_of_two_alphabets_in_a_domain_are_doubted_and_can_be_used(app: Flask) -> None:
    reading = read("Jo <joe@\u0430pple.com>")
    assert (reading.doubtful, reading.name, reading.address) == (True, "Jo", "joe@\u0430pple.com")
    assert (
        reading.wrong
        == "Letters of two alphabets that look alike: to machines it is xn--pple-43d.com."
    )
    assert read("Jo <joe@bücher.example>").wrong is None
    assert read("Jo <joe@почта.рф>").wrong is None
