"""The screens of the demo, as everybody in it finds them, and what people do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import Page
from sqlalchemy import ColumnElement, exists, select

from hiring import demo
from hiring.accounts.models import Account
from hiring.assessments.models import Assessment, Task, Version
from hiring.attempts.blind import BlindAnswer, BlindFile
from hiring.attempts.models import Attempt
from hiring.kernel.database import session
from hiring.kernel.tokens import seal
from hiring.ledger.models import Entry
from hiring.openings.imports import Import
from hiring.openings.models import Application, Invitation, Opening, Step
from hiring.openings.questions import QuestionAppeal
from hiring.outbox.models import Message
from hiring.reviewing.models import Assignment, Review
from hiring.shortlists.models import Export

LONGEST_TASK = 2  # of the shipped template, by its place


@dataclass(frozen=True)
class Screen:
    """A picture to take: whose eyes, which address, and what is done before."""

    name: str
    who: str
    path: str
    first: Callable[[Page], object] = lambda page: None


def screens() -> Iterator[Screen]:
    """Every screen, found by what the demo holds. Inside an application context."""
    yield Screen("sign-in", "", "/account/login?as=rae")
    yield Screen("password-lost", "", "/account/reset")
    yield Screen("openings-public", "", "/")
    yield Screen("opening-public", "", f"/openings/{opening_of_one_step().slug}")
    yield Screen("opening-applied", "", f"/openings/{opening_of_one_step().slug}/applications")
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


def opening_of_one_step() -> Opening:
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
    base = f"/staff/openings/{opening_of_one_step().id}"
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
    base = f"/staff/openings/{opening_of_one_step().id}"
    yield Screen("sign-in-wrong", "", "/account/login?as=rae", _wrong_password)
    yield Screen("opening-new-wrong", "rae", "/staff/openings/new", _send_it_empty)
    public = f"/openings/{opening_of_one_step().slug}"
    yield Screen("opening-public-wrong", "", public, _send_it_empty)
    yield Screen("invite-wrong", "rae", f"{base}/invitations", _type_wrong_lines)
    yield Screen("import-wrong", "rae", f"{base}/imports", _paste_a_page)
    yield Screen("opening-none-found", "rae", f"{base}?q=nobody+of+this+name")
    yield Screen("opening-chosen", "rae", base, _choose_two)
    yield Screen("assessment-open", "rae", f"{_version_path()}", open_all)
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


def open_all(page: Page) -> None:
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
