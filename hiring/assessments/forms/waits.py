"""When a task opens: at once, or after one that comes before it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from hiring.assessments.forms.parts import TaskForm
from hiring.assessments.forms.sheets import Sheet
from hiring.assessments.models import Version
from hiring.assessments.parts import key_of


def offer_waits(version: Version, sheets: Mapping[str, Sheet]) -> None:
    """Let each task's form offer to open it after any task before it."""
    keys = [""]
    for task in version.tasks:
        form = sheets[key_of(task)].form
        if isinstance(form, TaskForm):
            offered = [SelectChoice(key, when_opens(version, key)) for key in keys]
            form.opens_after.choices = offered
        keys.append(str(task.id))


def when_opens(version: Version, key: str) -> str:
    """*at once*, or *after task 2, The letter*: when a task opens that waits for the one of that id."""
    first = next((task for task in version.tasks if str(task.id) == key), None)
    if first is None:
        return _("at once")
    if not first.title:
        return _("after task %(n)s", n=first.position)
    return _("after task %(n)s, %(title)s", n=first.position, title=first.title)
