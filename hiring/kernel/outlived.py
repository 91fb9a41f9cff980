"""A list of ids in a file beside the database, to outlive it: who asked to be erased stays erased after an
older backup is put back. It names nobody; one id a line.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from uuid import UUID

from flask import Flask, current_app

log = logging.getLogger(__name__)


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
    """Write down those that are not in the list yet, so that they survive a power cut. What cannot be
    written is told to the log: it is erased already, and the worker writes it within the hour.
    """
    try:
        _append(sorted(set(ids) - listed()))
    except OSError:
        log.exception("The list of who was erased cannot be written; the next hour tries it again.")


def _append(new: Collection[UUID]) -> None:
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
