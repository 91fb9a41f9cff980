"""Pictures that people bring: only what can be seen survives, drawn anew as a WebP that we made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask_babel import gettext as _

from hiring.kernel import redrawing
from hiring.kernel.refusals import Refused

MEDIA_TYPE = "image/webp"
KEPT = ("PATH", "LD_LIBRARY_PATH")
HEIC = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}
_one_at_a_time = Lock()  # a large one takes most of a gibibyte


@dataclass(frozen=True)
class Picture:
    """A picture as we keep it; width and height in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def redrawn(content: bytes, *, longest: int, most_bytes: int) -> Picture:
    """The picture drawn anew: no edge longer than `longest` pixels, no more than `most_bytes` bytes.

    Takes PNG, JPEG, WebP and GIF (its first frame), upright as the camera was held, in sRGB. What
    else the bytes carry stays behind: where and when, thumbnails, profiles, whatever follows the
    picture. Slow, up to half a minute: call it outside `writing()`. Raises Refused.
    """
    if not content:
        raise Refused(_("No picture arrived. Choose a file."))
    said, drawn = _draw(content, longest, most_bytes)
    if fault := said.get("fault"):
        raise Refused(_words_of(fault, said["size"], content))
    width, height = said["size"]
    return Picture(drawn, MEDIA_TYPE, width, height)


def _draw(content: bytes, longest: int, most_bytes: int) -> tuple[dict[str, Any], bytes]:
    """What the drawing process says of it, and what it drew."""
    command = [sys.executable, "-P", "-s", redrawing.__file__, str(longest), str(most_bytes)]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with _one_at_a_time:
        try:
            done = subprocess.run(
                command, input=content, capture_output=True, env=environment, check=False,
                timeout=redrawing.SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"fault": "broken", "size": (0, 0)}, b""
    try:
        return json.loads(done.stderr.splitlines()[-1]), done.stdout
    except (ValueError, IndexError):  # it ran out of memory or time, or its decoder fell
        return {"fault": "broken", "size": (0, 0)}, b""


def _words_of(fault: str, size: tuple[int, int], content: bytes) -> str:
    """What is wrong with the bytes and what to do, as a sentence."""
    millions = redrawing.MOST_PIXELS // 1_000_000
    if fault == "large" and all(size):
        return _(
            "This picture has %(width)s × %(height)s pixels; %(most)s million are the most. "
            "Make it smaller and choose it again.",
            width=f"{size[0]:,}", height=f"{size[1]:,}", most=millions,
        )  # fmt: skip
    if fault == "large":
        return _(
            "This picture has far more than %(most)s million pixels, the most that we take. "
            "Make it smaller and choose it again.",
            most=millions,
        )
    if fault == "broken":
        return _(
            "This picture is cut off or damaged: we could not draw it to its end. "
            "Save it anew and choose it again."
        )
    if fault == "fine":
        return _("This picture could not be made small enough. Choose a simpler one.")
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        return _(
            "This picture is of the kind HEIC, which few programs can show. "
            "Save it as JPEG or PNG and choose that."
        )
    return _("This is not a picture that we can read. Choose a PNG, JPEG, WebP or GIF.")
