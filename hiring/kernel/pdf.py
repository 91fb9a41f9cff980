"""Documents: HTML in, tagged PDF out, drawn by a process of its own that may read nothing but our look.

A fork of a threaded server may hang and a hostile document may eat memory: so a fresh interpreter with
bounded memory and time draws it (`python -m hiring.kernel.pdf`). The fetcher knows one scheme, `look:`,
for files under `static/`; user text never chooses an address.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

LOOK = Path(__file__).parents[2] / "static"
SECONDS = 120
MEMORY = 3 * 2**30
TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class Undrawable(Exception):  # noqa: N818
    """The document could not be drawn; the text says why."""


def draw(html: str, *, identifier: str) -> bytes:
    """A PDF/UA-1 of `html`. The same html, look and `identifier` give the same bytes."""
    command = [sys.executable, "-m", "hiring.kernel.pdf", identifier]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            command, input=html.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Undrawable(f"Drawing took longer than {SECONDS} seconds.") from late
    if done.returncode:
        raise Undrawable(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def main() -> None:
    """Read HTML from standard input, write the PDF to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        from weasyprint import HTML  # noqa: PLC0415  the app must start where Pango is missing
    except OSError as missing:
        sys.exit(f"Pango is missing: apt-get install libpango-1.0-0 libpangoft2-1.0-0. ({missing})")
    document = HTML(string=sys.stdin.read(), base_url="look:/", url_fetcher=_fetch)
    pdf: bytes = document.write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=sys.argv[1].encode(), full_fonts=False
    )
    sys.stdout.buffer.write(pdf)


def _fetch(url: str, *_: Any, **__: Any) -> Any:
    file = (LOOK / url.removeprefix("look:").lstrip("/")).resolve()
    if not url.startswith("look:") or not file.is_relative_to(LOOK) or file.suffix not in TYPES:
        raise ValueError(f"A document may not fetch {url[:80]}")
    return {"string": file.read_bytes(), "mime_type": TYPES[file.suffix]}


if __name__ == "__main__":
    main()
