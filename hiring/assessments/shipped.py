"""The templates that come with the platform: read from `shipped/<slug>/`, begun as a draft of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import yaml
from sqlalchemy import select

from hiring.assessments import actions
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import Assessment, Version
from hiring.kernel.database import session
from hiring.kernel.refusals import Missing

FOLDER = Path(__file__).parent / "shipped"
QUALITIES = ("weak", "middling", "strong")


class Pair(NamedTuple):
    """What templates are called together that are each for a step of its own, and which part this is."""

    name: str
    part: int
    of: int


@dataclass(frozen=True)
class Template:
    """A shipped assessment as its files have it."""

    slug: str
    content: Mapping[str, Any]
    samples: tuple[Mapping[str, Any], ...]

    @property
    def minutes(self) -> int:
        return int(self.content["limit_minutes"])

    @property
    def pair(self) -> Pair | None:
        """What it is a part of, if it is one."""
        return Pair(**self.content["pair"]) if "pair" in self.content else None

    @property
    def marked(self) -> dict[str, bool]:
        """The names of its criteria, each once, in order: whether a rule scores it."""
        lines = [line for task in self.content["tasks"] for line in task["criteria"]]
        return {line["name"]: line["scored_by"] == "rule" for line in lines}

    @property
    def course(self) -> list[tuple[str, str, int]]:
        """Its tasks as the ruler of minutes wants them."""
        return [(t["title"], t["teaser"], t["minutes"]) for t in self.content["tasks"]]

    @property
    def showpiece(self) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
        """The longest task, and its strong sample answer."""
        task = max(self.content["tasks"], key=lambda task: task["minutes"])
        strong = (s for s in self.samples_of(task["key"]) if s.get("quality") == "strong")
        return task, next(strong, None)

    def samples_of(self, task: str) -> list[Mapping[str, Any]]:
        """The sample answers to a task, by the task's key."""
        return [sample for sample in self.samples if sample["task"] == task]


def templates() -> list[Template]:
    """Every shipped template, by title; those that belong together by their common name, in order."""
    slugs = (folder.name for folder in FOLDER.iterdir() if (folder / "assessment.yaml").is_file())
    return sorted((template_of(slug) for slug in slugs), key=_place)


def families() -> list[tuple[str, list[Template]]]:
    """The templates as a page groups them: those that belong together under their name, others under none."""
    runs = groupby(templates(), key=lambda one: one.pair.name if one.pair else "")
    return [(name, list(run)) for name, run in runs]


def pairs_among(versions: Sequence[Version]) -> list[tuple[str, list[Version]]]:
    """Templates that belong together of which each is among these versions: their name, and them in order.

    Of several that began as the same template it is the one that went out last.
    """
    in_time = sorted(versions, key=lambda version: version.published_at or version.saved_at)
    by_slug = {version.assessment.template: version for version in in_time}
    found = [(name, [by_slug.get(t.slug) for t in run]) for name, run in families() if name]
    return [(name, [v for v in run if v]) for name, run in found if all(run)]


class OtherPart(NamedTuple):
    """Another part of what a version is one part of; without an assessment, nobody has begun it.

    `new_id` is what it would be begun as.
    """

    template: Template
    assessment_id: UUID | None
    is_out: bool
    new_id: UUID


class Together(NamedTuple):
    """What a version's template is called together with others, and these."""

    name: str = ""
    others: Sequence[OtherPart] = ()


def together_with(version: Version) -> Together:
    """What a version is a part of, if it is one; each other part by its newest assessment."""
    slug = version.assessment.template
    for name, run in families():
        if name and slug in {one.slug for one in run}:
            return Together(name, [_other_part(one) for one in run if one.slug != slug])
    return Together()


def _other_part(template: Template) -> OtherPart:
    newest = select(Assessment).where(Assessment.template == template.slug)
    found = session.scalars(newest.order_by(Assessment.created_at.desc()).limit(1)).one_or_none()
    if found is None:
        return OtherPart(template, None, False, uuid4())
    is_out = any(one.published_at for one in found.versions)
    return OtherPart(template, found.id, is_out, uuid4())


@cache
def template_of(slug: str) -> Template:
    """The template of that name. Raises Missing when none is shipped under it."""
    folder = FOLDER / slug
    if folder.parent != FOLDER or not (folder / "assessment.yaml").is_file():
        raise Missing
    content = _read(folder / "assessment.yaml")
    for material in content["materials"]:
        material["content"] = (folder / material["file"]).read_text("utf-8").strip("\n")
    samples = folder / "samples.yaml"
    return Template(slug, content, tuple(_read(samples)["samples"]) if samples.is_file() else ())


def _place(template: Template) -> tuple[str, int]:
    pair = template.pair
    return (pair.name, pair.part) if pair else (template.content["title"], 0)


def begin_from(slug: str, assessment_id: UUID, *, by: UUID) -> Version:
    """A draft with everything that the template has; its criteria come to stand on the shelf."""
    template = template_of(slug)
    on_shelf = {
        line["shelf"]: str(actions.shelve(line["name"], slug=line["shelf"]).id)
        for task in template.content["tasks"]
        for line in task["criteria"]
    }
    content = _bundle(template, on_shelf)
    return actions.begin(assessment_id, by=by, content=content, template=slug)


def _bundle(template: Template, on_shelf: Mapping[str, str]) -> dict[str, Any]:
    given = template.content
    return {
        "title": given["title"],
        "summary": given["summary"],
        "lead": given["lead"].strip(),
        "limit_minutes": given["limit_minutes"],
        "materials": [
            {name: material[name] for name in ("key", "title", "note", "form", "content")}
            for material in given["materials"]
        ],
        "tasks": [_task(task, template, on_shelf) for task in given["tasks"]],
    }


def _task(
    task: Mapping[str, Any], template: Template, on_shelf: Mapping[str, str]
) -> dict[str, Any]:
    kind = kind_of(task["kind"])
    settings = {name: task.get(name, usual) for name, usual in kind.new_settings().items()}
    return {
        **{name: task[name] for name in ("key", "kind", "title", "teaser", "minutes", "weight")},
        "opens_after": task.get("opens_after"),
        "prompt": task["prompt"].strip(),
        "ai_policy": task["ai"]["policy"],
        "ai_sentence": task["ai"]["why"],
        "spelling_counts": task["spelling"]["marked"],
        "spelling_sentence": task["spelling"]["why"],
        "phone_sentence": task["phone"],
        "settings": {k: v.strip() if isinstance(v, str) else v for k, v in settings.items()},
        "materials": task["materials"],
        "rubric": [_line(line, on_shelf) for line in task["criteria"]],
        "samples": [_sample(sample, task, on_shelf) for sample in template.samples_of(task["key"])],
    }


def _line(line: Mapping[str, Any], on_shelf: Mapping[str, str]) -> dict[str, Any]:
    return {
        "criterion": on_shelf[line["shelf"]],
        "name": line["name"],
        "weight": line["weight"],
        "keyed": line["scored_by"] == "rule",
        "levels": line["levels"],
    }


def _sample(
    sample: Mapping[str, Any], task: Mapping[str, Any], on_shelf: Mapping[str, str]
) -> dict[str, Any]:
    marks = sample.get("marks", {})
    return {
        "label": str(sample.get("quality") or sample["example"]),
        "value": kind_of(task["kind"]).sample(choice=sample.get("choice"), text=sample["text"]),
        "marks": [{"criterion": on_shelf[slug], **mark} for slug, mark in marks.items()],
    }


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content
