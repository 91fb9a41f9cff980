"""Pages of this room: what the public reads, the list, a new opening, its page and steps, inviting."""

from hiring.openings.views import (
    applying,
    chosen,
    erasing,
    import_letter,
    imports,
    inviting,
    list,
    making,
    pilots,
    public,
    questions,
    sendings,
    steps,
    working,
)
from hiring.openings.views.blueprint import pages

__all__ = [
    "applying",
    "chosen",
    "erasing",
    "import_letter",
    "imports",
    "inviting",
    "list",
    "making",
    "pages",
    "pilots",
    "public",
    "questions",
    "sendings",
    "steps",
    "working",
]
