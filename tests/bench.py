"""`make bench`: saves beside the bare floor under the same server, and the pages that people wait for.

Absolute figures move with the machine; the ratio to the floor in the same run is the claim. Both are
asked by the same clients in the same way: one connection each, the next request when the answer is in.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import event, select, text
from werkzeug.test import TestResponse

from hiring import create_app, demo, serve
from hiring.accounts.models import Account
from hiring.assessments.shipped import begin_from
from hiring.attempts.models import Attempt
from hiring.kernel.clock import now
from hiring.kernel.database import db, session, writing
from hiring.kernel.tokens import seal
from hiring.openings.inviting import invite
from hiring.openings.models import Opening
from hiring.openings.rules import Guest
from hiring.reviewing.models import Assignment, Review
from tests import bench_import
from tests.live import LiveServer, free_port

CLIENTS = 8
SECONDS = float(os.environ.get("HIRING_TEST_BENCH_SECONDS", "10"))
WORKERS, THREADS = 2, 8
MODES = {"0": "OFF", "1": "NORMAL", "2": "FULL", "3": "EXTRA"}  # as SQLite counts them
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SAVES = re.compile(r'"(/attempts/[0-9a-f-]{36}/answers/[0-9a-f-]{36})"')
TEXT = (
    "The refund is entered; a colleague approves it before 17:00, and I write again by 17:15. " * 12
)


class Asker:
    """One client: a connection that is kept, its cookies, and the form token of the last page."""

    def __init__(self, url: str) -> None:
        self.netloc = urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.netloc, timeout=30)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> str:
        """A page, after its redirects."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: object) -> str:
        """A form, sent with its token."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> str:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Sec-Fetch-Site": "same-origin",
                "HX-Request": "true",
                "HX-Request-Type": "partial",
            }
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        found = TOKEN.search(page)
        self.token = found[1] if found else self.token
        if answer.status in {http.HTTPStatus.SEE_OTHER, http.HTTPStatus.FOUND}:
            return self._ask(
                "GET", answer.headers["Location"].removeprefix(f"http://{self.netloc}"), None
            )
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{method} {path}: {answer.status}\n{page[:500]}")
        return page


@dataclass(frozen=True)
class Taken:
    """What one measurement found: requests a second, and the times of single ones in milliseconds."""

    rate: float
    p50: float
    p95: float

    def __str__(self) -> str:
        return f"{self.rate:7.0f}/s   p50 {self.p50:6.1f} ms   p95 {self.p95:6.1f} ms"


def measure(asks: list[Callable[[int], object]]) -> Taken:
    """Let each client ask, one after the other answer, for SECONDS. Each gets the count of its asks."""
    times: list[float] = []
    until = time.perf_counter() + SECONDS

    def run(ask: Callable[[int], object]) -> None:
        nth = 0
        while time.perf_counter() < until:
            nth += 1
            began = time.perf_counter()
            ask(nth)
            times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=run, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = quantiles(times, n=20)
    return Taken(len(times) / SECONDS, cuts[9] * 1000, cuts[18] * 1000)


@contextmanager
def floor(folder: Path) -> Iterator[str]:
    """The bare view under the same server with the same workers."""
    port = free_port()
    command = f"""-m gunicorn tests.bench_floor:app --bind 127.0.0.1:{port} --worker-class gthread
                  --workers {WORKERS} --threads {THREADS} --log-level warning --no-control-socket"""
    process = subprocess.Popen(
        [sys.executable, *command.split()], env={**os.environ, "FLOOR_FILE": f"{folder}/floor.db"}
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            Asker(f"http://127.0.0.1:{port}").get("/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The floor did not start.")


def floor_saves(folder: Path) -> tuple[Taken, str]:
    """The floor's rate of commits, and the mode it commits in."""
    with floor(folder) as url:
        askers = [Asker(url) for _ in range(CLIENTS)]
        mode = MODES[askers[0].get("/synchronous")]
        return measure([lambda nth, a=a: a.post("/save", text=TEXT) for a in askers]), mode


def commits_of_a_save(app: Flask, token: str) -> int:
    """How often the database commits while one save is answered, counted at the engine."""
    kit, commits = app.test_client(), []
    mark = TOKEN.search(kit.get(f"/invitations/{token}").text)
    assert mark

    def post(path: str, **form: str) -> TestResponse:
        fields = {"csrf_token": mark[1], **form}
        return kit.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    begun = post(f"/invitations/{token}/attempt", factor="1").headers["Location"]
    attempt = re.search(r"/attempts/[0-9a-f-]{36}", begun)
    assert attempt
    path = SAVES.search(kit.get(f"{attempt[0]}/tasks/2").text)
    assert path
    event.listen(db.engine, "commit", commits.append)
    answer = post(path[1], text=TEXT, base="0", tab="bench", nth="1")
    assert answer.status_code == http.HTTPStatus.SEE_OTHER
    return len(commits)


def first_opening() -> Opening:
    """The opening that the demo makes first. Inside an application context of the demo."""
    hiring = select(Opening).where(Opening.kind == "hiring")
    return session.scalars(hiring.order_by(Opening.created_at)).all()[0]


def invited() -> list[str]:
    """Fresh invitations, one a client and one to look at. Inside an application context of the demo."""
    opening = first_opening()
    opening_id, by = opening.id, opening.contact_id
    guests = [Guest(f"bench{i}@example.org", f"Bench {i}") for i in range(CLIENTS + 1)]
    with writing():
        made = invite(opening_id, guests=guests, expires_at=now() + timedelta(days=3), by=by)
        return [seal("invitation", invitation.id) for invitation in made]


