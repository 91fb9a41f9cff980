"""What the pages of this room say in sentences, and the ruler of days between opening and promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.assessments.models import Version
from hiring.kernel.clock import now
from hiring.kernel.words import clock, day, number_word, sentence, short_day
from hiring.openings.models import Opening, Step
from hiring.openings.notice import Stage
from hiring.openings.rules import rule_words
from hiring.openings.sendings import Course
from hiring.openings.views.blueprint import pages
from hiring.outbox.delivery import is_sending

MOST_LABELS = 4


@pages.app_template_filter()
def stage_words(stage: str) -> str:
    """A stage as a word."""
    words = {
        "invited": _("Invited"),
        "submitted": _("Submitted"),
        "decided": _("Decided"),
        "withdrawn": _("Withdrawn"),
    }
    return words[stage]


@pages.app_template_filter()
def rule_sentence(step: Step) -> str:
    """What a step's rule proposes."""
    if step.proposes == "nobody":
        return _("No rule proposes anybody")
    return _("Proposed: %(rule)s", rule=rule_words(step.proposes, step.bar).lower())


@pages.app_template_filter()
def terms_words(terms: str) -> str:
    """The terms as words."""
    return _("Employment") if terms == "employment" else _("Contract")


@pages.app_template_filter()
def readers_words(stage: Stage) -> str:
    """How many of how many mark an answer; of a panel that is not complete, how many will."""
    if stage.wanted >= stage.marking:
        return ngettext(
            "One reviewer reads each answer", "%(count)s reviewers read each answer", stage.wanted,
            count=_figure(stage.wanted),
        )  # fmt: skip
    return ngettext(
        "One of %(all)s reviewers reads each answer", "%(count)s of %(all)s reviewers read each answer",
        stage.wanted, count=_figure(stage.wanted), all=number_word(stage.marking),
    )  # fmt: skip


def heading_of(stages: Mapping[str, int], *, closed: bool, through: int = 0) -> str:
    """How an opening stands, in one sentence. `through`: how many are past the first step."""
    people, waiting = sum(stages.values()), stages.get("submitted", 0)
    if not people:
        return _("Nobody was asked") if closed else _("Nobody has been asked yet")
    asked = ngettext(
        "%(count)s application", "%(count)s applications", people, count=_figure(people)
    )
    if waiting:
        return (
            asked
            + ", "
            + ngettext(
                "%(count)s to decide", "%(count)s to decide", waiting, count=number_word(waiting)
            )
        )
    if soon := stages.get("unsettled", 0):
        return (
            asked
            + ", "
            + ngettext(
                "%(count)s to decide in a few minutes",
                "%(count)s to decide in a few minutes",
                soon,
                count=number_word(soon),
            )
        )
    if stages.get("invited", 0) == people and through:
        on = ngettext("%(count)s at a later step", "%(count)s at a later step", through,
                      count=number_word(through))  # fmt: skip
        return f"{asked}, {on}, {_('none to decide')}"
    if stages.get("invited", 0) == people:
        return asked + ", " + _("none submitted yet")
    return asked + ", " + _("none to decide")


def heading_of_pilot(stages: Mapping[str, int]) -> str:
    """How a pilot stands, in one sentence."""
    people = sum(stages.values())
    done = people - stages.get("invited", 0)
    if not done:
        return ngettext(
            "One of us takes it, and has not handed in yet",
            "%(count)s of us take it, none has handed in yet",
            people,
            count=_figure(people),
        )
    return _("%(done)s of %(all)s have handed in", done=_figure(done), all=number_word(people))


def _figure(number: int) -> str:
    return sentence(number_word(number))


@pages.app_template_global()
def heading_of_list(wrong: int, ready: int, sent: int) -> str:
    """What a guest list that was looked through needs."""
    if sent:
        left = wrong + ready
        return ngettext("One line is left", "%(count)s lines are left", left, count=_figure(left))
    if not wrong:
        return ngettext(
            "One person is ready", "%(count)s people are ready", ready, count=_figure(ready)
        )
    if wrong + ready == 1:
        return _("The line needs a look")
    return ngettext(
        "%(wrong)s of %(all)s lines needs a look",
        "%(wrong)s of %(all)s lines need a look",
        wrong,
        wrong=_figure(wrong),
        all=number_word(wrong + ready),
    )


def sent(number: int, leaves_at: datetime | None = None) -> str:
    """What became of so many invitations: without a mail server nothing goes out."""
    if leaves_at:
        return _wait(number, leaves_at)
    if is_sending():
        return ngettext(
            "One invitation is on its way.", "%(num)s invitations are on their way.", number
        )
    return ngettext(
        "One invitation is written. There is no mail server, so it is kept under Settings, Mail,"
        " for an owner to pass on.",
        "%(num)s invitations are written. There is no mail server, so they are kept under Settings,"
        " Mail, for an owner to pass on.",
        number,
    )


pages.add_app_template_global(is_sending)


