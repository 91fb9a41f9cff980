"""`make pictures`: every screen of the demo, light and dark, 1280 and 390 px wide, for people to look at."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree, which

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select

from hiring import create_app, demo, serve
from hiring.assessments.models import Assessment
from hiring.kernel.database import session
from hiring.kernel.tokens import seal
from hiring.openings.models import Application, Invitation, Opening
from hiring.reviewing.models import Assignment, Review
from hiring.shortlists.models import Export
from tests.live import LiveServer

FOLDER = Path(__file__).parents[1] / "pictures"
SCHEMES = ("light", "dark")
WIDTHS = ((1280, 860), (390, 844))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@dataclass(frozen=True)
class Screen:
    """A picture to take: whose eyes, which address, and what is done before."""

    name: str
    who: str
    path: str
    first: Callable[[Page], object] = lambda page: None


def screens() -> Iterator[Screen]:
    """Every screen, found by what the demo holds. Inside an application context."""
    opening = session.scalars(select(Opening)).one()
    assessment = session.scalars(select(Assessment)).one()
    yield Screen("sign-in", "", "/account/login?as=rae")
    yield Screen("openings-public", "", "/")
    yield Screen("opening-public", "", f"/openings/{opening.slug}")
    yield Screen("not-found", "", "/nothing-here")
    yield from _candidate()
    yield from _reviewer()
    base = f"/staff/openings/{opening.id}"
    yield Screen("today", "rae", "/staff")
    yield Screen("openings", "rae", "/staff/openings")
    yield Screen("opening-new", "rae", "/staff/openings/new")
    yield Screen("opening", "rae", base)
    yield Screen("invite", "rae", f"{base}/invitations")
    yield Screen("shortlist", "rae", f"{base}/shortlist")
    decided = session.scalars(select(Application).where(Application.stage == "submitted")).first()
    if decided is not None:
        yield Screen("application", "rae", f"/staff/applications/{decided.id}")
    export = session.scalars(select(Export)).first()
    if export is not None:
        yield Screen("export", "rae", f"/staff/exports/{export.id}")
    yield Screen("assessments", "rae", "/staff/assessments")
    yield Screen("assessment", "rae", f"/staff/assessments/{assessment.id}")
    yield Screen("assessment-preview", "rae", f"/staff/assessments/{assessment.id}/preview")
    yield Screen("templates", "rae", "/staff/assessments/templates")
    yield Screen("ledger", "rae", "/staff/ledger")
    yield Screen("ledger-entry", "rae", "/staff/ledger/1")
    yield Screen("settings", "ola", "/staff/settings")
    yield Screen("staff", "ola", "/staff/settings/staff")
    yield Screen("outbox", "ola", "/staff/settings/outbox")


def _candidate() -> Iterator[Screen]:
    for name, stage in (("invitation", "invited"), ("receipt", "submitted")):
        unused = (
            select(Invitation.id)
            .join(Application, Application.id == Invitation.application_id)
            .where(Application.stage == stage)
        )
        found = session.scalars(unused).all()
        if found:
            yield Screen(name, "", f"/invitations/{seal('invitation', found[-1])}")
    fresh = demo.fresh_invitation()
    if fresh is not None:
        address = f"/invitations/{seal('invitation', fresh)}"
        yield Screen("desk", "kit", address, _begin)


def _begin(page: Page) -> None:
    page.locator("form[action$='/attempt'] button").last.click()
    page.wait_for_load_state()


def _reviewer() -> Iterator[Screen]:
    yield Screen("reviews", "wen", "/staff/reviews")
    unfinished = (
        select(Assignment)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Review.final_at.is_(None), Assignment.released_at.is_(None))
    )
    assignment = session.scalars(unfinished).first()
    if assignment is not None:
        yield Screen("marking", str(assignment.account_id), f"/staff/reviews/{assignment.id}")


def photograph(browser: Browser, url: str, all_screens: list[Screen]) -> None:
    """Take every screen in both schemes and both widths."""
    for scheme in SCHEMES:
        for width, height in WIDTHS:
            eyes: dict[str, BrowserContext] = {}
            for screen in all_screens:
                if screen.who not in eyes:
                    eyes[screen.who] = _open(browser, url, screen.who, scheme, (width, height))
                page = eyes[screen.who].new_page()
                page.goto(url + screen.path)
                screen.first(page)
                page.screenshot(path=FOLDER / f"{screen.name}-{width}-{scheme}.png")
                page.close()


def _open(
    browser: Browser, url: str, who: str, scheme: str, size: tuple[int, int]
) -> BrowserContext:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": size[0], "height": size[1]},
    )
    if who and who != "kit":
        page = context.new_page()
        page.goto(f"{url}/account/login?as={who}")
        page.locator("form button").last.click()
        page.wait_for_url("**/staff**")
        page.close()
    return context


def main() -> None:
    """Build the demo on a scratch database, start the platform, and look at everything."""
    rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder), f"sqlite:///{folder}/hiring.db")
        serve.prepare(server.config)
        with create_app(server.config).app_context():
            wanted = list(screens())
        server.start()
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
                photograph(chromium, server.url, wanted)
        finally:
            server.stop()
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
