"""What can happen to an assessment."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class VersionPublished:
    """This version never changes again."""

    version_id: UUID
    number: int
    fingerprint: str  # sha256 of its canonical content
    by: UUID
