"""`make pictures`: every screen, light and dark, 1280 and 390 px wide, whole, for people to look at.

Three sittings: the demo with its errors and open menus, the demo with a thousand people in its opening,
and a house where nothing has happened yet.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import rmtree, which
from uuid import UUID

from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import ColumnElement, exists, select

from hiring import create_app, demo, serve
from hiring.accounts.models import Account
from hiring.assessments.models import Assessment, Task, Version
from hiring.attempts.blind import BlindAnswer, BlindFile
from hiring.attempts.models import Attempt
from hiring.kernel.clock import now
from hiring.kernel.database import session, writing
from hiring.kernel.tokens import seal
from hiring.ledger.models import Entry
from hiring.openings.imports import Import
from hiring.openings.inviting import invite
from hiring.openings.models import Application, Invitation, Opening, Step
from hiring.openings.questions import QuestionAppeal
from hiring.openings.rules import Guest
from hiring.openings.sendings import send_now, take_back
from hiring.outbox.models import Message
from hiring.reviewing.models import Assignment, Review
from hiring.shortlists.models import Export
from tests import factories
from tests.live import LiveServer

FOLDER = Path(__file__).parents[1] / "pictures"
SCHEMES = ("light", "dark")
WIDTHS = ((1280, 860), (390, 844))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
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
LONGEST_TASK = 2  # of the shipped template, by its place


@dataclass(frozen=True)
class Screen:
    """A picture to take: whose eyes, which address, and what is done before."""

    name: str
    who: str
    path: str
    first: Callable[[Page], object] = lambda page: None


# ── the demo ─────────────────────────────────────────────────────────────────


def screens() -> Iterator[Screen]:
    """Every screen, found by what the demo holds. Inside an application context."""
    yield Screen("sign-in", "", "/account/login?as=rae")
    yield Screen("password-lost", "", "/account/reset")
    yield Screen("openings-public", "", "/")
    yield Screen("opening-public", "", f"/openings/{_opening().slug}")
    yield Screen("opening-applied", "", f"/openings/{_opening().slug}/applications")
    yield Screen("not-found", "", "/nothing-here")
    yield from _candidate()
    yield from _reviewer()
    yield Screen("today", "rae", "/staff")
    yield from _of_the_opening()
    yield from _of_two_steps()
    yield from _of_the_workshop()
    yield from _of_assessments()
    yield Screen("ledger", "rae", "/staff/ledger")
    yield Screen("ledger-entry", "rae", f"/staff/ledger/{_decision()}")
    yield Screen("ledger-verification", "rae", "/staff/ledger/verification")
    yield from _of_the_owner()


def _decision() -> int:
    """The number of an entry that says much."""
    return session.scalars(select(Entry.number).where(Entry.kind == "decision")).all()[-1]


def _opening() -> Opening:
    """The demo's first opening, of one step."""
    hiring = select(Opening).where(Opening.kind == "hiring")
    return session.scalars(hiring.order_by(Opening.created_at)).all()[0]


def _of_two_steps() -> Iterator[Screen]:
    """The demo's other opening."""
    pair = session.scalars(select(Opening).join(Step).where(Step.position == 2)).one()
    base = f"/staff/openings/{pair.id}"
    both = "&".join(f"version={step.version_id}" for step in pair.steps)
    yield Screen("steps-new", "rae", f"/staff/openings/new?{both}")
    yield Screen("steps-opening", "rae", base)
    yield Screen("steps-public", "", f"/openings/{pair.slug}")
    yield Screen("steps-panel", "rae", f"{base}/steps/2/panel")
    yield Screen("steps-step", "rae", f"{base}/steps/2")
    yield Screen("steps-add", "rae", f"{base}/steps/new")
    yield Screen("steps-closing", "rae", f"{base}/closing")
    yield Screen("steps-shortlist", "rae", f"{base}/steps/1/shortlist")
    yield Screen("steps-proposal", "rae", f"{base}/steps/1/proposal")
    through = select(Application.id).where(Application.step_id == pair.steps[1].id)
    for id in session.scalars(through.limit(1)):
        yield Screen("steps-application", "rae", f"/staff/applications/{id}/steps/1")
    waiting = Invitation.step_id == pair.steps[1].id
    for id in session.scalars(select(Invitation.id).where(waiting).limit(1)):
        yield Screen("steps-invitation", "", f"/invitations/{seal('invitation', id)}")


