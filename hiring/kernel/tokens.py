"""Links that are keys: an id sealed for one purpose. Nothing is stored: a copied database opens no door."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

from flask import current_app

from hiring.kernel.refusals import Missing

_BYTES = 32  # 16 of id and 16 of seal
_LENGTH = 43  # the same in base64 without padding


def seal(purpose: str, identity: UUID) -> str:
    """A link's token for `identity`, 43 url-safe characters, good for this purpose only."""
    return urlsafe_b64encode(identity.bytes + _mac(purpose, identity)).decode().rstrip("=")


def unseal(purpose: str, token: str) -> UUID:
    """The id that was sealed. Raises Missing when the token is forged, cut or made for another purpose."""
    try:
        raw = urlsafe_b64decode(token + "=") if len(token) == _LENGTH else b""
    except ValueError:
        raw = b""
    if len(raw) != _BYTES or not hmac.compare_digest(raw[16:], _mac(purpose, UUID(bytes=raw[:16]))):
        raise Missing
    return UUID(bytes=raw[:16])


def pseudonym(purpose: str, text: str) -> str:
    """A name for a text, 32 hexadecimal digits: always the same, and nobody can turn it back."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{purpose}\0{text}".encode(), sha256).hexdigest()[:32]


def _mac(purpose: str, identity: UUID) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, purpose.encode() + b"\0" + identity.bytes, sha256).digest()[:16]
