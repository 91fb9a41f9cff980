"""Sending: each mail once at most, what is certain is settled, what is not is held for a person."""

from __future__ import annotations

import email.policy
from datetime import timedelta
from email import message_from_bytes
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from hiring.kernel import queue
from hiring.kernel.claims import claim_next
from hiring.kernel.clock import at, now, wall
from hiring.kernel.database import session, writing
from hiring.outbox.delivery import deliver
from hiring.outbox.erasing import erase_to
from hiring.outbox.mime import envelope
from hiring.outbox.models import Message
from tests.live import free_port
from tests.outbox.conftest import Server
from tests.outbox.letters import LINK, row, states, written, written_many
from tests.outbox.sink import Sink
from tests.races import together


def test_a_mail_goes_out_once_with_all_that_it_needs(app: Flask, server: Server) -> None:
    sink = server()
    message_id = written(to_name="李雷 Öz", subject="Grüße von uns", reply_to="rae@osier.example")
    deliver()
    deliver()
    assert states() == {message_id: "done"}
    (mail,) = sink.mails
    assert mail["Message-ID"] == f"<{message_id}@localhost>"
    assert mail["From"] == "Hiring <hiring@localhost>"
    assert (mail["To"], mail["Subject"]) == ("李雷 Öz <kit@post.example>", "Grüße von uns")
    assert mail["Reply-To"] == "rae@osier.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime - now() < timedelta(minutes=1)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    assert LINK in text.get_content()
    assert f'href="{LINK}"' in html.get_content()
    assert sink.recipients == ["kit@post.example"]


def test_all_of_a_sweep_goes_through_one_line(app: Flask, server: Server) -> None:
    sink = server()
    ids = written_many(20)
    deliver()
    assert states() == dict.fromkeys(ids, "done")
    assert (len(sink.mails), sink.lines) == (20, 1)


def test_without_a_server_mail_is_kept_and_never_goes_out_later(app: Flask, server: Server) -> None:
    message_id = written()
    later = written(not_before=now() + timedelta(hours=1))
    deliver()
    assert states() == {message_id: "kept", later: "waiting"}
    sink = server()
    deliver()
    assert sink.mails == []


def test_a_mail_waits_for_its_hour(app: Flask, server: Server) -> None:
    sink = server()
    message_id = written(not_before=now() + timedelta(minutes=10))
    deliver()
    assert states() == {message_id: "waiting"}
    with at(now() + timedelta(minutes=11)):
        deliver()
    assert states() == {message_id: "done"}
    assert len(sink.mails) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_what_is_refused_for_good_fails_and_the_rest_goes_on(
    app: Flask, server: Server, step: str
) -> None:
    def failing(sink: Sink, at_step: str, recipient: str) -> str | None:
        refused = at_step == step and recipient == "person1@post.example"
        return "550 5.1.1 no such mailbox" if refused else None

    sink = server(failing)
    ids = written_many(3)
    deliver()
    assert [states()[id] for id in ids] == ["done", "failed", "done"]
    assert row(ids[1]).error == "550 5.1.1 no such mailbox"
    assert len(sink.mails) == 2


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_what_is_refused_for_now_waits_and_is_tried_again(
    app: Flask, server: Server, step: str
) -> None:
    def failing(sink: Sink, at_step: str, recipient: str) -> str | None:
        failing_once = at_step == step and not tried.get(recipient)
        if at_step == step:
            tried[recipient] = True
        return "451 4.7.1 greylisted, come back" if failing_once else None

    tried: dict[str, bool] = {}
    sink = server(failing)
    message_id = written()
    deliver()
    mail = row(message_id)
    assert (mail.state, mail.tries, mail.error) == ("waiting", 1, "451 4.7.1 greylisted, come back")
    assert mail.settled_at is None
    assert mail.not_before
    assert mail.not_before > now()
    deliver()
    assert sink.mails == []
    with at(now() + timedelta(minutes=2)):
        deliver()
    assert states() == {message_id: "done"}
    assert sink.arrived == {str(message_id): 1}


@pytest.mark.parametrize("code", ["550", "451"])
def test_of_a_letter_erased_while_it_was_handed_over_no_address_comes_back(
    app: Flask, server: Server, code: str
) -> None:
    def failing(sink: Sink, at_step: str, recipient: str) -> str | None:
        if at_step != "RCPT":
            return None
        erase()  # by another thread: this is the server's
        return f"{code} 5.1.1 <{recipient}> is not known here"

    def erase() -> None:
        with app.app_context(), writing():
            erase_to("kit@post.example", but_about=None)

    server(failing)
    message_id = written()
    deliver()
    mail = row(message_id)
    assert (mail.state, mail.to_address, mail.error) == ("skipped", "", None)
    assert mail.settled_at


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_line_that_breaks_before_the_mail_was_handed_over_costs_nothing(
    app: Flask, server: Server, step: str
) -> None:
    def failing(sink: Sink, at_step: str, recipient: str) -> str | None:
        broken = at_step == step and not broke
        broke.extend(["once"] * broken)
        return "drop" if broken else None

    broke: list[str] = []
    sink = server(failing)
    ids = written_many(3)
    deliver()
    with at(now() + timedelta(minutes=2)):
        deliver()
    assert states() == dict.fromkeys(ids, "done")
    assert set(sink.arrived.values()) == {1}
    assert len(sink.arrived) == 3


