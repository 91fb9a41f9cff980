"""File: something made elsewhere, handed in as it is, with a few words where they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from babel.lists import format_list
from flask_babel import format_decimal, get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from hiring.assessments.kinds import texts
from hiring.kernel import papers
from hiring.kernel.papers import Paper

if TYPE_CHECKING:
    from hiring.assessments.kinds import Fields, Lack, Line

MEGABYTE = 1_048_576
SIZES = (1, 2, 5, 10, 20)  # megabytes of one file, to choose from
NUMBERS = (1, 2, 3, 4, 5)
# What an author allows, each a few types that do the same.
GROUPS: dict[str, tuple[Paper, ...]] = {
    "pdf": (papers.PDF,),
    "document": (papers.DOCX, papers.ODT),
    "sheet": (papers.XLSX, papers.ODS),
    "slides": (papers.PPTX, papers.ODP),
    "picture": (papers.PNG, papers.JPEG, papers.WEBP),
    "text": (papers.TEXT, papers.MARKDOWN, papers.CSV),
}
LONG = {
    "pdf": lazy_gettext("PDF"),
    "document": lazy_gettext("Documents: Word, OpenDocument"),
    "sheet": lazy_gettext("Sheets: Excel, OpenDocument"),
    "slides": lazy_gettext("Slides: PowerPoint, OpenDocument"),
    "picture": lazy_gettext("Pictures: PNG, JPEG, WebP"),
    "text": lazy_gettext("Plain text, Markdown, CSV"),
}
SHORT = {
    "pdf": lazy_gettext("PDF"),
    "document": lazy_gettext("document"),
    "sheet": lazy_gettext("sheet"),
    "slides": lazy_gettext("slides"),
    "picture": lazy_gettext("picture"),
    "text": lazy_gettext("plain text"),
}


class File:
    """The value is `{"files": [{"id", "name", "size", "type"}, …], "text": "…"}`, sizes in bytes.

    Settings: `types` (keys of GROUPS), `most_mb` (of one file), `most_files`, and `note` (whether a few
    words are asked for). Which files there are is not for a form to say: the room that keeps them puts
    them in by `with_files`. In a blind answer a file has a neutral name, no size, and its place as id.
    """

    name = "file"
    label = lazy_gettext("file")
    add = lazy_gettext("Add a file task")
    may_be_keyed = False
    takes_files = True

    def template(self, part: str) -> str:
        return f"kinds/file/{part}.html"

    def detail(self, settings: Mapping[str, Any]) -> str:
        return _("file: %(types)s", types=self._types(settings))

    def asks(self, settings: Mapping[str, Any]) -> str:
        """*Up to 3 files, PDF or picture, each at most 10 MB.*"""
        types, most = self._types(settings), settings["most_mb"]
        return ngettext(
            "One file: %(types)s, at most %(most)s MB.",
            "Up to %(num)s files: %(types)s, each at most %(most)s MB.",
            settings["most_files"], types=types, most=most,
        )  # fmt: skip

    def _types(self, settings: Mapping[str, Any]) -> str:
        words = [str(SHORT[key]) for key in GROUPS if key in settings["types"]]
        return format_list(words, style="or", locale=get_locale())

    def facts(self, settings: Mapping[str, Any]) -> dict[str, str]:
        return {
            _("Types of file"): self._types(settings),
            _("Files"): str(settings["most_files"]),
            _("Size of a file"): _("%(most)s MB at most", most=settings["most_mb"]),
            _("A few words asked for"): _("yes") if settings["note"] else _("no"),
        }

    def new_settings(self) -> dict[str, Any]:
        return {"types": ["pdf", "document"], "most_mb": 10, "most_files": 1, "note": True}

    def read_settings(self, settings: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        sent = fields.getlist("types")
        return {
            "types": [key for key in GROUPS if key in sent],
            "most_mb": _one_of(SIZES, fields.get("most_mb", ""), settings["most_mb"]),
            "most_files": _one_of(NUMBERS, fields.get("most_files", ""), settings["most_files"]),
            "note": bool(fields.get("note", "")),
        }

    def check_settings(self, settings: Mapping[str, Any]) -> None:
        pass

    def needs(self, settings: Mapping[str, Any], *, keyed: bool, read: bool) -> list[Lack]:
        return [] if settings["types"] else [("types", _("takes no type of file"))]

    def advice(self, settings: Mapping[str, Any], *, read: bool) -> list[Lack]:
        return []

    def empty(self) -> dict[str, Any]:
        return {"files": [], "text": ""}

    def read_answer(self, settings: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        # where no words are asked for, the form has none to send
        text = texts.sent(fields, "text") if settings["note"] else ""
        return {"files": [], "text": texts.read_text(text, field="text")}

    def typed(self, fields: Fields) -> dict[str, Any]:
        return {"files": [], "text": fields.get("text", "")}

    def files_in(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        return list(value["files"])

    def with_files(self, value: dict[str, Any], files: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return {**value, "files": list(files)}

    def words(self, value: dict[str, Any]) -> int:
        return texts.count_words(value["text"])

    def is_empty(self, value: dict[str, Any]) -> bool:
        return not value["files"] and not value["text"].strip()

    def masked(self, value: dict[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
        neutral = [
            {"id": str(nth), "name": neutral_name(nth, file["type"]), "type": file["type"]}
            for nth, file in enumerate(value["files"], start=1)
        ]
        return {"files": neutral, "text": mask(value["text"])}

    def rule_levels(
        self, settings: Mapping[str, Any], value: dict[str, Any], rubric: Sequence[Line]
    ) -> dict[UUID, int]:
        return {line.id: 1 for line in rubric} if self.is_empty(value) else {}

    def wants_person(self, value: dict[str, Any], rubric: Sequence[Line]) -> bool:
        return bool(rubric) and not self.is_empty(value)

    def as_text(self, settings: Mapping[str, Any], value: dict[str, Any]) -> str:
        names = [file["name"] for file in value["files"]]
        return "\n\n".join(part for part in ("\n".join(names), value["text"]) if part)

    def verses(
        self, settings: Mapping[str, Any], value: dict[str, Any]
    ) -> list[tuple[str, Markup]]:
        return texts.verses(value["text"])

    def sample(self, *, choice: str | list[str] | None, text: str) -> dict[str, Any]:
        return {"files": [], "text": text}

    # ── What only rooms that keep files ask ──

    def most_files(self, settings: Mapping[str, Any]) -> int:
        """How many files there may be."""
        return int(settings["most_files"])

    def most_bytes(self, settings: Mapping[str, Any]) -> int:
        """The largest size of one file."""
        return int(settings["most_mb"]) * MEGABYTE

    def takes(self, settings: Mapping[str, Any], paper: Paper) -> bool:
        """Whether a file of this type may be handed in."""
        return any(paper in GROUPS[key] for key in settings["types"] if key in GROUPS)

    def endings(self, settings: Mapping[str, Any]) -> str:
        """The endings that a browser's chooser shows first: *.pdf,.png*."""
        taken = [paper.ending for key in settings["types"] for paper in GROUPS[key]]
        more = ["jpeg"] if "jpg" in taken else []
        return ",".join(f".{ending}" for ending in [*taken, *more])

    def said_size(self, size: int) -> str:
        """*1.4 MB*, *12 kB*."""
        if size < MEGABYTE:
            return _("%(size)s kB", size=format_decimal(max(1, size // 1024)))
        return _("%(size)s MB", size=format_decimal(round(size / MEGABYTE, 1)))

    groups = LONG
    sizes = SIZES
    numbers = NUMBERS


def neutral_name(number: int, media_type: str) -> str:
    """*file-1.pdf*: what tells nothing of whoever named it."""
    return f"file-{number}.{papers.ending_of_copy(media_type)}"


def _one_of(known: Sequence[int], text: str, otherwise: int) -> int:
    return next((one for one in known if text == str(one)), otherwise)