def _of_the_workshop() -> Iterator[Screen]:
    """The opening with a file, a picture and a question, and the pilot."""
    asking = session.scalars(select(QuestionAppeal.application_id)).one()
    application = session.get_one(Application, asking)
    base = f"/staff/openings/{application.opening_id}"
    yield Screen("workshop-opening", "rae", base)
    yield Screen("workshop-questions", "rae", f"{base}/questions")
    yield Screen("workshop-answers", "rae", f"{base}/applications/{asking}/answers")
    mine = Invitation.application_id == asking
    link = seal("invitation", session.scalars(select(Invitation.id).where(mine)).one())
    yield Screen("workshop-stopped", "", f"/invitations/{link}")
    file = select(Assignment.id).join(
        BlindFile, BlindFile.blind_answer_id == Assignment.blind_answer_id
    )
    yield Screen("marking-file", "zia", f"/staff/reviews/{session.scalars(file).one()}")
    shown = select(Task).where(Task.prompt.contains("](picture:"))
    task = session.scalars(shown).one()
    preview = f"/staff/assessments/{task.version.assessment_id}/preview/tasks/{task.position}"
    yield Screen("workshop-picture", "rae", f"{preview}?version={task.version.number}")
    pilot = session.scalars(select(Opening.id).where(Opening.kind == "pilot")).one()
    yield Screen("pilot-told", "rae", f"/staff/openings/{pilot}/pilot")
    yield Screen("pilot-opening", "rae", f"/staff/openings/{pilot}")


def _candidate() -> Iterator[Screen]:
    fresh = demo.fresh_invitation()
    begun = exists().where(Attempt.invitation_id == Invitation.id)
    yield Screen("invitation", "", _link("invited", ~begun, Invitation.id != fresh))
    yield Screen("invitation-begun", "", _link("invited", begun))
    yield Screen("receipt-door", "", _link("submitted"))
    yield Screen("invitation-unknown", "", "/invitations/nobody-made-this-one")
    if fresh is not None:
        yield Screen("desk", "kit", f"/invitations/{seal('invitation', fresh)}", _begin)


def _link(stage: str, *which: ColumnElement[bool]) -> str:
    """The invitation link of someone at this stage."""
    found = session.scalars(
        select(Invitation.id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Application.stage == stage, *which)
    )
    return f"/invitations/{seal('invitation', next(iter(found)))}"


def _begin(page: Page) -> None:
    with page.expect_event("load"):
        page.locator("form[action$='/attempt'] button").last.click()


def _reviewer() -> Iterator[Screen]:
    yield Screen("reviews", "wen", "/staff/reviews")
    for name, final in (("marking", False), ("marked", True)):
        who, assignment_id = _assignment(final)
        yield Screen(name, who, f"/staff/reviews/{assignment_id}")
    yield Screen("today-reviewer", "vic", "/staff")
    yield Screen("forbidden", "vic", "/staff/settings")


def _assignment(final: bool) -> tuple[str, UUID]:
    """Someone's answer, final or untouched, and who has it; rather one with five criteria."""
    found = session.execute(
        select(Account.email, Assignment.id)
        .join(Assignment, Assignment.account_id == Account.id)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(BlindAnswer, BlindAnswer.id == Assignment.blind_answer_id)
        .join(Task, Task.id == BlindAnswer.task_id)
        .where(Assignment.released_at.is_(None), Review.final_at.is_not(None) == final)
        .order_by(Review.kept_at.is_not(None), Task.position != LONGEST_TASK)
    )
    address, assignment_id = next(iter(found))
    return address.partition("@")[0], assignment_id


