"""An installation as a stranger finds it: server, worker, an empty database, and a shell."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser

from tests.journeys.candidate import Candidate
from tests.journeys.owner import Owner
from tests.journeys.person import Staff
from tests.journeys.recruiter import Recruiter
from tests.journeys.reviewer import Reviewer
from tests.journeys.watch import Watch
from tests.journeys.work import Guest
from tests.live import LiveServer

INVITATION, STAFF_INVITATION = "invitation", "staff-invitation"


@dataclass
class House:
    """Where people come in, each with a browser of their own."""

    browser: Browser
    server: LiveServer
    watch: Watch

    def founds(self) -> Owner:
        """The operator's one command; the owner follows the link that it prints."""
        ola = Owner(*self._here, name="Ola Nwosu")
        ola.chooses_a_password(self.runs("invite-owner", ola.name, ola.address))
        return ola

    def takes_on(self, kind: type[Staff], name: str, role: str, *, by: Owner) -> Staff:
        """A colleague is invited, follows the letter and signs in."""
        colleague = kind(*self._here, name=name)
        by.invites(colleague, role)
        colleague.chooses_a_password(by.hands_over(colleague.address, STAFF_INVITATION))
        return colleague

    def recruiter(self, name: str, *, by: Owner) -> Recruiter:
        rae = self.takes_on(Recruiter, name, "Recruiter", by=by)
        assert isinstance(rae, Recruiter)
        return rae

    def reviewer(self, name: str, *, by: Owner) -> Reviewer:
        one = self.takes_on(Reviewer, name, "Reviewer", by=by)
        assert isinstance(one, Reviewer)
        return one

    def candidate(self, guest: Guest, link: str, *, script: bool = True) -> Candidate:
        return Candidate(*self._here, guest=guest, link=link, script=script)

    def lets_pass(self, *, minutes: float) -> None:
        """Move the platform's clock ahead; the browsers' stay where they are."""
        self.passed = getattr(self, "passed", 0.0) + minutes
        self.server.move_clock(self.passed * 60)

    def runs(self, *command: str) -> str:
        """`flask …` in the operator's shell."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            env=self.server.environment, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    @property
    def _here(self) -> tuple[Browser, str, Watch]:
        return self.browser, self.server.url, self.watch
