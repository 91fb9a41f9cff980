"""The one page that says who listens to what, and who answers which question.

Listeners run in this order, in the transaction of the act; the ledger comes last. A room that must
not know an event is reached by an adapter of two lines that hands it plain values; those of the
ledger have a page of their own, `in_ledger.py`.
"""

from __future__ import annotations

from hiring import in_ledger
from hiring.accounts import mail as accounts_mail
from hiring.accounts import settings
from hiring.accounts import tasks as accounts_work
from hiring.accounts.events import (
    AccessEnded,
    OrganisationChanged,
    RolesChanged,
    StaffInvited,
    StaffInvitedAgain,
)
from hiring.accounts.queries import account_of
from hiring.assessments.events import VersionPublished
from hiring.assessments.queries import PilotsOf
from hiring.attempts import copies
from hiring.attempts import erasing as attempts_erasing
from hiring.attempts import letters as attempts_letters
from hiring.attempts import mail as attempts_mail
from hiring.attempts import queries as attempts
from hiring.attempts import tasks as attempts_work
from hiring.attempts.events import (
    AnswersErased,
    AttemptClosed,
    AttemptSubmitted,
    CopiesMade,
    ReminderDue,
    SubmissionTakenBack,
)
from hiring.kernel import clearing, queue
from hiring.kernel.events import forget_listeners, listen
from hiring.kernel.gather import BlindTo, answer, forget_answers
from hiring.kernel.promises import Promises
from hiring.kernel.rail import Waiting
from hiring.openings import applying, import_running, pilots
from hiring.openings import erasing as openings_erasing
from hiring.openings import letters as openings_letters
from hiring.openings import mail as openings_mail
from hiring.openings import queries as openings
from hiring.openings import tasks as openings_work
from hiring.openings.applications import note_stage
from hiring.openings.erasing import Begun, HeldAbout, Running
from hiring.openings.events import (
    AddressMended,
    ApplicationErased,
    ApplicationParted,
    ErasureBegun,
    InvitationExtended,
    InvitationRevoked,
    NameCorrected,
    OpeningChanged,
    PanelChanged,
    PeopleInvited,
    PersonApplied,
    QuestionsChanged,
    QuestionsPassed,
    SendingHurried,
    SendingTakenBack,
    StepAdded,
    StepChanged,
    StepClosed,
    WentOn,
)
from hiring.openings.queries import LetThrough, Unsettled
from hiring.outbox import delivery
from hiring.outbox.events import ArrivalNoted, LetterWorded, MailSentAgain
from hiring.outbox.letters import AddressOf, Letterhead
from hiring.outbox.wordings import offer
from hiring.people import tasks as people_work
from hiring.people.events import PersonErased
from hiring.reviewing import actions as reviewing_acts
from hiring.reviewing import erasing as reviewing_erasing
from hiring.reviewing import queries as reviewing
from hiring.shortlists import actions as shortlists_acts
from hiring.shortlists import erasing as shortlists_erasing
from hiring.shortlists import queries as shortlists
from hiring.shortlists import tasks as shortlists_work
from hiring.shortlists.events import Decided, ExportAsked


def wire() -> None:
    """Connect the rooms. Called once an application; calling it again starts from a clean page."""
    forget_listeners()
    forget_answers()
    _changes()
    _erasures()
    _questions()
    _letters()
    _work()


def _changes() -> None:
    """What goes up: listen(Event, listener, …)."""
    listen(PeopleInvited, openings_mail.send_invitations)
    listen(PersonApplied, openings_mail.send_link)
    listen(ReminderDue, attempts_mail.send_reminder)
    listen(AttemptSubmitted, _stage_submitted, attempts_mail.send_receipt)
    listen(SubmissionTakenBack, _stage_invited)
    # the application's row before the panel's, in the order in which inviting locks them
    listen(AttemptClosed, _stage_at_the_end, attempts_mail.send_receipt_at_the_end)
    listen(AttemptClosed, _applicant_off_the_panel, _answers_to_reviewers)
    listen(CopiesMade, _answer_to_reviewers)
    listen(VersionPublished, in_ledger.publication)
    listen(StaffInvited, accounts_mail.send_invitation, in_ledger.staff)
    listen(StaffInvitedAgain, accounts_mail.send_invitation)
    listen(RolesChanged, _answers_of_account, in_ledger.roles)
    listen(AccessEnded, _answers_of_account, in_ledger.end_of_access)
    listen(OrganisationChanged, lambda event: settings.forget(), in_ledger.organisation)
    listen(MailSentAgain, in_ledger.mail)
    listen(ArrivalNoted, in_ledger.mail)
    listen(LetterWorded, in_ledger.wording)
    listen(OpeningChanged, in_ledger.opening)
    listen(NameCorrected, _copies_again, in_ledger.name)
    listen(AddressMended, _copies_again, in_ledger.address)
    listen(InvitationExtended, openings_mail.send_extension, in_ledger.extension)
    listen(InvitationRevoked, in_ledger.revocation)
    listen(SendingTakenBack, import_running.return_rows)
    listen(QuestionsChanged, in_ledger.questions)
    listen(QuestionsPassed, openings_mail.send_passage, in_ledger.passage)
    listen(SendingTakenBack, shortlists_acts.undo_advances, in_ledger.taking_back)
    listen(SendingHurried, shortlists_acts.tell_now)
    listen(PanelChanged, _answers_of_panel, in_ledger.panel)
    listen(WentOn, openings_mail.send_way_on)
    listen(StepAdded, in_ledger.addition_of_step)
    listen(StepChanged, in_ledger.change_of_step)
    listen(StepClosed, in_ledger.end_of_step)
    listen(Decided, in_ledger.decision)
    listen(ExportAsked, in_ledger.export)


