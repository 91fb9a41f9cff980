"""Which attempts this browser may open: a signed cookie, set when an invitation's link was pressed.

Apart from staff sessions. It names the last few attempts, so that two invitations can be worked on in
one browser and neither shuts out the other.
"""

from __future__ import annotations

from uuid import UUID

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from hiring.kernel.refusals import Missing

MOST = 8
DAYS_30 = 30 * 24 * 3600


def bind(response: Response, attempt_id: UUID) -> Response:
    """Let the browser that gets this response open the attempt."""
    kept = [id for id in _bound() if id != attempt_id][: MOST - 1]
    response.set_cookie(
        _name(),
        _signer().dumps([str(id) for id in [attempt_id, *kept]]),
        max_age=DAYS_30,
        secure=not current_app.config["INSECURE_HTTP"],
        httponly=True,
        samesite="Lax",
    )
    return response


def is_bound(attempt_id: UUID, **_others: object) -> bool:
    """Whether this browser opened the attempt's invitation."""
    return attempt_id in _bound()


def check_bound(attempt_id: UUID) -> None:
    """Raises Missing unless this browser opened the attempt's invitation."""
    if not is_bound(attempt_id):
        raise Missing


def _bound() -> list[UUID]:
    try:
        return [UUID(id) for id in _signer().loads(request.cookies.get(_name(), ""))]
    except BadSignature:
        return []


def _name() -> str:
    return "attempt" if current_app.config["INSECURE_HTTP"] else "__Host-attempt"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="attempt")
