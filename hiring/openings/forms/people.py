"""People: those to be invited, and those in the roll."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import (
    HiddenField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired

from hiring.kernel.forms import TEXT, Form, NewId, stripped
from hiring.openings.forms.fields import WORD, DayField, a_line, a_text

PEOPLE = TEXT


class InviteForm(Form):
    """A guest list in the making. The lines themselves travel beside it, one field a line."""

    people = a_text(
        _("People"), PEOPLE, _("One a line: a name and an address, or the address alone.")
    )
    until = DayField(
        _("Invitations are open until"),
        validators=[InputRequired(_("Name the day until which the invitations are open."))],
    )
    word = a_text(_("A word of yours, above the letter"), WORD, _("Optional."))
    batch = HiddenField()


class NameForm(Form):
    """A person's name, put right. How long it may be is the rule's to say."""

    name = StringField(_("Name"), filters=[stripped])


class AddressForm(Form):
    """A person's address, put right. What an address is, is the rule's to say."""

    address = StringField(
        _("Mail address"), filters=[stripped], validators=[DataRequired(_("Write the address."))]
    )


class ChosenForm(Form):
    """People chosen in the roll."""

    id = NewId()
    application = SelectMultipleField(validate_choice=False)
    until = DayField(_("Open until"))


class ClosingForm(Form):
    """Closing is for good: the number of people whose links end is typed."""

    number = a_line(_("How many links end?"))

    @property
    def ending(self) -> int:
        """The number that was typed; 0 for nothing, and -1 for what is no number."""
        typed = self.number.data or "0"
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1  # noqa: PLR2004