def begun(url: str, token: str) -> tuple[Asker, str]:
    """A client that has pressed Start, and the path where its written answer is saved."""
    asker = Asker(url)
    asker.get(f"/invitations/{token}")
    page = asker.post(f"/invitations/{token}/attempt", factor="1")
    attempt = re.search(r"/attempts/([0-9a-f-]{36})", page)
    assert attempt
    page = asker.get(f"/attempts/{attempt[1]}/tasks/2")
    save = SAVES.search(page)
    assert save
    return asker, save[1]


def saves(url: str, tokens: list[str]) -> Taken:
    """Our rate of saves: each a new revision."""

    def saver(asker: Asker, path: str) -> Callable[[int], object]:
        return lambda nth: asker.post(
            path, text=f"{nth} {TEXT}", base=nth - 1, tab="bench", nth=nth
        )

    return measure([saver(*begun(url, token)) for token in tokens])


def page_of(url: str, path: str, *, email: str = "", has: str) -> Taken:
    """One page, asked for one at a time, by a stranger or by whoever signs in with this address."""
    asker = Asker(url)
    if email:
        asker.get("/account/login")
        asker.post("/account/login", email=email, password=demo.PASSWORD)
    assert has in asker.get(path)
    return measure([lambda nth: asker.get(path)])


def an_open_assignment() -> tuple[UUID, str]:
    """An answer of the demo that still wants its marks, and whose it is."""
    open_ = (
        select(Assignment.id, Account.email)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Account, Account.id == Assignment.account_id)
        .where(Review.final_at.is_(None), Assignment.released_at.is_(None))
    )
    row = session.execute(open_).first()
    assert row
    return row[0], row[1]


def a_draft(by: UUID) -> str:
    """The path of a new draft with all that the first template has."""
    assessment_id = uuid4()
    with writing():
        begin_from("the-invoice-charged-twice", assessment_id, by=by)
    return f"/staff/assessments/{assessment_id}"


@dataclass(frozen=True)
class Prepared:
    """What is asked for, in a demo that has been filled."""

    tokens: list[str]
    review: str
    reviewer: str
    recruiter: str
    draft: str
    public: str
    imports: str
    file: bench_import.Import5000
    by: UUID
    attempts: int
    mode: str
    commits: int


def prepared(app: Flask) -> Prepared:
    """Invite the clients, begin a draft, bring a file of 5,000. Inside an application context."""
    (probe, *tokens), (assignment_id, email) = invited(), an_open_assignment()
    opening = first_opening()
    file = bench_import.bring(opening.id, opening.contact_id)
    return Prepared(
        tokens,
        review=f"/staff/reviews/{assignment_id}",
        reviewer=email,
        recruiter=f"rae@{email.split('@')[1]}",
        draft=a_draft(opening.contact_id),
        public=f"/openings/{opening.slug}",
        imports=f"/staff/openings/{opening.id}/imports/{file.id}",
        file=file,
        by=opening.contact_id,
        attempts=len(session.scalars(select(Attempt.id)).all()),
        mode=MODES[str(session.scalar(text("PRAGMA synchronous")))],
        commits=commits_of_a_save(app, probe),
    )


def measured(url: str, ready: Prepared) -> dict[str, Taken]:
    """Saves, then the pages that people wait for, by what they are called."""
    return {
        "saves": saves(url, ready.tokens),
        "review": page_of(url, ready.review, email=ready.reviewer, has='class="rubric"'),
        "draft": page_of(url, ready.draft, email=ready.recruiter, has='id="draft"'),
        "public": page_of(url, ready.public, has="The facts"),
        "import": page_of(url, ready.imports, email=ready.recruiter, has="5,000 ready"),
    }


def main() -> None:
    """Print floor, saves, their ratio, and the pages that people wait for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = LiveServer(
            folder, f"sqlite:///{folder}/hiring.db",
            HIRING_WORKERS=str(WORKERS), HIRING_THREADS=str(THREADS),
        )  # fmt: skip
        serve.prepare(server.config)
        app = create_app(server.config)
        with app.app_context():
            ready = prepared(app)
        server.start()
        try:
            took = measured(server.url, ready)
        finally:
            server.stop()
        with app.app_context():
            bench_import.invite(ready.file, ready.by)
        bare, bare_mode = floor_saves(folder)
        bare_import = bench_import.floor(folder, ready.file.letter)
    ours = took["saves"]
    print(
        f"gunicorn gthread {WORKERS} × {THREADS}, {CLIENTS} clients, {SECONDS:g} s each;"
        f" {ready.attempts} attempts in the database\n"
        f"  bare Flask view   {bare}   synchronous {bare_mode}, 1 commit a request\n"
        f"  save an answer    {ours}   synchronous {ready.mode}, {ready.commits} commit a request;"
        f" {ours.rate / bare.rate:.2f} of the floor (aim 0.50)\n"
        f"  reviewer's page   {took['review']}   (aim p50 under 25 ms, one at a time)\n"
        f"  assessment page   {took['draft']}   (a draft of four tasks, one at a time)\n"
        f"  public page       {took['public']}   (one at a time)\n"
        f"  import, preview   {took['import']}   (a list of 5,000, one at a time)\n"
        f"{bench_import.told(ready.file, bare_import)}"
    )


if __name__ == "__main__":
    main()
