"""Files from anyone: known by their bytes, refused with a sentence, and copied without their maker."""

from __future__ import annotations

import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from hiring.attempts.masking import Mask
from hiring.kernel import papers
from hiring.kernel.refusals import Refused
from hiring.kernel.scrubbing import office, wavelets
from hiring.kernel.scrubbing.faults import Faulty
from tests import papers as make
from tests.papers import MAIL, WHO, found_in, parts_in

MASK = {"mask": "hiring.attempts.masking", "who": {"name": WHO, "address": MAIL}}
FILES: dict[str, tuple[Callable[[], bytes], papers.Paper]] = {
    "plan.pdf": (make.pdf, papers.PDF),
    "plan.docx": (make.docx, papers.DOCX),
    "plan.xlsx": (make.xlsx, papers.XLSX),
    "plan.pptx": (make.pptx, papers.PPTX),
    "plan.odt": (make.odt, papers.ODT),
    "plan.jpg": (make.picture, papers.JPEG),
    "plan.png": (lambda: make.picture("PNG"), papers.PNG),
    "plan.webp": (lambda: make.picture("WEBP"), papers.WEBP),
    "plan.txt": (f"The plan for Friday.\n\n{WHO}\n{MAIL}".encode, papers.TEXT),
    "plan.md": (f"# The plan by {WHO}".encode, papers.MARKDOWN),
    "plan.csv": (lambda: f"by;mail;score\n{WHO};{MAIL};0.123456789012\n".encode("utf-16"), papers.CSV),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _request(application: Flask) -> Iterator[None]:
    with application.test_request_context():
        yield


def why_not(content: bytes, name: str = "x") -> str:
    with pytest.raises(Refused) as refusal:
        papers.recognised(content, name=name)
    return refusal.value.sentence


def copied(content: bytes, paper: papers.Paper) -> papers.Copy:
    return papers.copied(content, paper.media_type, **MASK)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_what_its_bytes_are_whatever_it_is_called(name: str) -> None:
    make_it, paper = FILES[name]
    content = make_it()
    assert papers.recognised(content, name=name) == paper
    if paper.cleaner not in {"plain", "cells"}:
        assert papers.recognised(content, name="holiday.exe") == paper


@pytest.mark.parametrize("name", FILES)
def test_a_copy_names_nobody_in_any_place(name: str) -> None:
    make_it, paper = FILES[name]
    content = make_it()
    assert found_in(content) or paper is papers.CSV, "Nobody is planted, so nothing is shown."
    copy = copied(content, paper)
    assert found_in(copy.content) == []
    assert papers.recognised(copy.content, name=name).media_type == copy.media_type


def _signed_pdf() -> bytes:
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Name=WHO, ContactInfo=MAIL, ByteRange=[0, 1, 2, 3],
            Contents=WHO.encode(),
        )  # fmt: skip
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=pdf.make_indirect(signature))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf.make_indirect(field)])
        return make.written(pdf)


def _outlined_pdf() -> bytes:
    away = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=f"https://{MAIL}/")
    item = pikepdf.Dictionary(Title="Mine", A=away)
    return make.pdf(Outlines=pikepdf.Dictionary(First=item, Last=item, Count=1))


def _with_note(**note: Any) -> bytes:
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        here = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 9, 9], **note)
        pdf.pages[1].Annots = pikepdf.Array([here])
        return make.written(pdf)


# ruff: noqa: E501  a part of a file is read more easily in one line
def _sheet(**more: str) -> bytes:
    cells = f'<c r="A1" t="str"><f>B1</f><v>{WHO}</v></c>'
    foot = f"<headerFooter><oddHeader>&amp;L{WHO}</oddHeader></headerFooter>"
    cut = f'<autoFilter><filterColumn><filters><filter val="{WHO}"/></filters></filterColumn></autoFilter>'
    sheet = f'<worksheet xmlns="{make.S}"><sheetData><row r="1">{cells}</row></sheetData>{cut}{foot}</worksheet>'
    pivot = f'<pivotCacheDefinition xmlns="{make.S}"><sharedItems><s v="{WHO}"/></sharedItems></pivotCacheDefinition>'
    return make.xlsx(**{
        "xl/worksheets/sheet1.xml": sheet,
        "xl/pivotCache/pivotCacheDefinition1.xml": pivot, **more,
    })  # fmt: skip


