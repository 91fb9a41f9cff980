"""Fields that the forms of this room share."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, TextInput

from hiring.kernel.forms import LINE, stripped

WORD = 2_000  # characters of the word above a letter


def a_line(label: Any, *, required: Any = None, hint: Any = "") -> StringField:
    needed = [DataRequired(required)] if required else []
    told = _("At most %(max)d characters; this has more.")
    return StringField(
        label, filters=[stripped], description=hint,
        validators=[*needed, Length(max=LINE, message=told)],
    )  # fmt: skip


def a_text(label: Any, longest: int, hint: Any = "") -> TextAreaField:
    told = _("At most %(max)d characters; this has more. It is kept as you typed it.")
    return TextAreaField(label, description=hint, validators=[Length(max=longest, message=told)])


class DayField(DateField):
    """A day of the calendar that a person would name."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = date.fromisoformat(valuelist[0].strip()) if valuelist else None
        except ValueError:
            self.data = None
            self.raw_data = valuelist
            raise ValueError(gettext("Write the day as 2027-01-31.")) from None


class NumberField(IntegerField):
    """A short whole number. What is none is told in our words, and kept as it was typed."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Write a whole number.")) from None


class OneOf(SelectField):
    """A choice of one; what was not offered is refused in our words."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {choice[0] for choice in self.iter_choices()}:
            raise ValidationError(gettext("Choose one of these."))


class SomeOf(SelectMultipleField):
    """A choice of several, drawn as boxes to tick."""

    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        offered = {choice[0] for choice in self.iter_choices()}
        if not set(self.data or ()) <= offered:
            raise ValidationError(gettext("Choose from these people only."))
