"""Files as people bring them, with who they are planted in every place that programs write it to."""

from __future__ import annotations

# ruff: noqa: E501  a part of a file is read more easily in one line
import zipfile
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

WHO = "Zephyrine Quillon"
MAIL = "zq@canary-mail.example"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OUTSIDE = ' TargetMode="External"'
Parts = dict[str, bytes | str]


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), **how: Any) -> bytes:
    """A picture whose camera and program knew the person."""
    drawn = Image.new("RGB", size, (200, 60, 40))
    exif = Image.Exif()
    exif[0x013B], exif[0x010E], exif[0x8298] = WHO, f"taken by {WHO}", WHO
    target, given = BytesIO(), {"exif": exif, **how}
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("Author", WHO)
        told.add_itxt("XML:com.adobe.xmp", f"<x>{WHO}</x>")
        given["pnginfo"] = told
    if kind == "JPEG":
        given |= {"comment": WHO.encode(), "xmp": f"<x>{MAIL}</x>".encode()}
    drawn.save(target, kind, **given)
    return target.getvalue()


def pdf(**catalog: Any) -> bytes:
    """Two pages with a photograph, a remark, a link, and metadata everywhere."""
    made = pikepdf.new()
    for _ in range(2):
        made.add_blank_page(page_size=(400, 500))
    page = made.pages[0]
    photo = made.make_stream(picture())
    photo.Type, photo.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    photo.Width, photo.Height, photo.BitsPerComponent = 320, 200, 8
    photo.ColorSpace, photo.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    photo.Metadata = made.make_stream(f"<x>{WHO}</x>".encode())
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im=photo), Font=pikepdf.Dictionary(F=font)
    )  # fmt: skip
    page.Contents = made.make_stream(
        b"BT /F 12 Tf 40 400 Td (The plan for Friday) Tj ET q 320 0 0 200 40 100 cm /Im Do Q"
    )
    page.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(LastModified="D:2026", Private=WHO))
    remark = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 10, 10],
        T=WHO, Contents=f"Ask {WHO} about it", NM=WHO, M="D:20261121",
    )  # fmt: skip
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=f"https://{MAIL}/"),
    )  # fmt: skip
    page.Annots = made.make_indirect(pikepdf.Array([made.make_indirect(remark), link]))
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = [WHO]
    made.docinfo["/Author"], made.docinfo["/Creator"] = WHO, MAIL
    for name, value in catalog.items():
        made.Root[f"/{name}"] = value
    return written(made)


def written(made: pikepdf.Pdf, **how: Any) -> bytes:
    """The bytes of a PDF."""
    target = BytesIO()
    made.save(target, **how)
    return target.getvalue()