def _jpx(**how: Any) -> bytes:
    """A picture as scanners pack it, with notes in the file and in the picture itself."""
    target = BytesIO()
    drawn = Image.radial_gradient("L").resize((90, 60))
    drawn.save(target, "JPEG2000", comment=f"by {WHO}", tile_size=(64, 64), **how)
    note = f"<x>{MAIL}</x>".encode()
    told = (len(note) + 8).to_bytes(4) + b"xml " + note
    return target.getvalue() + (b"" if how else told)


def _scanned_pdf(**how: Any) -> bytes:
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        photo = pdf.pages[0].Resources.XObject.Im
        photo.write(_jpx(**how), filter=pikepdf.Name.JPXDecode)
        return make.written(pdf)


def _inline_pdf(before: bytes = b"", filters: bytes = b"/DCT") -> bytes:
    words = b"q 90 0 0 60 0 0 cm BI /W 320 /H 200 /CS /RGB /BPC 8 /F " + filters + b" ID "
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        drawn = words + before + make.picture() + b"\nEI Q BT (The plan) Tj ET"
        pdf.pages[1].Contents = pdf.make_stream(drawn)
        return make.written(pdf)


def _pointing_pdf() -> bytes:
    """Paths and addresses in every place but the act of a link."""
    path = f"C:/Users/{WHO}/plan.pdf"
    spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F=path, UF=path, Desc=WHO)
    away = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=f"https://{MAIL}/")
    here = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=["top"], Next=pikepdf.Array([away]))
    layer = pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=f"Drawn by {WHO}")
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=here, PA=away
        )
        page = pdf.pages[1]
        page.Annots = pikepdf.Array([link])
        outside = pdf.make_stream(b"q Q", F=spec, Subtype=pikepdf.Name.Form)
        within = pdf.make_stream(b"q Q", Ref=pikepdf.Dictionary(F=path), Subtype=pikepdf.Name.Form)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=outside, B=within))
        article = pikepdf.Dictionary(I=pikepdf.Dictionary(Author=WHO))
        page.B = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(T=article))])
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([pdf.make_indirect(layer)]))
        pdf.Root.Related = pikepdf.Dictionary(spec)
        return make.written(pdf)


def _body(inside: str) -> bytes:
    spaces = 'xmlns:office="o" xmlns:text="t" xmlns:x="x" xmlns:table="b" xmlns:svg="s" xmlns:p="p"'
    body = f"<office:document-content {spaces}>{inside}</office:document-content>"
    return make.odt(**{"content.xml": body})


HIDDEN = {
    "scan.pdf": (_scanned_pdf, papers.PDF),
    "bare scan.pdf": (lambda: _scanned_pdf(no_jp2=True), papers.PDF),
    "inline.pdf": (_inline_pdf, papers.PDF),
    "paths.pdf": (_pointing_pdf, papers.PDF),
    "signed.pdf": (_signed_pdf, papers.PDF),
    "outline.pdf": (_outlined_pdf, papers.PDF),
    "remark.pdf": (
        lambda: _with_note(Subtype=pikepdf.Name.Text, Contents=f"Ask {WHO}"), papers.PDF
    ),
    "sheet.xlsx": (_sheet, papers.XLSX),
    "remark.pptx": (
        lambda: make.pptx(**{
            "ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="{make.P}"><p:cm><p:text>By {WHO}</p:text></p:cm></p:cmLst>'
        }),
        papers.PPTX,
    ),
    "link.docx": (
        lambda: make.docx(**{
            "word/_rels/document.xml.rels": make.relations(("hyperlink", f"https://{MAIL}/me"))
        }),
        papers.DOCX,
    ),
    "field.docx": (
        lambda: make.docx(**{
            "word/header1.xml": f'<w:hdr xmlns:w="{make.W}"><w:p><w:fldSimple w:instr="QUOTE {WHO}"/></w:p></w:hdr>'
        }),
        papers.DOCX,
    ),
    "mail.odt": (lambda: _body(f'<text:p><text:a x:href="mailto:{MAIL}">me</text:a></text:p>'), papers.ODT),
    "cell.ods": (
        lambda: _body(f'<table:table-cell table:formula="of:={WHO}" office:string-value="{WHO}"/>'),
        papers.ODT,
    ),
    "foot.odp": (
        lambda: _body(f"<p:footer-decl>{WHO}</p:footer-decl><svg:desc>{WHO} at sea</svg:desc>"),
        papers.ODT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_a_copy_names_nobody_where_few_programs_write_it(name: str) -> None:
    make_it, paper = HIDDEN[name]
    content = make_it()
    assert found_in(content)
    copy = copied(content, paper)
    assert found_in(copy.content) == []


def test_a_photograph_that_is_packed_once_more_says_nothing_of_its_camera() -> None:
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        photo = pdf.pages[0].Resources.XObject.Im
        twice = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])
        photo.write(zlib.compress(photo.read_raw_bytes()), filter=twice)
        content = make.written(pdf)
    with pikepdf.open(BytesIO(copied(content, papers.PDF).content)) as pdf:
        raw = pdf.pages[0].Resources.XObject.Im.read_raw_bytes()
    assert WHO.encode() not in raw
    Image.open(BytesIO(raw)).load()


