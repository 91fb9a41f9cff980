"""Files: bytes lie in an object store (a local folder by default), a row knows name, type and hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from flask import Flask, current_app
from obstore.store import LocalStore
from sqlalchemy.orm import Mapped

from hiring.kernel.clock import now
from hiring.kernel.database import Base, Key, session


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


def lay(content: bytes) -> Lying:
    """Write bytes to the store, outside any act."""
    key = f"{uuid4()}"
    current_app.extensions["store"].put(key, content)
    return Lying(key=key, size=len(content), sha256=sha256(content).hexdigest())


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
    return bytes(current_app.extensions["store"].get(file.key).bytes())
