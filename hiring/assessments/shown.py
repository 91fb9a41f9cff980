"""What pictures the texts of a version show, and what is wrong with how they do. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from hiring.assessments.models import TABLES, Version
from hiring.kernel.markdown import DEEPEST, Shown, is_too_deep, pictures, turned


class Place(NamedTuple):
    """A Markdown text of a version: what it is called, the field it is written in, and itself."""

    name: str
    field: str
    text: str


def texts_of(version: Version) -> Iterator[Place]:
    """Every text that candidates read as Markdown; of a kind's settings each text is one."""
    yield Place(_("The instructions"), "version-lead", version.lead)
    for task in version.tasks:
        name = _("Task %(n)s", n=task.position)
        yield Place(name, f"task-{task.id}-prompt", task.prompt)
        for field, text in task.settings.items():
            if isinstance(text, str):
                yield Place(name, f"task-{task.id}-{field}", text)
    for material in version.materials:
        if material.form not in TABLES:
            name = f"“{material.title}”" if material.title else _("A material without a title")
            yield Place(name, f"material-{material.id}-content", material.content)


def keys_shown(version: Version) -> set[str]:
    """The keys of the pictures that a version shows."""
    return {one.key for place in texts_of(version) for one in pictures(place.text) if one.key}


def faults(version: Version) -> Iterator[tuple[str, str]]:
    """A sentence for each thing that candidates would not see as it was meant, and its field."""
    for place in texts_of(version):
        for sentence in dict.fromkeys(_faults_of(place, version)):
            yield sentence, place.field


def _faults_of(place: Place, version: Version) -> Iterator[str]:
    for one in pictures(place.text):
        if sentence := _fault_of(one, place.name, version):
            yield sentence
    if is_too_deep(place.text):
        yield _(
            "%(place)s has quotations or lists more than %(most)s deep in one another; "
            "what lies deeper is not shown. Make it flatter.",
            place=place.name, most=DEEPEST - 1,
        )  # fmt: skip
    if (near := turned(place.text)) is not None:
        yield _(
            "%(place)s holds a sign that nobody sees and that turns the order of letters, before “%(near)s”."
            " People read it without. Delete what stands around it, and write that anew.",
            place=place.name, near=near,
        )  # fmt: skip


def _fault_of(shown: Shown, place: str, version: Version) -> str | None:
    if shown.key is None:
        return _(
            "%(place)s names a picture that is elsewhere (%(address)s). Candidates would only see a "
            "link: upload it here.",
            place=place, address=shown.address[:80],
        )  # fmt: skip
    if shown.key not in {one.key for one in version.assessment.pictures if not one.removed_at}:
        return _(
            "%(place)s shows a picture that is not here. Add it again, or take its line out.",
            place=place,
        )
    if not shown.words.strip():
        return _(
            "%(place)s shows a picture without words for those who do not see it. "
            "Write them between the brackets.",
            place=place,
        )
    return None
