"""Time zones as people look for them: by region and city, each with its distance from UTC now."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from flask_babel import gettext as _

Offered = dict[str, str | dict[str, str]]


def offered(at: datetime, *, kept: str) -> Offered:
    """What a choice offers: zones in words by region. `kept`, the present one, is always among them."""
    regions = {region: _region(region) for region in sorted({_parts(z)[0] for z in _zones()})}
    by_region: dict[str, dict[str, str]] = {words: {} for words in regions.values()}
    others: Offered = {"UTC": _("UTC, the same in summer and winter")}
    for zone in sorted({*_zones(), kept} - {"UTC"}, key=_city):
        words = f"{_city(zone)} ({_offset(zone, at)})"
        region = regions.get(_parts(zone)[0])
        (by_region[region] if region and "/" in zone else others)[zone] = words
    return {**others, **by_region}


@cache
def _zones() -> frozenset[str]:
    """A zone for every place, under its present name; old names of the same are left out."""
    known = available_timezones()
    for table in (Path(folder) / "zone.tab" for folder in TZPATH):
        if table.exists():
            rows = [row.split("\t") for row in table.read_text().splitlines() if row[:1] != "#"]
            return frozenset({row[2] for row in rows} & known)
    return frozenset(zone for zone in known if "/" in zone and not zone.startswith("Etc/"))


def _parts(zone: str) -> tuple[str, str]:
    region, _slash, place = zone.partition("/")
    return region, place or region


def _city(zone: str) -> str:
    """*Buenos Aires, Argentina* of *America/Argentina/Buenos_Aires*."""
    return ", ".join(reversed(_parts(zone)[1].replace("_", " ").split("/")))


def _offset(zone: str, at: datetime) -> str:
    """*UTC−3:30*: how far the clocks there are from UTC now."""
    seconds = (at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds()
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    sign = "−" if seconds < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def _region(name: str) -> str:
    words = {
        "Africa": _("Africa"), "America": _("America"), "Antarctica": _("Antarctica"),
        "Arctic": _("Arctic"), "Asia": _("Asia"), "Atlantic": _("Atlantic"),
        "Australia": _("Australia"), "Europe": _("Europe"), "Indian": _("Indian Ocean"),
        "Pacific": _("Pacific"),
    }  # fmt: skip
    return words.get(name, name)
