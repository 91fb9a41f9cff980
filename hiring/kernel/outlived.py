"""A list of ids in a file beside the database, to outlive it: who asked to be erased stays erased after an
older backup is put back. It names nobody; one id a line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from uuid import UUID

from flask import Flask, current_app


def install(app: Flask, file: Path) -> None:
    """Keep the list in `file`."""
    app.extensions["outlived"] = file


def listed() -> set[UUID]:
    """All that stands in the list; a line that is no id is none."""
    found = set()
    with suppress(FileNotFoundError):
        for line in _file().read_text("ascii", "replace").split():
            with suppress(ValueError):
                found.add(UUID(line))
    return found


def add(ids: Iterable[UUID]) -> None:
    """Write down those that are not in the list yet; once this returns, they survive a power cut."""
    new = sorted(set(ids) - listed())
    if not new:
        return
    with _file().open("a", encoding="ascii") as file:
        flock(file, LOCK_EX)
        file.write("".join(f"{id}\n" for id in new))
        file.flush()
        os.fsync(file.fileno())


def _file() -> Path:
    path: Path = current_app.extensions["outlived"]
    return path
