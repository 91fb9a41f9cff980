"""What the journey is about: an assessment of two tasks, five people, and what each of them writes.

Reviewers of this journey give as many levels as an answer has sentences, so that everybody's marks
can be foretold from their words.
"""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "The double booking"
LEAD = "You are new at the front desk. Two families have booked the same room for tonight."
SUMMARY = "One evening at a front desk: a letter and a judgement."
LIMIT = 25
OPENING = "Front desk, evenings"


@dataclass(frozen=True)
class Criterion:
    """A criterion with its levels: what the reviewer sees, what the candidate is told."""

    name: str
    weight: int
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Task:
    """A task as Rae types it. `options`: for a choice; the second one is right."""

    title: str
    prompt: str
    minutes: int
    weight: int
    criteria: tuple[Criterion, ...]
    options: tuple[str, ...] = ()
    reason_prompt: str = ""


def _levels(*about: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"The answer {one}.", f"Your answer {one}.") for one in about)


LETTER = Task(
    title="Write to the family that arrives second",
    prompt="The **Okafors** arrive at ten. Their room is taken.\n\n- Say what happened.\n- Say what now.",
    minutes=15,
    weight=60,
    criteria=(
        Criterion(
            "Owns the mistake", 50,
            _levels("blames somebody", "is vague", "says sorry", "says what went wrong"),
        ),
        Criterion(
            "Next step with a time", 50,
            _levels("promises nothing", "says soon", "names a step", "names step and time"),
        ),
    ),
)  # fmt: skip
CHOICE = Task(
    title="Who gets the room",
    prompt="Only one of them can sleep here tonight. Whom do you send to the other house?",
    minutes=10,
    weight=40,
    options=("Whoever arrives later", "Whoever booked later", "Whoever pays less"),
    reason_prompt="Two or three sentences: what speaks **against** your choice?",
    criteria=(
        Criterion("Chooses by the booking", 40, _levels("goes by something else", "goes by it")),
        Criterion(
            "Weighs both sides", 60,
            _levels("sees one side", "names the other", "weighs both", "says what would change it"),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Guest:
    """One of the five, what they write, and what Rae decides about them."""

    name: str
    address: str
    letter: str
    choice: str = "Whoever booked later"
    reason: str = ""
    verdict: str = "Decline"
    why: str = ""
    note: str = ""  # what reviewers jot down about the letter
    runs_out: bool = False

    @property
    def mean(self) -> float:
        """What the shortlist must say of them, reckoned here from the words alone."""
        keyed = 100 if self.choice == CHOICE.options[1] else 0
        reason = score(self.reason)
        weighed = [
            (c.weight, keyed if place == 0 else reason) for place, c in enumerate(CHOICE.criteria)
        ]
        chosen = sum(weight * points for weight, points in weighed) / 100
        return round((LETTER.weight * score(self.letter) + CHOICE.weight * chosen) / 100, 1)


AMA = Guest(
    "Ama Boateng", "ama@example.org",
    "Dear family Okafor, I gave your room away. It was my slip. The Linde is ready for you at"
    " 22:30. I pay the taxi, Ama Boateng.",
    reason="They came first. They planned less. It feels unkind. A sick child would change it.",
    verdict="Hire", why="Owns it, and says what happens at which hour.",
    note="Says what went wrong before saying sorry; ¶1.",
)  # fmt: skip
BO = Guest(
    "Bo Nyström", "bo@example.org",
    "We are full tonight. I am sorry. There is another house nearby.",
    reason="The later booking has less right. It is hard on them.",
    verdict="Hold", why="Solid; we wait for what Ama says.",
)  # fmt: skip
CHIDI = Guest(
    "Chidi Ngozi-Adeyemi", "chidi@example.org",
    "The system made a mistake. Somebody will call you soon.",
    choice="Whoever arrives later", reason="They are not here yet.",
    verdict="Decline", why="No step and no time for people who stand in the rain.",
)  # fmt: skip
DILNOZA = Guest(
    "Дильноза Каримова", "dilnoza@example.org",
    "Your room is taken, and I am to blame. Please come in. Tea is ready. At eleven I drive you.",
    reason="A booking is a promise. The earlier one weighs more. I would ask both first.",
    verdict="Advance", why="Warm and exact; the talk on Friday will show more.",
)  # fmt: skip
EMRE = Guest(
    "Emre Yılmaz", "emre@example.org",
    "Sorry.",
    choice="", reason="",
    verdict="Decline", why="Time ended after one word.", runs_out=True,
)  # fmt: skip
GUESTS = (AMA, BO, CHIDI, DILNOZA, EMRE)
KIT = Guest(
    "Kit Marlow", "kit@example.org",
    "Good evening. Two charges, one invoice: the second goes back today.",
    choice="Dov Lerner and Ana Pires", reason="A brake first. Then the hour that a promise ends.",
)  # fmt: skip


def level_for(answer: str) -> int:
    """A level a sentence, as far as the scale of four goes."""
    sentences = sum(answer.count(end) for end in (". ", ".\n")) + answer.rstrip().endswith(".")
    return max(1, min(sentences, 4))


def score(answer: str) -> float:
    """Levels 1 to 4 count as 0, 33, 67 and 100."""
    return 100 * (level_for(answer) - 1) / 3
