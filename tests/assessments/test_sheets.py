"""How the text of a material is read, whatever a recruiter pasted."""

from __future__ import annotations

from hiring.assessments import sheets


def test_a_table_has_a_head_and_figures_to_the_right() -> None:
    table = sheets.table('Day,Text,€\nMon,"Bikes, two",−148.00\nTue,Rent')
    assert table.header == ["Day", "Text", "€"]
    assert table.rows == [["Mon", "Bikes, two", "−148.00"], ["Tue", "Rent", ""]]
    assert table.figures == {2}


def test_numbers_that_begin_with_a_zero_are_names() -> None:
    table = sheets.table("Line,Contract,€\n1,0977,0.50\n2,1042,0")
    assert table.figures == {2}


def test_rubbish_in_a_table_breaks_nothing() -> None:
    assert sheets.table("") == sheets.Table([], [], frozenset())
    assert sheets.table('"never closed,a\nb,c').rows == []
    assert len(sheets.table("a\n" + "," * 300).rows[0]) == 301


def test_a_table_longer_than_anybody_reads_is_drawn_in_part() -> None:
    whole = sheets.table("n,m\n" + "1,2\n" * 2_500)
    assert (len(whole.rows), whole.left_out) == (2_500, 0)
    long = sheets.table("n,m\n" + "1,2\n" * 2_511)
    assert (len(long.rows), long.left_out) == (2_500, 11)
    assert len(sheets.table("a\n" + "," * 9_000).rows) == 1


def test_rules_are_numbered_and_other_text_stays() -> None:
    first, second, third = sheets.passages(
        "Hello.\n\n**P1** One *thing*.\n\n**P2** Two.\n\nBye <b>."
    )
    assert "Hello." in first.text
    assert [number for number, _text in second.rules] == ["P1", "P2"]
    assert "<em>thing</em>" in second.rules[0][1]
    assert "&lt;b&gt;" in third.text


def test_an_inbox_is_split_at_the_last_dot() -> None:
    one, two = sheets.messages("## A · B · Thu 15:58\n\nHello.\n\n## Nobody\n\nBye.")
    assert (one.sender, one.when) == ("A · B", "Thu 15:58")
    assert (two.sender, two.when) == ("Nobody", "")
    assert sheets.messages("no head")[0].sender == ""
    assert sheets.messages("") == []
