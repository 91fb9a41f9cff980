"""What the ledger keeps of each act: ids and plain values; a text only where its hash may outlive it.

The ledger knows no other room. Each function here is a listener, named after what it keeps, that
hands an event's plain values down to it; `reactions.py` says which hears what.
"""

from __future__ import annotations

import json
from hashlib import sha256

from hiring.accounts.events import AccessEnded, OrganisationChanged, RolesChanged, StaffInvited
from hiring.assessments.events import VersionPublished
from hiring.ledger.actions import PLATFORM, append
from hiring.ledger.erasing import forget_texts
from hiring.openings.events import (
    AddressMended,
    ApplicationErased,
    InvitationExtended,
    InvitationRevoked,
    NameCorrected,
    OpeningChanged,
    PanelChanged,
    QuestionsChanged,
    QuestionsPassed,
    SendingTakenBack,
    StepAdded,
    StepChanged,
    StepClosed,
)
from hiring.openings.panel import panel_of
from hiring.openings.queries import application_of, step_of
from hiring.outbox.events import ArrivalNoted, LetterWorded, MailSentAgain
from hiring.shortlists.events import Decided, ExportAsked


def publication(event: VersionPublished) -> None:
    """A version that never changes again: its number and what it consists of, as a hash."""
    facts = {"version": event.number, "fingerprint": event.fingerprint}
    append("version-published", actor=str(event.by), subject=str(event.version_id), facts=facts)


def staff(event: StaffInvited) -> None:
    """Somebody was let in, as what."""
    facts = {"roles": sorted(event.roles)}
    actor = str(event.by) if event.by else PLATFORM
    append("staff-invited", actor=actor, subject=str(event.account_id), facts=facts)


def organisation(event: OrganisationChanged) -> None:
    """What of the organisation's own words changed; the fields, not the words."""
    actor = str(event.by) if event.by else PLATFORM
    append("organisation", actor=actor, subject="organisation", facts={"changed": [*event.what]})


def mail(event: MailSentAgain | ArrivalNoted) -> None:
    """What a person decided about a mail whose delivery was unknown."""
    kind = "mail-sent-again" if isinstance(event, MailSentAgain) else "mail-arrived"
    append(kind, actor=str(event.by), subject=str(event.message_id), facts={})


def wording(event: LetterWorded) -> None:
    """That the next letters of a kind read otherwise; the words are in their own table."""
    facts = {"letter": event.kind, "version": event.number, "as_shipped": event.standard}
    append("letter-worded", actor=str(event.by), subject=str(event.wording_id), facts=facts)


def roles(event: RolesChanged) -> None:
    """What somebody may do from now on."""
    facts = {"roles": sorted(event.roles)}
    append("roles", actor=str(event.by), subject=str(event.account_id), facts=facts)


def end_of_access(event: AccessEnded) -> None:
    """Somebody was shut out."""
    append("access-ended", actor=str(event.by), subject=str(event.account_id), facts={})


def opening(event: OpeningChanged) -> None:
    """What was said otherwise of an opening; of the day that was promised, the old and the new."""
    facts: dict[str, object] = {"changed": [*event.what]}
    if "hear_by" in event.what:
        facts |= {"people_heard_by": f"{event.heard_by}", "people_hear_by": f"{event.hear_by}"}
    append("opening-changed", actor=str(event.by), subject=str(event.opening_id), facts=facts)


def questions(event: QuestionsChanged) -> None:
    """What is asked before the clock from now on: how many questions, and their hash."""
    asked = json.dumps(event.content, ensure_ascii=False, sort_keys=True)
    facts = {
        "version": event.number,
        "questions": len(event.content),
        "fingerprint": sha256(asked.encode()).hexdigest(),
    }
    append("questions-changed", actor=str(event.by), subject=str(event.opening_id), facts=facts)


def passage(event: QuestionsPassed) -> None:
    """That a person let somebody start although an answer stood in the way."""
    pseudonym = application_of(event.application_id).pseudonym
    append("let-through", actor=str(event.by), subject=str(pseudonym), facts={})


def name(event: NameCorrected) -> None:
    """That somebody's name was put right; a name is never kept here."""
    pseudonym = application_of(event.application_id).pseudonym
    append("name-corrected", actor=str(event.by), subject=str(pseudonym), facts={})


def address(event: AddressMended) -> None:
    """That letters to somebody go elsewhere now; an address is never kept here."""
    pseudonym = application_of(event.application_id).pseudonym
    append("address-mended", actor=str(event.by), subject=str(pseudonym), facts={})


def erasure(event: ApplicationErased) -> None:
    """That what somebody gave was erased; the texts behind earlier entries go, their hashes stay."""
    forget_texts(str(event.pseudonym))
    actor = str(event.by) if event.by else PLATFORM
    facts = {"asked": event.asked}
    append("application-erased", actor=actor, subject=str(event.pseudonym), facts=facts)


def extension(event: InvitationExtended) -> None:
    """A link that lasts longer: when it would have ended, and when it ends."""
    pseudonym = application_of(event.application_id).pseudonym
    facts = {"would_have_ended": f"{event.ended_at:%Y-%m-%d}", "ends": f"{event.until:%Y-%m-%d}"}
    append("invitation-extended", actor=str(event.by), subject=str(pseudonym), facts=facts)


def revocation(event: InvitationRevoked) -> None:
    """How many links of somebody open nothing any more."""
    pseudonym = application_of(event.application_id).pseudonym
    facts = {"links": len(event.invitation_ids)}
    append("invitation-revoked", actor=str(event.by), subject=str(pseudonym), facts=facts)


def taking_back(event: SendingTakenBack) -> None:
    """How many letters of a sending were undone before they left, and how many had left; nobody's name."""
    facts = {"letters_undone": len(event.application_ids), "letters_left": event.left}
    append("sending-taken-back", actor=str(event.by), subject=str(event.opening_id), facts=facts)


def panel(event: PanelChanged) -> None:
    """Who marks a step from now on, and how many marks each answer gets."""
    marking = panel_of(event.step_id)
    facts = {"wanted_marks": marking.wanted_marks, "members": sorted(map(str, marking.account_ids))}
    append("panel", actor=str(event.by), subject=str(event.step_id), facts=facts)


def addition_of_step(event: StepAdded) -> None:
    """An opening has one more step."""
    _step("step-added", event)


def change_of_step(event: StepChanged) -> None:
    """A step's interval and the rule that proposes, from now on."""
    _step("step-changed", event)


def _step(kind: str, event: StepAdded | StepChanged) -> None:
    step = step_of(event.step_id)
    facts = {
        "opening": str(step.opening_id),
        "number": step.position,
        "version": str(step.version_id),
        "wait_days": step.wait_days,
        "open_days": step.open_days,
        "proposes": step.proposes,
        "bar": step.bar,
    }
    append(kind, actor=str(event.by), subject=str(event.step_id), facts=facts)


def end_of_step(event: StepClosed) -> None:
    """A step takes no more answers."""
    append("step-closed", actor=str(event.by), subject=str(event.step_id), facts={})


def decision(event: Decided) -> None:
    """A verdict, the marks it rested on, and its reason as a hash that outlives the words."""
    pseudonym = application_of(event.application_id).pseudonym
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


def export(event: ExportAsked) -> None:
    """A shortlist was frozen for a document."""
    facts = {"step": str(event.step_id)}
    append("export", actor=str(event.by), subject=str(event.export_id), facts=facts)
