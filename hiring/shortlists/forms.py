"""Shapes of what is sent when somebody decides, clears notes or asks for a document."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from hiring.kernel.forms import Form, NewId
from hiring.shortlists.rules import verdicts_at
from hiring.shortlists.words import VERDICTS


class DecisionForm(Form):
    """One of four, and why. `after` is the number of the last decision that the page showed."""

    verdict = RadioField(
        _("Decision"),
        choices=[SelectChoice(value, words) for value, words in VERDICTS.items()],
        validate_choice=False,
    )
    reason = TextAreaField(
        _("Why"),
        description=_("Three words or more. Kept with the decision and printed in the document."),
    )
    after = HiddenField()

    def offer(self, *, last: bool) -> None:
        """Offer what can be decided at a step."""
        self.verdict.choices = [SelectChoice(v, VERDICTS[v]) for v in verdicts_at(last=last)]

    @property
    def seen(self) -> int:
        """The number of the last decision that was seen; 0 for none, and for anything forged."""
        digits = self.after.data or ""
        return int(digits) if digits.isdecimal() and len(digits) < 6 else 0  # noqa: PLR2004


class ProposalForm(Form):
    """A verdict that a rule proposed, accepted for some people, with one reason for all of them."""

    id = NewId()
    verdict = HiddenField()
    reason = TextAreaField(
        _("Why"), description=_("Three words or more. Kept with each of these decisions.")
    )

    def validate_verdict(self, field: HiddenField) -> None:
        """A rule proposes these two."""
        if field.data not in {"advance", "hold"}:
            raise ValidationError(gettext("A rule proposes to advance or to hold."))


class ExportForm(Form):
    """What the document is to be like."""

    id = NewId()
    names = RadioField(
        _("People"),
        choices=[SelectChoice("names", _("With names")), SelectChoice("aliases", _("By alias"))],
        default="names",
    )
    paper = RadioField(
        _("Paper"),
        choices=[SelectChoice("a4", _("A4")), SelectChoice("letter", _("US Letter"))],
        default="a4",
    )
