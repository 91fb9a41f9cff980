"""The accent: the hue of a colour that an organisation calls its own, and how well it reads in both schemes.

Lightness and colourfulness are the stylesheet's (static/css/look.css), so that every hue reads well; only
the hue is chosen. OKLCH to sRGB after Björn Ottosson, *A perceptual color space for image processing*
(2020); contrast after WCAG 2.2, *contrast ratio*.
"""

from __future__ import annotations

import re
from functools import cache
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

from flask_babel import gettext as _

from hiring.kernel.refusals import Refused

LEAST = 4.5  # of contrast, for text of any size
GREYEST = 0.02  # of OKLab's chroma: what has less is a grey, and has no hue to speak of
Triple = tuple[float, float, float]


class Scheme(NamedTuple):
    """The accent and the paper of one scheme, as lightness, chroma and (of the paper) hue."""

    accent: tuple[float, float]
    paper: Triple


LIGHT = Scheme((0.38, 0.11), (0.987, 0.0055, 88))
DARK = Scheme((0.84, 0.075), (0.165, 0.004, 260))


def hue_of(written: str) -> int:
    """The hue, 0 to 360, of a colour written as #rrggbb or #rgb. Raises Refused for what has none."""
    digits = written.strip().removeprefix("#")
    if not re.fullmatch(r"[0-9a-fA-F]{6}|[0-9a-fA-F]{3}", digits):
        raise Refused(_("Write a colour as # and six digits, such as #1f6f54."), field="colour")
    if len(digits) == 3:  # noqa: PLR2004
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    _lightness, a, b = _oklab((_linear(red), _linear(green), _linear(blue)))
    if hypot(a, b) < GREYEST:
        raise Refused(
            _("%(colour)s is a grey. The accent needs a colour.", colour=f"#{digits}"),
            field="colour",
        )
    return round(degrees(atan2(b, a))) % 360


@cache
def written(hue: int) -> tuple[str, str]:
    """The accent of that hue as #rrggbb, in light and in dark; what no screen shows is clipped."""
    light, dark = (_digits(_rgb((*scheme.accent, hue))) for scheme in (LIGHT, DARK))
    return light, dark


def contrasts(hue: float) -> tuple[float, float]:
    """How the accent of that hue stands out from the paper, in light and in dark: 1 to 21."""
    light, dark = (_contrast((*scheme.accent, hue), scheme.paper) for scheme in (LIGHT, DARK))
    return light, dark


@cache
def least_contrasts() -> tuple[float, float]:
    """The least that any hue has, in light and in dark: so the page may let one choose freely."""
    light, dark = zip(*(contrasts(hue) for hue in range(361)), strict=True)
    return min(light), min(dark)


def _contrast(one: Triple, other: Triple) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Triple) -> float:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: Triple) -> Triple:
    """Linear sRGB of an OKLCH colour; what no screen shows lies outside 0 to 1."""
    lightness, chroma, hue = colour
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741  as in the paper
    m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )


def _oklab(rgb: Triple) -> Triple:
    red, green, blue = rgb
    l = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)  # noqa: E741
    m = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    s = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    )


def _digits(rgb: Triple) -> str:
    return "#" + "".join(f"{round(255 * _coded(min(max(part, 0.0), 1.0))):02x}" for part in rgb)


def _coded(part: float) -> float:
    """Light of one channel, 0 to 1, as sRGB writes it."""
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004


def _linear(part: float) -> float:
    """One channel of sRGB, 0 to 1, as light."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
