"""Pictures inside of other files: the same pixels, without what else their bytes carry."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image

MOST_PIXELS = 50_000_000
PRIVATE = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})  # APP1 to APP13, APP15 and comments
SEEN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD"}
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
END, FILLING, SCAN = 0xD9, 0xFF, 0xDA  # marks within a JPEG


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without what cameras and programs say of it, and cut at its end."""
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == FILLING:
        marker = content[at + 1]
        if marker == END:
            break
        if marker == FILLING:
            at += 1
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == SCAN:
            end = _end_of_scan(content, end)
        if marker not in PRIVATE:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, b"\xff\xd9"])


def blanked_jpeg(content: bytes, at: int = 0) -> bytes:
    """The bytes with what a JPEG that begins there is told of written over, so that nothing moves."""
    told, at = bytearray(content), at + 2
    while at + 4 <= len(content) and content[at] == FILLING:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in {END, SCAN} or length < 2:  # noqa: PLR2004
            break
        if marker in PRIVATE:
            end = min(at + 2 + length, len(content))
            told[at + 4 : end] = bytes(max(0, end - at - 4))
        at += 2 + length
    return bytes(told)


def _end_of_scan(content: bytes, at: int) -> int:
    while (at := content.find(b"\xff", at)) != -1 and at + 1 < len(content):
        if content[at + 1] not in {0x00, 0xFF, *range(0xD0, 0xD8)}:
            return at
        at += 1 if content[at + 1] == FILLING else 2
    return len(content)


def bare_png(content: bytes) -> bytes:
    """A PNG with the parts that are seen, and cut at its end."""
    kept, at, kind = [content[:8]], 8, b""
    while at + 12 <= len(content) and kind != b"IEND":
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if kind in SEEN:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)


def _blank() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    point = zlib.compress(b"\0\xff")
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", point) + chunk(b"IEND", b"")


BLANK = _blank()  # one white point, where a picture stood that cannot be cleaned


def _jpeg(content: bytes) -> bytes:
    return bare_jpeg(content) if content.startswith(JPEG) else BLANK


def _png(content: bytes) -> bytes:
    return bare_png(content) if content.startswith(PNG) else BLANK


def _drawn_anew(content: bytes) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=("GIF", "BMP", "TIFF", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return BLANK
            target = BytesIO()
            picture.convert("RGBA").save(target, "PNG")
            return target.getvalue()
    except Exception:  # decoders raise whatever they stumble over
        return BLANK


def _nothing(_content: bytes) -> bytes:
    return BLANK


# by the end of a part's name; drawings of Windows and SVG can hold anything
CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    ".png": _png, ".jpg": _jpeg, ".jpeg": _jpeg, ".jfif": _jpeg,
    ".gif": _drawn_anew, ".bmp": _drawn_anew, ".tif": _drawn_anew, ".tiff": _drawn_anew,
    ".webp": _drawn_anew,
    ".emf": _nothing, ".wmf": _nothing, ".svg": _nothing, ".svm": _nothing, ".wdp": _nothing,
}  # fmt: skip
