"""The outbox: what was written to whom, how its sending stands, and what to do with mail that is held."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from hiring.kernel.database import session, writing
from hiring.kernel.forms import Form
from hiring.kernel.guards import actor, blind_steps, staff, viewer
from hiring.kernel.pages import paged, see_other
from hiring.kernel.refusals import Missing
from hiring.outbox import actions, queries
from hiring.outbox.delivery import is_sending
from hiring.outbox.models import STATES, Message
from hiring.outbox.rules import DECIDED_BY_HAND, Sight, sight_of, why_not
from hiring.outbox.views.blueprint import pages

# A letter brings its own styles, which our policy refuses. It gets a page of its own that may do
# nothing else: no script, no form, nothing fetched, no access to ours; links open in a new window.
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@pages.app_template_filter()
def mail_state(state: str) -> str:
    """A state as words."""
    words = {
        "waiting": _("waits"),
        "claimed": _("being sent"),
        "done": _("sent"),
        "failed": _("refused"),
        "held": _("held"),
        "kept": _("kept here"),
        "skipped": _("not sent"),
    }
    return words[state]


pages.add_app_template_global(why_not)


@pages.app_template_filter()
def mail_kind(kind: str) -> str:
    """A kind as words: rooms name them so that they can be read."""
    return kind.replace("-", " ").replace("_", " ").capitalize()


@pages.get("/staff/settings/outbox")
@staff("owner", "recruiter")
def messages() -> str:
    """Every mail, newest first; recruiters see address, kind and state."""
    sight, asked = _sight(), request.args
    words, state, kind = asked.get("q", "").strip(), asked.get("state", ""), asked.get("kind", "")
    page = paged(queries.messages(sight, words=words, state=state, kind=kind))
    return render_template(
        "outbox/messages.html",
        page=page,
        rows=[queries.seen(row, sight) for row in page.rows],
        counts=queries.counts(),
        sight=sight.value,
        sends=is_sending(),
        words=words,
        filters=[
            ("state", _("State"), [("", _("Any state")), *((s, mail_state(s)) for s in STATES)], state),
            ("kind", _("Kind"), [("", _("Any kind")), *((k, mail_kind(k)) for k in queries.kinds())], kind),
        ],
    )  # fmt: skip


@pages.get("/staff/settings/outbox/<uuid:message_id>")
@staff("owner")
def message(message_id: UUID) -> str:
    """One mail: its words, unless the owner marks blind just now."""
    row = _row(message_id)
    return render_template(
        "outbox/message.html",
        mail=queries.seen(row, _sight(), keys=not is_sending()),
        sends=is_sending(),
        stuck=row.state in DECIDED_BY_HAND,
        form=Form(),
    )


@pages.get("/staff/settings/outbox/<uuid:message_id>/letter")
@staff("owner")
def letter(message_id: UUID) -> Response:
    """The HTML part as its reader sees it, shut off from everything of ours."""
    mail = queries.seen(_row(message_id), _sight(), keys=not is_sending())
    if mail.html is None:
        raise Missing
    page = Response(mail.html.replace("<head>", '<head><base target="_blank">', 1))
    page.headers["Content-Security-Policy"] = LETTER_POLICY
    return page


@pages.post("/staff/settings/outbox/<uuid:message_id>/sending")
@staff("owner")
def sending(message_id: UUID) -> BaseResponse:
    """Send a held or refused mail again."""
    with writing():
        actions.send_again(message_id, by=actor())
    flash(_("It goes out again."))
    return see_other("outbox.message", message_id=message_id)


@pages.post("/staff/settings/outbox/<uuid:message_id>/arrival")
@staff("owner")
def arrival(message_id: UUID) -> BaseResponse:
    """Note that a held mail arrived."""
    with writing():
        actions.note_arrival(message_id, by=actor())
    flash(_("Noted: it arrived."))
    return see_other("outbox.message", message_id=message_id)


def _row(message_id: UUID) -> Message:
    row = session.get(Message, message_id)
    if row is None:
        raise Missing
    return row


def _sight() -> Sight:
    return sight_of(viewer().roles, blind=blind_steps() != frozenset())
