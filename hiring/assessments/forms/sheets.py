"""The draft's page as forms: one a part, named by its key, each with the print of what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from wtforms import (
    Field,
    FieldList,
)

from hiring.assessments.drafting.saving import Typed
from hiring.assessments.forms.parts import FORMS, Part, TaskForm
from hiring.assessments.models import Version
from hiring.assessments.parts import parts_of, values_of
from hiring.kernel.prints import print_of

BASE = "-base"


@dataclass
class Sheet:
    """One part on the page: its form, what it was made from, and what stands in its way."""

    key: str
    form: Part
    base: str
    stored: Mapping[str, Any] = field(default_factory=dict)  # what is kept in its place
    between: list[tuple[str, str]] = field(default_factory=list)  # what came between, by label

    @property
    def called(self) -> str:
        """What the part is called where it is kept: what is typed may be what cannot be kept."""
        if self.key == "version":
            return _("Title and instructions")
        return self.stored.get("title") or self.stored.get("name") or _("A part without a title")

    @property
    def print(self) -> str:
        """The print of what is kept in its place."""
        return print_of(self.stored)

    def tell_early(self) -> None:
        """Say that its task cannot open after the one that was chosen, and show what is kept."""
        if isinstance(self.form, TaskForm):
            field, sentence = (
                self.form.opens_after,
                _("A task opens after one that comes before it."),
            )
            field.data = self.stored["opens_after"]
            field.errors = [*field.errors, f"{sentence} {_('This was not changed.')}"]

    @property
    def wrongs(self) -> list[tuple[Field, str]]:
        """Each field that says what is wrong with it."""
        return [(f, " ".join(map(str, f.errors))) for f in _plain_fields(self.form) if f.errors]

    @property
    def settings(self) -> dict[str, Any]:
        """A task's own settings, as typed or stored."""
        return self.form.settings if isinstance(self.form, TaskForm) else {}

    def typed(self, *, over: str) -> Typed:
        """The part for saving."""
        values, unfit = self.form.values(), self.form.unfit()
        return Typed(key=self.key, values=values, base=self.base, unfit=unfit, over=over)


def stored_sheets(version: Version) -> dict[str, Sheet]:
    """The page of a draft as it is kept."""
    return {key: _stored(key, values_of(part)) for key, part in parts_of(version).items()}


def typed_sheets(fields: ImmutableMultiDict[str, str]) -> dict[str, Sheet]:
    """The parts that a browser sent, validated; a part that it did not send is absent."""
    keys = [name.removesuffix(BASE) for name in fields if name.endswith(BASE)]
    known = [key for key in keys if key.partition("-")[0] in FORMS]
    return {key: _typed(key, fields) for key in known}


def opened(version: Version, place: str) -> set[str]:
    """Which tasks and materials stand open when the page shows `place`."""
    inside = {
        f"line-{line.id}": f"task-{task.id}" for task in version.tasks for line in task.rubric
    }
    key = "-".join(place.split("-")[:6])
    return {inside.get(key, key)}


def _stored(key: str, values: Mapping[str, Any]) -> Sheet:
    form = FORMS[key.partition("-")[0]](formdata=None, data=values, prefix=key)
    if isinstance(form, TaskForm):
        form.settings = values["settings"]
    return Sheet(key=key, form=form, base=print_of(values))


def _typed(key: str, fields: ImmutableMultiDict[str, str]) -> Sheet:
    form = FORMS[key.partition("-")[0]](formdata=fields, prefix=key)
    form.validate()
    if isinstance(form, TaskForm):
        own = ((n.removeprefix(f"{key}-"), v) for n, v in fields.items(multi=True))
        form.read_settings(MultiDict(own))
    return Sheet(key=key, form=form, base=fields[key + BASE])


def _plain_fields(form: Iterable[Field]) -> Iterator[Field]:
    for each in form:
        if isinstance(each, FieldList):
            for entry in each.entries:
                yield from _plain_fields(entry.form)
        else:
            yield each
