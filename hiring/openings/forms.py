"""Shapes of what a recruiter sends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, TextInput

from hiring.accounts.queries import reviewers, staff
from hiring.assessments.models import Version
from hiring.assessments.queries import published_versions
from hiring.kernel.database import session
from hiring.kernel.forms import LINE, TEXT, Form, NewId, stripped
from hiring.kernel.refusals import Refused
from hiring.openings.columns import ROLES
from hiring.openings.dialects import ENCODINGS, LARGEST
from hiring.openings.models import FACTS, PROPOSALS
from hiring.openings.notice import KEPT
from hiring.openings.panel import Panel
from hiring.openings.queries import today
from hiring.openings.questions import MOST, MOST_OPTIONS, Question, fault_of, yes_or_no
from hiring.openings.rules import (
    MOST_STEPS,
    StepPlan,
    check_fit,
    check_hear_by,
    check_interval,
    check_rule,
)

WORD = 2_000  # characters of the word above a letter
ABOUT = 20_000
PEOPLE = TEXT
INTERVAL = ("wait_days", "open_days")  # of a step after the first
MARKS = {str(number): str(number) for number in range(1, 10)}


def _line(label: Any, *, required: Any = None, hint: Any = "") -> StringField:
    needed = [DataRequired(required)] if required else []
    told = _("At most %(max)d characters; this has more.")
    return StringField(
        label, filters=[stripped], description=hint,
        validators=[*needed, Length(max=LINE, message=told)],
    )  # fmt: skip


def _text(label: Any, longest: int, hint: Any = "") -> TextAreaField:
    told = _("At most %(max)d characters; this has more. It is kept as you typed it.")
    return TextAreaField(label, description=hint, validators=[Length(max=longest, message=told)])


class DayField(DateField):
    """A day of the calendar that a person would name."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = date.fromisoformat(valuelist[0].strip()) if valuelist else None
        except ValueError:
            self.data = None
            self.raw_data = valuelist
            raise ValueError(gettext("Write the day as 2027-01-31.")) from None


class NumberField(IntegerField):
    """A short whole number. What is none is told in our words, and kept as it was typed."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Write a whole number.")) from None


class OneOf(SelectField):
    """A choice of one; what was not offered is refused in our words."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {choice[0] for choice in self.iter_choices()}:
            raise ValidationError(gettext("Choose one of these."))


class SomeOf(SelectMultipleField):
    """A choice of several, drawn as boxes to tick."""

    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        offered = {choice[0] for choice in self.iter_choices()}
        if not set(self.data or ()) <= offered:
            raise ValidationError(gettext("Choose from these people only."))


class PanelForm(Form):
    """Who marks, and how many reviews an answer wants."""

    panel = SomeOf(
        _("Who marks"), description=_("Marking never meets names: whoever marks sees an alias.")
    )
    wanted_marks = OneOf(
        _("Reviews per answer"), choices=MARKS, default="2",
        validators=[InputRequired(_("Choose how many reviews an answer wants."))],
        description=_("Two is a good start. Each is by another person."),
    )  # fmt: skip

    def offer_panel(self, present: Panel | None = None) -> None:
        """Offer the reviewers of today, those on the panel ticked."""
        self.panel.choices = {
            str(account.id): account.name
            if account.password
            else gettext("%(name)s (invited, no password yet)", name=account.name)
            for account in reviewers()
        }
        if present is not None and not self.is_submitted():
            self.panel.data = [str(id) for id in present.account_ids]
            self.wanted_marks.data = str(present.wanted_marks)


class PanelChangeForm(PanelForm):
    """The panel of an opening that is there. `seen` is the print of what the page showed."""

    seen = HiddenField()


def _months(typed: object) -> int:
    return int(str(typed)) if str(typed).isdecimal() and len(str(typed)) <= 3 else 0  # noqa: PLR2004


def _kept(number: int) -> LazyString:
    return lazy_ngettext("%(num)s month", "%(num)s months", number)


class FactsForm(Form):
    """What is said of an opening."""

    title = _line(
        _("Title"), required=_("Give the opening a title."), hint=_("As people would look for it.")
    )
    terms = RadioField(
        _("Terms"), default="employment", validate_choice=False,
        choices=[SelectChoice("employment", _("Employment")), SelectChoice("contract", _("Contract"))],
    )  # fmt: skip
    pay = _line(
        _("Pay or fee"),
        required=_("Say what is paid. A range is fine."),
        hint=_("A range is fine. It stands on the public page."),
    )
    place = _line(_("Where"), hint=_("A town, or how far from one. May stay empty."))
    about = _text(_("About the work"), ABOUT, _("Markdown. Stands on the public page."))
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

    def facts(self) -> dict[str, Any]:
        """What was typed and chosen, as the actions take it."""
        return {name: self[name].data for name in FACTS}

    def validate_terms(self, field: RadioField) -> None:
        """Only the two that there are."""
        if field.data not in {"employment", "contract"}:
            raise ValidationError(gettext("Choose one of these."))


