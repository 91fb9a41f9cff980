"""Files at the desk: piece by piece or in one form, refused in a sentence, copied, and given to reviewers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from werkzeug.test import TestResponse

from hiring.attempts import queries, tasks, uploads
from hiring.attempts.blind import BlindAnswer, BlindFile
from hiring.attempts.closing import settle
from hiring.attempts.models import Attempt, Revision, Upload
from hiring.attempts.timer import FINISHING
from hiring.attempts.uploads import MOST_BEGUN, MOST_COMING, PIECE
from hiring.kernel import storage
from hiring.kernel.clock import at, now
from hiring.kernel.database import session, writing
from hiring.kernel.storage import StoredFile, read
from hiring.kernel.tokens import seal
from hiring.openings.applications import correct_name
from hiring.openings.models import Step
from hiring.reviewing.models import Assignment
from tests import factories as make
from tests import papers

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
PDF = papers.pdf()
LARGE = b"%PDF-1.7\n" + bytes(range(256)) * 2500 + b"\n%%EOF"  # three pieces


@pytest.fixture
def kit(app: Flask) -> FlaskClient:
    return make.browser(app)


@pytest.fixture
def step_id(app: Flask) -> UUID:
    return make.opening(version_id=make.version_with_files().id)[1]


@pytest.fixture
def attempt_id(app: Flask, kit: FlaskClient, step_id: UUID) -> UUID:
    """Zephyrine's attempt, begun in this browser; its second task wants files."""
    opening_id = session.scalars(select(Step.opening_id)).one()
    invitation = make.invited(opening_id, papers.MAIL, papers.WHO)
    desk = kit.post(f"/invitations/{seal('invitation', invitation.id)}/attempt").location
    return UUID(desk.rsplit("/", maxsplit=1)[1])


def work(attempt_id: UUID) -> queries.Work:
    return queries.desk_of(attempt_id).work(2)


def answers(attempt_id: UUID, part: str = "") -> str:
    return f"/attempts/{attempt_id}/answers/{work(attempt_id).task.id}{part}"


def names(attempt_id: UUID) -> list[str]:
    return [file["name"] for file in work(attempt_id).value["files"]]


