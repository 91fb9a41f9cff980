"""Inviting staff, changing what they may, ending their access, describing the organisation."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.accounts import actions, queries
from hiring.accounts.models import Account, RoleGrant, SignIn
from hiring.accounts.settings import forget, organisation
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Missing, Refused
from hiring.ledger.models import Entry
from hiring.outbox.models import Message
from tests.accounts.crew import invited, joined, signed_in
from tests.races import together


def roles_of(account_id: UUID) -> frozenset[str]:
    """What the account may do now."""
    session.expire_all()
    return session.get_one(Account, account_id).role_names


def test_an_invited_account_has_roles_no_password_and_a_letter(app: Flask) -> None:
    vic = invited("Vic", "reviewer", "recruiter", by=joined("Ola", "owner"))
    account = session.get_one(Account, vic)
    assert account.role_names == {"reviewer", "recruiter"}
    assert account.password is None
    letters = session.scalars(select(Message).where(Message.about == vic)).all()
    assert [(m.kind, m.to_address) for m in letters] == [("staff-invitation", "vic@osier.example")]


def test_an_address_in_another_spelling_is_the_same_account(app: Flask) -> None:
    invited("Vic", "reviewer")
    with writing(), pytest.raises(Refused, match="Vic has an account") as refusal:
        actions.invite("VIC@Osier.Example", name="Vic again", roles=["owner"], by=None)
    assert refusal.value.field == "address"


def test_a_changed_role_keeps_its_history_and_ends_open_sessions(app: Flask) -> None:
    ola, vic = joined("Ola", "owner"), joined("Vic", "reviewer")
    browser = signed_in(app, "Vic")
    with at(now() + timedelta(hours=1)) as later, writing():
        actions.change_roles(vic, roles=["recruiter"], by=ola)
    grants = session.scalars(select(RoleGrant).where(RoleGrant.account_id == vic)).all()
    assert {(g.name, g.held_to) for g in grants} == {("reviewer", later), ("recruiter", None)}
    assert {g.granted_by for g in grants if g.name == "recruiter"} == {ola}
    assert session.scalars(select(SignIn.ended_at).where(SignIn.account_id == vic)).all() == [later]
    assert browser.get("/account/change").status_code == 303


def test_the_same_roles_again_change_nothing(app: Flask) -> None:
    ola, vic = joined("Ola", "owner"), invited("Vic", "reviewer")
    entries = session.query(Entry).count()
    with writing():
        actions.change_roles(vic, roles=["reviewer"], by=ola)
    assert session.query(RoleGrant).where(RoleGrant.account_id == vic).count() == 1
    assert session.query(Entry).count() == entries


def test_ending_an_access_ends_sessions_roles_and_links_at_once(app: Flask) -> None:
    ola, vic = joined("Ola", "owner"), joined("Vic", "reviewer")
    before = session.get_one(Account, vic).fs_uniquifier
    browser = signed_in(app, "Vic")
    assert browser.get("/account/change").status_code == 200
    with writing():
        actions.end_access(vic, by=ola)
    assert browser.get("/account/change").status_code == 303
    account = session.get_one(Account, vic)
    assert (account.active, account.role_names, account.password) == (False, frozenset(), None)
    assert account.fs_uniquifier != before
    assert queries.names_of_accounts([vic]) == {vic: "Vic"}  # marks still point at it
    with writing(), pytest.raises(Missing):
        actions.end_access(vic, by=ola)


def test_somebody_invited_again_after_the_end_comes_back_to_their_own_account(app: Flask) -> None:
    ola, vic = joined("Ola", "owner"), invited("Vic", "reviewer")
    with writing():
        actions.end_access(vic, by=ola)
    assert invited("Vic", "recruiter", by=ola) == vic
    assert roles_of(vic) == {"recruiter"}


def test_the_last_owner_can_neither_end_nor_lower_themselves(app: Flask) -> None:
    ola = joined("Ola", "owner")
    invited("Una", "owner")  # invited, and has not come yet
    with writing(), pytest.raises(Refused, match="Nobody else is owner"):
        actions.end_access(ola, by=ola)
    with writing(), pytest.raises(Refused, match="Nobody else is owner"):
        actions.change_roles(ola, roles=["recruiter"], by=ola)
    joined("Noa", "owner")
    with writing():
        actions.change_roles(ola, roles=["recruiter"], by=ola)
    assert roles_of(ola) == {"recruiter"}


def test_an_invitation_goes_out_again_until_a_password_is_chosen(app: Flask) -> None:
    ola, vic = joined("Ola", "owner"), invited("Vic", "reviewer")
    with at(now() + timedelta(days=8)) as later, writing():
        actions.invite_again(vic, by=ola)
    assert session.get_one(Account, vic).invited_at == later
    assert session.query(Message).where(Message.about == vic).count() == 2
    with writing(), pytest.raises(Refused, match="chosen a password"):
        actions.invite_again(ola, by=ola)


def test_what_the_organisation_says_is_kept_and_written_down(app: Flask) -> None:
    ola = joined("Ola", "owner")
    said = {"name": "Osier", "line": "Cargo bikes", "postal_address": "Dok Noord 7\nGhent"}
    for hue in (262, 140):
        with writing():
            actions.describe_organisation(**said, time_zone="Europe/Brussels", hue=hue, by=ola)
    forget()
    assert (organisation().name, organisation().hue) == ("Osier", 140)
    entries = session.scalars(select(Entry).where(Entry.kind == "organisation")).all()
    assert [e.facts["changed"] for e in entries][-1] == ["hue"]
    with writing(), pytest.raises(Refused):
        actions.describe_organisation(**said, time_zone="Mars/Olympus", hue=1, by=ola)


def test_every_change_of_staff_is_in_the_ledger(app: Flask) -> None:
    ola, vic = joined("Ola", "owner"), invited("Vic", "reviewer")
    with writing():
        actions.change_roles(vic, roles=["recruiter"], by=ola)
    with writing():
        actions.end_access(vic, by=ola)
    kinds = session.scalars(
        select(Entry.kind).where(Entry.subject == str(vic)).order_by(Entry.number)
    ).all()
    assert kinds == ["staff-invited", "roles", "access-ended"]


def end_in_another_process(whom: str, by: str) -> str:
    """What each process of the race does."""
    with writing():
        actions.end_access(UUID(whom), by=UUID(by))
        time.sleep(0.5)  # so that the other's check falls into this act, however busy the machine
    return "ended"


@pytest.mark.race
def test_two_owners_cannot_end_each_other_at_the_same_moment(app: Flask) -> None:
    ola, noa = joined("Ola", "owner"), joined("Noa", "owner")
    results = together(end_in_another_process, [str(ola), str(noa)], [str(noa), str(ola)])
    assert sorted(results) == ["Refused", "ended"]
    session.rollback()
    assert len(session.scalars(queries.holding("owner")).all()) == 1


def invite_in_another_process(address: str) -> str:
    """What each process of the race does."""
    with writing():
        account_id = actions.invite(address, name="Vic", roles=["reviewer"], by=None)
        time.sleep(0.5)
    return str(account_id)


@pytest.mark.race
def test_one_address_invited_by_several_at_once_becomes_one_account(app: Flask) -> None:
    results = together(invite_in_another_process, *[["vic@osier.example"]] * 4)
    assert results.count("Refused") == 3
    session.rollback()
    assert session.query(Account).count() == 1
    assert session.query(Message).count() == 1