@pytest.mark.parametrize("how", [{}, {"no_jp2": True}])
def test_a_scan_keeps_its_pixels(how: dict[str, bool]) -> None:
    copy = copied(_scanned_pdf(**how), papers.PDF).content
    with pikepdf.open(BytesIO(copy)) as pdf:
        bare = pdf.pages[0].Resources.XObject.Im.read_raw_bytes()
    seen = Image.open(BytesIO(bare)).tobytes()
    assert seen == Image.open(BytesIO(_jpx(**how))).tobytes()


def test_a_photograph_among_the_words_of_a_page_is_drawn_as_it_was() -> None:
    with pikepdf.open(BytesIO(copied(_inline_pdf(), papers.PDF).content)) as pdf:
        page = pdf.pages[1].Contents.read_bytes()
    assert page.endswith(b"EI Q BT (The plan) Tj ET")
    start = page.index(b"\xff\xd8")
    assert (
        Image.open(BytesIO(page[start:])).tobytes() == Image.open(BytesIO(make.picture())).tobytes()
    )
    with pytest.raises(Refused, match="make safe"):
        copied(_inline_pdf(b"<~", b"[/A85 /DCT]"), papers.PDF)


@pytest.mark.parametrize("at", [12, 60, 90, 130, 200, 300])
@pytest.mark.parametrize("value", [0, 255])
def test_no_broken_scan_keeps_the_cleaner_busy(at: int, value: int) -> None:
    for whole in (_jpx(), _jpx(no_jp2=True)):
        broken = whole[:at] + bytes([value] * 8) + whole[at + 8 :]
        with suppress(Faulty):
            wavelets.bare_jpx(broken)


