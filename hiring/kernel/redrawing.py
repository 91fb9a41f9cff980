"""Draw a picture anew: a process of its own, since the bytes come from anyone and decoders have holes.

`kernel.pictures` starts this very file, so it knows the standard library, Pillow and nothing of ours.
It reads the picture from standard input, writes a WebP to standard output, and one line of JSON to
standard error: the size in pixels, or which fault it met.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

MOST_PIXELS = 50_000_000  # the largest that telephones take by themselves
MEMORY = 3 * 2**29  # a WebP of so many pixels takes 0.8 GiB, measured
SECONDS = 30
SCANS = 64  # of a JPEG: cameras write one and editors about ten; each costs time and no bytes
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")
QUALITIES = (90, 80, 65, 50)
SMALLEST = 64  # pixels of the longer edge: below that nothing is made out any more
SAMPLE = (64, 64)
COLOURS = 1_000  # in the sample: what is drawn or typed has fewer, what a lens saw has more

Size = tuple[int, int]


class Fault(Exception):  # noqa: N818
    """What is wrong, in one word that `kernel.pictures` has a sentence for."""

    def __init__(self, word: str, size: Size = (0, 0)) -> None:
        super().__init__(word)
        self.word, self.size = word, size


def main() -> None:
    """Draw what comes in, with bounded memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    longest, most_bytes = int(sys.argv[1]), int(sys.argv[2])
    try:
        content, size = redraw(sys.stdin.buffer.read(), longest=longest, most_bytes=most_bytes)
    except Fault as fault:
        sys.exit(json.dumps({"fault": fault.word, "size": fault.size}))
    print(json.dumps({"size": size}), file=sys.stderr)
    sys.stdout.buffer.write(content)


def redraw(content: bytes, *, longest: int, most_bytes: int) -> tuple[bytes, Size]:
    """A WebP of the first frame and its size. Raises Fault."""
    picture = _opened(content)
    try:
        picture.draft("RGB", (longest * 2, longest * 2))  # a JPEG is decoded small at once
        drawn = _in_srgb(ImageOps.exif_transpose(_shrunk(_in_colour(picture), longest)))
    except Exception as broken:  # decoders raise whatever they stumble over
        raise Fault("broken") from broken
    return _encoded(drawn, most_bytes)


def _opened(content: bytes) -> Image.Image:
    if content.startswith(b"\xff\xd8") and content.count(b"\xff\xda") > SCANS:
        raise Fault("broken")
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as large:
        raise Fault("large") from large
    except Exception as unknown:
        raise Fault("broken" if content.startswith(BEGINNINGS) else "unknown") from unknown
    if picture.width * picture.height > MOST_PIXELS:
        raise Fault("large", picture.size)
    return picture


def _in_colour(picture: Image.Image) -> Image.Image:
    """Palettes and two colours cannot be scaled, and deep greys would end as white."""
    if picture.mode.startswith("I"):
        return picture.point(lambda grey: grey / 256).convert("L")
    if picture.mode in {"P", "1", "PA"}:
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture


def _shrunk(picture: Image.Image, longest: int) -> Image.Image:
    """No edge longer than that; never enlarged. The profile and the orientation stay with it."""
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Red, green and blue as every screen means them, and nothing else: no profile, no metadata."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    drawn = None
    if profile:
        with suppress(Exception):  # a profile that is none, or one for another kind of picture
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            drawn = ImageCms.profileToProfile(picture, source, target, outputMode=mode)
    drawn = drawn or picture.convert(mode)
    drawn.info = {}
    return drawn


def _encoded(drawn: Image.Image, most_bytes: int) -> tuple[bytes, Size]:
    """Without loss where that suits and fits, else as well as fits, else smaller."""
    if _is_drawing(drawn) and len(exact := _webp(drawn, lossless=True)) <= most_bytes:
        return exact, drawn.size
    while max(drawn.size) >= SMALLEST:
        for quality in QUALITIES:
            lossy = _webp(drawn, quality=quality)
            if len(lossy) <= most_bytes:
                return lossy, drawn.size
        by = min(0.9, max(0.3, (most_bytes / len(lossy)) ** 0.5))
        drawn = drawn.resize(_scaled(drawn.size, by), Image.Resampling.LANCZOS)
    raise Fault("fine")


def _is_drawing(drawn: Image.Image) -> bool:
    sample = drawn.resize(SAMPLE, Image.Resampling.NEAREST)
    return sample.getcolors(COLOURS) is not None


def _scaled(size: Size, by: float) -> Size:
    return max(1, int(size[0] * by)), max(1, int(size[1] * by))


def _webp(drawn: Image.Image, *, quality: int = 80, lossless: bool = False) -> bytes:
    target = BytesIO()
    drawn.save(target, "WEBP", quality=quality, lossless=lossless)
    return target.getvalue()


if __name__ == "__main__":
    main()
