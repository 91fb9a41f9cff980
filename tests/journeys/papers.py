"""What left the building, read as its reader would: the PDF's words, and the sheet's rows."""

from __future__ import annotations

import csv
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pikepdf


@dataclass(frozen=True)
class Document:
    """A PDF: its words in reading order, and what it says of itself."""

    words: str
    pages: int
    head: str  # of the ledger, as it is printed
    entries: int
    tagged: bool


def read_pdf(file: Path) -> Document:
    """Open it with two programs that are not ours."""
    told = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    )
    words = " ".join(told.stdout.split())
    head = re.search(r"Ledger head ([0-9a-f ]+) · ([\d,]+) entr", words)
    assert head, words
    with pikepdf.open(file) as pdf:
        tagged = bool(pdf.Root.get("/MarkInfo", {}).get("/Marked"))
        count = int(head[2].replace(",", ""))
        return Document(words, len(pdf.pages), head[1].strip(), count, tagged)


def read_csv(file: Path) -> dict[str, dict[str, str]]:
    """The rows by person."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return {row["Person"]: row for row in csv.DictReader(text)}
