"""How business says no: two exceptions, shown to the person, never a 500 and never silent."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818  it reads as what happened, not as a fault
    """A rule does not allow this. The sentence is for the person: what is so, what was kept, what to do."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Missing(Exception):  # noqa: N818
    """There is no such thing, or none that this viewer may know of: both answer 404 alike."""
