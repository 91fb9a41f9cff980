"""Files of strangers on their way to a browser: to be looked at or kept, never run."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

SHUT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
IN_PLACE = {"image/webp"}  # what we drew ourselves; anything else is saved, not opened


def inert(content: bytes, *, media_type: str, name: str, in_place: bool = False) -> Response:
    """The file under this name: drawn where a page shows it if it is a picture of ours, else to be saved."""
    shown = in_place and media_type in IN_PLACE
    answer = send_file(BytesIO(content), media_type, as_attachment=not shown, download_name=name)
    answer.headers["Content-Security-Policy"] = SHUT
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
