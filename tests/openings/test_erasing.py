"""When something is erased, and when it is not: by its day, unconfirmed, taken back, asked for sooner."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hiring.attempts import actions as attempts
from hiring.attempts.blind import BlindAnswer
from hiring.attempts.closing import settle
from hiring.attempts.models import Attempt, Revision
from hiring.attempts.queries import desk_of
from hiring.attempts.tasks import close_due, make_copies
from hiring.kernel import clearing, outlived, storage
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.tokens import seal
from hiring.ledger.models import Entry
from hiring.openings import erasing, notice, queries, sendings
from hiring.openings.applying import Applicant, apply
from hiring.openings.models import Application, Invitation, Opening
from hiring.openings.tasks import erase_due
from hiring.outbox.models import Message
from hiring.people.models import Consent, Person
from hiring.people.tasks import erase_strangers
from hiring.reviewing.models import Assignment
from hiring.shortlists import actions as shortlists
from hiring.shortlists.queries import shortlist_of
from tests import factories as make

ADDRESS = "kit@example.org"


def application_of(invitation: Invitation) -> Application:
    session.rollback()
    return session.get_one(Application, invitation.application_id, populate_existing=True)


def last_moment(opening_id: UUID) -> datetime:
    """The last second that the notice gives."""
    day: date = notice.kept_until(session.get_one(Opening, opening_id))
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), queries.zone())
    return end - timedelta(seconds=1)


def erase(application_id: UUID) -> bool:
    rae = make.staff("rae")
    with writing():
        return erasing.erase(application_id, by=rae)


def erased(application_id: UUID) -> bool:
    session.rollback()
    row = session.get_one(Application, application_id, populate_existing=True)
    return row.erased_at is not None


# ── By its day ──


def test_it_is_kept_through_its_day_and_gone_after_it(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1)
    invitation = make.invited(opening_id)
    end = last_moment(opening_id)
    with at(end):
        assert erase_due() == 0
    assert application_of(invitation).erased_at is None
    with at(end + timedelta(seconds=2)):
        assert erase_due() == 1
        assert erase_due() == 0
    assert application_of(invitation).erased_at is not None


def test_a_day_that_is_moved_later_before_it_comes_keeps_it(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1)
    invitation = make.invited(opening_id)
    end = last_moment(opening_id)
    with writing():
        session.get_one(Opening, opening_id).kept_months = 12
    with at(end + timedelta(days=1)):
        assert erase_due() == 0
        with writing():
            assert not erasing.erase(invitation.application_id)


def test_whoever_agreed_to_an_earlier_day_is_erased_on_it(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1, public_form=True)
    held = session.get_one(Opening, opening_id)
    applicant, end = (
        Applicant(ADDRESS, "Kit Marlow", notice.agreement(held)),
        last_moment(opening_id),
    )
    session.rollback()
    with writing():
        apply(opening_id, applicant)
    make.started(session.scalars(select(Invitation)).one())
    with writing():
        session.get_one(Opening, opening_id).kept_months = 12
    with at(end - timedelta(days=1)):
        assert erase_due() == 0
    with at(end + timedelta(days=1)):
        assert erase_due() == 0, "Nobody is erased while they work."
        close_due()
        assert erase_due() == 1
    assert session.scalar(select(func.count()).select_from(Consent)) == 0


def test_those_of_a_pilot_stay(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1)
    make.invited(opening_id)
    end = last_moment(opening_id)
    with writing():
        session.get_one(Opening, opening_id).kind = "pilot"
    with at(end + timedelta(days=9)):
        assert erase_due() == 0


def test_one_that_fails_keeps_nobody_waiting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    opening_id, _step = make.opening(kept_months=1)
    first, second = (make.invited(opening_id, f"{n}@example.org") for n in "ab")
    end, really = last_moment(opening_id), erasing.people.hold

    def dies(person_id: UUID) -> Person:
        if person_id == person:
            raise OSError("the disk is full")
        return really(person_id)

    person = application_of(first).person_id
    monkeypatch.setattr(erasing.people, "hold", dies)
    with at(end + timedelta(days=1)):
        assert erase_due() == 1
    assert not erased(first.application_id)
    assert erased(second.application_id)
    theirs = select(Message.to_address).where(Message.kind == "invitation")
    assert set(session.scalars(theirs)) == {"a@example.org", ""}


# ── Who they are ──


def test_who_is_known_elsewhere_stays_known_there_alone(app: Flask) -> None:
    here, there = make.opening()[0], make.opening(title="Baker")[0]
    attempt_id = make.taken(here)
    first = session.get_one(Attempt, attempt_id).application_id
    second = make.invited(there).application_id
    assert erase(first)
    rows = {row.id: row for row in session.scalars(select(Application))}
    people = {row.id: row for row in session.scalars(select(Person))}
    assert people[rows[second].person_id].address == ADDRESS
    assert people[rows[first].person_id].address == ""
    assert session.get_one(Attempt, attempt_id).person_id == rows[first].person_id
    told = session.scalars(select(Message).where(Message.to_address == ADDRESS)).all()
    assert {message.about for message in told} == {
        session.scalars(select(Invitation.id).where(Invitation.application_id == second)).one()
    }
    assert erase(second)
    assert session.scalar(select(func.count()).where(Person.erased_at.is_(None))) == 0


def test_an_address_that_was_erased_can_be_invited_anew(app: Flask) -> None:
    opening_id, _step = make.opening()
    first = make.invited(opening_id)
    assert erase(first.application_id)
    second = make.invited(opening_id, name="Kit M.")
    assert second.application_id != first.application_id
    assert application_of(second).person_id != application_of(first).person_id
    page = make.signed_in(app, "rae").get(f"/staff/openings/{opening_id}").text
    assert "Kit M." in page
    assert "Erased on" in page


def test_a_consent_that_runs_for_something_else_keeps_who_they_are(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1)
    invitation = make.invited(opening_id)
    person_id = application_of(invitation).person_id
    with writing():
        session.add(
            Consent(person_id=person_id, purpose="talent", act="box", text="Yes", given_at=now(),
                    expires_at=now() + timedelta(days=900))
        )  # fmt: skip
    with at(last_moment(opening_id) + timedelta(days=1)):
        assert erase_due() == 1
        assert erase_strangers() == 0
    assert session.get_one(Person, person_id).address == ADDRESS
    assert application_of(invitation).person_id != person_id
    with at(now() + timedelta(days=901)):
        assert erase_strangers() == 1
    assert session.get_one(Person, person_id, populate_existing=True).address == ""


def test_whose_invitation_was_taken_back_is_forgotten_the_next_day(app: Flask) -> None:
    opening_id, _step = make.opening()
    batch = make.waiting(opening_id, "a@example.org", "b@example.org", name="Ana Pires")
    make.invited(opening_id)
    with writing():
        sendings.take_back(batch, by=make.staff("rae"))
    assert erase_strangers() == 0
    with at(now() + timedelta(hours=25)):
        assert erase_strangers() == 2
        assert erase_strangers() == 0
    left = session.scalars(select(Person.address).where(Person.erased_at.is_(None))).all()
    assert left == [ADDRESS]
    theirs = select(Message.to_address).where(Message.kind == "invitation")
    assert set(session.scalars(theirs)) == {ADDRESS, ""}


def test_who_is_of_the_house_keeps_the_letters_of_their_account(app: Flask) -> None:
    opening_id, _step = make.opening()
    invitation = make.invited(opening_id, "zia@osier.example", "Zia Rahmani")
    assert erase(invitation.application_id)
    theirs = select(Message.kind, Message.state).where(Message.to_address == "zia@osier.example")
    assert session.execute(theirs).all() == [("staff-invitation", "waiting")]


def test_nobody_can_be_given_a_name_again(app: Flask) -> None:
    opening_id, _step = make.opening()
    invitation = make.invited(opening_id)
    assert erase(invitation.application_id)
    rae = make.signed_in(app, "rae")
    here = f"/staff/openings/{opening_id}/applications/{invitation.application_id}"
    assert rae.post(f"{here}/name", data={"name": "Kit"}).status_code == 404
    assert rae.post(f"{here}/address", data={"address": "x@example.org"}).status_code == 404
    assert rae.get(f"{here}/name").location.endswith("/erasure")
    assert {row.name for row in session.scalars(select(Person))} == {""}


# ── Never confirmed ──


@pytest.fixture
def by_form(app: Flask) -> Invitation:
    """Somebody typed an address on the public page of an opening that runs for long."""
    far = (now() + timedelta(days=200)).date()
    opening_id, _step = make.opening(public_form=True, hear_by=far)
    held = session.get_one(Opening, opening_id)
    applicant = Applicant(ADDRESS, "Kit Marlow", notice.agreement(held))
    session.rollback()
    with writing():
        apply(opening_id, applicant)
    return session.scalars(select(Invitation)).one()


def test_an_application_that_nobody_confirmed_goes_two_weeks_after_its_link(
    by_form: Invitation,
) -> None:
    ends = by_form.expires_at + erasing.UNCONFIRMED
    with at(ends - timedelta(minutes=1)):
        assert erase_due() == 0
    with at(ends + timedelta(minutes=1)):
        assert erase_due() == 1


def test_who_has_begun_or_was_invited_has_confirmed(by_form: Invitation) -> None:
    make.invited(by_form.application.opening_id, "asked@example.org")
    make.started(by_form)
    with at(by_form.expires_at + 2 * erasing.UNCONFIRMED):
        assert erase_due() == 0


# ── In the race ──


def test_one_to_decide_about_leaves_the_pile_and_the_numbers(app: Flask) -> None:
    opening_id, step_id = make.opening()
    stays = make.taken(opening_id, "other@example.org", "Ilse Ackermann")
    goes = session.get_one(Attempt, make.taken(opening_id)).application_id
    rae = make.signed_in(app, "rae")
    page = f"/staff/openings/{opening_id}/applications/{goes}/erasure"
    assert "They leave the opening" in rae.get(page).text
    assert rae.post(page).status_code == 303
    shortlist = shortlist_of(opening_id)
    assert [row.name for row in shortlist.rows] == ["Ilse Ackermann"]
    assert shortlist.outside == 0
    held = select(BlindAnswer.id).join(Assignment, Assignment.blind_answer_id == BlindAnswer.id)
    open_ = session.scalars(held.where(Assignment.released_at.is_(None))).all()
    mine = select(BlindAnswer.id).where(BlindAnswer.withdrawn)
    assert open_
    assert not set(open_) & set(session.scalars(mine))
    assert not erased(session.get_one(Attempt, stays).application_id)
    with pytest.raises(Refused), writing():
        shortlists.decide(
            goes, verdict="hire", reason="one two three", after=0, by=make.staff("rae")
        )


def test_work_that_runs_stops_and_nothing_comes_into_it(app: Flask) -> None:
    opening_id, _step = make.opening()
    invitation = make.invited(opening_id)
    attempt_id = make.started(invitation)
    make.saved(attempt_id, "half a sentence")
    work = desk_of(attempt_id).work(2)
    assert erase(invitation.application_id)
    for when in (now(), now() + timedelta(days=1)):
        with at(when), pytest.raises(Missing), writing():
            attempts.save(
                attempt_id, task_id=work.task.id, fields=MultiDict({"text": "more of it"}), base=0,
                tab="t", nth=9, arrived_at=now(),
            )  # fmt: skip
        with at(when):
            close_due()
    assert session.scalar(select(func.count()).select_from(BlindAnswer)) == 0
    assert [row.value for row in session.scalars(select(Revision))] == [work.kind.empty()]


def test_the_browser_that_comes_back_is_told_kindly(app: Flask) -> None:
    opening_id, _step = make.opening()
    invitation = make.invited(opening_id)
    token, kit = seal("invitation", invitation.id), make.browser(app)
    begun = kit.post(f"/invitations/{token}/attempt", data={"time": "1"})
    attempt_id = session.scalars(select(Attempt.id)).one()
    assert begun.status_code == 303
    assert erase(invitation.application_id)
    for path in ("", "/tasks/2", "/receipt"):
        page = kit.get(f"/attempts/{attempt_id}{path}")
        assert (page.status_code, "What you gave was erased" in page.text) == (410, True)
    task_id = desk_of(attempt_id).work(2).task.id
    save, written = f"/answers/{task_id}", {"task": str(task_id), "text": "more of it"}
    for path in (save, "/submission", "/reopening"):
        page = kit.post(f"/attempts/{attempt_id}{path}", data=written)
        assert (page.status_code, "What you gave was erased" in page.text) == (410, True)
    by_itself = {"HX-Request": "true", "HX-Request-Type": "partial"}
    saved = kit.post(f"/attempts/{attempt_id}{save}", data=written, headers=by_itself)
    assert saved.status_code == 404
    assert kit.post(f"/invitations/{token}/attempt", data={"time": "1"}).status_code == 410
    more = kit.post(f"/invitations/{token}/more-days", follow_redirects=True)
    assert (more.status_code, "There are no more days" in more.text) == (410, False)


def test_a_letter_that_waits_never_leaves(app: Flask) -> None:
    opening_id, _step = make.opening()
    make.waiting(opening_id, ADDRESS, "other@example.org")
    mine = select(Application).join(Person, Person.id == Application.person_id)
    application = session.scalars(mine.where(Person.address == ADDRESS)).one()
    assert erase(application.id)
    theirs = select(Message.to_address, Message.state).where(Message.kind == "invitation")
    states = {row.to_address: row.state for row in session.execute(theirs)}
    assert states == {"": "skipped", "other@example.org": "waiting"}


# ── Who may ──


@pytest.mark.parametrize(
    ("who", "status"), [("ola", 200), ("rae", 200), ("vic", 404), ("uma", 404)]
)
def test_who_may_see_and_press_it(app: Flask, who: str, status: int) -> None:
    opening_id, _step = make.opening(panel=["vic", "uma", "wen"])
    application_id = make.invited(opening_id).application_id
    page = f"/staff/openings/{opening_id}/applications/{application_id}/erasure"
    client = make.signed_in(app, who)
    assert client.get(page).status_code == status
    assert client.post(page).status_code == (303 if status == 200 else status)
    assert erased(application_id) == (status == 200)


def test_who_marks_it_learns_nothing_of_who_was_erased(app: Flask) -> None:
    opening_id, _step = make.opening(panel=["uma", "wen"])
    application_id = make.invited(opening_id).application_id
    assert erase(application_id)
    uma, here = make.signed_in(app, "uma"), f"/staff/openings/{opening_id}/applications"
    pages = ("name", "address", "answers", "erasure")
    assert {uma.get(f"{here}/{application_id}/{page}").status_code for page in pages} == {404}


def test_a_forged_way_to_it_is_none(app: Flask) -> None:
    here, there = make.opening()[0], make.opening(title="Baker")[0]
    application_id = make.invited(here).application_id
    rae, wrong = make.signed_in(app, "rae"), f"/staff/openings/{there}/applications"
    assert rae.post(f"{wrong}/{application_id}/erasure").status_code == 404
    stranger = make.browser(app).post(
        f"/staff/openings/{here}/applications/{application_id}/erasure"
    )
    assert stranger.status_code != 303 or "login" in stranger.location
    assert not erased(application_id)


# ── Files ──


def test_a_file_is_unlinked_after_the_commit_by_whoever_comes_next(app: Flask) -> None:
    wanted = make.version_with_files(types=["text"])
    opening_id, _step = make.opening(version_id=wanted.id)
    invitation = make.invited(opening_id)
    attempt_id = make.started(invitation)
    upload_id = make.handed_in(attempt_id, b"a plan", "plan.txt")
    make_copies()
    make.submitted(attempt_id)
    with at(now() + timedelta(minutes=11)):
        assert settle(attempt_id)
    with pytest.raises(RuntimeError, match="killed"):
        killed(invitation.application_id)
    assert storage.lying_at(f"{upload_id}") == b"a plan"
    assert erase(invitation.application_id)
    keys = list(session.scalars(select(clearing.UnwantedFile.key)))
    assert f"{upload_id}" in keys
    clearing.clear()
    assert storage.lying_at(f"{upload_id}") == b"a plan", "A piece that arrives now would stay."
    for _worker in range(2):
        with at(now() + clearing.GRACE):
            clearing.clear()
    for key in keys:
        with pytest.raises(FileNotFoundError):
            storage.lying_at(key)
    assert session.scalar(select(func.count()).select_from(clearing.UnwantedFile)) == 0


def killed(application_id: UUID) -> None:
    rae = make.staff("rae")
    with writing():
        erasing.erase(application_id, by=rae)
        raise RuntimeError("killed before the commit")


def test_the_ledger_notes_each_once(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1)
    application_id = make.invited(opening_id).application_id
    assert erase(application_id)
    assert not erase(application_id)
    with at(last_moment(opening_id) + timedelta(days=1)):
        assert erase_due() == 0
    kinds = list(session.scalars(select(Entry.kind)))
    assert kinds.count("application-erased") == 1


# ── After an older backup was put back ──


def test_who_asked_is_erased_again_after_an_older_backup_is_put_back(app: Flask) -> None:
    opening_id, _step = make.opening()
    asked, stays = (make.invited(opening_id, f"{n}@example.org") for n in "ab")
    assert erase(asked.application_id)
    pseudonym = application_of(asked).pseudonym
    assert pseudonym in outlived.listed()
    with writing():  # as it stood in the backup
        row = session.get_one(Application, asked.application_id)
        row.erased_at, row.erased_by, row.stage = None, None, "invited"
        person = session.get_one(Person, row.person_id)
        person.erased_at, person.address, person.normalised_address = None, *["a@example.org"] * 2
    assert erase_due() == 1
    assert erased(asked.application_id)
    assert not erased(stays.application_id)
    assert session.get_one(Person, person.id, populate_existing=True).address == ""
    assert erase_due() == 0


def test_the_list_is_made_good_when_a_process_died_before_it_was_written(app: Flask) -> None:
    opening_id, _step = make.opening()
    invitation = make.invited(opening_id)
    assert erase(invitation.application_id)
    file = app.extensions["outlived"]
    file.write_text("no id\n\n")
    assert erase_due() == 0
    assert outlived.listed() == {application_of(invitation).pseudonym}


def test_what_is_not_committed_is_not_listed(app: Flask) -> None:
    application_id = make.invited(make.opening()[0]).application_id
    pseudonym = session.get_one(Application, application_id).pseudonym
    session.rollback()
    with pytest.raises(RuntimeError, match="killed"):
        killed(application_id)
    assert pseudonym not in outlived.listed()
