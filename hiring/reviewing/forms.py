"""What a rubric's form sends: `level-<criterion>` and `note-<criterion>`, as plain values.

Not a Flask-WTF class: its fields are the criteria of the task, and nothing is refused here. A level
that does not exist counts as none, so that the page can say so beside its criterion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hiring.assessments.models import RubricLine
from hiring.kernel.forms import clean
from hiring.kernel.refusals import Missing
from hiring.reviewing.rules import CANNOT, Jotted, Level, Sheet, Window


def read_sheet(fields: Mapping[str, str], lines: Sequence[RubricLine]) -> Sheet:
    """What was sent for each of these criteria. Raises Missing for a criterion of another task."""
    known = {f"{part}-{line.id}" for line in lines for part in ("level", "note")}
    if any(name.startswith(("level-", "note-")) and name not in known for name in fields):
        raise Missing
    return {
        line.id: Jotted(
            _level(fields.get(f"level-{line.id}", "")),
            str(clean(fields.get(f"note-{line.id}", ""))).strip(),
        )
        for line in lines
    }


def read_window(fields: Mapping[str, str]) -> Window:
    """Which page a form came from, and what it had seen."""
    return Window(str(clean(fields.get("page", "")))[:64], fields.get("seen", ""))


def _level(text: str) -> Level:
    if text == CANNOT:
        return CANNOT
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else None
