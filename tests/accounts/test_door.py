"""The pace at the door: guessing and flooding become slow, and nobody can shut anybody out by it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hiring.accounts import actions
from hiring.accounts.door import machine_asking
from hiring.accounts.models import Knock
from hiring.accounts.rules import Pace
from hiring.accounts.tasks import forget_knocks
from hiring.config import Config
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.hosts import install
from hiring.outbox.models import Message
from tests.accounts.crew import PASSWORD, address, joined, send, sign_in, signed_in
from tests.accounts.test_sign_in import NEW, choose, link_in_letter
from tests.races import together

WRONG = "not the right one at all"
PACE = Pace(3, timedelta(minutes=10))


def from_elsewhere(app: Flask, machine: str) -> FlaskClient:
    """A stranger's browser on a machine of its own."""
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = machine
    return browser


def guess(app: Flask, name: str, times: int) -> list[int]:
    """Wrong passwords for one account, each from another machine: the statuses."""
    machines = [from_elsewhere(app, f"198.51.100.{n}") for n in range(times)]
    return [sign_in(machine, name, WRONG).status_code for machine in machines]


def ask(browser: FlaskClient, name: str) -> TestResponse:
    """Ask for a link to a new password."""
    return send(browser, "/account/reset", {"email": address(name)})


def letters() -> int:
    """How many links were mailed."""
    kind = select(func.count()).where(Message.kind == "password-reset")
    return session.scalar(kind) or 0


def test_a_pace_is_so_many_at_once_and_then_one_at_a_time() -> None:
    start = calm = now()
    for _ in range(3):
        assert PACE.wait(calm, at=start) <= timedelta(0)
        calm = PACE.after(calm, at=start)
    assert PACE.wait(calm, at=start) == timedelta(minutes=10)
    later = start + timedelta(minutes=10)
    assert PACE.wait(calm, at=later) == timedelta(0)
    assert PACE.wait(PACE.after(calm, at=later), at=later) == timedelta(minutes=10)
    next_day = start + timedelta(days=1)
    assert PACE.after(calm, at=next_day) == next_day + timedelta(minutes=10)


@pytest.mark.parametrize("name", ["Ola", "Nobody"])
def test_guessing_from_many_machines_is_slowed_down_whoever_has_an_account(
    app: Flask, name: str
) -> None:
    joined("Ola", "owner")
    assert guess(app, name, 12) == [422] * 10 + [429] * 2
    answer = sign_in(from_elsewhere(app, "203.0.113.1"), name, PASSWORD)
    assert answer.status_code == 429
    assert "There were many tries just now. The next is heard in 5 minutes." in answer.text
    assert f'value="{address(name)}"' in answer.text
    assert PASSWORD not in answer.text
    assert 240 < int(answer.headers["Retry-After"]) <= 300


def test_who_waits_is_heard_though_others_go_on_knocking(app: Flask) -> None:
    joined("Ola", "owner")
    guess(app, "Ola", 20)
    with at(now() + timedelta(minutes=5, seconds=1)):
        assert sign_in(app.test_client(), "Ola").status_code == 302


def test_guessing_keeps_nobody_out_of_a_browser_that_was_let_in_before(app: Flask) -> None:
    joined("Ola", "owner")
    usual = signed_in(app, "Ola")
    send(usual, "/account/logout", {}, page="/account/change")
    guess(app, "Ola", 15)
    assert sign_in(usual, "Ola").status_code == 302
    assert sign_in(app.test_client(), "Ola").status_code == 429


def test_a_new_password_by_mail_lets_the_owner_in_at_once(app: Flask, client: FlaskClient) -> None:
    joined("Ola", "owner")
    guess(app, "Ola", 15)
    ask(client, "Ola")
    assert choose(client, link_in_letter("password-reset"), NEW) == 302
    assert sign_in(client, "Ola", NEW).status_code == 302


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_address_is_missing_and_not_written_to(client: FlaskClient, typed: str) -> None:
    answer = send(client, "/account/reset", {"email": typed})
    assert "The address is missing." in answer.text
    assert "belongs to an account" not in answer.text


def test_a_known_browser_may_not_guess_without_end_either(app: Flask) -> None:
    joined("Ola", "owner")
    usual = signed_in(app, "Ola")
    send(usual, "/account/logout", {}, page="/account/change")
    assert [sign_in(usual, "Ola", WRONG).status_code for _ in range(11)] == [422] * 10 + [429]


