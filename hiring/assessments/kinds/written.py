"""Written: a prompt, and a text in the candidate's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import lazy_gettext
from markupsafe import Markup

from hiring.assessments.kinds import texts
from hiring.assessments.kinds.files import WithoutFiles

if TYPE_CHECKING:
    from hiring.assessments.kinds import Fields, Lack, Line


class Written(WithoutFiles):
    """The value is `{"text": "…"}`; the author sets nothing beyond the prompt."""

    name = "written"
    label = lazy_gettext("written")
    add = lazy_gettext("Add a written task")
    may_be_keyed = False

    def template(self, part: str) -> str:
        return f"kinds/written/{part}.html"

    def detail(self, settings: Mapping[str, Any]) -> str:
        return str(self.label)

    def facts(self, settings: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def new_settings(self) -> dict[str, Any]:
        return {}

    def read_settings(self, settings: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        return {}

    def check_settings(self, settings: Mapping[str, Any]) -> None:
        pass

    def needs(self, settings: Mapping[str, Any], *, keyed: bool, read: bool) -> list[Lack]:
        return []

    def advice(self, settings: Mapping[str, Any], *, read: bool) -> list[Lack]:
        return []

    def empty(self) -> dict[str, Any]:
        return {"text": ""}

    def read_answer(self, settings: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        return {"text": texts.read_text(texts.sent(fields, "text"), field="text")}

    def typed(self, fields: Fields) -> dict[str, Any]:
        return {"text": fields.get("text", "")}

    def words(self, value: dict[str, Any]) -> int:
        return texts.count_words(value["text"])

    def is_empty(self, value: dict[str, Any]) -> bool:
        return not value["text"].strip()

    def masked(self, value: dict[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
        return {"text": mask(value["text"])}

    def rule_levels(
        self, settings: Mapping[str, Any], value: dict[str, Any], rubric: Sequence[Line]
    ) -> dict[UUID, int]:
        return {line.id: 1 for line in rubric} if self.is_empty(value) else {}

    def wants_person(self, value: dict[str, Any], rubric: Sequence[Line]) -> bool:
        return bool(rubric) and not self.is_empty(value)

    def as_text(self, settings: Mapping[str, Any], value: dict[str, Any]) -> str:
        return str(value["text"])

    def verses(
        self, settings: Mapping[str, Any], value: dict[str, Any]
    ) -> list[tuple[str, Markup]]:
        return texts.verses(value["text"])

    def sample(self, *, choice: str | list[str] | None, text: str) -> dict[str, Any]:
        return {"text": text}
