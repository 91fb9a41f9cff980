"""Documents: HTML in, tagged PDF out, drawn by a process of its own that may read nothing but our look.

A fork of a threaded server may hang and a hostile document may eat memory: so a fresh interpreter with
bounded memory and time draws it. It is started with this very file and an environment without our
settings, so it knows the standard library, WeasyPrint and no secret. The fetcher knows one address, for
style sheets, fonts and drawings under `static/`; any other address, in whatever place a document may
name one, ends the drawing.
"""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import IO, Any, cast

LOOK = Path(__file__).parents[2] / "static"
SECONDS = 120
MEMORY = 3 * 2**30
ADDRESS = "https://look.invalid/"  # relative addresses resolve only in a scheme that urllib knows
TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
# what makes the bytes differ from day to day: the hour written into subset fonts, and the order of sets
SAME = {"SOURCE_DATE_EPOCH": "0", "PYTHONHASHSEED": "0"}
KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")
MISSING = "Pango is missing: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_PAGE = "laid out page "


class Undrawable(Exception):  # noqa: N818
    """The document could not be drawn; the text says why."""


def draw(
    html: str, *, identifier: str, on_page: Callable[[int], object] = lambda page: None
) -> bytes:
    """A PDF/UA-1 of `html`. The same html, look, fonts and `identifier` give the same bytes.

    `on_page` is told each page's number as soon as it is laid out. Raises Undrawable.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(html.encode())
        source.seek(0)
        _draw(source, target, identifier, on_page)
        target.seek(0)
        return target.read()


def _draw(
    source: IO[bytes], target: IO[bytes], identifier: str, on_page: Callable[[int], object]
) -> None:
    command = [sys.executable, "-P", "-s", __file__, identifier]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | SAME
    with subprocess.Popen(
        command, stdin=source, stdout=target, stderr=subprocess.PIPE, env=environment
    ) as process:
        watch = Timer(SECONDS, process.kill)
        watch.start()
        try:
            said = _listen(cast("IO[bytes]", process.stderr), on_page)
        except BaseException:
            process.kill()
            raise
        finally:
            watch.cancel()
    if process.returncode:
        raise Undrawable(said[-2000:] or f"Drawing took more than {SECONDS} seconds or its memory.")


def _listen(stream: IO[bytes], on_page: Callable[[int], object]) -> str:
    """Pass on the pages; return whatever else was said."""
    said = []
    for line in stream:
        words = line.decode(errors="replace")
        if words.startswith(_PAGE):
            on_page(int(words.removeprefix(_PAGE)))
        else:
            said.append(words)
    return "".join(said)


def main() -> None:
    """Read HTML from standard input, write the PDF to standard output, say pages on standard error."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        from weasyprint import HTML
    except OSError as missing:
        sys.exit(f"{MISSING} ({missing})")
    _say_pages()
    document = HTML(file_obj=sys.stdin.buffer, encoding="utf-8", base_url=f"{ADDRESS}css/",
                    url_fetcher=_look_only())  # fmt: skip
    sys.stdout.buffer.write(
        document.write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=sys.argv[1].encode(), finisher=_scope_headers
        )
    )


def _look_only() -> Any:
    """The fetcher that is given to WeasyPrint. A refusal is fatal: nothing is drawn half."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class LookOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:
            file = (LOOK / url.removeprefix(ADDRESS)).resolve()
            ours = url.startswith(ADDRESS) and file.is_relative_to(LOOK) and file.suffix in TYPES
            if not ours:
                raise ValueError(f"A document may not fetch {url[:80]}")
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": TYPES[file.suffix]})

    return LookOnly(fail_on_errors=True)


def _scope_headers(_document: object, pdf: Any) -> None:
    """Say of each header cell whether it heads its column or its row, which WeasyPrint leaves out."""
    by_reference = {found.reference: found for found in pdf.objects}
    for found in pdf.objects:
        if isinstance(found, dict) and found.get("S") == "/TH" and "A" in found:
            row = by_reference[found["P"]]
            heads_columns = by_reference[row["P"]].get("S") == "/THead"
            found["A"]["Scope"] = "/Column" if heads_columns else "/Row"


def _say_pages() -> None:
    class Pages(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "Creating layout - Page" in record.msg:
                print(f"{_PAGE}{record.args[0]}", file=sys.stderr, flush=True)  # type: ignore[index]

    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.handlers = [Pages()]


if __name__ == "__main__":
    main()
