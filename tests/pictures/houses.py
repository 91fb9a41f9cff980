"""What the demo has no room for: a thousand people, a house where nothing has happened, letters that
wait or came back, and people who are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from hiring.accounts.models import Account
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.steadiness import ONE, LastSweep
from hiring.kernel.tokens import seal
from hiring.openings.erasing import erase
from hiring.openings.imports import Import
from hiring.openings.inviting import invite, revoke_invitation
from hiring.openings.models import Application
from hiring.openings.rules import Guest
from hiring.openings.sendings import begin, send_now, take_back
from hiring.outbox.models import Message
from hiring.people.models import Consent
from hiring.shortlists.actions import decide
from tests import factories
from tests.pictures.screens import Screen, open_all, opening_of_one_step
from tests.shortlists import hires

GIVEN = (
    "Ana",
    "Jonas",
    "Ifeoma",
    "Priit",
    "Hanne",
    "Tomás",
    "Aoife",
    "Kaj",
    "Sofía",
    "Yusuf",
    "Mei",
)
FAMILY = ("Pires", "Peeters", "Nwosu", "Õunapuu", "Brandt", "Ó Súilleabháin", "Lindqvist", "Haddad")
OTHERS = (
    "Nguyễn Thị Hồng Ánh", "Олександра Коваленко", "Ελένη Παπαδοπούλου", "محمد الحسيني", "渡辺 陽子",
    "Wolfeschlegelsteinhausenbergerdorff-van den Broecke, Hubert Blaine",
)  # fmt: skip
CROWD = 1000


def crowd() -> Iterator[Screen]:
    """A thousand people more in the demo's opening, and the lists that grow by them."""
    guests = [Guest(f"person{n}@example.org", _name(n)) for n in range(CROWD)]
    by = session.scalars(select(Account.id).where(Account.email.startswith("rae@"))).one()
    opening_id = opening_of_one_step().id
    with writing():
        invite(opening_id, guests=guests, expires_at=now() + timedelta(days=7), by=by)
    yield Screen("thousand-opening", "rae", f"/staff/openings/{opening_id}")
    yield Screen("thousand-opening-page-3", "rae", f"/staff/openings/{opening_id}?page=3")
    many = "E-mail;Name\n" + "".join(f"p{n}@example.org;{_name(n)}\n" for n in range(CROWD))
    brought = factories.filed(opening_id, many + "nobody;x\n" * 120, by="rae")
    yield Screen("thousand-import", "rae", f"/staff/openings/{opening_id}/imports/{brought}")
    yield Screen("thousand-openings", "rae", "/staff/openings")
    yield Screen("thousand-ledger", "rae", "/staff/ledger")
    yield Screen("thousand-outbox", "ola", "/staff/settings/outbox")


def _name(number: int) -> str:
    rest, family = divmod(number, len(FAMILY))
    others, given = divmod(rest, len(GIVEN))
    return (
        OTHERS[others] if others < len(OTHERS) and not given else f"{GIVEN[given]} {FAMILY[family]}"
    )


def nothing() -> Iterator[Screen]:
    """A house with three people in it and nothing else."""
    for who in ("ola", "rae", "wen"):
        factories.staff(who)
    yield Screen("none-public", "", "/")
    yield Screen("none-today", "rae", "/staff")
    yield Screen("none-today-reviewer", "wen", "/staff")
    yield Screen("none-openings", "rae", "/staff/openings")
    yield Screen("none-opening-new", "rae", "/staff/openings/new")
    yield Screen("none-assessments", "rae", "/staff/assessments")
    yield Screen("none-reviews", "wen", "/staff/reviews")
    yield Screen("none-ledger", "rae", "/staff/ledger?q=nothing")
    yield Screen("none-outbox", "ola", "/staff/settings/outbox")


def nobody() -> Iterator[Screen]:
    """An opening to which nobody was invited, drafts, and an opening whose names are hidden."""
    opening_id, _ = factories.opening(title="Support lead", panel=["wen"])
    yield Screen("nobody-opening", "rae", f"/staff/openings/{opening_id}")
    yield Screen("nobody-shortlist", "rae", f"/staff/openings/{opening_id}/shortlist")
    yield Screen("nobody-exports", "rae", f"/staff/openings/{opening_id}/exports")
    yield Screen("nobody-assessment", "rae", _draft(None))
    yield Screen("draft", "rae", _draft("the-invoice-charged-twice"))
    yield Screen("draft-open", "rae", _draft("the-invoice-charged-twice"), open_all)
    yield Screen("draft-removal", "rae", _draft("the-invoice-charged-twice") + "/removal")
    yield from states()
    blind, _ = factories.opening(title="Second line", panel=["uma", "wen"])
    yield Screen("blind-opening", "uma", f"/staff/openings/{blind}")
    yield Screen("blind-shortlist", "uma", f"/staff/openings/{blind}/shortlist")


def states() -> Iterator[Screen]:
    """What becomes of people, each in an opening of its own."""
    yield from letters()
    yield from gone()
    yield from advanced()
    yield from missed()


