"""Writing to the ledger: one act, under a lock on the head, so that the chain cannot fork."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from sqlalchemy import select, text

from hiring.kernel.clock import now
from hiring.kernel.database import locked, session
from hiring.ledger.models import Entry, Head, Secret
from hiring.ledger.rules import GENESIS, entry_hash, text_hash

PLATFORM = "platform"  # the actor of what no person did


def append(
    kind: str,
    *,
    actor: str,
    subject: str,
    facts: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
) -> Entry:
    """Add an entry. `facts`: plain JSON values without identity; `texts` are hashed, kept erasable."""
    head = _locked_head()
    salted = {name: (token_hex(16), words) for name, words in (texts or {}).items()}
    hashes = {name: text_hash(salt, words) for name, (salt, words) in salted.items()}
    entry = _entry(head, kind, actor, subject, {**facts, "texts": hashes} if hashes else {**facts})
    session.add(entry)
    session.flush()
    session.add_all(
        Secret(number=entry.number, name=name, salt=salt, text=words)
        for name, (salt, words) in salted.items()
    )
    head.number, head.hash = entry.number, entry.hash
    session.flush()
    return entry


def _locked_head() -> Head:
    # The first entry finds no head to lock; of several that come first, one row is made.
    first = text(
        "INSERT INTO ledger_heads (id, number, hash) VALUES (1, 0, :hash) ON CONFLICT DO NOTHING"
    )
    session.execute(first, {"hash": GENESIS})
    head = locked(select(Head))
    assert head is not None  # noqa: S101  made one line above
    return head


def _entry(head: Head, kind: str, actor: str, subject: str, facts: dict[str, Any]) -> Entry:
    number, happened_at = head.number + 1, now()
    digest = entry_hash(
        number=number,
        kind=kind,
        happened_at=happened_at,
        actor=actor,
        subject=subject,
        facts=facts,
        previous_hash=head.hash,
    )
    return Entry(
        number=number,
        kind=kind,
        happened_at=happened_at,
        actor=actor,
        subject=subject,
        facts=facts,
        previous_hash=head.hash,
        hash=digest,
    )
