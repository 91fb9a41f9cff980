"""Applying by the public page: one answer for everyone, one link a person, and an end to floods."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hiring.kernel.addresses import told_apart
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.refusals import Refused
from hiring.kernel.tokens import seal
from hiring.openings import queries, sendings
from hiring.openings.actions import close_opening
from hiring.openings.inviting import invite_again, revoke_invitation
from hiring.openings.models import Application, Invitation, Opening
from hiring.openings.panel import panel_of
from hiring.openings.rules import StepPlan
from hiring.openings.steps import change_panel
from hiring.outbox.models import Message
from hiring.people.models import Consent, Person
from tests.factories import browser, invited, opening, signed_in, staff, taken, version, waiting
from tests.openings.test_views import facts, url
from tests.races import together

KIT = "kit@example.org"
PAGE = "/openings/support-lead"


@pytest.fixture
def open_one(app: Flask) -> UUID:
    """An opening to which anyone may apply."""
    return opening(public_form=True)[0]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def form(client: FlaskClient, path: str = PAGE, **typed: str) -> dict[str, str]:
    """The form as the page shows it, filled in."""
    page = client.get(path).text
    kept = {name: hidden(page, name) for name in ("drawn", "read")}
    return {**kept, "name": "Kit Marlow", "address": KIT, "agreed": "y", "website": "", **typed}


def apply(client: FlaskClient, path: str = PAGE, **typed: str) -> TestResponse:
    """Read the page for a minute, and send the form."""
    sent = form(client, path, **typed)
    with at(now() + timedelta(minutes=1)):
        return client.post(f"{path}/applications", data=sent)


def letters() -> list[Message]:
    rows = select(Message).where(Message.kind == "applied").order_by(Message.written_at)
    return list(session.scalars(rows))


def test_a_stranger_applies_and_the_link_goes_to_that_address(app: Flask, open_one: UUID) -> None:
    answer = apply(browser(app))
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/applications")
    assert "on its way" in browser(app).get(answer.location).text
    [letter] = letters()
    invitation = session.scalars(select(Invitation)).one()
    link = f"/invitations/{seal('invitation', invitation.id)}"
    assert letter.to_address == KIT
    assert link in letter.text
    with at(now() + timedelta(minutes=2)):
        assert "Before you start" in browser(app).get(link).text
    assert "applied by the public page" in signed_in(app, "rae").get(url(open_one)).text


def test_what_was_agreed_to_is_kept_in_the_words_that_were_read(app: Flask, open_one: UUID) -> None:
    apply(browser(app))
    consent = session.scalars(select(Consent)).one()
    person = session.scalars(select(Person)).one()
    assert consent.person_id == person.id
    assert (consent.purpose, consent.act) == (f"opening:{open_one}", "public-page")
    assert "Support lead" in consent.text
    assert consent.text in browser(app).get(PAGE).text
    hear_by = queries.opening_of(open_one).hear_by
    assert (consent.expires_at.date() - hear_by).days in range(180, 186)


def test_every_address_gets_the_same_answer(app: Flask, open_one: UUID) -> None:
    invited(open_one, "in@example.org")
    taken(open_one, "done@example.org", "Ida Don")
    staff("rae")
    pages = set()
    for address in ("in@example.org", "done@example.org", "new@example.org", "rae@osier.example"):
        answer = apply(browser(app), address=address)
        assert answer.status_code == 303
        pages.add((answer.location, browser(app).get(answer.location).text))
    assert len(pages) == 1
    assert len(letters()) == 4
    assert session.scalar(select(func.count(Application.id))) == 4


def test_who_applies_twice_gets_the_same_link_and_one_letter_in_a_quarter_of_an_hour(
    app: Flask, open_one: UUID
) -> None:
    for address in (KIT, " KIT@example.org", "mailto:kit@EXAMPLE.org"):
        assert apply(browser(app), address=address).status_code == 303
    assert len(letters()) == 1
    with at(now() + timedelta(minutes=16)):
        assert apply(browser(app), name="Somebody Else").status_code == 303
    assert len(letters()) == 2
    assert session.scalar(select(func.count(Invitation.id))) == 1
    assert session.scalars(select(Person.name)).one() == "Kit Marlow"


def test_who_applies_again_after_the_link_has_ended_gets_one_that_opens(
    app: Flask, open_one: UUID
) -> None:
    invitation, kit = invited(open_one, KIT), browser(app)
    with at(invitation.expires_at + timedelta(minutes=1)):
        assert apply(kit).status_code == 303
    with at(invitation.expires_at + timedelta(minutes=3)):
        [link] = re.findall(r"/invitations/[\w.~-]+", letters()[-1].text)
        assert kit.get(link).status_code == 200


@pytest.mark.parametrize("waits", [False, True])
def test_whose_invitation_was_taken_back_is_told_so_by_letter_and_by_no_page(
    app: Flask, open_one: UUID, *, waits: bool
) -> None:
    if waits:
        waiting(open_one, KIT, "bo@example.org")
    else:
        invited(open_one, KIT)
    mine = select(Application.id).join(Person, Person.id == Application.person_id)
    application_id = session.scalars(mine.where(Person.address == KIT)).one()
    rae, kit, stranger = staff("rae"), browser(app), browser(app)
    with writing():
        revoke_invitation(application_id, by=rae)
    answers = [apply(kit), apply(stranger, address="new@example.org")]
    assert (
        len({(one.status_code, one.location, kit.get(one.location).text) for one in answers}) == 1
    )
    told = session.scalars(select(Message).where(Message.kind == "withdrawn")).one()
    assert told.to_address == KIT
    assert "we have withdrawn that" in told.text
    assert "Rae" in told.text
    assert "/invitations/" not in told.text
    assert "/invitations/" not in told.html
    assert [letter.to_address for letter in letters()] == ["new@example.org"]
    with writing():
        invite_again(application_id, expires_at=now() + timedelta(days=3), by=rae)
    with at(now() + timedelta(minutes=20)):
        apply(kit)
    assert letters()[-1].to_address == KIT


def test_the_first_who_applies_is_heard_while_the_clock_runs(app: Flask, open_one: UUID) -> None:
    client = browser(app)
    with at(now() - timedelta(minutes=1)):
        sent = form(client)
    assert client.post(f"{PAGE}/applications", data=sent).status_code == 303
    assert len(letters()) == 1


def test_the_letter_of_another_opening_waits_a_quarter_of_an_hour(app: Flask) -> None:
    for title in ("One", "Two", "Three"):
        opening(title=title, public_form=True)
        apply(browser(app), f"/openings/{title.lower()}")
    at_ = [letter.not_before for letter in letters() if letter.not_before]
    gaps = [(b - a) / timedelta(minutes=1) for a, b in zip(at_, at_[1:], strict=False)]
    assert len(at_) == 3
    assert min(gaps) >= 15


def test_the_link_of_who_applies_outlasts_a_sending_that_is_taken_back(
    app: Flask, open_one: UUID
) -> None:
    batch = waiting(open_one, KIT, "bo@example.org")
    rae, client = staff("rae"), browser(app)
    with at(now() - timedelta(minutes=1)):
        sent = form(client)
    assert client.post(f"{PAGE}/applications", data=sent).status_code == 303
    with writing():
        sendings.take_back(batch, by=rae)
    invitation = session.scalars(select(Invitation)).one()
    link = f"/invitations/{seal('invitation', invitation.id)}"
    assert link in letters()[0].text
    assert "Before you start" in client.get(link).text


def test_a_machine_that_floods_waits_and_others_do_not(app: Flask, open_one: UUID) -> None:
    here, there = browser(app), browser(app)
    there.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    sent = form(here)
    with at(now() + timedelta(minutes=1)):
        for number in range(30):
            sent["address"] = f"k{number}@example.org"
            assert here.post(f"{PAGE}/applications", data=sent).status_code == 303
        sent["address"] = "late@example.org"
        forged = {"X-Forwarded-For": "198.51.100.9", "Forwarded": "for=198.51.100.9"}
        answer = here.post(f"{PAGE}/applications", data=sent, headers=forged)
        assert answer.status_code == 429
        assert "late@example.org" in answer.text
        assert "what you typed is here" in answer.text
    assert len(letters()) == 30
    assert apply(there, address="late@example.org").status_code == 303


def test_without_the_tick_nothing_is_kept_and_what_was_typed_is_there(
    app: Flask, open_one: UUID
) -> None:
    assert " checked" not in browser(app).get(PAGE).text
    client = browser(app)
    sent = form(client, name="Kit <b>")
    del sent["agreed"]
    answer = client.post(f"{PAGE}/applications", data=sent)
    assert answer.status_code == 422
    assert "without it we may keep nothing" in answer.text
    assert "Kit &lt;b&gt;" in answer.text
    assert session.scalar(select(func.count(Person.id))) == 0


def test_nobody_agrees_to_what_they_have_not_read(app: Flask, open_one: UUID) -> None:
    client, rae = browser(app), signed_in(app, "rae")
    sent = form(client)
    rae.post(url(open_one, "/facts"), data=facts(rae, open_one, kept_months="24"))
    with at(now() + timedelta(minutes=1)):
        answer = client.post(f"{PAGE}/applications", data=sent)
        assert answer.status_code == 422
        assert "has changed since you opened the page" in answer.text
        assert " checked" not in answer.text
        sent["read"] = hidden(answer.text, "read")
        assert client.post(f"{PAGE}/applications", data=sent).status_code == 303


@pytest.mark.parametrize(
    "robot", [{"drawn": ""}, {"drawn": "forged"}, {"website": "https://spam.example"}]
)
def test_what_a_robot_does_is_stopped_and_a_person_presses_once_more(
    app: Flask, open_one: UUID, robot: dict[str, str]
) -> None:
    client = browser(app)
    sent = {**form(client), **robot}
    answer = client.post(f"{PAGE}/applications", data=sent)
    assert answer.status_code == 422
    assert "as fast as robots" in answer.text
    assert not letters()
    sent |= {"drawn": hidden(answer.text, "drawn"), "website": ""}
    with at(now() + timedelta(seconds=4)):
        assert client.post(f"{PAGE}/applications", data=sent).status_code == 303


def test_nobody_types_two_lines_in_a_second(app: Flask, open_one: UUID) -> None:
    client = browser(app)
    assert client.post(f"{PAGE}/applications", data=form(client)).status_code == 422


def test_a_form_of_another_site_is_refused(app: Flask, open_one: UUID) -> None:
    client = browser(app)
    sent = form(client)
    del client.environ_base["HTTP_X_CSRFTOKEN"]
    foreign = {"Sec-Fetch-Site": "cross-site"}
    with at(now() + timedelta(minutes=1)):
        answer = client.post(f"{PAGE}/applications", data=sent, headers=foreign)
    assert answer.status_code == 403
    assert not letters()


def close(opening_id: UUID) -> None:
    close_opening(opening_id, by=staff("rae"))


def pause(opening_id: UUID) -> None:
    session.get_one(Opening, opening_id).public_form = False


def end(opening_id: UUID) -> None:
    session.get_one(Opening, opening_id).apply_by = queries.today() - timedelta(days=1)


@pytest.mark.parametrize("act", [close, pause, end])
def test_an_opening_that_takes_nobody_says_so(app: Flask, open_one: UUID, act: Any) -> None:
    client = browser(app)
    sent = form(client)
    staff("rae")
    with writing():
        act(open_one)
    with at(now() + timedelta(minutes=1)):
        answer = client.post(f"{PAGE}/applications", data=sent)
    assert answer.status_code == 422
    assert "takes no applications any more" in answer.text
    assert "Send me the link" not in client.get(PAGE).text
    assert session.scalar(select(func.count(Person.id))) == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"address": "kit"}, "an address has an @ in it"),
        ({"address": "kit@example"}, "is not complete"),
        ({"address": ""}, "Write the address"),
        ({"address": "x" * 200_000}, "At most 200 characters"),
        ({"address": "a@b.org, c@d.org"}, "two @"),
        ({"name": "x" * 200_000}, "At most 200 characters"),
        ({"name": "\u202e\u200b"}, "Write the name"),
    ],
)
def test_bad_input_gets_a_sentence(
    app: Flask, open_one: UUID, typed: dict[str, str], told: str
) -> None:
    answer = apply(browser(app), **typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert session.scalar(select(func.count(Person.id))) == 0


def test_two_spellings_of_a_unicode_domain_are_one_person(app: Flask, open_one: UUID) -> None:
    for address in ("kit@bücher.example", "kit@xn--bcher-kva.example", "kit@\u202ebücher.example"):
        assert apply(browser(app), address=address).status_code == 303
    assert session.scalar(select(func.count(Person.id))) == 1
    assert len(letters()) == 1


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("kit@bücher.example", "kit@bücher.example"),
        ("kit@почта.рф", "kit@почта.рф"),
        ("kit@例え.jp", "kit@例え.jp"),
        ("kit@аpple.example", "kit@xn--pple-43d.example"),
        ("kit@αpple.example", "kit@xn--pple-zld.example"),
        ("kit", "kit"),
    ],
)
def test_a_domain_that_looks_like_another_is_spelled_out(address: str, shown: str) -> None:
    assert told_apart(address) == shown


def test_staff_read_the_spelled_out_domain_in_the_roll(app: Flask, open_one: UUID) -> None:
    apply(browser(app), address="kit@аpple.example")
    page = signed_in(app, "rae").get(url(open_one)).text
    assert "kit@xn--pple-43d.example" in page
    assert "аpple" not in page


# ── Staff who apply ──


def test_who_marks_and_takes_part_is_off_the_panel_once_they_have_handed_in(app: Flask) -> None:
    opening_id, step_id = opening(panel=("vic", "wen"))
    vic, wen = staff("vic"), staff("wen")
    taken(opening_id, "vic@osier.example", "Vic Okafor")
    assert panel_of(step_id).account_ids == {wen}
    with pytest.raises(Refused, match="takes part in this opening"), writing():
        change_panel(step_id, members=[vic, wen], wanted_marks=2, by=staff("rae"))
    other_id, other_step = opening(title="Another", panel=("vic", "wen"))
    assert panel_of(other_step).account_ids == {vic, wen}


def test_a_stranger_who_types_a_reviewers_address_moves_nobody(app: Flask) -> None:
    _opening_id, step_id = opening(panel=("vic", "wen"), public_form=True)
    apply(browser(app), address="vic@osier.example")
    assert panel_of(step_id).account_ids == {staff("vic"), staff("wen")}


# ── At once ──


def send(typed: dict[str, str]) -> str:
    """Send the form from a browser of one's own."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    return str(browser(app).post(f"{PAGE}/applications", data=typed).status_code)


