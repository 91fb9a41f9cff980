"""Plain text: read in whatever way it was written, masked, and written as UTF-8."""

from __future__ import annotations

import re
from collections.abc import Callable

from hiring.kernel.scrubbing.faults import Faulty

_NEVER_TYPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ONE_IN = 20  # signs may be such that no person types; of bytes that are no text it is one in four
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def scrubbed(content: bytes, mask: Callable[[str], str]) -> bytes:
    """The text without the person, and without what no person types. Raises Faulty."""
    return mask(read(content)).encode("utf-8", "replace")


def read(content: bytes) -> str:
    """The text, lines ending in \\n. Raises Faulty for what is none."""
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    seen = _NEVER_TYPED.sub("", text)
    if "\0" in text or (len(text) - len(seen)) * ONE_IN > len(text):
        raise Faulty("broken")
    return seen


def _decoded(content: bytes) -> str:
    named = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(named)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
