"""JPEG 2000 pictures, as PDFs hold them: the pixels stay where they are, and what else is told goes.

The file is boxes within boxes (ISO 15444-1, annex I), one of which holds the picture itself: a list of
marked segments, among them comments, which are written over so that nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator

from hiring.kernel.scrubbing.faults import Faulty

SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
START, END = b"\xff\x4f", b"\xff\xd9"
COMMENT, TILE, DATA = 0xFF64, 0xFF90, 0xFF93
SEEN = {
    b"jP  ",
    b"ftyp",
    b"jp2h",
    b"jp2c",
}  # boxes; beside them lie notes, addresses and signatures
SEEN_OF_HEAD = {b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "}
LEAST = 12  # bytes of the start of a part of the picture


def bare_jpx(content: bytes) -> bytes:
    """The picture without what cameras and programs say of it. Raises Faulty for what is none."""
    if content.startswith(START):
        return _without_comments(content)
    if not content.startswith(SIGNATURE):
        raise Faulty("foreign")
    return b"".join(_box(kind, body) for kind, body in _boxes(content) if kind in SEEN)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        length, kind, head = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], 8
        if length == 1:
            length, head = int.from_bytes(content[at + 8 : at + 16]), 16
        end = at + length if length else len(content)
        if end < at + head or end > len(content):
            raise Faulty("broken")
        yield kind, content[at + head : end]
        at = end


def _box(kind: bytes, body: bytes) -> bytes:
    if kind == b"jp2h":
        body = b"".join(_box(*box) for box in _boxes(body) if box[0] in SEEN_OF_HEAD)
    if kind == b"jp2c":
        body = _without_comments(body)
    return (len(body) + 8).to_bytes(4) + kind + body


def _without_comments(picture: bytes) -> bytes:
    told, at, end_of_tile = bytearray(picture), 2, 0
    while at + 4 <= len(picture):
        mark, length = (
            int.from_bytes(picture[at : at + 2]),
            int.from_bytes(picture[at + 2 : at + 4]),
        )
        if picture[at : at + 2] == END:
            return bytes(told[: at + 2])
        if mark == DATA:  # the pixels of one part: on to the next
            if end_of_tile <= at:
                raise Faulty("broken")
            at = end_of_tile
            continue
        if mark == TILE and at + LEAST <= len(picture):
            part = int.from_bytes(picture[at + 6 : at + 10])
            end_of_tile = at + part if part else len(picture)
            if end_of_tile < at + LEAST:
                raise Faulty("broken")
        if mark == COMMENT:
            told[at + 4 : at + 2 + length] = bytes(max(0, min(length - 2, len(picture) - at - 4)))
        at += 2 + max(2, length)
    return bytes(told[: len(picture)])
