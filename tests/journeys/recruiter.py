"""Rae, who asks, invites and decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.journeys.person import Staff
from tests.journeys.work import Criterion, Guest, Task

DRAWN = 40  # seconds


class Recruiter(Staff):
    """Writes an assessment, opens an opening, invites, decides, and takes the paper home."""

    # ── the assessment ───────────────────────────────────────────────────────

    def begins_an_assessment(self, title: str, *, lead: str, summary: str, limit: int) -> None:
        """From an empty page."""
        self.opens("/staff/assessments")
        self.presses("empty page", exact=False)
        expect(self._publish).to_be_disabled()
        self.writes("Title", title)
        self.writes("Limit", limit)
        self.writes("What candidates are told before they start", lead)
        self.writes("In one line, for colleagues", summary)

    def adds(self, task: Task) -> None:
        """A task with its criteria."""
        self.presses("Add a choice task" if task.options else "Add a written task")
        self._describes(task)
        for place, criterion in enumerate(task.criteria):
            if place or not task.options:  # the one by rule comes with the choice
                self._adds_criterion()
            self._anchors(place, criterion)

    def _describes(self, task: Task) -> None:
        self.writes("Title of the task", task.title, within=self._task)
        self.writes("Minutes", task.minutes, within=self._task)
        self.writes("Weight", task.weight, within=self._task.locator(".trio"))
        self.writes("Prompt", task.prompt, within=self._task)
        for place, option in enumerate(task.options, start=1):
            self.writes(f"Option {place}", option, within=self._task)
        if task.options:
            self.ticks("The rule counts option 2", within=self._task)
            self.ticks("Ask for a reason in writing, for reviewers to read", within=self._task)
            self.writes("What the reason should say", task.reason_prompt, within=self._task)

    def _adds_criterion(self) -> None:
        self.presses("Add ", within=self._task.locator(".more"), exact=False)

    def _anchors(self, place: int, criterion: Criterion) -> None:
        here = self._task.locator(".criterion").nth(place)
        self.writes("Criterion", criterion.name, within=here)
        self.writes("Weight", criterion.weight, within=here)
        by_rule = len(criterion.levels) == 2  # noqa: PLR2004
        who = "Staff see" if by_rule else "The reviewer sees"
        for level, (sees, told) in enumerate(criterion.levels, start=1):
            self.writes(f"Level {level}: {who}", sees, within=here)
            self.writes(f"Level {level}: The candidate is told", told, within=here)

    def previews(self, *tasks: Task) -> None:
        """Walk through it as a candidate would."""
        self.presses("See it as a candidate")
        self.follows("To the first task")
        for place, task in enumerate(tasks, start=1):
            assert self.heading == task.title
            if place < len(tasks):
                self.follows(f"Go on to task {place + 1}")
        self.follows("Back to the draft")

    def begins_from_a_template(self, title: str) -> None:
        """The one of this title."""
        self.opens("/staff/assessments")
        self.follows(" template", exact=False)
        shown = self.page.get_by_role("article", name=title, exact=True)
        self.presses("Begin with this one", within=shown)

    def publishes(self) -> None:
        """Let it go out; it says by itself, a moment after the last key, that it may."""
        expect(self._publish).to_be_enabled()
        self.presses("Publish version 1")
        assert self.heading == "Version 1 is out and stays as it is"

    @property
    def _publish(self) -> Locator:
        return self.page.get_by_role("button", name="Publish version 1")

    @property
    def _task(self) -> Locator:
        return self.page.locator("details[id^=task-][open]")

    # ── the opening ──────────────────────────────────────────────────────────

    def opens_an_opening(self, title: str, *, panel: list[str], hear_by: date) -> None:
        """One step, two reviews an answer."""
        self.opens("/staff/openings/new")
        self.writes("Title", title)
        self.writes("Pay or fee", "€ 2,900 a month")
        self.writes("Where", "Ghent")
        self.writes("About the work", "Four evenings a week, **two of you** at the desk.")
        self.writes("Candidates hear by", hear_by.isoformat())
        for name in panel:
            self.ticks(name)
        self.chooses("Reviews per answer", "2")
        self.presses("Make the opening")
        self.opening = self.page.url

    def invites(self, *guests: Guest) -> None:
        """Type one a line, one of them wrong; mend it; send."""
        self.opens(f"{self.opening}/invitations")
        lines = [f"{guest.name} <{guest.address}>" for guest in guests]
        last = lines[-1]
        lines[-1] = last.replace("@", " at ")
        self.writes("People", "\n".join(lines))
        self.presses("Look through the list")
        self.writes(f"Line {len(lines)}", last)
        self.presses("Check again")
        self.presses("Invite the ", exact=False)
        self.sees("letters leave at")
        self.presses("Send now")
        self.sees("so the letters are kept")

    def opens_an_opening_of_steps(
        self, title: str, *, assessments: Sequence[str], panel: Sequence[str], hear_by: date
    ) -> None:
        """A step for each assessment, by the form's own button."""
        self.follows("Openings")
        self.follows("New opening", exact=False)
        for _more in assessments[1:]:
            self.presses("Add a step")
        self._says_what_for(title, panel=panel, hear_by=hear_by)
        for number, assessment in enumerate(assessments, start=1):
            here = self.page.locator(f"#step-{number}")
            self._takes(assessment, within=here)
        self.presses("Make the opening")
        self.opening = self.page.url

    def _says_what_for(self, title: str, *, panel: Sequence[str], hear_by: date) -> None:
        self.writes("Title", title)
        self.writes("Pay or fee", "€ 2,900 a month")
        self.writes("Candidates hear by", hear_by.isoformat())
        for step in self.page.locator("section.step").all():
            for name in panel:
                self.ticks(name, within=step)
            self.chooses("Reviews per answer", "1", within=step)

    def _takes(self, assessment: str, *, within: Locator) -> None:
        listed = within.get_by_label("Assessment", exact=True)
        (value,) = [
            one.get_attribute("value")
            for one in listed.locator("option").all()
            if assessment in one.inner_text()
        ]
        self.chooses("Assessment", value or "", within=within)

    def invites_one(self, guest: Guest) -> None:
        """One person alone: the letter leaves at once."""
        self.follows("Invite people")
        self.writes("People", f"{guest.name} <{guest.address}>")
        self.presses("Look through the list")
        self.presses("Invite ", exact=False)
        self.sees("One invitation is")

    def imports(self, file: Path, *, people: int) -> None:
        """A file from a spreadsheet; look it through, confirm, and let the letters leave at once."""
        self.opens(self.opening)
        self.follows("Invite people")
        self.follows("Import a CSV file")
        self.hands_over_a_file("A file", file)
        self.presses("Look through it")
        self.presses(f"Go on with the {people} who are ready")
        self.presses(f"Invite the {people}")
        expect(self.page.get_by_text("It is done.")).to_be_visible(timeout=DRAWN * 1000)
        self.looks()
        self.opens(self.opening)
        self.presses("Send now")

    def finds(self, *words: str) -> None:
        """The opening says so."""
        self.opens(self.opening)
        for one in words:
            self.sees(one)

    # ── the shortlist ────────────────────────────────────────────────────────

    def reads_the_shortlist(self) -> list[tuple[str, str]]:
        """Who stands there with which mean, from the highest."""
        self.opens(self.opening)
        self.follows("Shortlist")
        rows = self.page.locator("#ranking tbody tr", has=self.page.get_by_role("link"))
        return [
            (row.locator("th").inner_text(), row.locator("td").first.inner_text())
            for row in rows.all()
        ]

    def decides(self, guest: Guest) -> None:
        """Read one person's work, say what and why."""
        self.reads_the_shortlist()
        self.follows(guest.name)
        self.ticks(guest.verdict)
        self.writes("Why", guest.why)
        self.presses("Keep this decision")
        self.sees(
            "It is put off, and still to decide. Nobody has been told."
            if guest.verdict == "Hold"
            else f"{guest.verdict} is decided. Nobody has been told."
        )
        if guest.note:
            self._clears(guest.note)

    def _clears(self, note: str) -> None:
        """Let one reviewer's note leave the building."""
        self.page.get_by_label(note).first.check()
        self.presses("Put the ticked ones into the document")

    def asks_for_the_document(self) -> None:
        """Freeze the shortlist; wait on the page that says how far it is."""
        self.reads_the_shortlist()
        self.follows("Make the PDF")
        self.presses("Freeze it and make the PDF")
        link = self.page.get_by_role("link", name="Download the PDF")
        expect(link).to_be_visible(timeout=DRAWN * 1000)
        self.looks()

    def downloads(self, what: str, folder: Path) -> Path:
        """Take a file home."""
        with self.page.expect_download() as begun:
            self.page.get_by_role("link", name=f"Download the {what}").click()
        file = folder / begun.value.suggested_filename
        begun.value.save_as(file)
        return file
