"""*Send it again*: a form that came with a dead session is shown back, whole, with one button.

No text dies with a session. Only a POST from our own pages is echoed; a foreign one gets a refusal,
since echoing it with a fresh token would be the forgery that the token is there to stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField
from wtforms.fields.core import UnboundField

TOKEN_FIELD = "csrf_token"  # noqa: S105  the name of a field
TOKEN_HEADER = "X-CSRFToken"  # noqa: S105  where a script sends it
# Fields that stand in no class of ours, or under one name in several: words that fit in each of them.
WORDS = {
    "text": _("Your answer"), "reason": _("Reason"), "note": _("Note"), "line": _("Line"),
}  # fmt: skip
_CODE = re.compile(r"[\w.:+-]{0,200}")  # ids, numbers, keys: one word that no label explains


def send_it_again(*, sign_in_url: str | None = None, signed_out: bool = False) -> tuple[str, int]:
    """The page that echoes the present POST's fields beside a new token."""
    if not _from_our_own_page():
        return render_template("errors/forbidden.html"), 403
    fields = [(k, v) for k, v in request.form.items(multi=True) if k != TOKEN_FIELD]
    page = render_template(
        "errors/again.html",
        fields=fields,
        shown=list(_shown(fields)),
        action=request.full_path.rstrip("?"),
        sign_in_url=sign_in_url,
        signed_out=signed_out,
        unmarked=TOKEN_FIELD not in request.form and TOKEN_HEADER not in request.headers,
        had_files=any(file.filename for file in request.files.values()),
    )
    return page, 401 if signed_out else 400


def _shown(fields: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What a person typed or chose, under the words of its field. The rest is carried along unseen."""
    words, seen = {**dict(_words_of(FlaskForm)), **WORDS}, set()
    for name, value in fields:
        stem = re.sub(r"-[0-9a-f-]+$", "", name)  # note-<id>, line-3
        label = next((words[n] for n in (stem, stem.rpartition("-")[2]) if n in words), None)
        if "password" in name or not value or value in seen:
            continue
        if label is not None or not _CODE.fullmatch(value):
            seen.add(value)
            yield str(label or stem.replace("_", " ").replace("-", " ").capitalize()), value


def _words_of(form: type[FlaskForm]) -> Iterator[tuple[str, object]]:
    """The labels that our forms give their fields, by name; of hidden ones and passwords none."""
    for one in form.__subclasses__():
        yield from _words_of(one)
        for name, field in vars(one).items():
            if isinstance(field, UnboundField) and field.args and not _is_hidden(field):
                yield name, field.args[0]


def _is_hidden(field: UnboundField[Any]) -> bool:
    return issubclass(field.field_class, HiddenField | PasswordField)


def _from_our_own_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.host