def archive(parts: Parts) -> bytes:
    """An archive of these parts."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return target.getvalue()


def parts_in(content: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(BytesIO(content)) as found:
        return {name: found.read(name) for name in found.namelist()}


def relations(*targets: tuple[str, str]) -> str:
    """A part that points at these: (type, target); those that lie outside begin with a scheme."""
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{target}"'
        f"{OUTSIDE if ':' in target else ''}/>"
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{RELS}">{lines}</Relationships>'


def _office(main: str, content_type: str, parts: Parts) -> bytes:
    core = f'<cp:c xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{WHO}</dc:creator></cp:c>'
    return archive({
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}">'
        f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="jpeg" ContentType="image/jpeg"/><Override PartName="/{main}" ContentType="{content_type}"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": relations(("officeDocument", main), ("core-properties", "docProps/core.xml"), ("thumbnail", "docProps/thumbnail.jpeg")),
        "docProps/core.xml": core,
        "docProps/app.xml": f"<Properties><Manager>{WHO}</Manager><Company>{MAIL}</Company></Properties>",
        "docProps/custom.xml": f"<Properties><p>{WHO}</p></Properties>",
        "docProps/thumbnail.jpeg": picture(),
        **parts,
    })  # fmt: skip


def docx(text: str = "The plan for Friday", **more: bytes | str) -> bytes:
    """A letter with a tracked change, a remark, a name in two pieces and a photograph."""
    body = (
        f'<w:p><w:r><w:t>{text}</w:t></w:r><w:ins w:author="{WHO}" w:date="2026-11-21T10:00:00Z"><w:r><w:t> at nine</w:t></w:r></w:ins></w:p>'
        f"<w:p><w:r><w:t>Zephy</w:t></w:r><w:r><w:t>rine Quillon, {MAIL}</w:t></w:r></w:p>"
        f'<w:p><w:r><w:drawing><wp:docPr xmlns:wp="wp" id="1" name="{WHO}.jpg" descr="Photo of {WHO}"/></w:drawing></w:r></w:p>'
    )
    return _office("word/document.xml", f"{W}+xml", {
        "word/document.xml": f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>',
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="{WHO}" w:initials="ZQ" w:date="2026-11-21T10:00:00Z"><w:p><w:r><w:t>Is it so?</w:t></w:r></w:p></w:comment></w:comments>',
        "word/people.xml": f'<w15:people xmlns:w15="w15"><w15:person w15:author="{WHO}"><w15:presenceInfo w15:providerId="AD" w15:userId="{MAIL}"/></w15:person></w15:people>',
        "word/settings.xml": f'<w:settings xmlns:w="{W}" xmlns:r="{R}"><w:attachedTemplate r:id="r1"/><w:docVars><w:docVar w:name="by" w:val="{WHO}"/></w:docVars></w:settings>',
        "word/_rels/settings.xml.rels": relations(("attachedTemplate", f"file:///C:/Users/{WHO}/Normal.dotm")),
        "word/_rels/document.xml.rels": relations(("comments", "comments.xml"), ("image", "media/image1.jpeg"), ("customXml", "../customXml/item1.xml"), ("image", f"https://{MAIL}/beacon.png")),
        "word/media/image1.jpeg": picture(),
        "customXml/item1.xml": f"<label>{WHO}</label>",
        **more,
    })  # fmt: skip


def xlsx(**more: bytes | str) -> bytes:
    """A sheet with numbers, a remark and the folder it was saved in."""
    return _office("xl/workbook.xml", f"{S}+xml", {
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}" xmlns:x="x"><fileSharing userName="{WHO}"/><x:absPath url="C:\\Users\\{WHO}\\"/><sheets><sheet name="Quillon" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}" xmlns:r="{R}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>0.123456789012</v></c><c r="C1"><f>Quillon!B1*2</f><v>1</v></c></row></sheetData><pageSetup orientation="portrait" r:id="r1"/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("printerSettings", "../printerSettings/printerSettings1.bin"), ("comments", "../comments1.xml")),
        "xl/printerSettings/printerSettings1.bin": WHO.encode("utf-16-le"),
        "xl/sharedStrings.xml": f'<sst xmlns="{S}"><si><t>By {WHO}</t></si></sst>',
        "xl/comments1.xml": f'<comments xmlns="{S}"><authors><author>{WHO}</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>{WHO}: check this</t></r></text></comment></commentList></comments>',
        "xl/persons/person.xml": f'<personList xmlns="p"><person displayName="{WHO}" id="{{1}}" userId="{MAIL}" providerId="AD"/></personList>',
        **more,
    })  # fmt: skip


def pptx(**more: bytes | str) -> bytes:
    """One slide with a remark."""
    return _office("ppt/presentation.xml", f"{P}+xml", {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}"/>',
        "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><a:p><a:r><a:t>The plan by Zephyrine</a:t></a:r></a:p></p:sld>',
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor id="0" name="{WHO}" initials="ZQ"/></p:cmAuthorLst>',
        "ppt/authors.xml": f'<a:authorLst xmlns:a="x"><a:author id="{{1}}" name="{WHO}" initials="ZQ" userId="{MAIL}" providerId="AD"/></a:authorLst>',
        **more,
    })  # fmt: skip


def odt(**more: bytes | str) -> bytes:
    """A letter of LibreOffice with a remark, a change and a field that says who wrote it."""
    dc, office, text = "http://purl.org/dc/elements/1.1/", "urn:o", "urn:t"
    return archive({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'<office:document-content xmlns:office="{office}" xmlns:text="{text}" xmlns:dc="{dc}" xmlns:meta="m"><office:body><office:text>'
        f"<text:tracked-changes><text:changed-region><text:insertion><office:change-info><dc:creator>{WHO}</dc:creator><dc:date>2026-11-21T10:00:00</dc:date></office:change-info></text:insertion></text:changed-region></text:tracked-changes>"
        f"<text:p>The plan for Friday<office:annotation><dc:creator>{WHO}</dc:creator><meta:creator-initials>ZQ</meta:creator-initials><text:p>Is it so?</text:p></office:annotation></text:p>"
        f"<text:p>By <text:span>Zephyrine</text:span> Quillon <text:author-name>{WHO}</text:author-name></text:p>"
        f"</office:text></office:body></office:document-content>",
        "meta.xml": f'<m xmlns:dc="{dc}"><dc:creator>{WHO}</dc:creator></m>',
        "settings.xml": f'<s xmlns:c="c"><c:config-item c:name="PrinterName">{WHO}</c:config-item></s>',
        "Thumbnails/thumbnail.png": picture("PNG"),
        "Pictures/1.png": picture("PNG"),
        "META-INF/manifest.xml": '<m:manifest xmlns:m="m"><m:file-entry m:full-path="/"/><m:file-entry m:full-path="content.xml"/><m:file-entry m:full-path="meta.xml"/><m:file-entry m:full-path="Thumbnails/thumbnail.png"/></m:manifest>',
        **more,
    })  # fmt: skip


def found_in(content: bytes) -> list[str]:
    """Where the person is still told: in the bytes, in each part of an archive, in each object of a PDF."""
    open_: dict[str, bytes] = {"bytes": content}
    if content.startswith(b"PK"):
        open_ |= {f"part {name}": part + name.encode() for name, part in parts_in(content).items()}
    if content.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(content)) as laid:
            plain = {
                "compress_streams": False,
                "object_stream_mode": pikepdf.ObjectStreamMode.disable,
            }
            level = pikepdf.StreamDecodeLevel.generalized
            open_["objects"] = written(laid, **plain, stream_decode_level=level)
    signs = [
        sign.encode(coding)
        for sign in ("zephyrine", "quillon", "canary-mail")
        for coding in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    return [place for place, told in open_.items() if any(sign in told.lower() for sign in signs)]