def begin(
    kit: FlaskClient, attempt_id: UUID, content: bytes, name: str = "plan.pdf"
) -> TestResponse:
    told = {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
    return kit.post(answers(attempt_id, "/uploads"), data=told)


def send(kit: FlaskClient, url: str, content: bytes, offset: int, tab: str = "t") -> TestResponse:
    piece = BytesIO(content[offset : offset + PIECE]), "blob"
    return kit.post(url, data={"offset": offset, "piece": piece, "tab": tab})


def upload(
    kit: FlaskClient, attempt_id: UUID, content: bytes, name: str = "plan.pdf"
) -> TestResponse:
    answer = begin(kit, attempt_id, content, name)
    if answer.status_code != 200 or answer.json["there"]:
        return answer
    for offset in range(0, len(content), PIECE):
        answer = send(kit, begun_at(kit, attempt_id, content), content, offset)
    return answer


def begun_at(kit: FlaskClient, attempt_id: UUID, content: bytes) -> str:
    return str(begin(kit, attempt_id, content).json["at"])


def post(
    kit: FlaskClient, url: str, *files: tuple[bytes, str], text: str = "", base: str = "0"
) -> TestResponse:
    given = [(BytesIO(content), name) for content, name in files]
    data: dict[str, Any] = {"text": text, "base": base, "file": given}
    return kit.post(url, data=data, content_type="multipart/form-data")


# ── piece by piece ───────────────────────────────────────────────────────────


def test_a_file_that_came_in_pieces_is_a_revision_of_the_answer(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    content = PDF
    assert upload(kit, attempt_id, content).json["there"] is True
    stands = work(attempt_id)
    assert stands.head == 1
    assert stands.value["files"] == [
        {
            "id": stands.value["files"][0]["id"],
            "name": "plan.pdf",
            "size": len(content),
            "type": "application/pdf",
        }
    ]
    own = kit.get(f"/attempts/{attempt_id}/files/{stands.value['files'][0]['id']}")
    assert own.data == content
    assert "attachment" in own.headers["Content-Disposition"]
    assert "sandbox" in own.headers["Content-Security-Policy"]


def test_it_goes_on_where_it_stopped_also_in_another_window(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    url = begin(kit, attempt_id, LARGE).json["at"]
    assert send(kit, url, LARGE, 0).json == {"arrived": PIECE, "there": False}
    assert "stopped on its way" in kit.get(f"/attempts/{attempt_id}/tasks/2").text
    again = begin(kit, attempt_id, LARGE, "the same under another name.pdf").json
    assert (again["at"], again["arrived"]) == (url, PIECE)
    assert send(kit, url, LARGE, PIECE).json["arrived"] == 2 * PIECE
    assert send(kit, url, LARGE, 2 * PIECE).json["there"] is True
    assert names(attempt_id) == ["plan.pdf"]
    assert read(session.scalars(select(StoredFile)).one()) == LARGE


def test_pieces_that_come_twice_or_out_of_turn_change_nothing(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    url = begin(kit, attempt_id, LARGE).json["at"]
    assert send(kit, url, LARGE, PIECE).json["arrived"] == 0
    for _ in range(3):
        assert send(kit, url, LARGE, 0).json["arrived"] == PIECE
    assert send(kit, url, LARGE[:-7], 2 * PIECE).json["arrived"] == PIECE
    for _ in range(2):
        send(kit, url, LARGE, PIECE)
    for _ in range(3):
        assert send(kit, url, LARGE, 2 * PIECE).json["there"] is True
    assert work(attempt_id).last == 1
    assert upload(kit, attempt_id, LARGE).json["there"] is True
    assert work(attempt_id).last == 1


def test_what_changed_on_the_way_is_no_file_and_can_be_sent_once_more(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    content = PDF
    url = begun_at(kit, attempt_id, content)
    wrong = send(kit, url, content[:-1] + b"!", 0)
    assert wrong.status_code == 422
    assert "changed on the way" in wrong.json["refused"]
    assert names(attempt_id) == []
    assert send(kit, url, content, 0).json["there"] is True


def test_no_bytes_are_left_lying_beside_the_original(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, LARGE)
    upload(kit, attempt_id, b"<html>", "page.html")
    lying = {path.name for path in app.extensions["store"].prefix.iterdir()}
    known = set(session.scalars(select(StoredFile.key)))
    assert {
        name
        for name in lying
        if name.startswith(tuple(map(str, session.scalars(select(Upload.id)))))
    } <= known
    assert known <= lying


def test_a_file_is_there_only_once_it_lies_safely(
    kit: FlaskClient, attempt_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    content = PDF
    url = begun_at(kit, attempt_id, content)
    with monkeypatch.context() as broken:
        broken.setattr(storage.os, "fsync", full)
        assert send(kit, url, content, 0).status_code == 500
    assert names(attempt_id) == []
    assert send(kit, url, content, 0).json["there"] is True


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<!doctype html><script>alert(1)</script>", "plan.pdf", "web page"),
        (b"\x7fELF" + bytes(99), "plan.pdf", "none of the types"),
        (b"%PDF-1.7 /Encrypt 5 0 R %%EOF", "plan.pdf", "password"),
        (b"", "plan.pdf", "empty"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_rest_stays(
    kit: FlaskClient, attempt_id: UUID, content: bytes, name: str, words: str
) -> None:
    upload(kit, attempt_id, PDF, "first.pdf")
    refused = upload(kit, attempt_id, content, name)
    assert refused.status_code == 422
    assert words in refused.json["refused"]
    says_what_is_taken = "Up to 3 files:" in refused.json["refused"]
    assert says_what_is_taken == (words == "none of the types")
    assert names(attempt_id) == ["first.pdf"]
    assert "stopped" not in kit.get(f"/attempts/{attempt_id}/tasks/2").text


def test_an_author_decides_on_type_and_size(app: Flask, kit: FlaskClient) -> None:
    only = make.version_with_files(types=["picture"], most_mb=1, most_files=1)
    opening_id, _ = make.opening(version_id=only.id)
    token = seal("invitation", make.invited(opening_id).id)
    assert "One file: picture, at most 1 MB." in kit.get(f"/invitations/{token}").text
    mine = UUID(kit.post(f"/invitations/{token}/attempt").location.rsplit("/", 1)[1])
    assert "does not take" in upload(kit, mine, PDF).json["refused"]
    assert "1 MB are the most" in begin(kit, mine, bytes(1_500_000)).json["refused"]
    assert upload(kit, mine, papers.picture()).json["there"] is True


def test_nobody_elses_uploads_can_be_had_or_fed(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    url = begin(kit, attempt_id, LARGE).json["at"]
    upload(kit, attempt_id, PDF)
    file_id = work(attempt_id).value["files"][0]["id"]
    stranger = make.browser(app)
    assert send(stranger, url, LARGE, 0).status_code == 404
    assert stranger.get(f"/attempts/{attempt_id}/files/{file_id}").status_code == 404
    assert stranger.post(f"/attempts/{attempt_id}/uploads/{file_id}/removal").status_code == 404
    assert stranger.get(answers(attempt_id, "/files")).status_code == 404
    for forged in (uuid4(), attempt_id):
        assert kit.get(f"/attempts/{attempt_id}/files/{forged}").status_code == 404
        assert kit.post(f"/attempts/{attempt_id}/uploads/{forged}").status_code == 404
    first = queries.desk_of(attempt_id).work(1).task.id
    told = {"name": "x", "size": 5, "sha256": "0" * 64}
    assert kit.post(f"/attempts/{attempt_id}/answers/{first}/uploads", data=told).status_code == 404
    assert begin(kit, attempt_id, b"x").status_code == 200
    assert (
        kit.post(answers(attempt_id, "/uploads"), data={**told, "sha256": "x"}).status_code == 422
    )
    assert (
        kit.post(answers(attempt_id, "/uploads"), data={**told, "size": "9" * 30}).status_code
        == 422
    )


def test_of_too_many_on_their_way_the_first_is_given_up_and_nothing_of_it_stays(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, PDF)
    first = begin(kit, attempt_id, LARGE).json["at"]
    send(kit, first, LARGE, 0)
    second = begin(kit, attempt_id, LARGE[:-1]).json["at"]
    send(kit, second, LARGE[:-1], 0)
    for n in range(MOST_COMING - 1):
        assert begin(kit, attempt_id, b"%d" % n).status_code == 200
    assert send(kit, first, LARGE, PIECE).status_code == 404
    assert lying(app, first) == set()
    assert send(kit, second, LARGE[:-1], PIECE).json["arrived"] == 2 * PIECE
    on_their_way = select(func.count()).where(Upload.state == "coming")
    assert session.scalar(on_their_way) == MOST_COMING
    assert names(attempt_id) == ["plan.pdf"]
    assert upload(kit, attempt_id, LARGE).json["there"] is True


def test_a_file_that_is_all_here_is_not_given_up_for_another(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    whole = UUID(begin(kit, attempt_id, PDF).json["at"].rsplit("/", maxsplit=1)[1])
    with writing():  # its last piece came, and the request died before it was brought in
        session.execute(update(Upload).where(Upload.id == whole).values(arrived=Upload.size))
    for n in range(MOST_COMING + 1):
        assert begin(kit, attempt_id, b"%d" % n).status_code == 200
    assert session.get(Upload, whole) is not None


def lying(app: Flask, url: str) -> set[str]:
    """What lies in the store of the upload at this address."""
    mine = url.rsplit("/", maxsplit=1)[1]
    return {path.name for path in app.extensions["store"].prefix.iterdir() if mine in path.name}


def test_a_piece_of_a_file_that_was_given_up_meanwhile_is_not_kept(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    url = begin(kit, attempt_id, LARGE).json["at"]
    coming = uploads.upload_of(attempt_id, UUID(url.rsplit("/", maxsplit=1)[1]))
    assert uploads.lay_piece(coming, offset=0, content=LARGE[:PIECE], at=now())
    assert lying(app, url)
    with writing():
        session.execute(delete(Upload).where(Upload.id == coming.id))
    with writing():
        uploads.count_piece(coming.id, offset=0, length=PIECE)
    assert lying(app, url) == set()


def test_a_script_cannot_hand_in_without_end(kit: FlaskClient, attempt_id: UUID) -> None:
    upload(kit, attempt_id, PDF)
    with writing():
        had = session.scalars(select(Upload)).one()
        for n in range(1, MOST_BEGUN):
            more = Upload(
                attempt_id=attempt_id, task_id=had.task_id, name="x", size=1, sha256=f"{n}",
                begun_at=now(), state="done",
            )  # fmt: skip
            session.add(more)
    assert "take no more" in begin(kit, attempt_id, b"one more").json["refused"]


# ── without a script ─────────────────────────────────────────────────────────


def test_a_plain_form_keeps_words_and_files(kit: FlaskClient, attempt_id: UUID) -> None:
    sent = post(
        kit,
        answers(attempt_id),
        (PDF, "a.pdf"),
        (papers.picture(), "b.jpg"),
        text="Both of them.",
    )
    assert sent.status_code == 303
    assert names(attempt_id) == ["a.pdf", "b.jpg"]
    assert work(attempt_id).value["text"] == "Both of them."
    page = kit.get(f"/attempts/{attempt_id}/tasks/2").text
    assert 'enctype="multipart/form-data"' in page
    assert "Take out a.pdf" in page
    for _ in range(2):  # the same form once more
        post(kit, answers(attempt_id), (PDF, "a.pdf"), text="Both of them.", base="3")
    assert names(attempt_id) == ["a.pdf", "b.jpg"]


@pytest.mark.parametrize("where", ["", "submission"])
def test_one_bad_file_keeps_nothing_else_from_being_kept(
    kit: FlaskClient, attempt_id: UUID, where: str
) -> None:
    url = f"/attempts/{attempt_id}/submission" if where else answers(attempt_id)
    files = [(BytesIO(PDF), "good.pdf"), (BytesIO(b"MZ" + bytes(99)), "bad\u202efdp.exe")]
    data = {"text": "My words.", "base": "0", "task": str(work(attempt_id).task.id), "file": files}
    sent = kit.post(url, data=data, content_type="multipart/form-data")
    assert sent.status_code == 422
    assert "“badfdp.exe” was not taken." in sent.text
    assert "My words." in sent.text
    assert names(attempt_id) == ["good.pdf"]
    assert work(attempt_id).value["text"] == "My words."
    assert queries.timer_of(attempt_id).submitted_at is None
    assert f'data-base="{work(attempt_id).head}"' in sent.text


def test_a_text_that_is_too_long_loses_no_file(kit: FlaskClient, attempt_id: UUID) -> None:
    sent = post(kit, answers(attempt_id), (PDF, "a.pdf"), text="x" * 100_001)
    assert sent.status_code == 422
    assert "x" * 1000 in sent.text
    assert names(attempt_id) == ["a.pdf"]
    assert "Take out a.pdf" in sent.text


def test_large_forms_are_taken_from_who_sits_at_the_desk_alone(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    big = b"%PDF-1.7\n" + bytes(17_000_000) + b"\n%%EOF"
    assert "10 MB are the most" in _posted(kit, answers(attempt_id), big).text
    assert _posted(make.browser(app), answers(attempt_id), big).status_code == 413


def _posted(client: FlaskClient, url: str, content: bytes) -> TestResponse:
    field = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    text = field.format("text", "") + field.format("base", "0")
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n'
    body = f"{text}{file}".encode() + content + b"\r\n--x--\r\n"
    return client.post(url, data=body, content_type="multipart/form-data; boundary=x")


def test_a_file_can_be_taken_out_and_the_words_typed_meanwhile_stay(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    post(kit, answers(attempt_id), (PDF, "a.pdf"), (papers.picture(), "b.jpg"))
    file_id = work(attempt_id).value["files"][0]["id"]
    url, head = f"/attempts/{attempt_id}/uploads/{file_id}/removal", str(work(attempt_id).head)
    assert post(kit, url, text="Only the picture.", base=head).status_code == 303
    assert names(attempt_id) == ["b.jpg"]
    assert work(attempt_id).value["text"] == "Only the picture."
    last = work(attempt_id).last
    assert kit.post(url, headers=PARTIAL).json == {"there": False}
    assert work(attempt_id).last == last
    before = session.scalars(select(Revision.value).where(Revision.number == 2)).all()
    assert any("a.pdf" in str(value) for value in before)


def test_an_upload_that_is_given_up_leaves_nothing(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    url = begin(kit, attempt_id, LARGE).json["at"]
    send(kit, url, LARGE, 0)
    assert kit.post(f"{url}/removal", headers=PARTIAL).status_code == 200
    assert session.scalar(select(func.count()).select_from(Upload)) == 0
    assert not [
        p for p in app.extensions["store"].prefix.iterdir() if url.rsplit("/", 1)[1] in p.name
    ]


# ── two windows ──────────────────────────────────────────────────────────────


def test_words_saved_by_the_window_that_sent_the_file_stand_over_it(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    content = PDF
    url = begun_at(kit, attempt_id, content)
    send(kit, url, content, 0, tab="mine")
    data = {"text": "Written while it was on its way.", "base": "0", "tab": "mine", "nth": "1"}
    assert kit.post(answers(attempt_id), data=data, headers=PARTIAL).status_code == 200
    assert work(attempt_id).value["text"] == "Written while it was on its way."
    assert names(attempt_id) == ["plan.pdf"]


def test_words_of_a_window_that_had_not_heard_of_the_file_are_kept_beside_it(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, PDF)
    data = {"text": "From elsewhere.", "base": "0", "tab": "other", "nth": "1"}
    sent = kit.post(answers(attempt_id), data=data, headers=PARTIAL)
    assert sent.status_code == 409
    assert "From elsewhere." in sent.text
    assert "plan.pdf" in sent.text
    assert names(attempt_id) == ["plan.pdf"]


def test_two_windows_that_each_send_the_one_file_keep_both_to_choose_from(
    app: Flask, kit: FlaskClient
) -> None:
    one = make.version_with_files(most_files=1)
    token = seal("invitation", make.invited(make.opening(version_id=one.id)[0]).id)
    mine = UUID(kit.post(f"/invitations/{token}/attempt").location.rsplit("/", 1)[1])
    first, second = PDF, papers.picture()
    urls = [begin(kit, mine, first).json["at"], begin(kit, mine, second, "b.jpg").json["at"]]
    assert send(kit, urls[0], first, 0, tab="one").json["there"] is True
    assert send(kit, urls[1], second, 0, tab="two").json["there"] is True
    assert names(mine) == ["plan.pdf"]
    stands = work(mine)
    page = kit.get(f"/attempts/{mine}/tasks/2").text
    assert "Two answers are kept" in page
    chosen = {
        "text": "",
        "base": str(stands.head),
        "number": str(stands.beside),
        "seen": str(stands.last),
    }
    assert kit.post(answers(mine, "/choice"), data=chosen).status_code == 303
    assert names(mine) == ["b.jpg"]


# ── the end ──────────────────────────────────────────────────────────────────


def closes(attempt_id: UUID) -> Any:
    return queries.timer_of(attempt_id).closes_at


def test_a_file_that_set_out_in_time_may_arrive_a_little_later(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    end = closes(attempt_id)
    with at(end):
        url = begin(kit, attempt_id, LARGE).json["at"]
    with at(end + timedelta(minutes=1)):
        assert not settle(attempt_id)
        for offset in range(0, len(LARGE), PIECE):
            send(kit, url, LARGE, offset)
        assert names(attempt_id) == ["plan.pdf"]
        assert settle(attempt_id)
    assert session.get_one(Attempt, attempt_id).finished_at == end


def test_what_never_arrives_keeps_nobody_waiting_for_more_than_five_minutes(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    end = closes(attempt_id)
    with at(end):
        url = begin(kit, attempt_id, PDF).json["at"]
    with at(end + FINISHING):
        assert not settle(attempt_id)
    with at(end + FINISHING + timedelta(minutes=1)):
        late = send(kit, url, PDF, 0)
        assert late.status_code == 422
        assert "The time is over" in late.json["refused"]
        assert settle(attempt_id)
        assert send(kit, url, PDF, 0).status_code == 422
    assert names(attempt_id) == []


def test_no_piece_is_taken_once_all_is_closed(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    url = begin(kit, attempt_id, LARGE).json["at"]
    send(kit, url, LARGE, 0)
    closed(attempt_id)
    assert send(kit, url, LARGE, PIECE).status_code == 422
    assert len(lying(app, url)) == 1


@pytest.mark.parametrize("minutes", [2, 60])
def test_a_file_that_sets_out_after_the_end_is_not_taken_but_the_words_are_kept(
    app: Flask, kit: FlaskClient, attempt_id: UUID, minutes: int
) -> None:
    make.saved(attempt_id, "My words.")
    store = app.extensions["store"].prefix
    before = set(store.iterdir())
    with at(closes(attempt_id) + timedelta(minutes=minutes)):
        assert "The time is over" in begin(kit, attempt_id, PDF).json["refused"]
        sent = post(kit, answers(attempt_id), (PDF, "late.pdf"), text="Late words.")
        assert sent.status_code == 303
        told = kit.get(sent.location).text
        assert "“late.pdf” was not taken. The time is over." in told
        assert "Late words." in told
        settle(attempt_id)
    assert set(store.iterdir()) == before
    assert session.scalar(select(func.count()).select_from(BlindFile)) == 0


def test_who_has_handed_in_takes_it_back_before_another_file_is_taken(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    url = begin(kit, attempt_id, papers.picture(), "begun before.jpg").json["at"]
    upload(kit, attempt_id, PDF)
    make.submitted(attempt_id)
    refused = begin(kit, attempt_id, LARGE)
    assert "You have handed in already. Take that back" in refused.json["refused"]
    assert upload(kit, attempt_id, PDF).json["there"] is True
    assert send(kit, url, papers.picture(), 0).json["there"] is True
    assert names(attempt_id) == ["plan.pdf"]
    receipt = kit.get(f"/attempts/{attempt_id}/receipt").text
    assert "begun before.jpg" in receipt
    assert "1 file, 1 revision in all" in receipt
    assert re.search(r"1 file, \d+ kB, revision 1", receipt)
    kit.post(f"/attempts/{attempt_id}/reopening")
    assert upload(kit, attempt_id, LARGE).json["there"] is True


def test_what_stopped_on_its_way_is_cleared_away_after_the_end_and_no_file_with_it(
    app: Flask, kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, PDF)
    url = begin(kit, attempt_id, LARGE).json["at"]
    send(kit, url, LARGE, 0)
    assert tasks.clear_uploads() == 0
    make.submitted(attempt_id)
    with at(now() + timedelta(minutes=11)):
        assert tasks.clear_uploads() == 0
        assert settle(attempt_id)
        assert tasks.clear_uploads() == 1
        assert tasks.clear_uploads() == 0
    assert lying(app, url) == set()
    assert [upload.name for upload in session.scalars(select(Upload))] == ["plan.pdf"]
    assert read(session.scalars(select(StoredFile)).one()) == PDF


@pytest.mark.parametrize("content", [PDF, b"<html>not what is taken</html>"])
def test_a_file_whose_last_request_died_is_not_lost_when_the_time_ends(
    app: Flask, kit: FlaskClient, attempt_id: UUID, content: bytes
) -> None:
    end, url = closes(attempt_id), begin(kit, attempt_id, content).json["at"]
    coming = uploads.upload_of(attempt_id, UUID(url.rsplit("/", maxsplit=1)[1]))
    assert uploads.lay_piece(coming, offset=0, content=content, at=now())
    with writing():
        uploads.count_piece(coming.id, offset=0, length=len(content))
    with at(end + FINISHING + timedelta(minutes=1)):
        assert settle(attempt_id)
    assert names(attempt_id) == (["plan.pdf"] if content == PDF else [])
    waiting = session.scalars(select(BlindFile.state)).all()
    assert waiting == (["waiting"] if content == PDF else [])
    assert len(lying(app, url)) == len(waiting)
    tasks.make_copies()


# ── how much is read ─────────────────────────────────────────────────────────


def test_a_form_may_have_what_its_files_may_have_and_after_the_end_no_more_than_any(
    app: Flask, kit: FlaskClient
) -> None:
    small = make.version_with_files(most_mb=10, most_files=1)
    token = seal("invitation", make.invited(make.opening(version_id=small.id)[0]).id)
    mine = UUID(kit.post(f"/invitations/{token}/attempt").location.rsplit("/", 1)[1])
    told = _posted(kit, answers(mine), bytes(17_000_000))
    assert told.status_code == 422
    assert "10 MB are the most" in told.text
    refused = _posted(kit, answers(mine), bytes(19_000_000))
    assert refused.status_code == 413
    assert "18.5 megabytes" in refused.text
    with at(queries.timer_of(mine).closes_at + timedelta(hours=1)):
        assert _posted(kit, answers(mine), bytes(17_000_000)).status_code == 413


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    kit: FlaskClient, attempt_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_whole(*_given: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(uploads, "digest_of", read_whole)
    assert "10 MB are the most" in _posted(kit, answers(attempt_id), bytes(11_000_000)).text


def test_a_piece_is_no_larger_than_a_piece(kit: FlaskClient, attempt_id: UUID) -> None:
    url = begin(kit, attempt_id, LARGE).json["at"]
    data = {"offset": 0, "piece": (BytesIO(bytes(PIECE + 200_000)), "blob")}
    refused = kit.post(url, data=data)
    assert refused.status_code == 413
    assert "0.36 megabytes." in refused.text


def test_a_form_brings_no_more_files_than_there_may_be(kit: FlaskClient, attempt_id: UUID) -> None:
    files = [(PDF + b" " * n + b"\n%%EOF", f"{n}.pdf") for n in range(5)]
    sent = post(kit, answers(attempt_id), *files, text="All of them.")
    assert sent.status_code == 422
    assert sent.text.count("There is no more room for it") == 2 + 1  # and once for the script
    assert names(attempt_id) == ["0.pdf", "1.pdf", "2.pdf"]


# ── copies, and what reviewers are given ─────────────────────────────────────


def closed(attempt_id: UUID) -> None:
    make.submitted(attempt_id)
    with at(now() + timedelta(minutes=11)):
        assert settle(attempt_id)


def blind(attempt_id: UUID) -> BlindAnswer:
    task_id = work(attempt_id).task.id
    session.expire_all()
    return session.scalars(select(BlindAnswer).where(BlindAnswer.task_id == task_id)).one()


def given(attempt_id: UUID) -> int:
    mine = Assignment.blind_answer_id == blind(attempt_id).id
    return session.scalar(select(func.count()).where(mine)) or 0


def test_an_answer_is_given_out_once_its_files_are_copied(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, papers.docx(), f"{papers.WHO}.docx")
    upload(kit, attempt_id, papers.picture(), "b.jpg")
    closed(attempt_id)
    assert not blind(attempt_id).ready
    assert given(attempt_id) == 0
    tasks.make_copies()
    assert blind(attempt_id).ready
    assert given(attempt_id) == 2
    files = session.scalars(select(BlindFile).order_by(BlindFile.number)).all()
    assert [(file.name, file.state) for file in files] == [
        ("file-1.docx", "clean"),
        ("file-2.webp", "clean"),
    ]
    for file in files:
        assert papers.found_in(read(session.get_one(StoredFile, file.file_id))) == []
    assert papers.found_in(str(blind(attempt_id).value).encode()) == []
    tasks.make_copies()
    assert given(attempt_id) == 2


def test_an_answer_whose_copies_are_made_already_is_given_out_at_once(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, PDF)
    tasks.make_copies()
    closed(attempt_id)
    assert given(attempt_id) == 2


def test_what_cannot_be_copied_is_told_and_holds_nobody_up(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, papers.picture(size=(2000, 2000))[:3000], "cut.jpg")
    tasks.make_copies()
    assert "we cannot show it to reviewers" in kit.get(f"/attempts/{attempt_id}/tasks/2").text
    closed(attempt_id)
    assert given(attempt_id) == 2
    assert session.scalars(select(BlindFile.state)).all() == ["left_out"]


def test_a_copy_that_fails_for_our_own_reasons_is_tried_again_and_given_up_in_the_end(
    kit: FlaskClient, attempt_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(kit, attempt_id, PDF)
    closed(attempt_id)

    def broken(*_given: object, **_more: object) -> None:
        raise OSError("no such disk")

    monkeypatch.setattr(tasks, "copied", broken)
    for _ in range(3):
        tasks.make_copies()
        with at(now() + timedelta(minutes=2)):
            tasks.make_copies()
    with at(now() + timedelta(minutes=5)):
        tasks.make_copies()
    assert session.scalars(select(BlindFile.state)).all() == ["left_out"]
    assert given(attempt_id) == 2


def test_a_worker_that_died_between_leaves_nothing_waiting(
    kit: FlaskClient, attempt_id: UUID
) -> None:
    upload(kit, attempt_id, PDF)
    closed(attempt_id)
    with writing():
        upload_row = session.scalars(select(Upload)).one()
        upload_row.state, upload_row.why = "failed", "The worker died."
    tasks.make_copies()
    assert given(attempt_id) == 2


def test_a_name_that_is_put_right_stands_in_no_copy(kit: FlaskClient, attempt_id: UUID) -> None:
    upload(kit, attempt_id, b"The plan.\n\nSigned, Ottoline Brandvold", "plan.txt")
    tasks.make_copies()
    attempt = session.get_one(Attempt, attempt_id)
    application_id = attempt.application_id
    with writing():
        correct_name(application_id, name="Ottoline Brandvold", by=make.staff("rae"))
    closed(attempt_id)
    tasks.make_copies()
    stored = session.get_one(StoredFile, session.scalars(select(BlindFile.file_id)).one())
    assert read(stored).decode() == "The plan.\n\nSigned, [name]"


def test_an_empty_answer_gets_the_lowest_level_by_rule(kit: FlaskClient, attempt_id: UUID) -> None:
    make.saved(attempt_id, "Only the third task.", task=3)
    closed(attempt_id)
    assert blind(attempt_id).empty
    assert not blind(attempt_id).wants_person
    assert given(attempt_id) == 0


@pytest.fixture(autouse=True)
def _nothing_left_claimed(app: Flask) -> Iterator[None]:
    yield
    assert not session.scalars(select(Upload.id).where(Upload.state == "claimed")).all()


def test_a_save_names_no_file_itself(kit: FlaskClient, attempt_id: UUID) -> None:
    upload(kit, attempt_id, PDF)
    data = {"text": "x", "base": "1", "files": [str(uuid4())]}
    assert kit.post(answers(attempt_id), data=data).status_code == 303
    assert names(attempt_id) == ["plan.pdf"]
