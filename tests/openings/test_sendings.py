"""Letters to several people wait ten minutes, can be read and taken back, and leave at once when asked to."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hiring.attempts import actions as attempts
from hiring.kernel.claims import claim_next
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.ledger.models import Entry
from hiring.openings import sendings
from hiring.openings.actions import close_opening
from hiring.openings.inviting import invite, revoke_invitation
from hiring.openings.mail import link_of
from hiring.openings.models import Application, Invitation
from hiring.openings.rules import Guest
from hiring.openings.sendings import Sending
from hiring.outbox.delivery import deliver
from hiring.outbox.models import Message
from tests.counting import statements
from tests.factories import browser, filed, invited, opening, signed_in, staff, started, waiting
from tests.races import tell_held, together, wait_until_held

ANA, BO, KIT = "ana@example.org", "bo@example.org", "kit@example.org"
LETTER = Message.kind == "invitation"
LATER = timedelta(minutes=10, seconds=1)


@pytest.fixture
def open_one(app: Flask) -> UUID:
    return opening()[0]


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    return signed_in(app, "rae")


def states() -> list[str]:
    """How all invitations stand now."""
    session.rollback()
    return sorted(session.scalars(select(Message.state).where(LETTER)))


def people(opening_id: UUID) -> int:
    """How many are in the opening."""
    session.rollback()
    return session.scalar(select(func.count()).where(Application.opening_id == opening_id)) or 0


def path(opening_id: UUID, batch: UUID, act: str = "") -> str:
    return f"/staff/openings/{opening_id}/sendings/{batch}{act}"


def taken_back(batch: UUID) -> sendings.Course:
    by = staff("rae")
    with writing():
        return sendings.take_back(batch, by=by)


def listed(*addresses: str, **given: Any) -> dict[str, Any]:
    """The form of a guest list that was looked through."""
    lines = {f"line-{n}": address for n, address in enumerate(addresses, 1)}
    until = (now() + timedelta(days=9)).date().isoformat()
    return {"do": "invite", "read": list(addresses), "until": until, **lines, **given}


# ── waiting ──


def test_letters_to_several_people_leave_after_ten_minutes(app: Flask, open_one: UUID) -> None:
    waiting(open_one, ANA, BO)
    deliver()
    assert states() == ["waiting", "waiting"]
    with at(now() + LATER):
        deliver()
    assert states() == ["kept", "kept"]


def test_one_person_alone_is_written_to_at_once(rae: FlaskClient, open_one: UUID) -> None:
    rae.post(f"/staff/openings/{open_one}/invitations", data=listed(ANA, batch=str(uuid4())))
    deliver()
    assert states() == ["kept"]
    assert not session.scalars(select(Sending)).all()


def test_a_typed_list_waits_and_the_opening_says_until_when(
    rae: FlaskClient, open_one: UUID
) -> None:
    batch = uuid4()
    noon = now().replace(hour=12, minute=0)
    with at(noon):
        rae.post(f"/staff/openings/{open_one}/invitations", data=listed(ANA, BO, batch=str(batch)))
        page = rae.get(f"/staff/openings/{open_one}").text
        assert "Two letters leave at 12:10" in page
        assert "Until then nobody knows of them, and they can be taken back" in page
        assert page.count("the letter leaves at 12:10") == 2
    with at(noon + LATER):
        assert "Two letters leave" not in rae.get(f"/staff/openings/{open_one}").text


@pytest.mark.parametrize("how", ["ten minutes later", "after Send now"])
def test_what_is_pressed_again_when_the_letters_have_left_says_that_it_goes_at_once(
    rae: FlaskClient, open_one: UUID, how: str
) -> None:
    path, batch = f"/staff/openings/{open_one}", uuid4()
    rae.post(f"{path}/invitations", data=listed(ANA, BO, batch=str(batch)))
    if how == "after Send now":
        rae.post(f"{path}/sendings/{batch}/departure")
        rae.get(path)
    with at(now() + (LATER if how == "ten minutes later" else timedelta(seconds=1))):
        again = listed(ANA, BO, "cy@example.org", batch=str(batch))
        page = rae.post(f"{path}/invitations", data=again, follow_redirects=True).text
    assert "leave at" not in page
    assert "written. There is no mail server" in page


def test_a_form_that_comes_twice_lays_one_sending(rae: FlaskClient, open_one: UUID) -> None:
    form = listed(ANA, BO, batch=str(uuid4()))
    for _twice in "12":
        rae.post(f"/staff/openings/{open_one}/invitations", data=form)
    assert states() == ["waiting", "waiting"]


def test_sending_again_to_several_people_waits_too(rae: FlaskClient, open_one: UUID) -> None:
    ids = [str(invited(open_one, address).application_id) for address in (ANA, BO)]
    deliver()
    rae.post(f"/staff/openings/{open_one}/repeats", data={"application": ids, "id": str(uuid4())})
    deliver()
    assert states() == ["kept", "kept", "waiting", "waiting"]
    assert "Two letters leave at" in rae.get(f"/staff/openings/{open_one}").text


def test_the_ten_minutes_count_from_the_confirmation(app: Flask, open_one: UUID) -> None:
    batch, confirmed, by = uuid4(), now() - timedelta(minutes=4), staff("rae")
    with writing():
        made = sendings.begin(batch, opening_id=open_one, people=9, by=by, at=confirmed)
    assert made
    assert made.leaves_at == confirmed + timedelta(minutes=10)


def test_a_link_of_a_sending_that_waits_opens_when_its_letter_leaves(
    app: Flask, open_one: UUID
) -> None:
    waiting(open_one, ANA, BO)
    invitation = session.scalars(select(Invitation)).first()
    assert invitation
    link, kit = link_of(invitation).removeprefix("http://localhost:8000"), browser(app)
    page = kit.get(link)
    assert page.status_code == 410
    assert "This link does not open yet" in page.text
    assert kit.post(f"{link}/attempt", data={"minutes": "50"}).status_code == 410
    with pytest.raises(Refused, match="This link opens at"):
        started(invitation)
    with at(now() + LATER):
        assert kit.get(link).status_code == 200


def test_nobody_is_invited_for_a_day_that_is_over_before_the_letters_leave(
    app: Flask, open_one: UUID
) -> None:
    batch, by = uuid4(), staff("rae")
    guests = [Guest(ANA), Guest(BO)]
    with writing():
        sendings.begin(batch, opening_id=open_one, people=2, by=by)
    until = now() + timedelta(minutes=5)
    with pytest.raises(Refused, match="leave in ten minutes"), writing():
        invite(open_one, guests=guests, expires_at=until, batch=batch, by=by)


# ── the page of a sending ──


def test_a_sending_is_read_before_it_leaves(rae: FlaskClient, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO, name="Ana Pires")
    page = rae.get(path(open_one, batch)).text
    for said in ("Two letters leave at", ANA, BO, "Dear Ana Pires,", "Send now", "Take back"):
        assert said in page
    assert "/invitations/•••" in page


def test_the_page_of_a_sending_asks_no_oftener_for_thirty(rae: FlaskClient, open_one: UUID) -> None:
    few = waiting(open_one, ANA, BO)
    many = waiting(open_one, *(f"p{n}@example.org" for n in range(30)))
    counts = []
    for batch in (few, many):
        rae.get(path(open_one, batch))
        with statements() as asked:
            rae.get(path(open_one, batch))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_sending_of_another_opening_is_not_found(rae: FlaskClient, open_one: UUID) -> None:
    batch, other = waiting(open_one, ANA, BO), opening()[0]
    assert rae.get(path(other, batch)).status_code == 404
    for act in ("/departure", "/withdrawal"):
        assert rae.post(path(other, batch, act)).status_code == 404
        assert rae.post(path(open_one, uuid4(), act)).status_code == 404
    form = listed("cy@example.org", "di@example.org", batch=str(batch))
    assert rae.post(f"/staff/openings/{other}/invitations", data=form).status_code == 404
    assert states() == ["waiting", "waiting"]


# ── leaving at once ──


def test_a_sending_leaves_at_once_when_asked_to_and_its_links_open(
    app: Flask, rae: FlaskClient, open_one: UUID
) -> None:
    batch = waiting(open_one, ANA, BO)
    for _twice in "12":
        assert rae.post(path(open_one, batch, "/departure")).status_code == 303
    deliver()
    assert states() == ["kept", "kept"]
    invitation = session.scalars(select(Invitation)).first()
    assert invitation
    assert started(invitation)


def test_a_sending_that_leaves_shows_how_far_it_is_and_then_that_it_has_left(
    rae: FlaskClient, open_one: UUID
) -> None:
    batch = waiting(open_one, ANA, BO)
    page = rae.post(path(open_one, batch, "/departure"), follow_redirects=True).text
    assert "<h1>Two letters are leaving</h1>" in page
    assert "0 of 2 have left" in page
    assert 'hx-trigger="every 2s"' in page
    asks = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = rae.get(path(open_one, batch), headers=asks).text
    assert part.lstrip().startswith('<div id="sending_leaving"')
    assert ANA not in part
    deliver()
    ended = rae.get(path(open_one, batch), headers=asks)
    assert ended.headers["HX-Redirect"] == path(open_one, batch)
    page = rae.get(path(open_one, batch)).text
    assert "<h1>Two letters have left</h1>" in page
    assert "hx-trigger" not in page


def test_the_letters_of_a_sending_stand_in_the_order_of_names(
    rae: FlaskClient, open_one: UUID
) -> None:
    names = {"Zoë": "z@x.org", "Änne": "a@x.org", "bo": "b@x.org"}
    batch, by, until = uuid4(), staff("rae"), now() + timedelta(days=14)
    with writing():
        sendings.begin(batch, opening_id=open_one, people=3, by=by)
        guests = [Guest(address, name) for name, address in names.items()]
        invite(open_one, guests=guests, expires_at=until, batch=batch, by=by)
    page = rae.get(path(open_one, batch)).text
    assert page.index("Änne</bdi>") < page.index("bo</bdi>") < page.index("Zoë</bdi>")


# ── taking back ──


def test_the_list_behind_letters_is_a_press_away_and_says_that_they_were_taken_back(
    rae: FlaskClient, open_one: UUID
) -> None:
    import_id = filed(open_one, f"E-mail\n{ANA}\n{BO}\n", confirmed=True)
    source = f"/staff/openings/{open_one}/imports/{import_id}"
    batch = session.scalars(select(Sending.id)).one()
    assert f'href="{source}"' in rae.get(path(open_one, batch)).text
    answer = rae.post(path(open_one, batch, "/withdrawal"))
    assert answer.location == source
    page = rae.get(source).text
    assert "The letters were taken back." in page
    assert "It is done." not in page
    assert "Go on with the 2 who are ready" in page
    assert f'href="{source}"' in rae.get(path(open_one, batch)).text


def test_who_marks_is_led_to_no_list_that_somebody_else_brought(app: Flask) -> None:
    opening_id, _step = opening(panel=["uma"])
    filed(opening_id, f"E-mail\n{ANA}\n{BO}\n", confirmed=True)
    batch = session.scalars(select(Sending.id)).one()
    uma = signed_in(app, "uma")
    assert "/imports/" not in uma.get(path(opening_id, batch)).text
    answer = uma.post(path(opening_id, batch, "/withdrawal"))
    assert answer.location == f"/staff/openings/{opening_id}"


def test_taken_back_it_is_as_though_nothing_had_been_done(rae: FlaskClient, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO)
    answer = rae.post(path(open_one, batch, "/withdrawal"), follow_redirects=True)
    assert "2 letters are taken back: they reach nobody" in answer.text
    with at(now() + LATER):
        deliver()
    assert states() == ["skipped", "skipped"]
    assert people(open_one) == 0
    assert not session.scalars(select(Invitation)).all()
    [entry] = session.scalars(select(Entry).where(Entry.kind == "sending-taken-back")).all()
    assert entry.facts == {"letters_undone": 2, "letters_left": 0}
    assert "example.org" not in str(vars(entry))


def test_taken_back_twice_it_is_taken_back_once(rae: FlaskClient, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO)
    for _twice in "12":
        assert rae.post(path(open_one, batch, "/withdrawal")).status_code == 303
    kept = select(func.count()).where(Entry.kind == "sending-taken-back")
    assert session.scalar(kept) == 1


def test_people_who_were_taken_back_can_be_invited_afresh(rae: FlaskClient, open_one: UUID) -> None:
    taken_back(waiting(open_one, ANA, BO))
    waiting(open_one, ANA, BO)
    assert people(open_one) == 2


def test_who_was_in_the_opening_before_stays_with_the_link_they_had(
    rae: FlaskClient, open_one: UUID
) -> None:
    first = [invited(open_one, address) for address in (ANA, BO)]
    ids = [str(one.application_id) for one in first]
    batch = uuid4()
    rae.post(f"/staff/openings/{open_one}/repeats", data={"application": ids, "id": str(batch)})
    assert taken_back(batch).skipped == 2
    session.rollback()
    assert {one.id for one in session.scalars(select(Invitation))} == {one.id for one in first}
    assert people(open_one) == 2


def test_what_had_left_stays_and_is_told(rae: FlaskClient, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO, KIT)
    with writing():
        first = session.scalars(select(Message).where(Message.to_address == BO)).one()
        first.state = "done"
    answer = rae.post(path(open_one, batch, "/withdrawal"), follow_redirects=True)
    assert "One letter had left already and stays. 2 letters are taken back" in answer.text
    session.rollback()
    assert session.scalars(select(Message.to_address).where(Message.state == "done")).all() == [BO]
    assert people(open_one) == 1
    facts = session.scalars(select(Entry.facts).where(Entry.kind == "sending-taken-back")).one()
    assert facts == {"letters_undone": 2, "letters_left": 1}


def test_what_has_left_altogether_cannot_be_taken_back(rae: FlaskClient, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO)
    with at(now() + LATER):
        deliver()
        answer = rae.post(path(open_one, batch, "/withdrawal"), follow_redirects=True)
    assert "All of it had left already, so nothing was taken back." in answer.text
    assert people(open_one) == 2


def test_a_letter_that_may_have_arrived_before_is_not_taken_back(
    app: Flask, open_one: UUID
) -> None:
    batch = waiting(open_one, ANA, BO)
    with writing():
        tried = session.scalars(select(Message).where(Message.to_address == BO)).one()
        tried.state, tried.not_before = "waiting", None  # as `send_again` leaves it
    assert taken_back(batch).skipped == 1
    assert people(open_one) == 1


def test_whoever_has_used_a_link_keeps_it(app: Flask, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO)
    invitation = session.scalars(select(Invitation)).first()
    assert invitation
    with at(now() + LATER):  # the mail server is down, and Rae has passed a link on
        started(invitation)
        taken_back(batch)
    assert people(open_one) == 1
    assert session.get(Invitation, invitation.id)


def test_a_form_of_a_sending_that_was_taken_back_sends_nothing(
    rae: FlaskClient, open_one: UUID
) -> None:
    form = listed(ANA, BO, batch=str(uuid4()))
    rae.post(f"/staff/openings/{open_one}/invitations", data=form)
    taken_back(UUID(form["batch"]))
    answer = rae.post(f"/staff/openings/{open_one}/invitations", data=form)
    assert answer.status_code == 422
    assert "This sending was taken back, so nothing leaves." in answer.text
    assert people(open_one) == 0


def test_taken_back_before_it_left_it_leaves_no_more(rae: FlaskClient, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO)
    taken_back(batch)
    answer = rae.post(path(open_one, batch, "/departure"), follow_redirects=True)
    assert "This sending was taken back, so nothing leaves." in answer.text
    assert states() == ["skipped", "skipped"]


@pytest.mark.parametrize("end", ["close", "revoke"])
def test_a_letter_that_waits_does_not_bring_a_link_that_opens_nothing(
    app: Flask, open_one: UUID, end: str
) -> None:
    waiting(open_one, ANA, BO)
    by, ids = staff("rae"), session.scalars(select(Application.id)).all()
    with writing():
        if end == "close":
            close_opening(open_one, by=by)
        else:
            for id in sorted(ids):
                revoke_invitation(id, by=by)
    assert states() == ["skipped", "skipped"]


# ── races ──


def claims(_batch: str) -> list[str]:
    """Claim what is due, as the sender does, until nothing is."""
    found = []
    while (id := claim_next(Message, LETTER)) is not None:
        found.append(str(id))
    return found


def takes(batch: str) -> list[str]:
    """Take the sending back amid the claims."""
    while not session.scalar(select(Message.id).where(Message.state == "claimed").limit(1)):
        session.rollback()
    taken_back(UUID(batch))
    skipped = select(Message.id).where(Message.state == "skipped")
    return [str(id) for id in session.scalars(skipped)]


def all_of_them() -> list[UUID]:
    """Every letter of the test."""
    return list(session.scalars(select(Message.id).where(LETTER)))


def race(part: str, batch: str) -> list[str]:
    return takes(batch) if part == "take" else claims(batch)


@pytest.mark.race
def test_a_letter_is_sent_or_taken_back_and_never_both(app: Flask, open_one: UUID) -> None:
    with at(now() - LATER):
        batch = waiting(open_one, *(f"p{n}@example.org" for n in range(200)))
    session.rollback()
    one, other, skipped = together(race, *((part, str(batch)) for part in ("", "", "take")))
    assert sorted(one + other + skipped) == sorted(map(str, all_of_them()))
    assert people(open_one) == len(one + other)


def lays(opening_id: str, batch: str) -> str:
    """One of the many acts of a sending, slow to end."""
    by, until = staff("rae"), now() + timedelta(days=14)
    session.rollback()
    with writing():
        guests = [Guest("late@example.org")]
        invite(UUID(opening_id), guests=guests, expires_at=until, batch=UUID(batch), by=by)
        tell_held()
        time.sleep(0.6)
    return "laid"


def ends(_opening_id: str, batch: str) -> str:
    """Take it back while that act is on its way."""
    wait_until_held()
    taken_back(UUID(batch))
    return "taken back"


def lay_or_end(part: str, opening_id: str, batch: str) -> str:
    return lays(opening_id, batch) if part == "lay" else ends(opening_id, batch)


@pytest.mark.race
def test_nothing_is_laid_under_a_sending_that_is_being_taken_back(
    app: Flask, open_one: UUID
) -> None:
    batch = waiting(open_one, ANA, BO)
    session.rollback()
    both = ((part, str(open_one), str(batch)) for part in ("lay", "end"))
    assert together(lay_or_end, *both)[1] == "taken back"
    assert set(states()) == {"skipped"}
    assert people(open_one) == 0


def revokes(application_id: str) -> str:
    """Take one link back, with the row in hand for a while."""
    by, id = staff("rae"), UUID(application_id)
    with writing():
        session.execute(select(Application.id).where(Application.id == id).with_for_update())
        tell_held()
        time.sleep(0.6)
        revoke_invitation(id, by=by)
    return "revoked"


def revoke_or_take(part: str, application_id: str, batch: str) -> str:
    if part == "revoke":
        return revokes(application_id)
    wait_until_held()
    taken_back(UUID(batch))
    return "taken back"


@pytest.mark.race
def test_one_link_and_all_of_them_are_taken_back_at_once(app: Flask, open_one: UUID) -> None:
    batch = waiting(open_one, ANA, BO)
    application_id = str(session.scalars(select(Application.id)).first())
    session.rollback()
    both = ((part, application_id, str(batch)) for part in ("revoke", "take"))
    assert together(revoke_or_take, *both) == ["revoked", "taken back"]
    assert set(states()) == {"skipped"}


def begins(invitation_id: str, _batch: str) -> str:
    """Start with a link that was passed on, slow to end."""
    with writing():
        attempts.start(UUID(invitation_id), factor=1, at=now())
        tell_held()
        time.sleep(0.6)
    return "begun"


def begin_or_end(part: str, invitation_id: str, batch: str) -> str:
    return begins(invitation_id, batch) if part == "begin" else ends("", batch)


@pytest.mark.race
def test_who_begins_while_a_sending_is_taken_back_keeps_what_they_began(
    app: Flask, open_one: UUID
) -> None:
    with at(now() - LATER):
        batch = waiting(open_one, ANA, BO)
    invitation_id = str(session.scalars(select(Invitation.id)).first())
    session.rollback()
    both = ((part, invitation_id, str(batch)) for part in ("begin", "end"))
    assert together(begin_or_end, *both) == ["begun", "taken back"]
    assert people(open_one) == 1
