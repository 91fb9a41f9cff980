"""Files of people as spreadsheets write them: the dialects and the faults that imports are tried with."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

PEOPLE = [
    ("Name", "Vorname", "E-Mail", "Ort", "Notiz"),
    ("Peeters", "Jonas", "jonas@example.org", "Gent", "früher; Zürich"),
    ("Müller", "Zoë", "zoe@example.org", "Köln", 'sagt "gern",\nab Mai'),
    ("Nuñez", "José", "jose@example.org", "A Coruña", ""),
]
EXPECTED = [tuple(" ".join(cell.split()) for cell in row) for row in PEOPLE]


@dataclass(frozen=True)
class Dialect:
    """One way to write a file."""

    name: str
    encoding: str = "utf-8"
    separator: str = ","
    ends: str = "\r\n"
    before: str = ""
    all_quoted: bool = False

    def write(self, rows: Sequence[Sequence[str]]) -> bytes:
        """The rows as a file of this dialect."""
        text = StringIO(newline="")
        quoting = csv.QUOTE_ALL if self.all_quoted else csv.QUOTE_MINIMAL
        csv.writer(
            text, delimiter=self.separator, quoting=quoting, lineterminator="\r\n"
        ).writerows(rows)
        return f"{self.before}{text.getvalue()}".replace("\r\n", self.ends).encode(self.encoding)


DIALECTS = [
    Dialect("UTF-8, commas"),
    Dialect("UTF-8 with a mark, commas (Excel's “CSV UTF-8”)", "utf-8-sig"),
    Dialect("UTF-8 with a mark, semicolons (the same in Europe)", "utf-8-sig", ";"),
    Dialect("UTF-8, tabs (pasted cells)", "utf-8", "\t", "\n"),
    Dialect("UTF-8, upright strokes", "utf-8", "|"),
    Dialect("Windows-1252, semicolons (Excel's “CSV” in Europe)", "cp1252", ";"),
    Dialect("Windows-1252, commas", "cp1252"),
    Dialect("UTF-16 LE with a mark, tabs (Excel's “Unicode text”)", "utf-16", "\t"),
    Dialect("UTF-16 LE without a mark, semicolons", "utf-16-le", ";"),
    Dialect("UTF-16 BE with a mark, commas", "utf-16-be", ",", before="\ufeff"),
    Dialect("UTF-16 BE without a mark, commas", "utf-16-be"),
    Dialect("Mac Roman, semicolons, CR alone (Excel's “CSV (Macintosh)”)", "mac_roman", ";", "\r"),
    Dialect("UTF-8, commas, CR alone", ends="\r"),
    Dialect("UTF-8, commas, LF alone", ends="\n"),
    Dialect("sep=; before Windows-1252", "cp1252", ";", before="sep=;\r\n"),
    Dialect("sep=, in quotes before UTF-8", before='"sep=,"\r\n'),
    Dialect("everything in quotes, semicolons", "utf-8-sig", ";", all_quoted=True),
]