@pytest.mark.race
def test_many_at_once_with_one_address_make_one_application_and_one_letter(
    app: Flask, open_one: UUID
) -> None:
    with at(now() - timedelta(minutes=1)):
        sent = form(browser(app))
    session.rollback()
    assert together(send, *([sent] for _press in range(8))) == ["303"] * 8
    assert session.scalar(select(func.count(Application.id))) == 1
    assert session.scalar(select(func.count(Invitation.id))) == 1
    assert len(letters()) == 1


@pytest.mark.parametrize(
    "name", ["Win at https://evil.example", "see evil.example", "www.evil.example", "a@b.example"]
)
def test_a_strangers_name_carries_no_link_into_somebody_elses_mailbox(
    app: Flask, open_one: UUID, name: str
) -> None:
    answer = apply(browser(app), name=name)
    assert answer.status_code == 422
    assert "There is an address in this name" in answer.text
    assert letters() == []


@pytest.mark.parametrize("name", ["Oliver St.John", "J.R. Ewing", "Dr. Ana-Maria d’Souza, MSc."])
def test_a_name_with_dots_is_a_name(app: Flask, open_one: UUID, name: str) -> None:
    assert apply(browser(app), name=name).status_code == 303


def test_the_letter_says_that_another_step_follows(app: Flask) -> None:
    second = StepPlan(version("nobody-asked-you").id, panel={staff("zia")})
    opening(public_form=True, more=[second])
    apply(browser(app))
    assert "This is step 1 of 2" in letters()[0].text
