"""People by a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from hiring.kernel.forms import Form, NewId
from hiring.kernel.refusals import Refused
from hiring.openings.columns import ROLES
from hiring.openings.dialects import ENCODINGS, LARGEST
from hiring.openings.forms.fields import WORD, DayField, OneOf, a_text


class ImportForm(Form):
    """A file of people, or cells copied out of one."""

    id = NewId()
    file = FileField(_("A file"), description=_("CSV, as your spreadsheet saves it."))
    pasted = TextAreaField(
        _("Or cells, pasted"),
        description=_("Mark them in your spreadsheet, copy, and paste them here."),
    )

    def taken(self) -> tuple[bytes, str]:
        """The bytes of the file or of what was pasted, and its name. Raises Refused for none or both."""
        sent, pasted = self.file.data, (self.pasted.data or "").strip("\n")
        chosen = bool(getattr(sent, "filename", ""))
        if chosen and pasted:
            told = gettext("A file and pasted cells: only one of them at a time.")
            raise Refused(told, field="pasted")
        if not chosen and not pasted:
            raise Refused(gettext("Choose a file, or paste cells."), field="file")
        if chosen:
            return sent.read(LARGEST + 1), sent.filename
        return pasted.encode(), gettext("pasted cells")


class ReadingForm(Form):
    """How a file is to be read. `seen` is the revision that the page showed."""

    encoding = OneOf(_("Encoding"), choices=[SelectChoice(*one) for one in ENCODINGS.items()])
    separator = OneOf(
        _("Separator"),
        choices=[SelectChoice(";", _("semicolons")), SelectChoice(",", _("commas")),
                 SelectChoice("\t", _("tabs")), SelectChoice("|", _("upright strokes"))],
    )  # fmt: skip
    heading = BooleanField(_("The first row is the heading"))
    role = SelectMultipleField(_("Columns"), validate_choice=False)
    seen = HiddenField()

    def offer(self, columns: Sequence[Mapping[str, str]]) -> None:
        """Show the columns as they are, unless the form says otherwise."""
        if not self.is_submitted():
            self.role.data = [column["role"] for column in columns]

    def said(self, stood: Any) -> dict[str, Any]:
        """How to read, for `import_reading.read`. Roles that nobody touched are found anew, as the headings
        may only now be legible; those of other columns mean nothing.
        """
        chosen: list[str] = self.role.data or []
        touched = chosen != [column["role"] for column in stood.columns]
        same = self.encoding.data == stood.encoding and self.heading.data == stood.heading
        fits = self.separator.data == stood.separator and set(chosen) <= set(ROLES)
        roles = chosen if fits and (touched or same) else []
        return {"encoding": self.encoding.data, "separator": self.separator.data,
                "heading": self.heading.data, "roles": roles}  # fmt: skip


class ConfirmForm(Form):
    """Everyone on a list who is ready gets this letter. `id` becomes the sending's name."""

    id = NewId()
    until = DayField(
        _("Invitations are open until"),
        validators=[InputRequired(_("Name the day until which the invitations are open."))],
    )
    word = a_text(_("A word of yours, above the letter"), WORD, _("Optional."))
    seen = HiddenField()