class ChangeForm(FactsForm):
    """An opening, said otherwise. `seen` is the print of what the page showed."""

    seen = HiddenField()


class StepForm(PanelForm):
    """One step: what is asked, who marks it, how it follows the one before, and the rule that proposes."""

    version = OneOf(
        _("Assessment"),
        description=_("The newest published version. It never changes under an opening."),
    )
    wait_days = NumberField(
        _("Its invitation goes out"), default=0,
        validators=[InputRequired(_("Say after how many days it goes out; 0 is at once."))],
    )  # fmt: skip
    open_days = NumberField(
        _("Its link stays open for"), default=7,
        validators=[InputRequired(_("Say for how many days the link stays open."))],
    )  # fmt: skip
    proposes = RadioField(
        _("The rule proposes to advance"), default="nobody", validate_choice=False,
        choices=[
            SelectChoice("nobody", _("Nobody: each one is looked at alone")),
            SelectChoice("mean", _("Everybody from this raw mean on")),
            SelectChoice("best", _("The best few")),
            SelectChoice("everybody", _("Everybody who handed in")),
        ],
        description=_("It only proposes, once people are marked. A person decides each time."),
    )  # fmt: skip
    mean = NumberField(_("Raw mean"), default=60, validators=[Optional()])
    best = NumberField(_("How many"), default=5, validators=[Optional()])

    @property
    def number(self) -> int:
        """Its place, from one."""
        return int(self._prefix.split("-")[1]) if self._prefix else 1

    @property
    def bar(self) -> int | None:
        """What the chosen rule goes by."""
        return self[self.proposes.data].data if self.proposes.data in {"mean", "best"} else None

    def rule(self) -> dict[str, Any]:
        """The rule, and the interval of a step that has one before it, as the actions take them."""
        days = {name: self[name].data for name in INTERVAL if name in self}
        return {**days, "proposes": self.proposes.data, "bar": self.bar}

    def without_interval(self) -> None:
        """Ask nothing of how it follows the step before: there is none."""
        for name in INTERVAL:
            del self[name]

    def plan(self) -> StepPlan:
        """What was typed and chosen, as the actions take it."""
        panel = {UUID(id) for id in self.panel.data or ()}
        wanted = int(self.wanted_marks.data)
        return StepPlan(UUID(self.version.data), panel, wanted, **self.rule())

    def offer(self, versions: Collection[Version]) -> None:
        """Offer what can be chosen today."""
        self.offer_panel()
        self.version.choices = {
            str(version.id): gettext(
                "%(title)s · version %(number)s · %(minutes)s min",
                title=version.title, number=version.number, minutes=version.limit_minutes,
            )
            for version in versions
        }  # fmt: skip

    def validate_proposes(self, field: RadioField) -> None:
        """One of the four, with what it goes by."""
        if field.data not in PROPOSALS:
            raise ValidationError(gettext("Choose one of these."))
        if field.data in {"mean", "best"} and not self[field.data].errors:
            _ask(check_rule, field.data, self.bar)

    def validate_wait_days(self, field: NumberField) -> None:
        """As long as the action allows."""
        if field.data is not None:
            _ask(check_interval, field.data, 1)

    def validate_open_days(self, field: NumberField) -> None:
        """As long as the action allows."""
        if field.data is not None:
            _ask(check_interval, 0, field.data)


def _ask(check: Callable[..., None], *values: object) -> None:
    """Tell what a rule of the room says together with what else is wrong."""
    try:
        check(*values)
    except Refused as refusal:
        raise ValidationError(refusal.sentence) from refusal


class StepChangeForm(StepForm):
    """Interval and rule of a step that is there. `seen` is the print of what the page showed."""

    version = panel = wanted_marks = None  # type: ignore[assignment]  # these have pages of their own
    seen = HiddenField()


class StepAddForm(StepForm):
    """A step that comes later."""

    id = NewId()


def prefix_of(number: int) -> str:
    """How the fields of a step are called: those of the first have no prefix."""
    return "" if number == 1 else f"step-{number}-"


def number_of_steps(typed: MultiDict[str, str]) -> int:
    """How many steps a form brought, at least one."""
    number = 1
    while number < MOST_STEPS and f"{prefix_of(number + 1)}version" in typed:
        number += 1
    return number


def steps_in(typed: MultiDict[str, str]) -> list[StepForm]:
    """The steps that a form brought."""
    return [step_form(n, formdata=typed) for n in range(1, number_of_steps(typed) + 1)]


def step_form(number: int, **given: Any) -> StepForm:
    """One step of a form of several; the form has the token for all of them."""
    form = StepForm(prefix=prefix_of(number), meta={"csrf": False}, **given)
    if number == 1:
        form.without_interval()
    return form


