"""What a candidate's browser sends: how much time they want, and where a save belongs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length

from hiring.attempts.face import minutes_in_words
from hiring.attempts.rules import FACTORS, factor_for
from hiring.attempts.timer import MOST_FACTOR
from hiring.kernel.forms import Form, stripped
from hiring.kernel.refusals import Refused
from hiring.openings.questions import MOST, Gate

OTHER = "other"
HIGHEST = 2**31 - 1


class StartForm(Form):
    """How much time: one press, no reason; or typed minutes, up to ten times the limit."""

    factor = RadioField(
        lazy_gettext("How much time do you want?"), default="1", validate_choice=False
    )
    minutes = StringField(
        lazy_gettext("If another time"), validators=[Length(max=10)], filters=[stripped]
    )

    def offer(self, limit_minutes: int) -> None:
        """Name each choice by its minutes."""
        choices = [(f"{factor:g}", _words(limit_minutes, factor)) for factor in FACTORS]
        self.factor.choices = [*choices, (OTHER, _("Another time"))]

    def chosen(self, limit_minutes: int) -> float:
        """The factor. Raises Refused for what is none of the choices."""
        if self.factor.data == OTHER or (self.minutes.data and self.factor.data == "1"):
            return _typed(self.minutes.data or "", limit_minutes)
        chosen = next((factor for factor in FACTORS if f"{factor:g}" == self.factor.data), None)
        if chosen is None:
            raise Refused(_("Choose one of these times."), field="factor")
        return whole_minutes(limit_minutes, chosen) / limit_minutes


def whole_minutes(limit_minutes: int, factor: float) -> int:
    """The minutes of a choice, whole, so that what is given is what was said; never less than asked."""
    return ceil(round(limit_minutes * factor, 6))


def _words(limit_minutes: int, factor: float) -> str:
    return minutes_in_words(whole_minutes(limit_minutes, factor))


def _typed(text: str, limit_minutes: int) -> float:
    number = float(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0.0
    factor = factor_for(number, limit_minutes=limit_minutes)
    if factor is None:
        raise Refused(
            _(
                "Between %(least)s and %(most)s minutes can be chosen here, in whole minutes.",
                least=limit_minutes,
                most=round(limit_minutes * MOST_FACTOR),
            ),
            field="minutes",
        )
    return factor


class AnswersForm(Form):
    """The answers to the questions before the clock. `sheet` names what was read."""

    sheet = HiddenField()
    q1 = RadioField(validate_choice=False)
    q2 = RadioField(validate_choice=False)
    q3 = RadioField(validate_choice=False)
    q4 = RadioField(validate_choice=False)
    q5 = RadioField(validate_choice=False)

    def offer(self, gate: Gate) -> None:
        """Ask these questions; what was answered before is chosen."""
        for number in range(1, MOST + 1):
            if number > len(gate.questions):
                del self[f"q{number}"]
                continue
            field, question = self[f"q{number}"], gate.questions[number - 1]
            field.label.text = question.text
            options = enumerate(question.options)
            field.choices = [SelectChoice(str(place), text) for place, (text, _on) in options]
            if not self.is_submitted() and gate.chosen:
                field.data = str(gate.chosen[number - 1])
        if not self.is_submitted():
            self.sheet.data = str(gate.sheet_id)

    def chosen(self, gate: Gate) -> list[int] | None:
        """The places of the answers; None when one is missing, which stands at its question then."""
        places = []
        for number, question in enumerate(gate.questions, start=1):
            field = self[f"q{number}"]
            offered = {str(place): place for place in range(len(question.options))}
            if field.data in offered:
                places.append(offered[field.data])
            else:
                field.errors = [_("Choose one of these.")]
        return places if len(places) == len(gate.questions) else None

    @property
    def sheet_id(self) -> UUID | None:
        """The sheet that was read; None for junk."""
        try:
            return UUID(self.sheet.data or "")
        except ValueError:
            return None


@dataclass(frozen=True)
class Place:
    """Where a save belongs: over which revision, from which tab, and the tab's count of it."""

    base: int
    tab: str
    nth: int


def place_in(fields: Mapping[str, str]) -> Place:
    """What the form's hidden fields say. Junk is read as the most careful thing: a base that no
    revision has, so that the text is kept beside and overwrites nothing.
    """
    tab = fields.get("tab", "")
    named = re.fullmatch(r"[A-Za-z0-9-]{1,64}", tab) is not None
    return Place(
        base=whole(fields.get("base", ""), otherwise=-1),
        tab=tab if named else "",
        nth=whole(fields.get("nth", ""), otherwise=0) if named else 0,
    )


def whole(text: str, *, otherwise: int) -> int:
    """A whole number that a database can hold, or `otherwise`."""
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= HIGHEST else otherwise
