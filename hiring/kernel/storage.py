"""Files: bytes lie in an object store (a local folder by default), a row knows name, type and hash."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from flask import Flask, current_app
from obstore.store import LocalStore
from sqlalchemy.orm import Mapped

from hiring.kernel.clock import now
from hiring.kernel.database import Base, Key, afterwards, session


class StoredFile(Base):
    """A file that was kept. Its bytes never change; forgetting removes bytes and row."""

    __tablename__ = "stored_files"
    id: Mapped[Key]
    key: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    kept_at: Mapped[datetime]


@dataclass(frozen=True)
class Lying:
    """Bytes that lie in the store and have no row yet: written before the act, as it is slow."""

    key: str
    size: int
    sha256: str


def install(app: Flask, folder: Path) -> None:
    """Keep files under `folder`."""
    app.extensions["store"] = LocalStore(prefix=folder, mkdir=True)


def lay(content: bytes, key: str | None = None) -> Lying:
    """Write bytes to the store, outside any act: once this returns, they survive a power cut.

    `key` when the place must be found again without a row; what lay there is replaced as a whole.
    """
    key = key or f"{uuid4()}"
    store = current_app.extensions["store"]
    store.put(key, content)
    _sync(Path(store.prefix) / key)
    return Lying(key=key, size=len(content), sha256=sha256(content).hexdigest())


def _sync(file: Path) -> None:
    for path in (file, file.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def lying_at(key: str) -> bytes:
    """The bytes that lie under this key. Raises FileNotFoundError."""
    return bytes(current_app.extensions["store"].get(key).bytes())


def clear_away(keys: Iterable[str]) -> None:
    """Remove bytes that no row needs; those that are gone already are no fault."""
    for key in keys:
        with suppress(FileNotFoundError):
            current_app.extensions["store"].delete(key)


@contextmanager
def laid(content: bytes) -> Iterator[Lying]:
    """Bytes that are laid for the act inside; when it is refused or fails, they are cleared away."""
    lying = lay(content)
    try:
        yield lying
    except BaseException:
        clear_away([lying.key])
        raise


def keep(lying: Lying, *, name: str, media_type: str) -> StoredFile:
    """Give laid bytes their row, inside an act."""
    file = StoredFile(
        key=lying.key, name=name, media_type=media_type, size=lying.size,
        sha256=lying.sha256, kept_at=now(),
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def read(file: StoredFile) -> bytes:
    """The bytes of a kept file."""
    return lying_at(file.key)


def forget(file: StoredFile) -> None:
    """Remove a kept file: its row in this act, its bytes once the act is done."""
    key = file.key
    session.delete(file)
    afterwards(lambda: clear_away([key]))