class OpeningForm(FactsForm):
    """A new opening, with its steps beside it."""

    id = NewId()

    def __init__(self, steps: list[StepForm], **given: Any) -> None:
        super().__init__(**given)
        self.steps = steps
        versions = published_versions()
        self.ready = bool(versions)
        for step in steps:
            step.offer(versions)

    @property
    def errors(self) -> dict[Any, Any]:
        """What is wrong with what is said, and with each step."""
        wrong = {f"step {step.number}": step.errors for step in self.steps if step.errors}
        return {**super().errors, **wrong}

    def validate(self, *given: Any, **named: Any) -> bool:
        """All of it, so that everything wrong is told at once."""
        fine = [step.validate() for step in self.steps]
        if not all([super().validate(*given, **named), *fine]):
            return False
        plans = [step.plan() for step in self.steps]
        with self.refusals():
            later = [(plan.wait_days, plan.open_days) for plan in plans[1:]]
            check_fit(later, today=today(), hear_by=self.facts()["hear_by"])
        return not self.errors

    def words(self) -> dict[str, Any]:
        """What was typed and chosen, as the action takes it."""
        plans = [step.plan() for step in self.steps]
        return {**self.facts(), "id": self.id.data, "steps": plans}

    def validate_hear_by(self, field: DayField) -> None:
        """Told together with what else is wrong; the action asks the same rule."""
        if field.data:
            try:
                check_hear_by(field.data, today=today())
            except Refused as refusal:
                raise ValidationError(refusal.sentence) from refusal


class InviteForm(Form):
    """A guest list in the making. The lines themselves travel beside it, one field a line."""

    people = _text(
        _("People"), PEOPLE, _("One a line: a name and an address, or the address alone.")
    )
    until = DayField(
        _("Invitations are open until"),
        validators=[InputRequired(_("Name the day until which the invitations are open."))],
    )
    word = _text(_("A word of yours, above the letter"), WORD, _("May stay empty."))
    batch = HiddenField()


class ApplyForm(Form):
    """Somebody applies by the public page. `website` is a field that no person sees.

    `drawn`: when the page was made, signed; `read`: the print of the sentence to agree to.
    """

    name = _line(_("Name"), required=_("Write the name by which we may call you."))
    address = _line(
        _("Mail address"), required=_("Write the address to which the link may go."),
        hint=_("The link to the task goes there. Nobody who marks sees it."),
    )  # fmt: skip
    agreed = BooleanField(
        _("I agree to this"),
        validators=[InputRequired(_("Tick this if you agree: without it we may keep nothing."))],
    )
    website = _line(_("Leave this empty"))
    drawn = HiddenField()
    read = HiddenField()


class NameForm(Form):
    """A person's name, put right. How long it may be is the rule's to say."""

    name = StringField(_("Name"), filters=[stripped])


class AddressForm(Form):
    """A person's address, put right. What an address is, is the rule's to say."""

    address = StringField(
        _("Address"), filters=[stripped], validators=[DataRequired(_("Write the address."))]
    )


class ChosenForm(Form):
    """People chosen in the roll."""

    id = NewId()
    application = SelectMultipleField(validate_choice=False)
    until = DayField(_("Open until"))


class ClosingForm(Form):
    """Closing is for good: the number of people whose links end is typed."""

    number = _line(_("How many links end?"))

    @property
    def ending(self) -> int:
        """The number that was typed; 0 for nothing, and -1 for what is no number."""
        typed = self.number.data or "0"
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1  # noqa: PLR2004


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

    encoding = OneOf(
        _("Letters are written in"), choices=[SelectChoice(*one) for one in ENCODINGS.items()]
    )
    separator = OneOf(
        _("Between cells stand"),
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
        """How to read, for `importing.read`. Roles that nobody touched are found anew, as the headings may
        only now be legible; those of other columns mean nothing.
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
    word = _text(_("A word of yours, above the letter"), WORD, _("May stay empty."))
    seen = HiddenField()


class QuestionForm(Form):
    """One question before the clock: its answers, which of them go on, and what the others are told."""

    class Meta(Form.Meta):
        csrf = False  # the page's one token guards them all

    text = _line(_("Question"))
    a1 = _line(_("Answer 1"))
    a2 = _line(_("Answer 2"))
    a3 = _line(_("Answer 3"))
    a4 = _line(_("Answer 4"))
    g1 = BooleanField(_("goes on"))
    g2 = BooleanField(_("goes on"))
    g3 = BooleanField(_("goes on"))
    g4 = BooleanField(_("goes on"))
    told = _text(
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


class PilotForm(Form):
    """Who of the house sits a version, and who marks it: each answer twice, where there are two."""

    id = NewId()
    sitting = SomeOf(
        _("Who sits it"),
        description=_(
            "They get an invitation by mail, like candidates, and sit it when it suits them."
        ),
    )
    panel = SomeOf(_("Who marks it"), description=_("Whoever marks sees birds’ names, as always."))

    def offer(self) -> None:
        """Offer everyone who has an account today."""
        there = [one for one in session.scalars(staff()) if one.ended_at is None]
        self.sitting.choices = {str(one.id): one.name for one in there}
        self.panel.choices = {str(one.id): one.name for one in reviewers()}
