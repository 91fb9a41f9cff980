"""What an entry's hash is made of. Pure: the same entry gives the same hash on any machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64


def entry_hash(
    *,
    number: int,
    kind: str,
    happened_at: datetime,
    actor: str,
    subject: str,
    facts: Mapping[str, Any],
    previous_hash: str,
) -> str:
    """SHA-256, in hexadecimal, of the entry in canonical JSON together with the hash before it."""
    whole = {
        "number": number,
        "kind": kind,
        "happened_at": happened_at.isoformat(timespec="microseconds"),
        "actor": actor,
        "subject": subject,
        "facts": facts,
        "previous": previous_hash,
    }
    return sha256(canonical(whole).encode()).hexdigest()


def text_hash(salt: str, text: str) -> str:
    """What stands in an entry for a text that may have to be erased one day."""
    return sha256((salt + text).encode()).hexdigest()


def canonical(value: object) -> str:
    """One way to write a value: sorted keys, no spaces, no escapes beyond JSON's own."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
