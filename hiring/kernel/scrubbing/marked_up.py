"""The XML parts of an office file: without authors, hours, machines, and what would run or be fetched."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from hiring.kernel.scrubbing.faults import Faulty

OFF = "about:blank"
NOBODY = "Author"
LONG_AGO = "1980-01-01T00:00:00"  # a change without an hour is no change to LibreOffice
NAMES = {"author", "userName"}  # attributes that must say something
EMPTIED = {"initials", "userId", "providerId", "loginName", "lastModifiedBy"}
INSTANTS = {"date", "dateUtc", "dt", "dT", "modified", "created"}
# elements whose whole text is a name, an hour or a machine
SAYS_WHO = re.compile(
    r"author|creator|initials|(initial-|author-|sender-|creator-|modified-by|printed-by).*"
)
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
GOES = {
    "absPath", "fileSharing", "attachedTemplate", "docVars", "mailMerge", "externalReferences",
    "permStart", "permEnd", "documentProtection", "modifyVerifier", "embedRegular", "embedBold",
    "embedItalic", "embedBoldItalic", "embeddedFontLst", "writeReservation",
}  # fmt: skip
RUNS = {"ddeLink", "dde-source", "script", "event-listener", "control", "ocx"}
FIELDS_THAT_RUN = re.compile(r"\s*(DDE|DDEAUTO|INCLUDE\w*)\b", re.IGNORECASE)
PARAGRAPHS = {"p", "h", "si", "is"}
FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
HEADS = {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
# texts that are no paragraphs: what a formula came to, heads and feet, what a picture shows
SAYINGS = {"v", "header-decl", "footer-decl", "title", "desc", *HEADS}
_CODE = re.compile(r'(&(?:"[^"]*"|\d+|K[0-9A-F]{6}|[A-Za-z&]))')  # of a sheet's heads and feet
PICTURES = {"cNvPr", "docPr"}
TOLD = {
    "name", "descr", "title", "alt", "tooltip", "display", "instr", "formula", "string-value",
    "prompt", "promptTitle", "error", "errorTitle",
}  # fmt: skip
TOLD_IN = {("filter", "val"), ("s", "v")}  # what a list is cut to, what a pivot table counts
POINTS_AT_CELLS = re.compile(r".*-address(es)?|notify-on-update-of-ranges|condition|expression")
_QUOTED = re.compile(r'("(?:[^"]|"")*")')  # words within a formula
NAME = "[name]"
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|\\\\|/|\.\.", re.IGNORECASE)


def cleaned(name: str, part: bytes, gone: set[str], mask: Callable[[str], str]) -> bytes:
    """One part, which may name none of those that are `gone`. Raises Faulty."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Faulty("broken") from None
    if root.getroottree().docinfo.doctype:
        raise Faulty("broken")
    if name == "META-INF/manifest.xml":
        _unlist(root, gone)
    _unpoint(name, root, gone)
    for element in list(root.iter()):
        _anonymous(element)
    _mask(root, mask)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _unpoint(name: str, root: Any, gone: set[str]) -> None:
    """What points at a part that goes, goes; what points out of the file leads nowhere."""
    folder = posixpath.dirname(posixpath.dirname(name))
    for element in list(root.iter()):
        href = next((v for k, v in element.attrib.items() if k.endswith("}href")), "")
        if _local(element) == "image" and posixpath.normpath(href) in gone:
            element.getparent().remove(element)  # a chart is drawn from its numbers instead
    for element in list(root):
        target, part = element.get("Target", ""), element.get("PartName", "").lstrip("/")
        if element.get("TargetMode") == "External":
            element.set("Target", OFF)
        elif part in gone or (name.endswith(".rels") and _resolved(folder, target) in gone):
            root.remove(element)


def _resolved(folder: str, target: str) -> str:
    whole = target if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(whole).lstrip("/")


def _unlist(root: Any, gone: set[str]) -> None:
    """An OpenDocument lists its parts, and which of them are locked."""
    if any(_local(element) == "encryption-data" for element in root.iter()):
        raise Faulty("locked")
    for element in list(root):
        path = next((v for k, v in element.attrib.items() if k.endswith("full-path")), "")
        if path in gone:
            root.remove(element)


