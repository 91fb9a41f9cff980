"""The parts of a draft as forms, one a kind of part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
)

from hiring.assessments.forms.fields import SENTENCE, Levels, Whole, a_line, a_text, choices_of
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import MAX_MINUTES, MIN_MINUTES
from hiring.assessments.rules import MAX_LEVELS, SPELLING, Path
from hiring.kernel.forms import TEXT, Form

FORM_WORDS = {
    "table": lazy_gettext("table (CSV)"),
    "log": lazy_gettext("log with line numbers (CSV)"),
    "prose": lazy_gettext("text, with numbered rules if it has some"),
    "inbox": lazy_gettext("inbox of messages"),
}

FORM_ADDS = {
    "prose": lazy_gettext("Add a text"),
    "table": lazy_gettext("Add a table"),
    "log": lazy_gettext("Add a log"),
    "inbox": lazy_gettext("Add an inbox"),
}

POLICY_WORDS = {
    "free": lazy_gettext("free"),
    "limited": lazy_gettext("within limits"),
    "none": lazy_gettext("none"),
}


class Part(Form):
    """A part of the draft; the page's one token guards them all."""

    class Meta(Form.Meta):
        csrf = False

    def values(self) -> dict[str, Any]:
        """What the part would hold."""
        return dict(self.data)

    def unfit(self) -> list[Path]:
        """Where in its values something stands that cannot be kept."""
        return list(_paths({name: wrong for name, wrong in self.errors.items() if name}))


class VersionForm(Part):
    title = a_line(lazy_gettext("Title"))
    summary = a_line(
        lazy_gettext("In one line, for colleagues"),
        description=lazy_gettext("Candidates do not see it."),
    )
    lead = a_text(
        lazy_gettext("What candidates are told before they start"),
        TEXT,
        description=lazy_gettext(
            "Two to four sentences, in Markdown: where they are, what lies before them."
        ),
    )
    limit_minutes = Whole(lazy_gettext("Limit"), MIN_MINUTES, MAX_MINUTES)


class TaskForm(Part):
    kind = StringField()
    title = a_line(lazy_gettext("Title of the task"))
    teaser = a_line(
        lazy_gettext("In a few words, before the start"),
        description=lazy_gettext("Candidates see it on the invitation, under the title."),
    )
    prompt = a_text(lazy_gettext("Prompt"), TEXT)
    minutes = Whole(lazy_gettext("Minutes"), 0, MAX_MINUTES)
    weight = Whole(lazy_gettext("Weight"), 0, 100)
    opens_after = SelectField(
        lazy_gettext("Opens"),
        default="",
        validate_choice=False,  # the draft knows which tasks there are, see drafting.saving
        description=lazy_gettext("The other task can then no longer be changed."),
    )
    ai_policy = SelectField(lazy_gettext("Tools and AI"), choices=choices_of(POLICY_WORDS))
    ai_sentence = a_text(lazy_gettext("Why, in one sentence"), SENTENCE)
    spelling_counts = BooleanField(lazy_gettext("Spelling is marked"))
    spelling_sentence = a_text(lazy_gettext("What candidates are told about spelling"), SENTENCE)
    phone_sentence = a_text(lazy_gettext("How it works on a phone"), SENTENCE)
    materials = SelectMultipleField(validate_choice=False)

    settings: dict[str, Any]

    def read_settings(self, fields: MultiDict[str, str]) -> None:
        """Let the task's kind read its own fields; what it cannot keep is said on this form."""
        kind = kind_of(self.kind.data or "")
        self.settings = kind.read_settings(kind.new_settings(), fields)
        with self.refusals():
            kind.check_settings(self.settings)

    def values(self) -> dict[str, Any]:
        """A sentence about spelling that nobody wrote follows the tick beside it."""
        values = {**self.data, "settings": self.settings}
        if values["spelling_sentence"] == SPELLING[not values["spelling_counts"]]:
            values["spelling_sentence"] = str(SPELLING[values["spelling_counts"]])
        return values

    def unfit(self) -> list[Path]:
        return [*super().unfit(), *([("settings",)] if self.form_errors else [])]


class LevelForm(Part):
    sees = a_text(lazy_gettext("The reviewer sees"), SENTENCE)
    told = a_text(lazy_gettext("The candidate is told"), SENTENCE)


class LineForm(Part):
    name = a_line(lazy_gettext("Criterion"))
    weight = Whole(lazy_gettext("Weight"), 0, 100)
    # one more than there may be, so that it is refused and not dropped in silence
    levels = Levels(FormField(LevelForm), max_entries=MAX_LEVELS + 1)


class MaterialForm(Part):
    title = a_line(lazy_gettext("Title of the material"))
    note = a_line(lazy_gettext("A few words beside the title"))
    form = SelectField(lazy_gettext("Form"), choices=choices_of(FORM_WORDS))
    content = a_text(lazy_gettext("Content"), TEXT)


FORMS: dict[str, type[Part]] = {
    "version": VersionForm,
    "task": TaskForm,
    "line": LineForm,
    "material": MaterialForm,
}


def _paths(errors: Any, *before: Any) -> Iterator[Path]:
    """Each place of something wrong, in the errors of a form and of the forms in it."""
    if isinstance(errors, Mapping):
        for name, wrong in errors.items():
            yield from _paths(wrong, *before, name)
    elif errors and isinstance(errors[0], Mapping):
        for nth, wrong in enumerate(errors):
            yield from _paths(wrong, *before, nth)
    elif errors:
        yield before
