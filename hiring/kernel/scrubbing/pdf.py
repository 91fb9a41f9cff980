"""A PDF: what is drawn on its pages stays; what tells of its maker, or does anything by itself, goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf

from hiring.kernel.scrubbing.faults import Faulty
from hiring.kernel.scrubbing.inside import bare_jpeg

MOST_PAGES = 1_000
MOST_OBJECTS = 300_000
# Of every object: metadata, what programs leave for themselves, what runs, what is attached.
GOES = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/AF", "/SpiderInfo", "/Perms", "/Legal",
    "/OPI", "/Measure",
)  # fmt: skip
GOES_FROM_ROOT = ("/OpenAction", "/Collection", "/URI", "/Threads", "/DSS", "/Requirements")
GOES_FROM_NOTE = (
    "/T", "/NM", "/M", "/CreationDate", "/RC", "/Popup", "/IRT", "/StateModel", "/Subj",
)  # fmt: skip
RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute"}
PLAYS = {"/Movie", "/Sound", "/Screen", "/RichMedia", "/3D", "/FileAttachment"}
TEXTS = {"/Contents", "/Title", "/Alt", "/ActualText", "/TU"}  # beside what is drawn


def scrubbed(content: bytes, mask: Callable[[str], str]) -> bytes:
    """The PDF with what can be seen. Raises Faulty. `mask` covers remarks and titles, not the pages."""
    with _opened(content) as pdf:
        for found in pdf.objects:
            if _is_dictionary(found):
                _scrub(found, mask)
        for name in GOES_FROM_ROOT:
            _drop(pdf.Root, name)
        _drop(pdf.trailer, "/Info")
        _drop(pdf.Root.get("/AcroForm", pikepdf.Dictionary()), "/XFA")
        for page in pdf.pages:
            _page(page.obj)
        target = BytesIO()
        pdf.save(target, encryption=False, deterministic_id=True, fix_metadata_version=False)
        return target.getvalue()


def _opened(content: bytes) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(BytesIO(content))
        pages, attached = len(pdf.pages), len(pdf.attachments)
    except pikepdf.PasswordError:
        raise Faulty("locked") from None
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError):
        raise Faulty("broken") from None
    if not pages:
        raise Faulty("broken")
    if pages > MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
        raise Faulty("large")
    if attached:
        raise Faulty("attached")
    return pdf


def _is_dictionary(found: Any) -> bool:
    return isinstance(found, (pikepdf.Dictionary, pikepdf.Stream))


def _drop(found: Any, name: str) -> None:
    if name in found:
        del found[name]


def _scrub(found: Any, mask: Callable[[str], str], depth: int = 0) -> None:
    """One object and what lies in it directly."""
    _refuse(found)
    for name in GOES:
        _drop(found, name)
    if str(found.get("/Subtype", "")) == "/Image" and str(found.get("/Filter", "")) == "/DCTDecode":
        parameters = found.get("/DecodeParms")
        found.write(bare_jpeg(found.read_raw_bytes()), filter=found.Filter, decode_parms=parameters)
    for name in list(found.keys()):
        value = found[name]
        if name in TEXTS and isinstance(value, pikepdf.String):
            found[name] = pikepdf.String(mask(str(value)))
        elif _is_dictionary(value) and not value.is_indirect and depth < 20:  # noqa: PLR2004
            _scrub(value, mask, depth + 1)


def _refuse(found: Any) -> None:
    """What runs is refused; what is attached, too: it is part of the work and may not go without a word."""
    if str(found.get("/S", "")) in RUNS or "/JS" in found:
        raise Faulty("active")
    attached = str(found.get("/Type", "")) == "/EmbeddedFile"
    if attached or (str(found.get("/Subtype", "")) in PLAYS and "/Rect" in found):
        raise Faulty("attached")


def _page(page: Any) -> None:
    """No link leads out of the copy, and no remark says whose it is."""
    kept = []
    for note in _notes(page):
        kind = str(note.get("/Subtype", ""))
        if kind == "/Popup":
            continue
        for name in GOES_FROM_NOTE if kind != "/Widget" else ():
            _drop(note, name)
        action = note.get("/A")
        if action is not None and str(action.get("/S", "")) != "/GoTo":
            del note["/A"]
        kept.append(note)
    if "/Annots" in page:
        page["/Annots"] = pikepdf.Array(kept)


def _notes(page: Any) -> Iterator[Any]:
    notes = page.get("/Annots", [])
    return (note for note in notes if _is_dictionary(note))
