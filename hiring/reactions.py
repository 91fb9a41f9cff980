"""The one page that says who listens to what, and who answers which question.

Listeners run in this order, in the transaction of the act; the ledger comes last. A room that must
not know an event is reached by an adapter of two lines that hands it plain values.
"""

from __future__ import annotations

from hashlib import sha256

from hiring.accounts import mail as accounts_mail
from hiring.accounts import settings
from hiring.accounts.events import (
    AccessEnded,
    OrganisationChanged,
    RolesChanged,
    StaffInvited,
    StaffInvitedAgain,
)
from hiring.assessments.events import VersionPublished
from hiring.attempts import mail as attempts_mail
from hiring.attempts import tasks as attempts_work
from hiring.attempts.events import AttemptClosed, AttemptSubmitted, SubmissionTakenBack
from hiring.kernel import queue
from hiring.kernel.events import forget_listeners, listen
from hiring.kernel.gather import BlindTo, answer, forget_answers
from hiring.kernel.promises import Promises
from hiring.kernel.rail import Waiting
from hiring.ledger.actions import PLATFORM, append
from hiring.openings import actions as openings_acts
from hiring.openings import mail as openings_mail
from hiring.openings import queries as openings
from hiring.openings.events import PanelChanged, PersonInvited, StepClosed
from hiring.openings.panel import panel_of
from hiring.outbox import delivery
from hiring.outbox.events import ArrivalNoted, MailSentAgain
from hiring.outbox.letters import Letterhead
from hiring.reviewing import actions as reviewing_acts
from hiring.reviewing import queries as reviewing
from hiring.shortlists import queries as shortlists
from hiring.shortlists import tasks as shortlists_work
from hiring.shortlists.events import Decided, ExportAsked


def wire() -> None:
    """Connect the rooms. Called once an application; calling it again starts from a clean page."""
    forget_listeners()
    forget_answers()
    _changes()
    _questions()
    _work()


def _changes() -> None:
    """What goes up: listen(Event, listener, …)."""
    listen(PersonInvited, openings_mail.send_invitation)
    listen(AttemptSubmitted, _stage_submitted, attempts_mail.send_receipt)
    listen(SubmissionTakenBack, _stage_invited)
    # the application's row before the panel's, in the order in which inviting locks them
    listen(AttemptClosed, _stage_at_the_end, attempts_mail.send_receipt_at_the_end)
    listen(AttemptClosed, _answers_to_reviewers)
    listen(VersionPublished, _publication_in_ledger)
    listen(StaffInvited, accounts_mail.send_invitation, _staff_in_ledger)
    listen(StaffInvitedAgain, accounts_mail.send_invitation)
    listen(RolesChanged, _answers_of_account, _roles_in_ledger)
    listen(AccessEnded, _answers_of_account, _end_of_access_in_ledger)
    listen(OrganisationChanged, lambda event: settings.forget(), _organisation_in_ledger)
    listen(MailSentAgain, _mail_in_ledger)
    listen(ArrivalNoted, _mail_in_ledger)
    listen(PanelChanged, _answers_of_panel, _panel_in_ledger)
    listen(StepClosed, _end_of_step_in_ledger)
    listen(Decided, _decision_in_ledger)
    listen(ExportAsked, _export_in_ledger)


def _questions() -> None:
    """What is read from above: answer(Question, function)."""
    answer(Letterhead, lambda asked: settings.organisation())
    answer(Promises, openings.promises)
    answer(Promises, reviewing.promises)
    answer(Promises, shortlists.promises)
    answer(Waiting, lambda asked: reviewing.waiting(asked.account_id))
    answer(BlindTo, lambda asked: reviewing.blind_steps(asked.account_id))


def _work() -> None:
    """What the worker sweeps: queue.sweeps(name, function)."""
    queue.sweeps("closing", attempts_work.close_due)
    queue.sweeps("outbox", delivery.deliver)
    queue.sweeps("exports", shortlists_work.draw_exports)


