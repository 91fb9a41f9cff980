"""Fields that the forms of this room share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    FieldList,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import NumberRange, ValidationError

from hiring.kernel.forms import LINE, Form, stripped

SENTENCE = 1_000  # characters of a level's sentence or a policy's reason


def no_more_than(most: int) -> Callable[[Form, Field], None]:
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


def a_line(label: str, **more: Any) -> StringField:
    return StringField(label, filters=[stripped], validators=[no_more_than(LINE)], **more)


def a_text(label: str, most: int, **more: Any) -> TextAreaField:
    return TextAreaField(label, filters=[stripped], validators=[no_more_than(most)], **more)


def choices_of(words: Mapping[str, LazyString]) -> list[SelectChoice]:
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


class Levels(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """The levels that a browser sent; a name that no page of ours gives is no level."""

    def _extract_indices(self, prefix: str, formdata: MultiDict[str, str]) -> Iterator[int]:
        start = f"{prefix}-"
        names = (name.removeprefix(start) for name in formdata if name.startswith(start))
        numbers = (name.partition("-")[0] for name in names)
        return (int(n) for n in numbers if n.isascii() and n.isdecimal() and len(n) < 4)  # noqa: PLR2004
