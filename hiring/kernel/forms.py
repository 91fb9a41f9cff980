"""The form every form is: text is cleaned of what no person types, and refusals land on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from unicodedata import category
from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FileField, FormField, StringField
from wtforms.widgets import HiddenInput

from hiring.kernel.refusals import Refused

LINE = 200  # characters of a one-line text
TEXT = 100_000  # characters of a long text
WHOLE = (FileField, FieldList, FormField)  # not text themselves: files, and fields made of fields
NEVER_TYPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # but tab and line feed
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
UNSEEN = "CZ"  # classes of signs that leave no trace: separators, and what only steers others
Value = TypeVar("Value")


class Form(FlaskForm):
    """Shape only. `refusals()` shows what a rule said beside the field it belongs to."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            if issubclass(unbound_field.field_class, WHOLE):
                return super().bind_field(form, unbound_field, options)
            text = [never_missing] if issubclass(unbound_field.field_class, StringField) else []
            line = [straight] if unbound_field.field_class is StringField else []
            filters = [*text, clean, *line, *unbound_field.kwargs.get("filters", [])]
            return unbound_field.bind(form=form, filters=filters, **options)

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            # a browser cuts a pasted text at its maxlength, in silence: ours come whole and are told of
            return super().render_field(field, {"maxlength": False, **render_kw})

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn a Refused into an error of this form."""
        try:
            yield
        except Refused as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal at its field, or over the whole form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.sentence)
        else:
            field.errors = [*field.errors, refusal.sentence]


class NewId(Field):
    """The id that what is made will have, drawn with the page: a form that is sent twice makes one.

    `data` is always a UUID; in place of one that is missing or forged it is a fresh one. The act asks
    `kernel.database.made_before` whether that form has been here already.
    """

    widget = HiddenInput()

    def __init__(self, **given: Any) -> None:
        # a browser that fills in what stood there before a reload would send an id that is used up
        super().__init__(**{"default": uuid4, "render_kw": {"autocomplete": "off"}, **given})

    def process_formdata(self, valuelist: list[str]) -> None:
        with suppress(ValueError, IndexError):
            self.data = UUID(valuelist[0])

    def _value(self) -> str:
        return str(self.data)


def never_missing(value: object) -> str:
    """A text field that was not sent, or as a file, is an empty text, as one sent empty is."""
    return value if isinstance(value, str) else ""


def clean(value: Value) -> Value | str:
    """Text without NUL and control characters, lines ending in \\n; other values as they are."""
    if not isinstance(value, str):
        return value
    return NEVER_TYPED.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def straight(value: Value) -> Value | str:
    """One line without the marks that turn the order of signs: on a label, in a letter's subject or in the
    title of a window nothing ends their reach, and *gnp.exe* would read as a picture.
    """
    return TURNS.sub("", value) if isinstance(value, str) else value


def stripped(value: Value) -> Value | str:
    """A filter for one-line text: no white space around it, and nothing where nothing can be seen."""
    if not isinstance(value, str):
        return value
    return value.strip() if any(category(sign)[0] not in UNSEEN for sign in value) else ""


Filter = Callable[[Any], Any]
