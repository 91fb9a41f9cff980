"""What kinds have to do with files: most take none, and those that do are shown them in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from hiring.kernel.papers import Paper

MOST_READ = 100_000  # bytes of a plain text that is read on the page; a longer one is saved


@dataclass(frozen=True)
class Shown:
    """A file of an answer as a page draws it, by its id. Without a `url` it cannot be opened there.

    `why`: what is wrong with it, as a sentence; `waits`: its copy is still being made. A picture is
    drawn where it stands; of a plain text `text` holds the blocks that `parts/verses.html` numbers.
    """

    url: str = ""
    waits: bool = False
    why: str = ""
    picture: bool = False
    text: Sequence[tuple[str, Markup]] = ()


class WithoutFiles:
    """A kind whose answers have no files."""

    takes_files = False

    def asks(self, settings: Mapping[str, Any]) -> str:
        return ""

    def files_in(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        return []

    def with_files(self, value: dict[str, Any], files: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return value

    def most_files(self, settings: Mapping[str, Any]) -> int:
        return 0

    def most_bytes(self, settings: Mapping[str, Any]) -> int:
        return 0

    def takes(self, settings: Mapping[str, Any], paper: Paper) -> bool:
        return False
