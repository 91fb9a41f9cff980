"""A pilot."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from hiring.accounts.queries import reviewers, staff
from hiring.kernel.database import session
from hiring.kernel.forms import Form, NewId
from hiring.openings.forms.fields import SomeOf


class PilotForm(Form):
    """Who of the house sits a version, and who marks it: each answer twice, where there are two."""

    id = NewId()
    sitting = SomeOf(
        _("Who takes it"),
        description=_(
            "They get an invitation by mail, like candidates, and take it when it suits them."
        ),
    )
    panel = SomeOf(_("Who marks it"), description=_("Whoever marks sees birds’ names, as always."))

    def offer(self) -> None:
        """Offer everyone who has an account today."""
        there = [one for one in session.scalars(staff()) if one.ended_at is None]
        self.sitting.choices = {str(one.id): one.name for one in there}
        self.panel.choices = {str(one.id): one.name for one in reviewers()}
