"""The letters of this room as they ship, and what each of their variables says."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from hiring.accounts.settings import organisation
from hiring.openings.models import Opening, Step
from hiring.openings.queries import contact_of, size_of
from hiring.outbox.texts import Variable
from hiring.outbox.wordings import Wordable

COMMON = {
    "greeting": Variable(
        _("“Dear” and the name, or “Good day” where we know none"), _("Dear Ana Pires,")
    ),
    "name": Variable(_("their name, if we know it"), "Ana Pires", optional=True),
    "title": Variable(_("the opening’s title"), _("Customer support, second line")),
    "contact": Variable(_("who answers for the opening"), "Rae Vermeulen"),
    "organisation": Variable(_("your organisation’s name"), "Osier"),
    "link": Variable(
        _("their own link; alone on a line it is drawn as a button"),
        "https://hiring.example.org/invitations/…",
    ),
}
TASK = {
    "minutes": Variable(_("how many minutes the task takes"), "35"),
    "until": Variable(_("until when the link can be used"), _("Friday 11 December, 23:59")),
    "day": Variable(_("the same, as a day alone"), _("Friday 11 December")),
    "hear_by": Variable(_("by when they hear from you"), _("Friday 18 December")),
}
_WHERE = {
    "tasks": Variable(_("how many tasks it has"), _("4 tasks")),
    "page": Variable(
        _("the address of the opening’s public page; a pilot has none"),
        "https://hiring.example.org/openings/customer-support",
        optional=True,
    ),
}
_STEPS_AFTER = Variable(
    _("what follows this step, if anything does"),
    _("This is step 1 of 2: whoever goes on from it is invited to one of 25 minutes."),
    optional=True,
)
_STARTS_NOTHING = _(
    "Opening the link starts nothing. You first read what awaits you; the clock runs when you"
    " press Start."
)
_ENDS = _("Use it by: {until}\nYou hear by: {hear_by}\nAbout the opening: {page}")
_BLIND = _("Whoever marks your work sees neither your name nor your address.")
_ASK = _("If something is not clear, answer this mail.")
GREETING = ("{greeting}",)
CLOSE = ("{contact}, {organisation}",)

INVITATION = Wordable(
    kind="invitation",
    name=_("Invitation"),
    goes=_("when somebody is invited, or gets a fresh link"),
    subject=_("A task for you: {title}"),
    body=(
        _("# {tasks}, {minutes} minutes"),
        *GREETING,
        "{word}",
        _(
            "{asked} It takes {minutes} minutes in the browser, in one sitting, at an hour of your"
            " choice.\n{steps_after}"
        ),
        _STARTS_NOTHING,
        "{link}",
        _ENDS,
        _BLIND,
        _ASK,
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={
        **COMMON,
        **TASK,
        **_WHERE,
        "asked": Variable(
            _("that they are invited, or through to the next step"),
            _("You are invited to take a task for the opening “Customer support, second line”."),
        ),
        "steps_after": _STEPS_AFTER,
        "word": Variable(
            _("the word of yours that was written for this sending"),
            _("We met at the bike fair in Ghent; here is the task I told you of."),
            optional=True,
        ),
    },
)

EXTENSION = Wordable(
    kind="extension",
    name=_("The link lasts longer"),
    goes=_("when you let somebody’s link last until a later day"),
    subject=_("Until {day}: {title}"),
    body=(
        _("# You have until {day}"),
        *GREETING,
        _(
            "Your link for the opening “{title}” lasts longer now. You need not do "
            "anything for it; the task takes {minutes} minutes, and the clock runs "
            "when you press Start."
        ),
        "{link}",
        _("Use it by: {until}\nYou hear by: {hear_by}"),
        _ASK,
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={**COMMON, **TASK},
)

PILOT = Wordable(
    kind="pilot",
    name=_("Pilot"),
    goes=_("when one of the house is asked to sit an assessment before candidates do"),
    subject=_("Try this with us: {title}"),
    body=(
        _("# {tasks}, {minutes} minutes"),
        *GREETING,
        "{word}",
        _(
            "Before candidates get this assessment, we try it among ourselves. Please take it as one of them"
            " would: it takes {minutes} minutes in the browser, in one sitting, when it suits you."
        ),
        _(
            "It is the task that is tried, not you. We look at how long it takes and where those who mark"
            " it understand a level differently; your own minutes are told to you alone."
        ),
        "{link}",
        _("Use it by: {until}"),
        _("Opening the link starts nothing; the clock runs when you press Start."),
        _("What is unclear, too long or unfair in it is what we want to hear: answer this mail."),
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={
        **COMMON,
        **{name: said for name, said in TASK.items() if name != "hear_by"},
        "tasks": _WHERE["tasks"],
        "word": Variable(
            _("the word of yours that was written for this sending"),
            _("Bo, you know the bikes best."),
            optional=True,
        ),
    },
)

APPLIED = Wordable(
    kind="applied",
    name=_("Link asked for"),
    goes=_("when somebody leaves their address on an opening’s public page"),
    subject=_("Your link: {title}"),
    body=(
        _("# {tasks}, {minutes} minutes"),
        *GREETING,
        _(
            "Here is your link to the task for the opening “{title}”. It takes {minutes} minutes in"
            " the browser, in one sitting, at an hour of your choice.\n{steps_after}"
        ),
        _STARTS_NOTHING,
        "{link}",
        _ENDS,
        _BLIND,
        _ASK,
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={**COMMON, **TASK, **_WHERE, "steps_after": _STEPS_AFTER},
)

WITHDRAWN = Wordable(
    kind="withdrawn",
    name=_("Link asked for that was taken back"),
    goes=_("when somebody whose invitation you took back leaves their address on the public page"),
    subject=_("Your application: {title}"),
    body=(
        _("# Your invitation was withdrawn"),
        *GREETING,
        _(
            "Your address was left on the page of the opening “{title}”. You had an invitation to it, and"
            " we have withdrawn that, so there is no link in this letter."
        ),
        _(
            "If you would like to know why, or think that it is a mistake, answer this mail: {contact}"
            " reads it. If you had begun your task already, the link you have still leads to it."
        ),
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={name: said for name, said in COMMON.items() if name != "link"},
    needed=(),
)

PASSAGE = Wordable(
    kind="let-through",
    name=_("Let through a question"),
    goes=_("when you let somebody start though an answer before the clock stood in the way"),
    subject=_("You can start: {title}"),
    body=(
        _("# You can start"),
        *GREETING,
        _(
            "A person has looked at what you answered for the opening “{title}”, and nothing stands in"
            " your way. The task takes {minutes} minutes in the browser, in one sitting, at an hour"
            " of your choice.\n{steps_after}"
        ),
        _STARTS_NOTHING,
        "{link}",
        _ENDS,
        _BLIND,
        _ASK,
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={**COMMON, **TASK, **_WHERE, "steps_after": _STEPS_AFTER},
)

WAY_ON = Wordable(
    kind="way-on",
    name=_("Through to the next step"),
    goes=_("when you let somebody go on, and their next invitation waits for its day"),
    subject=_("You are through: {title}"),
    body=(
        _("# You are through to step {step} of {steps}"),
        *GREETING,
        _("We have read what you wrote for the opening “{title}”, and would like you to go on."),
        _(
            "Your invitation to step {step} goes out on {due}. It takes {minutes} minutes in the"
            " browser, in one sitting, at an hour of your choice. There is nothing to do until then."
        ),
        _(
            "Your link then stays open until: {day}\nYou hear by: {hear_by}\nAbout the opening:"
            " {page}"
        ),
        _ASK,
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={
        **{name: said for name, said in COMMON.items() if name != "link"},
        **TASK,
        **_WHERE,
        "step": Variable(_("the number of the next step"), "2"),
        "steps": Variable(_("how many steps there are"), "2"),
        "due": Variable(_("when that invitation goes out"), _("Monday 7 December")),
    },
    needed=(),
)

LETTERS = (INVITATION, APPLIED, WITHDRAWN, PASSAGE, WAY_ON, EXTENSION, PILOT)


def common(opening: Opening, *, name: str, link: str) -> dict[str, str]:
    """What the variables of every letter about an opening say; `name` may be empty."""
    return {**about(opening), **addressed(name, link)}


def about(opening: Opening) -> dict[str, str]:
    """What is the same for everybody who gets a letter about an opening."""
    return {
        "title": opening.title,
        "contact": contact_of(opening).name,
        "organisation": organisation().name,
    }


def addressed(name: str, link: str) -> dict[str, str]:
    """What is one person's own in a letter."""
    greeting = gettext("Dear %(name)s,", name=name) if name else gettext("Good day,")
    return {"greeting": greeting, "name": name, "link": link}


