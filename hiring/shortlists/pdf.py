"""The shortlist as a document: a frozen export in, the bytes of a tagged PDF out."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from flask_babel import force_locale

from hiring.kernel import pdf
from hiring.shortlists.frozen import Frozen


def draw(
    frozen: Frozen, *, identifier: str, on_page: Callable[[int], object] = lambda page: None
) -> bytes:
    """The PDF of an export. The same one gives the same bytes. Raises kernel.pdf.Undrawable."""
    return pdf.draw(page(frozen), identifier=identifier, on_page=on_page)


def page(frozen: Frozen) -> str:
    """The HTML that is drawn. Without a request: no viewer and no session reach it."""
    template = current_app.jinja_env.get_template("shortlists/pdf/shortlist.html")
    with force_locale(frozen["language"]):
        return template.render(
            shortlist=frozen,
            language=frozen["language"],
            paper=frozen["paper"],
            ledger_head=grouped_hash(frozen["ledger_hash"]),
        )


def grouped_hash(digest: str) -> str:
    """*9f3c 51d0 77be a71e*: the first letters, as people compare them."""
    return " ".join(digest[i : i + 4] for i in range(0, 16, 4))
