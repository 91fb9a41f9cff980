"""Openings, their steps, who applies and who was invited. A person is a bare id here."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.kernel.database import Base, Key

STAGES = ("invited", "submitted", "decided", "withdrawn")
TERMS = ("employment", "contract")
PROPOSALS = ("nobody", "mean", "best", "everybody")  # what a step's rule goes by


class Opening(Base):
    """What we hire for. *Candidates hear by* is a promise to everyone in it."""

    __tablename__ = "openings"
    __table_args__ = (CheckConstraint(f"terms IN {TERMS}", name="terms"),)
    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    sought: Mapped[str]  # the title as a search compares it
    terms: Mapped[str]
    pay: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    hear_by: Mapped[date]
    apply_by: Mapped[date | None]  # the last day on which people may apply
    kept_months: Mapped[int] = mapped_column(default=6, server_default="6")
    public_form: Mapped[bool] = mapped_column(default=False, server_default=false())
    listed: Mapped[bool] = mapped_column(default=True, server_default=true())  # for all to find
    kind: Mapped[str] = mapped_column(default="hiring", server_default="hiring")  # or pilot
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    steps: Mapped[list[Step]] = relationship(order_by="Step.position", lazy="selectin")


class Step(Base):
    """One assessment version to be taken in an opening, how it follows the step before, and its rule.

    Its invitation goes out `wait_days` after the advance (0: at once) and lasts `open_days`; nothing of
    that is asked of the first step. `proposes` says whom its rule would advance, and `bar` from which
    raw mean (`mean`) or how many (`best`). The rule only proposes: a person decides.
    """

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("opening_id", "position"),
        CheckConstraint(f"proposes IN {PROPOSALS}", name="proposes"),
    )
    id: Mapped[Key]
    opening_id: Mapped[UUID] = mapped_column(ForeignKey("openings.id"), index=True)
    position: Mapped[int]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_versions.id"))
    wait_days: Mapped[int] = mapped_column(default=0)
    open_days: Mapped[int] = mapped_column(default=14)
    proposes: Mapped[str] = mapped_column(default="nobody")
    bar: Mapped[int | None]
    opening: Mapped[Opening] = relationship(back_populates="steps")

    @property
    def print(self) -> str:
        """The same for the same interval and rule, to see whether a form still shows them."""
        return f"{self.wait_days} {self.open_days} {self.proposes} {self.bar}"


class Application(Base):
    """One person in one opening. The ledger knows it by its pseudonym only."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("opening_id", "person_id"),
        CheckConstraint(f"stage IN {STAGES}", name="stage"),
    )
    id: Mapped[Key]
    pseudonym: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    opening_id: Mapped[UUID] = mapped_column(ForeignKey("openings.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)  # where they are now
    stage: Mapped[str] = mapped_column(default="invited", index=True)
    applied_at: Mapped[datetime]
    came_by: Mapped[UUID | None] = mapped_column(index=True)  # the sending that brought them in
    by_form: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # on the public page
    erased_at: Mapped[datetime | None]  # what they gave is gone; the row stays for the numbers
    erased_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))  # none: by itself
    erased_for: Mapped[str | None]  # asked | again (of a backup) | day | unconfirmed
    opening: Mapped[Opening] = relationship()


class Invitation(Base):
    """The link that lets an application take one step. Its token is sealed from its id.

    Sending it again makes a new row; a revoked one opens nothing any more. `invited_at` is when its
    letter may leave, and the link opens nothing before: of a sending that waits, that is still to come.
    """

    __tablename__ = "invitations"
    id: Mapped[Key]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    word: Mapped[str] = mapped_column(default="")
    batch: Mapped[UUID | None] = mapped_column(
        index=True
    )  # sent in one act; a form sent twice finds it
    application: Mapped[Application] = relationship()
    step: Mapped[Step] = relationship()

    def is_open(self, at: datetime) -> bool:
        """Whether the link still lets its holder begin."""
        return self.revoked_at is None and self.invited_at <= at < self.expires_at

    @property
    def is_withdrawn(self) -> bool:
        """Whether staff took it back from somebody who has not handed in."""
        return self.revoked_at is not None and self.application.stage == "invited"


class DueInvitation(Base):
    """An invitation to the next step that waits for its day. The row goes when the invitation does, or
    when the advance is taken back.
    """

    __tablename__ = "due_invitations"
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    due_at: Mapped[datetime] = mapped_column(index=True)
    application: Mapped[Application] = relationship()


class Extension(Base):
    """A later end of an invitation, given by staff; `batch` is the sending that told of it."""

    __tablename__ = "extensions"
    id: Mapped[Key]
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"), index=True)
    batch: Mapped[UUID | None] = mapped_column(index=True)
    ended_at: Mapped[datetime]  # when the link would have ended
    until: Mapped[datetime]
    extended_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    extended_at: Mapped[datetime]


class MoreDays(Base):
    """Days that an invited person took by a press, once a step; no reason is asked."""

    __tablename__ = "more_days"
    __table_args__ = (UniqueConstraint("application_id", "step_id"),)
    id: Mapped[Key]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"), index=True)
    taken_at: Mapped[datetime]
    ended_at: Mapped[datetime]  # when the link would have ended