@pytest.mark.parametrize(("told", "arrived"), [("drop", 0), ("keep and drop", 1)])
def test_a_line_that_breaks_after_the_mail_was_handed_over_holds_it(
    app: Flask, server: Server, told: str, arrived: int
) -> None:
    def failing(sink: Sink, at_step: str, recipient: str) -> str | None:
        return told if at_step == "DATA" and recipient == "person0@post.example" else None

    sink = server(failing)
    ids = written_many(2)
    deliver()
    with at(now() + timedelta(days=1)):
        deliver()
    assert [states()[id] for id in ids] == ["held", "done"]
    assert sink.arrived.get(str(ids[0]), 0) == arrived
    assert "no reply came" in str(row(ids[0]).error)


def test_a_server_that_is_away_leaves_all_waiting(app: Flask, server: Server) -> None:
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    ids = written_many(3)
    deliver()
    assert states() == dict.fromkeys(ids, "waiting")
    assert sum(row(id).tries for id in ids) == 1  # the first told us enough
    sink = server()
    with at(now() + timedelta(minutes=2)):
        deliver()
    assert states() == dict.fromkeys(ids, "done")
    assert set(sink.arrived.values()) == {1}


def test_a_server_that_does_not_take_us_is_not_the_mails_fault(app: Flask, server: Server) -> None:
    server(lambda sink, step, recipient: "530 sign in first" if step == "MAIL" else None)
    ids = written_many(3)
    deliver()
    assert states() == dict.fromkeys(ids, "waiting")


def test_after_three_days_of_trying_a_mail_fails(app: Flask) -> None:
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    message_id = written()
    with writing():
        session.execute(update(Message).values(tries=39))
    deliver()
    assert row(message_id).state == "failed"
    app.config["SMTP_URL"] = None


def test_no_address_that_cannot_be_written_to_stops_the_others(app: Flask, server: Server) -> None:
    sink = server()
    wrong, fine = written("not an address"), written("kit@bücher.example")
    deliver()
    assert (states()[wrong], states()[fine]) == ("failed", "done")
    assert sink.recipients == ["kit@xn--bcher-kva.example"]


def test_letters_beyond_ascii_before_the_at_arrive_where_the_server_knows_them(
    app: Flask, server: Server
) -> None:
    sink = server()
    message_id = written("öz@post.example")
    deliver()
    assert states() == {message_id: "done"}
    assert sink.recipients == ["öz@post.example"]


def test_a_claim_of_a_dead_worker_is_held_and_never_sent(app: Flask, server: Server) -> None:
    sink = server()
    message_id = written()
    assert claim_next(Message) == message_id
    deliver()
    assert states() == {message_id: "claimed"}  # it may be sending just now
    with writing():
        session.execute(update(Message).values(claimed_at=wall() - timedelta(minutes=1)))
    deliver()
    assert states() == {message_id: "held"}
    assert sink.mails == []


def test_a_claim_of_a_living_worker_is_left_alone_for_a_quarter_of_an_hour(app: Flask) -> None:
    message_id = written()
    assert claim_next(Message) == message_id
    queue.beat()
    for minutes, state in [(10, "claimed"), (16, "held")]:
        with writing():
            claimed_at = wall() - timedelta(minutes=minutes)
            session.execute(update(Message).values(claimed_at=claimed_at))
        deliver()
        assert states() == {message_id: state}


def test_long_lines_and_addresses_stay_whole_on_the_way(app: Flask) -> None:
    link = "https://hiring.example/" + "a" * 600
    message_id = written(link=link, to_name="Олена Ткаченко " * 10, subject="Уперше " * 30)
    raw = envelope(row(message_id)).content
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    mail = message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))  # type: ignore[attr-defined]
    assert link in body.get_content()
    assert mail["Subject"] == ("Уперше " * 30).strip()
    assert mail["Message-ID"] == f"<{message_id}@localhost>"


def sweep_in_another_process(url: str) -> int:
    """What each process of the race does: one sweep."""
    from flask import current_app  # noqa: PLC0415  the race starts in its own process

    current_app.config["SMTP_URL"] = url
    deliver()
    return 0


@pytest.mark.race
def test_two_senders_at_once_send_each_mail_once(app: Flask, server: Server) -> None:
    sink = server()
    ids = written_many(40)
    together(sweep_in_another_process, *[[app.config["SMTP_URL"]]] * 2)
    deliver()  # what both left when they met at one row
    assert states() == dict.fromkeys(ids, "done")
    assert sink.arrived == dict.fromkeys(map(str, ids), 1)
    senders = {row(UUID(str(id))).claimed_by for id in ids}
    assert len(senders) >= 2
