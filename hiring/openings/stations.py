"""The steps of an opening in their order, as stations: what each asks, who is at it, who marks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from hiring.accounts.queries import names_of_accounts
from hiring.assessments.models import Task, Version
from hiring.kernel.database import session
from hiring.openings.models import Opening, Step
from hiring.openings.panel import panel_of
from hiring.openings.queries import able, by_step
from hiring.openings.rules import thin_panel


@dataclass(frozen=True)
class Station:
    """A step: its assessment, and the people at it by stage, as `queries.by_step` counts them."""

    step: Step
    title: str
    version: int
    minutes: int
    tasks: int
    stages: Mapping[str, int]

    @property
    def number(self) -> int:
        """Its place, from one."""
        return self.step.position

    @property
    def people(self) -> list[int]:
        """How many are at it, by stage; *due* are counted among the invited."""
        return [number for stage, number in self.stages.items() if stage != "due"]

    @property
    def waiting(self) -> int:
        """How many are to be decided here."""
        return self.stages.get("submitted", 0)


@dataclass(frozen=True)
class Marking:
    """Who marks a step. `thin`: what to say when they cannot give the reviews it wants."""

    wanted: int
    names: tuple[str, ...]
    thin: str | None


def stations_of(opening: Opening) -> list[Station]:
    """All steps of an opening, in order, with how many people are where: four queries, however many."""
    stages = by_step({opening.id})
    sizes = _sizes(opening)
    return [Station(step, *sizes[step.position], stages[step.id]) for step in opening.steps]


def course_of(opening: Opening) -> list[Station]:
    """All steps of an opening, in order, for those who must not learn how many people are where."""
    sizes = _sizes(opening)
    return [Station(step, *sizes[step.position], {}) for step in opening.steps]


def _sizes(opening: Opening) -> dict[int, tuple[str, int, int, int]]:
    tasks = select(func.count(Task.id)).where(Task.version_id == Version.id).scalar_subquery()
    rows = (
        select(Step.position, Version.title, Version.number, Version.limit_minutes, tasks)
        .join(Version, Version.id == Step.version_id)
        .where(Step.opening_id == opening.id)
    )
    return {row[0]: tuple(row[1:]) for row in session.execute(rows)}


def marking_of(step: Step) -> Marking:
    """Who marks a step now."""
    panel = panel_of(step.id)
    names = sorted(names_of_accounts(panel.account_ids).values())
    thin = thin_panel(panel.wanted_marks, len(able(panel)))
    return Marking(panel.wanted_marks, tuple(names), thin)