def test_what_a_formula_came_to_and_says_is_masked_as_text_and_numbers_are_not() -> None:
    phone = "+31 6 1234 5678"
    cells = (
        f'<c r="A1" t="str"><f>B1&amp;" {MAIL}"&amp;"call {phone}"</f><v>{phone}</v></c>'
        '<c r="B1"><v>0612345678</v></c><c r="C1"><f>0612345678-B1</f><v>1</v></c>'
    )
    book = (
        f'<worksheet xmlns="{make.S}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    )
    chart = (
        f'<c:s xmlns:c="c"><c:strCache><c:pt><c:v>{phone}</c:v></c:pt></c:strCache>'
        "<c:numCache><c:pt><c:v>0612345678</c:v></c:pt></c:numCache></c:s>"
    )
    parts = parts_in(
        copied(
            make.xlsx(**{"xl/worksheets/sheet1.xml": book, "xl/charts/chart1.xml": chart}),
            papers.XLSX,
        ).content
    )
    sheet, drawn = (
        parts[f"xl/{name}1.xml"].decode() for name in ("worksheets/sheet", "charts/chart")
    )
    assert 'B1&amp;" [address]"&amp;"call [address]"</f><v>[address]</v>' in sheet
    assert "<v>0612345678</v>" in sheet
    assert "<f>0612345678-B1</f>" in sheet
    assert "<c:v>[address]</c:v>" in drawn
    assert "<c:v>0612345678</c:v>" in drawn


def test_a_command_that_lies_in_a_list_is_refused_too() -> None:
    command = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    content = _with_note(Subtype=pikepdf.Name.Link, A=command)
    with pytest.raises(Refused, match="commands"):
        copied(content, papers.PDF)


def test_what_the_reader_of_a_letter_sees_is_still_there() -> None:
    parts = parts_in(copied(make.docx(), papers.DOCX).content)
    body = parts["word/document.xml"].decode()
    assert "The plan for Friday" in body
    assert " at nine" in body
    assert "[name], [address]" in body
    assert "Is it so?" in parts["word/comments.xml"].decode()
    assert not {name for name in parts if name.startswith(("docProps", "customXml"))}
    assert b"docProps" not in parts["_rels/.rels"] + parts["[Content_Types].xml"]
    Image.open(BytesIO(parts["word/media/image1.jpeg"])).load()
    assert b"beacon" not in parts["word/_rels/document.xml.rels"]


def test_numbers_and_formulas_of_a_sheet_are_left_alone() -> None:
    parts = parts_in(copied(make.xlsx(), papers.XLSX).content)
    cells, book = parts["xl/worksheets/sheet1.xml"].decode(), parts["xl/workbook.xml"].decode()
    assert "<v>0.123456789012</v>" in cells
    assert "<f>name!B1*2</f>" in cells
    assert 'sheet name="name"' in book
    assert "By [name]" in parts["xl/sharedStrings.xml"].decode()
    csv = copied(FILES["plan.csv"][0](), papers.CSV).content.decode()
    assert csv == "by;mail;score\n[name];[address];0.123456789012\n"


def test_formulas_of_a_table_in_plain_text_are_words_in_its_copy() -> None:
    table = b'=HYPERLINK("//x");-5;+3.5;"@SUM(A1)";a=b\n -2+3|cmd;1,5 %;-12.50;ok\n'
    copy = copied(table, papers.CSV).content.decode()
    assert copy == '\'=HYPERLINK("//x");-5;+3.5;"\'@SUM(A1)";a=b\n \'-2+3|cmd;1,5 %;-12.50;ok\n'


def test_the_pages_of_a_pdf_stay_as_they_were_drawn() -> None:
    with pikepdf.open(BytesIO(copied(make.pdf(), papers.PDF).content)) as pdf:
        assert len(pdf.pages) == 2
        assert b"The plan for Friday" in pdf.pages[0].Contents.read_bytes()
        photo = pdf.pages[0].Resources.XObject.Im
        Image.open(BytesIO(photo.read_raw_bytes())).load()
        assert str(pdf.pages[0].Annots[0].Contents) == "Ask [name] about it"
        assert "/Info" not in pdf.trailer
        assert not [note for note in pdf.pages[0].Annots if "/A" in note]


def test_a_document_of_libreoffice_keeps_its_list_of_parts_true() -> None:
    content = copied(make.odt(), papers.ODT).content
    parts = parts_in(content)
    assert b"meta.xml" not in parts["META-INF/manifest.xml"]
    assert b"content.xml" in parts["META-INF/manifest.xml"]
    assert next(iter(parts)) == "mimetype"
    assert zipfile.ZipFile(BytesIO(content)).infolist()[0].compress_type == zipfile.ZIP_STORED
    body = parts["content.xml"].decode()
    assert "By [name]" in body
    assert "<dc:date>1980-01-01T00:00:00</dc:date>" in body  # without it a change is none
    assert "2026" not in body


def test_a_chart_of_libreoffice_is_still_drawn_from_its_numbers() -> None:
    spaces = (
        'xmlns:office="o" xmlns:table="b" xmlns:draw="d" xmlns:svg="s" xmlns:xlink="x" xmlns:c="c"'
    )
    frame = (
        '<draw:frame><draw:object draw:notify-on-update-of-ranges="Quillon.A1:Quillon.B4" xlink:href="./Object 1"/>'
        '<draw:image xlink:href="./ObjectReplacements/Object 1"/></draw:frame>'
    )
    table = f'<table:table table:name="Quillon">{frame}</table:table>'
    chart = (
        f"<office:document-content {spaces}>"
        '<c:series c:values-cell-range-address="Quillon.B2:Quillon.B4"/>'
        "<draw:g><svg:desc>Quillon.B2:Quillon.B4</svg:desc></draw:g></office:document-content>"
    )
    listed = ["/", "content.xml", "Object 1/", "Object 1/content.xml", "Object 1/meta.xml",
              "ObjectReplacements/Object 1", "Configurations2/", "Configurations2/menubar.xml"]  # fmt: skip
    entries = "".join(f'<m:file-entry m:full-path="{path}"/>' for path in listed)
    content = make.odt(**{
        "content.xml": f"<office:document-content {spaces}>{table}</office:document-content>",
        "Object 1/content.xml": chart, "Object 1/meta.xml": f"<m>{WHO}</m>",
        "ObjectReplacements/Object 1": WHO.encode(), "Configurations2/menubar.xml": "<m/>",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="m">{entries}</m:manifest>',
    })  # fmt: skip
    copy = copied(content, papers.ODT).content
    assert found_in(copy) == []
    parts = parts_in(copy)
    manifest, sheet, drawn = (
        parts[name].decode()
        for name in ("META-INF/manifest.xml", "content.xml", "Object 1/content.xml")
    )
    assert '"Object 1/"' in manifest
    assert "ObjectReplacements" not in manifest + sheet
    assert "Configurations2" not in manifest
    assert 'table:name="name"' in sheet
    assert '"name.A1:name.B4"' in sheet
    assert '"name.B2:name.B4"' in drawn
    assert ">name.B2:name.B4<" in drawn


def _locked_pdf() -> bytes:
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        return make.written(pdf, encryption=pikepdf.Encryption(owner="o", user="u"))


def _attached_pdf() -> bytes:
    with pikepdf.open(BytesIO(make.pdf())) as pdf:
        pdf.attachments["cv.txt"] = pikepdf.AttachedFileSpec(pdf, WHO.encode(), filename="cv.txt")
        return make.written(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _huge_picture() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def _bomb() -> bytes:
    return make.docx(**{"word/big.xml": b"\0" * 70_000_000})


def _crowd(number: int = 300_000) -> bytes:
    """Parts without end, of which the last lines say that there is one."""
    listed = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *[0] * 9, 1, *[0] * 6) + b"x"
    content = b"PK\x03\x04" + listed * number
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(listed) * number, 4, 0)
    return content + end