def _erasures() -> None:
    """What each room erases of its own, whoever was asked and whenever its day is."""
    listen(ErasureBegun, attempts_erasing.hold)
    listen(ApplicationErased, shortlists_erasing.erase, attempts_erasing.erase, in_ledger.erasure)
    listen(AnswersErased, _notes_on_answers)
    listen(ApplicationParted, attempts_erasing.hand_over)
    listen(PersonErased, openings_erasing.forget_everywhere)


def _questions() -> None:
    """What is read from above: answer(Question, function)."""
    answer(Letterhead, lambda asked: settings.organisation())
    answer(AddressOf, lambda asked: account_of(asked.account_id).email)
    answer(PilotsOf, pilots.pilots_of)
    answer(Promises, openings.promises)
    answer(Promises, reviewing.promises)
    answer(Promises, shortlists.promises)
    answer(Waiting, lambda asked: reviewing.waiting(asked.account_id))
    answer(Unsettled, lambda asked: attempts.unsettled(asked.opening_ids))
    answer(LetThrough, lambda asked: shortlists.has_let_through(asked.step_id))
    answer(Begun, attempts_erasing.begun)
    answer(Running, attempts_erasing.running)
    answer(HeldAbout, attempts_erasing.held)
    answer(HeldAbout, shortlists_erasing.held)
    answer(BlindTo, lambda asked: reviewing.blind_steps(asked.account_id))


def _letters() -> None:
    """What the organisation may word itself: offer(letter), in the order in which they go."""
    for letter in (*openings_letters.LETTERS, *attempts_letters.LETTERS):
        offer(letter)


def _work() -> None:
    """What the worker sweeps: queue.sweeps(name, function)."""
    queue.sweeps("closing", attempts_work.close_due)
    queue.sweeps("invitations", openings_work.invite_due)
    queue.sweeps("reminders", attempts_work.remind_due)
    queue.sweeps("outbox", delivery.deliver)
    queue.sweeps("copies", attempts_work.make_copies)
    queue.sweeps("stopped uploads", attempts_work.clear_uploads)
    queue.sweeps("exports", shortlists_work.draw_exports)
    queue.sweeps("imports", openings_work.go_on_with_imports)
    queue.sweeps("old imports", openings_work.forget_imports)
    queue.sweeps("knocks", accounts_work.forget_knocks)
    queue.sweeps("erasing", queue.hourly(openings_work.erase_due))
    queue.sweeps("strangers", queue.hourly(people_work.erase_strangers))
    queue.sweeps("clearing", clearing.clear)
    queue.sweeps("overwriting", queue.hourly(clearing.overwrite))


# ── To the opening: where an application stands, never when it started ──


def _stage_submitted(event: AttemptSubmitted) -> None:
    note_stage(event.application_id, "submitted", step_id=event.step_id)


def _stage_at_the_end(event: AttemptClosed) -> None:
    if event.by == "clock":  # what was handed in was noted then, and may be decided by now
        note_stage(event.application_id, "submitted", step_id=event.step_id)


def _stage_invited(event: SubmissionTakenBack) -> None:
    note_stage(event.application_id, "invited", step_id=event.step_id)


def _applicant_off_the_panel(event: AttemptClosed) -> None:
    applying.stand_back(event.application_id)


# ── To the attempts: a name that was put right is not to stand in a copy ──


def _copies_again(event: NameCorrected | AddressMended) -> None:
    copies.make_again(event.application_id)


# ── To the reviewers: marking knows steps, answers and accounts, and nothing else ──


def _answers_to_reviewers(event: AttemptClosed) -> None:
    reviewing_acts.assign(step_id=event.step_id, blind_answer_ids=event.blind_answer_ids)


def _answer_to_reviewers(event: CopiesMade) -> None:
    reviewing_acts.assign(step_id=event.step_id, blind_answer_ids=[event.blind_answer_id])


def _notes_on_answers(event: AnswersErased) -> None:
    reviewing_erasing.erase(step_id=event.step_id, blind_answer_ids=event.blind_answer_ids)


def _answers_of_panel(event: PanelChanged) -> None:
    reviewing_acts.settle_panel(step_id=event.step_id)


def _answers_of_account(event: RolesChanged | AccessEnded) -> None:
    reviewing_acts.settle_account(account_id=event.account_id)