def _of_the_opening() -> Iterator[Screen]:
    base = f"/staff/openings/{_opening().id}"
    yield Screen("openings", "rae", "/staff/openings")
    yield Screen("opening-new", "rae", "/staff/openings/new")
    yield Screen("opening", "rae", base)
    yield Screen("panel", "rae", f"{base}/panel")
    yield Screen("invite", "rae", f"{base}/invitations")
    yield Screen("questions", "rae", f"{base}/questions")
    yield Screen("imports", "rae", f"{base}/imports")
    brought = session.scalars(select(Import.id)).first()
    if brought is not None:
        yield Screen("import", "rae", f"{base}/imports/{brought}")
        yield Screen("import-all", "rae", f"{base}/imports/{brought}?state=")
        yield Screen("import-letter", "rae", f"{base}/imports/{brought}/confirmation")
    yield Screen("closing", "rae", f"{base}/closing")
    yield Screen("letters", "ola", "/staff/settings/letters")
    yield Screen("wording", "rae", "/staff/settings/letters/invitation")
    yield Screen("shortlist", "rae", f"{base}/shortlist")
    for name, stage in (("application", "submitted"), ("application-decided", "decided")):
        one = session.scalars(select(Application.id).where(Application.stage == stage)).first()
        if one is not None:
            yield Screen(name, "rae", f"/staff/applications/{one}")
    goes = session.scalars(select(Application).where(Application.stage == "submitted")).first()
    if goes is not None:
        there = f"/staff/openings/{goes.opening_id}/applications/{goes.id}"
        yield Screen("erasure", "rae", f"{there}/erasure")
    yield Screen("exports", "rae", f"{base}/exports")
    export = session.scalars(select(Export.id)).first()
    if export is not None:
        yield Screen("export", "rae", f"/staff/exports/{export}")


def _of_assessments() -> Iterator[Screen]:
    base = f"/staff/assessments/{_assessment_id()}"
    version = session.scalars(select(Version)).first()
    yield Screen("assessments", "rae", "/staff/assessments")
    yield Screen("assessment-draft", "rae", base)
    yield Screen("assessment-version", "rae", f"{base}/versions/1")
    out = session.scalars(select(Version.id).where(Version.published_at.is_not(None))).first()
    yield Screen("pilot-new", "rae", f"/staff/versions/{out}/pilots")
    yield Screen("assessment-preview", "rae", f"{base}/preview")
    for place in range(1, len(version.tasks if version else ()) + 1):
        yield Screen(f"assessment-preview-{place}", "rae", f"{base}/preview/tasks/{place}")
    yield Screen("templates", "rae", "/staff/assessments/templates")
    yield Screen("criteria", "rae", "/staff/assessments/criteria")


def _of_the_owner() -> Iterator[Screen]:
    settings = "/staff/settings"
    yield Screen("settings", "ola", settings)
    yield Screen("staff", "ola", f"{settings}/staff")
    yield Screen("staff-invite", "ola", f"{settings}/staff/invitation")
    one = session.scalars(select(Account.id)).first()
    yield Screen("staff-member", "ola", f"{settings}/staff/{one}")
    yield Screen("outbox", "ola", f"{settings}/outbox")
    for kind in session.scalars(select(Message.kind).distinct()).all():
        letter = session.scalars(select(Message.id).where(Message.kind == kind)).first()
        yield Screen(f"letter-{kind}", "ola", f"{settings}/outbox/{letter}")


# ── what people do to it ─────────────────────────────────────────────────────