@pages.app_template_global()
def heading_of_sending(course: Course) -> str:
    """How a sending stands, in one sentence."""
    if course.sending.taken_back_at:
        return _("This sending was taken back")
    if course.waiting and course.sending.leaves_at > now():
        at = clock(course.sending.leaves_at)
        return ngettext(
            "One letter leaves at %(clock)s",
            "%(count)s letters leave at %(clock)s",
            course.waiting,
            count=_figure(course.waiting),
            clock=at,
        )
    if course.waiting:
        return ngettext(
            "One letter is leaving",
            "%(count)s letters are leaving",
            course.waiting,
            count=_figure(course.waiting),
        )
    if not course.left:
        return _("No letter was sent")
    return ngettext(
        "One letter has left",
        "%(count)s letters have left",
        course.left,
        count=_figure(course.left),
    )


def leaving() -> str:
    """That a sending waits no longer."""
    if is_sending():
        return _("The letters leave now. What has left cannot be taken back.")
    return _(
        "There is no mail server, so the letters are kept under Settings, Mail, to be passed on."
    )


def undone(course: Course) -> str:
    """What became of a sending that was taken back."""
    ended = ngettext(
        "One letter is taken back: it reaches nobody, and all is as it was before.",
        "%(num)s letters are taken back: they reach nobody, and all is as it was before.",
        course.skipped,
    )
    if not course.left:
        return ended
    left = ngettext(
        "One letter had left already and stays.",
        "%(num)s letters had left already and stay.",
        course.left,
    )
    return f"{left} {ended}"


def _wait(number: int, leaves_at: datetime) -> str:
    told = ngettext(
        "One letter leaves at %(clock)s. Until then it can be taken back.",
        "%(num)s letters leave at %(clock)s. Until then they can be taken back.",
        number,
        clock=clock(leaves_at),
    )
    if is_sending():
        return told
    kept = _("There is no mail server: then they are kept under Settings, Mail, to be passed on.")
    return f"{told} {kept}"


def lasts_longer(number: int, until: datetime) -> str:
    """That so many links last until later."""
    return ngettext(
        "One link lasts until %(day)s.", "%(num)s links last until %(day)s.", number, day=day(until)
    )


def address_mended(links: int) -> str:
    """That letters go elsewhere now, and with how many links, which lead to as many openings."""
    if links:
        return ngettext(
            "The address is put right, and a fresh link goes there. The old links are closed.",
            "The address is put right, and %(num)s fresh links go there, one for each opening they are"
            " in. The old links are closed.",
            links,
        )
    return _("The address is put right. No letter went there: no link of theirs is open.")


def taken_back(number: int) -> str:
    """What became of the links of so many people."""
    return ngettext(
        "One invitation is taken back: its link opens nothing any more.",
        "%(num)s invitations are taken back: their links open nothing any more.",
        number,
    )


def left_out(number: int, why: str) -> str:
    """For how many of the chosen nothing was done, and why."""
    return ngettext(
        "For one of the people you chose nothing was done. %(why)s",
        "For %(num)s of the people you chose nothing was done. %(why)s",
        number,
        why=why,
    )


def course_words(version: Version) -> str:
    """What the ruler of tasks shows, for whoever does not see it."""
    tasks = "; ".join(
        _("%(title)s, about %(minutes)s", title=task.title, minutes=task.minutes)
        for task in version.tasks
    )
    return _("%(minutes)s minutes: %(tasks)s", minutes=version.limit_minutes, tasks=tasks)


@dataclass(frozen=True)
class Calendar:
    """A ruler of days, for the part that draws it: `now` and the labels' places count from its begin."""

    label: str
    length: int
    now: int
    every: int
    labels: list[tuple[int, str]]


def calendar_of(opening: Opening, *, opened: date, today: date) -> Calendar:
    """From the day an opening was made to the day by which people hear, or to today if that is past."""
    length = max((max(opening.hear_by, today) - opened).days, 1)
    promised = (opening.hear_by - opened).days
    weeks = 7 * max(1, -(-length // (7 * MOST_LABELS)))
    between = range(weeks, promised - weeks // 2, weeks)
    labels = [
        (0, short_day(opened)),
        *((at, short_day(opened + timedelta(days=at))) for at in between),
    ]
    ends = _("until %(day)s") if opening.kind == "pilot" else _("hear by %(day)s")
    labels.append((promised, ends % {"day": short_day(opening.hear_by)}))
    return Calendar(
        label=_("From %(begin)s to %(end)s, when people hear; today is %(today)s",
                begin=day(opened), end=day(opening.hear_by), today=day(today)),
        length=length,
        now=(today - opened).days,
        every=1 if length <= 62 else 7,  # noqa: PLR2004  two months of days are still told apart
        labels=labels,
    )  # fmt: skip


def why_words(erased_for: str | None, by: str) -> str:
    """Why it was erased; `by`: who pressed."""
    words = {
        "asked": _("%(name)s erased it, as was asked for.", name=by),
        "again": _("It was erased again by itself: an older backup had brought it back."),
        "unconfirmed": _(
            "It was erased by itself: nobody used the link for two weeks after its end."
        ),
        "day": _("It was erased by itself: it had been kept as long as was promised."),
    }
    return words.get(erased_for or "", "")
