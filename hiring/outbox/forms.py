"""The shape of a letter's words, as they are typed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField

from hiring.kernel.forms import Form, stripped


class WordingForm(Form):
    """Subject and text of a letter. What they may be is the rule's to say. `seen`: the version shown."""

    subject = StringField(_("Subject"), filters=[stripped])
    body = TextAreaField(_("Letter"))
    seen = HiddenField()

    @property
    def version(self) -> int:
        """The number of the version that the page showed; -1 for a forged one."""
        typed = self.seen.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 9 else -1  # noqa: PLR2004
