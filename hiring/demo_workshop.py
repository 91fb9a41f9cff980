"""The opening of the demo's workshop: a picture in a prompt, a file handed in, a question first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict

from hiring.assessments import actions as assessments
from hiring.assessments import pictures
from hiring.assessments.drafting import saving
from hiring.assessments.parts import key_of, values_of
from hiring.assessments.rules import SPELLING
from hiring.attempts import actions as attempts
from hiring.attempts import arriving, asking, uploads
from hiring.attempts.queries import desk_of
from hiring.attempts.tasks import make_copies
from hiring.kernel import storage
from hiring.kernel.clock import now
from hiring.kernel.database import writing
from hiring.kernel.pictures import redrawn
from hiring.kernel.prints import print_of
from hiring.openings import questions
from hiring.openings.actions import create_opening
from hiring.openings.inviting import invite
from hiring.openings.rules import Facts, Guest, StepPlan

if TYPE_CHECKING:
    from hiring.demo import House

FILES = Path(__file__).with_name("demo_files")
Words = Mapping[str, Any]


class Workshop:
    """An opening on an assessment of the house's own: one handed in, one stands before a question."""

    def __init__(self, house: House, words: Words) -> None:
        self.house, self.words, self.by = house, words, house.staff[words["by"]]
        self.opening_id: UUID
        self.invitations: dict[str, UUID] = {}

    def diary(self) -> Iterator[tuple[datetime, Callable[[], object]]]:
        """Opened, then each one's way as far as it went."""
        opened = self.house.instant(self.words["opened"])
        yield opened, self.open
        for one in self.words["applicants"]:
            yield opened + timedelta(hours=1), partial(self.invite, one)
            yield self.house.instant(one["at"]), partial(self.come, one)

    def open(self) -> None:
        """Write the assessment, let it go out, and make the opening with its question."""
        words, asked = self.words, self.words["question"]
        panel = [self.house.staff[key] for key in words["panel"]]
        plan = StepPlan(self._publish(words["assessment"]), panel=panel, wanted_marks=1)
        answers = tuple((text, goes_on) for text, goes_on in asked["options"])
        with writing():
            self.opening_id = create_opening(
                Facts(
                    title=words["title"], terms=words["kind"], pay=words["pay"], place=words["where"],
                    about=words["about"], hear_by=self.house.day(words["hear_by"]),
                    apply_by=self.house.day(words["open_until"]), public_form=words["public_form"],
                ),
                steps=[plan], by=self.by,
            ).id  # fmt: skip
            question = questions.Question(asked["text"], asked["told"], answers)
            questions.ask(self.opening_id, [question], seen=0, by=self.by)

    def _publish(self, words: Words) -> UUID:
        tasks = [_task(task, str(nth)) for nth, task in enumerate(words["tasks"])]
        with writing():
            draft = assessments.begin(
                uuid4(), content={**words, "materials": [], "tasks": [*map(_shelved, tasks)]}, by=self.by
            )  # fmt: skip
            assessment_id = draft.assessment_id
        self._illustrate(assessment_id)
        with writing():
            revision = assessments.draft(assessment_id).revision
            return assessments.publish(assessment_id, revision=revision, by=self.by).id

    def _illustrate(self, assessment_id: UUID) -> None:
        """Put the picture where the first prompt leaves room for it."""
        source = (FILES / "sprockets.png").read_bytes()
        drawn = redrawn(source, longest=pictures.LONGEST, most_bytes=pictures.MOST_BYTES)
        with storage.laid(drawn.content) as lying, writing():
            draft = assessments.draft(assessment_id)
            shown = pictures.add(draft, drawn, lying, words=self.words["picture"], by=self.by)
            task = draft.tasks[0]
            stands = values_of(task)
            written = {**stands, "prompt": task.prompt.replace("{picture}", shown.line)}
            typed = saving.Typed(key_of(task), values=written, base=print_of(stands))
            saving.save(draft, [typed], page="demo", by=self.by)

    def invite(self, one: Words) -> None:
        """The letter goes out."""
        guest = Guest(one["email"], one["name"])
        until = self.house.instant(self.words["open_until"])
        with writing():
            [sent] = invite(self.opening_id, guests=[guest], expires_at=until, by=self.by)
            self.invitations[one["email"]] = sent.id

    def come(self, one: Words) -> None:
        """They answer the question; whom it lets through does the work and hands it in."""
        invitation_id, sheet = self.invitations[one["email"]], questions.sheet_of(self.opening_id)
        assert sheet  # noqa: S101  asked when the opening was made
        with writing():
            asking.answer(invitation_id, [one["answered"]], sheet_id=sheet.id)
        if one.get("asks"):
            with writing():
                asking.ask_a_person(invitation_id)
        if "text" in one:
            with writing():
                attempt_id = attempts.start(invitation_id, factor=1.0, at=now())
            self._work(attempt_id, one)

    def _work(self, attempt_id: UUID, one: Words) -> None:
        said, card = desk_of(attempt_id).works
        self._bring(attempt_id, card.task.id)
        for work, text in ((said, one["text"]), (card, one["note"])):
            base = desk_of(attempt_id).works[work.number - 1].head
            with writing():
                attempts.save(
                    attempt_id, task_id=work.task.id, fields=MultiDict({"text": text}), base=base,
                    tab="demo", nth=1, arrived_at=now(),
                )  # fmt: skip
        with writing():
            attempts.submit(attempt_id, at=now())
        make_copies()

    def _bring(self, attempt_id: UUID, task_id: UUID) -> None:
        """Their file, in one piece as a form without a script sends it."""
        content = (FILES / "job-card.pdf").read_bytes()
        brought = uploads.Brought("Job card Kobe.pdf", len(content), uploads.digest_of(content))
        with writing():
            coming = uploads.begin(attempt_id, task_id=task_id, brought=brought, at=now())
        arriving.put_in(uploads.upload_of(attempt_id, coming.id), content, tab="", at=now())


def _task(words: Words, key: str) -> dict[str, Any]:
    return {
        **{name: words[name] for name in ("kind", "title", "teaser", "minutes", "weight", "settings")},
        "key": key, "opens_after": None, "prompt": words["prompt"].strip(), "materials": [], "samples": [],
        "ai_policy": "free", "ai_sentence": "Use what you like, as you would at the stand.",
        "spelling_counts": False, "spelling_sentence": str(SPELLING[False]),
        "phone_sentence": words["phone"], "rubric": words["criteria"],
    }  # fmt: skip


def _shelved(task: dict[str, Any]) -> dict[str, Any]:
    """The task with its criteria on the shelf, inside an act."""
    rubric = [
        {
            "criterion": str(assessments.shelve(line["name"]).id), "name": line["name"],
            "weight": 100 // len(task["rubric"]), "keyed": False,
            "levels": [{"sees": sees, "told": told} for sees, told in line["levels"]],
        }
        for line in task["rubric"]
    ]  # fmt: skip
    return {**task, "rubric": rubric}
