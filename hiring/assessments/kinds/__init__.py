"""Task kinds: the one place that knows how a kind is authored, answered, blinded and scored by rule.

Other rooms ask `kind_of(task.kind)` and draw `kind.template("answer")`; none of them ever writes
`if kind ==`. A value is what a candidate answered, as plain JSON: `{"text": "…"}` when written,
`{"choices": ["b"], "reason": "…"}` when chosen. Settings are what the author set for one task.

Files that belong to an answer are named in its value, each by id, name, size and type; the bytes lie
with the room that took them, which asks `takes_files` and puts them in by `with_files`.

Templates of a kind, each included with `kind` and `task` in reach: author (fields named by the
task's `key`, filled from `sheet.settings`), asked (the same to read), offered (the same for a
reviewer, without the key; may be absent), and with `value` too: answer (the candidate's control),
marking (numbered, for a reviewer), shown (afterwards); the last three have `copies` in reach where
files can be opened, by their ids (`kinds.files.Shown`). A new kind is a module here, a folder there and
a line below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from flask_babel.speaklater import LazyString
from markupsafe import Markup

from hiring.assessments.kinds.choice import Choice
from hiring.assessments.kinds.file import File
from hiring.assessments.kinds.written import Written
from hiring.kernel.papers import Paper
from hiring.kernel.refusals import Missing

Settings = Mapping[str, Any]
Value = dict[str, Any]
Mask = Callable[[str], str]
Lack = tuple[str, str]
FileFacts = dict[str, Any]  # id, name, size in bytes, type


class Fields(Protocol):
    """What a browser sent: werkzeug's MultiDict is one."""

    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...
    def keys(self) -> Iterable[str]: ...


class Line(Protocol):
    """What a kind needs to know of a rubric line."""

    @property
    def id(self) -> UUID: ...
    @property
    def keyed(self) -> bool: ...
    @property
    def levels(self) -> Sequence[object]: ...


class Kind(Protocol):
    """How one kind of task works. Pure: no database, no request."""

    name: str
    label: LazyString
    add: LazyString  # what the button says that adds one
    may_be_keyed: bool  # whether a criterion of it can be scored by rule
    takes_files: bool  # whether files can belong to an answer

    def template(self, part: str) -> str:
        """The template that draws `part`: author, asked, answer, marking or shown."""

    def detail(self, settings: Settings) -> str:
        """The kind with what is special about this task, in two or three words."""

    def asks(self, settings: Settings) -> str:
        """What one must be able to hand in, as a sentence to read before the start; mostly empty."""

    def facts(self, settings: Settings) -> dict[str, str]:
        """What the author set, as words under their names, for versions laid side by side."""

    def new_settings(self) -> dict[str, Any]:
        """Settings of a task that was just added."""

    def read_settings(self, settings: Settings, fields: Fields) -> dict[str, Any]:
        """What the author's form says, however long it is."""

    def check_settings(self, settings: Settings) -> None:
        """Raises Refused for what is too long to be kept: then none of these settings is."""

    def needs(self, settings: Settings, *, keyed: bool, read: bool) -> list[Lack]:
        """What is still missing before the task can be published: the field, and *needs two options*.

        `keyed`: it has a criterion by rule; `read`: it has one that a reviewer marks.
        """

    def advice(self, settings: Settings, *, read: bool) -> list[Lack]:
        """What could go out as it is and is better mended, as in `needs`."""

    def empty(self) -> Value:
        """The value of an answer that nobody has begun."""

    def read_answer(self, settings: Settings, fields: Fields) -> Value:
        """What the candidate's form says. Raises Refused for what cannot be an answer."""

    def typed(self, fields: Fields) -> Value:
        """What the form held, whatever it was, to be shown again beside what was wrong with it."""

    def files_in(self, value: Value) -> list[FileFacts]:
        """The files that belong to the answer, in order."""

    def with_files(self, value: Value, files: Sequence[FileFacts]) -> Value:
        """The same answer with these files and no others."""

    def most_files(self, settings: Settings) -> int:
        """How many files there may be; 0 where none are taken."""

    def most_bytes(self, settings: Settings) -> int:
        """The largest size of one file; 0 where none are taken."""

    def takes(self, settings: Settings, paper: Paper) -> bool:
        """Whether a file of this type may be handed in."""

    def words(self, value: Value) -> int:
        """How many words the candidate wrote."""

    def is_empty(self, value: Value) -> bool:
        """Whether nothing was answered at all."""

    def masked(self, value: Value, mask: Mask) -> Value:
        """What blinding keeps, every free text passed through `mask`."""

    def rule_levels(
        self, settings: Settings, value: Value, rubric: Sequence[Line]
    ) -> dict[UUID, int]:
        """Each level that needs no reader, by rubric line: keyed ones, and the lowest for what is empty."""

    def wants_person(self, value: Value, rubric: Sequence[Line]) -> bool:
        """Whether something in it is for a reviewer to read."""

    def as_text(self, settings: Settings, value: Value) -> str:
        """The answer as plain text, paragraphs parted by blank lines."""

    def verses(self, settings: Settings, value: Value) -> list[tuple[str, Markup]]:
        """The free text as the blocks that `parts/verses.html` numbers."""

    def sample(self, *, choice: str | list[str] | None, text: str) -> Value:
        """A value from the words of a sample answer."""


KINDS: dict[str, Kind] = {kind.name: kind for kind in (Written(), Choice(), File())}


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises Missing when there is none."""
    try:
        return KINDS[name]
    except KeyError:
        raise Missing from None
