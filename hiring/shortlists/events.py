"""What can happen on the way from marks to a decision."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Decided:
    """A named person decided, with a reason; `reverses` names the decision that this one takes back."""

    decision_id: UUID
    application_id: UUID
    step_id: UUID
    verdict: str
    reason: str
    mark_ids: tuple[UUID, ...]
    raw_mean: float | None
    by: UUID
    reverses_id: UUID | None


@dataclass(frozen=True)
class ExportAsked:
    """A shortlist was frozen and waits to be drawn."""

    export_id: UUID
    step_id: UUID
    by: UUID