def letters() -> Iterator[Screen]:
    """Letters that wait, that were taken back, and that came back, in an opening of their own."""
    opening_id, _ = factories.opening(title="Night shift", panel=["wen"])
    base, by = f"/staff/openings/{opening_id}", factories.staff("rae")
    many = [f"person{n}@example.org" for n in range(60)]
    waiting = factories.waiting(opening_id, *many, name="Ana Pires")
    ended = factories.waiting(opening_id, "bo@example.org", "cy@example.org")
    with writing():
        take_back(ended, by=by)
    kit = factories.invited(opening_id)
    with writing():
        letter = session.scalars(select(Message).where(Message.about == kit.id)).one()
        letter.state, letter.error = "failed", "550 5.1.1 <kit@example.org> User unknown"
    address = f"{base}/applications/{kit.application_id}/address"
    leaves = factories.waiting(opening_id, "di@example.org", "ed@example.org")
    with writing():
        send_now(leaves)
    named = factories.filed(opening_id, "Name;E-mail\nAna;hr@example.org\nBob;hr@example.org\n")
    undone = factories.filed(opening_id, "fay@example.org\ngil@example.org\n", confirmed=True)
    batch = session.scalars(select(Import.batch).where(Import.id == undone)).one()
    with writing():
        take_back(batch, by=by)
    yield Screen("sending", "rae", f"{base}/sendings/{waiting}")
    yield Screen("sending-leaving", "rae", f"{base}/sendings/{leaves}")
    yield Screen("sending-taken-back", "rae", f"{base}/sendings/{ended}")
    yield Screen("import-two-names", "rae", f"{base}/imports/{named}")
    yield Screen("import-taken-back", "rae", f"{base}/imports/{undone}")
    yield Screen("returned", "rae", f"{base}?stage=returned")
    yield Screen("address", "rae", address)


def _draft(template: str | None) -> str:
    return f"/staff/assessments/{factories.draft_assessment(template)}"


def gone() -> Iterator[Screen]:
    """People who were erased, who withdrew, and who soon go, in openings of their own."""
    opening_id, step_id = factories.opening(title="Night porter", panel=["wen"], wanted_marks=1)
    base = f"/staff/openings/{opening_id}"
    kit, ana = (hires.handed_in(opening_id, name) for name in ("Kit Marlow", "Ana Pires"))
    hires.marked_by_all(step_id, note="Owns the mistake.")
    hires.decided(kit, "advance")
    rae = factories.staff("rae")
    with writing():
        erase(kit, by=rae)
    yield Screen("erased-opening", "rae", base)
    yield Screen("erased-shortlist", "rae", f"{base}/shortlist")
    yield Screen("erased-person", "rae", f"/staff/applications/{kit}")
    yield Screen("erased-when", "rae", f"{base}/applications/{kit}/erasure")
    yield Screen("erasure-decided", "rae", f"{base}/applications/{ana}/erasure")
    yield Screen("erased-ledger", "rae", f"/staff/ledger?q={_pseudonym(kit)}")
    yield from _leaving(rae)


def _pseudonym(application_id: UUID) -> UUID:
    return session.get_one(Application, application_id).pseudonym


def _leaving(rae: UUID) -> Iterator[Screen]:
    """Before the work: erased and taken back while invited, and two who go on days of their own."""
    opening_id, _step = factories.opening(title="Baker", panel=["wen"], public_form=True)
    base = f"/staff/openings/{opening_id}"
    bo, cy, di = (factories.invited(opening_id, f"{n}@example.org", n) for n in ("Bo", "Cy", "Di"))
    agreed, day = _agreed_by(di.application_id), now() + timedelta(days=9)
    with writing():
        erase(bo.application_id, by=rae)
        revoke_invitation(cy.application_id, by=rae)
        session.add(Consent(**agreed, given_at=now(), expires_at=day))
    yield Screen("leaving-opening", "rae", base)
    yield Screen("leaving-facts", "rae", f"{base}/facts")
    yield Screen("erased-link", "", f"/invitations/{seal('invitation', bo.id)}")
    yield Screen("revoked-link", "", f"/invitations/{seal('invitation', cy.id)}")


def _agreed_by(application_id: UUID) -> dict[str, Any]:
    application = session.get_one(Application, application_id)
    purpose = f"opening:{application.opening_id}"
    return {
        "person_id": application.person_id,
        "purpose": purpose,
        "act": "ticked",
        "text": "Kept.",
    }


def advanced() -> Iterator[Screen]:
    """Two who were let through by one press, and whose letters wait."""
    opening_id, first, _second = hires.two_steps()
    people = [hires.handed_in(opening_id, name) for name in ("Kit Marlow", "Ana Pires")]
    hires.marked_by_all(first, note="Owns the mistake.")
    batch, rae = uuid4(), factories.staff("rae")
    with writing():
        begin(batch, opening_id=opening_id, people=2, by=rae, kind="advance")
    for one in people:
        with writing():
            decide(one, verdict="advance", reason=hires.WHY, after=0, batch=batch, by=rae)
    yield Screen("advanced", "rae", f"/staff/openings/{opening_id}/steps/1/shortlist")
    yield Screen("advanced-person", "rae", f"/staff/applications/{people[0]}/steps/1")


def missed() -> Iterator[Screen]:
    """Somebody who was let through and whose invitation came too late, and a clock that has jumped."""
    with at(now() - timedelta(days=30)):
        opening_id, first, _second = hires.two_steps(wait_days=2, open_days=3)
        kit = hires.handed_in(opening_id, "Kit Marlow")
        hires.marked_by_all(first, note="Owns the mistake.")
        hires.decided(kit, "advance")
    yield Screen("missed", "rae", f"/staff/openings/{opening_id}?stage=missed")
    yield Screen("missed-today", "rae", "/staff")
    with writing():
        session.merge(LastSweep(name=ONE, at=now() - timedelta(days=400)))
    yield Screen("clock-doubted", "ola", "/staff")