def asked(step: Step) -> dict[str, str]:
    """What an invitation says of the step it leads to, and of those after it."""
    steps = step.opening.steps
    numbers: dict[str, Any] = {"step": step.position, "steps": len(steps)}
    after = [str(size_of(one.version_id)[0]) for one in steps[step.position :]]
    title = step.opening.title
    if step.position > 1:
        told = gettext(
            "You are through to step %(step)s of %(steps)s of the opening “%(title)s”.",
            title=title,
            **numbers,
        )
    else:
        told = gettext("You are invited to take a task for the opening “%(title)s”.", title=title)
    follows = ngettext(
        "This is step %(step)s of %(steps)s: whoever goes on from it is invited to one of"
        " %(minutes)s minutes.",
        "This is step %(step)s of %(steps)s: whoever goes on from it is invited to others, of"
        " %(minutes)s minutes.",
        len(after),
        minutes=", ".join(after),
        **numbers,
    )
    return {"asked": told, "steps_after": follows if after else ""}


def why_invited(opening: Opening) -> str:
    """Why somebody gets a letter with a link."""
    return gettext(
        "You get this letter because %(contact)s invited you. The link is yours; "
        "do not pass it on.",
        contact=contact_of(opening).name,
    )


def why_let_through() -> str:
    """Why somebody gets the letter that says they can start."""
    return gettext(
        "You get this letter because a person has looked at your answers. The link is yours; do not"
        " pass it on."
    )


def why_applied() -> str:
    """Why somebody gets a link who was not invited."""
    return gettext(
        "You get this letter because this address was left on the page of the opening. If that was"
        " not you, do nothing and the link ends by itself; answer this mail, and your address is"
        " erased."
    )


def why_not_applied() -> str:
    """Why somebody is told that there is no link."""
    return gettext(
        "You get this letter because this address was left on the page of the opening. If that was"
        " not you, you need not do anything."
    )
