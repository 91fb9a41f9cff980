"""The candidate's pages: who gets in, what a link may do, and what a press leaves behind."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hiring.attempts import queries
from hiring.attempts.models import Attempt, Revision, Submission
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.tokens import seal
from hiring.openings.inviting import invite_again, revoke_invitation
from hiring.openings.models import Invitation
from hiring.openings.steps import close_step
from tests import factories as make

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
NASTY = "<script>alert(1)</script> & \"quotes\" 'single' {{ 7*7 }} ]]> \u202e عربى 漢字 \U0001f600"


@pytest.fixture
def invitation(app: Flask) -> Invitation:
    """Kit's invitation."""
    return make.invited(make.opening()[0])


@pytest.fixture
def token(invitation: Invitation) -> str:
    """Its link's token."""
    return seal("invitation", invitation.id)


@pytest.fixture
def kit(app: Flask) -> FlaskClient:
    """Kit's browser."""
    return make.browser(app)


@pytest.fixture
def desk(kit: FlaskClient, token: str) -> str:
    """The address of the attempt that Kit has begun in this browser."""
    return start(kit, token).location


def start(client: FlaskClient, token: str, **fields: str) -> TestResponse:
    return client.post(f"/invitations/{token}/attempt", data=fields)


def look(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address)


def id_in(desk: str) -> UUID:
    return UUID(desk.rsplit("/", maxsplit=1)[1])


def save(
    client: FlaskClient,
    desk: str,
    text: str,
    *,
    headers: dict[str, str] | None = None,
    **fields: str,
) -> TestResponse:  # noqa: B006
    task_id = queries.desk_of(id_in(desk)).work(2).task.id
    data = {"text": text, "base": "0", **fields}
    return client.post(f"{desk}/answers/{task_id}", data=data, headers=headers)


def press(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data=fields)


def number_of(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


# ── the invitation ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_starts_nothing_however_often(client: FlaskClient, token: str, method: str) -> None:
    for _ in range(5):
        assert client.open(f"/invitations/{token}", method=method).status_code == 200
        assert client.open(f"/invitations/{token}/attempt", method=method).status_code in {200, 303}
    assert number_of(Attempt) == 0


def test_the_page_says_what_awaits(client: FlaskClient, token: str) -> None:
    page = client.get(f"/invitations/{token}").text
    for words in ("35 minutes", "Two of three reviewers", "without your name", "Put the inbox in order",
                  "53 minutes", "Nothing has started"):  # fmt: skip
        assert words in page
    assert "Kit" not in page


def test_what_a_device_keeps_by_itself_is_not_promised_where_no_script_runs(
    client: FlaskClient, token: str
) -> None:
    page = " ".join(client.get(f"/invitations/{token}").text.split())
    assert '<span class="with-script">Go on writing. Your device keeps each word' in page
    assert "<noscript>This browser runs no scripts, so nothing is kept by itself" in page


@pytest.mark.parametrize("forged", ["x", "x" * 43, "é" * 43, "A" * 42 + "="])
def test_a_forged_link_is_not_found(client: FlaskClient, app: Flask, forged: str) -> None:
    assert client.get(f"/invitations/{forged}").status_code == 404
    assert make.browser(app).post(f"/invitations/{forged}/attempt").status_code == 404


def test_a_link_of_another_purpose_is_not_found(
    client: FlaskClient, invitation: Invitation
) -> None:
    assert client.get(f"/invitations/{seal('application', invitation.id)}").status_code == 404


def test_old_revoked_and_closed_links_say_so_and_whom_to_ask(
    kit: FlaskClient, invitation: Invitation, token: str
) -> None:
    application_id, step_id = invitation.application_id, invitation.step_id
    with at(now() + timedelta(days=20)):
        old = kit.get(f"/invitations/{token}")
        assert start(kit, token).status_code == 410
    with writing():
        revoke_invitation(application_id, by=make.staff("rae"))
    revoked = kit.get(f"/invitations/{token}")
    with writing():
        fresh = invite_again(
            application_id, expires_at=now() + timedelta(days=9), by=make.staff("rae")
        )
        close_step(step_id, by=make.staff("rae"))
        fresh_token = seal("invitation", fresh.id)
    closed = kit.get(f"/invitations/{fresh_token}")
    for answer, words in (
        (old, "could be used until"),
        (revoked, "taken back"),
        (closed, "no more"),
    ):
        assert answer.status_code == 410
        assert words in answer.text
        assert "rae@osier.example" in answer.text
    assert number_of(Attempt) == 0


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [({}, 35), ({"factor": "1"}, 35), ({"factor": "1.25"}, 44), ({"factor": "1.5"}, 53),
     ({"factor": "2"}, 70), ({"factor": "3"}, 105), ({"factor": "other", "minutes": "50"}, 50),
     ({"factor": "1", "minutes": "350"}, 350), ({"factor": "other", "minutes": " 35 "}, 35)],
)  # fmt: skip
def test_time_is_chosen_by_one_press_or_typed(
    kit: FlaskClient, token: str, fields: dict[str, str], minutes: int
) -> None:
    timer = queries.timer_of(id_in(start(kit, token, **fields).location))
    assert timer.shown_end - timer.started_at == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "fields",
    [{"factor": "99"}, {"factor": "junk"}, {"factor": "other"}, {"factor": "other", "minutes": "351"},
     {"factor": "other", "minutes": "34"}, {"factor": "other", "minutes": "-5"},
     {"factor": "other", "minutes": "1e9"}, {"factor": "other", "minutes": "9" * 500},
     {"factor": "other", "minutes": "<b>50</b>"}, {"factor": "other", "minutes": "٥٠"}],
)  # fmt: skip
def test_a_time_that_cannot_be_chosen_starts_nothing_and_stays_on_the_page(
    kit: FlaskClient, token: str, fields: dict[str, str]
) -> None:
    answer = start(kit, token, **fields)
    assert answer.status_code == 422
    assert "Nothing has started" in answer.text
    assert number_of(Attempt) == 0


