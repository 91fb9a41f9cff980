"""Addresses of static files that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2] / "static"


@cache
def asset(path: str) -> str:
    """The address of `static/<path>`, with the first letters of its hash."""
    digest = sha256((ROOT / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"
