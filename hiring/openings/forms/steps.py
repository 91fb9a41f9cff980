"""The steps of an opening: panel, interval, and the rule that proposes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    HiddenField,
    RadioField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Optional, ValidationError

from hiring.accounts.queries import reviewers
from hiring.assessments.models import Version
from hiring.assessments.queries import published_versions
from hiring.kernel.forms import Form, NewId
from hiring.kernel.refusals import Refused
from hiring.kernel.words import moment
from hiring.openings.forms.facts import FactsForm
from hiring.openings.forms.fields import DayField, NumberField, OneOf, SomeOf
from hiring.openings.models import PROPOSALS
from hiring.openings.panel import Panel
from hiring.openings.queries import today
from hiring.openings.rules import (
    MOST_STEPS,
    StepPlan,
    check_fit,
    check_hear_by,
    check_interval,
    check_rule,
)

MARKS = {str(number): str(number) for number in range(1, 10)}
INTERVAL = ("wait_days", "open_days")  # of a step after the first


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
            SelectChoice("mean", _("Everybody whose marks have at least this mean, 0 to 100")),
            SelectChoice("best", _("The best few")),
            SelectChoice("everybody", _("Everybody who handed in")),
        ],
        description=_("It only proposes, once people are marked. A person decides each time."),
    )  # fmt: skip
    mean = NumberField(_("Mean of the marks, 0 to 100"), default=60, validators=[Optional()])
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
        titles = Counter(version.title for version in versions)
        self.version.choices = {
            str(version.id): _called(version, alone=titles[version.title] == 1)
            for version in versions
        }

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


def _called(version: Version, *, alone: bool) -> str:
    """A version in a list to choose from; among equal titles the time tells them apart."""
    words = gettext(
        "%(title)s · version %(number)s · %(minutes)s min",
        title=version.title, number=version.number, minutes=version.limit_minutes,
    )  # fmt: skip
    if alone or version.published_at is None:
        return words
    return words + " · " + gettext("published %(moment)s", moment=moment(version.published_at))


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
            check_fit(later, today=today(), hear_by=self.facts().hear_by)
        return not self.errors

    def words(self) -> dict[str, Any]:
        """What was typed and chosen, as the action takes it."""
        plans = [step.plan() for step in self.steps]
        return {"facts": self.facts(), "id": self.id.data, "steps": plans}

    def validate_hear_by(self, field: DayField) -> None:
        """Told together with what else is wrong; the action asks the same rule."""
        if field.data:
            try:
                check_hear_by(field.data, today=today())
            except Refused as refusal:
                raise ValidationError(refusal.sentence) from refusal
