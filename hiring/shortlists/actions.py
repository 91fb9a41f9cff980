"""Deciding, clearing notes for release, and asking for a document: one verb per business act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from hiring.accounts.queries import names_of_accounts
from hiring.accounts.settings import organisation
from hiring.attempts.queries import alive_attempt, timer_of
from hiring.kernel import claims, queue
from hiring.kernel.clock import now
from hiring.kernel.database import locked, made_before, session
from hiring.kernel.events import announce
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.storage import Lying, keep
from hiring.kernel.words import moment
from hiring.ledger.queries import tip
from hiring.openings.advancing import come_back, go_on
from hiring.openings.applications import note_stage
from hiring.openings.events import SendingHurried, SendingTakenBack
from hiring.openings.models import Application, Step
from hiring.openings.panel import locked_panel
from hiring.openings.queries import opening_of, step_after, step_before
from hiring.openings.sendings import Sending, leaving, sending_of
from hiring.shortlists import queries, rules
from hiring.shortlists.events import Decided, ExportAsked
from hiring.shortlists.frozen import Asked, Frozen, Paper, freeze
from hiring.shortlists.models import ClearedNote, Decision, Export
from hiring.shortlists.shortlist import Row, Shortlist, Verdict
from hiring.shortlists.words import verdict_word


def decide(
    application_id: UUID,
    *,
    verdict: str,
    reason: str,
    after: int,
    by: UUID,
    number: int | None = None,
    batch: UUID | None = None,
) -> UUID:
    """Decide about a person, or take a decision back by deciding otherwise. Returns the decision's id.

    `after` is the number of the last decision that was seen, 0 for none: when another came meanwhile
    this one is refused. The same decision sent twice is made once. `number` is that of the step, by
    default where they are. Before the last step an advance is told at once and lets them through to
    the next; nothing else is told yet. `batch`: the sending that its letter belongs to.
    """
    rules.check_verdict(verdict)
    reason = rules.check_reason(reason)
    leaves_at = leaving(batch)  # before the application's row, in the order in which all lock them
    application = _there(application_id)
    if queries.is_blind(application.opening, by):
        raise Missing
    step = queries.step_reached(application, number)
    row, last = _closed_row(application, step), step_after(step.id) is None
    if same := _same(row, verdict=verdict, reason=reason, after=after, by=by):
        return same.id
    _check_newest(row, after)
    rules.check_verdict(verdict, last=last)
    rules.check_may_follow(row.decision, verdict, now=now())
    made = _decision(row, step.id, verdict=verdict, reason=reason, by=by)
    if row.gone_on and come_back(application_id, step_id=step.id):
        _note_untold(row)
    if verdict == "advance" and not last:
        made.told_at = leaves_at or now()
        _let_through(application_id, by=by, batch=batch, leaves_at=leaves_at)
    else:
        note_stage(application_id, "submitted" if verdict == "hold" else "decided")
    announce(_decided(made, row))
    return made.id


def _let_through(
    application_id: UUID, *, by: UUID, batch: UUID | None, leaves_at: datetime | None
) -> None:
    """To the next step. Work that they did there before an advance was taken back is still theirs."""
    step = go_on(application_id, by=by, batch=batch, leaves_at=leaves_at)
    begun = session.scalar(alive_attempt(application_id, step_id=step.id))
    if begun and timer_of(begun).state(now()) != "running":
        note_stage(application_id, "submitted")


def undo_advances(event: SendingTakenBack) -> None:
    """Take back the advances whose letters were taken back before they left: a hold follows each.

    A decision is never unmade: the hold says what happened, and who was never told was never told.
    """
    sending = sending_of(event.opening_id, event.sending_id)
    if sending.kind != "advance":
        return
    for application_id in event.application_ids:
        application = _locked(application_id)
        step = step_before(application.step_id) if application.stage == "invited" else None
        if step is None:
            continue
        row = queries.row_of(application, step)
        if row is not None and _is_told_by(sending, row):
            _undo_advance(row, step.id, by=event.by)


def tell_now(event: SendingHurried) -> None:
    """Whoever was to be told of an advance by these letters is told now."""
    here = select(Application.id).where(Application.opening_id == event.opening_id)
    waiting = Decision.application_id.in_(here) & (Decision.told_at == event.were_to_leave_at)
    rows = update(Decision).where(waiting).values(told_at=event.leaves_at)
    session.execute(rows.execution_options(synchronize_session=False))


def _is_told_by(sending: Sending, row: Row) -> bool:
    """Whether it is an advance of this sending that stands; one made since has a letter of its own."""
    last = row.decision
    if last is None or last.verdict != "advance" or last.told_at is None:
        return False
    return last.told_at >= sending.leaves_at


def _undo_advance(row: Row, step_id: UUID, *, by: UUID) -> None:
    come_back(row.application_id, step_id=step_id)
    _note_untold(row)
    why = _("Taken back with the letter, before it left.")
    made = _decision(row, step_id, verdict="hold", reason=why, by=by)
    note_stage(row.application_id, "submitted")
    announce(_decided(made, row))


def _note_untold(row: Row) -> None:
    """The letter that was to tell of the last decision did not leave."""
    if row.decision is not None:
        session.get_one(Decision, row.decision.id).told_at = None


def _locked(application_id: UUID) -> Application:
    application = locked(select(Application).where(Application.id == application_id))
    if application is None:
        raise Missing
    return application


def _there(application_id: UUID) -> Application:
    """The application, locked. Raises Refused when what it was decided on is erased."""
    application = _locked(application_id)
    if application.erased_at is not None:
        raise Refused(
            _("What they gave was erased, so nothing can be decided about them any more.")
        )
    return application


def _closed_row(application: Application, step: Step) -> Row:
    row = queries.row_of(application, step)
    if row is None or not row.closed:
        raise Refused(_("There is nothing to decide on yet: this work is not handed in for good."))
    return row


def _same(row: Row, *, verdict: str, reason: str, after: int, by: UUID) -> Verdict | None:
    last = row.decision
    made = (last.verdict, last.reason, last.number, last.by_id) if last else None
    return last if made == (verdict, reason, after + 1, by) else None


def _check_newest(row: Row, after: int) -> None:
    last = row.decision
    if last and last.number != after:
        raise Refused(
            _(
                "%(name)s decided meanwhile, on %(moment)s: %(verdict)s. Nothing of yours was kept but"
                " what you see here; read theirs, then decide again if you still want to.",
                name=last.by,
                moment=moment(last.at),
                verdict=verdict_word(last.verdict),
            )
        )


def _decision(row: Row, step_id: UUID, *, verdict: str, reason: str, by: UUID) -> Decision:
    last = row.decision
    decision = Decision(
        application_id=row.application_id,
        step_id=step_id,
        number=last.number + 1 if last else 1,
        verdict=verdict,
        reason=reason,
        decided_by=by,
        decided_at=now(),
        reverses_id=last.id if last and last.verdict != "hold" else None,
    )
    session.add(decision)
    session.flush()
    return decision


def _decided(decision: Decision, row: Row) -> Decided:
    mean = row.standing.printed
    return Decided(
        decision_id=decision.id,
        application_id=decision.application_id,
        step_id=decision.step_id,
        verdict=decision.verdict,
        reason=decision.reason,
        mark_ids=tuple(given.mark_id for given in row.given),
        raw_mean=float(mean) if mean else None,
        by=decision.decided_by,
        reverses_id=decision.reverses_id,
    )


def clear_notes(
    application_id: UUID, *, marks: Collection[UUID], by: UUID, number: int | None = None
) -> None:
    """Let exactly these reviewers' notes on a person at a step go into documents, three at most.

    `number` is that of the step, by default where they are.
    """
    rules.check_notes(len(set(marks)))
    application = _there(application_id)
    if queries.is_blind(application.opening, by):
        raise Missing
    step = queries.step_reached(application, number)
    row = queries.row_of(application, step)
    noted = {given.mark_id for given in row.given if given.note} if row else set()
    if not set(marks) <= noted:
        raise Missing
    cleared = (ClearedNote.application_id == application_id) & ClearedNote.mark_id.in_(noted)
    session.execute(delete(ClearedNote).where(cleared, ClearedNote.mark_id.not_in(marks)))
    there = set(session.scalars(select(ClearedNote.mark_id).where(cleared)))
    session.add_all(
        ClearedNote(mark_id=id, application_id=application_id, cleared_by=by, cleared_at=now())
        for id in set(marks) - there
    )
    session.flush()


def ask_for_export(
    opening_id: UUID, *, paper: Paper, named: bool, by: UUID, id: UUID | None = None
) -> UUID:
    """Freeze the shortlist as it stands, with the ledger's head, for the worker to draw.

    The same `id` again gives what was frozen before. Raises Missing when it is another's.
    """
    id = id or uuid4()
    if known := made_before(Export, id, maker="asked_by", by=by):
        return known.id
    _hold_still(opening_id)
    shortlist = queries.shortlist_of(opening_id)
    if queries.is_blind(opening_of(opening_id), by):
        raise Missing
    if not shortlist.rows:
        raise Refused(_("Nobody has handed in for good yet, so there is nothing to put on paper."))
    asked = _asked(paper=paper, named=named, by=by)
    export = _export(id, shortlist, freeze(shortlist, asked), asked, by=by)
    announce(ExportAsked(export_id=export.id, step_id=export.step_id, by=by))
    queue.nudge("exports")
    return export.id


def _hold_still(opening_id: UUID) -> None:
    """Let no decision and no mark come between the statements that read the shortlist."""
    session.execute(
        select(Application.id)
        .where(Application.opening_id == opening_id)
        .order_by(Application.id)
        .with_for_update()
    )
    locked_panel(queries.last_step(opening_of(opening_id)).id)


def _asked(*, paper: Paper, named: bool, by: UUID) -> Asked:
    house, head = organisation(), tip()
    return Asked(
        organisation=house.name,
        language=house.language,
        zone=house.time_zone,
        paper=paper,
        named=named,
        by=names_of_accounts([by])[by],
        at=now(),
        ledger_number=head.number,
        ledger_hash=head.hash,
    )


def _export(id: UUID, shortlist: Shortlist, frozen: Frozen, asked: Asked, *, by: UUID) -> Export:
    export = Export(
        id=id,
        step_id=shortlist.step_id,
        asked_by=by,
        asked_at=asked.at,
        frozen=frozen,
        ledger_number=asked.ledger_number,
        ledger_hash=asked.ledger_hash,
        people=len(shortlist.rows),
    )
    session.add(export)
    session.flush()
    return export


def note_pages(export_id: UUID, pages: int) -> None:
    """How many pages are laid out so far."""
    if (export := session.get(Export, export_id)) is not None:  # else somebody in it was erased
        export.pages = pages


def finish_export(export_id: UUID, *, pdf: Lying, csv: Lying, name: str) -> None:
    """Keep what was drawn. Raises Refused, and keeps nothing, when another worker took the claim over."""
    pdf_id = keep(pdf, name=f"{name}.pdf", media_type="application/pdf").id
    csv_id = keep(csv, name=f"{name}.csv", media_type="text/csv").id
    if not claims.settle(Export, export_id, "done", error=None, pdf_id=pdf_id, csv_id=csv_id):
        raise Refused(_("Another worker draws this document."))


def give_up(export_id: UUID, *, error: str) -> bool:
    """Say why a document could not be drawn."""
    return claims.settle(Export, export_id, "failed", error=error)
