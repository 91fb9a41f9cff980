"""Assessments and their versions. A published version never changes; a correction is the next version."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.assessments import sheets
from hiring.kernel.database import Base, Key
from hiring.kernel.markdown import picture_line
from hiring.kernel.storage import StoredFile

AI_POLICIES = ("free", "limited", "none")
FORMS = ("table", "log", "prose", "inbox")
TABLES = frozenset({"table", "log"})
MIN_MINUTES, MAX_MINUTES = 20, 60


class Criterion(Base):
    """A place on the criteria shelf: what keeps its identity while assessments come and go."""

    __tablename__ = "criteria"
    id: Mapped[Key]
    slug: Mapped[str | None] = mapped_column(unique=True)  # of the shipped ones
    name: Mapped[str]
    added_at: Mapped[datetime]


class Assessment(Base):
    """A reusable set of tasks; what is in it stands in its versions."""

    __tablename__ = "assessments"
    id: Mapped[Key]
    template: Mapped[str | None]  # the shipped template it began as
    created_at: Mapped[datetime]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    versions: Mapped[list[Version]] = relationship(order_by="Version.number")
    pictures: Mapped[list[Picture]] = relationship(order_by="Picture.added_at")


class Picture(Base):
    """A picture that the texts of an assessment can show, drawn anew by us.

    Texts name it by its key, the first letters of its bytes' sha256: so a version's fingerprint holds
    what its pictures show, and no copy of a version needs to copy one that other rows keep.
    """

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("assessment_id", "key"),)
    id: Mapped[Key]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"))
    key: Mapped[str] = mapped_column(index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    words: Mapped[str]  # for those who do not see it, as they were given with it
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None]
    file: Mapped[StoredFile] = relationship()

    @property
    def line(self) -> str:
        """The Markdown that shows it."""
        return picture_line(self.words, key=self.key, width=self.width, height=self.height)


class Version(Base):
    """A draft until published; `revision` counts the draft's saves, so that a stale form is seen.

    `saved_in`, here and on the parts below, is the page that wrote the part last: a page never
    stands in its own way when an answer to its save was lost. `removed` is what was taken out last.
    """

    __tablename__ = "assessment_versions"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        Index(
            "uq_assessment_versions_one_draft",
            "assessment_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )
    id: Mapped[Key]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"), index=True)
    number: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    lead: Mapped[str] = mapped_column(default="")
    limit_minutes: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    saved_in: Mapped[str] = mapped_column(default="")
    removed: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    published_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    fingerprint: Mapped[str | None]  # sha256 of the content it was published with
    assessment: Mapped[Assessment] = relationship(back_populates="versions")
    tasks: Mapped[list[Task]] = relationship(
        order_by="Task.position", lazy="selectin", cascade="all, delete-orphan"
    )
    materials: Mapped[list[Material]] = relationship(
        order_by="Material.position", lazy="selectin", cascade="all, delete-orphan"
    )


class Task(Base):
    """One thing to do. `settings` belongs to its kind (a choice keeps its options there)."""

    __tablename__ = "tasks"
    __table_args__ = (CheckConstraint(f"ai_policy IN {AI_POLICIES}", name="ai_policy"),)
    id: Mapped[Key]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_versions.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    teaser: Mapped[str] = mapped_column(default="")
    prompt: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int]
    weight: Mapped[int]
    ai_policy: Mapped[str] = mapped_column(default="free")
    ai_sentence: Mapped[str] = mapped_column(default="")
    spelling_counts: Mapped[bool] = mapped_column(default=False)
    spelling_sentence: Mapped[str] = mapped_column(default="")
    phone_sentence: Mapped[str] = mapped_column(default="")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opens_after_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    saved_in: Mapped[str] = mapped_column(default="")
    version: Mapped[Version] = relationship(back_populates="tasks")
    opens_after: Mapped[Task | None] = relationship(remote_side="Task.id")
    beside: Mapped[list[Beside]] = relationship(
        order_by="Beside.position", lazy="selectin", cascade="all, delete-orphan"
    )
    rubric: Mapped[list[RubricLine]] = relationship(
        order_by="RubricLine.position", lazy="selectin", cascade="all, delete-orphan"
    )
    samples: Mapped[list[Sample]] = relationship(
        order_by="Sample.position", cascade="all, delete-orphan"
    )

    @property
    def materials(self) -> list[Material]:
        """What lies beside its prompt, in its own order."""
        return [place.material for place in self.beside]

    @property
    def marked(self) -> bool:
        """Whether anything in it is marked."""
        return bool(self.rubric)


class Material(Base):
    """What lies beside one or more prompts: a table or log (CSV), prose or an inbox (Markdown)."""

    __tablename__ = "materials"
    __table_args__ = (CheckConstraint(f"form IN {FORMS}", name="form"),)
    id: Mapped[Key]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_versions.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")  # a short line beside the title
    form: Mapped[str]
    content: Mapped[str] = mapped_column(default="")
    saved_in: Mapped[str] = mapped_column(default="")

    @property
    def is_table(self) -> bool:
        """Whether it is a CSV, which can be taken away as a file."""
        return self.form in TABLES

    @property
    def as_file(self) -> bytes:
        """A table's or log's text as spreadsheets want it."""
        return sheets.as_file(self.content)

    @property
    def file_name(self) -> str:
        """*Lessons in May.csv*, after its title."""
        return f"{self.title or self.form}.csv"

    @property
    def table(self) -> sheets.Table:
        """A table's or log's cells."""
        return sheets.table(self.content)

    @property
    def passages(self) -> list[sheets.Passage]:
        """A prose's text, its numbered rules apart."""
        return sheets.passages(self.content)

    @property
    def messages(self) -> list[sheets.Message]:
        """An inbox's messages."""
        return sheets.messages(self.content)


class Beside(Base):
    """A material lies beside a task: several tasks may show the same one, each in its own order."""

    __tablename__ = "task_materials"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    material_id: Mapped[UUID] = mapped_column(
        ForeignKey("materials.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    material: Mapped[Material] = relationship(lazy="joined", innerjoin=True)


class RubricLine(Base):
    """One criterion as this task marks it. `keyed`: scored by rule, no reviewer sees it."""

    __tablename__ = "rubric_lines"
    __table_args__ = (UniqueConstraint("task_id", "criterion_id"),)
    id: Mapped[Key]
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), index=True)
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criteria.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    weight: Mapped[int]
    keyed: Mapped[bool] = mapped_column(default=False)
    saved_in: Mapped[str] = mapped_column(default="")
    levels: Mapped[list[Level]] = relationship(
        order_by="Level.number", lazy="selectin", cascade="all, delete-orphan"
    )


class Level(Base):
    """An anchored level with its two sentences."""

    __tablename__ = "levels"
    __table_args__ = (UniqueConstraint("rubric_line_id", "number"),)
    id: Mapped[Key]
    rubric_line_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_lines.id"), index=True)
    number: Mapped[int]
    sees: Mapped[str] = mapped_column(default="")
    told: Mapped[str] = mapped_column(default="")


class Sample(Base):
    """A sample answer: weak, middling or strong, with reference marks and a line of reasoning each.

    Marks are `{"criterion": id, "level": 1…, "why": "…"}`.
    """

    __tablename__ = "samples"
    id: Mapped[Key]
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), index=True)
    position: Mapped[int]
    label: Mapped[str]
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
