"""The room's one blueprint, and the words that its pages share."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.assessments import rules
from hiring.assessments.forms.waits import when_opens
from hiring.assessments.kinds import Kind, kind_of
from hiring.assessments.kinds.texts import verses
from hiring.assessments.models import Material, Task, Version
from hiring.kernel.words import number_word, sentence

pages = Blueprint("assessments", __name__)


@pages.app_template_filter()
def kind(task: Task) -> Kind:
    """The kind of a task, for its templates and words."""
    return kind_of(task.kind)


@pages.app_template_filter()
def minutes_of(version: Version) -> int:
    """The minutes of all its tasks."""
    return rules.minutes(version)


@pages.app_template_filter()
def filled(version: Version) -> str:
    """*Four tasks fill 35 of 35 minutes*: how the tasks stand to the limit."""
    tasks, used, limit = len(version.tasks), rules.minutes(version), version.limit_minutes
    count = sentence(number_word(tasks))
    if not tasks:
        return ngettext("%(num)s minute to fill", "%(num)s minutes to fill", limit)
    if used > limit:
        return ngettext(
            "%(count)s task takes %(used)s minutes, %(over)s too many",
            "%(count)s tasks take %(used)s minutes, %(over)s too many",
            tasks, count=count, used=used, over=used - limit,
        )  # fmt: skip
    return ngettext(
        "%(count)s task fills %(used)s of %(limit)s minutes",
        "%(count)s tasks fill %(used)s of %(limit)s minutes",
        tasks, count=count, used=used, limit=limit,
    )  # fmt: skip


@pages.app_template_filter()
def course_of(version: Version) -> list[tuple[str, str, int]]:
    """Its tasks as the ruler of minutes wants them."""
    return [(task.title, task.teaser, task.minutes) for task in version.tasks]


@pages.app_template_filter()
def marked_words(task: Task) -> str:
    """*choice and reason · 2 criteria · weight 20 % · opens after task 1*, or *written · not marked*."""
    words = [kind_of(task.kind).detail(task.settings), *_marks(task)]
    if task.opens_after:
        words.append(_("opens after task %(number)s", number=task.opens_after.position))
    return " · ".join(words)


def _marks(task: Task) -> list[str]:
    if not task.marked:
        return [_("not marked")]
    criteria = ngettext("%(num)s criterion", "%(num)s criteria", len(task.rubric))
    return [criteria, _("weight %(weight)s %%", weight=task.weight)]


def taken_out(version: Version) -> str:
    """*Criterion “Tone” is taken out of task 2.*: what was taken out last; empty when nothing was."""
    gone = version.removed
    if not gone:
        return ""
    name = gone["content"].get("name") or gone["content"].get("title") or _("Untitled")
    if gone["what"] == "task":
        return _("Task %(n)s, “%(name)s”, is taken out.", n=gone["at"] + 1, name=name)
    if gone["what"] == "material":
        return _("Material “%(name)s” is taken out.", name=name)
    of = next((task.position for task in version.tasks if str(task.id) == gone["of"]), "?")
    return _("Criterion “%(name)s” is taken out of task %(n)s.", name=name, n=of)


@pages.app_template_filter()
def beside_words(version: Version, material: Material) -> str:
    """*beside tasks 1 and 2*."""
    tasks = [str(task.position) for task in version.tasks if material in task.materials]
    if not tasks:
        return _("beside no task yet")
    return ngettext(
        "beside task %(list)s", "beside tasks %(list)s", len(tasks), list=", ".join(tasks)
    )


@pages.app_template_filter()
def chosen_first(materials: Sequence[Material], chosen: Sequence[str]) -> list[Material]:
    """The chosen materials in their order, then the others."""
    by_id = {str(material.id): material for material in materials}
    first = [by_id.pop(key) for key in chosen if key in by_id]
    return [*first, *by_id.values()]


pages.add_app_template_filter(verses)
pages.add_app_template_filter(when_opens)
