"""What a name keeps, and what a search finds."""

from __future__ import annotations

import pytest

from hiring.people.rules import are_one_name, cleaned_name, sought


def test_a_name_loses_what_would_turn_the_page_around_and_keeps_what_joins_letters() -> None:
    assert cleaned_name("  Ana\u202e \n Pires ") == "Ana Pires"
    assert cleaned_name("می\u200cخواهم") == "می\u200cخواهم"
    assert len(cleaned_name("x" * 100_000)) == 100_000  # never cut: it is refused


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


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (["Ana Pires", "ana pires"], True),
        (["Ana Pires", "Pires, Ana"], True),
        (["Ana Pires", "A. Pires"], True),
        (["Ana Pires", "Ana"], True),
        (["Ana", "Pires", "Ana Pires"], True),
        (["Zoë", "ZOE"], True),
        (["Ana Pires", "Bob Ray"], False),
        (["Ana Pires", "Ana Silva"], False),
        (["Ana", "Ana Pires", "Ana Silva"], False),
        (["王思远", "王思"], False),
        (["Ana Pires", ""], True),
    ],
)
def test_names_that_may_be_one_persons(names: list[str], same: bool) -> None:
    assert are_one_name(names) is same
