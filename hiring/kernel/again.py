"""*Send it again*: a form that came with a dead session is shown back, whole, with one button.

No text dies with a session. Only a POST from our own pages is echoed; a foreign one gets a refusal,
since echoing it with a fresh token would be the forgery that the token is there to stop.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import render_template, request

TOKEN_FIELD = "csrf_token"  # noqa: S105  the name of a field
TOKEN_HEADER = "X-CSRFToken"  # noqa: S105  where a script sends it


def send_it_again(*, sign_in_url: str | None = None, signed_out: bool = False) -> tuple[str, int]:
    """The page that echoes the present POST's fields beside a new token."""
    if not _from_our_own_page():
        return render_template("errors/forbidden.html"), 403
    fields = [(k, v) for k, v in request.form.items(multi=True) if k != TOKEN_FIELD]
    page = render_template(
        "errors/again.html",
        fields=fields,
        action=request.full_path.rstrip("?"),
        sign_in_url=sign_in_url,
        signed_out=signed_out,
        unmarked=TOKEN_FIELD not in request.form and TOKEN_HEADER not in request.headers,
        had_files=any(file.filename for file in request.files.values()),
    )
    return page, 401 if signed_out else 400


def _from_our_own_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.host