# ── To the opening: where an application stands, never when it started ──


def _stage_submitted(event: AttemptSubmitted) -> None:
    openings_acts.note_stage(event.application_id, "submitted")


def _stage_at_the_end(event: AttemptClosed) -> None:
    if event.by == "clock":  # what was handed in was noted then, and may be decided by now
        openings_acts.note_stage(event.application_id, "submitted")


def _stage_invited(event: SubmissionTakenBack) -> None:
    openings_acts.note_stage(event.application_id, "invited")


# ── To the reviewers: marking knows steps, answers and accounts, and nothing else ──


def _answers_to_reviewers(event: AttemptClosed) -> None:
    reviewing_acts.assign(step_id=event.step_id, blind_answer_ids=event.blind_answer_ids)


def _answers_of_panel(event: PanelChanged) -> None:
    reviewing_acts.settle_panel(step_id=event.step_id)


def _answers_of_account(event: RolesChanged | AccessEnded) -> None:
    reviewing_acts.settle_account(account_id=event.account_id)


# ── Into the ledger: ids and plain values; a text only where its hash may outlive it ──


def _publication_in_ledger(event: VersionPublished) -> None:
    facts = {"version": event.number, "fingerprint": event.fingerprint}
    append("version-published", actor=str(event.by), subject=str(event.version_id), facts=facts)


def _staff_in_ledger(event: StaffInvited) -> None:
    facts = {"roles": sorted(event.roles)}
    actor = str(event.by) if event.by else PLATFORM
    append("staff-invited", actor=actor, subject=str(event.account_id), facts=facts)


def _organisation_in_ledger(event: OrganisationChanged) -> None:
    actor = str(event.by) if event.by else PLATFORM
    append("organisation", actor=actor, subject="organisation", facts={"changed": [*event.what]})


def _mail_in_ledger(event: MailSentAgain | ArrivalNoted) -> None:
    kind = "mail-sent-again" if isinstance(event, MailSentAgain) else "mail-arrived"
    append(kind, actor=str(event.by), subject=str(event.message_id), facts={})


def _roles_in_ledger(event: RolesChanged) -> None:
    facts = {"roles": sorted(event.roles)}
    append("roles", actor=str(event.by), subject=str(event.account_id), facts=facts)


def _end_of_access_in_ledger(event: AccessEnded) -> None:
    append("access-ended", actor=str(event.by), subject=str(event.account_id), facts={})


def _panel_in_ledger(event: PanelChanged) -> None:
    panel = panel_of(event.step_id)
    facts = {"wanted_marks": panel.wanted_marks, "members": sorted(map(str, panel.account_ids))}
    append("panel", actor=str(event.by), subject=str(event.step_id), facts=facts)


def _end_of_step_in_ledger(event: StepClosed) -> None:
    append("step-closed", actor=str(event.by), subject=str(event.step_id), facts={})


def _decision_in_ledger(event: Decided) -> None:
    pseudonym = openings.application_of(event.application_id).pseudonym
    facts = {
        "verdict": event.verdict,
        "step": str(event.step_id),
        "decision": str(event.decision_id),
        "takes_back": str(event.reverses_id) if event.reverses_id else None,
        "raw_mean": f"{event.raw_mean:.1f}" if event.raw_mean is not None else None,
        "marks": len(event.mark_ids),
        "marks_hash": sha256("".join(sorted(map(str, event.mark_ids))).encode()).hexdigest(),
    }
    kind = "reversal" if event.reverses_id else "decision"
    texts = {"reason": event.reason}
    append(kind, actor=str(event.by), subject=str(pseudonym), facts=facts, texts=texts)


def _export_in_ledger(event: ExportAsked) -> None:
    facts = {"step": str(event.step_id)}
    append("export", actor=str(event.by), subject=str(event.export_id), facts=facts)
