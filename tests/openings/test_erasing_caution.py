"""What erases by itself is cautious: no slip, no wrong clock, nobody at work, and nothing that fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from hiring.attempts.tasks import close_due
from hiring.kernel import clearing, outlived, steadiness
from hiring.kernel.clock import at, now, wall
from hiring.kernel.database import session, writing
from hiring.openings import erasing, notice, sendings
from hiring.openings.applying import Applicant, apply
from hiring.openings.imports import Import
from hiring.openings.models import Application, Invitation, Opening
from hiring.openings.tasks import erase_due, forget_imports
from hiring.people import erasing as people
from hiring.people.models import Person
from hiring.people.tasks import erase_strangers
from tests import factories as make
from tests.openings.test_erasing import erase, erased, last_moment
from tests.openings.test_views import facts, url

ADDRESS = "kit@example.org"
LIST = "Name;E-mail\nAna Pires;ana@example.org\n"


@pytest.fixture(autouse=True)
def certain() -> Iterator[None]:
    """No doubt of a test before."""
    steadiness._doubted.clear()
    yield
    steadiness._doubted.clear()


def doubt() -> None:
    """The worker last looked a year ago, by a clock that says so."""
    with writing():
        long_ago = wall() - timedelta(days=365)
        session.merge(steadiness.LastSweep(name=steadiness.ONE, at=long_ago))


def applied(opening_id: UUID, address: str = ADDRESS) -> Invitation:
    """Somebody types an address on the public page, and agrees to what it says now."""
    held = session.get_one(Opening, opening_id)
    applicant = Applicant(address, "Kit Marlow", notice.agreement(held))
    session.rollback()
    with writing():
        apply(opening_id, applicant)
    newest = select(Invitation).order_by(Invitation.invited_at.desc()).limit(1)
    return session.scalars(newest).one()


# ── A slip on *Facts* ──


def test_no_change_erases_anybody_within_a_week(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=12)
    invitation = make.invited(opening_id)
    with at(last_moment(opening_id) - timedelta(days=270)):  # three months after they heard
        rae = make.signed_in(app, "rae")
        for months in ("1", "2", "3"):
            sent = facts(rae, opening_id, kept_months=months)
            page = rae.post(url(opening_id, "/facts"), data=sent)
            assert page.status_code == 422
            assert "What one person gave would be erased after" in page.text
        assert erase_due() == 0
        sent = facts(rae, opening_id, kept_months="6")
        assert rae.post(url(opening_id, "/facts"), data=sent).status_code == 303
        assert erase_due() == 0
    assert not erased(invitation.application_id)


def test_a_day_is_free_where_nobody_is_or_that_moves_later(app: Flask) -> None:
    empty, late = make.opening(kept_months=12)[0], make.opening(title="Baker", kept_months=1)[0]
    make.invited(late)
    with at(last_moment(empty) - timedelta(days=270)):
        rae = make.signed_in(app, "rae")
        sent = facts(rae, empty, kept_months="1")
        assert rae.post(url(empty, "/facts"), data=sent).status_code == 303
        sent = facts(rae, late, kept_months="2")  # over all the same, but kept longer than it was
        assert rae.post(url(late, "/facts"), data=sent).status_code == 303


# ── A wrong clock ──


def test_a_clock_that_jumped_erases_nobody_by_a_day_and_whoever_asks(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1)
    stays, asks = make.invited(opening_id), make.invited(opening_id, "b@example.org")
    assert erase(asks.application_id)
    stranger = session.scalar(select(func.count()).where(Person.erased_at.is_(None)))
    make.waiting(opening_id, "a@example.org")
    make.filed(opening_id, LIST)
    with writing():
        session.get_one(Application, asks.application_id).erased_at = None  # an older backup
    doubt()
    with at(last_moment(opening_id) + timedelta(days=400)):
        assert erase_due() == 1
        assert erase_strangers() == 0
        forget_imports()
    assert not erased(stays.application_id)
    assert erased(asks.application_id)
    assert session.scalar(select(func.count()).select_from(Import)) == 1
    assert stranger == 1


# ── What fails ──


def test_a_list_that_cannot_be_written_keeps_nobody(app: Flask, tmp_path: Path) -> None:
    opening_id, _step = make.opening(kept_months=1)
    asks, other = make.invited(opening_id), make.invited(opening_id, "b@example.org")
    listed, rae = app.extensions["outlived"], make.signed_in(app, "rae")
    app.extensions["outlived"] = tmp_path / "no folder" / "erased.txt"
    try:
        page = f"/staff/openings/{opening_id}/applications/{asks.application_id}/erasure"
        assert rae.post(page).status_code == 303
        app.extensions["outlived"] = tmp_path  # neither to be read
        with at(last_moment(opening_id) + timedelta(days=1)):
            assert erase_due() == 1
    finally:
        app.extensions["outlived"] = listed
    assert erased(asks.application_id)
    assert erased(other.application_id)
    assert erase_due() == 0
    pseudonym = session.get_one(Application, asks.application_id).pseudonym
    assert pseudonym in outlived.listed()


def test_many_that_fail_do_not_stand_before_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    opening_id, _step = make.opening(kept_months=1)
    ids = [make.invited(opening_id, f"{n}@example.org").application_id for n in range(5)]
    numbers = {session.get_one(Application, id).person_id: number for number, id in enumerate(ids)}
    really = erasing.people.hold

    def dies(person_id: UUID) -> Person:
        if numbers[person_id] < 3:
            raise OSError("the disk is full")
        return really(person_id)

    monkeypatch.setattr(erasing.people, "hold", dies)
    with at(last_moment(opening_id) + timedelta(days=1)):
        assert erase_due() == 2
    assert [erased(id) for id in ids] == [False, False, False, True, True]


def test_a_stranger_who_cannot_be_erased_keeps_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "AT_ONCE", 1)
    opening_id, _step = make.opening()
    batch = make.waiting(opening_id, "a@example.org", "b@example.org", "c@example.org")
    with writing():
        sendings.take_back(batch, by=make.staff("rae"))
    first, really = list[UUID](), people.erase_stranger

    def dies(person_id: UUID) -> bool:
        if not first or person_id == first[0]:
            first[:] = [person_id]
            raise OSError("the disk is full")
        return really(person_id)

    monkeypatch.setattr(people, "erase_stranger", dies)
    with at(now() + timedelta(hours=25)):
        assert erase_strangers() == 2


def test_one_file_that_cannot_be_unlinked_keeps_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        clearing.unwant(["a", "b", "c"])
    gone: list[str] = []

    def unlink(keys: list[str]) -> None:
        if "a" in keys:
            raise PermissionError("a")
        gone.extend(keys)

    monkeypatch.setattr(clearing, "AT_ONCE", 1)
    monkeypatch.setattr(clearing, "clear_away", unlink)
    with at(now() + clearing.GRACE):
        clearing.clear()
    assert gone == ["b", "c"]
    assert session.scalars(select(clearing.UnwantedFile.key)).all() == ["a"]


# ── What was agreed to ──


def test_whoever_types_an_address_again_lengthens_no_promise(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1, public_form=True)
    make.started(applied(opening_id))  # confirmed: only the day is left to end it
    end = last_moment(opening_id)
    with writing():
        session.get_one(Opening, opening_id).kept_months = 12
    with at(now() + timedelta(hours=1)):
        applied(opening_id)
    with at(end + timedelta(seconds=2)):
        close_due()
        assert erase_due() == 1


def test_whoever_agreed_to_a_day_is_told_of_before_it_comes(app: Flask) -> None:
    opening_id, _step = make.opening(kept_months=1, public_form=True)
    make.started(applied(opening_id))
    make.invited(opening_id, "b@example.org")
    end, soon = last_moment(opening_id), "One undecided person is erased after"
    with at(end - timedelta(days=3)):
        assert soon not in make.signed_in(app, "rae").get(url(opening_id)).text
    with writing():
        session.get_one(Opening, opening_id).kept_months = 12
    for days, said in ((16, False), (13, True), (0, True)):
        with at(end - timedelta(days=days)):
            rae = make.signed_in(app, "rae")
            assert (soon in rae.get(url(opening_id)).text) == said
            page = rae.get(url(opening_id, "/facts")).text
            assert "One person who applied on the public page agreed to be kept until" in page
    with at(end + timedelta(days=1)):
        close_due()
        assert erase_due() == 1
        rae = make.signed_in(app, "rae")
        assert soon not in rae.get(url(opening_id)).text
        assert "agreed to be kept until" not in rae.get(url(opening_id, "/facts")).text


def test_an_application_whose_link_was_taken_back_goes_and_may_come_again(app: Flask) -> None:
    far = (now() + timedelta(days=100)).date()
    opening_id, _step = make.opening(public_form=True, hear_by=far)
    first = applied(opening_id)
    with writing():
        session.get_one(Invitation, first.id).revoked_at = now()
    with at(now() + erasing.UNCONFIRMED - timedelta(minutes=1)):
        assert erase_due() == 0
    with at(now() + erasing.UNCONFIRMED + timedelta(minutes=1)):
        assert erase_due() == 1
        again = applied(opening_id)
    assert again.application_id != first.application_id
    assert again.revoked_at is None


# ── Why it was ──


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("asked", "as was asked for"),
        ("day", "kept as long as was promised"),
        ("unconfirmed", "nobody used the link"),
        ("again", "an older backup had brought it back"),
    ],
)
def test_its_page_says_why_it_was_erased(app: Flask, why: str, told: str) -> None:
    far = (now() + timedelta(days=200)).date()
    opening_id, _step = make.opening(kept_months=1, public_form=True, hear_by=far)
    application_id = applied(opening_id).application_id
    rae = make.staff("rae")
    late = last_moment(opening_id) + timedelta(days=1)
    when = {"day": late, "unconfirmed": now() + timedelta(days=60)}.get(why, now())
    with at(when), writing():
        asked = {"by": rae} if why == "asked" else {}
        assert erasing.erase(application_id, again=why == "again", **asked)
    page = f"/staff/openings/{opening_id}/applications/{application_id}/erasure"
    assert told in make.signed_in(app, "rae").get(page).text