ENTITY = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
COMMAND = "</w:t></w:r><w:r><w:instrText>DDEAUTO c:\\cmd.exe</w:instrText></w:r><w:r><w:t>"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "blank text": (lambda: b" \n\t\n", "nothing in it"),
    "locked pdf": (_locked_pdf, "password"),
    "locked office": (lambda: OLD + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old office": (lambda: OLD + bytes(500), "old format"),
    "cut pdf": (lambda: make.pdf()[:-300], "cut off"),
    "cut docx": (lambda: make.docx()[:-300], "cut off"),
    "cut head of a picture": (lambda: make.picture("PNG")[:20], "cut off"),
    "pdf with a script": (lambda: make.pdf(OpenAction=_script()), "run by themselves"),
    "pdf that starts a program": (
        lambda: make.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")),
        "run by themselves",
    ),
    "pdf with a file inside": (_attached_pdf, "carries other files"),
    "macros": (lambda: make.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    "bomb": (_bomb, "far larger inside"),
    "300,000 parts": (_crowd, "far larger inside"),
    "part outside": (lambda: make.docx(**{"../../etc/passwd.xml": "<x/>"}), "damaged"),
    "20,000 × 20,000": (_huge_picture, "more than 50 million pixels"),
    "html": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
    "svg": (lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>", "web page"),
    "program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(200), "none of the types"),
    "film": (lambda: b"\0\0\0\x18ftypmp42" + bytes(200), "none of the types"),
    "archive": (lambda: make.archive({"a.txt": "a"}), "none of the types"),
    "gif": (lambda: make.picture("GIF"), "none of the types"),
    "noise": (lambda: bytes(range(256)) * 40, "none of the types"),
    "two megabytes of text": (lambda: b"word " * 400_000, "one megabyte"),
}


@pytest.mark.parametrize("fault", BAD)
def test_what_cannot_be_taken_is_told_at_once_in_a_sentence(fault: str) -> None:
    make_it, words = BAD[fault]
    content, began = make_it(), time.monotonic()
    assert words in why_not(content, "plan.pdf")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("make_it", "paper", "words"),
    [
        (lambda: make.written(pikepdf.open(BytesIO(make.pdf(OpenAction=_script()))),
                              object_stream_mode=pikepdf.ObjectStreamMode.generate), papers.PDF, "run by"),
        (lambda: make.picture(size=(3000, 2000))[:3000], papers.JPEG, "cut off"),
        (lambda: make.docx(**{"word/embeddings/oleObject1.bin": OLD}), papers.DOCX, "make safe"),
        (lambda: make.docx(**{f"word/media/{WHO}.png": make.picture("PNG")}), papers.DOCX, "make safe"),
        (lambda: make.docx(**{"word/x.xml": ENTITY}), papers.DOCX, "damaged"),
        (lambda: make.docx(COMMAND), papers.DOCX, "run by"),
        (lambda: make.odt(**{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), papers.ODT, "password"),
        (lambda: b"%PDF-1.7\n" + b"9" * 5000 + b"\n%%EOF", papers.PDF, "damaged"),
    ],
)  # fmt: skip
def test_what_only_shows_when_it_is_unpacked_is_told_by_the_copy(
    make_it: Callable[[], bytes], paper: papers.Paper, words: str
) -> None:
    with pytest.raises(Refused) as refusal:
        copied(make_it(), paper)
    assert words in refusal.value.sentence


def test_the_list_of_an_archive_is_not_read_when_it_is_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def opened(*_given: object) -> None:
        raise AssertionError("Its list was read.")

    content = _crowd(office.MOST_PARTS + 1)
    monkeypatch.setattr(zipfile, "ZipFile", opened)
    assert "far larger inside" in why_not(content)
    with pytest.raises(Faulty, match="large"):
        office.unpacked(content)


def test_a_bomb_that_lies_about_its_size_stays_small() -> None:
    content = bytearray(make.docx(**{"word/big.xml": b"<x>" + b" " * 70_000_000 + b"</x>"}))
    real, small = struct.pack("<I", 70_000_007), struct.pack("<I", 1_000)
    content = content.replace(real, small)
    assert papers.recognised(bytes(content), name="x") == papers.DOCX
    began = time.monotonic()
    with pytest.raises(Refused):
        copied(bytes(content), papers.DOCX)
    assert time.monotonic() - began < 5


def test_a_sheet_inside_a_letter_is_cleaned_too() -> None:
    inner = "word/embeddings/Microsoft_Excel_Sheet.xlsx"
    parts = parts_in(copied(make.docx(**{inner: make.xlsx()}), papers.DOCX).content)
    assert found_in(parts[inner]) == []
    russian = make.docx(**{inner: make.docx(**{inner: make.docx(**{inner: make.docx()})})})
    with pytest.raises(Refused):
        copied(russian, papers.DOCX)


def test_what_follows_a_picture_or_a_document_is_left_behind() -> None:
    hidden = b"PK\x03\x04 <script>alert('hidden')</script>"
    for make_it, paper in (FILES["plan.jpg"], FILES["plan.pdf"]):
        content = make_it() + hidden + (b"\n%%EOF" if paper is papers.PDF else b"")
        assert b"hidden" not in copied(content, paper).content


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.docx", "plan.docx"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("a\nb\x00.pdf", "ab.pdf"),
        ("", "a file without a name"),
        ("\u200b", "a file without a name"),
        ("é" * 300 + ".pdf", "é" * 95 + "….pdf"),
    ],
)
def test_a_name_is_shown_without_what_tricks_the_eye(called: str, shown: str) -> None:
    assert papers.bare_name(called) == shown


def test_the_mask_is_that_of_written_answers() -> None:
    text = f"Best regards, {WHO}. Call +31 6 1234 5678."
    assert copied(text.encode(), papers.TEXT).content.decode() == Mask.of(WHO, address=MAIL)(text)
