"""A PDF: what is drawn on its pages stays; what tells of its maker, or does anything by itself, goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf

from hiring.kernel.scrubbing.faults import Faulty
from hiring.kernel.scrubbing.inside import bare_jpeg, blanked_jpeg
from hiring.kernel.scrubbing.wavelets import bare_jpx

MOST_PAGES = 1_000
MOST_OBJECTS = 300_000
DEEPEST = 50  # of objects within each other; programs write a handful
# Of every object: metadata, what programs leave for themselves, what runs, what is attached.
GOES = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/AF", "/SpiderInfo", "/Perms", "/Legal",
    "/OPI", "/Measure", "/PA", "/Ref",
)  # fmt: skip
GOES_FROM_ROOT = ("/OpenAction", "/Collection", "/URI", "/Threads", "/DSS", "/Requirements")
GOES_FROM_NOTE = (
    "/T", "/NM", "/M", "/CreationDate", "/RC", "/Popup", "/IRT", "/StateModel", "/Subj",
)  # fmt: skip
LEADS_OUT = {"/URI", "/GoToR", "/GoToE", "/Thread"}
RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute"}
PLAYS = {"/Movie", "/Sound", "/Screen", "/RichMedia", "/3D", "/FileAttachment"}
# beside what is drawn: remarks, titles, descriptions, names of layers and of fields
TEXTS = {"/Contents", "/Title", "/Alt", "/ActualText", "/TU", "/E", "/T", "/Name", "/Desc"}
FILE_NAMES = ("/UF", "/DOS", "/Mac", "/Unix", "/Desc", "/ID", "/RF", "/Thumb", "/CI")
STAYS_WITHIN = {"/GoTo", "/Named"}  # acts that lead to another page of the same file
CAMERAS = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpx}
# a picture among the words of a page: its keys, and where its bytes begin
INLINE = re.compile(rb"\bBI\b([^\x80-\xff]{0,2000}?)\bID\s")


def scrubbed(content: bytes, mask: Callable[[str], str]) -> bytes:
    """The PDF with what can be seen. Raises Faulty. `mask` covers remarks and titles, not the pages."""
    with _opened(content) as pdf:
        for found in pdf.objects:
            _scrub(found, mask)
            _bare_photo(pdf, found)
            _bare_inline(found)
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
    _unlink(found)
    _unname(found)
    for name in list(found.keys()):
        value = found[name]
        if name in TEXTS and isinstance(value, pikepdf.String):
            found[name] = pikepdf.String(mask(str(value)))
        else:
            _scrub_inside(value, mask, depth)


def _unlink(found: Any) -> None:
    """No link leads out of the copy, at once or as the next act of one that does not."""
    action = found.get("/A")
    if _is_dictionary(action) and str(action.get("/S", "/GoTo")) not in STAYS_WITHIN:
        _refuse(action)
        del found["/A"]
    if str(found.get("/S", "")) in {*STAYS_WITHIN, *LEADS_OUT}:
        _drop(found, "/Next")
        for name in ("/URI", "/F", "/Base") if str(found["/S"]) in LEADS_OUT else ():
            _drop(found, name)


def _unname(found: Any) -> None:
    """What says where another file lies: a path often begins with its owner's name."""
    names = str(found.get("/Type", "")) in {"/Filespec", "/F"} or "/UF" in found
    outside = isinstance(found, pikepdf.Stream) and "/F" in found
    for name in FILE_NAMES if names else ():
        _drop(found, name)
    if names or outside:
        _drop(found, "/F")


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
    if not isinstance(found, pikepdf.Stream) or str(found.get("/Subtype", "")) != "/Image":
        return
    filters = _all_of(found.get("/Filter"))
    bare = CAMERAS.get(str(filters[-1])) if filters else None
    if bare is None:
        return
    content, given = found.read_raw_bytes(), _all_of(found.get("/DecodeParms"))
    if filters[:-1]:
        around = {"Filter": pikepdf.Array(filters[:-1]), "DecodeParms": pikepdf.Array(given[:-1])}
        content = pdf.make_stream(content, **around).read_bytes()
    own = given[-1] if len(given) == len(filters) else None
    found.write(bare(content), filter=filters[-1], decode_parms=own)


def _bare_inline(found: Any) -> None:
    """The same for a photograph that stands among the words of a page. Raises Faulty for one that is
    packed once more: nothing we know of writes it.
    """
    if not isinstance(found, pikepdf.Stream) or str(found.get("/Subtype", "")) == "/Image":
        return
    try:
        drawn = found.read_bytes()
    except (pikepdf.PdfError, pikepdf.DataDecodingError):
        return  # it is packed in a way that words of a page never are
    bare = drawn
    for inline in INLINE.finditer(drawn) if b"/DCT" in drawn else ():
        if b"/DCT" not in inline[1]:
            continue
        if not drawn.startswith(b"\xff\xd8", inline.end()):
            raise Faulty("foreign")
        bare = blanked_jpeg(bare, inline.end())
    if bare != drawn:
        found.write(bare)


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
    """No remark says whose it is, and no article that runs over pages."""
    kept = []
    _drop(page, "/B")
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