def test_starting_twice_starts_once_and_leads_to_the_same_desk(
    kit: FlaskClient, token: str
) -> None:
    assert start(kit, token).location == start(kit, token, factor="3").location
    assert number_of(Attempt) == 1


def test_the_link_resumes_in_another_browser(app: Flask, desk: str, token: str) -> None:
    other = make.browser(app)
    assert look(other, f"{desk}/tasks/1").status_code == 404
    found = look(other, f"/invitations/{token}").text
    assert "Your time is running" in found
    assert re.search(r"\d+ minutes left", found)
    assert start(other, token).location.endswith(desk)
    assert look(other, f"{desk}/tasks/1").status_code == 200


def test_two_invitations_in_one_browser_do_not_shut_each_other_out(
    kit: FlaskClient, desk: str
) -> None:
    second = make.invited(make.opening(title="Another")[0])
    other = start(kit, seal("invitation", second.id)).location
    assert look(kit, f"{desk}/tasks/1").status_code == 200
    assert look(kit, f"{other}/tasks/1").status_code == 200


def test_the_cookie_is_hidden_from_scripts_and_bound_to_this_host(
    kit: FlaskClient, token: str
) -> None:
    set_by = start(kit, token).headers.getlist("Set-Cookie")
    cookie = next(cookie for cookie in set_by if "attempt" in cookie)
    assert cookie.startswith("__Host-attempt=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie


# ── the desk: who gets in ────────────────────────────────────────────────────

PLACES = [
    ("GET", ""), ("GET", "/tasks/1"), ("GET", "/time"), ("GET", "/receipt"),
    ("POST", "/submission"), ("POST", "/reopening"),
    ("POST", f"/answers/{UUID(int=1)}"), ("POST", f"/answers/{UUID(int=1)}/choice"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_nobody_else_gets_in(app: Flask, desk: str, method: str, place: str) -> None:
    for who in (make.browser(app), make.signed_in(app, "ola"), make.signed_in(app, "vic")):
        assert who.open(desk + place, method=method).status_code == 404
    forged = make.browser(app)
    forged.set_cookie("__Host-attempt", f'["{id_in(desk)}"]')
    assert forged.open(desk + place, method=method).status_code == 404


@pytest.mark.parametrize("place", ["/tasks/0", "/tasks/5", "/tasks/99999999999", "/tasks/x"])
def test_there_is_no_such_task(kit: FlaskClient, desk: str, place: str) -> None:
    assert look(kit, desk + place).status_code == 404


def test_an_answer_to_a_task_of_another_assessment_is_not_found(
    kit: FlaskClient, desk: str
) -> None:
    assert press(kit, f"{desk}/answers/{uuid4()}", text="x").status_code == 404
    assert press(kit, f"{desk}/submission", task=str(uuid4())).status_code == 404
    assert press(kit, f"{desk}/submission", task="junk").status_code == 404


# ── the desk: saving ─────────────────────────────────────────────────────────


def test_a_save_answers_with_the_revision_and_the_new_base(kit: FlaskClient, desk: str) -> None:
    answer = save(kit, desk, "One.", tab="a", nth="1", headers=PARTIAL)
    assert answer.status_code == 200
    assert re.search(r"Saved <time[^>]*>\d\d:\d\d:\d\d</time> · revision 1", answer.text)
    assert 'data-base="1"' in answer.text
    assert 'data-closes="' in answer.text
    assert answer.text.lstrip().startswith('<div id="saving"')


def test_a_text_beside_a_newer_one_is_no_ack_and_shows_both(kit: FlaskClient, desk: str) -> None:
    save(kit, desk, "From here", tab="a", nth="1")
    answer = save(kit, desk, "From there", tab="b", nth="1", headers=PARTIAL)
    assert answer.status_code == 409
    assert "Saved <time" not in answer.text.split("data-first>")[1].split("</span>")[0]
    for words in ("From here", "From there", "Let this one count", "Both are kept"):
        assert words in answer.text
    assert "data-base" not in answer.text.split(">")[0]


def choose(kit: FlaskClient, desk: str, number: str, text: str, **fields: str) -> TestResponse:
    task_id = queries.desk_of(id_in(desk)).work(2).task.id
    return press(kit, f"{desk}/answers/{task_id}/choice", number=number, text=text, **fields)


def seen_on(page: str) -> str:
    """The newest revision that a page knows, as its form sends it."""
    found = re.search(r'name="seen"\s+value="(\d+)"', page)
    assert found
    return found[1]


def test_choosing_without_a_script_keeps_what_was_typed_meanwhile(
    kit: FlaskClient, desk: str
) -> None:
    save(kit, desk, "From here")
    page = save(kit, desk, "From there")
    assert page.location.endswith("/tasks/2")
    seen = seen_on(look(kit, page.location).text)
    answer = choose(kit, desk, "2", "From here, and on", base="1", seen=seen)
    assert answer.status_code == 303
    work = queries.desk_of(id_in(desk)).work(2)
    assert work.value == {"text": "From there"}
    texts = session.scalars(select(Revision.value).where(Revision.answer_id == work.answer_id))
    assert {"text": "From here, and on"} in list(texts)


def test_a_choice_on_a_stale_page_chooses_nothing_and_shows_the_newer_text(
    kit: FlaskClient, desk: str
) -> None:
    save(kit, desk, "Theirs", tab="b", nth="1")
    stale = save(kit, desk, "Mine", tab="a", nth="1", headers=PARTIAL)
    save(kit, desk, "Theirs, written in a tunnel", tab="b", nth="2", base="1")
    answer = choose(kit, desk, "2", "Mine", tab="a", nth="2", base="0", seen=seen_on(stale.text))
    assert queries.desk_of(id_in(desk)).work(2).value == {"text": "Theirs, written in a tunnel"}
    page = look(kit, answer.location).text
    for words in ("Nothing is chosen yet", "Theirs, written in a tunnel", "Let this one count"):
        assert words in page
    choose(kit, desk, "2", "Mine", tab="a", nth="3", base="0", seen=seen_on(page))
    assert queries.desk_of(id_in(desk)).work(2).value == {"text": "Mine"}


@pytest.mark.parametrize("number", ["", "x", "-1", "99", "9" * 40])
def test_a_choice_of_nothing_is_refused_with_the_text_still_there(
    kit: FlaskClient, desk: str, number: str
) -> None:
    page = look(kit, choose(kit, desk, number, "Mine", base="0").location).text
    assert "Nothing is chosen yet" in page
    assert "Mine" in page


def test_a_refused_page_goes_on_from_what_was_typed_over_not_from_what_came_since(
    kit: FlaskClient, desk: str
) -> None:
    save(kit, desk, "From another window", tab="a", nth="1")
    page = save(kit, desk, "b" * 100_001, base="0").text
    assert re.search(r'name="base"\s+value="0"', page)
    assert 'data-base="0"' in page


@pytest.mark.parametrize(
    ("go", "place"), [("3", "/tasks/3"), ("", "/tasks/2"), ("99", "/tasks/2"), ("x", "/tasks/2")]
)
def test_without_a_script_a_save_leads_on(kit: FlaskClient, desk: str, go: str, place: str) -> None:
    answer = save(kit, desk, "One.", go=go)
    assert (answer.status_code, answer.location) == (303, desk + place)
    page = look(kit, f"{desk}/tasks/2").text
    assert "One.</textarea>" in page
    assert "revision 1" in page


@pytest.mark.parametrize("headers", [{}, PARTIAL])
def test_a_text_that_is_too_long_is_refused_and_still_there(
    kit: FlaskClient, desk: str, headers: dict[str, str]
) -> None:
    answer = save(kit, desk, "b" * 100_001, headers=headers)
    assert answer.status_code == 422
    assert "100,001 characters" in answer.text
    if not headers:
        assert "b" * 100_001 in answer.text
    assert number_of(Revision) == 0


def test_what_is_written_right_to_left_is_shown_so(kit: FlaskClient, desk: str) -> None:
    save(kit, desk, "عزيزتي مارتا\n\nDear Marta")
    page = look(kit, f"{desk}/tasks/2").text
    assert re.search(r'<textarea[^>]* dir="auto"', page)
    assert re.search(r'<textarea[^>]* dir="auto"', look(kit, f"{desk}/tasks/1").text)
    press(kit, f"{desk}/submission")
    assert '<p dir="auto">عزيزتي مارتا</p>' in look(kit, f"{desk}/receipt").text


def test_a_text_of_a_hundred_thousand_characters_is_saved(kit: FlaskClient, desk: str) -> None:
    assert save(kit, desk, "字" * 100_000).status_code == 303


def test_whatever_is_written_is_shown_as_it_was_written(kit: FlaskClient, desk: str) -> None:
    save(kit, desk, NASTY)
    page = look(kit, f"{desk}/tasks/2").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page
    assert "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    "fields",
    [{"base": "x"}, {"base": "-1"}, {"base": "9" * 30}, {"tab": "<b>", "nth": "1"},
     {"tab": "t" * 500, "nth": "1"}, {"tab": "a", "nth": "-4"}, {"tab": "a", "nth": "9" * 30}],
)  # fmt: skip
def test_junk_in_the_hidden_fields_overwrites_nothing_and_loses_nothing(
    kit: FlaskClient, desk: str, fields: dict[str, str]
) -> None:
    save(kit, desk, "Stands", tab="z", nth="1")
    assert save(kit, desk, "Sent with junk", **fields).status_code == 303
    assert queries.desk_of(id_in(desk)).work(2).value == {"text": "Stands"}
    assert {"text": "Sent with junk"} in list(session.scalars(select(Revision.value)))


def test_an_option_that_does_not_exist_is_refused(kit: FlaskClient, desk: str) -> None:
    task_id = queries.desk_of(id_in(desk)).work(1).task.id
    answer = press(kit, f"{desk}/answers/{task_id}", choices="forged", reason="Mine", base="0")
    assert answer.status_code == 422
    assert "Mine" in answer.text


def test_a_save_with_a_dead_session_is_echoed_not_lost(kit: FlaskClient, desk: str) -> None:
    kit.environ_base.pop("HTTP_X_CSRFTOKEN")
    answer = save(kit, desk, "Typed for an hour", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert "Typed for an hour" in answer.text


# ── time ─────────────────────────────────────────────────────────────────────


def test_after_the_end_a_text_is_sealed_with_a_sentence(kit: FlaskClient, desk: str) -> None:
    with at(queries.timer_of(id_in(desk)).closes_at + timedelta(seconds=31)):
        answer = save(kit, desk, "Two words", headers=PARTIAL)
    assert answer.status_code == 409
    assert "This came after" in answer.text
    assert "sealed" in answer.text


def test_a_window_that_stayed_open_hears_from_its_next_save_that_time_is_over(
    kit: FlaskClient, desk: str
) -> None:
    save(kit, desk, "In time", tab="a", nth="1", headers=PARTIAL)
    with at(queries.timer_of(id_in(desk)).closes_at + timedelta(seconds=31)):
        line = save(kit, desk, "In time", tab="a", nth="2", base="1", headers=PARTIAL).text
    assert 'data-state-now="over"' in line
    assert "What was saved counts." in line
    assert f'href="{desk}/receipt"' in line
    assert "reopening" not in line


def test_a_look_at_an_overdue_attempt_shows_it_closed_and_writes_nothing(
    kit: FlaskClient, desk: str
) -> None:
    save(kit, desk, "In time")
    with at(now() + timedelta(hours=2)):
        for place in ("", "/tasks/1", "/tasks/2"):
            assert look(kit, desk + place).location.endswith("/receipt")
        page = look(kit, f"{desk}/receipt")
    assert "Your time ended on" in page.text
    assert "In time" in page.text
    assert session.get_one(Attempt, id_in(desk)).closed_at is None


@pytest.mark.parametrize("place", ["/submission", "/reopening"])
def test_the_next_press_writes_that_it_is_closed(kit: FlaskClient, desk: str, place: str) -> None:
    with at(now() + timedelta(hours=2)):
        assert press(kit, desk + place).location.endswith("/receipt")
    assert session.get_one(Attempt, id_in(desk)).closed_by == "clock"


def test_the_page_asks_for_the_servers_time(kit: FlaskClient, desk: str) -> None:
    answer = look(kit, f"{desk}/time").get_json()
    assert answer["closes"] == queries.timer_of(id_in(desk)).shown_end.isoformat()


# ── handing in ───────────────────────────────────────────────────────────────


def test_an_empty_desk_is_named_before_it_is_handed_in_and_can_be(
    kit: FlaskClient, desk: str
) -> None:
    def warned(number: int) -> bool:
        page = look(kit, f"{desk}/tasks/{number}").text
        return re.search(r'id="nothing"(?![^>]* hidden)', page) is not None

    assert all(warned(number) for number in (1, 2, 3, 4))
    save(kit, desk, "Something")
    assert not any(warned(number) for number in (1, 2, 3, 4))
    save(kit, desk, "", base="1")
    assert press(kit, f"{desk}/submission").location.endswith("/receipt")
    assert number_of(Submission) == 1


def test_handing_in_keeps_what_is_on_the_page_first_and_shows_a_receipt(
    kit: FlaskClient, desk: str
) -> None:
    task_id = str(queries.desk_of(id_in(desk)).work(2).task.id)
    for _ in range(2):
        answer = press(kit, f"{desk}/submission", task=task_id, text="Typed last", base="0")
        assert answer.location.endswith("/receipt")
    page = look(kit, f"{desk}/receipt").text
    assert "Typed last" in page
    assert session.scalars(select(Submission)).one().code in page
    assert "Tasks 1, 3, and 4 were left empty;" in page
    assert "Take it back" in page


def test_handing_in_over_a_newer_text_asks_to_choose_first(kit: FlaskClient, desk: str) -> None:
    save(kit, desk, "From another window", tab="a", nth="1")
    task_id = str(queries.desk_of(id_in(desk)).work(2).task.id)
    answer = press(kit, f"{desk}/submission", task=task_id, text="Mine", base="0")
    assert answer.location.endswith("/tasks/2")
    assert "Not handed in yet" in look(kit, answer.location).text
    assert number_of(Submission) == 0


def test_handing_in_a_text_that_is_too_long_hands_in_nothing(kit: FlaskClient, desk: str) -> None:
    task_id = str(queries.desk_of(id_in(desk)).work(2).task.id)
    answer = press(kit, f"{desk}/submission", task=task_id, text="c" * 100_001, base="0")
    assert answer.status_code == 422
    assert number_of(Submission) == 0


def test_taking_back_leads_to_the_desk_and_too_late_to_the_receipt(
    kit: FlaskClient, desk: str
) -> None:
    press(kit, f"{desk}/submission")
    assert press(kit, f"{desk}/reopening").location.endswith(desk)
    press(kit, f"{desk}/submission")
    with at(now() + timedelta(minutes=11)):
        assert press(kit, f"{desk}/reopening").location.endswith("/receipt")
        assert "stays handed in" in look(kit, f"{desk}/receipt").text
    assert session.get_one(Attempt, id_in(desk)).closed_by == "submission"


def test_a_window_that_has_not_heard_of_the_handing_in_says_so_and_offers_to_take_it_back(
    kit: FlaskClient, desk: str
) -> None:
    save(kit, desk, "Mine", tab="a", nth="1")
    save(kit, desk, "Theirs", tab="b", nth="1")
    press(kit, f"{desk}/submission")
    line = save(kit, desk, "Mine, on", tab="a", nth="2", base="1", headers=PARTIAL).text
    assert "You have handed in already" in line
    assert f'formaction="{desk}/reopening"' in line
    assert f'href="{desk}/receipt"' in line
    assert "Let this one count" not in line
    task_id = str(queries.desk_of(id_in(desk)).work(2).task.id)
    back = press(
        kit, f"{desk}/reopening", task=task_id, text="Mine, on", base="1", tab="a", nth="3"
    )
    assert back.location.endswith("/tasks/2")
    assert queries.desk_of(id_in(desk)).work(2).value == {"text": "Mine, on"}


@pytest.mark.parametrize("place", ["answers", "choice", "submission", "reopening"])
def test_what_comes_after_the_handing_in_is_kept_and_the_receipt_says_that_it_does_not_count(
    kit: FlaskClient, desk: str, place: str
) -> None:
    save(kit, desk, "Mine", tab="a", nth="1")
    press(kit, f"{desk}/submission")
    task_id = str(queries.desk_of(id_in(desk)).work(2).task.id)
    path = {"answers": f"/answers/{task_id}", "choice": f"/answers/{task_id}/choice"}.get(
        place, f"/{place}"
    )
    later = now() + timedelta(minutes=9 if place != "reopening" else 11)
    with at(later):
        press(kit, desk + path, task=task_id, text="Mine, on", base="1", number="1", seen="1")
        page = look(kit, f"{desk}/receipt").text
    assert {"text": "Mine, on"} in list(session.scalars(select(Revision.value)))
    assert queries.desk_of(id_in(desk)).work(2).value == {"text": "Mine"}
    said = {"reopening": "It stays handed in", "choice": "Nothing was chosen"}
    assert said.get(place, "You have handed in already") in page
    assert "Mine, on" in page


def test_there_is_no_receipt_while_one_writes(kit: FlaskClient, desk: str) -> None:
    assert look(kit, f"{desk}/receipt").location.endswith(desk)


def test_staff_never_read_when_somebody_started_or_how_long_they_had(
    app: Flask, invitation: Invitation, token: str
) -> None:
    start(make.browser(app), token, factor="3")
    page = make.signed_in(app, "rae").get(f"/staff/openings/{invitation.step.opening_id}").text
    assert "Kit Marlow" in page
    for word in ("started", "105", "minutes left"):
        assert word not in page
