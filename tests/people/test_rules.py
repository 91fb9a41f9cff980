"""What a name keeps, and what a search finds."""

from __future__ import annotations

import pytest

from hiring.people.rules import cleaned_name, sought


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
