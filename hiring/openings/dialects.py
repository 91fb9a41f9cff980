"""Files of rows as spreadsheets write them, in every dialect of theirs: bytes in, cells out.

There is no one CSV: Excel alone writes it in UTF-8 with and without a mark, UTF-16, the code page of the
country and that of old Macs, with commas, semicolons or tabs, and ends lines in three ways. What was
recognised is said, so that a person can say otherwise. Knows nothing of people.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from unicodedata import category

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from hiring.kernel.forms import clean
from hiring.kernel.refusals import Refused

MOST_ROWS = 5_000
MOST_COLUMNS = 100
LARGEST = 4_000_000  # bytes
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "iso8859-15": "ISO 8859-15",
    "mac_roman": "Mac Roman",
    "cp932": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}
SEPARATORS = (";", ",", "\t", "|")
ADDRESS = re.compile(r"[^\s@,;|<>\"]+@[^\s@,;|<>\"]+")
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_SEP_LINE = re.compile(r'"?sep=(.)"?[;,\t|]*', re.IGNORECASE)
_MARKS = {BOM_UTF8: "utf-8", BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}
_WORKBOOKS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)  # packed as .xlsx and .ods are; .xls, or under a password
_OTHER_FILES = {  # by how they begin
    b"%PDF": "PDF", b"{": "JSON", b"[{": "JSON", b"BEGIN:VCARD": "vCard",
    b"From: ": later("mail"), b"Return-Path:": later("mail"), b"Received:": later("mail"),
}  # fmt: skip
_WEB = ("<!doctype", "<html", "<head", "<table", "<?xml", "<meta")
_SAMPLE_LINES, _SAMPLE_LETTERS = 200, 20_000
_LONGEST_SEARCHED = 600
_MOST_ODD = 0.02  # of the letters of a text: more of them are no letters, and it is none
_GAPS = 0.05  # of the bytes: addresses and separators leave more of them in any script
_MOST_BROKEN = 20  # rows read for themselves because of a quotation mark; then marks mean nothing
_END = "\x01"  # a letter that cleaned text never holds


@dataclass(frozen=True)
class Record:
    """A row: its number as a spreadsheet counts it, from one, and its cells without white space around.

    `broken`: a quotation mark opens in it and is never closed, so that its marks were taken for letters.
    """

    number: int
    cells: tuple[str, ...]
    broken: bool = False


@dataclass(frozen=True)
class Sheet:
    """The rows that have something in them, and how they were written. `columns`: as many as any has."""

    encoding: str
    separator: str
    records: tuple[Record, ...]
    columns: int


def read(content: bytes, *, encoding: str = "", separator: str = "") -> Sheet:
    """The rows of a file, in the encoding and with the separator given or recognised.

    Raises Refused for what is no text in rows, and for more than can be looked through.
    """
    _check_bytes(content)
    encoding = encoding or encoding_of(content)
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    _check_text(text)
    lines = str(clean(text)).replace("\u2028", "\n").split("\n")
    told = _SEP_LINE.fullmatch(lines[0].strip(" "))
    lines = lines[1:] if told else lines
    separator = separator or (told[1] if told and told[1] in SEPARATORS else _separator_of(lines))
    records = tuple(islice(_filled(_records(lines, separator)), MOST_ROWS + 2))
    _check_size(records)
    return Sheet(encoding, separator, records, max(len(one.cells) for one in records))


def address_in(text: str) -> str:
    """The first address of a cell or line, or nothing. Only its beginning is searched."""
    found = ADDRESS.search(text[:_LONGEST_SEARCHED])
    return found[0] if found else ""


def encoding_of(content: bytes) -> str:
    """By its mark at the front; else by the gaps of wide letters; else whether it is whole UTF-8."""
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    return marked or _wide(content) or _narrow(content)


def _wide(content: bytes) -> str | None:
    if content.count(0) < _GAPS * len(content):
        return None
    plain = {
        name: sum(sign < "\x80" for sign in content.decode(name, "replace"))
        for name in ("utf-16-le", "utf-16-be")
    }
    return max(plain, key=lambda name: plain[name])


def _narrow(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    bad = text.count(UNREADABLE)
    good = sum(sign > "\x7f" for sign in text) - bad
    if not bad or good > 2 * bad:  # damaged in a few places, and UTF-8 still
        return "utf-8"
    mac = content.count(b"\r") > content.count(
        b"\n"
    )  # only old Macs ended lines with the first alone
    return "mac_roman" if mac else "cp1252"


def _check_bytes(content: bytes) -> None:
    if len(content) > LARGEST:
        told = _(
            "This file is larger than %(most)s megabytes. Split it, and import its parts one after the"
            " other. Nothing has been sent.",
            most=LARGEST // 1_000_000,
        )
        raise Refused(told, field="file")
    if content.startswith(_WORKBOOKS):
        told = _(
            "This is a workbook, not a CSV file. In Excel: File, Save as, “CSV UTF-8”. Or mark the cells"
            " there, copy them, and paste them here."
        )
        raise Refused(told, field="file")
    kinds = (kind for start, kind in _OTHER_FILES.items() if _begins(content).startswith(start))
    if kind := next(kinds, None):
        told = _(
            "This is a %(kind)s file, not a table of people. Save it as CSV where it comes from, or copy"
            " the addresses and paste them here, one a line.",
            kind=kind,
        )
        raise Refused(told, field="file")
    if not content.strip(b"\0\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise Refused(_("There is nothing in this file."), field="file")


def _begins(content: bytes) -> bytes:
    """The first signs of a file, without its mark, and without the gaps of wide letters."""
    return content[:80].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()


def _check_text(text: str) -> None:
    if text.lstrip()[:20].casefold().startswith(_WEB):
        told = _(
            "This is a web page, though it may be named like a table. Open it in a spreadsheet, mark the"
            " cells, copy them, and paste them here."
        )
        raise Refused(told, field="file")
    sample = text[:_SAMPLE_LETTERS]
    odd = sum(category(sign) in {"Cc", "Cn", "Co"} for sign in sample if sign not in "\r\n\t")
    odd += sample.count(UNREADABLE)
    if odd > _MOST_ODD * len(sample) + 2:
        told = _(
            "This is no table of text that we can read. Save it as CSV in your spreadsheet, or copy the"
            " cells there and paste them here."
        )
        raise Refused(told, field="file")


def _check_size(records: Sequence[Record]) -> None:
    if not records:
        raise Refused(_("There is nothing in this file."), field="file")
    if len(records) > MOST_ROWS + 1:  # one may be the heading
        told = _(
            "This file has more than %(most)s rows. Split it, and import its parts one after the other."
            " Nothing has been sent.",
            most=f"{MOST_ROWS:,}",
        )
        raise Refused(told, field="file")
    if max(len(one.cells) for one in records) > MOST_COLUMNS:
        told = _(
            "This has more than %(most)s columns. Take out those that are not needed.",
            most=MOST_COLUMNS,
        )
        raise Refused(told, field="file")


def _separator_of(lines: Sequence[str]) -> str:
    return max(SEPARATORS, key=lambda sign: _fit(lines[:_SAMPLE_LINES], sign))


def _fit(lines: Sequence[str], separator: str) -> tuple[float, bool, float, int]:
    """How well a separator fits: rows with a whole address in a cell, then rows of one width."""
    records = [cells for _number, cells, _broken in _records(lines, separator) if any(cells)]
    if not records:
        return 0, False, 0, 0
    width, common = Counter(map(len, records)).most_common(1)[0]
    found = sum(any(map(_is_address, cells)) for cells in records)
    return found / len(records), width > 1, common / len(records), width


def _filled(records: Iterator[tuple[int, list[str], bool]]) -> Iterator[Record]:
    """Without rows that are empty, and without the empty cells with which a row ends."""
    for number, cells, broken in records:
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Record(number, tuple(cells), broken)


def _records(lines: Sequence[str], separator: str) -> Iterator[tuple[int, list[str], bool]]:
    """Number, cells and whether it is broken, of every row. After a mark that never closes it begins anew
    with the next line, so that one slip costs one row.
    """
    number = first = broken = 0
    width = _width_of(lines, separator)
    while first < len(lines):
        given = [*(f"{line}\n" for line in lines[first:]), _END]
        marks = broken <= _MOST_BROKEN
        reader = csv.reader(
            given, delimiter=separator, quoting=csv.QUOTE_MINIMAL if marks else csv.QUOTE_NONE
        )
        at = first
        while (cells := _next(reader)) != [_END]:
            number += 1
            if cells is None or _swallowed(cells, separator, width):
                yield number, [part.strip() for part in lines[at].split(separator)], True
                break
            yield number, [cell.strip() for cell in cells], False
            at = first + reader.line_num
        else:
            return
        first, broken = at + 1, broken + 1


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """The next row; None when a cell of it is longer than any text."""
    try:
        return next(reader)
    except csv.Error:
        return None


def _width_of(lines: Sequence[str], separator: str) -> int:
    widths = Counter(line.count(separator) + 1 for line in lines[:_SAMPLE_LINES] if line.strip())
    return widths.most_common(1)[0][0] if widths else 1


def _swallowed(cells: Sequence[str], separator: str, width: int) -> bool:
    """Whether a cell holds the end of the file, or whole rows: a mark opened before them by mistake."""
    if cells and cells[-1].endswith(_END):
        return True
    for place, cell in enumerate(cells):
        first, *others = cell.split("\n")
        if others and _is_row(first, separator, width - place):
            return True
        if any(_is_row(line, separator, width) for line in others):
            return True
    return False


def _is_row(line: str, separator: str, width: int) -> bool:
    """Whether a line in a cell has an address and as many cells as a row has, or as are left of it."""
    parts = line.split(separator)
    return len(parts) == width > 1 and any(_is_address(part.strip(' "')) for part in parts)


def _is_address(cell: str) -> bool:
    return "@" in cell and ADDRESS.fullmatch(cell[:_LONGEST_SEARCHED]) is not None
