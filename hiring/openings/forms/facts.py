"""What is said of an opening."""

from __future__ import annotations

from dataclasses import fields

from flask_babel import gettext, lazy_ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Optional, ValidationError

from hiring.kernel.forms import Form
from hiring.kernel.markdown import DEEPEST, is_too_deep, pictures, turned
from hiring.openings.forms.fields import DayField, OneOf, a_line, a_text
from hiring.openings.notice import KEPT
from hiring.openings.rules import Facts

ABOUT = 20_000


def _months(typed: object) -> int:
    return int(str(typed)) if str(typed).isdecimal() and len(str(typed)) <= 3 else 0  # noqa: PLR2004


def _kept(number: int) -> LazyString:
    return lazy_ngettext("%(num)s month", "%(num)s months", number)


class FactsForm(Form):
    """What is said of an opening."""

    title = a_line(
        _("Title"), required=_("Give the opening a title."), hint=_("As people would look for it.")
    )
    terms = RadioField(
        _("Terms"), default="employment", validate_choice=False,
        choices=[SelectChoice("employment", _("Employment")), SelectChoice("contract", _("Contract"))],
    )  # fmt: skip
    pay = a_line(
        _("Pay or fee"),
        required=_("Say what is paid. A range is fine."),
        hint=_("A range is fine. It stands on the public page."),
    )
    place = a_line(_("Where"), hint=_("A town, or how far from one. Optional."))
    about = a_text(_("About the work"), ABOUT, _("Markdown. Stands on the public page."))
    hear_by = DayField(
        _("Candidates hear by"), validators=[InputRequired(_("Name the day by which people hear."))],
        description=_("A promise to everyone in the opening: yes or no by the end of this day."),
    )  # fmt: skip

    apply_by = DayField(
        _("Open until"), validators=[Optional()],
        description=_("The last day on which people may apply, if you want to name one. Whoever is"
                      " invited by then keeps their own day."),
    )  # fmt: skip
    kept_months = OneOf(
        _("What people give is kept for"), coerce=_months, default=6,
        choices=[SelectChoice(number, _kept(number)) for number in KEPT],
        description=_("Counted from the day by which they hear. It stands on the public page:"
                      " a promise to erase it by then."),
    )  # fmt: skip

    public_form = BooleanField(
        _("People may apply by the public page"),
        description=_("Whoever leaves an address there is sent the link to the task. Otherwise only"
                      " the people whom you invite come in."),
    )  # fmt: skip

    listed = BooleanField(
        _("List it on our page"), default=True,
        description=_("Then it stands on the start page and in the feed. Otherwise its page opens by its"
                      " address alone: for an opening that only the people you invite need to know of."),
    )  # fmt: skip

    def facts(self) -> Facts:
        """What was typed and chosen, as the actions take it."""
        return Facts(**{one.name: self[one.name].data for one in fields(Facts)})

    def validate_about(self, field: Field) -> None:
        """Nothing that people would not see as it was meant."""
        text = field.data or ""
        if is_too_deep(text):
            told = gettext(
                "Quotations or lists lie more than %(most)s deep in one another; what lies deeper is not"
                " shown. Make it flatter.",
                most=DEEPEST - 1,
            )
            raise ValidationError(told)
        if elsewhere := next((one for one in pictures(text) if one.key is None), None):
            told = gettext(
                "This names a picture (%(address)s), and no picture is shown here: people would only see"
                " a link. Take its line out, or write the link.",
                address=elsewhere.address[:80],
            )
            raise ValidationError(told)
        if (near := turned(text)) is not None:
            told = gettext(
                "A sign that nobody sees turns the order of letters here, before “%(near)s”. Delete what"
                " stands around it, and write that anew.",
                near=near,
            )
            raise ValidationError(told)

    def validate_terms(self, field: RadioField) -> None:
        """Only the two that there are."""
        if field.data not in {"employment", "contract"}:
            raise ValidationError(gettext("Choose one of these."))


class ChangeForm(FactsForm):
    """An opening, said otherwise. `seen` is the print of what the page showed."""

    seen = HiddenField()
