"""The reviewers of a step and how many marks an answer wants. Knows steps by id, and no people.

Apart from `models.py` because reviewing may read this and nothing else of openings.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.kernel.database import Base, Key, locked, session
from hiring.kernel.refusals import Missing


class PanelMember(Base):
    """An account that marks a step; `left_at` when taken off it."""

    __tablename__ = "panel_members"
    id: Mapped[Key]
    step_id: Mapped[UUID] = mapped_column(ForeignKey("panels.step_id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Panel(Base):
    """One row a step; whoever hands out its answers locks it. `closed_at`: no more attempts come."""

    __tablename__ = "panels"
    __table_args__ = (CheckConstraint("wanted_marks BETWEEN 1 AND 9", name="wanted_marks"),)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), primary_key=True)
    wanted_marks: Mapped[int] = mapped_column(default=2)
    closed_at: Mapped[datetime | None]
    members: Mapped[list[PanelMember]] = relationship(lazy="selectin")

    @property
    def account_ids(self) -> frozenset[UUID]:
        """The accounts that mark this step now."""
        return frozenset(m.account_id for m in self.members if m.left_at is None)

    @property
    def print(self) -> str:
        """The same for the same members and wanted marks, to see whether a form still shows them."""
        return " ".join([str(self.wanted_marks), *sorted(map(str, self.account_ids))])


def panel_of(step_id: UUID) -> Panel:
    """The panel of a step. Raises Missing when there is no such step."""
    return _there(session.get(Panel, step_id))


def locked_panel(step_id: UUID) -> Panel:
    """The panel, read afresh and locked until the act ends: whoever hands out answers, invites to the
    step or closes it waits here for the others.
    """
    return _there(locked(select(Panel).where(Panel.step_id == step_id)))


def steps_of_member(account_id: UUID) -> frozenset[UUID]:
    """The steps that this account marks now, those that take no more attempts among them."""
    member = (PanelMember.account_id == account_id) & PanelMember.left_at.is_(None)
    return frozenset(session.scalars(select(PanelMember.step_id).where(member)))


def _there(panel: Panel | None) -> Panel:
    if panel is None:
        raise Missing
    return panel
