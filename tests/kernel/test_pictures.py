"""Pictures from anyone: what can be seen is drawn anew, all else stays behind, and bombs stay bytes."""

from __future__ import annotations

import random
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageChops, ImageCms, ImageDraw

from hiring.kernel import redrawing
from hiring.kernel.pictures import MEDIA_TYPE, Picture, redrawn
from hiring.kernel.refusals import Refused

RED, BLUE = (200, 30, 30), (20, 40, 220)


@pytest.fixture(autouse=True)
def _request(application: Flask) -> Iterator[None]:
    with application.test_request_context():
        yield


def saved(picture: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    target = BytesIO()
    picture.save(target, kind, **how)
    return target.getvalue()


def plain(size: tuple[int, int] = (300, 200), colour: Any = RED, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def two_halves() -> Image.Image:
    """Red above, blue below."""
    picture = plain((80, 120))
    picture.paste(BLUE, (0, 60, 80, 120))
    return picture


def noise(size: tuple[int, int] = (1200, 900)) -> Image.Image:
    drawn = random.Random(7)
    return Image.frombytes("RGB", size, drawn.randbytes(size[0] * size[1] * 3))


def drawn(content: bytes, longest: int = 1600, most_bytes: int = 150_000) -> Picture:
    return redrawn(content, longest=longest, most_bytes=most_bytes)


def seen(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.content))


def refusal(content: bytes, **how: Any) -> str:
    with pytest.raises(Refused) as refused:
        drawn(content, **how)
    return refused.value.sentence


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def png_that_says(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress(bytes(60_001 * 500))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def close_to(found: Any, colour: tuple[int, ...], by: int = 6) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, colour, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_common_kind_becomes_a_webp_that_looks_the_same(kind: str) -> None:
    picture = drawn(saved(two_halves(), kind))
    assert (picture.media_type, picture.width, picture.height) == (MEDIA_TYPE, 80, 120)
    shown = seen(picture)
    assert (shown.format, shown.size) == ("WEBP", (80, 120))
    assert close_to(shown.getpixel((40, 20)), RED)
    assert close_to(shown.getpixel((40, 100)), BLUE)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (plain(colour=40_000, mode="I;16"), (156, 156, 156)),
        (plain(colour=1, mode="1"), (255, 255, 255)),
        (plain(colour=(90, 255), mode="LA"), (90, 90, 90)),
        (plain().convert("P"), RED),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else "",
)
def test_greys_palettes_and_sixteen_bits_keep_their_colour(
    picture: Image.Image, expected: tuple[int, ...]
) -> None:
    shown = seen(drawn(saved(picture))).convert("RGB")
    assert close_to(shown.getpixel((150, 100)), expected, by=40)


def test_printers_colours_become_red_green_and_blue() -> None:
    shown = seen(drawn(saved(plain().convert("CMYK"), "JPEG")))
    assert shown.mode == "RGB"
    assert close_to(shown.getpixel((150, 100)), RED, by=12)


def test_what_is_clear_stays_clear() -> None:
    picture = plain(colour=(0, 0, 0, 0), mode="RGBA")
    ImageDraw.Draw(picture).rectangle((100, 50, 200, 150), fill=(*RED, 255))
    shown = seen(drawn(saved(picture)))
    assert shown.getpixel((10, 10))[3] == 0
    assert shown.getpixel((150, 100)) == (*RED, 255)


def test_a_picture_stands_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned to the right by a quarter
    picture = drawn(saved(two_halves(), "JPEG", exif=exif, quality=95))
    assert (picture.width, picture.height) == (120, 80)
    shown = seen(picture)
    assert close_to(shown.getpixel((20, 40)), BLUE, by=12)
    assert close_to(shown.getpixel((100, 40)), RED, by=12)


def test_where_and_when_it_was_taken_and_what_follows_it_stay_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Kit at home"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    follows = b"<script>alert(1)</script>PK\x03\x04%PDF-1.4"
    for kind in ("JPEG", "PNG", "WEBP"):
        given = saved(two_halves(), kind, exif=exif, icc_profile=profile) + follows
        assert b"Kit at home" in given
        kept = drawn(given).content
        assert not [
            part
            for part in (b"Kit", b"Exif", b"EXIF", b"ICCP", b"script", b"PK\x03\x04", b"%PDF")
            if part in kept
        ]
        assert not seen(drawn(given)).info.get("icc_profile")


def test_another_colour_space_is_turned_into_that_of_screens() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    crossed = srgb.replace(b"rXYZ", b"?", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"?", b"bXYZ", 1)
    shown = seen(drawn(saved(plain(colour=(255, 0, 0)), icc_profile=crossed)))
    assert close_to(shown.getpixel((9, 9)), (0, 0, 255), by=20)


def test_a_profile_of_rubbish_is_left_behind_and_the_picture_kept() -> None:
    picture = drawn(saved(plain(), icc_profile=b"\x00" * 400))
    assert close_to(seen(picture).getpixel((9, 9)), RED)


def test_only_the_first_frame_of_a_moving_picture_is_kept() -> None:
    given = saved(plain(), "GIF", save_all=True, append_images=[plain(colour=BLUE)], duration=100)
    shown = seen(drawn(given))
    assert getattr(shown, "n_frames", 1) == 1
    assert close_to(shown.getpixel((9, 9)), RED)


def test_a_large_one_is_scaled_and_a_small_one_never_enlarged() -> None:
    large = drawn(saved(plain((4000, 1000))))
    assert (large.width, large.height) == (1600, 400)
    small = drawn(saved(plain((30, 20))))
    assert (small.width, small.height) == (30, 20)


def test_even_noise_gets_under_the_most_bytes() -> None:
    picture = drawn(saved(noise()), most_bytes=40_000)
    assert len(picture.content) <= 40_000
    assert picture.width < 1200
    assert abs(picture.width / picture.height - 4 / 3) < 0.02


def test_what_is_typed_or_drawn_loses_nothing() -> None:
    page = plain((900, 600), "white")
    for line in range(0, 600, 20):
        ImageDraw.Draw(page).text((10, line), "Invoice 4471 · 1,250.00 · paid " * 4, fill="black")
    shown = seen(drawn(saved(page))).convert("RGB")
    assert ImageChops.difference(shown, page).getbbox() is None


@pytest.mark.parametrize("size", [(20_000, 20_000), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_what_its_head_says(size: tuple[int, int]) -> None:
    began = time.monotonic()
    assert "million" in refusal(png_that_says(*size))
    assert time.monotonic() - began < 5


def test_the_refusal_names_the_pixels_it_has_and_may_have() -> None:
    assert refusal(png_that_says(12_000, 12_000)) == (
        "This picture has 12,000 × 12,000 pixels; 50 million are the most. "
        "Make it smaller and choose it again."
    )


def test_the_largest_that_is_taken_fits_into_its_memory() -> None:
    size = (8600, 5800)
    assert size[0] * size[1] <= redrawing.MOST_PIXELS
    for kind, how in (("WEBP", {"lossless": True, "method": 0}), ("PNG", {"compress_level": 1})):
        assert drawn(saved(plain(size, (*RED, 90), "RGBA"), kind, **how)).width == 1600


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_what_is_cut_off_is_refused(kind: str) -> None:
    whole = saved(noise((200, 200)), kind)
    assert "cut off or damaged" in refusal(whole[: len(whole) // 2])


def test_a_jpeg_of_a_thousand_scans_is_refused_before_it_is_decoded() -> None:
    whole = saved(plain((64, 64)), "JPEG", progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    assert "cut off or damaged" in refusal(whole[:-2] + scan * 1000 + whole[-2:])


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7", b"PK\x03\x04", b"\x00" * 5000, b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"II*\x00", b"BM", b"%!PS-Adobe-3.0 EPSF-3.0\n/x {(/etc/passwd) (r) file} def",
    ],
)  # fmt: skip
def test_what_is_no_picture_of_these_kinds_is_refused(content: bytes) -> None:
    assert refusal(content).startswith("This is not a picture that we can read.")


def test_heic_is_named_and_nothing_at_all_is_told() -> None:
    assert "HEIC" in refusal(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40)
    assert refusal(b"") == "No picture arrived. Choose a file."


def test_damage_anywhere_is_refused_or_drawn_and_never_breaks_the_page() -> None:
    drawn_lots = random.Random(11)
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = saved(noise((60, 40)), kind)
        for _nth in range(6):
            spot, sign = drawn_lots.randrange(len(whole)), drawn_lots.randrange(256)
            damaged = whole[:spot] + bytes([sign]) + whole[spot + 1 :]
            with suppress(Refused):
                assert drawn(damaged).media_type == MEDIA_TYPE
