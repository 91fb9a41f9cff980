"""Word, Excel, PowerPoint and OpenDocument files. Each is an archive: its parts are read within bounds,
what is known is cleaned, what tells of its maker goes together with whatever points at it, and a part
of a kind that is not known ends the cleaning.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO

from hiring.kernel.scrubbing.faults import Faulty
from hiring.kernel.scrubbing.inside import CLEANERS
from hiring.kernel.scrubbing.marked_up import NAME, cleaned

MOST_PARTS = 5_000
LISTED = b"PK\x01\x02"
MOST_PART = 60_000_000  # bytes of one part, and of all of them, once unpacked
MOST_UNPACKED = 250_000_000
DEEPEST = 2  # a sheet in a document is cleaned, too; so is one in that
LONG_AGO = (1980, 1, 1, 0, 0, 0)
PACKED = (".docx", ".xlsx", ".pptx")
MARKED_UP = (".xml", ".rels", ".vml")

# Parts that tell of people and machines and that nobody reads.
GOES = re.compile(
    r"(.*/)?(docProps|customXml|docMetadata|printerSettings|userCustomization|customUI|revisions"
    r"|ObjectReplacements|webextensions|externalLinks|queryTables|fonts|model|Thumbnails|Configurations2|_xmlsignatures)/.*"
    r"|(.*/)?(meta\.xml|connections\.xml|layout-cache|manifest\.rdf|documentsignatures\.xml)"
)
ACTIVE = re.compile(
    r".*vba(Project|Data).*|(.*/)?(activeX|macrosheets|Basic|Scripts)/.*|.*\.(bas|vbs|js|exe|dll)",
    re.IGNORECASE,
)


def scrubbed(content: bytes, mask: Callable[[str], str], depth: int = 0) -> bytes:
    """The file with what its reader sees, texts masked. Raises Faulty."""
    if depth > DEEPEST:
        raise Faulty("foreign")
    parts = unpacked(content)
    if any(ACTIVE.fullmatch(name) for name in parts):
        raise Faulty("active")
    gone = {name for name in parts if GOES.fullmatch(name)}
    if any(NAME in mask(name) for name in parts.keys() - gone):
        raise Faulty("foreign")  # a part under the person's own name
    kept = {name: part for name, part in parts.items() if name not in gone}
    gone |= _emptied(gone, kept)
    return packed({name: _clean(name, part, gone, mask, depth) for name, part in kept.items()})


def _emptied(gone: set[str], kept: Iterable[str]) -> set[str]:
    """The folders of which nothing stays; one of which a part went, such as a chart's, is still there."""
    return {folder for name in gone for folder in _folders(name)} - {
        folder for name in kept for folder in _folders(name)
    }


def _folders(name: str) -> set[str]:
    return {name[: at + 1] for at, sign in enumerate(name) if sign == "/"}


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts by their names. Raises Faulty: also for what would not end."""
    refuse_crowds(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            refuse_bombs(archive)
            return {info.filename: _read(archive, info) for info in _files(archive)}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        struct.error,
    ):
        raise Faulty("broken") from None
    except RuntimeError:  # so it says that a password is wanted
        raise Faulty("locked") from None


def refuse_crowds(content: bytes) -> None:
    """Raises Faulty for more parts than we take, before their list is read: what an archive says of
    their number may be a lie, so each mark that a part in the list begins with is counted.
    """
    if content.count(LISTED) > MOST_PARTS:
        raise Faulty("large")


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    return (info for info in archive.infolist() if not info.is_dir())


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Raises Faulty by what an archive says of itself, before anything in it is unpacked."""
    infos = archive.infolist()
    sizes = [info.file_size for info in infos]
    if len(infos) > MOST_PARTS or sum(sizes) > MOST_UNPACKED or max(sizes, default=0) > MOST_PART:
        raise Faulty("large")
    names = [info.filename for info in infos]
    strange = any(name.startswith("/") or ".." in name.split("/") for name in names)
    if strange or len({name.casefold() for name in names}) != len(names):
        raise Faulty("broken")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A part, and no more of it than it says it has."""
    with archive.open(info) as part:
        read = part.read(info.file_size + 1)
    if len(read) != info.file_size:
        raise Faulty("broken")
    return read


def packed(parts: dict[str, bytes]) -> bytes:
    """The archive in the same order, as if made long ago by nobody; an OpenDocument's type stays bare."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, LONG_AGO)
            bare = name == "mimetype"
            info.compress_type = zipfile.ZIP_STORED if bare else zipfile.ZIP_DEFLATED
            archive.writestr(info, part)
    return target.getvalue()


def _clean(name: str, part: bytes, gone: set[str], mask: Callable[[str], str], depth: int) -> bytes:
    ending = posixpath.splitext(name)[1].lower()
    if name == "mimetype":
        return part[:100]
    if name.endswith(MARKED_UP):
        return cleaned(name, part, gone, mask)
    if ending in PACKED:
        return scrubbed(part, mask, depth + 1)
    if (cleaner := CLEANERS.get(ending)) is not None:
        return cleaner(part)
    raise Faulty("foreign")
