"""The draft's page as forms: one a part, named by its key, each with the print of what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import NumberRange, ValidationError

from hiring.assessments.drafting import Typed
from hiring.assessments.kinds import kind_of
from hiring.assessments.models import MAX_MINUTES, MIN_MINUTES, Version
from hiring.assessments.parts import key_of, parts_of, values_of
from hiring.assessments.rules import MAX_LEVELS, SPELLING, Path, print_of
from hiring.kernel.forms import LINE, TEXT, Form, stripped

SENTENCE = 1_000  # characters of a level's sentence or a policy's reason
BASE = "-base"
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


def _no_more_than(most: int) -> Callable[[Form, Field], None]:
    """Refuses what is longer; no maxlength in the browser, which would cut a pasted text in silence."""

    def check(_form: Form, field: Field) -> None:
        if len(field.data or "") > most:
            raise ValidationError(
                _(
                    "%(length)s characters are more than the %(most)s that fit. "
                    "The text is still here and not saved; shorten it.",
                    length=f"{len(field.data):,}",
                    most=f"{most:,}",
                )
            )

    return check


def _line(label: str, **more: Any) -> StringField:
    return StringField(label, filters=[stripped], validators=[_no_more_than(LINE)], **more)


def _text(label: str, most: int, **more: Any) -> TextAreaField:
    return TextAreaField(label, filters=[stripped], validators=[_no_more_than(most)], **more)


def _choices(words: Mapping[str, LazyString]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class Whole(IntegerField):
    """A whole number from `least` to `most`; one sentence says so of whatever else is written."""

    def __init__(self, label: str, least: int, most: int, **more: Any) -> None:
        self.sentence = lazy_gettext(
            "Write a whole number from %(least)s to %(most)s.", least=least, most=most
        )
        within = NumberRange(least, most, message=self.sentence)
        super().__init__(label, validators=[within], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if text.isdecimal() and len(text) < 7 else None  # noqa: PLR2004
        if self.data is None:
            raise ValueError(self.sentence)


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
    title = _line(lazy_gettext("Title"))
    summary = _line(
        lazy_gettext("In one line, for colleagues"),
        description=lazy_gettext("Candidates do not see it."),
    )
    lead = _text(
        lazy_gettext("What candidates are told before they start"),
        TEXT,
        description=lazy_gettext(
            "Two to four sentences, in Markdown: where they are, what lies before them."
        ),
    )
    limit_minutes = Whole(lazy_gettext("Limit"), MIN_MINUTES, MAX_MINUTES)


class TaskForm(Part):
    kind = StringField()
    title = _line(lazy_gettext("Title of the task"))
    teaser = _line(
        lazy_gettext("In a few words, before the start"),
        description=lazy_gettext("Candidates see it on the invitation, under the title."),
    )
    prompt = _text(lazy_gettext("Prompt"), TEXT)
    minutes = Whole(lazy_gettext("Minutes"), 0, MAX_MINUTES)
    weight = Whole(lazy_gettext("Weight"), 0, 100)
    opens_after = SelectField(
        lazy_gettext("Opens"),
        default="",
        validate_choice=False,  # the draft knows which tasks there are, see drafting.save
        description=lazy_gettext("The other task is then finished by a press, and stays as it is."),
    )
    ai_policy = SelectField(lazy_gettext("Tools and AI"), choices=_choices(POLICY_WORDS))
    ai_sentence = _text(lazy_gettext("Why, in one sentence"), SENTENCE)
    spelling_counts = BooleanField(lazy_gettext("Spelling is marked"))
    spelling_sentence = _text(lazy_gettext("What candidates are told about spelling"), SENTENCE)
    phone_sentence = _text(lazy_gettext("How it works on a phone"), SENTENCE)
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
    sees = _text(lazy_gettext("The reviewer sees"), SENTENCE)
    told = _text(lazy_gettext("The candidate is told"), SENTENCE)


class Levels(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """The levels that a browser sent; a name that no page of ours gives is no level."""

    def _extract_indices(self, prefix: str, formdata: MultiDict[str, str]) -> Iterator[int]:
        start = f"{prefix}-"
        names = (name.removeprefix(start) for name in formdata if name.startswith(start))
        numbers = (name.partition("-")[0] for name in names)
        return (int(n) for n in numbers if n.isascii() and n.isdecimal() and len(n) < 4)  # noqa: PLR2004


class LineForm(Part):
    name = _line(lazy_gettext("Criterion"))
    weight = Whole(lazy_gettext("Weight"), 0, 100)
    # one more than there may be, so that it is refused and not dropped in silence
    levels = Levels(FormField(LevelForm), max_entries=MAX_LEVELS + 1)


class MaterialForm(Part):
    title = _line(lazy_gettext("Title of the material"))
    note = _line(lazy_gettext("A few words beside the title"))
    form = SelectField(lazy_gettext("Form"), choices=_choices(FORM_WORDS))
    content = _text(lazy_gettext("Content"), TEXT)


class PictureForm(Form):
    """A picture for the texts, and the words for those who do not see it."""

    file = FileField(
        lazy_gettext("Picture"),
        [FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("PNG, JPEG, WebP or GIF. It is drawn anew and made small."),
    )
    words = _text(
        lazy_gettext("What it shows"), SENTENCE,
        description=lazy_gettext(
            "For those who do not see it. Say all of it that the task needs: figures, labels, what happens."
        ),
    )  # fmt: skip

    def validate_words(self, field: Field) -> None:
        """Asked here, since the other checks of a text let it be empty."""
        if not field.data:
            raise ValidationError(_("Describe the picture in words."))


FORMS: dict[str, type[Part]] = {
    "version": VersionForm,
    "task": TaskForm,
    "line": LineForm,
    "material": MaterialForm,
}


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


def stored_sheets(version: Version) -> dict[str, Sheet]:
    """The page of a draft as it is kept."""
    return {key: _stored(key, values_of(part)) for key, part in parts_of(version).items()}


def typed_sheets(fields: ImmutableMultiDict[str, str]) -> dict[str, Sheet]:
    """The parts that a browser sent, validated; a part that it did not send is absent."""
    keys = [name.removesuffix(BASE) for name in fields if name.endswith(BASE)]
    known = [key for key in keys if key.partition("-")[0] in FORMS]
    return {key: _typed(key, fields) for key in known}


def differences(sheet: Sheet) -> list[tuple[str, str]]:
    """What is kept where it is not what was typed: label and kept text."""
    typed = _flat(sheet.form.values())
    labels = {f.short_name: str(f.label.text) for f in sheet.form}
    found = [
        (
            _label(name, labels),
            (_("yes") if text else _("no")) if isinstance(text, bool) else str(text),
        )
        for name, text in _flat(sheet.stored).items()
        if typed.get(name) != text
    ]
    if sheet.stored.get("materials") != sheet.form.values().get("materials"):
        found.append((_("Material beside it"), _("other materials, or in another order")))
    if sheet.stored.get("opens_after") != sheet.form.values().get("opens_after"):
        when = _("after another task") if sheet.stored.get("opens_after") else _("at once")
        found.append((_("Opens"), when))
    return found


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


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if name == "levels":
            for nth, level in enumerate(value, start=1):
                flat |= {f"{side}-{nth}": text for side, text in level.items()}
        elif name == "settings":
            texts = {option["key"]: option["text"] for option in value.get("options", ())}
            flat |= {k: _settings_text(v, texts) for k, v in value.items()}
        elif name not in {"materials", "opens_after"}:
            flat[name] = value
    return flat


def _settings_text(value: Any, texts: Mapping[str, str]) -> Any:
    if not isinstance(value, list):
        return value
    keys = (one if isinstance(one, str) else one["key"] for one in value)
    return "\n".join(texts.get(key, "") for key in keys)


def _label(name: str, labels: Mapping[str, str]) -> str:
    side, dash, level = name.partition("-")
    if dash:
        words = _("the reviewer sees") if side == "sees" else _("the candidate is told")
        return _("Level %(n)s, %(side)s", n=level, side=words)
    own = {
        "options": _("Options"),
        "keyed": _("What the rule counts"),
        "several": _("Let candidates choose several"),
        "reason": _("Ask for a reason in writing"),
        "reason_prompt": _("What the reason should say"),
    }
    return labels.get(name) or own.get(name, name)