def _anonymous(element: Any) -> None:
    local = _local(element)
    if local in RUNS:
        raise Faulty("active")
    if local in {"instrText", "fldSimple"} and FIELDS_THAT_RUN.match(_field(element)):
        raise Faulty("active")
    if local in GOES and element.getparent() is not None:
        element.getparent().remove(element)
        return
    says_who = SAYS_WHO.fullmatch(local) and not len(element)
    if element.tag == f"{DUBLIN_CORE}date":
        element.text = LONG_AGO
    elif says_who:
        element.text = NOBODY if local == "author" and element.text else ""
    if local == "config-item" and "Printer" in str(element.attrib.values()):
        element.text = ""
    for key in list(element.attrib):
        _attribute(element, local, key)


def _field(element: Any) -> str:
    said = (value for key, value in element.attrib.items() if key.endswith("instr"))
    return element.text or next(said, "")


def _attribute(element: Any, local: str, key: str) -> None:
    name, value = key.rpartition("}")[2], element.get(key)
    of_person = local in {"person", "cmAuthor", "author"} and name in {"displayName", "name"}
    if name in NAMES or of_person:
        element.set(key, NOBODY)
    elif name in EMPTIED:
        element.set(key, "")
    elif name in INSTANTS and "T" in value:
        del element.attrib[key]
    elif name == "href" and OUTSIDE.match(value):
        element.set(key, OFF)
    elif local == "pageSetup" and name == "id":  # of settings of a printer, which went
        del element.attrib[key]
    elif local in PICTURES and name == "name" and "." in value:
        element.set(key, "Picture")  # it was the file's name


def _mask(root: Any, mask: Callable[[str], str]) -> None:
    for element in root.iter():
        local = _local(element)
        for key, value in element.attrib.items():
            # other attributes are addresses and numbers of the format itself
            name = key.rpartition("}")[2]
            if POINTS_AT_CELLS.fullmatch(name):
                element.set(key, _formula(value, mask))
            elif name in TOLD or (local, name) in TOLD_IN:
                element.set(key, _told(local, name, value, mask))
        if _is_paragraph(element, local):
            _mask_paragraph(element, mask)
        elif local in FORMULAS and element.text:
            element.text = _formula(element.text, mask)
        elif local in SAYINGS and element.text and _is_words(element, local):
            if local == "desc" and _local(element.getparent()) == "g":  # which cells a chart draws
                element.text = _bare(element.text, mask)
            pieces = _CODE.split(element.text) if local in HEADS else [element.text]
            element.text = "".join(p if _CODE.fullmatch(p) else mask(p) for p in pieces)


def _told(local: str, name: str, value: str, mask: Callable[[str], str]) -> str:
    if name == "formula":
        return _formula(value, mask)
    if local == "sheet" or (local == "table" and name == "name"):
        return _bare(value, mask)
    if name == "val" and _is_number(value):
        return value
    hidden = mask(value)
    return value if name == "name" and NAME not in hidden else hidden  # mostly they point at others


def _formula(text: str, mask: Callable[[str], str]) -> str:
    """Its words are masked; elsewhere only a name is, as the sheet is called then."""
    pieces = [
        mask(piece) if _QUOTED.fullmatch(piece) else _bare(piece, mask)
        for piece in _QUOTED.split(text)
    ]
    return "".join(pieces)


def _bare(piece: str, mask: Callable[[str], str]) -> str:
    return hidden.replace(NAME, "name") if NAME in (hidden := mask(piece)) else piece


def _is_words(element: Any, local: str) -> bool:
    """Whether it is text: in a cell, a number may look like a telephone's and is none."""
    if local != "v":
        return True
    above = element.getparent()
    cell, list_ = above, above.getparent() if above is not None else None
    in_words = cell is not None and cell.get("t") == "str"
    return (
        in_words
        or (list_ is not None and _local(list_) == "strCache")
        or not _is_number(element.text)
    )


def _is_number(text: str) -> bool:
    return not any(map(str.isalpha, text))


def _is_paragraph(element: Any, local: str) -> bool:
    if (
        local == "text"
    ):  # of a remark in a sheet or on a slide; in OpenDocument the whole body is called so
        parent = element.getparent()
        return parent is not None and _local(parent) in {"comment", "cm"}
    return local in PARAGRAPHS


def _mask_paragraph(paragraph: Any, mask: Callable[[str], str]) -> None:
    """A name may be cut into pieces by how it is set: the whole is masked, and put where it begins."""
    whole = "".join(paragraph.itertext())
    if not whole.strip() or (hidden := mask(whole)) == whole:
        return
    pieces = [element for element in paragraph.iter() if (element.text or "").strip()]
    first = pieces[0] if pieces else paragraph
    for element in paragraph.iter():
        element.text = None
        if element is not paragraph:
            element.tail = None
    first.text = hidden
