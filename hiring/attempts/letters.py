"""The letters of this room as they ship, and what each of their variables says."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from hiring.openings.letters import CLOSE, COMMON, GREETING, TASK
from hiring.outbox.texts import Variable
from hiring.outbox.wordings import Wordable

REMINDER = Wordable(
    kind="reminder",
    name=_("Reminder"),
    goes=_("three days and one day before a link ends, to who has not begun; once to who applied"),
    subject=_("Until {day}: {title}"),
    body=(
        _("# Your link ends on {day}"),
        *GREETING,
        _(
            "You are invited to take a task for the opening “{title}”. It takes "
            "{minutes} minutes, and you have not begun."
        ),
        "{link}",
        _("Use it by: {until}"),
        _(
            "If that is too soon: on that page, one press gives you until {later}. No "
            "reason needed."
        ),
        _(
            "If you would rather not, you need not do anything. Nobody is told "
            "whether you opened this."
        ),
        *CLOSE,
    ),
    button=_("Read what awaits you"),
    variables={
        **COMMON,
        **{name: TASK[name] for name in ("minutes", "until", "day")},
        "later": Variable(
            _("the day that one press gives them, if there is one"),
            _("Wednesday 16 December"),
            optional=True,
        ),
    },
)

RECEIPT = Wordable(
    kind="receipt",
    name=_("Receipt"),
    goes=_("when work was handed in, or time ended"),
    subject=_("{heading}"),
    body=(
        "# {heading}",
        *GREETING,
        "{arrived}",
        _(
            "Whoever marks your work sees neither your name nor your address. You "
            "hear from us by {hear_by}, yes or no."
        ),
        _("Receipt: {receipt}, {revision}\nTake it back: {take_back}\nYou hear by: {hear_by}"),
        "{link}",
        _("If something went wrong during the task, answer this mail."),
        *CLOSE,
    ),
    button=_("Open my receipt"),
    variables={
        **COMMON,
        "heading": Variable(
            _("that the answers are here, or that there are none"), _("We have your four answers")
        ),
        "arrived": Variable(
            _("when the work came, and what of it is empty"),
            _("Your work reached us on Friday 11 December at 14:03. All tasks are in, 412 words."),
        ),
        "hear_by": TASK["hear_by"],
        "receipt": Variable(_("the receipt’s code"), "7C4-QK2"),
        "revision": Variable(_("how many times it was saved"), _("revision 31")),
        "take_back": Variable(
            _("until when it can be taken back, if it can"),
            _("until 14:13, on your page"),
            optional=True,
        ),
    },
    needed=("link", "receipt"),
)

LETTERS = (REMINDER, RECEIPT)