def states() -> Iterator[Screen]:
    """What is wrong, open, chosen or offline. Inside an application context; after `screens`."""
    base = f"/staff/openings/{_opening().id}"
    yield Screen("sign-in-wrong", "", "/account/login?as=rae", _wrong_password)
    yield Screen("opening-new-wrong", "rae", "/staff/openings/new", _send_it_empty)
    public = f"/openings/{_opening().slug}"
    yield Screen("opening-public-wrong", "", public, _send_it_empty)
    yield Screen("invite-wrong", "rae", f"{base}/invitations", _type_wrong_lines)
    yield Screen("import-wrong", "rae", f"{base}/imports", _paste_a_page)
    yield Screen("opening-none-found", "rae", f"{base}?q=nobody+of+this+name")
    yield Screen("opening-chosen", "rae", base, _choose_two)
    yield Screen("assessment-open", "rae", f"{_version_path()}", _open_all)
    for screen in screens():
        if screen.name == "marking":
            yield Screen("marking-wrong", screen.who, screen.path, _mark_too_little)
            yield Screen("marking-keys", screen.who, screen.path, _press("?"))
            yield Screen("marking-task", screen.who, screen.path, _press("t"))
        if screen.name == "receipt-door":
            yield Screen("receipt", screen.who, screen.path, _open_receipt)
        if screen.name == "desk":
            yield Screen("desk-reading", screen.who, screen.path, _open_reading)
            yield Screen("desk-offline", screen.who, screen.path, _lose_the_line)


def _assessment_id() -> UUID | None:
    """The demo's first assessment."""
    return session.scalars(select(Assessment.id).order_by(Assessment.created_at)).first()


def _version_path() -> str:
    return f"/staff/assessments/{_assessment_id()}/versions/1"


def _wrong_password(page: Page) -> None:
    page.fill("[name=password]", "not this one")
    with page.expect_event("load"):
        page.locator("form button").first.click()


def _send_it_empty(page: Page) -> None:
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    with page.expect_event("load"):
        page.locator("main form .act").last.click()


def _type_wrong_lines(page: Page) -> None:
    lines = (
        "Ana Pires <ana.pires@example.org>",
        "jonas@exmaple",
        "nobody",
        "ana.pires@example.org",
    )
    page.fill("[name=people]", "\n".join(lines))
    with page.expect_event("load"):
        page.locator("main form .act").last.click()


def _paste_a_page(page: Page) -> None:
    page.fill("[name=pasted]", "<html><table><tr><td>ana.pires@example.org")
    with page.expect_event("load"):
        page.locator("main form .act").last.click()


def _choose_two(page: Page) -> None:
    for box in page.locator(".pick input:enabled").all()[1:3]:
        box.check()


def _open_all(page: Page) -> None:
    for one in page.locator("main details:not([open]) > summary").all():
        if one.is_visible():
            one.click()


def _open_receipt(page: Page) -> None:
    with page.expect_event("load"):
        page.locator("main form .act").last.click()


def _mark_too_little(page: Page) -> None:
    with page.expect_event("load"):
        page.keyboard.press("Enter")


def _press(key: str) -> Callable[[Page], None]:
    return lambda page: page.keyboard.press(key)


def _open_reading(page: Page) -> None:
    _begin(page)
    page.locator(".reading > summary").click()


def _lose_the_line(page: Page) -> None:
    _begin(page)
    page.goto(page.url.rpartition("/")[0] + "/2")
    page.context.set_offline(True)
    page.locator("textarea").first.press_sequentially("Dear Marta, in the tunnel.")
    page.locator(
        "[data-state=device]"
    ).wait_for()  # and it stays so: this is the last of these screens


# ── a thousand, and none ─────────────────────────────────────────────────────


def _crowd() -> Iterator[Screen]:
    """A thousand people more in the demo's opening, and the lists that grow by them."""
    guests = [Guest(f"person{n}@example.org", _name(n)) for n in range(CROWD)]
    by = session.scalars(select(Account.id).where(Account.email.startswith("rae@"))).one()
    opening_id = _opening().id
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


