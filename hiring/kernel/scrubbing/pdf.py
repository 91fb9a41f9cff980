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
DEEPEST = 50  # of objects within each other; programs write a handful
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
            _scrub(found, mask)
            _bare_photo(pdf, found)
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
    if isinstance(found, pikepdf.Array):
        for item in found:
            _scrub_inside(item, mask, depth)
    if not _is_dictionary(found):
        return
    _refuse(found)
    for name in GOES:
        _drop(found, name)
    _unsign(found)
    action = found.get("/A")
    if _is_dictionary(action) and str(action.get("/S", "/GoTo")) != "/GoTo":
        _refuse(action)
        del found["/A"]  # no link leads out of the copy
    for name in list(found.keys()):
        value = found[name]
        if name in TEXTS and isinstance(value, pikepdf.String):
            found[name] = pikepdf.String(mask(str(value)))
        else:
            _scrub_inside(value, mask, depth)


def _scrub_inside(value: Any, mask: Callable[[str], str], depth: int) -> None:
    """What lies in another object; what is only pointed at comes by itself."""
    if not isinstance(value, (pikepdf.Array, pikepdf.Dictionary)) or value.is_indirect:
        return
    if depth >= DEEPEST:
        raise Faulty("broken")
    _scrub(value, mask, depth + 1)


def _unsign(found: Any) -> None:
    """A signature bears the name, the certificate and the hour; of a copy it says nothing true anyway."""
    if str(found.get("/FT", "")) == "/Sig":
        _drop(found, "/V")
    for name in list(found.keys()) if "/ByteRange" in found else ():
        del found[name]


def _bare_photo(pdf: pikepdf.Pdf, found: Any) -> None:
    """A photograph without what its camera says of it; it may be packed once more around."""
    if not isinstance(found, pikepdf.Stream):
        return
    filters = _all_of(found.get("/Filter"))
    if str(found.get("/Subtype", "")) != "/Image" or [str(f) for f in filters][-1:] != [
        "/DCTDecode"
    ]:
        return
    content, given = found.read_raw_bytes(), _all_of(found.get("/DecodeParms"))
    if filters[:-1]:
        around = {"Filter": pikepdf.Array(filters[:-1]), "DecodeParms": pikepdf.Array(given[:-1])}
        content = pdf.make_stream(content, **around).read_bytes()
    own = given[-1] if len(given) == len(filters) else None
    found.write(bare_jpeg(content), filter=filters[-1], decode_parms=own)


def _all_of(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _refuse(found: Any) -> None:
    """What runs is refused; what is attached, too: it is part of the work and may not go without a word."""
    if str(found.get("/S", "")) in RUNS or "/JS" in found:
        raise Faulty("active")
    attached = str(found.get("/Type", "")) == "/EmbeddedFile"
    if attached or (str(found.get("/Subtype", "")) in PLAYS and "/Rect" in found):
        raise Faulty("attached")


def _page(page: Any) -> None:
    """No remark says whose it is."""
    kept = []
    for note in _notes(page):
        kind = str(note.get("/Subtype", ""))
        if kind == "/Popup":
            continue
        for name in GOES_FROM_NOTE if kind != "/Widget" else ():
            _drop(note, name)
        kept.append(note)
    if "/Annots" in page:
        page["/Annots"] = pikepdf.Array(kept)


def _notes(page: Any) -> Iterator[Any]:
    notes = page.get("/Annots", [])
    return (note for note in notes if _is_dictionary(note))
