"""A picture as it is brought."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    Field,
)
from wtforms.validators import ValidationError

from hiring.assessments.forms.fields import SENTENCE, a_text
from hiring.kernel.forms import Form


class PictureForm(Form):
    """A picture for the texts, and the words for those who do not see it."""

    file = FileField(
        lazy_gettext("Picture"),
        [FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("PNG, JPEG, WebP or GIF. It is drawn anew and made small."),
    )
    words = a_text(
        lazy_gettext("What it shows"), SENTENCE,
        description=lazy_gettext(
            "For those who do not see it. Say all of it that the task needs: figures, labels, what happens."
        ),
    )  # fmt: skip

    def validate_words(self, field: Field) -> None:
        """Asked here, since the other checks of a text let it be empty."""
        if not field.data:
            raise ValidationError(_("Describe the picture in words."))
