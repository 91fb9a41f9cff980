"""What a candidate is asked: to apply, and before the clock."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
)
from wtforms.validators import InputRequired

from hiring.kernel.forms import Form
from hiring.kernel.refusals import Refused
from hiring.openings.forms.fields import WORD, a_line, a_text
from hiring.openings.questions import MOST, MOST_OPTIONS, Question, fault_of, yes_or_no


class ApplyForm(Form):
    """Somebody applies by the public page. `website` is a field that no person sees.

    `drawn`: when the page was made, signed; `read`: the print of the sentence to agree to.
    """

    name = a_line(_("Name"), required=_("Write the name by which we may call you."))
    address = a_line(
        _("Mail address"), required=_("Write the address to which the link may go."),
        hint=_("The link to the task goes there. Nobody who marks sees it."),
    )  # fmt: skip
    agreed = BooleanField(
        _("I agree to this"),
        validators=[InputRequired(_("Tick this if you agree: without it we may keep nothing."))],
    )
    website = a_line(_("Leave this empty"))
    drawn = HiddenField()
    read = HiddenField()


class QuestionForm(Form):
    """One question before the clock: its answers, which of them go on, and what the others are told."""

    class Meta(Form.Meta):
        csrf = False  # the page's one token guards them all

    text = a_line(_("Question"))
    a1 = a_line(_("Answer 1"))
    a2 = a_line(_("Answer 2"))
    a3 = a_line(_("Answer 3"))
    a4 = a_line(_("Answer 4"))
    g1 = BooleanField(_("may start"))
    g2 = BooleanField(_("may start"))
    g3 = BooleanField(_("may start"))
    g4 = BooleanField(_("may start"))
    told = a_text(
        _("What the others are told"), WORD,
        _("A kind sentence: what this opening needs, and perhaps what else there is for them."),
    )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Field, Field]]:
        """Each answer with its tick."""
        return [(self[f"a{n}"], self[f"g{n}"]) for n in range(1, MOST_OPTIONS + 1)]

    @property
    def blank(self) -> bool:
        """Whether nothing was asked."""
        return not self.text.data and not (self.told.data or "").strip()

    def question(self) -> Question:
        """What was typed. Raises Refused for what cannot be asked."""
        options = tuple((a.data, bool(g.data)) for a, g in self.rows if a.data)
        asked = Question(self.text.data or "", (self.told.data or "").strip(), options)
        if told := fault_of(asked):
            raise Refused(told[1], field=told[0])
        return asked

    def show(self, question: Question) -> None:
        """Fill in what is asked."""
        self.text.data, self.told.data = question.text, question.told
        for (answer, tick), (text, goes_on) in zip(self.rows, question.options, strict=False):
            answer.data, tick.data = text, goes_on


class QuestionsForm(Form):
    """All of them. `seen` is the number of the sheet that the page showed."""

    seen = HiddenField()
    questions = FieldList(FormField(QuestionForm), min_entries=MOST, max_entries=MOST)

    def show(self, questions: Sequence[Question]) -> None:
        """Fill in what is asked; an empty place offers yes and no."""
        for number, entry in enumerate(self.questions):
            asked = questions[number] if number < len(questions) else yes_or_no()
            entry.form.show(asked)

    def typed(self) -> list[Question]:
        """What was typed, blank places left out; what is wrong stands at its field."""
        found = []
        for entry in self.questions:
            if not entry.form.blank:
                with entry.form.refusals():
                    found.append(entry.form.question())
        return found

    @property
    def is_well(self) -> bool:
        """Whether nothing stands against any of them."""
        return not self.form_errors and not any(entry.form.errors for entry in self.questions)