def test_being_let_in_at_one_account_makes_a_browser_known_there_only(app: Flask) -> None:
    joined("Ola", "owner")
    joined("Vic", "reviewer")
    guess(app, "Ola", 15)
    vics = signed_in(app, "Vic")
    send(vics, "/account/logout", {}, page="/account/change")
    assert sign_in(vics, "Ola").status_code == 429


def test_one_machine_may_not_try_everybody(app: Flask) -> None:
    here, there = from_elsewhere(app, "198.51.100.7"), from_elsewhere(app, "198.51.100.8")
    statuses = [sign_in(here, f"Name{n}", WRONG).status_code for n in range(31)]
    assert statuses == [422] * 30 + [429]
    assert sign_in(there, "Name31", WRONG).status_code == 422


@pytest.mark.parametrize(
    ("machine", "counted"),
    [
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("198.51.100.7", "198.51.100.7/32"),
        ("unknown", "unknown"),
    ],
)
def test_machines_of_one_household_count_as_one(app: Flask, machine: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": machine}):
        assert machine_asking() == counted


def test_who_is_let_in_has_not_knocked(app: Flask) -> None:
    joined("Ola", "owner")
    for _ in range(12):
        assert sign_in(app.test_client(), "Ola").status_code == 302


@pytest.mark.parametrize("name", ["Ola", "Nobody"])
def test_a_mailbox_cannot_be_flooded_and_keeps_a_link_that_works(app: Flask, name: str) -> None:
    joined("Ola", "owner")
    answers = [ask(from_elsewhere(app, f"198.51.100.{n}"), name) for n in range(5)]
    assert [answer.status_code for answer in answers] == [303] * 3 + [429] * 2
    assert "you can ask for another in 20 minutes." in answers[-1].text
    assert f'value="{address(name)}"' in answers[-1].text
    assert letters() == (3 if name == "Ola" else 0)
    with at(now() + timedelta(minutes=20, seconds=1)):
        assert ask(app.test_client(), name).status_code == 303


def test_whoever_is_signed_in_cannot_guess_the_password_without_end(app: Flask) -> None:
    joined("Ola", "owner")
    ola = signed_in(app, "Ola")
    typed = {"password": WRONG, "new_password": NEW, "new_password_confirm": NEW}
    statuses = [send(ola, "/account/change", typed).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert "The next is heard in one minute." in send(ola, "/account/change", typed).text


def test_no_row_tells_who_knocked_and_none_outlives_its_use(app: Flask) -> None:
    sign_in(from_elsewhere(app, "198.51.100.7"), "Ola", WRONG)
    keys = session.scalars(select(Knock.key)).all()
    assert len(keys) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", key) for key in keys)
    forget_knocks()
    assert session.query(Knock).count() == 2
    with at(now() + timedelta(minutes=5, seconds=1)):
        forget_knocks()
    assert session.query(Knock).count() == 0


@pytest.mark.parametrize(
    ("proxies", "heads", "counted"),
    [("0", "203.0.113.9", "10.0.0.1"), ("1", "203.0.113.9, 203.0.113.1", "203.0.113.1")],
)
def test_a_forged_header_moves_no_machine(
    tmp_path: object, proxies: str, heads: str, counted: str
) -> None:
    settings = {"HIRING_DATA_DIR": str(tmp_path), "HIRING_PROXIES": proxies}
    asked = Flask("asked")
    asked.config.update(Config.from_environment(settings).for_flask())
    install(asked)
    asked.add_url_rule("/", view_func=lambda: str(request.remote_addr))
    answer = asked.test_client().get(
        "/", headers={"X-Forwarded-For": heads}, environ_base={"REMOTE_ADDR": "10.0.0.1"}
    )
    assert answer.text == counted


def knock_often(key: str) -> int:
    """As many as are heard of twenty knocks."""
    heard = 0
    for _ in range(20):
        with writing():
            heard += actions.knock({key: PACE, "other": Pace(1000, timedelta(minutes=1))}) is None
    return heard


@pytest.mark.race
def test_two_processes_hear_no_more_than_one_would(app: Flask) -> None:
    assert sum(together(knock_often, ["ola"], ["ola"], ["ola"])) == PACE.at_once