def _nothing() -> Iterator[Screen]:
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


def _nobody() -> Iterator[Screen]:
    """An opening to which nobody was invited, drafts, and an opening whose names are hidden."""
    opening_id, _ = factories.opening(title="Support lead", panel=["wen"])
    yield Screen("nobody-opening", "rae", f"/staff/openings/{opening_id}")
    yield Screen("nobody-shortlist", "rae", f"/staff/openings/{opening_id}/shortlist")
    yield Screen("nobody-exports", "rae", f"/staff/openings/{opening_id}/exports")
    yield Screen("nobody-assessment", "rae", _draft(None))
    yield Screen("draft", "rae", _draft("the-invoice-charged-twice"))
    yield Screen("draft-open", "rae", _draft("the-invoice-charged-twice"), _open_all)
    yield Screen("draft-removal", "rae", _draft("the-invoice-charged-twice") + "/removal")
    yield from letters()
    blind, _ = factories.opening(title="Second line", panel=["uma", "wen"])
    yield Screen("blind-opening", "uma", f"/staff/openings/{blind}")
    yield Screen("blind-shortlist", "uma", f"/staff/openings/{blind}/shortlist")


def letters() -> Iterator[Screen]:
    """Letters that wait, that were taken back, and that came back, in an opening of their own."""
    opening_id, _ = factories.opening(title="Night shift", panel=["wen"])
    base, by = f"/staff/openings/{opening_id}", factories.staff("rae")
    crowd = [f"person{n}@example.org" for n in range(60)]
    waiting = factories.waiting(opening_id, *crowd, name="Ana Pires")
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


# ── the camera ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class House:
    """A running platform, and the password of everyone in it."""

    server: LiveServer
    password: str

    def sit_for(self, browser: Browser, wanted: Callable[[], Iterable[Screen]]) -> None:
        """Find the screens, then take each in both schemes and both widths."""
        with create_app(self.server.config).app_context():
            found = list(wanted())
        for scheme in SCHEMES:
            for size in WIDTHS:
                eyes = {
                    who: self._open(browser, who, scheme, size)
                    for who in {one.who for one in found}
                }
                for screen in found:
                    page = eyes[screen.who].new_page()
                    page.goto(screen.path)
                    screen.first(page)
                    name = f"{screen.name}-{size[0]}-{scheme}.png"
                    page.screenshot(path=FOLDER / name, full_page=True)
                    page.close()
                for context in eyes.values():
                    context.close()

    def _open(
        self, browser: Browser, who: str, scheme: str, size: tuple[int, int]
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=self.server.url,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
        )
        if who and who != "kit":
            page = context.new_page()
            page.goto("/account/login")
            page.fill("[name=email]", f"{who}@osier.example")
            page.fill("[name=password]", self.password)
            page.locator("form button").first.click()
            page.wait_for_url("**/staff**")
            page.close()
        return context


def main() -> None:
    """Build the houses on scratch databases, start them one after the other, and look at everything."""
    began = time.monotonic()
    rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        lived_in = LiveServer(Path(folder, "demo"), f"sqlite:///{folder}/demo.db")
        serve.prepare(lived_in.config)
        _sit(browser, House(lived_in, demo.PASSWORD), screens, states, _crowd)
        fresh = LiveServer(Path(folder, "fresh"), f"sqlite:///{folder}/fresh.db")
        with create_app(fresh.config).app_context():
            upgrade()
        _sit(browser, House(fresh, factories.PASSWORD), _nothing, _nobody)
        browser.close()
    seconds = time.monotonic() - began
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER}, {seconds:.0f} seconds")


def _sit(browser: Browser, house: House, *wanted: Callable[[], Iterable[Screen]]) -> None:
    house.server.start()
    try:
        for some in wanted:
            house.sit_for(browser, some)
    finally:
        house.server.stop()


if __name__ == "__main__":
    main()
