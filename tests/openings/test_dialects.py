"""Every dialect reads as what was written, every fault is named, and rubbish gets no further."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.kernel.refusals import Refused
from hiring.openings import dialects, import_reading
from hiring.openings.columns import roles_of
from hiring.openings.import_reading import Reading
from tests.openings.files import DIALECTS, EXPECTED, PEOPLE, Dialect

WORKBOOK, WEB = "This is a workbook, not a CSV file.", "This is a web page"
NOTHING, NO_TEXT = "There is nothing in this file.", "This is no table of text that we can read."
NOISE = random.Random(4)


@pytest.fixture(autouse=True)
def _speaking(application: Flask) -> Any:
    with application.test_request_context():
        yield


def lines(reading: Reading) -> list[str]:
    """The people of a file, as they are looked through."""
    return [row["text"] for row in reading.rows]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_dialect_reads_as_what_was_written(dialect: Dialect) -> None:
    sheet = dialects.read(dialect.write(PEOPLE))
    read = [tuple(" ".join(cell.split()) for cell in one.cells) for one in sheet.records]
    assert [row + ("",) * (5 - len(row)) for row in read] == EXPECTED
    assert sheet.separator == dialect.separator
    reading = import_reading.read(dialect.write(PEOPLE))
    assert lines(reading)[1] == "Zoë Müller <zoe@example.org>"
    assert ["Ort", "Köln"] in reading.rows[1]["kept"]
    assert [row["number"] for row in reading.rows] == [2, 3, 4]


FAULTS = [  # what it is, the bytes, the sentence
    ("nothing at all", b"", NOTHING),
    ("a mark and nothing", b"\xef\xbb\xbf\r\n", NOTHING),
    ("separators alone", b";;;\r\n;;;\r\n", NOTHING),
    ("a heading alone", b"name;email\r\n", "There is a heading in this file, and no row under it."),
    ("a workbook", b"PK\x03\x04" + NOISE.randbytes(2_000), WORKBOOK),
    ("an old workbook, or one under a password", b"\xd0\xcf\x11\xe0" + b"\0" * 99, WORKBOOK),
    ("a web page named .csv", b"<html><table><tr><td>a@example.org", WEB),
    ("a small PDF", b"%PDF-1.3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "This is a PDF file"),
    ("JSON", '\ufeff[{"name":"Ana","email":"ana@example.org"}]'.encode(), "This is a JSON file"),
    ("wide JSON", '{"email":"ana@example.org"}'.encode("utf-16"), "This is a JSON file"),
    ("a vCard", b"BEGIN:VCARD\r\nEMAIL:ana@example.org\r\n", "This is a vCard file"),
    (
        "a mail",
        b"Received: from a.example\r\nTo: ana@example.org\r\n\r\nHello",
        "This is a mail file",
    ),
    ("XML", b'<?xml version="1.0"?><Workbook/>', WEB),
    ("a picture", b"\x89PNG\r\n\x1a\n" + NOISE.randbytes(4_000), NO_TEXT),
    ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + NOISE.randbytes(4_000), "This is a PDF file"),
    ("noise", NOISE.randbytes(100_000), NO_TEXT),
    ("noise without gaps", bytes(one or 7 for one in NOISE.randbytes(100_000)), NO_TEXT),
    ("too large", b"a" * 4_000_001, "This file is larger than 4 megabytes."),
    ("6,000 rows", b"email\n" + b"a@example.org\n" * 6_000, "This file has more than 5,000 rows."),
    ("a million rows", b"a;b\n" * 900_000, "This file has more than 5,000 rows."),
    ("5,001 rows without a heading", b"a@example.org\n" * 5_001, "There are more than 5,000 rows."),
    ("101 columns", b";".join([b"x"] * 101) + b"\n", "This has more than 100 columns."),
]


@pytest.mark.parametrize(("what", "content", "told"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_is_no_list_of_people_is_refused_with_a_sentence(
    what: str, content: bytes, told: str
) -> None:
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        import_reading.read(content)
    assert refused.value.sentence.startswith(told)
    assert refused.value.field == "file"
    assert time.monotonic() - began < 10


SLIPS: list[tuple[str, bytes, list[str], dict[int, str]]] = [
    # what it is, the bytes, the lines, and by the number of its row what is wrong with it
    ("empty columns and rows at the end", b"name;email;;;\nAna;ana@example.org;;;\n;;;;\n;;;;\n",
     ["Ana <ana@example.org>"], {}),
    ("an empty row within", b"name;email\n\nAna;ana@example.org\n", ["Ana <ana@example.org>"], {}),
    ("one column", b"email\nana@example.org\njonas@example.org\n",
     ["ana@example.org", "jonas@example.org"], {}),
    ("one column, names in it", b"Ana Pires <ana@example.org>\njonas@example.org\n",
     ["Ana Pires <ana@example.org>", "jonas@example.org"], {}),
    ("no heading", b"Ana;Pires;ana@example.org\nMei;Li;mei@example.org\n",
     ["Ana Pires <ana@example.org>", "Mei Li <mei@example.org>"], {}),
    ("a comma in an unquoted name", b"Pires, Ana;ana@example.org\nLi, Mei;mei@example.org\n",
     ["Pires, Ana <ana@example.org>", "Li, Mei <mei@example.org>"], {}),
    ("a quotation mark never closed", b'name,email,city\n"Ana,ana@example.org,Gent\nMei,mei@example.org,P\n',
     ['"Ana <ana@example.org>', "Mei <mei@example.org>"], {2: "A quotation mark opens"}),
    ("one that closes rows later",
     b'name,email,city\n"Ana,ana@example.org,Ghent\nMei,mei@example.org,"Pau, Fr"\nJo,jo@example.org,Gent\n',
     ['"Ana <ana@example.org>', "Mei <mei@example.org>", "Jo <jo@example.org>"],
     {2: "A quotation mark opens"}),
    ("one at the very end", b'name,email,city\nAna,ana@example.org,"Ghent\n',
     ["Ana <ana@example.org>"], {2: "A quotation mark opens"}),
    ("a separator in an unquoted text", b"name;email;city\nAna;ana@example.org;Ghent;BE\n",
     ["Ana <ana@example.org>"], {2: "This row has more cells than the heading"}),
    ("a row cut short", b"name;email;city\nAna;ana@example.org\nMei\n",
     ["Ana <ana@example.org>", "Mei"], {3: "There is no address"}),
    ("addresses that are none", b"name;email\nAna;ana@example\nMei;mei@@example.org\nJo;jo@gmial.com\n",
     ["Ana <ana@example>", "Mei <mei@@example.org>", "Jo <jo@gmial.com>"],
     {2: "The part after the @", 3: "There are two @", 4: "gmial.com is nearly gmail.com."}),
    ("two addresses in a cell", b'name;email\nAna;"ana@example.org, a@example.org"\n',
     ["Ana ana@example.org, a@example.org"], {2: "More than one address"}),
    ("a name and an address in one cell", b"contact;city\nAna Pires <ana@example.org>;Ghent\n",
     ["Ana Pires <ana@example.org>"], {}),
    ("mailto:", b"name;email\nAna;mailto:ana@example.org\n", ["Ana <ana@example.org>"], {}),
    ("the address in place of a name", b"name;email\nana@example.org;ana@example.org\n",
     ["ana@example.org"], {}),
    ("UTF-8 damaged in one place",
     "name;email\nZoë Ünal;zoe@example.org\nPéter Ő;p@example.org\n".encode()[:-3] + b"\xff\n",
     ["Zoë Ünal <zoe@example.org>", "Péter Ő <p@example.o\N{REPLACEMENT CHARACTER}>"], {3: "No mail"}),
    ("a name of 300 letters", b"name;email\n" + b"x" * 300 + b";ana@example.org\n",
     ["x" * 300 + " <ana@example.org>"], {2: "This name has 300 characters; 200 fit."}),
    ("control letters and turned names", "name;email\nA\x00n\x07a\u202e;ana@example.org\n".encode(),
     ["Ana <ana@example.org>"], {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "content", "people", "wrong"), SLIPS, ids=[slip[0] for slip in SLIPS]
)
def test_a_slip_costs_no_more_than_its_own_row(
    what: str, content: bytes, people: list[str], wrong: dict[int, str]
) -> None:
    reading = import_reading.read(content)
    assert lines(reading) == people
    told = {row["number"]: row["wrong"] for row in reading.rows if row["wrong"]}
    assert told.keys() == wrong.keys()
    assert [n for n in wrong if not told[n].startswith(wrong[n])] == [], told
    assert all((row["normal"] is None) == bool(row["wrong"]) for row in reading.rows)


@pytest.mark.parametrize(
    ("heading", "roles"),
    [
        ("First name,Last name,E-mail,City", "first last address kept"),
        ("Name;Vorname;E-Mail-Adresse", "last first address"),
        ("Nom;Prénom;Courriel", "last first address"),
        ("Nom complet;Adresse e-mail", "name address"),
        ("Nombre;Apellidos;Correo electrónico", "first last address"),
        ("Nome;Cognome;Posta elettronica", "first last address"),
        ("Nome;E-mail", "name address"),
        ("Voornaam;Achternaam;E-mailadres", "first last address"),
        ("Imię;Nazwisko;Adres e-mail", "first last address"),
        ("Förnamn;Efternamn;E-post", "first last address"),
        ("Etunimi;Sukunimi;Sähköposti", "first last address"),
        ("Jméno;Příjmení;E-mail", "first last address"),
        ("Ad;Soyad;E-posta", "first last address"),
        ("Фамилия;Имя;Эл. почта", "last first address"),
        ("Прізвище;Ім'я;Електронна пошта", "last first address"),
        ("Όνομα;Επώνυμο;Ηλεκτρονικό ταχυδρομείο", "first last address"),
        ("姓;名;メールアドレス", "last first address"),
        ("姓名;电子邮件", "name address"),
        ("이름;이메일", "name address"),
        ("الاسم;البريد الإلكتروني", "name address"),
        ('שם;דוא"ל', "name address"),
        ("Manager email;Email;Name", "kept address name"),
        ("Surname;E-mail", "name address"),
    ],
)
def test_headings_are_understood_in_many_languages(heading: str, roles: str) -> None:
    words = heading.split(";") if ";" in heading else heading.split(",")
    assert roles_of(words, [], len(words)) == roles.split()


def test_what_was_recognised_can_be_said_otherwise() -> None:
    content = "name;email\nΕλένη;e@example.org\n".encode("cp1253")
    assert import_reading.read(content).encoding == "cp1252"
    told = import_reading.read(content, encoding="cp1253")
    assert lines(told) == ["Ελένη <e@example.org>"]
    turned = import_reading.read(b"a@x.org;b@y.org\n", heading=False, roles=["kept", "address"])
    assert lines(turned) == ["b@y.org"]
    assert turned.rows[0]["kept"] == [["Column 1", "a@x.org"]]
    dropped = import_reading.read(content, encoding="cp1253", roles=["dropped", "address"])
    assert dropped.rows[0]["kept"] == []


@pytest.mark.parametrize("roles", [["address", "address"], ["kept", "kept"]])
def test_one_column_is_the_address(roles: list[str]) -> None:
    with pytest.raises(Refused, match="which one column holds the address"):
        import_reading.read(b"a@x.org;b@y.org\n", roles=roles)


def test_marks_that_never_close_do_not_cost_a_minute() -> None:
    began = time.monotonic()
    for content in (
        b'"a;b@c.org;d\n' * 5_000,
        b'a;b@c.org;"d\n' * 5_000,
        b'a;"' + b"x" * 3_900_000,
    ):
        import_reading.read(content)
    assert time.monotonic() - began < 30


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co", "Cf", "Zl", "Zp"]), max_size=12
).map(str.strip)  # fmt: skip
FILLED = CELL.filter(bool)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(FILLED, CELL, CELL), min_size=1, max_size=6),
    dialect=st.sampled_from([one for one in DIALECTS if "utf" in one.encoding]),
)
def test_whatever_is_written_is_read_back(
    rows: list[tuple[str, str, str]], dialect: Dialect
) -> None:
    table = [("Name", "E-mail", "Note", "End")]
    table += [(a, f"p{n}@example.org", b, f"{c} x".strip()) for n, (a, b, c) in enumerate(rows)]
    sheet = dialects.read(dialect.write(table))
    assert (sheet.encoding[:5], sheet.separator) == (dialect.encoding[:5], dialect.separator)
    assert [one.cells for one in sheet.records] == table
