"""Files that people bring as their work: of which type they truly are, and a copy that names nobody.

What a file is called tells nothing: its bytes do. A quick look refuses what can be known at once, in
milliseconds and without unpacking; the copy is made by `scrubbing`, in a process of its own that has
bounded memory and time, and takes seconds.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import category

import filetype
from flask_babel import gettext as _
from PIL import Image

from hiring.kernel.pictures import redrawn
from hiring.kernel.redrawing import MOST_PIXELS
from hiring.kernel.refusals import Refused
from hiring.kernel.scrubbing import child, office, plain
from hiring.kernel.scrubbing.faults import Faulty

KEPT = ("PATH", "LD_LIBRARY_PATH")
LONGEST_EDGE = 2_400  # pixels of a picture's copy: enough to read a page that was photographed
MOST_DRAWN = 4_000_000  # bytes of it
MOST_TEXT = 1_000_000  # bytes of plain text: five hundred pages
LONGEST_NAME = 100
# Our house without its roof: only what is asked for is read in, and no setting.
START = (
    "import sys, types; house = types.ModuleType('hiring'); house.__path__ = [sys.argv[1]];"
    " sys.modules['hiring'] = house; from hiring.kernel.scrubbing.child import main; main()"
)
HOUSE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Paper:
    """A type of file: its usual ending, and which cleaner makes its copy."""

    media_type: str
    ending: str
    cleaner: str


_OPEN = "application/vnd.oasis.opendocument."
_MS = "application/vnd.openxmlformats-officedocument."
PDF = Paper("application/pdf", "pdf", "pdf")
DOCX = Paper(f"{_MS}wordprocessingml.document", "docx", "office")
XLSX = Paper(f"{_MS}spreadsheetml.sheet", "xlsx", "office")
PPTX = Paper(f"{_MS}presentationml.presentation", "pptx", "office")
ODT = Paper(f"{_OPEN}text", "odt", "office")
ODS = Paper(f"{_OPEN}spreadsheet", "ods", "office")
ODP = Paper(f"{_OPEN}presentation", "odp", "office")
PNG = Paper("image/png", "png", "picture")
JPEG = Paper("image/jpeg", "jpg", "picture")
WEBP = Paper("image/webp", "webp", "picture")
TEXT = Paper("text/plain", "txt", "plain")
MARKDOWN = Paper("text/markdown", "md", "plain")
CSV = Paper("text/csv", "csv", "cells")
PAPERS = {
    paper.media_type: paper
    for paper in (PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, PNG, JPEG, WEBP, TEXT, MARKDOWN, CSV)
}
_HEARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_PICTURES = {b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_INSIDE = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(r"\s*<(!doctype|html|svg|script|\?xml)", re.IGNORECASE)
_LOCKED_PDF = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch)\b")
_FULL_PDF = re.compile(rb"/EmbeddedFile\b")


class Unreadable(Refused):
    """None of PAPERS: whoever asked for a file may say which they take."""


def ending_of_copy(media_type: str) -> str:
    """*pdf*: what the copy of such a file ends in; pictures are all drawn as one type."""
    paper = PAPERS[media_type]
    return (WEBP if paper.cleaner == "picture" else paper).ending


@dataclass(frozen=True)
class Copy:
    """A file that may be shown to whoever must not know whose it is."""

    content: bytes
    media_type: str


def bare_name(name: str) -> str:
    """What a file is called, to be shown: without folders and signs that trick the eye; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(sign for sign in last if category(sign)[0] != "C").strip()
    if len(seen) > LONGEST_NAME:
        stem, dot, ending = seen.rpartition(".")
        tail = f"{dot}{ending}" if dot and len(ending) < 10 else ""  # noqa: PLR2004
        seen = f"{(stem if tail else seen)[: LONGEST_NAME - len(tail) - 1]}…{tail}"
    return seen or _("a file without a name")


def recognised(content: bytes, *, name: str) -> Paper:
    """The type of these bytes, by what they are; `name` only tells CSV and Markdown from plain text.

    Raises Refused for what is empty, locked, active, too large inside, damaged as far as a quick look
    can tell, and for what is none of PAPERS.
    """
    if not content:
        raise Refused(_("It is empty."))
    try:
        return _recognised(content, name)
    except Faulty as faulty:
        refused = Unreadable if str(faulty) == "unknown" else Refused
        raise refused(words_of(str(faulty))) from None


def _recognised(content: bytes, name: str) -> Paper:
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(_OLE):
        raise Faulty("locked" if _LOCKED_INSIDE in content else "old")
    drawn = next((paper for begin, paper in _PICTURES.items() if content.startswith(begin)), None)
    if drawn or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return _picture(content, drawn or WEBP)
    return _text(content, name)


def _pdf(content: bytes) -> Paper:
    for sign, fault in ((_LOCKED_PDF, "locked"), (_ACTIVE_PDF, "active"), (_FULL_PDF, "attached")):
        if sign.search(content):
            raise Faulty(fault)
    if b"%%EOF" not in content[-2048:]:
        raise Faulty("broken")
    return PDF


def _office(content: bytes) -> Paper:
    office.refuse_crowds(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            office.refuse_bombs(archive)
            names = archive.namelist()
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise Faulty("locked")
            kind = archive.open("mimetype").read(100).decode() if "mimetype" in names else ""
    except (zipfile.BadZipFile, RuntimeError, OSError, ValueError, NotImplementedError):
        raise Faulty("broken") from None
    found = PAPERS.get(kind) or next((_HEARTS[name] for name in names if name in _HEARTS), None)
    if found is None:
        raise Faulty("unknown")
    if any(office.ACTIVE.fullmatch(name) for name in names):
        raise Faulty("active")
    return found


def _picture(content: bytes, paper: Paper) -> Paper:
    """By its head alone: nothing is decoded yet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content)) as picture:
                pixels = picture.width * picture.height
    except Image.DecompressionBombError:
        raise Faulty("huge") from None
    except Exception:  # readers raise whatever they stumble over
        raise Faulty("broken") from None
    if pixels > MOST_PIXELS:
        raise Faulty("huge")
    return paper


def _text(content: bytes, name: str) -> Paper:
    try:
        text = plain.read(content)
    except Faulty:
        raise Faulty("unknown") from None
    if filetype.guess(content) is not None:
        raise Faulty("unknown")
    if not text.strip():
        raise Faulty("blank")
    if _PAGE.match(text):
        raise Faulty("page")
    if len(content) > MOST_TEXT:
        raise Refused(_("A plain text may have one megabyte. Cut it, or send it as a PDF."))
    ending = name.rpartition(".")[2].lower()
    return {"csv": CSV, "tsv": CSV, "md": MARKDOWN, "markdown": MARKDOWN}.get(ending, TEXT)


def words_of(fault: str) -> str:
    """Why a file cannot be taken, or not be shown, and what to do about it."""
    return {
        "locked": _("It is locked, by a password or against changes. Save it unlocked and choose it again."),
        "broken": _("It is cut off or damaged. Save it anew and choose it again."),
        "large": _("It is far larger inside than it looks. Make it smaller and choose it again."),
        "huge": _("It has more than 50 million pixels, the most that we take. Make it smaller."),
        "active": _("It holds macros or commands that run by themselves. Save it without them."),
        "attached": _("It carries other files, sound or film inside. Take them out and choose it again."),
        "foreign": _("It holds something that we cannot make safe to show. Save it as PDF and choose that."),
        "old": _("It is in an old format of Office. Save it as .docx, .xlsx, .pptx or PDF and choose that."),
        "page": _("It is a web page or a drawing in code, which can run commands. Send a PDF or a picture."),
        "blank": _("There is nothing in it."),
        "unknown": _("It is none of the types that we can read, whatever its name. Nothing of it was kept."),
    }.get(fault, _("We could not read it. Save it anew and choose it again."))  # fmt: skip


def copied(
    content: bytes, media_type: str, *, mask: str = "", who: Mapping[str, str] | None = None
) -> Copy:
    """A copy with what its reader sees and nothing else; texts go through the mask.

    `mask` names a module whose `Mask.of(**who)` is a function from text to text. Slow, up to a minute:
    call it outside `writing()`. Raises Refused.
    """
    paper = PAPERS[media_type]
    if paper.cleaner == "picture":
        picture = redrawn(content, longest=LONGEST_EDGE, most_bytes=MOST_DRAWN)
        return Copy(picture.content, picture.media_type)
    order = {"cleaner": paper.cleaner, "mask": mask, "who": dict(who or {})}
    said, copy = _scrub(json.dumps(order).encode() + b"\n" + content)
    if fault := said["fault"]:
        raise Refused(words_of(fault))
    return Copy(copy, media_type)


def _scrub(order: bytes) -> tuple[dict[str, Any], bytes]:
    command = [sys.executable, "-P", "-s", "-c", START, str(HOUSE)]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        done = subprocess.run(
            command, input=order, capture_output=True, env=environment, check=False,
            timeout=child.SECONDS + 5,
        )  # fmt: skip
        return json.loads(done.stderr.splitlines()[-1]), done.stdout
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        return {"fault": "broken"}, b""  # it ran out of memory or time, or a reader fell
